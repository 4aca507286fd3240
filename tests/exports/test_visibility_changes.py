"""A package shows every text as it may be shown at one moment, which an event in it explains; where that cannot be, there is no package."""

import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO, cast

import pytest

from ledger.audit import Trust, verify
from ledger.canonical import JsonValue
from ledger.errors import CheckpointMissing, VisibilityChanged
from ledger.events import read_event
from ledger.exports import export_package
from ledger.projections.folding import FoldedSource
from ledger.settings import Settings
from ledger.submit import Intake
from ledger.wiring import Ledger, sign_what_grew, write_package
from ledger.wiring.packages import explaining_checkpoint
from tests.moderated import OPINION, debate
from tests.posting import TOWN, Document, organizer, posted, preparation
from tests.recorded import RecordedLog

END_OF_ZIP = b"PK\x05\x06"


class Meddled:
    """A log in which something happens when its disclosures were read, and before anything else is."""

    def __init__(self, log: RecordedLog, meddle: Callable[[], object]) -> None:
        self._log = log
        self._meddle = meddle

    def size(self) -> int:
        return self._log.size()

    def visibility_size(self) -> int:
        return self._log.visibility_size()

    def redaction_size(self) -> int:
        return self._log.redaction_size()

    def entries(self, start: int, stop: int) -> Iterator[tuple[int, bytes]]:
        return self._log.entries(start, stop)

    def disclosures(self, start: int, stop: int) -> Iterator[tuple[int, str, str]]:
        yield from list(self._log.disclosures(start, stop))
        self._meddle()

    def texts(self, seqs: Sequence[int]) -> Mapping[tuple[int, str], JsonValue]:
        return self._log.texts(seqs)


def source_now(log: RecordedLog) -> FoldedSource:
    """The projections at the present size; they stay there when the log goes on."""
    source = FoldedSource(log.origin)
    for seq, entry in log.entries(0, log.size()):
        texts = log.texts([seq])
        source.feed(read_event(entry), {name: value for (_, name), value in texts.items()})
    return source


def hide(log: RecordedLog) -> None:
    log.post("content.hidden", "moderator", via="office", target=OPINION, motive="insult")


def erase(log: RecordedLog) -> None:
    log.erase(next(seq for seq, _ in log.shown))


@pytest.mark.parametrize("meddle", [hide, erase])
def test_what_is_hidden_or_erased_while_a_package_is_written_leaves_no_package(meddle: Callable[[RecordedLog], None]) -> None:
    log = debate()
    source, vouchers, out = source_now(log), log.vouchers(), io.BytesIO()
    with pytest.raises(VisibilityChanged) as changed:
        export_package(Meddled(log, lambda: meddle(log)), source, vouchers, out)
    assert changed.value.details() == {"origin": log.origin, "size": log.size() - 1, "seq": log.size() - 1}
    assert END_OF_ZIP not in out.getvalue()


def test_a_checkpoint_older_than_a_decision_makes_no_package() -> None:
    log = debate()
    source, vouchers, out = source_now(log), log.vouchers(), io.BytesIO()
    hide(log)
    with pytest.raises(VisibilityChanged):
        export_package(log, source, vouchers, out)
    assert out.getvalue() == b""


def test_other_events_meanwhile_do_not_matter() -> None:
    log = debate()
    source, vouchers, out = source_now(log), log.vouchers(), io.BytesIO()
    meddled = Meddled(log, lambda: log.post("contribution.submitted", "participant", who="eve", ref="new", step="debate", kind="idea"))
    export_package(meddled, source, vouchers, out)
    assert END_OF_ZIP in out.getvalue()


@pytest.fixture(scope="module")
def ledger(database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    """One for all of them, as they share its ledger log."""
    settings = Settings(data_dir=tmp_path_factory.mktemp("data"), database_url=database, origin="ledger.test")
    ledger = Ledger(settings, database)
    with ledger.datastore:
        yield ledger


@pytest.fixture
def intake(ledger: Ledger) -> Iterator[Intake]:
    with ledger.writing() as intake:
        yield intake


def post(intake: Intake, ref: str, *documents: Document) -> None:
    intake.submit_now(ref, TOWN, posted(*documents))


def moderating(name: str, **data: Any) -> Document:
    return {"type": f"{name}/1", "role": "moderator", "channel": "web", "data": data}


HELD_BY_ANOTHER = """
INSERT INTO leases (name, holder, until) VALUES ('checkpoints', 'somebody', now() + interval '1 hour')
ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until"""
HIDING = moderating("content.hidden", target="contribution/bench", motive="insult")
RESTORING = moderating("content.restored", target="contribution/bench", because="mistake")


def opened(intake: Intake, ref: str) -> None:
    granted = organizer("role.granted", granted="moderator", client=TOWN.name)
    post(intake, ref, *preparation()[:6], granted, organizer("motive.defined", ref="insult", name={"fr": "Insulte"}))


def statuses(ledger: Ledger, ref: str, path: Path) -> Mapping[str, int]:
    """What became of the commitments, in a package that is made now and verified."""
    with path.open("wb") as file:
        write_package(ledger, ref, file)
    report = verify(path, trust=Trust((ledger.keys.signer(ref).vkey,)))
    assert (report.verdict, report.findings) == ("verified", ())
    return report.commitments


def test_a_decision_behind_the_newest_checkpoint_is_signed_before_the_package_is_made(
    ledger: Ledger, intake: Intake, tmp_path: Path
) -> None:
    with pytest.raises(CheckpointMissing):
        opened(intake, "signed")
        explaining_checkpoint(ledger, "signed")
    sign_what_grew(ledger, "signed")
    assert set(statuses(ledger, "signed", tmp_path / "before.zip")) == {"disclosed"}
    post(intake, "signed", HIDING)
    hidden = statuses(ledger, "signed", tmp_path / "hidden.zip")
    assert (hidden["withheld"], hidden["disclosed"]) == (5, 11)
    post(intake, "signed", RESTORING)
    assert statuses(ledger, "signed", tmp_path / "restored.zip") == {"disclosed": 17}


def test_where_nobody_can_sign_what_was_decided_there_is_no_package(ledger: Ledger, intake: Intake) -> None:
    opened(intake, "unsigned")
    sign_what_grew(ledger, "unsigned")
    covered = explaining_checkpoint(ledger, "unsigned")
    post(intake, "unsigned", HIDING)
    with ledger.datastore.connection() as connection:
        connection.execute(HELD_BY_ANOTHER)
    with pytest.raises(VisibilityChanged) as behind:
        explaining_checkpoint(ledger, "unsigned", patience=0.2)
    assert (behind.value.size, behind.value.seq) == (covered.size, covered.size)
    with ledger.datastore.connection() as connection:
        connection.execute("DELETE FROM leases")
    assert explaining_checkpoint(ledger, "unsigned").size == covered.size + 1


def test_a_decision_while_a_package_is_made_undoes_it_and_the_next_one_is_whole(ledger: Ledger, intake: Intake, tmp_path: Path) -> None:
    opened(intake, "meddled")
    sign_what_grew(ledger, "meddled")
    waiting = [HIDING]

    def meddle(what: str, done: int, of: int) -> None:
        if waiting:
            post(intake, "meddled", waiting.pop())

    out = io.BytesIO()
    with pytest.raises(VisibilityChanged):
        write_package(ledger, "meddled", cast("BinaryIO", out), meddle)
    assert END_OF_ZIP not in out.getvalue()
    assert statuses(ledger, "meddled", tmp_path / "again.zip")["withheld"] == 5
