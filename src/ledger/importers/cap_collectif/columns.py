"""The columns of the export: their names in both forms, the kind of row they belong to, and what a cell of each looks like.

The platform writes `export_contribution_votes_created_at`; files that were published from it also write `contributions_votes_createdAt`.
Both are `votes_created_at` here. A row fills the columns of its own kind and leaves all others empty.
"""

import re
from collections.abc import Callable
from datetime import datetime
from functools import cache
from typing import Final

KINDS: Final[dict[str, str]] = {
    "opinion": "opinion",
    "vote": "vote",
    "opinion_vote": "vote",
    "opinion_version_vote": "vote",
    "version_vote": "vote",
    "argument": "argument",
    "source": "source",
    "opinion_source": "source",
    "reporting": "reporting",
    "reportings": "reporting",
    "version": "version",
    "opinion_version": "version",
}
"""What a file calls a kind of row → that kind."""

_PREFIXES: Final = {"vote": "votes_", "argument": "arguments_", "source": "sources_", "reporting": "reportings_", "version": "versions_"}

_VALUES: Final = {
    "yes": "agree",
    "ok": "agree",
    "d'accord": "agree",
    "mitige": "mixed",
    "mitigé": "mixed",
    "no": "disagree",
    "nok": "disagree",
    "pas d'accord": "disagree",
}
_SIDES: Final = {"for": "for", "pour": "for", "against": "against", "contre": "against"}
_COUNTS = ("votes_count", "votes_count_ok", "votes_count_mitige", "votes_count_nok")
_OF_OPINIONS = (*_COUNTS, "arguments_count", "arguments_count_for", "arguments_count_against", "sources_count", "versions_count")
REQUIRED: Final[dict[str, frozenset[str]]] = {
    "opinion": frozenset({"id", "title", "created_at", *_OF_OPINIONS}),
    "version": frozenset({"versions_id", "versions_title"}),
    "vote": frozenset({"votes_id", "votes_related_id", "votes_value"}),
    "argument": frozenset({"arguments_id", "arguments_related_id", "arguments_type", "arguments_body", "arguments_votes_count"}),
    "source": frozenset({"sources_id", "sources_related_id", "sources_body"}),
    "reporting": frozenset({"reportings_id", "reportings_related_id", "reportings_type"}),
}
"""Columns that are never empty in a row of the kind, where the file has them at all."""
_TRASH = ("published", "trashed", "trashed_status", "trashed_at", "trashed_reason")
_READ: Final[dict[str, tuple[str, ...]]] = {
    "": (
        "type", "id", "author_id", "consultation_title", "section_title", "title", "body_text", "created_at", "updated_at", "url",
        *_TRASH, *_OF_OPINIONS,
    ),
    "votes_": ("id", "related_id", "author_id", "value", "created_at"),
    "arguments_": ("related_id", "related_kind", "id", "author_id", "type", "body", "created_at", *_TRASH, "votes_count"),
    "reportings_": ("related_id", "related_kind", "id", "author_id", "type", "body", "created_at"),
    "sources_": ("id", "related_id", "related_kind", "author_id", "body", "created_at", *_TRASH, "votes_count"),
    "versions_": ("id", "author_id", "title", "explanation", "body_text", "created_at", "updated_at", *_COUNTS),
}  # fmt: skip
READ: Final = frozenset(prefix + name for prefix, names in _READ.items() for name in names)
"""Columns that become something; any other is left out, and reported."""
_FLAGS: Final = {"1": True, "oui": True, "yes": True, "true": True, "0": False, "non": False, "no": False, "false": False, "": False}
_TRASHES: Final = frozenset({"visible", "invisible"})

_ID = re.compile(r"\S{1,128}")
_URL = re.compile(r"https?://\S+")
_WORD = re.compile(r"[A-Za-z_.]{1,64}")
_COUNT = re.compile(r"[0-9]{1,9}")
_EARLIEST = 1970
_TIMES = ("%d/%m/%Y %H:%M", "%d/%m/%Y %H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M")


def plain_name(header: str) -> str:
    """The column's name here: without prefix, in small letters with underscores."""
    name = re.sub(r"^(export_)?contributions?_", "", header.strip())
    return re.sub(r"(?<=[a-z])([A-Z])", r"_\1", name).lower()


def plain_kind(cell: str) -> str | None:
    """The kind of row that the first column tells, None where it is none that is known."""
    return KINDS.get(cell.strip().lower().removeprefix("export_contribution_type_"))


def kind_of_column(name: str) -> str | None:
    """The kind of row that fills the column; None of the first column, which all fill."""
    if name == "type":
        return None
    # `arguments_count` and `votes_count_ok` are of the opinion, `arguments_votes_count` is of the argument.
    if re.match(r"(votes|arguments|sources|versions)_count(_|$)", name):
        return "opinion"
    return next((kind for kind, prefix in _PREFIXES.items() if name.startswith(prefix)), "opinion")


def fits(name: str, kind: str, cell: str) -> bool:
    """Whether the cell can be one of this column in a row of this kind."""
    if not cell:
        return name not in REQUIRED[kind]
    return bool(_form(name)(cell))


def read_time(cell: str) -> datetime | None:
    """The wall-clock time in a cell, None where there is none; no consultation was held before 1970."""
    for form in _TIMES:
        try:
            wall = datetime.strptime(cell, form)  # noqa: DTZ007 - a wall clock; its zone is an option of the import
        except ValueError:
            continue
        return wall if wall.year >= _EARLIEST else None
    return None


def stance_of(cell: str) -> str | None:
    """The stance that a vote's value tells, None where it tells none."""
    return _VALUES.get(_last_word(cell))


def side_of(cell: str) -> str | None:
    """The side that an argument's type tells, None where it tells none."""
    return _SIDES.get(_last_word(cell))


def flag_of(cell: str) -> bool | None:
    """Whether a cell says yes, None where it says neither. An empty one says no."""
    return _FLAGS.get(cell.lower())


def trash_of(cell: str) -> str | None:
    """`visible` or `invisible`, as a cell says of a trash; None where it says neither."""
    return cell.lower() if cell.lower() in _TRASHES else None


def _last_word(cell: str) -> str:
    """The cell in small letters, without the path of a name that the platform left untranslated."""
    return cell.lower().rpartition(".")[2]


_FORMS: Final[tuple[tuple[re.Pattern[str], Callable[[str], object]], ...]] = (
    (re.compile(r".*_at"), read_time),
    (re.compile(r".*_count(_[a-z]+)?"), _COUNT.fullmatch),
    (re.compile(r"(.*_)?id"), _ID.fullmatch),
    (re.compile(r"(.*_)?url"), _URL.fullmatch),
    (re.compile(r"(.*_)?(published|trashed)"), lambda cell: flag_of(cell) is not None),
    (re.compile(r"(.*_)?trashed_status"), trash_of),
    (re.compile(r"votes_value"), stance_of),
    (re.compile(r"arguments_type"), side_of),
    (re.compile(r".*_related_kind|reportings_type"), _WORD.fullmatch),
)
"""Columns, and what tells by a true value that a cell that is not empty can be one of theirs. Any other column holds text."""


@cache
def _form(name: str) -> Callable[[str], object]:
    return next((form for pattern, form in _FORMS if pattern.fullmatch(name)), bool)
