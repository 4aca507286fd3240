"""Facts about a step: its plan, its rules, when it opened and closed (stream `step/<step>`)."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from ledger.events.envelope import EventData, Visibility
from ledger.events.kinds import ContributionKind, StanceTarget
from ledger.ids import Code, Count, Digest, Instant, Ref, Titles
from ledger.rules.scales import Ranking, Scale
from ledger.rules.spec import Lottery, RuleSpec

StepKind = Literal[
    "presentation",
    "collection",
    "consultation",
    "selection",
    "ballot",
    "questionnaire",
    "board",
    "nomination",
    "deliberation",
    "follow_up",
    "open_forum",
]
Secrecy = Literal["open", "sealed"]

REASON: dict[str, Visibility] = {"reason": "public"}


class StepEvent(EventData):
    """A fact of the stream `step/<step>`."""

    step: Ref

    def stream(self, actor: str | None) -> str:
        """`step/<step>`: one per step."""
        return f"step/{self.step}"


class StepPlanned(StepEvent):
    """A step is announced. Without `opens_at` the organizer opens it by hand; without `closes_at` it is permanent."""

    TYPE: ClassVar[str] = "step.planned"

    kind: StepKind
    title: Titles
    opens_at: Instant | None = None
    closes_at: Instant | None = None
    accepts: Annotated[tuple[ContributionKind, ...], Field(max_length=16)] = ()
    has_roll: bool = False
    takes_paper: bool = False
    agent_may_replace: bool = False


class StepRulesSet(StepEvent):
    """How the ballots of the step will be counted, and whether they are secret until the end; before opening the last one holds."""

    TYPE: ClassVar[str] = "step.rules_set"
    SCHEMA: ClassVar[int] = 2
    FORMER: ClassVar[tuple[str, ...]] = ("step.rules_set/1",)
    FILLED: ClassVar[frozenset[str]] = frozenset({"digest"})

    rules: RuleSpec
    secrecy: Secrecy
    digest: Digest | None = None


class StepStancesSet(StepEvent):
    """What people can take a stance on, on which scale, how that is ranked, and what can be argued about; frozen at the opening.

    Whoever takes a stance again replaces the one before: the last wins.
    """

    TYPE: ClassVar[str] = "step.stances_set"

    scales: Annotated[dict[StanceTarget, Scale], Field(max_length=16)] = {}
    ranking: Ranking = "net"
    arguments_on: Annotated[tuple[ContributionKind, ...], Field(max_length=16)] = ()
    revotes: Literal["last"] = "last"


class StepOpened(StepEvent):
    """The step accepts what it is for; `step_key` is the SHA-256 of the key that makes its pseudonyms."""

    TYPE: ClassVar[str] = "step.opened"
    FILLED: ClassVar[frozenset[str]] = frozenset({"step_key"})

    step_key: Digest | None = None


class StepRescheduled(StepEvent):
    """Dates announced earlier are replaced; a date left out stays. An old date stands for each that is replaced, where there was one.

    With the closing a `lottery` moves that is drawn after it: the rounds, drawings and deadline named here take the place of those in the
    rules, whose digest is `digest` from here on.
    """

    TYPE: ClassVar[str] = "step.rescheduled"
    SCHEMA: ClassVar[int] = 2
    FORMER: ClassVar[tuple[str, ...]] = ("step.rescheduled/1",)
    COMMITTED = REASON
    FILLED: ClassVar[frozenset[str]] = frozenset({"old_opens_at", "old_closes_at", "digest"})

    opens_at: Instant | None = None
    closes_at: Instant | None = None
    old_opens_at: Instant | None = None
    old_closes_at: Instant | None = None
    lottery: Lottery | None = None
    digest: Digest | None = None
    code: Code
    reason: Titles | None = None


class StepRulesAmended(StepEvent):
    """Budget or envelopes changed after the opening. After the closing it is recorded and shown beside the result, never in it."""

    TYPE: ClassVar[str] = "step.rules_amended"
    SCHEMA: ClassVar[int] = 2
    FORMER: ClassVar[tuple[str, ...]] = ("step.rules_amended/1",)
    COMMITTED = REASON
    FILLED: ClassVar[frozenset[str]] = frozenset({"digest"})

    rules: RuleSpec
    digest: Digest | None = None
    code: Code
    reason: Titles | None = None


class StepSuspended(StepEvent):
    """The step accepts nothing until it is resumed."""

    TYPE: ClassVar[str] = "step.suspended"
    COMMITTED = REASON

    code: Code
    reason: Titles | None = None


class StepResumed(StepEvent):
    """The step accepts again what it is for."""

    TYPE: ClassVar[str] = "step.resumed"


class StepClosed(StepEvent):
    """The step accepts nothing more; `delayed_by` names the outage where the clock's closing came late."""

    TYPE: ClassVar[str] = "step.closed"

    delayed_by: Code | None = None


class StepClosedEarly(StepEvent):
    """The step was closed before its announced time."""

    TYPE: ClassVar[str] = "step.closed_early"
    COMMITTED = REASON

    code: Code
    reason: Titles | None = None


class PaperClosed(StepEvent):
    """No paper ballot of the step is keyed any more."""

    TYPE: ClassVar[str] = "paper.closed"


class ResultsEmbargoed(StepEvent):
    """Sealed choices stay sealed until this time."""

    TYPE: ClassVar[str] = "results.embargoed"

    until: Instant


class RollSealed(StepEvent):
    """The roll of the step is complete: so many members, with this RFC 6962 root over their pseudonyms in ascending order."""

    TYPE: ClassVar[str] = "roll.sealed"
    FILLED: ClassVar[frozenset[str]] = frozenset({"count", "root"})

    count: Count | None = None
    root: Digest | None = None


class BallotsDisclosed(StepEvent):
    """The sealed choices are disclosed together: so many ballots, with this RFC 6962 root over their entries' leaf hashes in order."""

    TYPE: ClassVar[str] = "ballots.disclosed"
    FILLED: ClassVar[frozenset[str]] = frozenset({"count", "root"})

    count: Count | None = None
    root: Digest | None = None
