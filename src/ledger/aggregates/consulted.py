"""Which streams an event's admission looks at, so that their states can be had before its turn."""

from ledger.events import EventData
from ledger.events.ballot import BallotCast, BallotEvent
from ledger.events.contribution import ContributionEvent, ContributionSubmitted
from ledger.events.participant import ParticipantDescribed
from ledger.events.result import ResultEvent
from ledger.events.roll import RollEvent
from ledger.events.selection import CandidatesListed, ProposalDeselected, ProposalSelected, SelectionEvent
from ledger.events.step import RollSealed, StepEvent, StepOpened


def consults(data: EventData, actor: str | None) -> tuple[str, ...]:
    """The streams whose states `admit` reads, each once.

    Left out is the event's own stream where the event can only be its first: it is taken to be blank, and whoever appends finds out.
    """
    match data:
        case BallotEvent():
            around = ("project", f"step/{data.step}", f"selection/{data.step}", f"roll/{data.step}")
            return around if isinstance(data, BallotCast) else (*around, data.stream(actor))
        case ContributionSubmitted():
            origin = () if data.derived_from is None else (f"contribution/{data.derived_from}",)
            return ("project", f"step/{data.step}", *origin)
        case ContributionEvent():
            return ("project", f"step/{data.step}", f"selection/{data.step}", data.stream(actor))
        case SelectionEvent():
            return ("project", f"step/{data.step}", data.stream(actor), *_contributions(data))
        case StepEvent():
            return ("project", data.stream(actor), *_prepared(data))
        case RollEvent() | ParticipantDescribed():
            return ("project", f"step/{data.step}", data.stream(actor))
        case ResultEvent():
            return ("project", f"step/{data.step}", f"selection/{data.step}", data.stream(actor))
    return ("project",)


def _contributions(data: SelectionEvent) -> tuple[str, ...]:
    match data:
        case CandidatesListed():
            return tuple(dict.fromkeys(f"contribution/{candidate.ref}" for candidate in data.items))
        case ProposalSelected() | ProposalDeselected():
            return (f"contribution/{data.ref}",)
    return ()


def _prepared(data: StepEvent) -> tuple[str, ...]:
    match data:
        case StepOpened():
            return (f"selection/{data.step}",)
        case RollSealed():
            return (f"roll/{data.step}",)
    return ()
