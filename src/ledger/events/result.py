"""Facts about the outcome of a step: computed, published, overridden, certified (stream `result/<step>`)."""

from typing import Annotated, ClassVar, Final

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from ledger.events.envelope import Channel, EventData, Role
from ledger.ids import Code, Count, Digest, Instant, Position, Ref, Titles

MOST_NAMED: Final = 32
LONGEST_NAME: Final = 200
"""Characters of a witness's name; so many names fit into an entry."""
WitnessName = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_NAME, pattern=r"^[^\s+\x00-\x1f]+$")]
Positions = Annotated[tuple[Position, ...], Field(max_length=1000)]


class ResultEvent(EventData):
    """A fact of the stream `result/<step>`."""

    step: Ref

    def stream(self, actor: str | None) -> str:
        """`result/<step>`: one per step."""
        return f"result/{self.step}"


class ResultComputed(ResultEvent):
    """What the rules make of the ballots below `cut_off`. The organizer posts the step alone; the ledger fills the rest.

    `winners` are positions in the order the rule chose them; null where the rule is undeclared.
    """

    TYPE: ClassVar[str] = "result.computed"
    FILLED: ClassVar[frozenset[str]] = frozenset({"rule", "cut_off", "winners", "digest"})

    rule: Annotated[str, Field(pattern=r"^[a-z-]{1,40}/[0-9]{1,4}$")] | None = None
    cut_off: Count | None = None
    winners: Positions | None = None
    digest: Digest | None = None


class MissingBallots(BaseModel):
    """Ballots that the authority counted and that were never posted to the ledger."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")

    channel: Channel
    count: Count | None = None


class OutcomePublished(ResultEvent):
    """What the authority announced. `outside_rule` are positions it funds by its own statement outside the counting rule."""

    TYPE: ClassVar[str] = "outcome.published"
    COMMITTED = {"statement": "public"}

    selected: Positions
    outside_rule: Positions = ()
    ballots_missing: Annotated[tuple[MissingBallots, ...], Field(max_length=8)] = ()
    statement: Titles | None = None


class OutcomeOverridden(ResultEvent):
    """The authority decides about one candidate against the tally; it stands beside the tally, never in it."""

    TYPE: ClassVar[str] = "outcome.overridden"
    COMMITTED = {"reason": "public", "legal_basis": "public"}

    position: Position
    funded: bool
    code: Code
    reason: Titles | None = None
    legal_basis: Titles | None = None


class WitnessedBy(BaseModel):
    """Who stood by a result when it was certified: of the first `size` entries of the ledger log, which cover it, cosigned these.

    `policy` is SHA-256 of the file that asks for them. Witnesses are named as they name their keys, in the order of that file; of very many
    the first ones.
    """

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")

    policy: Digest
    size: Count
    witnesses: Annotated[tuple[WitnessName, ...], Field(min_length=1, max_length=MOST_NAMED)]


class ResultCertified(ResultEvent):
    """The computed result with this digest is certified by holders of these roles; without `witnessed` nobody outside stood by it."""

    TYPE: ClassVar[str] = "result.certified"
    SCHEMA: ClassVar[int] = 2
    FORMER: ClassVar[tuple[str, ...]] = ("result.certified/1",)
    FILLED: ClassVar[frozenset[str]] = frozenset({"witnessed"})

    digest: Digest
    by_roles: Annotated[tuple[Role, ...], Field(min_length=1, max_length=7)]
    quorum: Count
    objections_until: Instant | None = None
    witnessed: WitnessedBy | None = None
