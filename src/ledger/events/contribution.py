"""Facts about one contribution, from its first version to its withdrawal (stream `contribution/<ref>`)."""

from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from ledger.events.envelope import EventData
from ledger.events.kinds import Collective, ContributionKind
from ledger.ids import Code, Count, Digest, ExternalRef, LongTexts, Minor, Ref, Text, Titles

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
    """Somebody contributed. `cost_minor` is the cost as the author or the authority states it.

    `target` is the contribution that this one is about, `text` and `section` the section; `reply_to` the comment that a comment answers.
    `collective` says what kind of author it is where that is not one person; its name is a commitment.
    """

    TYPE: ClassVar[str] = "contribution.submitted"
    SCHEMA: ClassVar[int] = 2
    FORMER: ClassVar[tuple[str, ...]] = ("contribution.submitted/1",)
    COMMITTED = {"title": "public", "body": "public", "location": "public", "fields": "public", "collective_name": "public"}
    WITHHELD: ClassVar[bool] = True

    kind: ContributionKind
    external_ref: ExternalRef | None = None
    text: Ref | None = None
    section: Ref | None = None
    target: Ref | None = None
    reply_to: Ref | None = None
    district: Ref | None = None
    category: Ref | None = None
    cost_minor: Minor | None = None
    derived_from: Ref | None = None
    meeting: Ref | None = None
    collective: Collective | None = None
    title: Titles | None = None
    body: LongTexts | None = None
    location: Location | None = None
    fields: Annotated[dict[Ref, Text], Field(max_length=64)] | None = None
    collective_name: Titles | None = None


class ContributionRevised(ContributionEvent):
    """The contribution reads anew, as its next version; stances stay on the version that they address.

    What is left out of the clear fields stays; the texts are replaced whole.
    """

    TYPE: ClassVar[str] = "contribution.revised"
    COMMITTED = {"title": "public", "body": "public", "location": "public", "fields": "public"}
    WITHHELD: ClassVar[bool] = True

    district: Ref | None = None
    category: Ref | None = None
    cost_minor: Minor | None = None
    title: Titles | None = None
    body: LongTexts | None = None
    location: Location | None = None
    fields: Annotated[dict[Ref, Text], Field(max_length=64)] | None = None


class ContributionWithdrawn(ContributionEvent):
    """The contribution is taken back, by its author or by the authority."""

    TYPE: ClassVar[str] = "contribution.withdrawn"
    COMMITTED = {"reason": "public"}

    code: Code
    reason: Titles | None = None


class ContributionFormalisedWith(ContributionEvent):
    """A service helped the author to bring the contribution into form; `service` names it."""

    TYPE: ClassVar[str] = "contribution.formalised_with"
    COMMITTED = {"note": "public"}

    service: Ref
    note: Titles | None = None


class MergeEvent(ContributionEvent):
    """A fact about the merging of a contribution into another, on the stream of the one that goes into the other."""

    into: Ref


class ContributionMergeProposed(MergeEvent):
    """Somebody proposes that the contribution goes into another."""

    TYPE: ClassVar[str] = "contribution.merge_proposed"
    COMMITTED = {"reason": "public"}

    reason: Titles | None = None


class ContributionMergeAccepted(MergeEvent):
    """The author agrees that the contribution goes into the other."""

    TYPE: ClassVar[str] = "contribution.merge_accepted"


class ContributionMergeRefused(MergeEvent):
    """The author does not want the contribution to go into the other."""

    TYPE: ClassVar[str] = "contribution.merge_refused"
    COMMITTED = {"reason": "public"}

    code: Code
    reason: Titles | None = None


class ContributionMergedInto(MergeEvent):
    """The contribution is part of the other from here on. No stance moves with it: what people said of this one stays said of this one."""

    TYPE: ClassVar[str] = "contribution.merged_into"
    COMMITTED = {"reason": "public"}

    reason: Titles | None = None


class ContributionSplitInto(ContributionEvent):
    """The contribution goes on as these, which were derived from it."""

    TYPE: ClassVar[str] = "contribution.split_into"
    COMMITTED = {"reason": "public"}

    parts: Annotated[tuple[Ref, ...], Field(min_length=2, max_length=50)]
    reason: Titles | None = None


class ContributionAttached(ContributionEvent):
    """A document belongs to the contribution: its name and its digest are commitments, the document itself is kept by the platform."""

    TYPE: ClassVar[str] = "contribution.attached"
    COMMITTED = {"name": "public", "digest": "public"}
    WITHHELD: ClassVar[bool] = True

    media_type: Annotated[str, StringConstraints(pattern=r"^[a-z]+/[a-z0-9.+-]{1,100}$")]
    size_bytes: Count
    name: Text
    digest: Digest


class ContributionAnswered(ContributionEvent):
    """The authority answers: what becomes of the contribution, and why. The last answer holds, the ones before stay on record."""

    TYPE: ClassVar[str] = "contribution.answered"
    COMMITTED = {"body": "public"}

    code: Literal["retained", "adapted", "rejected", "noted"]
    body: LongTexts | None = None
