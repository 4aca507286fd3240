"""The page docs/formats/events.md, made from the events and their laws. `python -m tests.aggregates.events_page` writes it."""

from collections.abc import Iterator
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, Final, Literal, Union, get_args, get_origin

from pydantic import BaseModel

from ledger import ids
from ledger.aggregates import LAWS, PERMITTED
from ledger.errors import LedgerError
from ledger.events import EVENTS, EventData
from ledger.events import project as project_facts
from ledger.events.ballot import SEALED_CHOICES, BallotChoices
from ledger.events.contribution import Degrees
from ledger.events.stance import Version
from ledger.rules.spec import RuleSpec
from tests.given import OF_EVERY_EVENT

PAGE: Final = Path(__file__).parents[2] / "docs" / "formats" / "events.md"

_HEAD: Final = """# Events

Generated from the code by `python -m tests.aggregates.events_page`; a test holds it to the code.

Every event type: its stream, its fields, who may post it, and what it can be refused with. The envelope around `data` is in
[entry.md](entry.md), the digests that fields state are in [digests.md](digests.md).

How a field stands in the entry:

- **clear**: as it was sent.
- **committed**: as a digest in `data._sd`; null fields too. *public* fields are disclosed at once, *sealed* ones for all together at a
  declared moment, *private* ones never.
- **pseudonymised**: references of people are sent, pseudonyms recorded, in ascending order.
- **filled**: may be left out; the ledger fills it, and refuses a wrong one.
- **digest**: may be left out; the ledger makes it of the committed field, null where that is ([digests.md](digests.md)).
- **not at all**: tells the ledger what to do, and is not recorded.

A target is what an act is about, by the name of its stream: `contribution/<ref>` or `argument/<ref>`. An entry of an earlier schema keeps
its bytes and is read as the present one; what is posted in an earlier schema is recorded in the present one.

Fields marked \\* must be sent. Lists have limits, texts and references a form: the OpenAPI document of the service has them all.

Any event can be refused with {general}.

| event | stream | scope of its pseudonyms | posted by |
|---|---|---|---|
"""

_WORDS: Final[list[tuple[object, str]]] = [
    (ids.Ref, "reference"),
    (ids.Pseudonym, "pseudonym"),
    (ids.Subject, "reference of a person"),
    (ids.Digest, "digest"),
    (ids.Code, "code"),
    (ids.Int, "whole number"),
    (ids.Count, "number"),
    (ids.Minor, "amount in minor units"),
    (ids.Position, "position"),
    (ids.Text, "text"),
    (ids.Titles, "text by language"),
    (ids.LongTexts, "long text by language"),
    (ids.Target, "target"),
    (Version, "number"),
    (ids.Instant, "time"),
    (ids.ExternalRef, "foreign reference"),
    (project_facts.Currency, "ISO 4217 code"),
    (project_facts.Language, "BCP 47 tag"),
    (project_facts.TimeZone, "IANA time zone"),
    (Degrees, "decimal degrees as text"),
    (RuleSpec, "[rules](rules.md)"),
    (bool, "true or false"),
    (str, "text"),
]
_SCOPES: Final = {"author": "`author`", "report": "`report`", "step": "`step/<step>`", None: "`author`, where a person is named"}
_CHOICES: Final = "list of positions (ranked: best first), or of [position, value]; empty is blank"


def events_page() -> str:
    """The page as it has to stand in docs/formats."""
    rows = [
        f"| [`{event.wire_type()}`](#{_anchor(event)}) | {_stream(event)} | {_SCOPES[event.SCOPE]} | {_roles(event)} |" for event in EVENTS
    ]
    head = _HEAD.format(general=_codes(tuple(OF_EVERY_EVENT)))
    return head + "\n".join(rows) + "\n" + "".join(f"\n{section}\n" for section in map(_section, EVENTS))


def _section(event: type[EventData]) -> str:
    law = LAWS[event.wire_type()]
    parts = [f"## {event.TYPE}", " ".join((event.__doc__ or "").split())]
    if event.FORMER:
        parts.append(f"Earlier schemas: {', '.join(f'`{wire_type}`' for wire_type in event.FORMER)}.")
    if event.WITHHELD:
        parts.append("While moderation withholds the content, its committed fields are not shown.")
    if fields := list(_fields(event)):
        parts.append("| field | type | in the entry |\n|---|---|---|\n" + "\n".join(fields))
    if law.refuses:
        parts.append(f"Refused with {_codes(law.refuses)}.")
    return "\n\n".join(parts)


def _fields(event: type[EventData]) -> Iterator[str]:
    recorded = set(event.PSEUDONYMISED.values())
    for name, field in event.model_fields.items():
        if name != "sd" and name not in recorded:
            star = " \\*" if field.is_required() else ""
            kind = _CHOICES if _is_choices(event, name) else _type(_annotation(event, name))
            yield f"| `{field.alias or name}`{star} | {kind} | {_standing(event, name)} |"


def _is_choices(event: type[EventData], name: str) -> bool:
    return issubclass(event, BallotChoices) and name in SEALED_CHOICES


def _annotation(model: type[BaseModel], name: str) -> Any:
    return next(kind.__annotations__[name] for kind in model.__mro__ if name in vars(kind).get("__annotations__", {}))


def _standing(event: type[EventData], name: str) -> str:
    if _is_choices(event, name):
        return "clear in an open step; committed, *sealed*, in a sealed one"
    if name in event.COMMITTED:
        return f"committed, *{event.COMMITTED[name]}*"
    if name in event.POSTED_ONLY:
        return "not at all"
    if name in event.DIGESTED:
        return f"clear, digest of `{event.DIGESTED[name]}`"
    if name in event.PSEUDONYMISED:
        return f"pseudonymised, as `{event.PSEUDONYMISED[name]}`"
    return "clear, filled" if name in event.FILLED else "clear"


def _type(annotation: Any) -> str:
    for known, word in _WORDS:
        if annotation == known:
            return word
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin in {Union, UnionType}:
        return " or ".join(_type(argument) for argument in arguments if argument is not type(None))
    if origin is Annotated:
        return _type(arguments[0])
    if origin is tuple:
        return f"list of {_type(arguments[0])}"
    if origin is dict:
        return f"object of {_type(arguments[0])} → {_type(arguments[1])}"
    if origin is Literal:
        return "one of " + ", ".join(f"`{value}`" for value in arguments)
    if annotation is str or (isinstance(annotation, type) and not issubclass(annotation, BaseModel)):
        return "text"
    return "{" + ", ".join(f"`{name}`: {_type(_annotation(annotation, name))}" for name in annotation.model_fields) + "}"


def _stream(event: type[EventData]) -> str:
    described = " ".join((event.stream.__doc__ or "").split())
    return described.partition(":")[0]


def _roles(event: type[EventData]) -> str:
    return ", ".join(sorted(PERMITTED[event.wire_type()]))


def _codes(leaves: tuple[type[LedgerError], ...]) -> str:
    return ", ".join(f"[`{code}`](../problems/{code}.md)" for code in sorted(leaf.code for leaf in leaves))


def _anchor(event: type[EventData]) -> str:
    return event.TYPE.replace(".", "")


if __name__ == "__main__":
    PAGE.write_text(events_page())
