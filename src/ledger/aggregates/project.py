"""The project as a whole: who holds which role, which names are defined, which steps there are (stream `project`)."""

from dataclasses import dataclass, field

from ledger.aggregates.state import Law, State, States, law, nothing_follows, nothing_forbids
from ledger.errors import (
    AlreadyContinued,
    CategoryUnknown,
    CheckpointUnfit,
    ContinuedTooLate,
    DistrictUnknown,
    FieldMissing,
    HolderUnclear,
    LastOrganizer,
    MalformedNote,
    MotiveUnknown,
    ProjectAlreadyOpen,
    RefTaken,
    RoleAlreadyGranted,
    RoleNotGrantable,
    RoleNotGranted,
    StepsNotClosed,
)
from ledger.events import Event
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
from ledger.tlog.checkpoint import parse_checkpoint

LEDGER = "ledger"
"""The client name of the ledger itself, which alone acts in the role `system`."""

Holding = tuple[str, str]
"""A role, and who holds it."""


@dataclass(slots=True)
class ProjectState(State):
    """What the project defines. Clients and people are kept apart: a client may be named like a pseudonym."""

    archived: bool = False
    continues: str | None = None
    """Origin of the log that this one takes the place of."""
    clients: set[Holding] = field(default_factory=set)
    people: set[Holding] = field(default_factory=set)
    districts: set[str] = field(default_factory=set)
    categories: set[str] = field(default_factory=set)
    envelopes: set[str] = field(default_factory=set)
    meetings: set[str] = field(default_factory=set)
    motives: set[str] = field(default_factory=set)
    steps: dict[str, bool] = field(default_factory=dict)
    """Every step planned, and whether it is over; folded from the streams of the steps."""
    destroyed: set[str] = field(default_factory=set)
    """Scopes whose key is destroyed; folded from the stream `privacy`."""
    keys_destroyed_at: str = ""
    """When the ledger destroys the keys of scopes that are over, as announced at the opening."""

    def copy(self) -> "ProjectState":
        """See `State.copy`."""
        return ProjectState(
            self.version,
            self.archived,
            self.continues,
            set(self.clients),
            set(self.people),
            set(self.districts),
            set(self.categories),
            set(self.envelopes),
            set(self.meetings),
            set(self.motives),
            dict(self.steps),
            set(self.destroyed),
            self.keys_destroyed_at,
        )

    def holds(self, role: str, client: str, person: str | None) -> bool:
        """True when the client, or the person who acts, holds the role."""
        return (role, client) in self.clients or (person is not None and (role, person) in self.people)

    def is_held(self, role: str) -> bool:
        """True when anybody holds the role."""
        return any(held == role for held, _ in (*self.clients, *self.people))


def project_of(states: States) -> ProjectState:
    """The state of the stream `project`."""
    return states.state("project")  # type: ignore[return-value]  # by AGGREGATES the stream has a state of this class


def writable_project(states: States) -> ProjectState:
    """The state of the stream `project`, to be changed by a fold."""
    return states.writable("project")  # type: ignore[return-value]  # as above


def check_places(project: ProjectState, district: str | None, category: str | None) -> None:
    """Returns when what is named is defined; raises `DistrictUnknown` or `CategoryUnknown`."""
    if district is not None and district not in project.districts:
        raise DistrictUnknown(district)
    if category is not None and category not in project.categories:
        raise CategoryUnknown(category)


def check_motive(project: ProjectState, motive: str) -> None:
    """Returns when the motive was declared; raises `MotiveUnknown`."""
    if motive not in project.motives:
        raise MotiveUnknown(motive)


def _admit_opened(event: Event, data: ProjectOpened, state: ProjectState, states: States) -> None:
    if state.version or event.seq:
        raise ProjectAlreadyOpen
    if data.scope_keys is None:
        raise FieldMissing(event.type, "scope_keys")


def _open(event: Event, data: ProjectOpened, state: ProjectState, states: States) -> None:
    state.clients.add(("organizer", event.via))
    state.keys_destroyed_at = data.keys_destroyed_at


def _admit_continued(event: Event, data: ProjectContinued, state: ProjectState, states: States) -> None:
    if state.continues is not None:
        raise AlreadyContinued(state.continues)
    if state.steps:
        raise ContinuedTooLate
    try:
        last = parse_checkpoint(data.checkpoint)
    except MalformedNote as error:
        raise CheckpointUnfit(data.origin, error.why) from None
    if last.origin != data.origin:
        raise CheckpointUnfit(data.origin, f"it is one of {last.origin!r}")
    if data.origin == event.log:
        raise CheckpointUnfit(data.origin, "this is the log itself")


def _continue(event: Event, data: ProjectContinued, state: ProjectState, states: States) -> None:
    state.continues = data.origin


def _holding(data: RoleGranted | RoleRevoked, state: ProjectState) -> tuple[set[Holding], Holding]:
    """Where the role of this client or person is kept, and as what."""
    role = data.granted if isinstance(data, RoleGranted) else data.revoked
    match data.client, data.holder:
        case str(client), None:
            return state.clients, (role, client)
        case None, str(holder):
            return state.people, (role, holder)
    raise HolderUnclear(data.wire_type())


def _admit_granted(event: Event, data: RoleGranted, state: ProjectState, states: States) -> None:
    held, (role, holder) = _holding(data, state)
    if role in {"participant", "system"} or data.client == LEDGER:
        raise RoleNotGrantable(role)
    if (role, holder) in held:
        raise RoleAlreadyGranted(role, holder)


def _grant(event: Event, data: RoleGranted, state: ProjectState, states: States) -> None:
    held, holding = _holding(data, state)
    held.add(holding)


def _admit_revoked(event: Event, data: RoleRevoked, state: ProjectState, states: States) -> None:
    held, (role, holder) = _holding(data, state)
    if (role, holder) not in held:
        raise RoleNotGranted(role, holder)
    if role == "organizer" and sum(other == role for other, _ in (*state.clients, *state.people)) == 1:
        raise LastOrganizer(holder)


def _revoke(event: Event, data: RoleRevoked, state: ProjectState, states: States) -> None:
    held, holding = _holding(data, state)
    held.remove(holding)


def _admit_district(event: Event, data: DistrictDefined, state: ProjectState, states: States) -> None:
    if data.ref in state.districts:
        raise RefTaken("district", data.ref)


def _define_district(event: Event, data: DistrictDefined, state: ProjectState, states: States) -> None:
    state.districts.add(data.ref)


def _admit_category(event: Event, data: CategoryDefined, state: ProjectState, states: States) -> None:
    if data.ref in state.categories:
        raise RefTaken("category", data.ref)


def _define_category(event: Event, data: CategoryDefined, state: ProjectState, states: States) -> None:
    state.categories.add(data.ref)


def _admit_envelope(event: Event, data: EnvelopeDefined, state: ProjectState, states: States) -> None:
    if data.ref in state.envelopes:
        raise RefTaken("envelope", data.ref)
    check_places(state, data.district, data.category)


def _define_envelope(event: Event, data: EnvelopeDefined, state: ProjectState, states: States) -> None:
    state.envelopes.add(data.ref)


def _admit_meeting(event: Event, data: MeetingHeld, state: ProjectState, states: States) -> None:
    if data.ref in state.meetings:
        raise RefTaken("meeting", data.ref)


def _hold_meeting(event: Event, data: MeetingHeld, state: ProjectState, states: States) -> None:
    state.meetings.add(data.ref)


def _admit_motive(event: Event, data: MotiveDefined, state: ProjectState, states: States) -> None:
    if data.ref in state.motives:
        raise RefTaken("motive", data.ref)


def _define_motive(event: Event, data: MotiveDefined, state: ProjectState, states: States) -> None:
    state.motives.add(data.ref)


def _admit_archived(event: Event, data: ProjectArchived, state: ProjectState, states: States) -> None:
    unfinished = tuple(ref for ref, over in state.steps.items() if not over)
    if unfinished:
        raise StepsNotClosed(unfinished)


def _archive(event: Event, data: ProjectArchived, state: ProjectState, states: States) -> None:
    state.archived = True


LAWS: tuple[Law, ...] = (
    law(ProjectOpened, _admit_opened, _open, ProjectAlreadyOpen, FieldMissing),
    law(ProjectContinued, _admit_continued, _continue, AlreadyContinued, ContinuedTooLate, CheckpointUnfit),
    law(ProjectDescribed, nothing_forbids, nothing_follows),
    law(PledgeMade, nothing_forbids, nothing_follows),
    law(CharterAdopted, nothing_forbids, nothing_follows),
    law(RoleGranted, _admit_granted, _grant, HolderUnclear, RoleNotGrantable, RoleAlreadyGranted),
    law(RoleRevoked, _admit_revoked, _revoke, HolderUnclear, RoleNotGranted, LastOrganizer),
    law(DistrictDefined, _admit_district, _define_district, RefTaken),
    law(CategoryDefined, _admit_category, _define_category, RefTaken),
    law(EnvelopeDefined, _admit_envelope, _define_envelope, RefTaken, DistrictUnknown, CategoryUnknown),
    law(MotiveDefined, _admit_motive, _define_motive, RefTaken),
    law(MeetingHeld, _admit_meeting, _hold_meeting, RefTaken),
    law(EvaluationPublished, nothing_forbids, nothing_follows),
    law(GuarantorStated, nothing_forbids, nothing_follows),
    law(ProjectArchived, _admit_archived, _archive, StepsNotClosed),
)
