"""Facts about one contribution, from its first version to its withdrawal (stream `contribution/<ref>`)."""

from typing import Annotated, ClassVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from ledger.events.envelope import EventData
from ledger.events.kinds import ContributionKind
from ledger.ids import Code, ExternalRef, Minor, Ref, Text, Titles

Degrees = Annotated[str, StringConstraints(pattern=r"^-?[0-9]{1,3}(\.[0-9]{1,18})?$")]


class Location(BaseModel):
    """A place: WGS 84 decimal degrees as text (no floats are recorded), or words, or both."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")

    latitude: Degrees | None = None
    longitude: Degrees | None = None
    address: Text | None = None


class ContributionEvent(EventData):
    """A fact of the stream `contribution/<ref>`."""

    SCOPE: ClassVar[str | None] = "author"

    ref: Ref
    step: Ref

    def stream(self, actor: str | None) -> str:
        """`contribution/<ref>`: one per contribution."""
        return f"contribution/{self.ref}"


class ContributionSubmitted(ContributionEvent):
    """Somebody contributed. `cost_minor` is the cost as the author or the authority states it."""

    TYPE: ClassVar[str] = "contribution.submitted"
    COMMITTED = {"title": "public", "body": "public", "location": "public", "fields": "public"}

    kind: ContributionKind
    external_ref: ExternalRef | None = None
    district: Ref | None = None
    category: Ref | None = None
    cost_minor: Minor | None = None
    derived_from: Ref | None = None
    meeting: Ref | None = None
    title: Titles
    body: Titles | None = None
    location: Location | None = None
    fields: Annotated[dict[Ref, Text], Field(max_length=64)] | None = None


class ContributionRevised(ContributionEvent):
    """The contribution reads anew. What is left out of the clear fields stays; the texts are replaced whole."""

    TYPE: ClassVar[str] = "contribution.revised"
    COMMITTED = {"title": "public", "body": "public", "location": "public", "fields": "public"}

    district: Ref | None = None
    category: Ref | None = None
    cost_minor: Minor | None = None
    title: Titles
    body: Titles | None = None
    location: Location | None = None
    fields: Annotated[dict[Ref, Text], Field(max_length=64)] | None = None


class ContributionWithdrawn(ContributionEvent):
    """The contribution is taken back, by its author or by the authority."""

    TYPE: ClassVar[str] = "contribution.withdrawn"
    COMMITTED = {"reason": "public"}

    code: Code
    reason: Titles | None = None
