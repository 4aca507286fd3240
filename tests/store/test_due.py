"""Steps open and close by the clock: before anything else in a turn, also where nobody writes, and never twice."""

from collections.abc import Iterator
from importlib.resources import files
from threading import Event
from time import monotonic

import psycopg
import pytest

from ledger.errors import ClockUnconfirmed, ClosesByTheClock, KeyMissing, StepClosed, StepNotOpen
from tests.posting import HandClock, Ledger, ballot, ballot_step, ledger, opening, organizer, preparation, vote_opened

OPENS, CLOSES = "2026-03-01T11:00:00.000Z", "2026-03-01T12:00:00.000Z"
KEYS_GO = "2030-01-01T00:00:00.000Z"
"""When the opening says that the keys of pseudonyms are destroyed."""


@pytest.fixture
def town(database: str) -> Iterator[Ledger]:
    with ledger(database) as running:
        yield running


def last(town: Ledger, ref: str, count: int) -> list[tuple[str, str, str]]:
    return [(event.type, event.role, event.at) for event in town.events(ref)[-count:]]


def wait_for(town: Ledger, ref: str, size: int) -> None:
    deadline = monotonic() + 30
    while len(town.entries(ref)) < size:
        assert monotonic() < deadline, "the clock did nothing"
        Event().wait(0.05)


def test_a_step_opens_and_closes_before_whatever_is_posted_at_that_time(town: Ledger) -> None:
    town.post("timed", *preparation(opens_at=OPENS, closes_at=CLOSES))
    with pytest.raises(StepNotOpen):
        town.post("timed", ballot("early", 0))
    town.clock.time = OPENS
    town.post("timed", ballot("first", 0))
    assert last(town, "timed", 2)[0] == ("step.opened/1", "system", OPENS)
    town.clock.time = "2026-03-01T11:59:59.999Z"
    town.post("timed", ballot("last", 1))
    with pytest.raises(ClosesByTheClock):
        town.post("timed", organizer("step.closed", step="vote"))
    town.clock.time = "2026-03-01T12:00:00.500Z"
    with pytest.raises(StepClosed):
        town.post("timed", ballot("late", 1))
    assert last(town, "timed", 1) == [("step.closed/1", "system", "2026-03-01T12:00:00.500Z")]
    closed = town.events("timed")[-1]
    assert closed.via == "ledger"
    assert closed.data.model_dump(exclude_none=True) == {"step": "vote"}


def test_the_clock_wakes_a_project_that_nobody_writes_to(town: Ledger) -> None:
    town.post("idle", *preparation(opens_at=OPENS, closes_at=CLOSES))
    assert town.query("SELECT next_due_at FROM heads JOIN projects USING (project_id) WHERE ref = 'idle'") == [(OPENS,)]
    town.clock.time = "2026-03-01T11:00:00.001Z"
    wait_for(town, "idle", 12)
    assert town.query("SELECT next_due_at FROM heads JOIN projects USING (project_id) WHERE ref = 'idle'") == [(CLOSES,)]
    town.clock.time = CLOSES
    wait_for(town, "idle", 13)
    assert [kind for kind, _, _ in last(town, "idle", 2)] == ["step.opened/1", "step.closed/1"]
    assert town.query("SELECT next_due_at FROM heads JOIN projects USING (project_id) WHERE ref = 'idle'") == [(KEYS_GO,)]


def test_a_closing_after_an_outage_names_it(database: str) -> None:
    with ledger(database) as town:
        town.post("outage", *preparation(opens_at=OPENS, closes_at=CLOSES))
    with ledger(database, keys=town.keys, clock=HandClock("2026-03-01T15:00:00.000Z")) as restarted:
        wait_for(restarted, "outage", 13)
        events = restarted.events("outage")
    assert [event.type for event in events[-2:]] == ["step.opened/1", "step.closed/1"]
    assert events[-1].data.model_dump(exclude_none=True) == {"step": "vote", "delayed_by": "outage"}


def test_a_step_that_is_not_ready_at_its_time_opens_once_it_is(town: Ledger) -> None:
    documents = preparation(opens_at=OPENS, closes_at=CLOSES)
    town.post("unready", *documents[:-1])
    town.clock.time = "2026-03-01T11:30:00.000Z"
    wait_for(town, "unready", 10)
    Event().wait(1.2)  # the clock looks, and finds nothing that can be done
    assert town.query("SELECT next_due_at FROM heads JOIN projects USING (project_id) WHERE ref = 'unready'") == [(KEYS_GO,)]
    town.post("unready", documents[-1])
    assert town.types("unready")[-2:] == ["candidates.sealed/1", "step.opened/1"]
    town.post("unready", ballot("voter", 0))


def test_several_steps_are_due_in_the_order_of_their_times(town: Ledger) -> None:
    plans = [("b", "2026-03-01T10:40:00.000Z"), ("a", "2026-03-01T10:40:00.000Z"), ("c", "2026-03-01T10:30:00.000Z")]
    steps = [
        organizer("step.planned", step=step, kind="presentation", title={"fr": step}, opens_at=at, closes_at=CLOSES) for step, at in plans
    ]
    town.post("several", opening(), *steps)
    town.clock.time = "2026-03-01T10:50:00.000Z"
    town.post("several", organizer("project.described", description={"fr": "x"}))
    assert [event.stream for event in town.events("several")[-4:]] == ["step/c", "step/a", "step/b", "project"]


def test_two_processes_do_what_is_due_once(database: str) -> None:
    clock = HandClock()
    with ledger(database, clock=clock) as one, ledger(database, keys=one.keys, clock=clock) as two:
        one.post("both", *preparation(opens_at=OPENS, closes_at=CLOSES))
        clock.time = "2026-03-01T11:00:00.000Z"
        one.post("both", ballot("a", 0))
        two.post("both", ballot("b", 0))
        wait_for(two, "both", 14)
        assert one.types("both").count("step.opened/1") == 2  # of the ideas by hand, of the vote by the clock


def test_by_a_clock_that_jumped_nothing_is_recorded(database: str) -> None:
    class Jumped(HandClock):
        def now(self) -> str:
            if self.time >= CLOSES:
                raise ClockUnconfirmed("forwards", 3600)
            return self.time

    clock = Jumped()
    with ledger(database, clock=clock) as town:
        town.post("jumped", *preparation(opens_at=OPENS, closes_at=CLOSES))
        clock.time = CLOSES
        with pytest.raises(ClockUnconfirmed):
            town.post("jumped", organizer("project.described", description={"fr": "x"}))
        Event().wait(1.2)
        assert len(town.events("jumped")) == 11
        clock.time = "2026-03-01T11:00:00.000Z"
        town.post("jumped", ballot("voter", 0))


def test_a_suspended_step_closes_in_time(town: Ledger) -> None:
    town.post("suspended", *preparation(closes_at=CLOSES), organizer("step.opened", step="vote"))
    town.post("suspended", organizer("step.suspended", step="vote", code="flood"), *ballot_step("second"))
    town.clock.time = CLOSES
    wait_for(town, "suspended", 18)
    assert town.types("suspended")[-1] == "step.closed/1"


def destroyed(town: Ledger, ref: str) -> list[tuple[object, str, str]]:
    """Scope, role and time of every key that the log says is destroyed."""
    events = (event for event in town.events(ref) if event.type == "scope_key.destroyed/1")
    return [(event.data.model_dump()["scope"], event.role, event.at) for event in events]


def test_at_the_announced_date_the_keys_of_scopes_that_are_over_go_also_where_nobody_writes(town: Ledger) -> None:
    town.post("dated", *vote_opened())
    town.clock.time = "2029-12-31T23:59:59.999Z"
    town.post("dated", organizer("project.described", description={"fr": "x"}))
    assert destroyed(town, "dated") == []
    size = len(town.entries("dated"))
    town.clock.time = KEYS_GO
    wait_for(town, "dated", size + 3)
    assert destroyed(town, "dated") == [(scope, "system", KEYS_GO) for scope in ("author", "report", "step/ideas")]
    for scope in ("author", "report", "step.ideas"):
        with pytest.raises(KeyMissing):
            town.keys.scope_key("dated", scope)
    town.post("dated", ballot("voter", 0))
    town.clock.time = "2030-01-02T00:00:00.000Z"
    town.post("dated", organizer("step.closed", step="vote"))
    assert destroyed(town, "dated")[3:] == [("step/vote", "system", "2030-01-02T00:00:00.000Z")]
    assert town.query("SELECT next_due_at FROM heads JOIN projects USING (project_id) WHERE ref = 'dated'") == [(None,)]


def test_an_archived_project_loses_its_keys_too_and_none_twice(town: Ledger) -> None:
    town.post("old", *vote_opened(), organizer("step.closed", step="vote"))
    town.post("old", organizer("scope_key.destroyed", scope="author", code="asked"), organizer("project.archived"))
    town.clock.time = "2030-05-01T00:00:00.000Z"
    size = len(town.entries("old"))
    wait_for(town, "old", size + 3)
    Event().wait(1.2)
    assert [scope for scope, role, _ in destroyed(town, "old") if role == "system"] == ["report", "step/ideas", "step/vote"]
    assert len(town.entries("old")) == size + 3


def test_a_project_that_was_idle_before_keys_went_by_themselves_is_woken_for_them(database: str) -> None:
    with ledger(database) as town:
        town.post("legacy", *preparation())
        with psycopg.connect(database) as connection:
            connection.execute("UPDATE heads SET next_due_at = NULL")
            script = (files("ledger.store") / "migrations" / "0007_redaction.sql").read_text()
            connection.execute(script[script.index("UPDATE heads") :].encode())
        assert town.query("SELECT next_due_at FROM heads JOIN projects USING (project_id) WHERE ref = 'legacy'") == [(KEYS_GO,)]
        size = len(town.entries("legacy"))
        town.clock.time = "2031-01-01T00:00:00.000Z"
        wait_for(town, "legacy", size + 3)
