"""Which roles may post which event, and who holds a role. A role is necessary, not sufficient: each law has conditions of its own."""

from typing import Final

from ledger.aggregates.project import LEDGER, ProjectState
from ledger.errors import MandateMissing, NotPermitted, RoleNotHeld
from ledger.events import Event
from ledger.events.envelope import Role

_ORGANIZER: Final[frozenset[Role]] = frozenset({"organizer"})
_CLOCK: Final[frozenset[Role]] = frozenset({"organizer", "system"})
_AUTHORS: Final[frozenset[Role]] = frozenset({"participant", "agent", "organizer"})
_MODERATED: Final[frozenset[Role]] = frozenset({"participant", "agent", "organizer", "moderator"})
_MODERATORS: Final[frozenset[Role]] = frozenset({"organizer", "moderator"})
_JUDGES: Final[frozenset[Role]] = frozenset({"organizer", "moderator", "guarantor"})
_DRAWING: Final[frozenset[Role]] = frozenset({"organizer", "agent", "guarantor", "auditor"})
_VOTERS: Final[frozenset[Role]] = frozenset({"participant", "agent"})

PERMITTED: Final[dict[str, frozenset[Role]]] = {
    "project.opened/1": _ORGANIZER,
    "project.continued/1": _ORGANIZER,
    "project.described/1": _ORGANIZER,
    "pledge.made/1": _ORGANIZER,
    "charter.adopted/1": _ORGANIZER,
    "role.granted/1": _ORGANIZER,
    "role.revoked/1": _ORGANIZER,
    "district.defined/1": _ORGANIZER,
    "category.defined/1": _ORGANIZER,
    "envelope.defined/1": _ORGANIZER,
    "meeting.held/1": frozenset({"organizer", "moderator", "agent"}),
    "evaluation.published/1": frozenset({"organizer", "guarantor", "auditor"}),
    "guarantor.stated/1": frozenset({"guarantor"}),
    "project.archived/1": _ORGANIZER,
    "step.planned/1": _ORGANIZER,
    "step.rules_set/1": _ORGANIZER,
    "step.rules_set/2": _ORGANIZER,
    "step.opened/1": _CLOCK,
    "step.rescheduled/1": _ORGANIZER,
    "step.rescheduled/2": _ORGANIZER,
    "step.rules_amended/1": _ORGANIZER,
    "step.rules_amended/2": _ORGANIZER,
    "step.suspended/1": _ORGANIZER,
    "step.resumed/1": _ORGANIZER,
    "step.closed/1": _CLOCK,
    "step.closed_early/1": _ORGANIZER,
    "paper.closed/1": _ORGANIZER,
    "results.embargoed/1": _ORGANIZER,
    "roll.sealed/1": _ORGANIZER,
    "ballots.disclosed/1": _CLOCK,
    "motive.defined/1": _MODERATORS,
    "step.stances_set/1": _ORGANIZER,
    "text.published/1": _ORGANIZER,
    "section.added/1": _ORGANIZER,
    "section.amended/1": _ORGANIZER,
    "text.adopted/1": _ORGANIZER,
    "contribution.submitted/1": _MODERATED,
    "contribution.submitted/2": _MODERATED,
    "contribution.revised/1": _AUTHORS,
    "contribution.withdrawn/1": _MODERATED,
    "contribution.formalised_with/1": frozenset({"organizer", "moderator", "agent"}),
    "contribution.merge_proposed/1": _MODERATED,
    "contribution.merge_accepted/1": _AUTHORS,
    "contribution.merge_refused/1": _AUTHORS,
    "contribution.merged_into/1": _MODERATORS,
    "contribution.split_into/1": _MODERATED,
    "contribution.attached/1": _MODERATED,
    "contribution.answered/1": _ORGANIZER,
    "argument.submitted/1": _MODERATED,
    "argument.revised/1": _AUTHORS,
    "argument.withdrawn/1": _MODERATED,
    "stance.cast/1": _VOTERS,
    "stance.changed/1": _VOTERS,
    "stance.withdrawn/1": _VOTERS,
    "stance.explained/1": _VOTERS,
    "clusters.listed/1": _ORGANIZER,
    "clusters.sealed/1": _ORGANIZER,
    "report.made/1": _VOTERS,
    "case.opened/1": _MODERATORS,
    "content.hidden/1": _MODERATORS,
    "content.limited/1": _MODERATORS,
    "decision.notified/1": _MODERATORS,
    "appeal.lodged/1": _VOTERS,
    "appeal.decided/1": _JUDGES,
    "content.restored/1": _JUDGES,
    "report.dismissed/1": _MODERATORS,
    "participant.suspended/1": _MODERATORS,
    "participant.readmitted/1": _JUDGES,
    "erasure.requested/1": _AUTHORS,
    "content.erased/1": _ORGANIZER,
    "entry.redacted/1": _ORGANIZER,
    "scope_key.destroyed/1": _CLOCK,
    "legal_hold.placed/1": frozenset({"organizer", "guarantor"}),
    "legal_hold.lifted/1": frozenset({"organizer", "guarantor"}),
    "import.started/1": _ORGANIZER,
    "aggregate.recorded/1": _ORGANIZER,
    "import.finished/1": _ORGANIZER,
    "proposal.selected/1": _ORGANIZER,
    "proposal.deselected/1": _ORGANIZER,
    "candidates.listed/1": _ORGANIZER,
    "candidates.sealed/1": _ORGANIZER,
    "roll.listed/1": _ORGANIZER,
    "attendance.marked/1": frozenset({"organizer", "agent"}),
    "ballot.cast/1": _VOTERS,
    "ballot.replaced/1": _VOTERS,
    "ballot.withdrawn/1": _VOTERS,
    "participant.described/1": _AUTHORS,
    "lottery.committed/1": _DRAWING,
    "lottery.revealed/1": _DRAWING,
    "result.computed/1": _CLOCK,
    "outcome.published/1": _ORGANIZER,
    "outcome.overridden/1": _ORGANIZER,
    "result.certified/1": frozenset({"organizer", "guarantor"}),
    "result.certified/2": frozenset({"organizer", "guarantor"}),
}


def check_permission(event: Event, project: ProjectState) -> None:
    """Returns when the role may post the event and is held; raises `NotPermitted`, `RoleNotHeld`, `MandateMissing`.

    Everybody is a participant. The ledger alone is the system. Any other role is held by the client that posts, or by the person who acts
    (the agent, where there is one; being represented by somebody lends them no role).
    """
    role = event.role
    if not project.version:
        if role != "organizer" or event.via == LEDGER:  # of the opening, which makes its client the first organizer
            raise NotPermitted(event.type, role)
        return
    if role not in PERMITTED[event.type]:
        raise NotPermitted(event.type, role)
    if role == "participant":
        if event.by is not None and event.mandate_ref is None:
            raise MandateMissing
        if event.via == LEDGER:
            raise RoleNotHeld(role, event.via)
    elif (role == "system") != (event.via == LEDGER) or (role != "system" and not project.holds(role, event.via, event.by or event.actor)):
        raise RoleNotHeld(role, event.via)
