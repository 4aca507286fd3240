"""What the service shows of stances, out of its views, is what whoever folds the log finds, at any size."""

from itertools import pairwise

import pytest

from ledger.projections.folding import FoldedSource
from ledger.projections.readings.published_differences import published_differences
from ledger.projections.readings.ranking import ranking_document
from ledger.projections.readings.reading import read
from ledger.projections.readings.tally import tallies_of
from ledger.projections.tables.aggregates import AGGREGATES
from ledger.projections.tables.consensus import CONSENSUS
from ledger.projections.tables.stances import STANCES
from ledger.projections.tables.table import Table
from ledger.projections.tables.tallies import TALLIES
from ledger.publish import Publisher
from tests.recorded import RecordedLog
from tests.shown import publisher_of
from tests.voiced import OPINION, voiced


def grouped() -> RecordedLog:
    """The consultation of `voiced`, with two groups."""
    log = voiced()
    actors = sorted(stance.actor for stance in log.source.stances())
    for group, members in enumerate((actors[:5], actors[5:])):
        log.post("clusters.listed", step="debate", ref="k2", group=group, members=members)
    log.post("clusters.sealed", step="debate", ref="k2", method="kmeans")
    return log


@pytest.fixture(scope="module")
def log() -> RecordedLog:
    return grouped()


@pytest.fixture(scope="module")
def publisher(log: RecordedLog) -> Publisher:
    return publisher_of(log)


@pytest.mark.parametrize("table", [AGGREGATES, CONSENSUS, STANCES, TALLIES], ids=lambda table: table.name)
def test_a_table_made_of_views_has_the_rows_of_the_fold(table: Table, publisher: Publisher, log: RecordedLog) -> None:
    found = list(table.rows(publisher.reading(publisher.size())))
    assert found
    assert found == list(table.rows(read(log.source)))


def test_stances_out_of_views_are_those_of_the_fold(publisher: Publisher, log: RecordedLog) -> None:
    source = publisher.source(publisher.size())
    assert list(source.stances()) == list(log.source.stances())
    assert list(source.stances("debate")) == list(source.stances())
    assert list(source.stances("elsewhere")) == []
    assert list(source.rows("stances")) == list(log.source.rows("stances"))


def test_rankings_and_differences_out_of_views_are_those_of_the_fold(publisher: Publisher, log: RecordedLog) -> None:
    source = publisher.source(publisher.size())
    assert ranking_document(source, "debate") == ranking_document(log.source, "debate")
    assert published_differences(source) == published_differences(log.source) != []


def test_a_tally_of_the_past_is_that_of_its_size(publisher: Publisher) -> None:
    counted = []
    for size in range(publisher.size() + 1):
        counted += [tally.counts.positive for tally in tallies_of(publisher.source(size)) if tally.target == OPINION]
    assert counted[0] == 0
    assert counted[-1] == 6
    assert max(counted) == 7
    assert all(abs(later - earlier) <= 1 for earlier, later in pairwise(counted))


def test_the_words_about_a_stance_are_gone_when_they_are_erased_and_the_stance_stays() -> None:
    log = grouped()
    [explained] = [(key, row) for key, row in log.source.rows("stances") if row.get("explained") is not None]
    assert explained[1]["explained"] == {"en": "For my children"}
    before: FoldedSource = log.source
    entry = next(stance.changed_seq for stance in before.stances() if f"{stance.target}/{stance.actor}" == explained[0])
    log.erase(entry)
    assert dict(log.source.rows("stances"))[explained[0]] == {**explained[1], "explained": None}
    assert list(log.source.stances()) == list(before.stances())
    assert list(publisher_of(log).source(log.size()).rows("stances")) == list(log.source.rows("stances"))
