"""Small exports in the columns of Cap Collectif, written by the tests: as they are published, and as the platform writes them."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from io import StringIO

TRASH = ("published", "trashed", "trashed_status", "trashed_at", "trashed_reason")
VOTES = ("votes_count", "votes_count_ok", "votes_count_mitige", "votes_count_nok")
OPINION = (
    "id", "author_id", "consultation_title", "section_title", "title", "body_text", "created_at", "updated_at", "url", *TRASH, *VOTES,
    "arguments_count", "arguments_count_for", "arguments_count_against", "sources_count", "versions_count",
)  # fmt: skip
COLUMNS = (
    "type",
    *OPINION,
    *(f"votes_{name}" for name in ("id", "related_id", "author_id", "value", "created_at")),
    *(
        f"arguments_{name}"
        for name in (
            "related_id",
            "related_kind",
            "id",
            "author_id",
            "type",
            "body",
            "created_at",
            "updated_at",
            "url",
            *TRASH,
            "votes_count",
        )
    ),
    *(f"reportings_{name}" for name in ("related_id", "related_kind", "id", "author_id", "type", "body", "created_at")),
    *(f"sources_{name}" for name in ("id", "related_id", "related_kind", "author_id", "body", "created_at", *TRASH, "votes_count")),
    *(f"versions_{name}" for name in ("id", "author_id", "title", "explanation", "body_text", "created_at", "updated_at", *VOTES)),
)
PLATFORM = {
    "YES": "opinion.show.vote.ok",
    "MITIGE": "opinion.show.vote.mitige",
    "NO": "opinion.show.vote.nok",
    "FOR": "Pour",
    "AGAINST": "Contre",
}
"""Values as they are published → as the platform writes them, translated or not."""

Cells = dict[str, str]


def opinion(identity: str, **cells: str) -> Cells:
    """A row of an opinion that is published and has no votes."""
    counts = dict.fromkeys(OPINION[OPINION.index("votes_count") :], "0")
    fixed = {"type": "opinion", "id": identity, "author_id": f"author-of-{identity}", "title": f"Title of {identity}"}
    framed = {"consultation_title": "A town plan", "section_title": "Streets", "body_text": f"Body of {identity}"}
    dated = {"created_at": "07/10/2019 15:47", "url": f"https://town.example/{identity}", "published": "1"}
    return fixed | framed | dated | counts | cells


def vote(identity: str, on: str, who: str, value: str, at: str = "20/11/2019 09:53") -> Cells:
    """A row of a vote."""
    return {
        "type": "vote",
        "votes_id": identity,
        "votes_related_id": on,
        "votes_author_id": who,
        "votes_value": value,
        "votes_created_at": at,
    }


def argument(identity: str, on: str, side: str = "FOR", **cells: str) -> Cells:
    """A row of an argument that is published."""
    fixed = {"type": "argument", "arguments_related_id": on, "arguments_related_kind": "opinion", "arguments_id": identity}
    said = {"arguments_author_id": f"author-of-{identity}", "arguments_type": side, "arguments_body": f"Because of {identity}"}
    dated = {"arguments_created_at": "08/10/2019 10:00", "arguments_updated_at": "08/10/2019 10:00"}
    shown = {"arguments_url": f"https://town.example/{identity}", "arguments_published": "1", "arguments_votes_count": "3"}
    return fixed | said | dated | shown | cells


def source(identity: str, on: str, **cells: str) -> Cells:
    """A row of a source that is published."""
    fixed = {"type": "source", "sources_id": identity, "sources_related_id": on, "sources_related_kind": "opinion"}
    said = {"sources_author_id": f"author-of-{identity}", "sources_body": "See the survey.", "sources_created_at": "09/10/2019 10:00"}
    return fixed | said | {"sources_published": "1", "sources_votes_count": "2"} | cells


def report(identity: str, on: str, who: str, motive: str = "SPAM") -> Cells:
    """A row of a report."""
    fixed = {"type": "reportings", "reportings_related_id": on, "reportings_related_kind": "opinion", "reportings_id": identity}
    return fixed | {
        "reportings_author_id": who,
        "reportings_type": motive,
        "reportings_body": "Look at this.",
        "reportings_created_at": "10/10/2019 07:35",
    }


def version(identity: str, **cells: str) -> Cells:
    """A row of a version of the opinion above it."""
    fixed = {"type": "version", "versions_id": identity, "versions_author_id": f"author-of-{identity}", "versions_title": "Another wording"}
    return fixed | {"versions_explanation": "It is shorter.", "versions_body_text": "Fewer words."} | cells


def cells_of(row: Mapping[str, str]) -> list[str]:
    """The row's cells in the order of the columns."""
    return [row.get(column, "") for column in COLUMNS]


def published(rows: Sequence[Mapping[str, str] | list[str]]) -> bytes:
    """The file in the form in which exports were published: semicolons, `contributions_votesCountOk`."""
    header = [column if column == "type" else f"contributions_{_camel(column)}" for column in COLUMNS]
    return _written([header, *(row if isinstance(row, list) else cells_of(row) for row in rows)], ";")


def of_platform(rows: Sequence[Mapping[str, str]]) -> bytes:
    """The file as the platform writes it: commas, `export_contribution_votes_count_ok`, its own names of kinds, flags, values and times."""
    return _written([[f"export_contribution_{column}" for column in COLUMNS], *(cells_of(_as_platform(row)) for row in rows)], ",")


def _as_platform(row: Mapping[str, str]) -> Cells:
    kind = {"vote": "opinion_vote", "version": "opinion_version", "reportings": "reporting"}.get(row["type"], row["type"])
    cells = {column: PLATFORM.get(cell, cell) for column, cell in row.items()} | {"type": f"export_contribution_type_{kind}"}
    for column, cell in cells.items():
        if column.endswith("_at") and cell:
            day, month, rest = cell.split("/")
            year, _, clock = rest.partition(" ")
            cells[column] = f"{year}-{month}-{day} {clock}:00"
        elif column.endswith(("published", "trashed")) and cell:
            cells[column] = {"1": "Oui", "0": "Non"}[cell]
        elif column.endswith("trashed_status"):
            cells[column] = cell.lower()
    return cells


def _camel(column: str) -> str:
    for lead in ("votes_", "arguments_", "reportings_", "sources_", "versions_"):
        rest = column.removeprefix(lead)
        if rest != column and not rest.startswith("count"):
            return lead + _joined(rest)
    return column if column.endswith("_id") else _joined(column)


def _joined(name: str) -> str:
    if name.endswith("_id") or name == "related_kind":
        return name
    first, *others = name.split("_")
    return first + "".join(word.capitalize() for word in others)


def _written(rows: Iterable[list[str]], delimiter: str) -> bytes:
    out = StringIO(newline="")
    csv.writer(out, delimiter=delimiter, lineterminator="\n").writerows(rows)
    return b"\xef\xbb\xbf" + out.getvalue().encode()
