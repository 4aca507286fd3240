"""Several writers on one database: who comes second is told so, nobody else is, and the log is one log."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import psycopg
import pytest

from ledger.errors import (
    AlreadySubmitted,
    AlreadyVoted,
    DatabaseUnavailable,
    LedgerError,
    ProjectAlreadyOpen,
    ProjectUnknown,
    StepClosed,
    StepUnknown,
    WriteInterrupted,
    WritersBusy,
)
from ledger.events import Submission
from ledger.store.clock import SystemEntropy
from ledger.store.requests import Request
from ledger.store.sealer import Draft
from ledger.store.sequencer import MOST_WAITING, Sequencer, Ticket
from ledger.submit import Receipted, Recorded
from tests.contracts.memory_keys import MemoryKeyStore
from tests.posting import (
    HOST,
    TOWN,
    HandClock,
    Ledger,
    ballot,
    ledger,
    opening,
    organizer,
    posted,
    preparation,
    proposal,
    seqs,
    vote_opened,
)


@pytest.fixture(scope="module")
def writers(database: str) -> Iterator[tuple[Ledger, Ledger]]:
    """Two writers that know of each other only by the database and the keys."""
    with ledger(database) as one, ledger(database, keys=one.keys) as two:
        yield one, two


def attempt(town: Ledger, ref: str, *documents: dict[str, object]) -> Receipted | LedgerError:
    try:
        return town.post(ref, *documents)
    except LedgerError as error:
        return error


def test_two_writers_make_one_log(writers: tuple[Ledger, Ledger]) -> None:
    one, _ = writers
    one.post("shared", *vote_opened())

    def some(number: int) -> list[Receipted | LedgerError]:
        town = writers[number % 2]
        alone = [attempt(town, "shared", ballot(f"single {number} {count}", 0)) for count in range(25)]
        return [*alone, attempt(town, "shared", *(ballot(f"batch {number} {count}", 1) for count in range(150)))]

    with ThreadPoolExecutor(8) as callers:
        answers = [answer for answers in callers.map(some, range(8)) for answer in answers]
    given = [seq for answer in answers if isinstance(answer, Receipted) for seq in seqs(answer)]
    assert sorted(given) == list(range(12, 12 + 8 * 175))
    assert len(one.events("shared")) == 12 + 8 * 175


def test_of_two_ballots_of_one_person_one_is_recorded_whoever_takes_them(writers: tuple[Ledger, Ledger]) -> None:
    one, _ = writers
    one.post("double", *vote_opened())

    def vote(number: int) -> Receipted | LedgerError:
        return attempt(writers[number % 2], "double", ballot(f"voter {number // 4}", number % 3))

    with ThreadPoolExecutor(8) as callers:
        answers = list(callers.map(vote, range(200)))
    assert sum(isinstance(answer, Receipted) for answer in answers) == 50
    assert {type(answer) for answer in answers} == {Receipted, AlreadyVoted}
    assert len(one.events("double")) == 12 + 50


def test_who_votes_again_does_not_disturb_those_of_the_same_turn(writers: tuple[Ledger, Ledger]) -> None:
    one, two = writers
    one.post("mates", *vote_opened())
    two.post("mates", ballot("first", 0))
    one.post("mates", ballot("known", 0))
    start = Barrier(9)

    def vote(number: int) -> Receipted | LedgerError:
        start.wait()
        return attempt(one, "mates", ballot("first" if number == 4 else f"mate {number}", 1))

    with ThreadPoolExecutor(9) as callers:
        answers = list(callers.map(vote, range(9)))
    assert [type(answer) for answer in answers] == [Receipted] * 4 + [AlreadyVoted] + [Receipted] * 4


def test_one_who_voted_elsewhere_is_found_in_a_large_batch(writers: tuple[Ledger, Ledger]) -> None:
    one, two = writers
    one.post("large", *vote_opened())
    two.post("large", ballot("voter 150", 0))
    ballots = [ballot(f"voter {number}", 1) for number in range(300)]
    with pytest.raises(AlreadyVoted) as refused:
        one.post("large", *ballots)
    assert refused.value.submission == "line 151"
    assert len(one.events("large")) == 13
    answer = one.post("large", *ballots, atomic=False)
    assert [number for number, outcome in enumerate(answer.outcomes) if not isinstance(outcome, Recorded)] == [150]
    assert len(one.events("large")) == 13 + 299


def test_a_connection_that_the_server_closed_while_idle_is_made_anew(writers: tuple[Ledger, Ledger]) -> None:
    one, _ = writers
    one.post("idle", *vote_opened())
    one.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'ledger writer'")
    one.post("idle", ballot("voter", 0))
    assert len(one.events("idle")) == 13


def test_what_one_writer_closes_the_other_refuses(writers: tuple[Ledger, Ledger]) -> None:
    one, two = writers
    one.post("closing", *vote_opened())
    two.post("closing", ballot("early", 0))
    one.post("closing", ballot("replaced", 0))
    one.post("closing", organizer("step.closed", step="vote"))
    with pytest.raises(StepClosed):
        two.post("closing", ballot("late", 0))
    with pytest.raises(StepClosed):
        two.post("closing", ballot("replaced", 1, name="ballot.replaced"))
    two.post("closing", organizer("result.computed", step="vote"))


def test_what_another_writer_recorded_in_an_own_stream_is_read_when_it_matters(writers: tuple[Ledger, Ledger]) -> None:
    one, two = writers
    one.post("own", *preparation()[:3], proposal("bench", "ada"))
    with pytest.raises(AlreadySubmitted):
        two.post("own", proposal("bench", "ada"))
    where = {"ref": "bench", "step": "ideas"}
    two.post("own", {**proposal("bench", "ada"), "type": "contribution.revised/1", "data": {**where, "title": {"fr": "Banc"}}})
    one.post("own", {**proposal("bench", "ada"), "type": "contribution.withdrawn/1", "data": {**where, "code": "duplicate"}})
    assert [event.version for event in one.events("own")[3:]] == [1, 2, 3]


def test_of_two_openings_of_a_project_one_is_recorded(writers: tuple[Ledger, Ledger]) -> None:
    with ThreadPoolExecutor(6) as callers:
        for round_ in range(5):
            askings = [callers.submit(attempt, writers[number % 2], f"opened-{round_}", opening()) for number in range(6)]
            answers = [asking.result() for asking in askings]
            assert sorted(type(answer).__name__ for answer in answers) == ["ProjectAlreadyOpen"] * 5 + ["Receipted"]
            assert {type(answer) for answer in answers} == {Receipted, ProjectAlreadyOpen}
            assert writers[0].types(f"opened-{round_}") == ["project.opened/1"]


def test_a_refused_opening_leaves_no_project(writers: tuple[Ledger, Ledger]) -> None:
    one, _ = writers
    with pytest.raises(LedgerError):
        one.post("unopened", opening(), ballot("voter", 0))
    assert one.query("SELECT count(*) FROM projects WHERE ref = 'unopened'") == [(0,)]
    with pytest.raises(ProjectUnknown):
        one.post("unopened", ballot("voter", 0), opening(), atomic=False)
    answer = one.post("unopened", opening(), ballot("voter", 0), atomic=False)
    assert [type(outcome) for outcome in answer.outcomes] == [Recorded, StepUnknown]


def test_a_database_put_back_to_an_older_state_is_read_anew(writers: tuple[Ledger, Ledger]) -> None:
    one, _ = writers
    one.post("restored", *vote_opened())
    project_id = one.project("restored").project_id
    with psycopg.connect(one.conninfo, autocommit=True) as connection:
        connection.execute("DELETE FROM events WHERE project_id = %s AND seq = 11", (project_id,))
        connection.execute("UPDATE heads SET size = 11, shared_size = 11 WHERE project_id = %s", (project_id,))
    with pytest.raises(LedgerError) as refused:
        one.post("restored", ballot("voter", 0))
    assert refused.value.code == "step-not-open"


def test_who_no_longer_waits_is_not_recorded_for(writers: tuple[Ledger, Ledger], database: str) -> None:
    one, _ = writers
    one.post("left", *vote_opened())

    async def leave() -> None:
        waiting = [asyncio.ensure_future(one.intake.submit("left", TOWN, posted(ballot(f"voter {number}", 0)))) for number in range(3)]
        await asyncio.sleep(0)
        for future in waiting:
            future.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)

    asyncio.run(leave())
    one.post("left", ballot("who stayed", 0))
    assert len(one.events("left")) <= 12 + 4


def test_what_waits_is_recorded_before_the_writer_stops_and_nothing_after(database: str) -> None:
    with ledger(database) as town:
        town.post("stopping", *vote_opened())
        with ThreadPoolExecutor(4) as callers:
            answers = [callers.submit(attempt, town, "stopping", ballot(f"voter {number}", 0)) for number in range(4)]
            recorded = [answer.result() for answer in answers]
    assert all(isinstance(answer, Receipted) for answer in recorded)
    with pytest.raises(WriteInterrupted):
        town.post("stopping", ballot("too late", 0))
    assert len(town.events("stopping")) == 16


def test_more_than_may_wait_is_told_to_come_again() -> None:
    sequencer = Sequencer("host=/nowhere", HOST, MemoryKeyStore(), HandClock(), SystemEntropy())
    waiting = Ticket(a_request())
    waiting.request.drafts *= MOST_WAITING + 1
    sequencer.put(waiting)
    with pytest.raises(WritersBusy):
        sequencer.put(Ticket(a_request()))


def a_request() -> Request:
    [submission] = posted(ballot("voter", 0)).submissions
    assert isinstance(submission, Submission)
    return Request("town", TOWN, [Draft(submission, "$")])


def test_a_database_that_is_away_is_said_to_be_and_found_when_it_is_back(database: str) -> None:
    with ledger("host=/nowhere dbname=x") as town, pytest.raises(DatabaseUnavailable):
        town.post("away", opening())
