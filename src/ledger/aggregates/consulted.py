"""Which streams an event's admission looks at, so that their states can be had before its turn.

`CONSULTED` has one reading for each class of events; the first class that an event's data are of decides.
"""

from collections.abc import Callable
from typing import Any, Final

from ledger.events import EventData
from ledger.events.argument import ArgumentEvent, ArgumentSubmitted
from ledger.events.ballot import BallotCast, BallotEvent
from ledger.events.case import CaseEvent
from ledger.events.clustering import ClusteringEvent
from ledger.events.contribution import (
    ContributionAttached,
    ContributionEvent,
    ContributionRevised,
    ContributionSplitInto,
    ContributionSubmitted,
    MergeEvent,
)
from ledger.events.imported import AggregateRecorded, ImportEvent
from ledger.events.participant import ParticipantDescribed
from ledger.events.privacy import PrivacyEvent, ScopeKeyDestroyed
from ledger.events.report import ReportMade
from ledger.events.result import ResultEvent
from ledger.events.roll import RollEvent
from ledger.events.selection import CandidatesListed, ProposalDeselected, ProposalSelected, SelectionEvent
from ledger.events.stance import StanceCast, StanceEvent
from ledger.events.step import RollSealed, StepEvent, StepOpened
from ledger.events.suspension import ParticipantSuspended, SuspensionEvent
from ledger.events.text import SectionAmended, TextEvent, TextPublished

Streams = tuple[str, ...]


def consults(data: EventData, actor: str | None) -> Streams:
    """The streams whose states `admit` reads, each once.

    Left out is the event's own stream where the event can only be its first: it is taken to be blank, and whoever appends finds out.
    """
    kind = type(data)
    reading = _READINGS.get(kind)
    if reading is None:
        reading = _READINGS[kind] = next((read for of, read in CONSULTED if issubclass(kind, of)), _nothing_else)
    return ("project", *dict.fromkeys(reading(data, actor)))


def _nothing_else(data: EventData, actor: str | None) -> Streams:
    return ()


def _of_step(data: Any, actor: str | None) -> Streams:
    return (f"step/{data.step}", data.stream(actor))


def _of_own(data: EventData, actor: str | None) -> Streams:
    return (data.stream(actor),)


def _ballot(data: BallotEvent, actor: str | None) -> Streams:
    around = (f"step/{data.step}", f"selection/{data.step}", f"roll/{data.step}")
    return around if isinstance(data, BallotCast) else (*around, data.stream(actor))


def _submitted(data: ContributionSubmitted, actor: str | None) -> Streams:
    """The text and the contributions that a new one says it is about; what it is about may be hidden, its author suspended."""
    text = () if data.text is None else (f"text/{data.text}",)
    target = () if data.target is None else (f"case/contribution/{data.target}",)
    refs = (f"contribution/{ref}" for ref in (data.derived_from, data.target, data.reply_to) if ref is not None)
    return (f"step/{data.step}", *_suspended(actor), *text, *target, *refs)


def _revised(data: ContributionRevised | ContributionAttached, actor: str | None) -> Streams:
    own = data.stream(actor)
    return (f"step/{data.step}", own, f"case/{own}", *_suspended(actor))


def _merge(data: MergeEvent, actor: str | None) -> Streams:
    own = data.stream(actor)
    into = f"contribution/{data.into}"
    return (f"step/{data.step}", own, into, f"case/{own}", f"case/{into}")


def _split(data: ContributionSplitInto, actor: str | None) -> Streams:
    own = data.stream(actor)
    return (f"step/{data.step}", own, f"case/{own}", *(f"contribution/{part}" for part in data.parts))


def _contribution(data: ContributionEvent, actor: str | None) -> Streams:
    return (f"step/{data.step}", f"selection/{data.step}", data.stream(actor))


def _argument(data: ArgumentEvent, actor: str | None) -> Streams:
    own = data.stream(actor)
    around = (f"step/{data.step}", *_suspended(actor))
    if not isinstance(data, ArgumentSubmitted):
        return (*around, own, f"case/{own}")
    about = (*around, f"contribution/{data.contribution}", f"case/contribution/{data.contribution}")
    return about if data.parent is None else (*about, f"argument/{data.parent}")


def _stance(data: StanceEvent, actor: str | None) -> Streams:
    around = (f"step/{data.step}", data.target, f"case/{data.target}")
    return around if isinstance(data, StanceCast) else (*around, data.stream(actor))


def _report(data: ReportMade, actor: str | None) -> Streams:
    return (data.target,)


def _suspending(data: SuspensionEvent, actor: str | None) -> Streams:
    target = data.target if isinstance(data, ParticipantSuspended) else None
    return (data.stream(actor),) if target is None else (data.stream(actor), target)


def _case(data: CaseEvent, actor: str | None) -> Streams:
    return (data.target, data.stream(actor))


def _text(data: TextEvent, actor: str | None) -> Streams:
    because = data.because_of if isinstance(data, SectionAmended) else ()
    step = (f"step/{data.step}",) if isinstance(data, TextPublished) and data.step is not None else ()
    return (data.stream(actor), *step, *(f"contribution/{ref}" for ref in because))


def _destroyed(data: ScopeKeyDestroyed, actor: str | None) -> Streams:
    return ("privacy", data.scope) if data.scope.startswith("step/") else ("privacy",)


def _aggregate(data: AggregateRecorded, actor: str | None) -> Streams:
    return (data.stream(actor), data.target)


def _listed(data: CandidatesListed, actor: str | None) -> Streams:
    return (*_of_step(data, actor), *(f"contribution/{candidate.ref}" for candidate in data.items))


def _proposal(data: ProposalSelected | ProposalDeselected, actor: str | None) -> Streams:
    return (*_of_step(data, actor), f"contribution/{data.ref}")


def _opened(data: StepOpened, actor: str | None) -> Streams:
    return (*_of_step(data, actor), f"selection/{data.step}", f"result/{data.step}")


def _roll_sealed(data: RollSealed, actor: str | None) -> Streams:
    return (*_of_step(data, actor), f"roll/{data.step}")


def _result(data: ResultEvent, actor: str | None) -> Streams:
    return (f"step/{data.step}", f"selection/{data.step}", data.stream(actor))


def _suspended(actor: str | None) -> Streams:
    return () if actor is None else (f"suspension/{actor}",)


CONSULTED: Final[tuple[tuple[type[EventData], Callable[[Any, str | None], Streams]], ...]] = (
    (BallotEvent, _ballot),
    (StanceEvent, _stance),
    (ContributionSubmitted, _submitted),
    (ContributionRevised, _revised),
    (ContributionAttached, _revised),
    (MergeEvent, _merge),
    (ContributionSplitInto, _split),
    (ContributionEvent, _contribution),
    (ArgumentEvent, _argument),
    (ReportMade, _report),
    (CaseEvent, _case),
    (SuspensionEvent, _suspending),
    (TextEvent, _text),
    (ClusteringEvent, _of_step),
    (ScopeKeyDestroyed, _destroyed),
    (PrivacyEvent, _of_own),
    (AggregateRecorded, _aggregate),
    (ImportEvent, _of_own),
    (CandidatesListed, _listed),
    (ProposalSelected, _proposal),
    (ProposalDeselected, _proposal),
    (SelectionEvent, _of_step),
    (StepOpened, _opened),
    (RollSealed, _roll_sealed),
    (StepEvent, _of_step),
    (RollEvent, _of_step),
    (ParticipantDescribed, _of_step),
    (ResultEvent, _result),
)
"""The more particular classes first."""

_READINGS: dict[type[EventData], Callable[[Any, str | None], Streams]] = {}
