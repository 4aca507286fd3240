"""The outcome of a step, computed, published, overridden, certified; never before it may be known (stream `result/<step>`)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from ledger.aggregates.disclosure import BEFORE_THE_OUTCOME, countable_step
from ledger.aggregates.project import project_of
from ledger.aggregates.selection import selection_of
from ledger.aggregates.state import Law, State, States, law
from ledger.errors import (
    AlreadyCertified,
    CertifierUnfit,
    ChannelTwice,
    FieldDiffers,
    FieldMissing,
    LotteryNotDrawn,
    PositionTwice,
    PositionUnknown,
    ResultDiffers,
    ResultMissing,
    WinnersUndeclared,
)
from ledger.events import Event
from ledger.events import result as facts
from ledger.rules.lot import Revealed, drawings, is_drawn_later
from ledger.rules.spec import Lottery


@dataclass(slots=True)
class ResultState(State):
    """The digest of the result computed last, whether it was certified, and what became of the lottery before."""

    digest: str | None = None
    certified: bool = False
    commitments: Mapping[str, str] = field(default_factory=dict)
    """Party to the lottery → what it committed with; replaced, never changed."""
    revealed: Revealed = field(default_factory=Revealed)
    """What the lot is drawn from, as far as it was revealed."""


def is_drawn(lottery: Lottery | None, result: ResultState) -> bool:
    """True when the lot is known: fixed beforehand, or everything revealed that it is drawn from."""
    if lottery is None or not is_drawn_later(lottery):
        return True
    return any(result.revealed.completes(drawing) for drawing in drawings(lottery))


def _check_positions(step: str, positions: Iterable[int], states: States) -> None:
    """Each is a candidate's, and none stands twice."""
    count = len(selection_of(states, step).items)
    seen: set[int] = set()
    for position in positions:
        if position >= count:
            raise PositionUnknown(step, position, count)
        if position in seen:
            raise PositionTwice(position)
        seen.add(position)


def _admit_computed(event: Event, data: facts.ResultComputed, state: ResultState, states: States) -> None:
    """Rule and cut-off follow from the step; that winners and digest follow from the ballots is found by counting them again."""
    step = countable_step(states, data.step)
    if state.certified:
        raise AlreadyCertified(data.step)
    if step.rules is None:
        raise AssertionError("a ballot step opens with rules only")
    if not is_drawn(step.rules.lottery, state):
        raise LotteryNotDrawn(data.step)
    if data.rule != step.rules.rule_id:
        raise FieldDiffers("rule", step.rules.rule_id, data.rule)
    if data.cut_off != step.cut_off:
        raise FieldDiffers("cut_off", step.cut_off, data.cut_off)
    if data.digest is None:
        raise FieldMissing(event.type, "digest")
    if step.rules.rule == "undeclared":
        if data.winners is not None:
            raise WinnersUndeclared(data.step)
    elif data.winners is None:
        raise FieldMissing(event.type, "winners")
    _check_positions(data.step, data.winners or (), states)


def _compute(event: Event, data: facts.ResultComputed, state: ResultState, states: States) -> None:
    """A later computation supersedes an earlier one; both stay on record."""
    state.digest = data.digest


def _admit_published(event: Event, data: facts.OutcomePublished, state: ResultState, states: States) -> None:
    countable_step(states, data.step)
    _check_positions(data.step, (*data.selected, *data.outside_rule), states)
    channels: set[str] = set()
    for missing in data.ballots_missing:
        if missing.channel in channels:
            raise ChannelTwice(missing.channel)
        channels.add(missing.channel)


def _publish(event: Event, data: facts.OutcomePublished, state: ResultState, states: States) -> None:
    """For projections: what was announced stands beside what was computed."""


def _admit_overridden(event: Event, data: facts.OutcomeOverridden, state: ResultState, states: States) -> None:
    countable_step(states, data.step)
    _check_positions(data.step, (data.position,), states)


def _override(event: Event, data: facts.OutcomeOverridden, state: ResultState, states: States) -> None:
    """For projections: an override stands beside the tally, never in it."""


def _admit_certified(event: Event, data: facts.ResultCertified, state: ResultState, states: States) -> None:
    countable_step(states, data.step)
    if state.digest is None:
        raise ResultMissing(data.step)
    if state.certified:
        raise AlreadyCertified(data.step)
    if data.digest != state.digest:
        raise ResultDiffers(data.step, state.digest, data.digest)
    project = project_of(states)
    for place, role in enumerate(data.by_roles):
        if role in data.by_roles[:place] or not project.is_held(role):
            raise CertifierUnfit(role)


def _certify(event: Event, data: facts.ResultCertified, state: ResultState, states: States) -> None:
    state.certified = True


LAWS: tuple[Law, ...] = (
    law(
        facts.ResultComputed,
        _admit_computed,
        _compute,
        *BEFORE_THE_OUTCOME,
        AlreadyCertified,
        LotteryNotDrawn,
        FieldDiffers,
        FieldMissing,
        WinnersUndeclared,
        PositionUnknown,
        PositionTwice,
    ),
    law(facts.OutcomePublished, _admit_published, _publish, *BEFORE_THE_OUTCOME, PositionUnknown, PositionTwice, ChannelTwice),
    law(facts.OutcomeOverridden, _admit_overridden, _override, *BEFORE_THE_OUTCOME, PositionUnknown),
    law(
        facts.ResultCertified,
        _admit_certified,
        _certify,
        *BEFORE_THE_OUTCOME,
        ResultMissing,
        AlreadyCertified,
        ResultDiffers,
        CertifierUnfit,
    ),
)
