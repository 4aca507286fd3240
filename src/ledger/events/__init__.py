"""What happened. `EVENTS` lists every event type; a new one is one class in its family's file and one line here."""

from pydantic import TypeAdapter, ValidationError

from ledger.events.ballot import BallotCast, BallotReplaced, BallotWithdrawn
from ledger.events.contribution import ContributionRevised, ContributionSubmitted, ContributionWithdrawn
from ledger.events.envelope import Entry, Event, EventData, Submission
from ledger.events.faults import malformed
from ledger.events.participant import ParticipantDescribed
from ledger.events.project import (
    CategoryDefined,
    CharterAdopted,
    DistrictDefined,
    EnvelopeDefined,
    EvaluationPublished,
    GuarantorStated,
    MeetingHeld,
    PledgeMade,
    ProjectArchived,
    ProjectDescribed,
    ProjectOpened,
    RoleGranted,
    RoleRevoked,
)
from ledger.events.readings import entry_data_model, entry_model, one_of, submission_model
from ledger.events.result import OutcomeOverridden, OutcomePublished, ResultCertified, ResultComputed
from ledger.events.roll import AttendanceMarked, RollListed
from ledger.events.selection import CandidatesListed, CandidatesSealed, ProposalDeselected, ProposalSelected
from ledger.events.step import (
    BallotsDisclosed,
    PaperClosed,
    ResultsEmbargoed,
    RollSealed,
    StepClosed,
    StepClosedEarly,
    StepOpened,
    StepPlanned,
    StepRescheduled,
    StepResumed,
    StepRulesAmended,
    StepRulesSet,
    StepSuspended,
)

EVENTS: tuple[type[EventData], ...] = (
    ProjectOpened,
    ProjectDescribed,
    PledgeMade,
    CharterAdopted,
    RoleGranted,
    RoleRevoked,
    DistrictDefined,
    CategoryDefined,
    EnvelopeDefined,
    MeetingHeld,
    EvaluationPublished,
    GuarantorStated,
    ProjectArchived,
    StepPlanned,
    StepRulesSet,
    StepOpened,
    StepRescheduled,
    StepRulesAmended,
    StepSuspended,
    StepResumed,
    StepClosed,
    StepClosedEarly,
    PaperClosed,
    ResultsEmbargoed,
    RollSealed,
    BallotsDisclosed,
    ContributionSubmitted,
    ContributionRevised,
    ContributionWithdrawn,
    ProposalSelected,
    ProposalDeselected,
    CandidatesListed,
    CandidatesSealed,
    RollListed,
    AttendanceMarked,
    BallotCast,
    BallotReplaced,
    BallotWithdrawn,
    ParticipantDescribed,
    ResultComputed,
    OutcomePublished,
    OutcomeOverridden,
    ResultCertified,
)

BY_TYPE: dict[str, type[EventData]] = {event.wire_type(): event for event in EVENTS}
ENTRY_DATA: dict[str, type[EventData]] = {event.wire_type(): entry_data_model(event) for event in EVENTS}
SUBMISSION: TypeAdapter[Submission] = one_of([submission_model(event) for event in EVENTS])
"""Reads the bytes of one posted submission: `SUBMISSION.validate_json(body)`."""
ENTRY: TypeAdapter[Entry] = one_of([entry_model(event) for event in EVENTS])
"""Reads the bytes of one stored entry."""

__all__ = ["BY_TYPE", "ENTRY", "ENTRY_DATA", "EVENTS", "SUBMISSION", "Entry", "Event", "EventData", "Submission", "malformed", "read_event"]


def read_event(entry: bytes) -> Event:
    """The event that an entry's bytes say. Raises `Malformed` where they say none; that the bytes are canonical is checked elsewhere."""
    try:
        stored = ENTRY.validate_json(entry)
    except ValidationError as error:
        raise malformed(error, "$") from None
    return Event(
        stored.type,
        stored.data,
        stored.stream,
        stored.role,
        stored.channel,
        stored.via,
        stored.log,
        stored.at,
        stored.actor,
        stored.by,
        stored.mandate_ref,
        stored.claimed_at,
        stored.seq,
        stored.version,
    )
