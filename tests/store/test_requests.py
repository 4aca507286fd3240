"""Sending a request again, expecting a version, and standing line by line."""

from collections.abc import Iterator
from threading import Thread

import orjson
import psycopg
import pytest

from ledger.errors import (
    AlreadyVoted,
    ChoicesRefused,
    IdempotencyKeyReused,
    LedgerError,
    NotJson,
    RoleBeyondKey,
    VersionStale,
    VersionUnclear,
)
from ledger.ports import Client
from ledger.store.requests import forget_requests
from ledger.submit import Posted, Receipted, Recorded, read_submissions
from tests.posting import TOWN, Ledger, ballot, ledger, opening, organizer, posted, proposal, seqs, vote_opened


@pytest.fixture(scope="module")
def town(database: str) -> Iterator[Ledger]:
    with ledger(database) as running:
        running.post("town", *vote_opened())
        yield running


def size(town: Ledger) -> int:
    return len(town.entries("town"))


def same(first: Receipted, again: Receipted) -> bool:
    return [str(o) for o in first.outcomes] == [str(o) for o in again.outcomes] and first.receipt == again.receipt and again.replayed


def test_a_request_sent_again_is_answered_as_the_first_time_and_recorded_once(town: Ledger) -> None:
    ballots = [ballot(f"twice {number}", 0) for number in range(300)]
    first = town.post("town", *ballots, key="k-1")
    before = size(town)
    assert not first.replayed
    assert same(first, town.post("town", *ballots, key="k-1"))
    assert size(town) == before


def test_it_is_also_after_a_restart_by_another_process_and_when_the_time_has_moved_on(town: Ledger, database: str) -> None:
    first = town.post("town", ballot("restart", 0), key="k-2")
    with ledger(database, keys=town.keys) as other:
        other.clock.time = "2026-03-02T00:00:00.000Z"
        assert same(first, other.post("town", ballot("restart", 0), key="k-2"))


def test_the_opening_of_a_project_can_be_sent_again(town: Ledger) -> None:
    first = town.post("again", opening(), organizer("step.planned", step="s", kind="presentation", title={"fr": "x"}), key="open")
    assert same(
        first, town.post("again", opening(), organizer("step.planned", step="s", kind="presentation", title={"fr": "x"}), key="open")
    )
    assert town.types("again") == ["project.opened/1", "step.planned/1"]


def test_a_key_with_another_body_is_refused(town: Ledger) -> None:
    town.post("town", ballot("first body", 0), key="k-3")
    for other in ({"key": "k-3"}, {"key": "k-3", "atomic": False}):
        documents = [ballot("first body", 0)] if "atomic" in other else [ballot("second body", 0)]
        with pytest.raises(IdempotencyKeyReused):
            town.post("town", *documents, **other)
    town.post("town", ballot("second body", 0))  # which was not recorded before


def test_keys_of_two_clients_do_not_meet(town: Ledger) -> None:
    other = Client("other", "other", TOWN.scopes, TOWN.roles)
    first, second = town.post("town", ballot("mine", 0), key="k-4"), town.post("town", ballot("theirs", 0), key="k-4", client=other)
    assert seqs(first) != seqs(second)


def test_a_refused_request_is_not_remembered(town: Ledger) -> None:
    with pytest.raises(ChoicesRefused):
        town.post("town", ballot("wrong", 9), key="k-5")
    assert town.query("SELECT count(*) FROM requests WHERE key = 'k-5'") == [(0,)]
    assert not town.post("town", ballot("wrong", 0), key="k-5").replayed


def test_one_key_sent_by_many_at_once_is_recorded_once(town: Ledger) -> None:
    answers: list[Receipted] = []
    senders = [Thread(target=lambda: answers.append(town.post("town", ballot("at once", 1), key="k-6"))) for _ in range(12)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    assert len({tuple(seqs(answer)) for answer in answers}) == 1
    assert [answer.replayed for answer in answers].count(False) == 1
    assert len({answer.receipt for answer in answers}) == 1


def test_neither_the_body_nor_a_plain_hash_of_it_is_stored(town: Ledger) -> None:
    sent = posted(ballot("hidden", 0), key="k-7")
    town.intake.submit_now("town", TOWN, sent)
    ((mark, answer),) = town.query("SELECT fingerprint, answer FROM requests WHERE key = 'k-7'")
    assert len(mark) == 32
    assert mark != sent.body_digest
    assert b"hidden" not in answer


def test_requests_are_forgotten_after_their_lifetime(town: Ledger) -> None:
    town.post("town", ballot("old", 0), key="k-8")
    with psycopg.connect(town.conninfo, autocommit=True) as connection:
        connection.execute("UPDATE requests SET answered_at = now() - interval '8 days' WHERE key = 'k-8'")
        assert forget_requests(connection) == 1
        assert forget_requests(connection) == 0
    with pytest.raises(AlreadyVoted):
        town.post("town", ballot("old", 0), key="k-8")


def test_a_version_that_is_no_longer_the_newest_is_a_conflict(town: Ledger) -> None:
    town.post("town", ballot("versioned", 0), version=0)
    with pytest.raises(VersionStale) as refused:
        town.post("town", ballot("versioned", 1, name="ballot.replaced"), version=0)
    assert (refused.value.expected, refused.value.found) == (0, 1)
    town.post("town", ballot("versioned", 1, name="ballot.replaced"), version=1)
    with pytest.raises(VersionStale):
        town.post("town", ballot("versioned", 0), version=0)
    town.post("town", organizer("step.suspended", step="vote", code="outage"), version=3)
    with pytest.raises(VersionStale):
        town.post("town", organizer("step.resumed", step="vote"), version=3)
    town.post("town", organizer("step.resumed", step="vote"), version=4)


def test_a_version_is_of_one_stream(town: Ledger) -> None:
    with pytest.raises(VersionUnclear):
        town.post("town", ballot("one", 0), ballot("two", 0), version=0)
    town.post("town", ballot("both", 0), ballot("both", 1, name="ballot.replaced"), version=0)


def test_line_by_line_what_is_admitted_is_recorded_and_the_rest_says_why(town: Ledger) -> None:
    polls = Client("polls", "polls", TOWN.scopes, frozenset({"participant"}))
    documents = [ballot("l1", 0), ballot("l2", 7), ballot("l1", 0), {**ballot("l3", 0), "role": "agent"}, ballot("l4", 1)]
    bodies = [b'{"type": "ballot.cast/1"', *(orjson.dumps(document) for document in documents)]
    places = [f"line {number}" for number in range(len(bodies))]
    request = Posted(read_submissions(bodies, places, atomic=False), places, "k-9", b"digest", None, atomic=False)
    answer = town.intake.submit_now("town", polls, request)
    kinds = [type(outcome) for outcome in answer.outcomes]
    assert kinds == [NotJson, Recorded, ChoicesRefused, AlreadyVoted, RoleBeyondKey, Recorded]
    assert [outcome.submission for outcome in answer.outcomes if isinstance(outcome, LedgerError)] == [
        "line 0",
        "line 2",
        "line 3",
        "line 4",
    ]
    first, second = seqs(answer)
    assert second == first + 1
    assert same(answer, town.intake.submit_now("town", polls, request))


def test_line_by_line_with_nothing_admitted_there_is_no_receipt_and_nothing_remembered(town: Ledger) -> None:
    before = size(town)
    answer = town.post("town", ballot("none", 5), ballot("none", 6), key="k-10", atomic=False)
    assert [type(outcome) for outcome in answer.outcomes] == [ChoicesRefused, ChoicesRefused]
    assert answer.receipt is None
    assert size(town) == before
    assert town.query("SELECT count(*) FROM requests WHERE key = 'k-10'") == [(0,)]


def test_a_refusal_in_the_last_line_leaves_no_trace_of_the_others(town: Ledger) -> None:
    before = traces(town)
    lines = [
        organizer("step.planned", step="more", kind="collection", title={"fr": "x"}, accepts=["proposal"]),
        organizer("step.opened", step="more"),
        *(proposal(f"p{number}", f"stranger {number}", step="more") for number in range(200)),
    ]
    with pytest.raises(ChoicesRefused) as refused:
        town.post("town", *lines, ballot("trace", 8))
    assert refused.value.submission == "line 203"
    assert traces(town) == before
    town.post("town", *lines, ballot("trace", 0))
    town.events("town")


def traces(town: Ledger) -> list[object]:
    tables = ("events", "disclosures", "subject_keys", "requests")
    return [*(town.query(f"SELECT count(*) FROM {table}") for table in tables), town.query("SELECT * FROM heads ORDER BY project_id")]
