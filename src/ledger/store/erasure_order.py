"""What somebody asks to be erased, as they post it, and what they are told was erased."""

from dataclasses import dataclass
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from ledger.canonical import parse
from ledger.events import malformed
from ledger.events.privacy import FieldName
from ledger.ids import Code, Count, Ref, Subject, Target


class ErasureOrder(BaseModel):
    """What is to be erased: what a person wrote (`participant`, or several `participants` at once), one content with what was decided about
    it (`target`), or `fields` of one `entry`, all of them where none is named. `ground` is the reason, as a code.

    It follows from the `request` of that name or the order of an `authority`; where neither is named a request is recorded.
    """

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")

    participant: Subject | None = None
    participants: Annotated[tuple[Subject, ...], Field(min_length=1, max_length=1000)] | None = None
    target: Target | None = None
    entry: Count | None = None
    fields: Annotated[tuple[FieldName, ...], Field(min_length=1, max_length=32)] | None = None
    ground: Code
    request: Ref | None = None
    authority: Ref | None = None

    @model_validator(mode="after")
    def _is_one_order(self) -> Self:
        named = [name for name in ("participant", "participants", "target", "entry") if getattr(self, name) is not None]
        if len(named) != 1:
            raise ValueError("name one of participant, participants, target, entry")
        if self.fields is not None and self.entry is None:
            raise ValueError("fields go with an entry")
        if self.request is not None and self.authority is not None:
            raise ValueError("it follows from a request or from an authority, not from both")
        return self

    @property
    def people(self) -> tuple[str, ...]:
        """The participants' references; none where something else is to be erased."""
        return (self.participant,) if self.participant is not None else tuple(dict.fromkeys(self.participants or ()))

    @property
    def extent(self) -> Literal["field", "content", "participant"]:
        """How far it goes, as `erasure.requested` says it."""
        if self.entry is not None:
            return "field"
        return "content" if self.target is not None else "participant"


def read_order(body: bytes) -> ErasureOrder:
    """The order that a JSON document writes. Raises `Malformed` leaves, none of which repeats what was sent."""
    parse(body)
    try:
        return ErasureOrder.model_validate_json(body)
    except ValidationError as error:
        raise malformed(error, "$") from None


@dataclass(frozen=True, slots=True)
class ErasureOutcome:
    """What was erased."""

    project: str
    entries: tuple[tuple[int, tuple[str, ...] | None], ...]
    """Entries, ascending, with the names of the fields; None where all were meant."""
    private: int
    """Texts that were never to be disclosed, and are gone without an event."""
    requests: tuple[str, ...]
    """Requests that were recorded because none was named."""
    epoch: int
    """The epoch that has begun since."""
    scopes_without_key: tuple[str, ...]
    """Scopes in which nobody can find out any more what was whose."""
