"""Events of earlier schemas read as the present ones. No upcast touches stored bytes: it is what they mean today.

`UPCASTS` lists every earlier schema with its reader; a new one is one class that reads it as it was written, and one function.
"""

from collections.abc import Callable
from typing import Annotated, Any, ClassVar, Final, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from ledger.events.contribution import ContributionEvent, ContributionSubmitted, Location
from ledger.events.envelope import EventData, Role
from ledger.events.kinds import ContributionKind
from ledger.events.result import ResultCertified, ResultEvent
from ledger.events.step import REASON, Secrecy, StepEvent, StepRescheduled, StepRulesAmended, StepRulesSet
from ledger.ids import Code, Count, Digest, ExternalRef, Instant, LongTexts, Minor, Ref, Text, Titles
from ledger.rules.spec import Lottery, RuleSpec


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


class SeededLottery(BaseModel):
    """A lottery before it could be drawn after the vote."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")

    seed: Annotated[str, StringConstraints(min_length=1, max_length=256)]


class RuleSpec1(RuleSpec):
    """Rules whose lottery, if they have one, is fixed beforehand."""

    lottery: SeededLottery | None = None  # type: ignore[assignment]  # narrower on purpose; only the upcasts below ever hold one


class StepRulesSet1(StepEvent):
    """`step.rules_set` before a lottery could be drawn."""

    TYPE: ClassVar[str] = "step.rules_set"
    FILLED: ClassVar[frozenset[str]] = frozenset({"digest"})

    rules: RuleSpec1
    secrecy: Secrecy
    digest: Digest | None = None


class StepRulesAmended1(StepEvent):
    """`step.rules_amended` before a lottery could be drawn."""

    TYPE: ClassVar[str] = "step.rules_amended"
    COMMITTED = REASON
    FILLED: ClassVar[frozenset[str]] = frozenset({"digest"})

    rules: RuleSpec1
    digest: Digest | None = None
    code: Code
    reason: Titles | None = None


class StepRescheduled1(StepEvent):
    """`step.rescheduled` before a lottery could move with the closing."""

    TYPE: ClassVar[str] = "step.rescheduled"
    COMMITTED = REASON
    FILLED: ClassVar[frozenset[str]] = frozenset({"old_opens_at", "old_closes_at"})

    opens_at: Instant | None = None
    closes_at: Instant | None = None
    old_opens_at: Instant | None = None
    old_closes_at: Instant | None = None
    code: Code
    reason: Titles | None = None


class ResultCertified1(ResultEvent):
    """`result.certified` before it could say who witnessed."""

    TYPE: ClassVar[str] = "result.certified"

    digest: Digest
    by_roles: Annotated[tuple[Role, ...], Field(min_length=1, max_length=7)]
    quorum: Count
    objections_until: Instant | None = None


class Upcast(NamedTuple):
    """An earlier schema, the present class, and how the one is read as the other."""

    former: type[EventData]
    present: type[EventData]
    read: Callable[[EventData, type[EventData]], EventData]
    """From data in either reading (posted, or stored) to the present class in the same reading."""


def _same_fields(data: EventData, present: type[EventData]) -> EventData:
    return present.model_construct(**_fields(data))


def _present_rules(data: EventData, present: type[EventData]) -> EventData:
    fields = _fields(data)
    rules: RuleSpec = fields["rules"]
    lottery = None if rules.lottery is None else Lottery(seed=rules.lottery.seed)
    fields["rules"] = RuleSpec.model_construct(**{**{name: getattr(rules, name) for name in RuleSpec.model_fields}, "lottery": lottery})
    return present.model_construct(**fields)


def _fields(data: EventData) -> dict[str, Any]:
    return {name: value for name in type(data).model_fields if (value := getattr(data, name)) is not None}


UPCASTS: Final[dict[str, Upcast]] = {
    upcast.former.wire_type(): upcast
    for upcast in (
        Upcast(ContributionSubmitted1, ContributionSubmitted, _same_fields),
        Upcast(StepRulesSet1, StepRulesSet, _present_rules),
        Upcast(StepRulesAmended1, StepRulesAmended, _present_rules),
        Upcast(StepRescheduled1, StepRescheduled, _same_fields),
        Upcast(ResultCertified1, ResultCertified, _same_fields),
    )
}
"""Wire type of an earlier schema → its upcast."""
