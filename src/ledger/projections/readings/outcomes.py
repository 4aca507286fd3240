"""The result of a ballot step: what the rules make of the ballots below the cut-off, beside what the authority said about it.

Facts after the closing (withdrawals, amendments, overrides, what was published) never change the computed outcome: they stand beside it,
and explain where the published one differs.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final, TypeAlias, cast

from ledger.canonical import JsonValue, canonical_trusted
from ledger.projections.readings.ballot_step import BallotStep, PublishedRow, ballot_steps, read_rules
from ledger.projections.readings.counting import Counted, count_ballots, digest_of
from ledger.projections.source import Source
from ledger.rules.counterfactuals import counterfactuals
from ledger.rules.counting import compute
from ledger.rules.explanation import explain
from ledger.rules.facts import Amendment, Facts, MissingBallots, Published
from ledger.rules.margins import Margins, margins
from ledger.rules.outcome import Outcome, outcome_digest
from ledger.rules.spec import RuleSpec

INPUTS_DOMAIN: Final = b"ledger-inputs/v1\n"

Winners: TypeAlias = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Pending:
    """A step whose ballots are not counted yet. `why`: `not_open`, `never_open`, `sealed`, `not_drawn`."""

    step: BallotStep
    why: str


@dataclass(frozen=True, slots=True)
class Count:
    """The count of a step at its cut-off: it changes no more once the casting is over."""

    counted: Counted
    withdrawn: frozenset[int]
    outcome: Outcome
    digest: str
    margins: Margins
    counterfactuals: dict[str, Winners]
    explanations: dict[bytes, dict[int, str]] = field(default_factory=dict, compare=False, repr=False)
    """What facts recorded beside the count explain, by those facts: explaining counts again, many times."""


@dataclass(frozen=True, slots=True)
class StepResult:
    """A count, and what is recorded beside it."""

    step: BallotStep
    count: Count
    published: PublishedRow | None
    """What the authority announced last."""
    explained: dict[int, str]
    """Position → why its published fate is not the one that counting, or the rule without its conditions, gives. By position."""

    @property
    def winners(self) -> Winners:
        """Positions in the order the rule chose them; none where the rule is undeclared."""
        return self.count.outcome.winners or ()

    @property
    def agrees(self) -> bool | None:
        """False when something in the published outcome is unexplained; None when nothing was published."""
        return None if self.published is None else "unexplained" not in self.explained.values()


@dataclass(frozen=True, slots=True)
class ComputedResult:
    """What `result.computed` states."""

    rule: str
    cut_off: int
    winners: Winners | None
    digest: str


Counting: TypeAlias = Callable[[Source, BallotStep], Count]
"""A way to come to the count of a step that is not pending."""


def step_results(source: Source, *, exact: bool = False, counting: Counting | None = None) -> Iterator[StepResult | Pending]:
    """The result of every step whose rules were set, by reference.

    `exact`: see `ledger.rules.counting.compute`. `counting` takes the place of `count_of`, for whoever keeps counts.
    """
    count = counting or (lambda source, step: count_of(source, step, exact=exact))
    for step in ballot_steps(source):
        why = step.why_pending
        yield Pending(step, why) if why is not None else result_of(step, count(source, step))


def compute_result(source: Source, ref: str) -> ComputedResult | None:
    """What `result.computed` has to state about a step, both engines agreeing; None where it is not over, or pending."""
    for step in ballot_steps(source):
        if step.ref == ref and step.over and step.why_pending is None:
            counted = count_ballots(source, step)
            outcome = compute(step.rules, counted.profile, withdrawn=step.withdrawn, exact=True)
            digest = outcome_digest(inputs_digest(step, counted), step.rules, outcome)
            return ComputedResult(step.rules.rule_id, step.cut_off, outcome.winners, digest)
    return None


def count_of(source: Source, step: BallotStep, *, exact: bool = False) -> Count:
    """The count of a step that is not pending."""
    counted = count_ballots(source, step)
    withdrawn = step.withdrawn
    outcome = compute(step.rules, counted.profile, withdrawn=withdrawn, exact=exact)
    return Count(
        counted,
        withdrawn,
        outcome,
        outcome_digest(inputs_digest(step, counted), step.rules, outcome),
        margins(step.rules, counted.profile, outcome, withdrawn=withdrawn),
        counterfactuals(step.rules, counted.profile, outcome, withdrawn=withdrawn),
    )


def result_of(step: BallotStep, count: Count) -> StepResult:
    """The count with what is recorded beside it."""
    published = step.row["published"][-1] if step.row["published"] else None
    if published is None:
        return StepResult(step, count, None, {})
    row = cast("dict[str, JsonValue]", step.row)
    facts = canonical_trusted([row["published"], row["announced"], row["amendments"], row["overrides"], sorted(step.withdrawn_after)])
    if facts not in count.explanations:
        announced = Published(frozenset(published["selected"]))
        reasons = explain(step.rules, count.counted.profile, count.outcome, announced, facts_of(step, published))
        count.explanations[facts] = {position: str(reason) for position, reason in reasons.items()}
    return StepResult(step, count, published, count.explanations[facts])


def facts_of(step: BallotStep, published: PublishedRow) -> Facts:
    """What is recorded that can explain a difference."""
    chain = []
    before = _same_lottery(step.row["announced"]["rules"], step) if step.row["announced"] is not None else step.rules
    for amendment in step.row["amendments"]:
        after = _same_lottery(amendment["rules"], step)
        chain.append(Amendment(before, after))
        before = after
    return Facts(
        withdrawn=step.withdrawn,
        withdrawn_after=step.withdrawn_after,
        amendments=tuple(chain),
        overridden=frozenset(override["position"] for override in step.row["overrides"]),
        outside_rule=frozenset(published["outside_rule"]),
        missing=tuple(MissingBallots(missing["channel"], missing["count"]) for missing in published["ballots_missing"]),
    )


def _same_lottery(rules: JsonValue, step: BallotStep) -> RuleSpec:
    """The rules with the lottery in force: when it was to be drawn before the closing was moved explains nothing."""
    return read_rules(rules).model_copy(update={"lottery": step.rules.lottery})


def inputs_digest(step: BallotStep, counted: Counted) -> str:
    """SHA-256 over everything that a count at the cut-off depends on, but the rules (docs/formats/results.md)."""
    candidates = step.row["candidates"]
    inputs: dict[str, JsonValue] = {
        "ballots": counted.ballots_digest(),
        "candidates": candidates["digest"] if candidates is not None else None,
        "cut_off": step.cut_off,
        "enrolled": counted.profile.enrolled,
        "withdrawn": cast("list[JsonValue]", sorted(step.withdrawn)),
    }
    if step.lot is not None:
        inputs["lot"] = step.lot.seed.hex()
    return digest_of(INPUTS_DOMAIN, canonical_trusted(inputs))
