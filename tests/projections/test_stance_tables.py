"""The tables of stances, tallies, stated counts and consensus."""

import io

import pytest

from ledger.package.csv_table import csv_file
from ledger.package.parquet import arrow, parquet_file
from ledger.projections.readings.reading import Reading, read
from ledger.projections.tables import TABLES, Cell, Table
from ledger.projections.tables.aggregates import AGGREGATES
from ledger.projections.tables.consensus import CONSENSUS
from ledger.projections.tables.stances import STANCES
from ledger.projections.tables.tallies import TALLIES
from tests.projections.debating import Debate

OURS = (AGGREGATES, CONSENSUS, STANCES, TALLIES)


def debated() -> Debate:
    debate = Debate().begun("wilson")
    for ref in ("a", "a-b", "b"):
        debate.contribute(ref, section="s1", text="bill")
    debate.argue("x", "a", "against")
    groups = {0: [f"zero {number}" for number in range(5)], 3: [f"three {number}" for number in range(6)]}
    for people in groups.values():
        for who in people:
            debate.say(who, "contribution/a", "agree")
            debate.say(who, "contribution/a-b", "mixed")
    debate.say("zero 0", "contribution/a", "disagree")
    debate.explain("zero 0", "contribution/a", "=1+1")
    debate.unsay("zero 1", "contribution/a", "second_thoughts")
    debate.say("three 0", "argument/x", "support", channel="import", claimed_at="2019-10-07T15:00:00.000Z")
    debate.moderate("contribution/a-b", stances="not_counted")
    debate.state("contribution/a", {"votes": 11, "agree": 11})
    debate.state("contribution/b", {"votes": 70}, "counts_only", "old")
    debate.group(groups)
    debate.group({0: groups[0], 1: groups[3][:1], 2: groups[3][1:]}, "k3")
    return debate


@pytest.fixture(scope="module")
def reading() -> Reading:
    return read(debated().source())


def rows(table: Table, reading: Reading) -> list[dict[str, Cell]]:
    return [dict(zip((column.name for column in table.columns), row, strict=True)) for row in table.rows(reading)]


def test_they_are_among_the_tables_of_an_export_by_name() -> None:
    assert set(OURS) <= set(TABLES)
    assert [table.name for table in TABLES] == sorted(table.name for table in TABLES)


@pytest.mark.parametrize("table", OURS, ids=lambda table: table.name)
def test_the_key_of_a_table_is_there_in_every_row_and_in_no_two_alike(table: Table, reading: Reading) -> None:
    keys = [tuple(row[name] for name in table.primary_key) for row in rows(table, reading)]
    assert keys
    assert all(None not in key for key in keys)
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize("table", OURS, ids=lambda table: table.name)
def test_a_table_has_a_parquet_form_with_the_same_cells(table: Table, reading: Reading) -> None:
    library = arrow()
    if library is None:
        pytest.skip("pyarrow is not installed")
    written = library.parquet.read_table(io.BytesIO(b"".join(parquet_file(table, reading, library))))
    assert written.num_rows == len(rows(table, reading))
    for column in table.columns:
        if column.type != "datetime":
            assert written.column(column.name).to_pylist() == [row[column.name] for row in rows(table, reading)]


def test_stances_stand_by_target_and_pseudonym_without_a_channel(reading: Reading) -> None:
    found = rows(STANCES, reading)
    assert [f"{row['target']}/{row['pseudonym']}" for row in found] == sorted(f"{row['target']}/{row['pseudonym']}" for row in found)
    assert "channel" not in {column.name for column in STANCES.columns}
    [argument] = [row for row in found if row["target"] == "argument/x"]
    assert (argument["value"], argument["side"], argument["claimed_hour"]) == ("support", "positive", "2019-10-07T15:00:00Z")
    [withdrawn] = [row for row in found if row["code"] is not None]
    assert (withdrawn["value"], withdrawn["side"], withdrawn["code"], withdrawn["revision"]) == (None, None, "second_thoughts", 2)
    [explained] = [row for row in found if row["explanation"] is not None]
    assert (explained["value"], explained["language"], explained["explanation"], explained["revision"]) == ("disagree", "en", "=1+1", 3)
    assert b",'=1+1\n" in b"".join(csv_file(STANCES, reading))


def test_tallies_stand_by_kind_and_rank_and_what_has_none_stands_last(reading: Reading) -> None:
    found = rows(TALLIES, reading)
    assert [(row["target"], row["rank"]) for row in found] == [
        ("argument/x", 1),
        ("contribution/a", 1),
        ("contribution/b", 2),
        ("contribution/a-b", None),
    ]
    argument, first, second, last = found
    assert (argument["about"], argument["side"], argument["scale"], argument["positive"]) == ("a", "against", "support", 1)
    assert (first["method"], first["score"], first["decimal"], first["stances"]) == ("wilson", None, "0.595843", 10)
    assert (first["values"], first["casts"]) == ("agree=9 mixed=0 disagree=1", "agree=11 mixed=0 disagree=1")
    assert (first["participants"], first["changes"], first["withdrawals"], first["section"]) == (11, 1, 1, "s1")
    assert (second["stances"], second["decimal"]) == (0, None)
    assert (last["counted"], last["decision"], last["neutral"], last["decimal"]) == (False, "hidden", 11, None)


def test_stated_counts_stand_one_a_row_beside_what_the_log_comes_to(reading: Reading) -> None:
    told = [
        (row["target"], row["basis"], row["count"], row["stated"], row["verifiable"], row["replayed"]) for row in rows(AGGREGATES, reading)
    ]
    assert told == [
        ("contribution/a", "published", "agree", 11, True, 9),
        ("contribution/a", "published", "votes", 11, True, 10),
        ("contribution/b", "counts_only", "votes", 70, False, None),
    ]
    assert [row["replayed_all_rows"] for row in rows(AGGREGATES, reading)] == [11, 12, None]


def test_consensus_has_a_row_for_each_group_of_each_clustering_and_holds_small_ones_back(reading: Reading) -> None:
    found = rows(CONSENSUS, reading)
    assert len(found) == 4 * 2 + 4 * 3
    whole = [row for row in found if row["clustering"] == "k2" and row["target"] == "contribution/a"]
    # (3+1)/(4+2) · (6+1)/(6+2)
    assert [(row["group"], row["members"], row["positive"], row["stances"], row["score"]) for row in whole] == [
        (0, 5, 3, 4, "7/12"),
        (3, 6, 6, 6, "7/12"),
    ]
    small = [row for row in found if row["clustering"] == "k3" and row["target"] == "contribution/a"]
    assert [(row["group"], row["held_back"], row["stances"]) for row in small] == [(0, True, None), (1, True, None), (2, False, 5)]
    assert {row["score"] for row in small} == {None}
    assert all(row["decimal"] is not None for row in small)
