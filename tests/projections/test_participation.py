"""Acts are counted by day and channel, and nobody's channel follows from the numbers."""

from collections import Counter
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from ledger.canonical import JsonValue
from ledger.events import EVENTS
from ledger.projections.participation import Participation
from ledger.projections.readings.participation_days import SMALLEST, Told, participation, participation_of, told_together
from tests.projections.folded import folded
from tests.projections.history import History

Json = dict[str, JsonValue]


def lines(history: History, counting: frozenset[str] = frozenset(), step: str | None = None) -> list[Told]:
    return list(participation(folded(Participation(), history).items(), counting, step))


def act(history: History, name: str, day: int, channel: str = "web", who: str = "ann", **said: Any) -> None:
    history.add(name, said, who=who, role="participant", channel=channel, at=f"2026-03-{day:02d}T10:00:00.000Z")


def stances(days: dict[int, dict[str, int]]) -> History:
    """So many stances on each day through each channel."""
    history = History().opened()
    for day, channels in days.items():
        for channel, number in channels.items():
            for person in range(number):
                target = f"contribution/c{day}"
                act(history, "stance.cast", day, channel, f"{channel} {person}", step="talk", target=target, value="up", target_version=1)
    return history


def test_acts_are_counted_by_day_step_channel_and_kind() -> None:
    history = History().opened()
    for ref, kind, channel in (("a", "idea", "web"), ("b", "idea", "web"), ("c", "idea", "in_person"), ("d", "opinion", "web")):
        act(history, "contribution.submitted", 3, channel, ref=ref, step="talk", kind=kind)
    act(history, "contribution.revised", 4, ref="a", step="talk")
    act(history, "contribution.withdrawn", 4, ref="b", step="talk", code="mind")
    for ref, side in (("x", "for"), ("y", "against")):
        act(history, "argument.submitted", 4, ref=ref, step="talk", contribution="a", side=side)
    act(history, "report.made", 5, target="argument/y", motive="spam")
    assert [(told.day, told.step, told.act, told.kind, told.channel, told.acts) for told in lines(history)] == [
        ("2026-03-03", "talk", "contribution", "idea", "in_person", 1),
        ("2026-03-03", "talk", "contribution", "idea", "web", 2),
        ("2026-03-03", "talk", "contribution", "opinion", "web", 1),
        ("2026-03-04", "talk", "argument", "against", "web", 1),
        ("2026-03-04", "talk", "argument", "for", "web", 1),
        ("2026-03-04", "talk", "contribution_change", "revised", "web", 1),
        ("2026-03-04", "talk", "contribution_change", "withdrawn", "web", 1),
        ("2026-03-05", "", "report", "spam", "web", 1),
    ]
    assert lines(history, step="elsewhere") == []


def test_an_imported_act_is_of_the_day_that_it_claims_and_no_other_act_is() -> None:
    history = History().opened()
    for channel, claimed in (("import", "2015-09-26T08:00:00.000Z"), ("import", None), ("web", "2015-09-26T08:00:00.000Z")):
        act(history, "contribution.submitted", 3, channel, ref=f"{channel}-{claimed is None}", step="talk", kind="idea")
        history.events[-1][0].claimed_at = claimed
    assert [(told.day, told.channel) for told in lines(history)] == [
        ("2015-09-26", "import"),
        ("2026-03-03", "import"),
        ("2026-03-03", "web"),
    ]


def test_every_act_of_one_person_is_counted() -> None:
    counted = {wire_type.partition("/")[0] for wire_type in Participation.handles}
    assert {event.TYPE for event in EVENTS if event.TYPE.startswith(("stance.", "report.made", "attendance."))} <= counted
    assert {"contribution.submitted/1", "contribution.submitted/2"} <= Participation.handles


CHANNELS = st.dictionaries(st.sampled_from(["web", "paper", "phone"]), st.integers(1, 12), min_size=1)
DAYS = st.dictionaries(st.integers(1, 9), CHANNELS, min_size=1, max_size=5)


@given(DAYS)
def test_no_channel_of_few_acts_is_told_nor_follows_from_the_whole_of_a_channel(days: dict[int, dict[str, int]]) -> None:
    together = told_together({f"{day}": channels for day, channels in days.items()})
    shown = [channels for day, channels in days.items() if f"{day}" not in together]
    hidden: Counter[str] = Counter()
    for day, channels in days.items():
        if f"{day}" in together:
            hidden.update(channels)
    assert all(acts >= SMALLEST for channels in shown for acts in channels.values())
    # Who knows the whole of each channel knows what is hidden of it; that must be no small number, and not all of one channel.
    if hidden and shown:
        assert min(hidden.values()) >= SMALLEST
        assert len(hidden) > 1


@given(DAYS)
def test_the_number_of_acts_of_a_day_is_told_whatever_is_not(days: dict[int, dict[str, int]]) -> None:
    told: Counter[int] = Counter()
    for line in lines(stances(days)):
        told[int(line.day[-2:])] += line.acts
    assert told == {day: sum(channels.values()) for day, channels in days.items()}


def test_a_quiet_day_is_told_without_channels_and_a_busy_one_with_them() -> None:
    found = lines(stances({1: {"web": 9, "phone": 6}, 2: {"web": 3}, 3: {"phone": 7, "web": 5}, 4: {"web": 8, "phone": 1}}))
    assert [(told.day[-2:], told.channel, told.acts) for told in found] == [
        ("01", "phone", 6),
        ("01", "web", 9),
        ("02", None, 3),
        ("03", None, 12),
        ("04", None, 9),
    ]


def test_where_a_step_has_one_channel_it_is_told_but_not_of_a_kind_that_happens_to_have_one() -> None:
    history = stances({1: {"web": 2}, 2: {"web": 1}})
    assert {told.channel for told in lines(history)} == {"web"}
    act(history, "stance.withdrawn", 3, "phone", step="talk", target="contribution/c1", old_value="up", old_version=1)
    assert {told.channel for told in lines(history)} == {None}


def voting() -> History:
    history = History().opened().planned(submitted=False).open_step()
    for person in range(9):
        history.vote(f"{person}", [0])
    history.vote("0", [1], again=True, channel="phone")
    for person in range(1, 3):
        history.unvote(f"{person}")
    return history


def test_a_ballot_is_counted_once_with_its_last_event_and_its_channel_is_not_told_while_ballots_are_cast() -> None:
    history = voting()
    assert [told[2:] for told in participation_of(history.source())] == [("ballot", "cast", None, 7), ("ballot", "withdrawn", None, 2)]
    history.close_step()
    assert [told[2:] for told in participation_of(history.source(), "vote")] == [
        ("ballot", "cast", None, 7),
        ("ballot", "withdrawn", None, 2),
    ]
    assert list(participation_of(history.source(), "elsewhere")) == []


def test_channels_of_ballots_are_told_once_all_are_there() -> None:
    history = History().opened().planned(submitted=False, takes_paper=True).open_step()
    for person in range(6):
        history.vote(f"{person}", [0])
        history.vote(f"sheet {person}", [0], channel="paper")
    history.close_step()
    assert [(told.channel, told.acts) for told in participation_of(history.source())] == [(None, 12)]
    history.add("paper.closed", {"step": "vote"})
    assert [(told.channel, told.acts) for told in participation_of(history.source())] == [("paper", 6), ("web", 6)]
