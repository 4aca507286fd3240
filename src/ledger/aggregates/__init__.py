"""What may happen. `admit` says whether an event may be recorded after those before it, `evolve` what it changes; nothing else decides.

`FAMILIES` lists every family of laws; a new event type is one law in its family's file. The service asks `admit` before it appends, the
auditor asks it again about every entry of an export.
"""

from typing import Final

from ledger.aggregates import (
    answering,
    arguing,
    ballot,
    clustering,
    contributing,
    disclosure,
    imported,
    lottery,
    merging,
    moderating,
    opening,
    participant,
    privacy,
    project,
    report,
    result,
    roll,
    selection,
    stance,
    stances_set,
    step,
    step_rules,
    suspending,
    text,
    withdrawal,
)
from ledger.aggregates.aggregates import AGGREGATES, Aggregate, Aggregates, blank, is_shared
from ledger.aggregates.argument import ArgumentState
from ledger.aggregates.ballot import BallotState
from ledger.aggregates.case import CaseState
from ledger.aggregates.choices import check_choices
from ledger.aggregates.consulted import consults
from ledger.aggregates.contribution import ContributionState
from ledger.aggregates.digests import candidates_digest, roll_root, rules_digest
from ledger.aggregates.filling import filled
from ledger.aggregates.participant import ParticipantState
from ledger.aggregates.permissions import PERMITTED, check_permission
from ledger.aggregates.privacy import PRIVACY, PrivacyState, check_scopes
from ledger.aggregates.project import LEDGER, ProjectState
from ledger.aggregates.result import ResultState
from ledger.aggregates.roll import RollState
from ledger.aggregates.selection import SelectionState
from ledger.aggregates.state import Law, State, nothing_follows
from ledger.aggregates.step import StepState
from ledger.errors import ProjectArchived, ProjectNotOpen, StreamDiffers, VersionDiffers
from ledger.events import Event

FAMILIES: Final = (
    project,
    step,
    step_rules,
    stances_set,
    opening,
    disclosure,
    text,
    contributing,
    answering,
    withdrawal,
    merging,
    arguing,
    stance,
    clustering,
    report,
    moderating,
    suspending,
    privacy,
    imported,
    selection,
    roll,
    ballot,
    participant,
    lottery,
    result,
)

LAWS: Final[dict[str, Law]] = {wire_type: law for family in FAMILIES for law in family.LAWS for wire_type in law.event.wire_types()}
"""Wire type → law; every event type has one, and an earlier schema that of the present one."""

_ADMIT: Final = {wire_type: law.admit for wire_type, law in LAWS.items()}
_EVOLVE: Final = {wire_type: law.evolve for wire_type, law in LAWS.items()}

_OPENING: Final = "project.opened/1"


def admit(event: Event, aggregates: Aggregates) -> None:
    """Returns when the event may be recorded; raises the refusal, a leaf of `Refused` (or `RuleUndefined`), otherwise. Changes nothing.

    The event has its `seq` and `version`. Of committed fields nothing is read, so that nothing erased later can change the answer.
    """
    data = event.data
    stream = event.stream
    if stream != data.stream(event.actor):
        raise StreamDiffers(data.stream(event.actor), stream)
    project_state = aggregates.project
    if not project_state.version:
        if event.type != _OPENING:
            raise ProjectNotOpen
    elif project_state.archived and stream != PRIVACY:
        raise ProjectArchived
    if project_state.destroyed:
        check_scopes(event, project_state.destroyed)
    check_permission(event, project_state)
    state = aggregates.state(stream)
    _ADMIT[event.type](event, data, state, aggregates)
    if event.version != state.version + 1:
        raise VersionDiffers(stream, state.version + 1, event.version)


def evolve(aggregates: Aggregates, event: Event) -> None:
    """The states are those after the event, which was admitted."""
    state = aggregates.writable(event.stream)
    _EVOLVE[event.type](event, event.data, state, aggregates)
    state.version = event.version


def pass_over(aggregates: Aggregates, stream: str, version: int) -> None:
    """The states are those after a redacted entry: it counts as that version of its stream, and says nothing else."""
    aggregates.writable(stream).version = version


def tells_nothing(wire_type: str) -> bool:
    """True when no state depends on what an event of this type says, so that it is known as well without it."""
    return _EVOLVE[wire_type] is nothing_follows


__all__ = [
    "AGGREGATES",
    "FAMILIES",
    "LAWS",
    "LEDGER",
    "PERMITTED",
    "PRIVACY",
    "Aggregate",
    "Aggregates",
    "ArgumentState",
    "BallotState",
    "CaseState",
    "ContributionState",
    "Law",
    "ParticipantState",
    "PrivacyState",
    "ProjectState",
    "ResultState",
    "RollState",
    "SelectionState",
    "State",
    "StepState",
    "admit",
    "blank",
    "candidates_digest",
    "check_choices",
    "consults",
    "evolve",
    "filled",
    "is_shared",
    "pass_over",
    "roll_root",
    "rules_digest",
    "tells_nothing",
]
