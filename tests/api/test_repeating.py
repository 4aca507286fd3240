"""A client that is not sure whether it was heard sends again: nothing is recorded twice, and it hears what it would have heard."""

from concurrent.futures import ThreadPoolExecutor

import orjson

from tests.api.conftest import PROJECT, Town
from tests.posting import ballot, organizer


def test_the_same_request_is_answered_as_the_first_time(town: Town) -> None:
    documents = [ballot(f"twice {number}", 0) for number in range(3)]
    first = town.post(*documents, Idempotency_Key="morning")
    size = town.size
    second = town.post(*documents, Idempotency_Key="morning")
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.content == second.content
    assert ("idempotent-replayed" in first.headers, second.headers["idempotent-replayed"]) == (False, "true")
    assert town.size == size


def test_the_same_request_from_many_hands_at_once_is_recorded_once(town: Town) -> None:
    body = orjson.dumps(organizer("category.defined", ref="crowd", name={"en": "Crowd"}))
    size = town.size
    with ThreadPoolExecutor(8) as hands:
        answers = list(hands.map(lambda _: town.service.post(PROJECT, body, town.key, Idempotency_Key="crowd"), range(8)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert town.size == size + 1


def test_lines_that_were_refused_are_refused_again_in_the_same_words(town: Town) -> None:
    documents = [ballot("thrice", 0), ballot("thrice", 1), organizer("category.defined", ref="lines", name={"en": "Lines"})]
    lines = b"\n".join(map(orjson.dumps, documents))

    def send() -> bytes:
        answer = town.service.http.post(
            f"/v1/projects/{PROJECT}/events?atomic=false",
            content=lines,
            headers={"Authorization": f"Bearer {town.key}", "Content-Type": "application/x-ndjson", "Idempotency-Key": "lines"},
        )
        assert answer.status_code == 201
        return bytes(answer.content)

    first = send()
    assert send() == first
    assert orjson.loads(first)["events"][1]["problem"]["code"] == "already-voted"


def test_a_cloudevent_is_recognised_by_its_source_and_id(town: Town) -> None:
    event = {
        "specversion": "1.0",
        "id": "e-1",
        "source": "/town/website",
        "type": "category.defined/1",
        "role": "organizer",
        "data": {"ref": "cloud", "name": {"en": "Cloud"}},
    }
    first = town.service.post(PROJECT, orjson.dumps(event), town.key, Content_Type="application/cloudevents+json")
    headers = {
        "ce_specversion": "1.0",
        "ce_id": "e-2",
        "ce_source": "/town/website",
        "ce_type": "category.defined/1",
        "ce_role": "organizer",
    }
    other = town.service.post(PROJECT, b'{"ref": "cloud-2", "name": {"en": "Cloud"}}', town.key, **headers)
    again = town.service.post(PROJECT, orjson.dumps(event), town.key, Content_Type="application/cloudevents+json")
    batch = town.service.post(PROJECT, orjson.dumps([{**event, "id": "e-3"}]), town.key, Content_Type="application/cloudevents-batch+json")
    assert (first.status_code, other.status_code, again.status_code) == (201, 201, 201)
    assert again.content == first.content
    assert (batch.status_code, batch.json()["code"]) == (409, "ref-taken"), "another id is another event"
