"""The feed: whoever follows gets every entry once, in order, from where they left off."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice

import pytest

from ledger.api.feed import MOST_FOLLOWERS, Feed
from ledger.errors import FeedBusy
from tests.api.conftest import PROJECT, Town
from tests.contracts.memory_log import MemoryLog
from tests.posting import ballot

EVENTS = f"/v1/projects/{PROJECT}/events"
FEED = {"Accept": "text/event-stream"}
Told = tuple[int, str, bytes]
"""id, event and data of one event of the stream."""


@contextmanager
def following(town: Town, path: str = EVENTS, **headers: str) -> Iterator[Iterator[Told]]:
    """The events of the feed, as they come."""
    named = {**FEED, **{name.replace("_", "-"): value for name, value in headers.items()}}
    with town.service.http.stream("GET", path, headers=named) as answer:
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/event-stream")
        yield _events(answer.iter_lines())


def _events(lines: Iterator[str]) -> Iterator[Told]:
    fields: dict[str, str] = {}
    for line in lines:
        name, _, value = line.partition(": ")
        if line:
            fields[name] = value
        elif "data" in fields:
            yield int(fields["id"]), fields["event"], fields["data"].encode()
            fields = {}


def vote(town: Town, *people: str) -> None:
    answer = town.post(*(ballot(person, 0) for person in people))
    assert answer.status_code == 201, answer.text


def test_the_whole_log_can_be_followed_from_its_beginning_and_the_bytes_are_the_stored_ones(town: Town) -> None:
    entries = town.service.get(f"{EVENTS}?format=ndjson").content.splitlines()
    with following(town, f"{EVENTS}?after=-1") as events:
        found = list(islice(events, len(entries)))
    assert [seq for seq, _, _ in found] == list(range(len(entries)))
    assert [data for _, _, data in found] == entries
    assert found[0][1] == "project.opened/1"


def test_who_follows_without_saying_from_where_hears_what_is_new(town: Town) -> None:
    before = town.size
    with following(town) as events:
        vote(town, "early bird", "second bird")
        found = list(islice(events, 2))
    assert [seq for seq, _, _ in found] == [before, before + 1]


def test_who_comes_back_with_the_last_id_misses_nothing_and_hears_nothing_twice(town: Town) -> None:
    with following(town) as events:
        vote(town, "third bird")
        last, _, _ = next(events)
    vote(town, "while away", "still away")
    with following(town, Last_Event_ID=str(last)) as events:
        vote(town, "back again")
        found = [seq for seq, _, _ in islice(events, 3)]
    assert found == [last + 1, last + 2, last + 3]


def test_many_follow_one_log(town: Town) -> None:
    before = town.size
    with following(town) as one, following(town) as another, following(town, f"{EVENTS}?format=sse&after={before - 5}") as behind:
        vote(town, "crowd puller")
        assert next(one) == next(another)
        assert [seq for seq, _, _ in islice(behind, 5)] == list(range(before - 4, before + 1))


def test_a_position_beyond_the_end_is_the_end(town: Town) -> None:
    before = town.size
    with following(town, Last_Event_ID="999999") as events:
        vote(town, "sixth bird")
        assert next(events)[0] == before


@pytest.mark.parametrize("last", ["-1", "x", "1.5", "9" * 20])
def test_a_last_event_id_that_is_no_seq_is_refused(town: Town, last: str) -> None:
    answer = town.service.get(EVENTS, Accept="text/event-stream", Last_Event_ID=last)
    assert answer.status_code == 422
    assert answer.json()["code"] == "parameter-invalid"


@pytest.mark.parametrize("query", ["limit=5", "disclosures=true"])
def test_a_feed_has_no_pages_and_shows_no_disclosures(town: Town, query: str) -> None:
    answer = town.service.get(f"{EVENTS}?{query}", Accept="text/event-stream")
    assert answer.status_code == 422
    assert answer.json()["code"] == "parameter-invalid"


def test_asking_for_the_head_of_a_feed_ends_at_once(town: Town) -> None:
    answer = town.service.http.head(EVENTS, headers=FEED)
    assert answer.status_code == 200
    assert not answer.content


def test_the_feed_of_an_unknown_project_is_not_found(town: Town) -> None:
    answer = town.service.get("/v1/projects/nowhere/events", Accept="text/event-stream")
    assert answer.status_code == 404


def test_a_server_that_stops_ends_the_feed() -> None:
    async def follow() -> list[bytes]:
        feed = Feed()
        pieces = await feed.joined("town", MemoryLog([]), None)
        begun = await anext(pieces)
        feed.end()
        return [begun, *[piece async for piece in pieces]]

    assert asyncio.run(follow()) == [b"retry: 2000\n\n"]


def test_more_followers_than_a_process_serves_are_told_to_come_back() -> None:
    async def follow() -> None:
        feed = Feed()
        begun = [await feed.joined("town", MemoryLog([]), None) for _ in range(MOST_FOLLOWERS)]
        for pieces in begun:
            await anext(pieces)
        with pytest.raises(FeedBusy):
            await feed.joined("town", MemoryLog([]), None)
        await begun[0].aclose()
        await feed.joined("town", MemoryLog([]), None)
        feed.end()

    asyncio.run(follow())
