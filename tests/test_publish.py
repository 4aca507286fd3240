"""What a project shows, at any size of its log."""

from collections.abc import Iterator
from itertools import pairwise

import orjson
import pytest

from ledger.canonical import JsonValue
from ledger.errors import ParameterInvalid, StepNotFound
from ledger.exports.view_source import dated
from ledger.projections.readings.ballot_step import BallotStep
from ledger.projections.readings.outcomes import count_of
from ledger.projections.readings.reading import read
from ledger.projections.readings.result_document import results_document
from ledger.projections.source import Source
from ledger.publish import Counts, Publisher
from tests.recorded import RecordedLog, town
from tests.redacted import redact
from tests.shown import publisher_of


@pytest.fixture(scope="module")
def log() -> RecordedLog:
    return town()


@pytest.fixture(scope="module")
def publisher(log: RecordedLog) -> Publisher:
    return publisher_of(log)


def only_step(publisher: Publisher) -> dict[str, JsonValue]:
    """The short result of the one step that has one."""
    steps = publisher.results(publisher.size())["steps"]
    assert isinstance(steps, list)
    assert len(steps) == 1
    assert isinstance(steps[0], dict)
    return steps[0]


def test_the_summary_tells_the_project_its_divisions_and_its_steps(publisher: Publisher) -> None:
    told = publisher.summary(publisher.size())
    assert (told["project"], told["title"], told["seq"]) == (
        "town-2026",
        {"en": "Town budget", "fr": "Budget de la ville"},
        publisher.size() - 1,
    )
    assert told["districts"] == [{"ref": "north", "name": {"en": "North"}}]
    assert (told["categories"], told["envelopes"], told["meetings"]) == ([], [], [])
    assert isinstance(told["steps"], list)
    assert [step["ref"] for step in told["steps"] if isinstance(step, dict)] == ["ideas", "vote"]
    orjson.dumps(told)


def test_the_summary_of_the_past_does_not_know_the_future(publisher: Publisher) -> None:
    assert publisher.summary(1)["steps"] == []


def test_proposals_come_by_reference_in_pages(publisher: Publisher) -> None:
    size = publisher.size()
    assert [row["ref"] for row in publisher.proposals(size)] == ["bench", "lamp", "pool", "tree"]
    assert [row["ref"] for row in publisher.proposals(size, after="bench", limit=2)] == ["lamp", "pool"]


def test_results_are_those_of_the_fold(publisher: Publisher, log: RecordedLog) -> None:
    step = only_step(publisher)
    reading = read(log.source)
    assert step == results_document(reading, "town-2026")["steps"][0]  # type: ignore[index]  # a list
    full = publisher.result("vote", publisher.size())
    assert (full["winners"], full["state"]) == (step["winners"], "final")


def test_a_step_without_result_is_not_found(publisher: Publisher) -> None:
    for step in ("ideas", "nowhere"):
        with pytest.raises(StepNotFound):
            publisher.result(step, publisher.size())


def test_the_timeline_comes_in_pages_with_flags(publisher: Publisher) -> None:
    whole = list(publisher.timeline(publisher.size()))
    assert all(isinstance(row["flags"], list) for row in whole)
    assert list(publisher.timeline(publisher.size(), after=3, limit=2)) == whole[4:6]


class Counting(Counts):
    """Counts that tell how often they counted."""

    def __init__(self, most: int = 32) -> None:
        super().__init__(most)
        self.made: list[int] = []

    def of(self, source: Source, step: BallotStep, redactions: int = 0) -> object:  # type: ignore[override]  # only looked at
        before = len(self._kept)
        count = super().of(source, step, redactions)
        self.made.append(len(self._kept) - before)
        return count


def test_a_result_is_counted_once_however_often_it_is_read_and_whatever_is_said_later() -> None:
    counts = Counting()
    log = town()
    publisher = publisher_of(log, counts)
    publisher.results(publisher.size())
    log.post("outcome.published", step="vote", selected=[3])
    later = publisher_of(log, counts)
    assert only_step(later)["agrees"] is False
    assert counts.made == [1, 0]
    counted = only_step(later)["counted"]
    assert isinstance(counted, int)
    redact(log, next(event for event in log.ballots if event.type == "ballot.cast/1").seq)
    without = publisher_of(log, counts)
    assert only_step(without)["counted"] == counted - 1, "what was counted before an entry was redacted is not shown again"
    assert counts.made == [1, 0, 0, 1]


def test_counts_that_were_not_asked_for_lately_are_forgotten() -> None:
    log = town(voters=8)
    counts = Counts(most=1)
    publisher = publisher_of(log, counts)
    sizes = [size for size in range(log.size()) if publisher.results(size)["steps"]]
    for size in (sizes[0], sizes[-1], sizes[0]):
        [result] = publisher.reading(size).results.values()
        count = getattr(result, "count")  # noqa: B009  # not pending
        assert count.digest == count_of(publisher.source(size), result.step).digest
    assert len(counts._kept) == 1


def test_a_seq_names_the_size_behind_it_and_nothing_the_newest(publisher: Publisher) -> None:
    assert publisher.size_at(None) == publisher.size()
    assert publisher.size_at("0") == 1
    assert publisher.size_at("17") == 18
    assert publisher.size_at("99999999") == publisher.size()


@pytest.mark.parametrize("at", ["", "-1", "yesterday", "2026-03-01", "2026-03-01T10:00:00+01:00", "1" * 30, "٣"])
def test_what_is_neither_seq_nor_time_is_refused(publisher: Publisher, at: str) -> None:
    with pytest.raises(ParameterInvalid):
        publisher.size_at(at)


def instants(log: RecordedLog) -> Iterator[str]:
    """Times around those of the entries."""
    seen = sorted({dated(entry) for _, entry in log.entries(0, log.size())})
    yield from ("2020-01-01T00:00:00.000Z", "2030-01-01T00:00:00Z")
    yield from seen
    for before, after in pairwise(seen):
        yield f"{before[:17]}59Z"
        yield f"{after[:13]}:00:00.000Z"


def test_a_time_names_the_entries_up_to_the_first_that_is_dated_after_it(publisher: Publisher, log: RecordedLog) -> None:
    times = [dated(entry) for _, entry in log.entries(0, log.size())]
    for instant in instants(log):
        exact = instant if "." in instant else f"{instant[:-1]}.000Z"
        expected = next((seq for seq, time in enumerate(times) if time > exact), len(times))
        assert publisher.size_at(instant) == expected, instant
