"""Tables as CSV: what was written is read again by others, and no spreadsheet computes what people wrote."""

import csv
import io
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.package.csv_table import csv_file, guarded
from ledger.projections.readings.reading import Reading, read
from ledger.projections.tables import TABLES, Cell, Column, Table
from tests.projections.history import History


def column(name: str, *, free: bool = False) -> Column:
    return Column(name, "string", name, name, name, name, free=free)


def written(rows: list[tuple[Cell, ...]], columns: tuple[Column, ...]) -> bytes:
    def given_rows(reading: Reading) -> Iterator[tuple[Cell, ...]]:
        yield from rows

    table = Table("some", "", "", "", "", columns, (), given_rows)
    return b"".join(csv_file(table, read(History().opened().source())))


TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=12) | st.sampled_from(
    ['"', ",", "a,b", 'say "no"', "two\nlines", "cr\rlf\r\n", "", " padded "]
)


@given(st.lists(st.tuples(TEXT, TEXT, TEXT), max_size=20))
def test_another_reader_of_csv_reads_every_cell_as_it_was(rows: list[tuple[str, str, str]]) -> None:
    data = written([*rows], (column("a"), column("b"), column("c")))
    read_back = list(csv.reader(io.StringIO(data.decode(), newline="")))
    assert read_back == [["a", "b", "c"], *map(list, rows)]


def test_numbers_truth_and_nothing_have_one_form_and_lines_end_in_lf() -> None:
    assert written([(1, True, None), (-2, False, "x")], (column("a"), column("b"), column("c"))) == b"a,b,c\n1,true,\n-2,false,x\n"


def test_one_cell_that_needs_quotes_puts_none_around_others() -> None:
    assert written([("a", "b"), ("c,d", "e")], (column("x"), column("y"))) == b'x,y\na,b\n"c,d",e\n'


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "'=1", "''-x"])
def test_words_that_a_spreadsheet_would_compute_get_an_apostrophe(text: str) -> None:
    assert guarded(text) == "'" + text


@pytest.mark.parametrize("text", ["", "a=1", "'tis", "1+1", "''", "Jean-Paul"])
def test_other_words_stay_as_they_are(text: str) -> None:
    assert guarded(text) == text


@given(st.text(st.sampled_from("'=+-@\ta"), max_size=6), st.text(st.sampled_from("'=+-@\ta"), max_size=6))
def test_no_two_texts_are_written_alike(first: str, second: str) -> None:
    assert first == second or guarded(first) != guarded(second)


def test_only_columns_of_peoples_words_are_guarded() -> None:
    assert written([("-ref", "-word")], (column("ref"), column("word", free=True))) == b"ref,word\n-ref,'-word\n"


def test_a_table_is_written_in_pieces() -> None:
    rows: list[tuple[Cell, ...]] = [(number,) for number in range(5000)]
    reading = read(History().opened().source())
    pieces = list(csv_file(Table("n", "", "", "", "", (column("n"),), (), lambda _: iter(rows)), reading))
    assert len(pieces) == 4
    assert b"".join(pieces).split() == [b"n", *(str(number).encode() for number in range(5000))]


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_column_says_in_both_languages_what_it_is(table: Table) -> None:
    assert len({column.name for column in table.columns}) == len(table.columns)
    assert set(table.primary_key) <= {column.name for column in table.columns}
    for told in table.columns:
        assert told.title_en
        assert told.title_fr
        assert told.description_en.endswith(".")
        assert told.description_fr.endswith(".")
