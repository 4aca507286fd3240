"""An export is read to its end or refused with its line, and nothing of it is ever read under a name that is not its own."""

from collections.abc import Mapping, Sequence
from time import gmtime, strftime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import ForeignFileDamaged
from ledger.importers.cap_collectif.reading import Row, read_export
from tests.importers.consultation_export import COLUMNS, argument, cells_of, opinion, published, report, source, vote

FIRST = opinion("first")


def read(rows: Sequence[Mapping[str, str] | list[str]], *, realign: bool = False) -> list[Row]:
    return read_export(published(rows), "town.csv", realign=realign).rows


def without(row: Mapping[str, str], column: str) -> list[str]:
    """The row with one cell missing, and all after it one column to the left."""
    cells = cells_of(row)
    del cells[COLUMNS.index(column)]
    return [*cells, ""]


TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0\r\n"), max_size=12)
COUNT = st.integers(0, 999).map(str)
TIME = st.integers(10**9, 2 * 10**9).map(lambda seconds: strftime("%d/%m/%Y %H:%M", gmtime(seconds)))
TRASHED = st.sampled_from(
    [
        {"trashed": "", "trashed_status": "", "trashed_at": "", "trashed_reason": ""},
        {"trashed": "1", "trashed_status": "INVISIBLE", "trashed_at": "12/11/2019 09:32", "trashed_reason": "Violent"},
    ]
)


@st.composite
def true_rows(draw: st.DrawFn) -> dict[str, str]:
    """A row of an opinion or an argument that stands as it should."""
    trashed = draw(TRASHED)
    if draw(st.booleans()):
        counts = {column: draw(COUNT) for column in FIRST if column.endswith("count") or "_count_" in column}
        dated = {"created_at": draw(TIME), "updated_at": draw(st.just("") | TIME)}
        said = {"title": draw(TEXT) or "T", "body_text": draw(TEXT), "section_title": draw(TEXT)}
        return opinion("first") | counts | dated | said | trashed
    told = {f"arguments_{column}": cell for column, cell in trashed.items()}
    dated = {"arguments_created_at": draw(TIME), "arguments_updated_at": draw(st.just("") | TIME)}
    return argument("a", "first") | {"arguments_body": draw(TEXT) or "B", "arguments_votes_count": draw(COUNT)} | dated | told


@given(true_rows(), st.data(), st.booleans())
def test_a_row_that_lacks_a_cell_is_never_read_under_wrong_names(row: dict[str, str], data: st.DataObject, realign: bool) -> None:
    own = [column for column in COLUMNS[1:] if column in row]
    missing = data.draw(st.sampled_from(own))
    [read_row] = [one for one in read([without(row, missing), opinion("other")], realign=realign) if one.line == 2]
    assert read_row.cells.items() <= (row | dict.fromkeys(set(COLUMNS) - row.keys(), "")).items()


@given(true_rows(), st.data())
def test_a_row_that_ends_early_is_read_up_to_there(row: dict[str, str], data: st.DataObject) -> None:
    cells = cells_of(row)
    end = data.draw(st.integers(1, len(cells)))
    [read_row] = [one for one in read([[*cells[:end], *[""] * (len(cells) - end)], opinion("other")]) if one.line == 2]
    whole = dict(zip(COLUMNS, cells, strict=True))
    ended = dict(zip(COLUMNS, [*cells[:end], *[""] * (len(cells) - end)], strict=True))
    for column, cell in read_row.cells.items():
        assert cell == ended[column]
        assert cell == whole[column] or read_row.fault is None


@given(true_rows())
def test_a_row_that_stands_as_it_should_is_read_whole(row: dict[str, str]) -> None:
    [read_row] = [one for one in read([row, opinion("other")]) if one.line == 2]
    assert read_row.fault is None
    assert {column: cell for column, cell in read_row.cells.items() if cell} == {
        column: cell for column, cell in row.items() if cell and column != "type"
    }


def test_a_missing_cell_puts_the_dates_beside_it_in_doubt() -> None:
    [row] = read([without(FIRST | {"updated_at": "08/10/2019 16:21"}, "created_at")])
    assert row.fault == "row-shifted"
    assert row.cells["body_text"] == "Body of first"
    assert not row.cells.keys() & {"created_at", "updated_at", "url", "votes_count"}
    assert row.doubtful["created_at"] == "08/10/2019 16:21"


def test_who_imports_can_have_such_a_row_read_but_for_what_is_in_doubt() -> None:
    [row] = read([without(FIRST | {"votes_count": "7"}, "updated_at")], realign=True)
    assert (row.realigned, row.cells["votes_count"], row.cells["published"]) == (True, "7", "1")
    assert not row.cells.keys() & {"created_at", "updated_at"}


def test_a_cell_too_many_leaves_nothing_certain() -> None:
    cells = cells_of(FIRST)
    cells.insert(COLUMNS.index("title"), "half of a title")
    [row, _] = read([cells[:-1], opinion("other")])
    assert (row.fault, row.cells) == ("row-unread", {})


def test_a_cell_of_another_kind_of_row_leaves_nothing_certain() -> None:
    [_, row] = read([FIRST, vote("v", "first", "ada", "YES") | {"title": "stray"}])
    assert (row.fault, row.cells) == ("row-unread", {})


def test_quotes_blanks_and_lines_inside_a_cell_are_kept() -> None:
    [row] = read([opinion("first", body_text='He said: "no"; then\nleft.')])
    assert row.cells["body_text"] == 'He said: "no"; then\nleft.'
    rows = read_export(published([FIRST]) + b"\n\n", "town.csv", realign=False).rows
    assert len(rows) == 1


def test_trailing_cells_that_are_not_written_are_empty() -> None:
    whole = published([FIRST, vote("v", "first", "ada", "YES")])
    stripped = b"\n".join(line.rstrip(b";") for line in whole.split(b"\n"))
    assert read_export(stripped, "town.csv", realign=False).rows == read([FIRST, vote("v", "first", "ada", "YES")])


def test_every_kind_of_row_is_known() -> None:
    rows = read([FIRST, vote("v", "first", "ada", "NO"), argument("a", "first"), source("s", "first"), report("r", "first", "bo")])
    assert [row.kind for row in rows] == ["opinion", "vote", "argument", "source", "reporting"]
    export = read_export(published([FIRST, {"type": "debate"}]), "town.csv", realign=False)
    assert export.unknown == [(3, "debate")]


@pytest.mark.parametrize(
    ("content", "place"),
    [
        (b"", "town.csv:1"),
        (b"\xff\xfe", "town.csv"),
        (b"type;contributions_id\0", "town.csv"),
        (b"a;b\n1;2\n", "town.csv:1"),
        (published([]), "town.csv"),
        (published([vote("v", "first", "ada", "YES")]), "town.csv"),
        (published([FIRST]) + b'opinion;"x" y;', "town.csv:3"),
        (published([FIRST]) + b'opinion;"never closed', "town.csv:3"),
        (published([]).replace(b"contributions_title", b"contributions_id"), "town.csv:1"),
        (published([FIRST]).replace(b"Body of first", b"x" * (1 << 21)), "town.csv:2"),
    ],
)
def test_what_is_no_such_file_is_refused_with_its_place(content: bytes, place: str) -> None:
    with pytest.raises(ForeignFileDamaged) as refusal:
        read_export(content, "town.csv", realign=False)
    assert refusal.value.place == place


@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_any_bytes_are_read_or_refused(tail: bytes) -> None:
    for content in (tail, published([FIRST]) + tail):
        try:
            assert read_export(content, "town.csv", realign=True).rows
        except ForeignFileDamaged:
            continue
