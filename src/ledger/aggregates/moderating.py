"""What is decided about a content, one decision at a time, and who may contest and end it (stream `case/<target>`).

Nothing here asks whether the content still stands: what is withdrawn or merged is still shown, and can still be hidden.
"""

from ledger.aggregates.addressed import existing
from ledger.aggregates.case import CaseState, Decision
from ledger.aggregates.project import check_motive, project_of
from ledger.aggregates.state import Law, States, law, nothing_follows
from ledger.errors import (
    AppealAlreadyLodged,
    AppealMissing,
    AppealNotReversed,
    ArgumentUnknown,
    CaseAlreadyOpen,
    ContributionUnknown,
    DateNotAhead,
    DecisionInForce,
    DecisionMissing,
    DecisionNotExpired,
    JudgeUnfit,
    MotiveUnknown,
    NotTheAuthor,
)
from ledger.events import Event
from ledger.events import case as facts


def acting(event: Event) -> str:
    """Who acts: the person, by their pseudonym as an author; where none is named, the client, as `client:<name>`."""
    return event.by or event.actor or f"client:{event.via}"


def _admit_opened(event: Event, data: facts.CaseOpened, state: CaseState, states: States) -> None:
    existing(states, data.target)
    if state.opened:
        raise CaseAlreadyOpen(data.target)


def _open(event: Event, data: facts.CaseOpened, state: CaseState, states: States) -> None:
    state.opened = True


def _check_undecided(data: facts.CaseEvent, state: CaseState, states: States) -> None:
    existing(states, data.target)
    if state.decision is not None:
        raise DecisionInForce(data.target, state.decision)


def _admit_decision(event: Event, data: facts.ModerationDecision, state: CaseState, states: States) -> None:
    """A decision opens the case where nobody had."""
    _check_undecided(data, state, states)
    check_motive(project_of(states), data.motive)
    if data.until is not None and data.until <= event.at:
        raise DateNotAhead("until", data.until, event.at)


def _decide(event: Event, data: facts.ModerationDecision, state: CaseState, decision: Decision) -> None:
    state.opened = True
    state.decision = decision
    state.motive = data.motive
    state.moderator = acting(event)
    state.until = data.until
    state.appeal = None
    state.stances_counted = data.stances == "counted"


def _hide(event: Event, data: facts.ContentHidden, state: CaseState, states: States) -> None:
    _decide(event, data, state, "hidden")


def _limit(event: Event, data: facts.ContentLimited, state: CaseState, states: States) -> None:
    _decide(event, data, state, "limited_visible" if data.trash == "visible" else "limited_invisible")


def _check_decided(event: Event, data: facts.CaseEvent, state: CaseState, states: States) -> None:
    existing(states, data.target)
    if state.decision is None:
        raise DecisionMissing(data.target, event.type)


def _admit_lodged(event: Event, data: facts.AppealLodged, state: CaseState, states: States) -> None:
    author = existing(states, data.target).author
    if author is None or event.actor != author:
        raise NotTheAuthor(data.target)
    _check_decided(event, data, state, states)
    if state.appeal is not None:
        raise AppealAlreadyLodged(data.target, state.appeal)


def _lodge(event: Event, data: facts.AppealLodged, state: CaseState, states: States) -> None:
    state.appeal = "lodged"


def _admit_appeal_decided(event: Event, data: facts.AppealDecided, state: CaseState, states: States) -> None:
    """Nobody judges in their own matter: neither who made the decision nor who wrote the content."""
    _check_decided(event, data, state, states)
    if state.appeal != "lodged":
        raise AppealMissing(data.target)
    if acting(event) in {state.moderator, existing(states, data.target).author}:
        raise JudgeUnfit(data.target)


def _decide_appeal(event: Event, data: facts.AppealDecided, state: CaseState, states: States) -> None:
    state.appeal = data.outcome


def _admit_restored(event: Event, data: facts.ContentRestored, state: CaseState, states: States) -> None:
    """The reason given is one that is on record, as far as it would be."""
    _check_decided(event, data, state, states)
    if data.because == "appeal" and state.appeal != "reversed":
        raise AppealNotReversed(data.target)
    if data.because == "expired" and state.until is not None and event.at < state.until:
        raise DecisionNotExpired(data.target, state.until, event.at)


def _restore(event: Event, data: facts.ContentRestored, state: CaseState, states: States) -> None:
    state.opened = False
    state.decision = None
    state.stances_counted = True


def _admit_dismissed(event: Event, data: facts.ReportDismissed, state: CaseState, states: States) -> None:
    """Whether there are reports is not asked: each is in a stream of its own."""
    _check_undecided(data, state, states)


def _dismiss(event: Event, data: facts.ReportDismissed, state: CaseState, states: States) -> None:
    state.opened = False


_EXISTS = (ContributionUnknown, ArgumentUnknown)
_DECISION = (*_EXISTS, DecisionInForce, MotiveUnknown, DateNotAhead)
_DECIDED = (*_EXISTS, DecisionMissing)

LAWS: tuple[Law, ...] = (
    law(facts.CaseOpened, _admit_opened, _open, *_EXISTS, CaseAlreadyOpen),
    law(facts.ContentHidden, _admit_decision, _hide, *_DECISION),
    law(facts.ContentLimited, _admit_decision, _limit, *_DECISION),
    law(facts.DecisionNotified, _check_decided, nothing_follows, *_DECIDED),
    law(facts.AppealLodged, _admit_lodged, _lodge, *_DECIDED, NotTheAuthor, AppealAlreadyLodged),
    law(facts.AppealDecided, _admit_appeal_decided, _decide_appeal, *_DECIDED, AppealMissing, JudgeUnfit),
    law(facts.ContentRestored, _admit_restored, _restore, *_DECIDED, AppealNotReversed, DecisionNotExpired),
    law(facts.ReportDismissed, _admit_dismissed, _dismiss, *_EXISTS, DecisionInForce),
)
