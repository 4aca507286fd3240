"""The tables of decisions, erasures, changes and participation."""

import io

import pytest

from ledger.package.csv_table import csv_file
from ledger.package.parquet import arrow, parquet_file
from ledger.projections.readings.reading import Reading, read
from ledger.projections.tables import Cell, Table
from ledger.projections.tables.changes import CHANGES
from ledger.projections.tables.erasures import ERASURES
from ledger.projections.tables.moderation import MODERATION
from ledger.projections.tables.participation import PARTICIPATION
from tests.moderated import ARGUMENT, IDEA, OPINION, moderated

REGISTERS = (CHANGES, ERASURES, MODERATION, PARTICIPATION)


@pytest.fixture(scope="module")
def reading() -> Reading:
    return read(moderated().source)


def rows(table: Table, reading: Reading) -> list[dict[str, Cell]]:
    return [dict(zip((column.name for column in table.columns), row, strict=True)) for row in table.rows(reading)]


@pytest.mark.parametrize("table", REGISTERS, ids=lambda table: table.name)
def test_the_key_of_a_table_is_there_in_every_row_and_in_no_two_alike(table: Table, reading: Reading) -> None:
    keys = [tuple(row[name] for name in table.primary_key) for row in rows(table, reading)]
    assert keys
    assert all(None not in key for key in keys)
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize("table", REGISTERS, ids=lambda table: table.name)
def test_a_table_has_a_parquet_form_with_the_same_cells(table: Table, reading: Reading) -> None:
    library = arrow()
    if library is None:
        pytest.skip("pyarrow is not installed")
    written = library.parquet.read_table(io.BytesIO(b"".join(parquet_file(table, reading, library))))
    assert written.num_rows == len(rows(table, reading))
    for column in table.columns:
        if column.type in ("string", "integer", "boolean"):
            assert written.column(column.name).to_pylist() == [row[column.name] for row in rows(table, reading)]
        if column.type == "date":
            assert [f"{day}" for day in written.column(column.name).to_pylist()] == [row[column.name] for row in rows(table, reading)]


def test_the_table_of_moderation_has_a_row_for_each_decision_by_target(reading: Reading) -> None:
    argument, idea, opinion, suspension = rows(MODERATION, reading)
    assert [row["target"] for row in (argument, idea, opinion)] == [ARGUMENT, IDEA, OPINION]
    assert (opinion["kind"], opinion["decision"], opinion["motive"], opinion["reason"]) == ("opinion", "hidden", "insult", "Rude")
    assert (opinion["reports"], opinion["reports_by_motive"], opinion["origin"]) == (2, "insult=1 spam=1", "reports")
    assert (opinion["appeal_outcome"], opinion["appeal_details"], opinion["judge"]) == ("reversed", "=A joke", "client:court")
    assert (opinion["undone_because"], opinion["undone_by"], opinion["state"]) == ("appeal", "client:court", "ended")
    assert isinstance(opinion["seconds"], int)
    assert opinion["seconds"] > 5 * 3600
    assert (idea["decision"], idea["trash"], idea["state"], idea["overdue"]) == ("limited", "visible", "standing", True)
    assert (argument["decision"], argument["code"], argument["kind"]) == ("dismissed", "within_the_rules", "argument")
    assert (suspension["decision"], suspension["kind"], suspension["author"]) == (
        "suspended",
        "participant",
        str(suspension["target"]).removeprefix("suspension/"),
    )
    assert argument["author"] == suspension["author"]


def test_what_an_author_says_in_an_appeal_is_no_formula_in_a_spreadsheet(reading: Reading) -> None:
    assert b",'=A joke," in b"".join(csv_file(MODERATION, reading))


def test_the_table_of_erasures_says_what_waits_and_what_is_held(reading: Reading) -> None:
    hold, request = rows(ERASURES, reading)
    assert (hold["what"], hold["ref"], hold["target"], hold["ground"], hold["state"]) == ("legal_hold", "h1", IDEA, "lawsuit", "standing")
    assert (request["what"], request["extent"], request["state"], request["entries"]) == ("request", "content", "waiting", 0)


def test_the_table_of_changes_holds_values_as_json(reading: Reading) -> None:
    told = rows(CHANGES, reading)
    assert [row["what"] for row in told] == ["roles", "roles", "motive", "motive", "dates", "stances"]
    assert (told[0]["old"], told[0]["new"], told[0]["ref"]) == (None, '{"roles":["moderator"]}', "client:office")
    assert (told[5]["step"], told[5]["phase"]) == ("debate", "planned")
    assert told[5]["new"] == '{"arguments_on":["opinion"],"ranking":"net","revotes":"last","scales":{"opinion":"support"}}'


def test_the_table_of_participation_writes_a_star_where_there_is_no_step(reading: Reading) -> None:
    told = [(row["day"], row["step"], row["act"], row["kind"], row["channel"], row["acts"]) for row in rows(PARTICIPATION, reading)]
    assert told == [
        ("2026-03-01", "*", "report", "insult", "web", 1),
        ("2026-03-01", "*", "report", "spam", "web", 1),
        ("2026-03-01", "debate", "argument", "against", "web", 1),
        ("2026-03-01", "debate", "contribution", "idea", "web", 1),
        ("2026-03-01", "debate", "contribution", "opinion", "web", 1),
    ]
