"""A step: its plan, its dates, whether it is open (stream `step/<step>`). Its rules, opening and disclosure have files of their own."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from ledger.aggregates.digests import rules_digest
from ledger.aggregates.lottery_dates import WRONG_DATES, check_drawn_after, moved, with_lottery
from ledger.aggregates.project import writable_project
from ledger.aggregates.state import Law, State, States, law
from ledger.errors import (
    ClosesByTheClock,
    DateNotAhead,
    DatesOutOfOrder,
    FieldDiffers,
    LotteryChanged,
    NotDue,
    NotEarly,
    NothingChanged,
    OptionUnfit,
    PaperClosed,
    PaperNotTaken,
    RuleUndefined,
    StepAlreadyOpen,
    StepAlreadyPlanned,
    StepClosed,
    StepNotOpen,
    StepNotSuspended,
    StepOfOtherKind,
    StepSuspended,
    StepUnknown,
)
from ledger.events import Event
from ledger.events import step as facts
from ledger.events.kinds import ContributionKind, StanceTarget
from ledger.events.step import Secrecy, StepKind
from ledger.rules.choices import Check
from ledger.rules.combinations import check_spec
from ledger.rules.scales import Scale
from ledger.rules.spec import RuleSpec

Status = Literal["unplanned", "planned", "open", "suspended", "closed"]


@dataclass(slots=True)
class StepState(State):
    """What is known of a step. Rules in force are those at the opening, as amended until the closing."""

    ref: str = ""
    kind: StepKind | None = None
    status: Status = "unplanned"
    opens_at: str | None = None
    closes_at: str | None = None
    accepts: tuple[ContributionKind, ...] = ()
    has_roll: bool = False
    takes_paper: bool = False
    agent_may_replace: bool = False
    rules: RuleSpec | None = None
    rules_digest: str | None = None
    announced: RuleSpec | None = None
    """The rules as they stood at the opening."""
    latest: RuleSpec | None = None
    """The rules as last amended, also after the closing, when amendments stand beside the result only."""
    secrecy: Secrecy | None = None
    scales: Mapping[StanceTarget, Scale] = field(default_factory=dict)
    """What people can take a stance on, and on which scale; replaced, never changed."""
    arguments_on: tuple[ContributionKind, ...] = ()
    opened_seq: int | None = None
    closed_seq: int | None = None
    paper_closed_seq: int | None = None
    embargo_until: str | None = None
    roll_count: int | None = None
    """How many are on the roll; None until it is sealed."""
    disclosed: bool = False
    check: Check | None = field(default=None, compare=False, repr=False)
    """The compiled check of choices; made when first needed after the opening, from when on what it depends on stands still."""

    @property
    def over(self) -> bool:
        """True when nothing more can be cast in the step: it is closed, and so is the keying of paper where it was ever open."""
        waits_for_paper = self.takes_paper and self.paper_closed_seq is None and self.opened_seq is not None
        return self.status == "closed" and not waits_for_paper

    @property
    def cut_off(self) -> int | None:
        """The seq of the event that ended the casting; None as long as it goes on, and where it never began."""
        if not self.over or self.opened_seq is None or self.closed_seq is None:
            return None
        return max(self.closed_seq, self.paper_closed_seq or 0)

    @property
    def due_at(self) -> str | None:
        """When the clock next opens or closes the step; None when it never will."""
        if self.status == "planned":
            return self.opens_at
        return self.closes_at if self.status in {"open", "suspended"} else None


def step_of(states: States, ref: str) -> StepState:
    """The state of a step; blank where it was never planned."""
    return states.state(f"step/{ref}")  # type: ignore[return-value]  # by AGGREGATES the stream has a state of this class


def planned_step(states: States, ref: str) -> StepState:
    """The state of a step that was planned; raises `StepUnknown`."""
    step = step_of(states, ref)
    if step.status == "unplanned":
        raise StepUnknown(ref)
    return step


def ballot_step(states: States, ref: str) -> StepState:
    """The state of a planned step for ballots; raises `StepUnknown`, `StepOfOtherKind`."""
    step = planned_step(states, ref)
    if step.kind != "ballot":
        raise StepOfOtherKind(ref, str(step.kind), "ballot")
    return step


def check_not_opened(step: StepState) -> None:
    """Returns when the step may still be prepared; raises `StepClosed`, `StepAlreadyOpen`."""
    if step.status == "closed":
        raise StepClosed(step.ref)
    if step.status != "planned":
        raise StepAlreadyOpen(step.ref)


def check_running(step: StepState) -> None:
    """Returns when the step is open or suspended; raises `StepUnknown`, `StepNotOpen`, `StepClosed`."""
    if step.status == "planned":
        raise StepNotOpen(step.ref)
    if step.status == "closed":
        raise StepClosed(step.ref)


def check_open(step: StepState) -> None:
    """Returns when the step accepts what it is for; raises `StepNotOpen`, `StepSuspended`, `StepClosed`."""
    check_running(step)
    if step.status == "suspended":
        raise StepSuspended(step.ref)


def check_casting(step: StepState, channel: str) -> None:
    """Returns when ballots of the step may come in through the channel: while it is open, on paper until the keying is closed.

    Raises `StepNotOpen`, `StepSuspended`, `StepClosed`, `PaperNotTaken`, `PaperClosed`.
    """
    if channel != "paper":
        check_open(step)
        return
    if not step.takes_paper:
        raise PaperNotTaken(step.ref)
    if step.opened_seq is None:
        raise StepNotOpen(step.ref)
    if step.paper_closed_seq is not None:
        raise PaperClosed(step.ref)
    if step.status == "suspended":
        raise StepSuspended(step.ref)


def rescheduled_fields(data: facts.StepRescheduled, step: StepState) -> dict[str, str | None]:
    """What follows: the date of each that is replaced, if there was one, and the digest of the rules with the lottery that is named."""
    amended = None if data.lottery is None or step.rules is None else with_lottery(step.rules, data.lottery)
    return {
        "old_opens_at": step.opens_at if data.opens_at is not None else None,
        "old_closes_at": step.closes_at if data.closes_at is not None else None,
        "digest": None if amended is None else rules_digest(amended),
    }


def _admit_planned(event: Event, data: facts.StepPlanned, state: StepState, states: States) -> None:
    if state.status != "unplanned":
        raise StepAlreadyPlanned(data.step)
    if data.kind == "ballot":
        if data.accepts:
            raise OptionUnfit(data.kind, "accepts")
    else:
        for option in ("has_roll", "takes_paper", "agent_may_replace"):
            if getattr(data, option):
                raise OptionUnfit(data.kind, option)
    _check_dates(data.opens_at, data.closes_at, event.at)


def _check_dates(opens_at: str | None, closes_at: str | None, now: str) -> None:
    if closes_at is None:
        return
    if closes_at <= now:
        raise DateNotAhead("closes_at", closes_at, now)
    if opens_at is not None and closes_at <= opens_at:
        raise DatesOutOfOrder(opens_at, closes_at)


def _plan(event: Event, data: facts.StepPlanned, state: StepState, states: States) -> None:
    """The project's list of steps is kept here and where a step ends."""
    state.ref = data.step
    state.kind = data.kind
    state.status = "planned"
    state.opens_at = data.opens_at
    state.closes_at = data.closes_at
    state.accepts = data.accepts
    state.has_roll = data.has_roll
    state.takes_paper = data.takes_paper
    state.agent_may_replace = data.agent_may_replace
    _note_in_project(state, states)


def _admit_rescheduled(event: Event, data: facts.StepRescheduled, state: StepState, states: States) -> None:
    planned_step(states, data.step)
    if state.status == "closed":
        raise StepClosed(data.step)
    if data.opens_at is not None:
        check_not_opened(state)
    opens_at, closes_at = data.opens_at or state.opens_at, data.closes_at or state.closes_at
    if (opens_at, closes_at) == (state.opens_at, state.closes_at):
        raise NothingChanged(event.type)
    rules = moved(data.step, state.rules, data.lottery)
    if data.lottery is not None and rules is not None:
        check_spec(rules)
    for name, expected in rescheduled_fields(data, state).items():
        found = getattr(data, name)
        if found != expected:
            raise FieldDiffers(name, expected, found)
    _check_dates(opens_at, closes_at, event.at)
    check_drawn_after(data.step, rules, closes_at, event.at)


def _reschedule(event: Event, data: facts.StepRescheduled, state: StepState, states: States) -> None:
    state.opens_at = data.opens_at or state.opens_at
    state.closes_at = data.closes_at or state.closes_at
    if data.lottery is not None and state.rules is not None:
        state.rules = state.latest = with_lottery(state.rules, data.lottery)
        state.rules_digest = data.digest


def _admit_suspended(event: Event, data: facts.StepSuspended, state: StepState, states: States) -> None:
    check_open(planned_step(states, data.step))


def _suspend(event: Event, data: facts.StepSuspended, state: StepState, states: States) -> None:
    state.status = "suspended"


def _admit_resumed(event: Event, data: facts.StepResumed, state: StepState, states: States) -> None:
    planned_step(states, data.step)
    if state.status != "suspended":
        raise StepNotSuspended(data.step)


def _resume(event: Event, data: facts.StepResumed, state: StepState, states: States) -> None:
    state.status = "open"


def _admit_closed(event: Event, data: facts.StepClosed, state: StepState, states: States) -> None:
    check_running(planned_step(states, data.step))
    if event.role == "system":
        if state.closes_at is None or event.at < state.closes_at:
            raise NotDue(data.step, event.at, state.closes_at)
    elif state.closes_at is not None:
        raise ClosesByTheClock(data.step, state.closes_at)


def _admit_closed_early(event: Event, data: facts.StepClosedEarly, state: StepState, states: States) -> None:
    planned_step(states, data.step)
    if state.status == "closed":
        raise StepClosed(data.step)
    if state.status == "planned":
        return  # a step that will not take place is closed without ever opening
    if state.closes_at is None:
        raise NotEarly(data.step)
    if event.at >= state.closes_at:
        raise ClosesByTheClock(data.step, state.closes_at)


def _close(event: Event, data: facts.StepClosed | facts.StepClosedEarly, state: StepState, states: States) -> None:
    state.status = "closed"
    state.closed_seq = event.seq
    _note_in_project(state, states)


def _admit_paper_closed(event: Event, data: facts.PaperClosed, state: StepState, states: States) -> None:
    planned_step(states, data.step)
    if not state.takes_paper:
        raise PaperNotTaken(data.step)
    if state.opened_seq is None:
        raise StepNotOpen(data.step)
    if state.paper_closed_seq is not None:
        raise PaperClosed(data.step)


def _close_paper(event: Event, data: facts.PaperClosed, state: StepState, states: States) -> None:
    state.paper_closed_seq = event.seq
    _note_in_project(state, states)


def _note_in_project(step: StepState, states: States) -> None:
    writable_project(states).steps[step.ref] = step.over


LAWS: tuple[Law, ...] = (
    law(facts.StepPlanned, _admit_planned, _plan, StepAlreadyPlanned, OptionUnfit, DateNotAhead, DatesOutOfOrder),
    law(
        facts.StepRescheduled,
        _admit_rescheduled,
        _reschedule,
        StepUnknown,
        StepClosed,
        StepAlreadyOpen,
        NothingChanged,
        LotteryChanged,
        RuleUndefined,
        FieldDiffers,
        DateNotAhead,
        DatesOutOfOrder,
        *WRONG_DATES,
    ),
    law(facts.StepSuspended, _admit_suspended, _suspend, StepUnknown, StepNotOpen, StepClosed, StepSuspended),
    law(facts.StepResumed, _admit_resumed, _resume, StepUnknown, StepNotSuspended),
    law(facts.StepClosed, _admit_closed, _close, StepUnknown, StepNotOpen, StepClosed, NotDue, ClosesByTheClock),
    law(facts.StepClosedEarly, _admit_closed_early, _close, StepUnknown, StepClosed, NotEarly, ClosesByTheClock),
    law(facts.PaperClosed, _admit_paper_closed, _close_paper, StepUnknown, PaperNotTaken, StepNotOpen, PaperClosed),
)
