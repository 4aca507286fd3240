"""A `.pb` file as it stands: META, PROJECTS and VOTES, each row with its line. Nothing is judged but the form.

Format: https://pabulib.org/format; three sections, each a name on a line of its own, a header, and rows separated by semicolons.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from io import StringIO
from pathlib import Path

from ledger.errors import ForeignFileDamaged, ForeignFileUnsupported

SECTIONS = ("META", "PROJECTS", "VOTES")
VOTE_TYPES = ("approval", "choose-1", "cumulative", "ordinal", "scoring")
_LONGEST_FIELD = 1 << 20
_GREATEST = 10**12


@dataclass(frozen=True, slots=True)
class PbProject:
    """A line of PROJECTS. `cost` is in major units, as written."""

    line: int
    id: str
    cost: Decimal
    columns: dict[str, str]


@dataclass(frozen=True, slots=True)
class PbVote:
    """A line of VOTES: `choices` as ids in the order of the file, `points` beside them where the vote type has any."""

    line: int
    voter: str
    choices: tuple[str, ...]
    points: tuple[str, ...]
    columns: dict[str, str]


@dataclass(slots=True)
class PbFile:
    """A whole file. `meta` keeps the text of every key; its numbers are read where they are used."""

    name: str
    meta: dict[str, str] = field(default_factory=dict)
    projects: list[PbProject] = field(default_factory=list)
    votes: list[PbVote] = field(default_factory=list)

    def amount(self, key: str) -> Decimal | None:
        """An amount of META, or None where the key is absent or empty."""
        text = self.meta.get(key, "").strip()
        return _number(text, f"{self.name}: META {key}") if text else None

    def whole(self, key: str) -> int | None:
        """A whole number of META, which may be negative, or None where the key is absent or empty."""
        text = self.meta.get(key, "").strip()
        if not text:
            return None
        number = _number(text, f"{self.name}: META {key}", least=-_GREATEST)
        if number != number.to_integral_value():
            raise ForeignFileDamaged(f"{self.name}: META {key}", f"{number} is not a whole number")
        return int(number)

    @property
    def vote_type(self) -> str:
        """One of `VOTE_TYPES`."""
        return self.meta["vote_type"]


def read_pb(path: Path) -> PbFile:
    """The file's content. Raises `ForeignFileDamaged` with the line where it is not a `.pb` file, before anything is imported."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ForeignFileDamaged(path.name, f"byte {error.start} is not UTF-8") from None
    except OSError as error:
        raise ForeignFileDamaged(str(path), f"cannot be read ({error.strerror})") from None
    if "\0" in text:
        raise ForeignFileDamaged(path.name, "holds a NUL character")
    file = PbFile(path.name)
    headers: dict[str, list[str]] = {}
    for section, line, row in _rows(text, path.name):
        if section not in headers:
            headers[section] = _header(section, row, f"{path.name}:{line}")
        elif section == "META":
            _meta(file, row, line)
        elif section == "PROJECTS":
            file.projects.append(_project(_columns(headers[section], row, f"{path.name}:{line}"), line, path.name))
        else:
            file.votes.append(_vote(_columns(headers[section], row, f"{path.name}:{line}"), line, path.name))
    _check(file, headers)
    return file


def _rows(text: str, name: str) -> Iterator[tuple[str, int, list[str]]]:
    csv.field_size_limit(_LONGEST_FIELD)
    reader = csv.reader(StringIO(text, newline=""), delimiter=";")
    section = ""
    try:
        for row in reader:
            line = reader.line_num
            if not row or (len(row) == 1 and not row[0].strip()):
                continue
            if len(row) == 1 and row[0].strip().upper() in SECTIONS:
                section = row[0].strip().upper()
            elif not section:
                raise ForeignFileDamaged(f"{name}:{line}", "a .pb file begins with the line META")
            else:
                yield section, line, row
    except csv.Error as error:
        raise ForeignFileDamaged(f"{name}:{reader.line_num}", str(error)) from None


def _header(section: str, row: list[str], place: str) -> list[str]:
    header = [column.strip() for column in row]
    needed = {"META": (), "PROJECTS": ("project_id", "cost"), "VOTES": ("voter_id", "vote")}[section]
    for column in needed:
        if column not in header:
            raise ForeignFileDamaged(place, f"{section} has no column {column}")
    if len(set(header)) != len(header):
        raise ForeignFileDamaged(place, f"{section} names a column twice")
    return header


def _columns(header: list[str], row: list[str], place: str) -> dict[str, str]:
    if len(row) > len(header):
        raise ForeignFileDamaged(place, f"{len(row)} fields where the header names {len(header)}")
    return dict(zip(header, [*row, *[""] * (len(header) - len(row))], strict=True))


def _meta(file: PbFile, row: list[str], line: int) -> None:
    if len(row) != 2:
        raise ForeignFileDamaged(f"{file.name}:{line}", "a line of META is a key and a value")
    key = row[0].strip()
    if key in file.meta:
        raise ForeignFileDamaged(f"{file.name}:{line}", f"META names {key} twice")
    file.meta[key] = row[1].strip()


def _project(columns: dict[str, str], line: int, name: str) -> PbProject:
    identity = columns["project_id"].strip()
    if not identity:
        raise ForeignFileDamaged(f"{name}:{line}", "a project without an id")
    return PbProject(line, identity, _number(columns["cost"].strip(), f"{name}:{line}: cost"), columns)


def _vote(columns: dict[str, str], line: int, name: str) -> PbVote:
    voter = columns["voter_id"].strip()
    if not voter:
        raise ForeignFileDamaged(f"{name}:{line}", "a vote without a voter_id")
    return PbVote(line, voter, _listed(columns["vote"]), _listed(columns.get("points", "")), columns)


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",")) if text.strip() else ()


def _number(text: str, place: str, least: int = 0) -> Decimal:
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise ForeignFileDamaged(place, f"{text[:40]!r} is not a number") from None
    if not number.is_finite() or not least <= number <= _GREATEST:
        raise ForeignFileDamaged(place, f"{text[:40]} is out of bounds")
    return number


def _check(file: PbFile, headers: dict[str, list[str]]) -> None:
    for section in SECTIONS:
        if section not in headers:
            raise ForeignFileDamaged(file.name, f"there is no section {section}; the file may be cut off")
    if file.meta.get("vote_type") not in VOTE_TYPES:
        raise ForeignFileUnsupported(f"{file.name}: META vote_type", f"{file.meta.get('vote_type')!r} is none of {', '.join(VOTE_TYPES)}")
    if not file.projects:
        raise ForeignFileDamaged(file.name, "PROJECTS is empty")
    seen: dict[str, int] = {}
    for project in file.projects:
        if project.id in seen:
            raise ForeignFileDamaged(f"{file.name}:{project.line}", f"project {project.id} stands in line {seen[project.id]} already")
        seen[project.id] = project.line
    for key, counted in (("num_projects", len(file.projects)), ("num_votes", len(file.votes))):
        declared = file.whole(key)
        if declared is not None and declared != counted:
            raise ForeignFileDamaged(f"{file.name}: META {key}", f"says {declared}, the file holds {counted}; it may be cut off")
