"""The file as it stands: one opinion per line, with its section, its arguments, its sources and some of its voters."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from ledger.canonical import parse
from ledger.errors import ForeignFileDamaged, Malformed
from ledger.ids import Count

_EARLIEST = 1970


def moment_of(text: str) -> datetime:
    """The moment that a time of the file names; raises `ValueError`."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S%z")


def _is_time(text: str) -> str:
    if moment_of(text).year < _EARLIEST:
        raise ValueError("no consultation was held then")
    return text


Time = Annotated[str, AfterValidator(_is_time)]


class Foreign(BaseModel):
    """An object of the file. What it has beyond these fields is in `model_extra`, and left out."""

    model_config = ConfigDict(frozen=True, strict=True, extra="allow")


class Author(Foreign):
    """Who wrote, under a pseudonym of the file."""

    pseudonym: Annotated[str, Field(min_length=1, max_length=256)]
    is_government: bool = False


class Section(Foreign):
    """A section of the bill: `title` is its number, `subtitle` what it is about."""

    id: Count
    title: str
    subtitle: str | None = None


class Source(Foreign):
    """A source that somebody gave for an opinion."""

    id: Count
    title: str | None = None
    link: str | None = None
    body: str | None = None
    category: str | None = None
    created_at: Time
    author: Author | None = None
    votes_count: Count


class Argument(Foreign):
    """An argument: `type` 1 is for, 0 is against."""

    id: Count
    body: str
    type: Literal[0, 1]
    created_at: Time
    author: Author | None = None
    votes_count: Count
    is_enabled: bool = True
    is_trashed: bool = False


class Voter(Foreign):
    """Somebody who voted; the file does not say what."""


class Opinion(Foreign):
    """A line of the file. Votes are counted, and only some of the voters named."""

    id: Count
    title: str
    body: str | None = None
    created_at: Time
    updated_at: Time | None = None
    author: Author | None = None
    type: Section
    is_trashed: bool = False
    votes_total: Count
    votes_ok: Count
    votes_mitige: Count
    votes_nok: Count
    arguments_count: Count
    arguments_yes_count: Count
    arguments_no_count: Count
    sources_count: Count
    versions_count: Count
    arguments: tuple[Argument, ...] = ()
    sources: tuple[Source, ...] = ()
    votes: tuple[Voter, ...] = ()


def read_opinions(content: bytes, name: str) -> list[tuple[int, Opinion]]:
    """Each opinion with its line. Raises `ForeignFileDamaged` with the line where it is not such a file, before anything is imported."""
    read: list[tuple[int, Opinion]] = []
    for line, text in enumerate(content.removeprefix(b"\xef\xbb\xbf").split(b"\n"), 1):
        if text.strip():
            read.append((line, _opinion(text, f"{name}:{line}")))
    if not read:
        raise ForeignFileDamaged(name, "holds no opinion")
    return read


def _opinion(text: bytes, place: str) -> Opinion:
    try:
        parse(text)
        return Opinion.model_validate_json(text)
    except Malformed as error:
        raise ForeignFileDamaged(place, str(error)) from None
    except ValidationError as error:
        first = error.errors()[0]
        raise ForeignFileDamaged(f"{place}: {'.'.join(str(part) for part in first['loc'])}", first["msg"]) from None
