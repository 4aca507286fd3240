"""What people write is shown to readers and stands in no file of PostgreSQL: no table, index, write-ahead log or message of the server."""

from collections.abc import Iterator
from pathlib import Path

import orjson
import psycopg
import pytest

from ledger.projections import PROJECTIONS
from ledger.publish import Counts, Publisher
from ledger.store.clock import SystemEntropy
from ledger.store.datastore import LedgerDatastore
from ledger.store.disclosures import StoredDisclosures
from ledger.store.log import PostgresLog
from ledger.store.projection_runner import ProjectionRunner
from ledger.store.views import PostgresViews
from tests.posting import Ledger, ledger, organizer, preparation, proposal

TITLE, BODY, REVISED, REASON, SHOWN = "Zéphyrine-title", "Zéphyrine-body", "Zéphyrine-revised", "Zéphyrine-reason", "Zéphyrine-shown"
TEXTS = (TITLE, BODY, REVISED, REASON)
_PIECE = 1 << 24


@pytest.fixture(scope="module")
def town(database: str) -> Iterator[Ledger]:
    with ledger(database) as town:
        yield town


@pytest.fixture(scope="module")
def datastore(database: str) -> Iterator[LedgerDatastore]:
    with LedgerDatastore(database) as datastore:
        yield datastore


def wrote(town: Ledger, datastore: LedgerDatastore) -> Publisher:
    """A project in which somebody wrote, folded into every view; what is published of it."""
    revision = {"ref": "bench", "step": "ideas", "title": {"fr": TITLE}, "body": {"fr": REVISED}}
    town.post("quiet", *preparation()[:3], key="first")
    town.post("quiet", proposal("bench", "ada", title={"fr": TITLE}, body={"fr": BODY}, external_ref=SHOWN), key="second")
    town.post("quiet", {"type": "contribution.revised/1", "channel": "web", "participant": "ada", "data": revision})
    town.post("quiet", organizer("step.suspended", step="ideas", code="flood", reason={"fr": REASON}))
    project = town.project("quiet")
    runner = ProjectionRunner(datastore, PROJECTIONS)
    runner.catch_up("quiet")
    runner.rebuild("quiet")
    runner.catch_up("quiet")
    views = PostgresViews(datastore, project.project_id, [projection.name for projection in PROJECTIONS])
    log = PostgresLog(datastore, project, StoredDisclosures(town.keys, SystemEntropy()))
    return Publisher("quiet", project.origin, log, views, Counts())


def files_with(folder: Path, texts: tuple[str, ...]) -> dict[str, set[Path]]:
    """Text → files of the folder that hold it, in UTF-8 or as JSON writes it in ASCII."""
    spellings = {text: (text.encode(), orjson.dumps(text)[1:-1], text.encode("ascii", "backslashreplace")) for text in texts}
    longest = max(len(spelling) for found in spellings.values() for spelling in found)
    held: dict[str, set[Path]] = {text: set() for text in texts}
    for path in (path for path in folder.rglob("*") if path.is_file()):
        with path.open("rb") as file:
            before = b""
            while piece := file.read(_PIECE):
                content = before + piece
                for text, forms in spellings.items():
                    if any(form in content for form in forms):
                        held[text].add(path)
                before = content[-longest:]
    return held


def test_a_text_is_shown_and_stands_in_no_file_of_the_database(town: Ledger, datastore: LedgerDatastore) -> None:
    publisher = wrote(town, datastore)
    size = publisher.size()
    assert size == 6
    [row] = publisher.proposals(size)
    assert (row["title"], row["body"]) == ({"fr": TITLE}, {"fr": REVISED})
    [before] = publisher.proposals(4)
    assert before["body"] == {"fr": BODY}
    assert [told["reason"] for told in publisher.timeline(size, after=4)] == [{"fr": REASON}]
    with psycopg.connect(town.conninfo, autocommit=True) as connection:
        connection.execute("CHECKPOINT")
        found = connection.execute("SHOW data_directory").fetchone()
    assert found is not None
    folder = Path(found[0])
    held = files_with(folder, (*TEXTS, SHOWN))
    assert {text: held[text] for text in TEXTS} == {text: set() for text in TEXTS}
    # What an entry says in clear is found, in tables and in the write-ahead log: the search can find.
    assert {path.relative_to(folder).parts[0] for path in held[SHOWN]} >= {"base", "pg_wal"}
