"""Facts about a project as a whole: who runs it, where, with what money (stream `project`)."""

from typing import Annotated, ClassVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from ledger.events.envelope import EventData, Role
from ledger.ids import Code, Count, Digest, Instant, Minor, Origin, Pseudonym, Ref, Subject, Titles

Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")]
TimeZone = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_+/-]{1,64}$")]


class ScopeKeys(BaseModel):
    """SHA-256 of the keys that make pseudonyms in the scopes that live as long as the project."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")

    author: Digest
    report: Digest


class ProjectEvent(EventData):
    """A fact of the stream `project`."""

    def stream(self, actor: str | None) -> str:
        """`project`: one per log."""
        return "project"


class ProjectOpened(ProjectEvent):
    """The project exists from here on; the client that posted it is its first organizer."""

    TYPE: ClassVar[str] = "project.opened"
    FILLED: ClassVar[frozenset[str]] = frozenset({"scope_keys"})

    title: Titles
    owner: Titles
    languages: Annotated[tuple[Language, ...], Field(min_length=1, max_length=24)]
    currency: Currency
    time_zone: TimeZone
    keys_destroyed_at: Instant
    scope_keys: ScopeKeys | None = None


class ProjectContinued(ProjectEvent):
    """The project goes on here from a log that ended: `checkpoint` is the text of its last checkpoint, three lines, `origin` its name."""

    TYPE: ClassVar[str] = "project.continued"

    origin: Origin
    checkpoint: Annotated[str, StringConstraints(min_length=1, max_length=400, pattern=r"^[^\x00]*$")]
    code: Code


class ProjectDescribed(ProjectEvent):
    """What the project says of itself now; the last one holds."""

    TYPE: ClassVar[str] = "project.described"

    title: Titles | None = None
    description: Titles


class PledgeMade(ProjectEvent):
    """What the authority promises: what is negotiable, what will be done with the outcome, by when."""

    TYPE: ClassVar[str] = "pledge.made"

    negotiable: Titles
    will_be_done: Titles
    by: Instant


class CharterAdopted(ProjectEvent):
    """The charter that binds the process, by the digest of its document."""

    TYPE: ClassVar[str] = "charter.adopted"

    digest: Digest


class RoleGranted(ProjectEvent):
    """A client or a person may act in a role from here on. Exactly one of `client` and `person` is given."""

    TYPE: ClassVar[str] = "role.granted"
    PSEUDONYMISED: ClassVar[dict[str, str]] = {"person": "holder"}

    granted: Role
    client: Ref | None = None
    person: Subject | None = None
    holder: Pseudonym | None = None


class RoleRevoked(ProjectEvent):
    """A client or a person may no longer act in a role."""

    TYPE: ClassVar[str] = "role.revoked"
    PSEUDONYMISED: ClassVar[dict[str, str]] = {"person": "holder"}

    revoked: Role
    client: Ref | None = None
    person: Subject | None = None
    holder: Pseudonym | None = None


class DistrictDefined(ProjectEvent):
    """A district that contributions and envelopes can name."""

    TYPE: ClassVar[str] = "district.defined"

    ref: Ref
    name: Titles
    inhabitants: Count | None = None


class CategoryDefined(ProjectEvent):
    """A category that contributions and envelopes can name."""

    TYPE: ClassVar[str] = "category.defined"

    ref: Ref
    name: Titles


class MotiveDefined(ProjectEvent):
    """A reason for reporting or moderating content that is declared beforehand; `rule_ref` says where the charter has it."""

    TYPE: ClassVar[str] = "motive.defined"

    ref: Code
    name: Titles
    rule_ref: Ref | None = None


class EnvelopeDefined(ProjectEvent):
    """Money set aside: for a district, a category, both, or the whole project."""

    TYPE: ClassVar[str] = "envelope.defined"

    ref: Ref
    amount_minor: Minor
    district: Ref | None = None
    category: Ref | None = None
    min_votes: Count | None = None


class MeetingHeld(ProjectEvent):
    """A meeting took place, with so many people; place and minutes are commitments."""

    TYPE: ClassVar[str] = "meeting.held"
    COMMITTED = {"place": "public", "minutes": "public"}

    ref: Ref
    held_at: Instant
    attendance: Count
    place: Titles | None = None
    minutes: Titles | None = None


class EvaluationPublished(ProjectEvent):
    """An evaluation of the process was published, by the digest of its document."""

    TYPE: ClassVar[str] = "evaluation.published"

    digest: Digest


class GuarantorStated(ProjectEvent):
    """The guarantor of the process made a statement."""

    TYPE: ClassVar[str] = "guarantor.stated"
    COMMITTED = {"text": "public"}

    text: Titles | None = None


class ProjectArchived(ProjectEvent):
    """Nothing more happens in this project."""

    TYPE: ClassVar[str] = "project.archived"
