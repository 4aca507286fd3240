"""A `.pb` file is read to its end, or refused with its line."""

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledger.errors import ForeignFileDamaged, ForeignFileUnsupported, LedgerError
from ledger.importers.pabulib.reading import read_pb

GOOD = """META
key;value
description;Budget of a street
currency;EUR
budget;1000
vote_type;approval
rule;greedy
num_projects;2
num_votes;3
PROJECTS
project_id;cost;name;selected
a/1;600;"Benches; green ones";1
b;500.50;Trees;0
VOTES
voter_id;vote
1;a/1,b
2;b
3;
"""


def write(folder: Path, text: str | bytes) -> Path:
    path = folder / "street.pb"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def test_a_good_file_is_read_with_its_lines(tmp_path: Path) -> None:
    file = read_pb(write(tmp_path, GOOD))
    assert [(project.line, project.id, project.cost) for project in file.projects] == [
        (12, "a/1", Decimal(600)),
        (13, "b", Decimal("500.50")),
    ]
    assert file.projects[0].columns["name"] == "Benches; green ones"
    assert [(vote.line, vote.voter, vote.choices) for vote in file.votes] == [(16, "1", ("a/1", "b")), (17, "2", ("b",)), (18, "3", ())]
    assert (file.whole("budget"), file.amount("absent")) == (1000, None)


def test_line_ends_of_other_systems_and_a_byte_order_mark_change_nothing(tmp_path: Path) -> None:
    file = read_pb(write(tmp_path, "\ufeff" + GOOD.replace("\n", "\r\n")))
    assert len(file.votes) == 3


@pytest.mark.parametrize(
    ("before", "after", "place"),
    [
        ("META\n", "", "street.pb:1"),
        ("b;500.50", "b;much", "street.pb:13: cost"),
        ("b;500.50", "b;-1", "street.pb:13: cost"),
        ("b;500.50", "b;NaN", "street.pb:13: cost"),
        ("b;500.50;Trees;0", "a/1;500.50;Trees;0", "street.pb:13"),
        ("b;500.50;Trees;0", "b;500.50;Trees;0;more", "street.pb:13"),
        ("project_id;cost", "id;cost", "street.pb:11"),
        ("voter_id;vote", "voter;vote", "street.pb:15"),
        ("2;b\n", ";b\n", "street.pb:17"),
        ("budget;1000", "budget;1000;EUR", "street.pb:5"),
        ("budget;1000", "currency;1000", "street.pb:5"),
        ("3;\n", "", "street.pb: META num_votes"),
        ("num_projects;2", "num_projects;3", "street.pb: META num_projects"),
        ("VOTES\nvoter_id;vote\n1;a/1,b\n2;b\n3;\n", "", "street.pb"),
    ],
)
def test_a_damaged_file_is_refused_with_the_place_of_the_damage(tmp_path: Path, before: str, after: str, place: str) -> None:
    assert before in GOOD
    with pytest.raises(ForeignFileDamaged) as refusal:
        read_pb(write(tmp_path, GOOD.replace(before, after)))
    assert refusal.value.place == place


def test_a_vote_type_that_is_not_known_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(ForeignFileUnsupported, match="quadratic"):
        read_pb(write(tmp_path, GOOD.replace("approval", "quadratic")))


def test_bytes_that_are_not_utf_8_and_a_missing_file_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ForeignFileDamaged, match="not UTF-8"):
        read_pb(write(tmp_path, b"META\nkey;value\ndescription;\xff"))
    with pytest.raises(ForeignFileDamaged, match="cannot be read"):
        read_pb(tmp_path / "nowhere.pb")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.integers(0, len(GOOD) - 1), byte=st.integers(0, 255), cut=st.booleans())
def test_no_damage_raises_anything_but_an_error_of_the_ledger(tmp_path: Path, place: int, byte: int, cut: bool) -> None:
    raw = bytearray(GOOD.encode())
    if cut:
        del raw[place:]
    else:
        raw[place] = byte
    try:
        read_pb(write(tmp_path, bytes(raw)))
    except LedgerError as error:
        assert str(error)
