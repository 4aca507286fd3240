"""A consultation in the columns of Cap Collectif's full export: one row per act, nobody named, nothing shown that is hidden or erased."""

from collections import Counter

import pytest

from ledger.package.cap_collectif_columns import HEADER
from tests.package.shapes import DEBATE, names, rows, shaped
from tests.recorded import RecordedLog

P = "export_contribution_"


@pytest.fixture(scope="module")
def log() -> RecordedLog:
    return shaped()


def of_kind(log: RecordedLog, kind: str) -> list[dict[str, str]]:
    """The filled cells of the rows of a kind, columns without their prefix."""
    found = [row for row in rows(log, DEBATE) if row[f"{P}type"] == f"{P}type_{kind}"]
    plain = [{column.removeprefix(P).replace("export_contributions_", ""): cell for column, cell in row.items() if cell} for row in found]
    return [{column: cell for column, cell in row.items() if column != "type"} for row in plain]


def test_a_step_has_the_file_where_it_has_the_scale(log: RecordedLog) -> None:
    assert [name for name in names(log) if name.startswith("cap-collectif/")] == [DEBATE]


def test_the_columns_are_those_of_the_platform_in_its_order(log: RecordedLog) -> None:
    assert tuple(rows(log, DEBATE)[0]) == HEADER
    assert (len(HEADER), HEADER[0], HEADER[8], HEADER[10], HEADER[-1]) == (
        78, f"{P}type", "export_contributions_created_at", f"{P}url", f"{P}versions_votes_count_nok",
    )  # fmt: skip


def test_every_act_has_a_row(log: RecordedLog) -> None:
    kinds = Counter(row[f"{P}type"].removeprefix(f"{P}type_") for row in rows(log, DEBATE))
    assert kinds == {
        "opinion": 4, "opinion_version": 1, "argument": 3, "opinion_source": 1, "reporting": 2, "opinion_vote": 5,
        "opinion_version_vote": 1,
    }  # fmt: skip


def test_a_version_stands_below_its_opinion(log: RecordedLog) -> None:
    order = [row[f"{P}id"] or row[f"{P}versions_id"] for row in rows(log, DEBATE)[:5]]
    assert order == ["first", "a-wording", "gone", "rude", "section-wording"]


def test_an_opinion_counts_what_stands_now(log: RecordedLog) -> None:
    first = of_kind(log, "opinion")[0]
    author = first.pop("author_id")
    assert len(author) == 22
    assert first == {
        "id": "first", "consultation_title": "The bill", "section_title": "Section 1", "title": "'=Open it", "body_text": "All,\nof it.",
        "created_at": "2026-03-01 08:00:00", "published": "Oui", "trashed": "Non", "votes_count": "3", "votes_count_ok": "1",
        "votes_count_mitige": "0", "votes_count_nok": "2", "arguments_count": "2", "arguments_count_for": "1",
        "arguments_count_against": "1", "sources_count": "0", "versions_count": "1",
    }  # fmt: skip


def test_what_may_not_be_shown_is_said_and_not_shown(log: RecordedLog) -> None:
    opinions = {row["id"]: row for row in of_kind(log, "opinion")}
    assert (opinions["rude"]["title"], opinions["gone"]["title"]) == ("[hidden: insult]", "[erased]")
    assert "body_text" not in opinions["rude"]
    assert "body_text" not in opinions["gone"]
    trash = {name: opinions["rude"][f"trashed{name}"] for name in ("", "_status", "_at", "_reason")}
    assert trash == {"": "Oui", "_status": "invisible", "_at": "2026-03-01 08:00:00", "_reason": "insult: Rude"}
    assert opinions["section-wording"]["consultation_title"] == "The bill"
    assert opinions["rude"]["consultation_title"] == "'=Debate"


def test_votes_name_the_person_of_the_step_and_the_hour(log: RecordedLog) -> None:
    votes = [*of_kind(log, "opinion_vote"), *of_kind(log, "opinion_version_vote")]
    assert Counter((vote["votes_related_id"], vote["votes_value"].rpartition(".")[2]) for vote in votes) == {
        ("first", "ok"): 1, ("first", "nok"): 2, ("rude", "nok"): 1, ("gone", "ok"): 1, ("a-wording", "ok"): 1,
    }  # fmt: skip
    assert {vote["votes_author_id"] for vote in votes} == {stance.actor for stance in log.source.stances("debate") if stance.value}
    assert {vote["votes_created_at"] for vote in votes} == {"2026-03-01 08:00:00"}
    assert len({vote["votes_id"] for vote in votes}) == len(votes)


def test_arguments_sources_and_reports_say_what_they_are_about(log: RecordedLog) -> None:
    arguments = {row["arguments_id"]: row for row in of_kind(log, "argument")}
    assert set(arguments) == {"why", "argument/first", "short"}
    assert (arguments["why"]["arguments_type"], arguments["argument/first"]["arguments_type"]) == ("Pour", "Contre")
    assert (arguments["why"]["arguments_trashed_status"], arguments["why"]["arguments_body"]) == ("visible", "Because why")
    assert arguments["short"]["arguments_related_kind"] == "version"
    [source] = of_kind(log, "opinion_source")
    assert (source["sources_related_id"], source["sources_body"], source["sources_votes_count"]) == ("a-wording", "See the survey.", "0")
    reports = of_kind(log, "reporting")
    assert {(row["reportings_related_id"], row["reportings_type"]) for row in reports} == {("rude", "insult")}
    assert len({row["reportings_id"] for row in reports}) == 2
    assert not any("reportings_author_id" in row or "reportings_body" in row for row in reports)
