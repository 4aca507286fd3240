"""The registers that a project shows, in pages, at any size of its log."""

from collections.abc import Iterator

import orjson
import pytest

from ledger.projections.readings.moderation_register import Wanted
from ledger.projections.readings.pages import page
from ledger.publish import Publisher
from tests.moderated import ARGUMENT, IDEA, OPINION, moderated
from tests.recorded import RecordedLog
from tests.shown import publisher_of


@pytest.fixture(scope="module")
def log() -> RecordedLog:
    return moderated()


@pytest.fixture(scope="module")
def publisher(log: RecordedLog) -> Publisher:
    return publisher_of(log)


def seq_of(log: RecordedLog, name: str) -> int:
    return next(seq for seq, entry in log.entries(0, log.size()) if orjson.loads(entry)["type"].startswith(f"{name}/"))


def test_the_moderation_register_comes_by_last_change_with_its_texts_and_whose_content_it_is(
    log: RecordedLog, publisher: Publisher
) -> None:
    lines = list(publisher.moderation(publisher.size()))
    told = [(line["target"], line["kind"], line["decision"], line["state"]) for line in lines]
    assert told[:3] == [
        (OPINION, "opinion", "hidden", "ended"),
        (IDEA, "idea", "limited", "standing"),
        (ARGUMENT, "argument", "dismissed", "dismissed"),
    ]
    assert told[3][1:] == ("participant", "suspended", "ended")
    assert (lines[0]["reason"], lines[0]["moderator"]) == ({"en": "Rude", "fr": "Grossier"}, "client:office")
    author = log.aggregates.contribution("open-data").author
    assert author is not None
    assert (lines[0]["author"], lines[3]["author"]) == (author, str(lines[3]["target"]).removeprefix("suspension/"))
    assert lines[1]["overdue"] is True


def test_a_register_is_read_on_from_the_last_change_seen(publisher: Publisher) -> None:
    size = publisher.size()
    whole = list(publisher.moderation(size))
    found, after = [], -1
    while part := list(publisher.moderation(size, after, 1)):
        found += part
        after = int(str(part[-1]["changed_seq"]))
    assert found == whole
    assert list(publisher.moderation(size, after)) == []


@pytest.mark.parametrize(
    ("wanted", "targets"),
    [
        (Wanted(kind="idea"), [IDEA]),
        (Wanted(kind="argument"), [ARGUMENT]),
        (Wanted(state="appealed"), [OPINION]),
        (Wanted(motive="insult", kind="idea"), []),
    ],
)
def test_a_register_is_asked_for_some_of_its_lines(publisher: Publisher, wanted: Wanted, targets: list[str]) -> None:
    assert [line["target"] for line in publisher.moderation(publisher.size(), wanted=wanted)] == targets


def test_the_register_of_the_past_does_not_know_that_the_content_is_back(log: RecordedLog, publisher: Publisher) -> None:
    size = seq_of(log, "appeal.lodged") + 1
    [line] = publisher.moderation(size)
    assert (line["state"], line["undone"]) == ("standing", None)
    assert line["seconds"] == 0  # the appeal, the last entry, is dated by the hour


def test_a_reason_that_is_shown_no_more_is_null_and_the_line_stays(log: RecordedLog) -> None:
    publisher = publisher_of(log)
    shown = dict(log.shown)
    del log.shown[seq_of(log, "content.hidden"), "reason"]
    lines: Iterator[object] = (line["reason"] for line in publisher.moderation(publisher.size()) if line["target"] == OPINION)
    assert list(lines) == [None]
    log.shown = shown


def test_the_erasure_register_tells_who_waits_and_what_must_stay(publisher: Publisher) -> None:
    request, hold = publisher.erasures(publisher.size())
    assert (request["what"], request["ref"], request["state"], request["target"]) == ("request", "r1", "waiting", OPINION)
    assert (hold["what"], hold["ref"], hold["state"]) == ("legal_hold", "h1", "standing")
    assert list(publisher.erasures(publisher.size(), what="erasure")) == []


def test_changes_are_told_of_a_step_a_matter_and_after_a_seq(publisher: Publisher) -> None:
    size = publisher.size()
    assert [line["what"] for line in publisher.changes(size)] == ["roles", "roles", "motive", "motive", "dates", "stances"]
    assert [line["what"] for line in publisher.changes(size, step="debate")] == ["dates", "stances"]
    [stances] = publisher.changes(size, what="stances")
    assert stances["new"] == {"arguments_on": ["opinion"], "ranking": "net", "revotes": "last", "scales": {"opinion": "support"}}
    first, second = (line["seq"] for line in publisher.changes(size, limit=2))
    assert next(publisher.changes(size, after=int(str(second))))["what"] == "motive"
    assert first != second


def test_participation_is_told_by_day_of_one_step_or_all(publisher: Publisher) -> None:
    size = publisher.size()
    assert [(told.step, told.act, told.kind, told.acts) for told in publisher.participation(size)] == [
        ("", "report", "insult", 1),
        ("", "report", "spam", 1),
        ("debate", "argument", "against", 1),
        ("debate", "contribution", "idea", 1),
        ("debate", "contribution", "opinion", 1),
    ]
    assert [told.act for told in publisher.participation(size, "debate")] == ["argument", "contribution", "contribution"]


def test_lines_that_one_event_changed_come_on_one_page() -> None:
    lines = page(({"changed_seq": changed, "seq": seq} for changed, seq in ((5, 1), (3, 3), (5, 5), (9, 9))), after=2, limit=2)
    assert [(line["changed_seq"], line["seq"]) for line in lines] == [(3, 3), (5, 1), (5, 5)]
    assert page([{"changed_seq": 3, "seq": 3}], limit=0) == []
