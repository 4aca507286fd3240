"""A page with a text that was hidden since is not confirmed, whenever it is of; and shows the text no more."""

from typing import Any

import orjson
import pytest

from tests.posting import TOWN, Document, organizer, preparation, proposal
from tests.serving import Service

PROJECT = "shown"
VIEWS = f"/v1/projects/{PROJECT}"


def moderating(name: str, **data: Any) -> Document:
    return {"type": f"{name}/1", "role": "moderator", "channel": "web", "data": {"target": "contribution/bench", **data}}


@pytest.fixture(scope="module")
def key(service: Service) -> str:
    key = service.key(TOWN.name)
    documents = [
        *preparation()[:3],
        proposal("bench", "ada", title={"fr": "Un banc bleu"}),
        organizer("role.granted", granted="moderator", client=TOWN.name),
        organizer("motive.defined", ref="insult", name={"fr": "Insulte"}),
    ]
    post(service, key, *documents)
    return key


def post(service: Service, key: str, *documents: Document) -> None:
    lines = b"\n".join(map(orjson.dumps, documents))
    answer = service.post(PROJECT, lines, key, Content_Type="application/x-ndjson")
    assert answer.status_code == 201, answer.text
    service.settle(PROJECT)


def test_a_hidden_text_leaves_every_page_also_those_of_the_past_and_those_that_were_kept(service: Service, key: str) -> None:
    pages = (f"{VIEWS}/proposals", f"{VIEWS}/proposals?at=5", f"{VIEWS}/events?disclosures=true&limit=5")
    kept = {page: service.get(page) for page in pages}
    assert all(page.status_code == 200 and page.headers["etag"] for page in kept.values())
    assert "Un banc bleu" in kept[pages[0]].text
    assert [service.get(page, If_None_Match=kept[page].headers["etag"]).status_code for page in pages] == [304] * 3

    post(service, key, moderating("content.hidden", motive="insult"))
    hidden = {page: service.get(page, If_None_Match=kept[page].headers["etag"]) for page in pages}
    assert [answer.status_code for answer in hidden.values()] == [200] * 3
    assert [hidden[page].json()["proposals"][0]["title"] for page in pages[:2]] == [None, None]
    assert "3" not in hidden[pages[2]].json()["disclosures"]
    assert hidden[pages[1]].json()["seq"] == kept[pages[1]].json()["seq"] == 5

    post(service, key, moderating("content.restored", because="mistake"))
    shown = {page: service.get(page, If_None_Match=hidden[page].headers["etag"]) for page in pages}
    assert [answer.status_code for answer in shown.values()] == [200] * 3
    assert [shown[page].json()["proposals"][0]["title"] for page in pages[:2]] == [{"fr": "Un banc bleu"}] * 2
    assert shown[pages[2]].json()["disclosures"]["3"] == kept[pages[2]].json()["disclosures"]["3"]


def test_a_page_without_texts_goes_by_its_seq_alone(service: Service, key: str) -> None:
    page = f"{VIEWS}/events?limit=2"
    kept = service.get(page)
    assert kept.headers["etag"] == f'"{service.size(PROJECT) - 1}"'
