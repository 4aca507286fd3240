"""Events of earlier schemas read as the present ones. No upcast touches stored bytes: it is what they mean today.

`UPCASTS` lists every earlier schema with its reader; a new one is one class that reads it as it was written, and one function.
"""

from collections.abc import Callable
from typing import Annotated, Any, ClassVar, Final, NamedTuple

from pydantic import Field

from ledger.events.contribution import ContributionEvent, ContributionSubmitted, Location
from ledger.events.envelope import EventData
from ledger.events.kinds import ContributionKind
from ledger.ids import ExternalRef, LongTexts, Minor, Ref, Text, Titles


class ContributionSubmitted1(ContributionEvent):
    """`contribution.submitted` before it could name a section, a target or a collective author."""

    TYPE: ClassVar[str] = "contribution.submitted"
    SCHEMA: ClassVar[int] = 1
    COMMITTED = {"title": "public", "body": "public", "location": "public", "fields": "public"}
    WITHHELD: ClassVar[bool] = True

    kind: ContributionKind
    external_ref: ExternalRef | None = None
    district: Ref | None = None
    category: Ref | None = None
    cost_minor: Minor | None = None
    derived_from: Ref | None = None
    meeting: Ref | None = None
    title: Titles
    body: LongTexts | None = None
    location: Location | None = None
    fields: Annotated[dict[Ref, Text], Field(max_length=64)] | None = None


class Upcast(NamedTuple):
    """An earlier schema, the present class, and how the one is read as the other."""

    former: type[EventData]
    present: type[EventData]
    read: Callable[[EventData, type[EventData]], EventData]
    """From data in either reading (posted, or stored) to the present class in the same reading."""


def _submitted_1(data: EventData, present: type[EventData]) -> EventData:
    fields: dict[str, Any] = {name: value for name in type(data).model_fields if (value := getattr(data, name)) is not None}
    return present.model_construct(**fields)


UPCASTS: Final[dict[str, Upcast]] = {
    upcast.former.wire_type(): upcast for upcast in (Upcast(ContributionSubmitted1, ContributionSubmitted, _submitted_1),)
}
"""Wire type of an earlier schema → its upcast."""
