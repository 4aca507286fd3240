"""Facts about what stands on a step's ballot paper (stream `selection/<step>`)."""

from typing import Annotated, ClassVar

from pydantic import BaseModel, ConfigDict, Field

from ledger.events.envelope import EventData
from ledger.ids import Code, Count, Digest, Minor, Ref, Titles


class Candidate(BaseModel):
    """One line of the ballot paper, with the cost that counts."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")

    ref: Ref
    cost_minor: Minor = 0
    district: Ref | None = None
    category: Ref | None = None


class SelectionEvent(EventData):
    """A fact of the stream `selection/<step>`."""

    step: Ref

    def stream(self, actor: str | None) -> str:
        """`selection/<step>`: one per step."""
        return f"selection/{self.step}"


class ProposalSelected(SelectionEvent):
    """A proposal goes on to this step's ballot."""

    TYPE: ClassVar[str] = "proposal.selected"
    COMMITTED = {"reason": "public"}

    ref: Ref
    criterion: Code
    reason: Titles | None = None


class ProposalDeselected(SelectionEvent):
    """A proposal does not go on to this step's ballot after all."""

    TYPE: ClassVar[str] = "proposal.deselected"
    COMMITTED = {"reason": "public"}

    ref: Ref
    criterion: Code
    reason: Titles | None = None


class CandidatesListed(SelectionEvent):
    """The next lines of the ballot paper, in order; positions count from 0 over all lists of the step."""

    TYPE: ClassVar[str] = "candidates.listed"

    items: Annotated[tuple[Candidate, ...], Field(min_length=1, max_length=200)]


class CandidatesSealed(SelectionEvent):
    """The ballot paper is final: so many lines, with this digest (docs/formats/digests.md). Ballots cite it."""

    TYPE: ClassVar[str] = "candidates.sealed"
    FILLED: ClassVar[frozenset[str]] = frozenset({"count", "digest"})

    count: Count | None = None
    digest: Digest | None = None
