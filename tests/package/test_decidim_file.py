"""Proposals in the columns of Decidim's open data."""

import pytest

from tests.package.shapes import BOX, names, rows, shaped
from tests.recorded import RecordedLog

COLUMNS = (
    "id author/id author/name author/url taxonomies/ids taxonomies/name/en taxonomies/name/fr participatory_space/id "
    "participatory_space/url component/id title/en title/fr body/en body/fr address latitude longitude state state_published_at reference "
    "answer/en answer/fr answered_at votes likes/total_count likes/user_endorsements comments attachments follows_count published_at url "
    "meeting_urls related_proposals is_amend original_proposal/title/en original_proposal/title/fr original_proposal/url withdrawn "
    "withdrawn_at created_at updated_at created_in_meeting coauthorships_count cost cost_report execution_period"
)


@pytest.fixture(scope="module")
def log() -> RecordedLog:
    return shaped()


@pytest.fixture(scope="module")
def proposals(log: RecordedLog) -> dict[str, dict[str, str]]:
    return {row["id"]: row for row in rows(log, BOX, ";")}


def test_a_step_that_accepts_proposals_has_the_file(log: RecordedLog) -> None:
    assert [name for name in names(log) if name.startswith("decidim/")] == [BOX]


def test_the_columns_are_those_of_the_platform_with_the_languages_of_the_project(proposals: dict[str, dict[str, str]]) -> None:
    assert " ".join(proposals["lamp"]) == COLUMNS
    assert list(proposals) == ["bench", "lamp", "tree", "warm-lamp"]


def test_a_proposal_says_what_it_is_and_what_became_of_it(log: RecordedLog, proposals: dict[str, dict[str, str]]) -> None:
    lamp = {column: cell for column, cell in proposals["lamp"].items() if cell and column != "author/id"}
    hour = "2026-03-01 10:00:00"
    assert len(proposals["lamp"]["author/id"]) == 22
    assert lamp == {
        "id": "lamp", "taxonomies/ids": "green", "taxonomies/name/en": "Green", "taxonomies/name/fr": "Vert",
        "participatory_space/id": log.origin, "component/id": "box", "title/fr": "Lampes", "body/en": "More; light", "address": "Plaza",
        "latitude": "-3.7", "longitude": "40.4", "state": "accepted", "state_published_at": hour, "reference": "'-L 1",
        "answer/en": "With fewer", "answered_at": hour, "votes": "2", "comments": "1", "attachments": "0", "published_at": hour,
        "url": f"{log.origin}/contribution/lamp", "is_amend": "false", "withdrawn": "false", "created_at": hour,
        "created_in_meeting": "false", "coauthorships_count": "1", "cost": "1200.50",
    }  # fmt: skip


def test_states_authors_and_lineage(log: RecordedLog, proposals: dict[str, dict[str, str]]) -> None:
    assert {ref: row["state"] for ref, row in proposals.items()} == {
        "bench": "noted", "lamp": "accepted", "tree": "not_answered", "warm-lamp": "not_answered",
    }  # fmt: skip
    bench, tree, warm = proposals["bench"], proposals["tree"], proposals["warm-lamp"]
    assert (bench["author/id"], bench["coauthorships_count"], bench["created_in_meeting"], bench["meeting_urls"]) == (
        "",
        "0",
        "true",
        "hall",
    )
    assert bench["related_proposals"] == tree["url"] == f"{log.origin}/contribution/tree"
    assert (tree["withdrawn"], tree["withdrawn_at"], tree["title/en"], tree["votes"]) == ("true", "2026-03-01 10:00:00", "Baum", "0")
    assert (warm["is_amend"], warm["original_proposal/url"], warm["votes"]) == ("true", proposals["lamp"]["url"], "")
