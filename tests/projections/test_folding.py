"""The folded source says what the plainest fold of every projection says, at every size, whatever happened."""

import orjson
from hypothesis import given
from hypothesis import strategies as st

from ledger.canonical import JsonValue
from ledger.events import Event
from ledger.projections import PROJECTIONS
from ledger.projections.ballot_columns import BallotColumns
from ledger.projections.source import ballot_of, with_choices
from tests.projections.history import History

PEOPLE = tuple(f"person {number}" for number in range(6))
CHOICES: tuple[list[JsonValue], ...] = ([], [0], [1, 0], [[0, 3], [2, 1]], [3])


@st.composite
def histories(draw: st.DrawFn) -> History:
    """Two steps, one open and one sealed, with people who vote, vote again, take it back, and are put on a roll."""
    history = History().opened().planned("a-b", has_roll=True).planned("a", secrecy="sealed", submitted=False)
    history.open_step("a-b").open_step("a")
    standing: dict[tuple[str, str], bool] = {}
    for _ in range(draw(st.integers(0, 25))):
        who, step = draw(st.sampled_from(PEOPLE)), draw(st.sampled_from(("a", "a-b")))
        act = draw(st.sampled_from(("vote", "vote", "unvote", "roll", "mark")))
        if act == "vote":
            entries = draw(st.sampled_from(CHOICES))
            channel = draw(st.sampled_from(("web", "paper")))
            again = (who, step) in standing
            unknown = draw(st.sampled_from((None, 2)))
            if step == "a":
                shown = draw(st.sampled_from((None, entries)))
                history.vote(who, None, step=step, channel=channel, again=again, disclosed=shown, unknown=unknown)
            else:
                history.vote(who, entries, step=step, channel=channel, again=again, unknown=unknown)
            standing[who, step] = True
        elif act == "unvote" and standing.get((who, step)):
            history.unvote(who, step=step)
            standing[who, step] = False
        elif act == "roll":
            members: list[JsonValue] = [history.person(name) for name in sorted({who, draw(st.sampled_from(PEOPLE))})]
            history.add("roll.listed", {"step": step, "members": members})
        elif act == "mark":
            history.add("attendance.marked", {"step": step}, who=who, channel="paper")
    return history


@given(histories(), st.data())
def test_every_row_is_that_of_the_plain_fold_at_every_size(history: History, data: st.DataObject) -> None:
    size = data.draw(st.integers(0, len(history.events)))
    plain, source = history.plain_rows(size), history.source(size)
    assert source.size == size
    for projection in PROJECTIONS:
        found = [(key, orjson.loads(orjson.dumps(dict(row)))) for key, row in source.rows(projection.name)]
        assert found == sorted(plain[projection.name].items()), projection.name


@given(histories())
def test_ballots_come_in_the_order_of_the_log_and_are_those_of_the_rows(history: History) -> None:
    source = history.source()
    rows = sorted((ballot_of(key, row) for key, row in source.rows("ballots")), key=lambda ballot: ballot.seq)
    assert list(source.ballots()) == rows
    for step in ("a", "a-b", "elsewhere"):
        assert list(source.ballots(step)) == [ballot for ballot in rows if ballot.step == step]


@given(histories())
def test_disclosed_choices_are_found_at_their_ballots_and_nowhere_else(history: History) -> None:
    source = history.source()
    told = {event.seq: orjson.dumps(shown["entries"]) for event, shown in history.events if "entries" in shown}
    assert dict(source.disclosed_choices(0, source.size)) == told
    half = source.size // 2
    assert dict(source.disclosed_choices(half, source.size)) == {seq: choices for seq, choices in told.items() if seq >= half}
    for plain, whole in zip(source.ballots(), with_choices(source.ballots(), source.disclosed_choices(0, source.size)), strict=True):
        own = plain.choices if plain.choices is not None else told.get(plain.seq)
        assert whole == plain._replace(choices=own)


def test_a_source_can_be_read_and_fed_on() -> None:
    history = History().opened().planned().open_step()
    history.vote("ann", [0])
    source = history.source()
    assert [ballot.revision for ballot in source.ballots()] == [1]
    source.feed(history.vote("ann", [1], again=True), {})
    source.feed(history.vote("bob", [1]), {})
    assert [(ballot.revision, ballot.choices) for ballot in source.ballots()] == [(2, b"[1]"), (1, b"[1]")]
    source.feed(history.vote("bob", [2], again=True), {})
    assert [(ballot.revision, ballot.choices) for ballot in source.ballots()] == [(2, b"[1]"), (2, b"[2]")]


def test_a_ballot_of_nobody_is_left_out_of_rows_and_columns() -> None:
    history = History().opened().planned().open_step()
    event: Event = history.vote("ann", [0])
    event.actor = None
    assert list(history.source().rows("ballots")) == []
    assert history.plain_rows()["ballots"] == {}


def test_alike_choices_are_kept_once() -> None:
    history = History().opened().planned().open_step()
    columns = BallotColumns()
    for number in range(10):
        event = history.vote(f"person {number}", [1, 2])
        columns.add(event, event.data, {})  # type: ignore[arg-type]  # the data of a ballot
    assert len({id(ballot.choices) for ballot in columns.ballots(columns.last_lines())}) == 1
