"""What is read of a consultation over HTTP: every view says the size it is true at, in pages that lead on, also as it was before."""

from collections.abc import Iterator
from typing import Any

import orjson
import pytest

from ledger.api.examples import CLIENT, PROJECT, STORY
from tests.serving import Service

PLACE = f"/v1/projects/{PROJECT}"
VIEWS = (
    "contributions",
    "contributions/quiet-quays",
    "contributions/quiet-quays/arguments",
    "arguments",
    "texts",
    "texts/quay-rules",
    "steps/debate/ranking",
    "steps/debate/clusterings",
    "differences",
    "moderation",
    "erasures",
    "changes",
    "participation",
)


@pytest.fixture(scope="module")
def story(service: Service) -> Service:
    """A service that was told the whole story of the examples."""
    key = service.key(CLIENT)
    for submitted in STORY:
        answer = service.post(PROJECT, orjson.dumps(submitted), key, Content_Type="application/json")
        assert answer.status_code == 201, f"{submitted['type']}: {answer.text}"
    service.settle(PROJECT)
    return service


def got(service: Service, path: str) -> dict[str, Any]:
    """The document at this path."""
    answer = service.get(path if path.startswith("/") else f"{PLACE}/{path}")
    assert answer.status_code == 200, answer.text
    document: dict[str, Any] = answer.json()
    return document


def paged(service: Service, name: str, query: str) -> Iterator[dict[str, Any]]:
    """The rows of all pages."""
    path: str | None = f"{PLACE}/{name}?{query}"
    while path:
        document = got(service, path)
        yield from document[name]
        path = document["next"]


@pytest.mark.parametrize("view", VIEWS)
def test_every_view_says_what_it_reflects_and_confirms_itself(story: Service, view: str) -> None:
    answer = story.get(f"{PLACE}/{view}")
    assert answer.status_code == 200, answer.text
    assert answer.json()["seq"] == len(STORY) - 1
    assert answer.headers["etag"].startswith(f'"{len(STORY) - 1}')
    assert story.get(f"{PLACE}/{view}", If_None_Match=answer.headers["etag"]).status_code == 304


@pytest.mark.parametrize("view", VIEWS)
def test_a_view_of_the_past_is_true_at_its_size(story: Service, view: str) -> None:
    answer = story.get(f"{PLACE}/{view}?at=3")
    assert answer.status_code in {200, 404}
    if answer.status_code == 200:
        assert answer.json()["seq"] == 3
    else:
        assert answer.json()["code"] in {"content-not-found", "text-not-found", "ranking-not-found"}


@pytest.mark.parametrize("name", ["contributions", "arguments", "moderation", "erasures", "changes"])
def test_small_pages_hold_what_one_page_holds(story: Service, name: str) -> None:
    whole = list(paged(story, name, "limit=1000"))
    assert whole
    assert list(paged(story, name, "limit=1")) == whole


def test_contributions_are_chosen_by_kind_section_and_state(story: Service) -> None:
    rows = list(paged(story, "contributions", "limit=1000"))
    for name in ("kind", "section", "state", "step"):
        for value in {row[name] for row in rows if row[name] is not None}:
            chosen = list(paged(story, "contributions", f"{name}={value}&limit=2"))
            assert chosen == [row for row in rows if row[name] == value]


def test_two_versions_of_a_contribution_are_compared_word_by_word(story: Service) -> None:
    row = next(row for row in paged(story, "contributions", "limit=1000") if row["ref"] == "shared-orchard")
    assert row["ref"] == "shared-orchard"
    difference = got(story, "contributions/shared-orchard/difference?from=1&to=2")
    said = orjson.dumps(difference).decode()
    assert "Forty" in said
    assert "Fifty" in said


def test_a_ranking_shows_three_counts_and_may_be_asked_for_by_another_method(story: Service) -> None:
    declared = got(story, "steps/debate/ranking")
    assert (declared["method"], declared["declared"]) == ("wilson", "wilson")
    assert {"positive", "neutral", "negative"} <= {*declared["targets"][0]}
    net = got(story, "steps/debate/ranking?by=net&kind=opinion")
    assert net["method"] == "net"
    assert {target["kind"] for target in net["targets"]} == {"opinion"}


def test_a_clustering_has_its_consensus(story: Service) -> None:
    [clustering] = got(story, "steps/debate/clusterings")["clusterings"]
    assert "members" not in clustering
    consensus = got(story, f"steps/debate/clusterings/{clustering['ref']}/consensus")
    assert consensus["targets"]


def test_the_moderation_register_keeps_the_decision_that_was_reversed(story: Service) -> None:
    appealed = list(paged(story, "moderation", "state=appealed"))
    assert appealed
    for line in appealed:
        assert line["motive"]
        assert line["appeal"]["outcome"] == "reversed"
        assert (line["state"], line["undone"]["because"]) == ("ended", "appeal")


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("contributions/nothing", 404, "content-not-found"),
        ("arguments/nothing", 404, "content-not-found"),
        ("texts/nothing", 404, "text-not-found"),
        ("steps/vote/ranking", 404, "ranking-not-found"),
        ("steps/debate/clusterings/nothing/consensus", 404, "clustering-not-found"),
        ("contributions/quiet-quays/difference?from=1&to=99", 404, "content-version-not-found"),
        ("contributions/quiet-quays/difference?from=1", 422, "parameter-invalid"),
        ("contributions?kind=poem", 422, "parameter-invalid"),
        ("contributions?colour=red", 422, "parameter-invalid"),
        ("steps/debate/ranking?by=taste", 422, "parameter-invalid"),
        ("moderation?state=forgotten", 422, "parameter-invalid"),
        ("erasures?what=everything", 422, "parameter-invalid"),
        ("changes?limit=0", 422, "parameter-invalid"),
        ("participation?at=yesterday", 422, "parameter-invalid"),
    ],
)
def test_what_is_not_there_or_makes_no_sense_is_a_problem_with_its_code(story: Service, path: str, status: int, code: str) -> None:
    answer = story.get(f"{PLACE}/{path}")
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert answer.headers["content-type"] == "application/problem+json"
