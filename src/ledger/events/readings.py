"""The two readings of every event type: as a submission of a platform, and as an entry of the log.

Both are derived from the one declaration. A submission may not give what only the ledger writes (`_sd`, `members`);
an entry may not hold what must not stand in clear (committed fields, subjects). That what the ledger fills is there and
right is checked by `admit`, which knows what is right.
"""

from collections.abc import Sequence
from typing import Annotated, Any, Literal, TypeVar, Union

from pydantic import BaseModel, Field, TypeAdapter, create_model

from ledger.events.ballot import BallotChoices
from ledger.events.envelope import Entry, EventData, Submission
from ledger.ids import Digest

M = TypeVar("M", bound=BaseModel)


def submission_data_model(event: type[EventData]) -> type[EventData]:
    """The model of this type's `data` as it is posted."""
    absent: dict[str, Any] = {"sd": (None, None)}
    for filled in event.PSEUDONYMISED.values():
        absent[filled] = (None, None)
    return create_model(f"{event.__name__}Posted", __base__=event, __doc__=event.__doc__, **absent)


def submission_model(event: type[EventData]) -> type[Submission]:
    """The model of a posted submission of this type."""
    data = submission_data_model(event)
    return create_model(
        f"Post{event.__name__}", __base__=Submission, __doc__=event.__doc__, type=(_only(event.wire_type()), ...), data=(data, ...)
    )


def entry_data_model(event: type[EventData]) -> type[EventData]:
    """The model of this type's `data` as it stands in an entry."""
    changed: dict[str, Any] = {}
    for name in (*event.COMMITTED, *event.PSEUDONYMISED, *event.POSTED_ONLY):
        changed[name] = (None, None)
    count = len(event.COMMITTED)
    if issubclass(event, BallotChoices):
        changed["sd"] = (Annotated[tuple[Digest, ...], Field(min_length=1, max_length=1)] | None, Field(default=None, alias="_sd"))
    elif count:
        changed["sd"] = (Annotated[tuple[Digest, ...], Field(min_length=count, max_length=count)], Field(alias="_sd"))
    else:
        changed["sd"] = (None, None)
    return create_model(f"{event.__name__}Entry", __base__=event, __doc__=event.__doc__, **changed)


def entry_model(event: type[EventData]) -> type[Entry]:
    """The model of a stored event of this type, envelope included."""
    return create_model(
        f"Stored{event.__name__}",
        __base__=Entry,
        __doc__=event.__doc__,
        type=(_only(event.wire_type()), ...),
        data=(entry_data_model(event), ...),
    )


def one_of(models: Sequence[type[M]]) -> TypeAdapter[M]:
    """The reader of whichever of these models the key `type` names."""
    union: Any = Union[tuple(models)]  # noqa: UP007 - the members are known only at run time
    return TypeAdapter(Annotated[union, Field(discriminator="type")])


def _only(word: str) -> Any:
    """The type that has this one value."""
    return Literal[word]
