"""The language that a verb speaks to people."""

import locale

import typer

from ledger.audit.language import Language


def spoken(asked: str | None) -> Language:
    """The language asked for; else that of the machine, where it is French; else English. Ends with a usage error for any other."""
    if asked not in {None, "en", "fr"}:
        raise typer.BadParameter("what is said is said in en or fr", param_hint="--lang")
    told_in = asked or (locale.getlocale()[0] or "")
    return "fr" if told_in.startswith("fr") else "en"
