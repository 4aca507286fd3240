"""What happened. `EVENTS` lists every event type; a new one is one class in its family's file and one line here;
a changed one is a new schema of its class, and its earlier schema a line in `upcasts`."""

from collections.abc import Mapping

from pydantic import TypeAdapter, ValidationError

from ledger.events.argument import ArgumentRevised, ArgumentSubmitted, ArgumentWithdrawn
from ledger.events.ballot import BallotCast, BallotReplaced, BallotWithdrawn
from ledger.events.case import (
    AppealDecided,
    AppealLodged,
    CaseOpened,
    ContentHidden,
    ContentLimited,
    ContentRestored,
    DecisionNotified,
    ReportDismissed,
)
from ledger.events.clustering import ClustersListed, ClustersSealed
from ledger.events.contribution import (
    ContributionAnswered,
    ContributionAttached,
    ContributionFormalisedWith,
    ContributionMergeAccepted,
    ContributionMergedInto,
    ContributionMergeProposed,
    ContributionMergeRefused,
    ContributionRevised,
    ContributionSplitInto,
    ContributionSubmitted,
    ContributionWithdrawn,
)
from ledger.events.envelope import Entry, Event, EventData, Submission, Visibility
from ledger.events.faults import malformed
from ledger.events.imported import AggregateRecorded, ImportFinished, ImportStarted
from ledger.events.lottery import LotteryCommitted, LotteryRevealed
from ledger.events.participant import ParticipantDescribed
from ledger.events.privacy import ContentErased, EntryRedacted, ErasureRequested, LegalHoldLifted, LegalHoldPlaced, ScopeKeyDestroyed
from ledger.events.project import (
    CategoryDefined,
    CharterAdopted,
    DistrictDefined,
    EnvelopeDefined,
    EvaluationPublished,
    GuarantorStated,
    MeetingHeld,
    MotiveDefined,
    PledgeMade,
    ProjectArchived,
    ProjectContinued,
    ProjectDescribed,
    ProjectOpened,
    RoleGranted,
    RoleRevoked,
)
from ledger.events.readings import entry_data_model, entry_model, one_of, submission_data_model, submission_model
from ledger.events.report import ReportMade
from ledger.events.result import OutcomeOverridden, OutcomePublished, ResultCertified, ResultComputed
from ledger.events.roll import AttendanceMarked, RollListed
from ledger.events.selection import CandidatesListed, CandidatesSealed, ProposalDeselected, ProposalSelected
from ledger.events.stance import StanceCast, StanceChanged, StanceExplained, StanceWithdrawn
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
    StepStancesSet,
    StepSuspended,
)
from ledger.events.suspension import ParticipantReadmitted, ParticipantSuspended
from ledger.events.text import SectionAdded, SectionAmended, TextAdopted, TextPublished
from ledger.events.upcasts import UPCASTS

EVENTS: tuple[type[EventData], ...] = (
    ProjectOpened,
    ProjectContinued,
    ProjectDescribed,
    PledgeMade,
    CharterAdopted,
    RoleGranted,
    RoleRevoked,
    DistrictDefined,
    CategoryDefined,
    MotiveDefined,
    EnvelopeDefined,
    MeetingHeld,
    EvaluationPublished,
    GuarantorStated,
    ProjectArchived,
    StepPlanned,
    StepRulesSet,
    StepStancesSet,
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
    TextPublished,
    SectionAdded,
    SectionAmended,
    TextAdopted,
    ContributionSubmitted,
    ContributionRevised,
    ContributionWithdrawn,
    ContributionFormalisedWith,
    ContributionMergeProposed,
    ContributionMergeAccepted,
    ContributionMergeRefused,
    ContributionMergedInto,
    ContributionSplitInto,
    ContributionAttached,
    ContributionAnswered,
    ArgumentSubmitted,
    ArgumentRevised,
    ArgumentWithdrawn,
    StanceCast,
    StanceChanged,
    StanceWithdrawn,
    StanceExplained,
    ClustersListed,
    ClustersSealed,
    ReportMade,
    CaseOpened,
    ContentHidden,
    ContentLimited,
    DecisionNotified,
    AppealLodged,
    AppealDecided,
    ContentRestored,
    ReportDismissed,
    ParticipantSuspended,
    ParticipantReadmitted,
    ErasureRequested,
    ContentErased,
    EntryRedacted,
    ScopeKeyDestroyed,
    LegalHoldPlaced,
    LegalHoldLifted,
    ImportStarted,
    AggregateRecorded,
    ImportFinished,
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
    LotteryCommitted,
    LotteryRevealed,
    ResultComputed,
    OutcomePublished,
    OutcomeOverridden,
    ResultCertified,
)

BY_TYPE: dict[str, type[EventData]] = {event.wire_type(): event for event in EVENTS}
"""Wire type → class, of the present schemas."""
ENTRY_DATA: dict[str, type[EventData]] = {event.wire_type(): entry_data_model(event) for event in EVENTS}
_FORMER: list[type[EventData]] = [upcast.former for upcast in UPCASTS.values()]
_POSTED_DATA: dict[str, type[EventData]] = {event.wire_type(): submission_data_model(event) for event in EVENTS}
COMMITTED: dict[str, Mapping[str, Visibility]] = {event.wire_type(): event.COMMITTED for event in (*EVENTS, *_FORMER)}
"""Wire type, earlier schemas too → the fields committed to in its entries, and when each is disclosed."""
BY_THE_HOUR: frozenset[str] = frozenset(event.wire_type() for event in EVENTS if event.BY_THE_HOUR)
"""Wire types whose time is floored to the hour in every role; that of other events is where a participant posts them."""
SUBMISSION: TypeAdapter[Submission] = one_of([submission_model(event) for event in (*EVENTS, *_FORMER)])
"""Reads the bytes of one posted submission: `SUBMISSION.validate_json(body)`. One of an earlier schema: see `present_submission`."""
ENTRY: TypeAdapter[Entry] = one_of([entry_model(event) for event in (*EVENTS, *_FORMER)])
"""Reads the bytes of one stored entry."""

__all__ = [
    "BY_THE_HOUR",
    "BY_TYPE",
    "COMMITTED",
    "ENTRY",
    "ENTRY_DATA",
    "EVENTS",
    "SUBMISSION",
    "Entry",
    "Event",
    "EventData",
    "Submission",
    "malformed",
    "present_submission",
    "read_event",
]


def present_submission(posted: Submission) -> Submission:
    """The submission in the present schema of its type: what a client of an earlier one posts is recorded as the present one."""
    upcast = UPCASTS.get(posted.type)
    if upcast is None:
        return posted
    wire_type = upcast.present.wire_type()
    return posted.model_copy(update={"type": wire_type, "data": upcast.read(posted.data, _POSTED_DATA[wire_type])})


def read_event(entry: bytes) -> Event:
    """The event that an entry's bytes say. Raises `Malformed` where they say none; that the bytes are canonical is checked elsewhere.

    Its `type` is the one stored; its data are those of the present schema.
    """
    try:
        stored = ENTRY.validate_json(entry)
    except ValidationError as error:
        raise malformed(error, "$") from None
    data = stored.data
    upcast = UPCASTS.get(stored.type)
    if upcast is not None:
        data = upcast.read(data, ENTRY_DATA[upcast.present.wire_type()])
    return Event(
        stored.type,
        data,
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
