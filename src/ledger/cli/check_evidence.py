"""`ledger check-evidence`: what a file of evidence proves, offline, whoever made it."""

import sys
from pathlib import Path
from typing import Annotated, Final

import orjson
import typer
from rich.console import Console

from ledger.audit.evidence import Evidence, Judgement, judge, parse_evidence
from ledger.audit.language import Language
from ledger.cli.languages import spoken
from ledger.errors import MalformedEvidence, MalformedVkey
from ledger.tlog.vkey import Vkey, parse_vkey

app = typer.Typer(add_completion=False)

EXIT_CODES: Final = {"proven": 0, "testimony": 0, "unfounded": 1}
UNREADABLE: Final = 3
_VERDICTS: Final[dict[str, dict[Language, str]]] = {
    "proven": {"en": "PROVEN", "fr": "PROUVÉ"},
    "testimony": {"en": "TESTIMONY", "fr": "TÉMOIGNAGE"},
    "unfounded": {"en": "NOT PROVEN", "fr": "NON PROUVÉ"},
}
_COLOURS: Final = {"proven": "bold red", "testimony": "bold yellow", "unfounded": "bold"}
_OWN_KEYS: Final[dict[Language, str]] = {
    "en": "The keys came with this file. Get the ledger's keys from elsewhere and give them with --key: only then is it known who signed.",
    "fr": "Les clés viennent avec ce fichier. Obtenez celles du registre par ailleurs et donnez-les avec --key : "
    "alors seulement on sait qui a signé.",
}
_SAID: Final[dict[Language, str]] = {"en": "It says", "fr": "Il dit"}


@app.command()
def check(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The evidence, as `ledger monitor` saved it.")],
    key: Annotated[
        list[str] | None, typer.Option("--key", metavar="VKEY", help="A key of the ledger, from where you trust it; several times.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the judgement as JSON.")] = False,
    lang: Annotated[str | None, typer.Option("--lang", metavar="en|fr", help="Language; otherwise that of the machine.")] = None,
) -> None:
    """Check evidence against a ledger offline: whether what is signed in it can all be true.

    Exit code 0: it is proven, or genuine testimony. 1: it proves nothing. 2: usage. 3: the file cannot be read as evidence.
    """
    language = spoken(lang)
    try:
        trusted = [parse_vkey(text.strip()) for text in key or []]
    except MalformedVkey as error:
        raise typer.BadParameter(str(error), param_hint="--key") from None
    try:
        evidence = parse_evidence(file.read_bytes())
    except (OSError, MalformedEvidence) as error:
        Console(stderr=True, highlight=False, soft_wrap=True).print(f"{file}: {error}", markup=False)
        raise typer.Exit(UNREADABLE) from None
    judgement = judge(evidence, trusted)
    if as_json:
        _print_json(evidence, judgement)
    else:
        _print(evidence, judgement, trusted, language)
    raise typer.Exit(EXIT_CODES[judgement.verdict])


def _print(evidence: Evidence, judgement: Judgement, trusted: list[Vkey], language: Language) -> None:
    console = Console(highlight=False, soft_wrap=True)
    console.print(f"[{_COLOURS[judgement.verdict]}]{_VERDICTS[judgement.verdict][language]}[/]  ", end="")
    console.print(f"{evidence.kind}  {evidence.origin}  {evidence.found_at}", markup=False)
    console.print(judgement.because[language], markup=False)
    console.print(f"{_SAID[language]}: {evidence.told.get(language) or next(iter(evidence.told.values()), '')}", markup=False)
    if not trusted:
        console.print(_OWN_KEYS[language], markup=False)


def _print_json(evidence: Evidence, judgement: Judgement) -> None:
    document = {
        "verdict": judgement.verdict,
        "kind": evidence.kind,
        "origin": evidence.origin,
        "ledger": evidence.ledger,
        "found_at": evidence.found_at,
        "because": judgement.because,
        "told": evidence.told,
        "keys_from_evidence": judgement.keys_from_evidence,
    }
    sys.stdout.buffer.write(orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
    sys.stdout.buffer.flush()
