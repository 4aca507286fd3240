"""Files that follow from the entries: the same from the service's views and from the auditor's fold, whatever kind of project."""

import orjson
import pytest

from ledger.package.layout import FORMAT_1, csv_of
from ledger.package.publication import derived_files, files_of
from ledger.projections.readings.reading import read
from ledger.projections.source import Source
from ledger.projections.tables import TABLES, TABLES_1
from tests.moderated import moderated
from tests.package.shapes import shaped
from tests.projections.history import History
from tests.recorded import RecordedLog, town
from tests.shown import publisher_of


def files(source: Source, root: str | None = None) -> dict[str, bytes]:
    return {name: b"".join(pieces) for name, pieces in derived_files(source, root)}


@pytest.fixture(scope="module", params=[False, True], ids=["open", "sealed"])
def log(request: pytest.FixtureRequest) -> RecordedLog:
    return town(sealed=bool(request.param))


def test_views_and_folded_entries_come_to_the_same_bytes(log: RecordedLog) -> None:
    publisher = publisher_of(log)
    assert files(publisher.source(publisher.size())) == files(log.source)


def test_every_table_result_and_count_is_there_and_names_ascend(log: RecordedLog) -> None:
    names = list(files(log.source))
    assert names == sorted(names) == ["decidim/ideas.csv", "pabulib/vote.pb", "results/vote.json", *(csv_of(table) for table in TABLES)]


def test_the_result_names_the_root_where_it_is_told(log: RecordedLog) -> None:
    told = orjson.loads(files(log.source, "cm9vdA==")["results/vote.json"])
    assert (told["root"], told["origin"], told["size"]) == ("cm9vdA==", log.origin, log.size())
    assert "root" not in orjson.loads(files(log.source)["results/vote.json"])


def test_at_no_size_do_files_tell_sealed_choices_before_their_disclosure() -> None:
    log = town(sealed=True, voters=12)
    publisher = publisher_of(log)
    [disclosed] = [row["disclosed"] for _, row in publisher.source(log.size()).rows("steps") if row["ref"] == "vote"]
    assert isinstance(disclosed, dict)
    seq = disclosed["seq"]
    assert isinstance(seq, int)
    for size in range(0, log.size() + 1, 3):
        made = files(publisher.source(size))
        choices = [line.split(b",")[9] for line in made["tables/ballots.csv"].splitlines()[1:]]
        assert ("pabulib/vote.pb" in made) == (size > seq)
        if size <= seq:
            assert not any(choices)
        else:
            assert any(choices)


def test_files_of_steps_are_ordered_by_their_whole_names() -> None:
    history = History().opened()
    for step in ("a", "a-b", "a.b"):
        history.planned(step, submitted=step == "a").open_step(step).close_step(step)
    names = list(files(history.source()))
    assert names == sorted(names)
    assert "results/a-b.json" in names


def test_a_project_that_has_hardly_begun_has_tables_without_rows() -> None:
    made = files(History().opened().source())
    assert list(made) == [csv_of(table) for table in TABLES]
    assert made["tables/ballots.csv"].count(b"\n") == 1
    assert files(History().source())["tables/timeline.csv"].count(b"\n") == 1


def test_views_and_folded_entries_come_to_the_same_bytes_for_a_moderated_consultation() -> None:
    log = moderated()
    publisher = publisher_of(log)
    made = files(publisher.source(publisher.size()))
    assert made == files(log.source)
    assert made["tables/moderation.csv"].count(b"\n") == 5


def test_views_and_folded_entries_come_to_the_same_bytes_in_the_shapes_of_other_platforms() -> None:
    log = shaped()
    publisher = publisher_of(log)
    made = files(publisher.source(publisher.size()))
    assert made == files(log.source)
    assert list(made) == sorted(made)
    assert {name.partition("/")[0] for name in made} == {"cap-collectif", "decidim", "polis", "tables"}


def test_a_package_of_layout_1_has_none_of_the_shapes_of_other_platforms() -> None:
    named = [name for name, _ in files_of(read(shaped().source), layout=FORMAT_1)]
    assert named == [csv_of(table) for table in TABLES_1]
