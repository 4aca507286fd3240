"""No to an event for who posts it, or for what the project as a whole says."""

from dataclasses import dataclass
from typing import ClassVar

from ledger.errors.tree import Refused


@dataclass
class NotPermitted(Refused):
    """The role is not one that may post this event."""

    code: ClassVar[str] = "not-permitted"
    message: ClassVar[str] = "{event_type} may not be posted in the role {role!r}; docs/formats/events.md says which roles may."
    event_type: str
    role: str


@dataclass
class RoleNotHeld(Refused):
    """Nobody who posts the event holds the role that it is posted in."""

    code: ClassVar[str] = "role-not-held"
    message: ClassVar[str] = "Neither the client {client!r} nor the person who acts holds the role {role!r}; an organizer grants it."
    role: str
    client: str


@dataclass
class MandateMissing(Refused):
    """A participant acts for another person and names no mandate."""

    code: ClassVar[str] = "mandate-missing"
    message: ClassVar[str] = "Whoever acts for another person needs a mandate: send mandate_ref, or act in a role that was granted."


@dataclass
class ParticipantMissing(Refused):
    """The event is about a person and names none."""

    code: ClassVar[str] = "participant-missing"
    message: ClassVar[str] = "{event_type} is about a person: send participant."
    event_type: str


@dataclass
class TimeClaimed(Refused):
    """A platform claims a time for a ballot, where only the ledger's own coarse time may stand."""

    code: ClassVar[str] = "time-claimed"
    message: ClassVar[str] = "{event_type} carries no claimed time; leave claimed_at out."
    event_type: str


@dataclass
class StreamDiffers(Refused):
    """The event stands in another stream than its fields say."""

    code: ClassVar[str] = "stream-differs"
    message: ClassVar[str] = "By its fields the event belongs to the stream {expected!r}, not to {found!r}."
    expected: str
    found: str


@dataclass
class VersionDiffers(Refused):
    """The event is not the next one of its stream."""

    code: ClassVar[str] = "version-differs"
    message: ClassVar[str] = "The next event of {stream!r} has version {expected}, not {found}; read the stream again, then post."
    stream: str
    expected: int
    found: int


@dataclass
class FieldDiffers(Refused):
    """A field does not say what follows from the events before."""

    code: ClassVar[str] = "field-differs"
    message: ClassVar[str] = "{field} is {expected!r} by the events before, not {found!r}; leave it out and the ledger fills it."
    field: str
    expected: str | int | None
    found: str | int | None


@dataclass
class FieldMissing(Refused):
    """A field that the ledger fills is not filled, or has nothing to be filled from."""

    code: ClassVar[str] = "field-missing"
    message: ClassVar[str] = "{event_type} cannot be recorded without {field}."
    event_type: str
    field: str


@dataclass
class NothingChanged(Refused):
    """The event would leave everything as it is."""

    code: ClassVar[str] = "nothing-changed"
    message: ClassVar[str] = "{event_type} changes nothing; say in it what becomes different."
    event_type: str


@dataclass
class ProjectNotOpen(Refused):
    """Nothing was recorded yet, and this event is not the opening of the project."""

    code: ClassVar[str] = "project-not-open"
    message: ClassVar[str] = "The project is not open; its first event is project.opened."


@dataclass
class ProjectAlreadyOpen(Refused):
    """The opening of a project is the first entry of its log, and stands there once."""

    code: ClassVar[str] = "project-already-open"
    message: ClassVar[str] = "The project is open already; project.opened is the first entry of a log. Use project.described for changes."


@dataclass
class AlreadyContinued(Refused):
    """The project says already which log it continues."""

    code: ClassVar[str] = "already-continued"
    message: ClassVar[str] = "The project continues {origin!r} already, and takes the place of one log only."
    origin: str


@dataclass
class ContinuedTooLate(Refused):
    """What a project continues is said before anything is planned in it."""

    code: ClassVar[str] = "continued-too-late"
    message: ClassVar[str] = "The project has a step already; which log it continues is said before the first one is planned."


@dataclass
class CheckpointUnfit(Refused):
    """The text is not the last checkpoint of another log."""

    code: ClassVar[str] = "checkpoint-unfit"
    message: ClassVar[str] = "The checkpoint is not the last one of {origin!r}: {why}."
    origin: str
    why: str


@dataclass
class ProjectArchived(Refused):
    """The project is over; nothing more is recorded."""

    code: ClassVar[str] = "project-archived"
    message: ClassVar[str] = "The project is archived and accepts nothing more; open another project."


@dataclass
class StepsNotClosed(Refused):
    """The project cannot be archived while steps of it are not closed."""

    code: ClassVar[str] = "steps-not-closed"
    message: ClassVar[str] = "These steps are not closed: {steps}. Close them (where paper ballots are taken, those too), then archive."
    steps: tuple[str, ...]

    def __str__(self) -> str:
        return self.message.format(steps=", ".join(self.steps))


@dataclass
class RefTaken(Refused):
    """A reference names something already."""

    code: ClassVar[str] = "ref-taken"
    message: ClassVar[str] = "There is a {kind} {ref!r} already; choose another reference."
    kind: str
    ref: str


@dataclass
class DistrictUnknown(Refused):
    """No district of this name was defined."""

    code: ClassVar[str] = "district-unknown"
    message: ClassVar[str] = "There is no district {district!r}; define it with district.defined first."
    district: str


@dataclass
class CategoryUnknown(Refused):
    """No category of this name was defined."""

    code: ClassVar[str] = "category-unknown"
    message: ClassVar[str] = "There is no category {category!r}; define it with category.defined first."
    category: str


@dataclass
class MeetingUnknown(Refused):
    """No meeting of this name was recorded."""

    code: ClassVar[str] = "meeting-unknown"
    message: ClassVar[str] = "There is no meeting {meeting!r}; record it with meeting.held first."
    meeting: str


@dataclass
class RoleNotGrantable(Refused):
    """The role is not one that can be granted, or not to this client."""

    code: ClassVar[str] = "role-not-grantable"
    message: ClassVar[str] = (
        "The role {role!r} cannot be granted here: everybody is a participant, and only the ledger itself is the system."
    )
    role: str


@dataclass
class HolderUnclear(Refused):
    """A role is granted or revoked, and it is not clear whose."""

    code: ClassVar[str] = "holder-unclear"
    message: ClassVar[str] = "{event_type} names either a client or a person: exactly one of the two."
    event_type: str


@dataclass
class RoleAlreadyGranted(Refused):
    """The holder has the role already."""

    code: ClassVar[str] = "role-already-granted"
    message: ClassVar[str] = "{holder!r} holds the role {role!r} already."
    role: str
    holder: str


@dataclass
class RoleNotGranted(Refused):
    """A role is revoked from somebody who does not hold it."""

    code: ClassVar[str] = "role-not-granted"
    message: ClassVar[str] = "{holder!r} does not hold the role {role!r}, so it cannot be revoked."
    role: str
    holder: str


@dataclass
class LastOrganizer(Refused):
    """Without its last organizer the project could never be closed."""

    code: ClassVar[str] = "last-organizer"
    message: ClassVar[str] = "{holder!r} is the project's last organizer; grant the role to another first."
    holder: str
