"""The tables of contributions, versions, arguments, sections and answers, of a bill that was discussed."""

from pathlib import Path

import pytest

from ledger.audit import Trust, verify
from ledger.package.publication import derived_files
from ledger.projections.readings.reading import Reading, read
from ledger.projections.tables import TABLES, Cell
from tests.bill import HIDDEN, OPINION, discussed
from tests.recorded import RecordedLog
from tests.shown import publisher_of

Line = dict[str, Cell]


@pytest.fixture(scope="module")
def log() -> RecordedLog:
    return discussed()


@pytest.fixture(scope="module")
def reading(log: RecordedLog) -> Reading:
    return read(log.source)


def table(reading: Reading, name: str) -> list[Line]:
    [spec] = [spec for spec in TABLES if spec.name == name]
    return [dict(zip([column.name for column in spec.columns], row, strict=True)) for row in spec.rows(reading)]


def by_ref(reading: Reading, name: str) -> dict[Cell, Line]:
    return {row["ref"]: row for row in table(reading, name)}


def test_service_and_auditor_make_the_same_tables(log: RecordedLog) -> None:
    publisher = publisher_of(log)
    of_views = {name: b"".join(pieces) for name, pieces in derived_files(publisher.source(log.size()))}
    assert of_views == {name: b"".join(pieces) for name, pieces in derived_files(log.source)}


def test_the_package_is_verified_with_its_tombstone_and_its_erasure(log: RecordedLog, tmp_path: Path) -> None:
    report = verify(log.export(tmp_path / "bill.zip"), trust=Trust((log.signer.vkey,)))
    assert (report.findings, report.verdict) == ((), "verified")


def test_rows_are_in_the_order_of_their_primary_key_and_the_key_is_unique(reading: Reading) -> None:
    for name in ("answers", "arguments", "contributions", "sections"):
        [spec] = [spec for spec in TABLES if spec.name == name]
        keys = [tuple(row[column] for column in spec.primary_key) for row in table(reading, name)]
        assert keys == sorted(set(keys), key=lambda key: tuple((str(type(part)), part) for part in key)), name
    versions = [(row["target"], row["version"]) for row in table(reading, "versions")]
    assert len(set(versions)) == len(versions)


def test_hidden_content_is_a_tombstone_with_its_motive(reading: Reading) -> None:
    row = by_ref(reading, "contributions")["rude"]
    assert (row["title"], row["body"], row["language"]) == (None, None, None)
    assert (row["moderation"], row["motive"], row["moderated"], row["erased"]) == ("hidden", "insult", True, None)
    [version] = [row for row in table(reading, "versions") if row["target"] == HIDDEN]
    assert (version["body"], version["moderation"], version["motive"], version["erased"]) == (None, "hidden", "insult", None)


def test_erased_content_keeps_its_row_and_names_what_was_erased(reading: Reading) -> None:
    row = by_ref(reading, "contributions")["private"]
    assert (row["title"], row["body"], row["erased"], row["moderation"]) == (None, None, "title body", None)
    [version] = [row for row in table(reading, "versions") if row["target"] == "contribution/private"]
    assert version["erased"] == "title body"


def test_an_erased_name_and_an_erased_reason_are_told_too() -> None:
    log = discussed()
    for ref, seq in ((ref, row["seq"]) for ref, row in log.source.rows("contributions") if ref in ("by-us", "open-data")):
        assert isinstance(seq, int)
        log.erase(seq, "collective_name" if ref == "by-us" else "body")
    [withdrawn] = [row["withdrawn_seq"] for ref, row in log.source.rows("arguments") if ref == "really"]
    assert isinstance(withdrawn, int)
    log.erase(withdrawn)
    reading = read(log.source)
    rows = by_ref(reading, "contributions")
    assert (rows["by-us"]["collective_name"], rows["by-us"]["erased"], rows["by-us"]["title"]) == (None, "collective_name", "By us")
    assert (rows["open-data"]["body"], rows["open-data"]["erased"]) == ("Most of it.\nSoon.", None)
    first, second = [row for row in table(reading, "versions") if row["target"] == OPINION]
    assert (first["body"], first["erased"], second["erased"]) == (None, "body", None)
    gone = by_ref(reading, "arguments")["really"]
    assert (gone["withdrawn_reason"], gone["erased"], gone["body"]) == (None, "withdrawn_reason", "Because really")


def test_what_is_erased_while_it_is_withheld_is_told_when_it_is_restored() -> None:
    log = discussed()
    log.post("content.hidden", target="argument/costly", motive="insult")
    [seq] = [row["seq"] for ref, row in log.source.rows("arguments") if ref == "costly"]
    assert isinstance(seq, int)
    log.erase(seq)
    assert by_ref(read(log.source), "arguments")["costly"]["erased"] is None
    log.post("content.restored", target="argument/costly", because="mistake")
    row = by_ref(read(log.source), "arguments")["costly"]
    assert (row["erased"], row["moderation"], row["moderated"]) == ("body", None, True)


@pytest.mark.parametrize(("trash", "body"), [("visible", "Because costly"), ("invisible", None)])
def test_a_limited_argument_is_readable_only_in_a_readable_trash(trash: str, body: str | None) -> None:
    log = discussed()
    log.post("content.limited", target="argument/costly", motive="insult", trash=trash)
    row = by_ref(read(log.source), "arguments")["costly"]
    assert (row["body"], row["moderation"], row["motive"]) == (body, f"limited_{trash}", "insult")


def test_lineage_answers_and_traces_stand_in_columns_of_references(reading: Reading) -> None:
    rows = by_ref(reading, "contributions")
    opinion = rows["open-data"]
    assert (opinion["absorbed"], opinion["led_to"], opinion["texts"]) == ("same", "bill/art-1", 2)
    assert (opinion["answer"], opinion["answers"]) == ("retained", 2)
    assert (rows["same"]["state"], rows["same"]["merged_into"], rows["same"]["merge_proposed"]) == ("merged", "open-data", None)
    assert (rows["two-things"]["state"], rows["two-things"]["split_into"]) == ("split", "one-thing another-thing")
    assert rows["one-thing"]["derived_from"] == "two-things"
    assert (rows["by-us"]["collective"], rows["by-us"]["formalised_with"], rows["by-us"]["attachments"]) == ("association", "legal-desk", 1)


def test_versions_are_numbered_in_the_order_in_which_they_were_written(reading: Reading) -> None:
    found = [(row["version"], row["body"]) for row in table(reading, "versions") if row["target"] == OPINION]
    assert found == [(1, "All of it.\nSoon."), (2, "Most of it.\nSoon.")]
    assert [row["version"] for row in table(reading, "versions") if row["target"] == "argument/cheap"] == [1, 2]


def test_sections_stand_in_reading_order_below_their_text(reading: Reading) -> None:
    rows = table(reading, "sections")
    assert [(row["position"], row["section"], row["depth"]) for row in rows] == [
        (0, None, None),
        (1, "title-1", 0),
        (2, "art-1", 1),
        (3, "art-2", 1),
        (4, "title-2", 0),
    ]
    assert [row["contributions"] for row in rows] == [3, 0, 3, 1, 0]
    amended = rows[2]
    assert (amended["body"], amended["amendments"], amended["because_of"]) == ("New art-1", 1, "open-data same")
    assert amended["digest"] != amended["first_digest"]


def test_an_adopted_text_states_its_digest_and_an_erased_section_what_it_lacks() -> None:
    log = discussed()
    [amended] = [row for key, row in log.source.rows("texts") if key == "bill/art-2"]
    assert isinstance(amended["seq"], int)
    adopted = log.post("text.adopted", ref="bill")
    log.erase(amended["seq"], "body")
    text, *sections = table(read(log.source), "sections")
    assert (text["adopted_seq"], text["digest"]) == (adopted.seq, getattr(adopted.data, "digest"))  # noqa: B009  # of the event's own type
    assert [row["erased"] for row in sections] == [None, None, "body", None]
    assert sections[2]["body"] is None


def test_every_contribution_has_its_answers_or_the_days_of_silence(reading: Reading) -> None:
    rows = table(reading, "answers")
    answered = [(row["number"], row["code"], row["body"], row["waited_days"]) for row in rows if row["ref"] == "open-data"]
    assert answered == [(1, "noted", "We think about it.", 3), (2, "retained", "=Yes", 7)]
    silent = {row["ref"]: row["waited_days"] for row in rows if row["number"] == 0}
    assert silent == dict.fromkeys(("another-thing", "by-us", "one-thing", "private", "rude"), 9)


def test_an_erased_answer_is_told() -> None:
    log = discussed()
    [answer] = [row["answer"] for ref, row in log.source.rows("contributions") if ref == "open-data"]
    assert isinstance(answer, dict)
    assert isinstance(answer["seq"], int)
    log.erase(answer["seq"])
    found = [(row["body"], row["erased"]) for row in table(read(log.source), "answers") if row["ref"] == "open-data"]
    assert found == [("We think about it.", None), (None, "body")]
