"""`ledger keys rotate`, `retire`, `compromised`: the keys that sign logs, exchanged or given up, while the service runs or not."""

import re
import sys
from typing import Annotated, Final

import orjson
import typer
from rich.console import Console

from ledger.cli.refusals import told
from ledger.errors import InvalidField
from ledger.events.ledger_log import LEDGER_LOG
from ledger.ids import REF_PATTERN
from ledger.ports import Closing
from ledger.settings import Settings
from ledger.wiring import Ledger, open_ledger, sign_what_grew

_REFERENCE: Final = re.compile(REF_PATTERN)
_CODE: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
_KEY_ID: Final = re.compile(r"[0-9a-f]{8}")
_ORIGIN: Final = re.compile(r"[^\s+/\x00-\x1f]+/p/[^\s+/\x00-\x1f]+")

OfLedger = Annotated[bool, typer.Option("--ledger", help="The ledger log instead of a project's.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask whether it is meant.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def rotate(
    project: Annotated[str | None, typer.Argument(metavar="PROJECT", help="The project whose log gets a new key.")] = None,
    of_ledger: OfLedger = False,
    as_json: AsJson = False,
) -> None:
    """Make a new key that signs a log beside the one it has, and say so in the ledger log.

    Both sign until the old one is retired: whoever has only the old one goes on verifying, and whoever gets the new one can. Give people
    time to get it. What an interrupted call began is finished, and no second key made.
    """
    with told():
        ref = log_named([] if project is None else [project], of_ledger)
        with open_ledger(Settings()) as ledger:
            added = ledger.log_keys.rotate(ref)
            older = [vkey for vkey in ledger.keys.vkeys(ref) if vkey != added]
    if as_json:
        _print_json({"origin": added.name, "vkey": str(added), "older": [str(vkey) for vkey in older]})
        return
    of = "--ledger" if of_ledger else ref
    _say(f"{added.name} is signed with this key, too. Hand it on; when people have it:")
    for vkey in older:
        _say(f"  ledger keys retire {of} {vkey.key_id.hex()}")
    sys.stdout.write(f"{added}\n")


def retire(
    which: Annotated[
        list[str], typer.Argument(metavar="[PROJECT] KEYID", help="The log's project, and the eight hexadecimal digits of the key.")
    ],
    of_ledger: OfLedger = False,
    code: Annotated[str, typer.Option("--code", metavar="CODE", help="Why, as a code.")] = "rotated",
    yes: Yes = False,
    as_json: AsJson = False,
) -> None:
    """Destroy one of the keys that sign a log, and say so in the ledger log. The last one is not retired."""
    with told():
        *named, key_id = which
        ref = log_named(named, of_ledger)
        if not _KEY_ID.fullmatch(key_id):
            raise InvalidField("KEYID", f"{key_id!r} is not the id of a key: eight hexadecimal digits")
        check_code(code)
        _ask(yes, f"Destroy the key {key_id} of {_named(ref)}? Whoever has no newer one cannot verify what comes.")
        with open_ledger(Settings()) as ledger:
            vkey = ledger.log_keys.retire(ref, key_id, code)
    if as_json:
        _print_json({"origin": vkey.name, "retired": str(vkey), "code": code})
    else:
        _say(f"{vkey.name} is signed with the key {key_id} no more.")


def compromised(
    project: Annotated[str, typer.Argument(metavar="PROJECT", help="The project whose log is to end.")],
    code: Annotated[
        str, typer.Option("--code", metavar="CODE", help="Why, as a code: compromised; lost where entries are lost for good.")
    ] = "compromised",
    successor: Annotated[
        str | None,
        typer.Option("--successor", metavar="REF", help="The project that goes on in its place; its origin, if on another ledger."),
    ] = None,
    yes: Yes = False,
    as_json: AsJson = False,
) -> None:
    """End a log whose key was stolen, or whose entries are lost: nothing is recorded in it or signed any more. It cannot be undone.

    All that is recorded is signed a last time; the ledger log says at which size and root it ended, and its keys are destroyed. Exports up
    to there verify as before. Printed is what to post to the successor, right after its opening.
    """
    with told():
        ref = log_named([project], of_ledger=False)
        check_code(code)
        _ask(yes, f"End the log of {ref} for ever? Nothing more will be recorded in it.")
        with open_ledger(Settings()) as ledger:
            origin = _origin(successor, ledger)
            closing = ledger.log_keys.close(ref, code, origin, lambda found: sign_what_grew(ledger, found))
            posted = _continuing(closing, ledger.project(ref).origin)
    if as_json:
        _print_json({"project": ref, **closing.written(), "to_post": posted})
        return
    _say(f"The log of {ref} ended with {closing.size} entries, and its keys are destroyed.")
    if closing.successor is not None:
        _say(f"Post this to {closing.successor}, right after its project.opened:")
    sys.stdout.write(orjson.dumps(posted).decode() + "\n")


def log_named(named: list[str], of_ledger: bool) -> str:
    """The reference of the log that is meant: of a project, or the ledger log's. Raises `InvalidField`."""
    if len(named) != (not of_ledger):
        raise InvalidField("PROJECT", "name a project, or say --ledger for the ledger log")
    if of_ledger:
        return LEDGER_LOG
    if not _REFERENCE.fullmatch(named[0]):
        raise InvalidField("PROJECT", f"{named[0]!r} is not a reference: 1 to 64 characters of A-Z a-z 0-9 . _ ~ -")
    return named[0]


def check_code(code: str) -> None:
    """Returns when it is a code; raises `InvalidField`."""
    if not _CODE.fullmatch(code):
        raise InvalidField("--code", f"{code!r} is not a code: small letters, digits, _ and -")


def _origin(successor: str | None, ledger: Ledger) -> str | None:
    if successor is None or _ORIGIN.fullmatch(successor):
        return successor
    if not _REFERENCE.fullmatch(successor):
        raise InvalidField("--successor", f"{successor!r} is neither a reference nor an origin (HOST/p/REFERENCE)")
    return f"{ledger.settings.origin}/p/{successor}"


def _continuing(closing: Closing, origin: str) -> dict[str, object]:
    """The submission by which the successor says what it continues."""
    data = {"origin": origin, "checkpoint": closing.checkpoint(origin).text, "code": closing.code}
    return {"type": "project.continued/1", "role": "organizer", "data": data}


def _named(ref: str) -> str:
    return "the ledger log" if ref == LEDGER_LOG else ref


def _ask(yes: bool, question: str) -> None:
    if not yes:
        typer.confirm(question, abort=True, err=True)


def _say(text: str) -> None:
    Console(stderr=True, highlight=False, soft_wrap=True).print(text, markup=False)


def _print_json(value: object) -> None:
    sys.stdout.buffer.write(orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
    sys.stdout.buffer.flush()
