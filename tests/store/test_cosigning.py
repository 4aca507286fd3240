"""Cosignatures of the ledger log: collected from witnesses that do as a test says, kept, and heeded where a witness knows more."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from time import monotonic, sleep

import pytest

from ledger.errors import LedgerBehindWitness
from ledger.events.ledger_log import LEDGER_LOG
from ledger.store.cosignatures import check_witnessed, is_within_reach, quorum_at, stated_below, witness_rows
from ledger.store.cosigning import CosignatureKeeper
from ledger.store.log import NothingShown, PostgresLog, StoredCheckpoint
from ledger.store.projects import Project, find_ledger_log
from ledger.tlog.checkpoint import Checkpoint
from ledger.tlog.cosignature import cosign
from ledger.tlog.note import Note, parse_note, verified_by
from ledger.tlog.policy import Policy, parse_policy
from ledger.tlog.proof import verify_consistency
from ledger.tlog.vkey import Vkey
from ledger.witness.client import Ahead, Conflict, Cosigned, Prove, Said, Uncosigned
from ledger.witness.key import WitnessKey
from tests.posting import ballot, ledger, opening, organizer, vote_opened
from tests.store.stating import Stating, stating


@dataclass
class Witnessing:
    """A witness that cosigns, unless a test has it say something else. It checks each proof, as witnesses do."""

    name: str
    byte: int
    says: Said | None = None
    asked: list[tuple[int, int]] = field(default_factory=list)
    """Old size and size of each checkpoint that it was shown."""
    seen: Checkpoint | None = None

    @property
    def key(self) -> WitnessKey:
        return WitnessKey(self.name, bytes([self.byte]) * 32)

    @property
    def vkey(self) -> Vkey:
        return self.key.vkey

    def show(self, note: Note, checkpoint: Checkpoint, old_size: int, prove: Prove) -> Said:
        self.asked.append((old_size, checkpoint.size))
        if self.says is not None:
            return self.says
        if self.seen is not None and self.seen.size < checkpoint.size:
            path = prove(self.seen.size)
            assert verify_consistency(self.seen.size, checkpoint.size, path, self.seen.root, checkpoint.root)
        self.seen = checkpoint
        return Cosigned(cosign(note.text, self.key, 7), 7)


@dataclass
class Scene:
    """A ledger log with two witnesses, both of which are asked for."""

    stating: Stating
    north: Witnessing
    south: Witnessing
    policy: Policy
    keeper: CosignatureKeeper

    @property
    def log(self) -> Project:
        with self.stating.datastore.connection() as connection:
            found = find_ledger_log(connection)
        assert found is not None
        return found

    def newest(self) -> StoredCheckpoint:
        found = PostgresLog(self.stating.datastore, self.log, NothingShown()).newest_checkpoint()
        assert found is not None
        return found

    def states(self) -> list[str]:
        with self.stating.datastore.connection() as connection:
            rows = witness_rows(connection, self.log)
        return [rows[str(witness.vkey)].state for witness in (self.north, self.south)]

    def why(self, witness: Witnessing) -> str:
        with self.stating.datastore.connection() as connection:
            return witness_rows(connection, self.log)[str(witness.vkey)].why

    def quorum_size(self) -> int | None:
        with self.stating.datastore.connection() as connection:
            found = quorum_at(connection, self.log, self.policy)
        return None if found is None else found.size

    def within_reach(self) -> bool:
        with self.stating.datastore.connection() as connection:
            return is_within_reach(connection, self.log, self.policy)

    def later(self) -> None:
        """So much time has passed that every witness is asked again."""
        self.stating.town.execute("UPDATE witnesses SET again_at = now() - interval '1 second'")

    def grow(self, project: str = "town") -> int:
        """The ledger log has grown and is signed; its size."""
        self.stating.town.post(project, opening())
        self.stating.signer.round()
        return self.newest().size


@pytest.fixture
def scene(database: str) -> Iterator[Scene]:
    with stating(database) as made:
        for table in ("projects", "heads", "events", "checkpoints", "subtrees", "leases", "witnesses", "cosignatures", "anchors"):
            made.town.execute(f"TRUNCATE {table}")
        north, south = Witnessing("north.example", 1), Witnessing("south.example", 2)
        lines = [f"witness {one.name} {one.vkey} http://{one.name}" for one in (north, south)]
        policy = parse_policy("\n".join([*lines, "group both all north.example south.example", "quorum both", ""]).encode())
        made.signer.round()
        yield Scene(made, north, south, policy, CosignatureKeeper(made.datastore, policy, [north, south]))


def test_a_checkpoint_is_shown_to_each_witness_and_carries_what_they_signed(scene: Scene) -> None:
    size = scene.grow()
    assert scene.within_reach(), "nobody has been asked yet"
    assert scene.keeper.round() == 2
    assert scene.states() == ["cosigned", "cosigned"]
    note = parse_note(scene.newest().note.encode())
    vkeys = [scene.stating.town.keys.signer(LEDGER_LOG).vkey, scene.north.vkey, scene.south.vkey]
    assert verified_by(note, vkeys) == tuple(vkeys)
    assert scene.quorum_size() == size


def test_what_is_cosigned_is_not_shown_again_and_what_grew_is_shown_with_its_proof(scene: Scene) -> None:
    first = scene.grow()
    scene.keeper.round()
    assert scene.keeper.round() == 0
    second = scene.grow("village")
    assert scene.keeper.round() == 2
    assert scene.north.asked == [(0, first), (first, second)]
    log = PostgresLog(scene.stating.datastore, scene.log, NothingShown())
    older = log.checkpoint_at(first)
    assert older is not None
    assert older.note.count("\n— ") == 3, "what was cosigned before is kept"


def test_before_the_first_checkpoint_nobody_is_asked(scene: Scene) -> None:
    for table in ("projects", "heads", "events", "checkpoints"):
        scene.stating.town.execute(f"TRUNCATE {table}")
    assert scene.keeper.round() == 0
    scene.keeper.look()
    assert scene.north.asked == []


def test_a_witness_that_fails_is_told_and_asked_again_later_and_the_other_cosigns(scene: Scene, caplog: pytest.LogCaptureFixture) -> None:
    scene.south.says = Uncosigned("it cannot be reached: refused")
    size = scene.grow()
    with caplog.at_level(logging.WARNING):
        assert scene.keeper.round() == 1
    assert "south.example does not cosign: it cannot be reached" in caplog.text
    assert scene.states() == ["cosigned", "uncosigned"]
    assert scene.why(scene.south) == "it cannot be reached: refused"
    assert scene.quorum_size() is None
    assert not scene.within_reach()
    assert scene.keeper.round() == 0, "not at once"
    assert len(scene.south.asked) == 1
    rests = []
    for _ in range(11):
        scene.later()
        scene.keeper.round()
        rests.append(
            int(scene.stating.town.query("SELECT extract(epoch FROM again_at - asked_at) FROM witnesses WHERE failures > 0")[0][0])
        )
    assert rests == [4, 8, 16, 32, 64, 128, 256, 300, 300, 300, 300]
    scene.south.says = None
    scene.later()
    assert scene.keeper.round() == 1
    assert scene.states() == ["cosigned", "cosigned"]
    assert scene.quorum_size() == size


def test_a_witness_that_saw_another_history_is_evidence(scene: Scene, caplog: pytest.LogCaptureFixture) -> None:
    scene.south.says = Conflict(3, "it cosigned another root at size 3 (409 3)")
    scene.grow()
    with caplog.at_level(logging.ERROR):
        scene.keeper.round()
    assert scene.newest().note.splitlines()[2] in caplog.text, "what was shown stands beside what the witness said of it"
    assert "another root at size 3" in caplog.text
    assert scene.states() == ["cosigned", "conflict"]
    assert scene.why(scene.south) == "it cosigned another root at size 3 (409 3)"
    scene.stating.town.post("town", organizer("project.described", description={"fr": "Encore."}))


def test_a_witness_that_saw_more_bars_what_is_signed_and_recorded_until_the_log_is_whole_again(scene: Scene) -> None:
    size = scene.grow()
    scene.stating.town.post("town", organizer("project.described", description={"fr": "Un."}))
    scene.south.says = Ahead(size + 2)
    scene.keeper.look()
    assert scene.states() == ["cosigned", "ahead"]
    entries = len(scene.stating.town.entries("town"))
    with scene.stating.datastore.connection() as connection, pytest.raises(LedgerBehindWitness) as caught:
        check_witnessed(connection)
    assert (caught.value.witness, caught.value.seen, caught.value.size) == ("south.example", size + 2, size)
    # A process that begins anew refuses at once; one that runs does within a second, see below.
    with ledger(scene.stating.town.conninfo, keys=scene.stating.town.keys) as anew:
        for project, document in (("town", organizer("project.described", description={"fr": "Deux."})), ("other", opening())):
            with pytest.raises(LedgerBehindWitness):
                anew.post(project, document)
    scene.stating.restart()
    scene.stating.pass_seconds(100)
    scene.stating.signer.round()
    assert len(scene.stating.town.entries("town")) == entries
    assert scene.newest().size == size, "nothing more of the ledger log is signed"

    # The newer backup is put back: the log has what the witness saw.
    scene.stating.town.execute(
        "UPDATE heads SET size = size + 2 WHERE project_id = (SELECT project_id FROM projects WHERE ref = '~ledger')"
    )
    with scene.stating.datastore.connection() as connection:
        check_witnessed(connection)


def test_a_running_process_is_barred_too(scene: Scene) -> None:
    size = scene.grow()
    scene.south.says = Ahead(size + 1)
    scene.keeper.look()

    def refused() -> bool:
        try:
            scene.stating.town.post("town", organizer("project.described", description={"fr": "Encore."}))
        except LedgerBehindWitness:
            return True
        return False

    assert within_seconds(10, refused)


def within_seconds(seconds: float, what: Callable[[], bool]) -> bool:
    deadline = monotonic() + seconds
    while not (found := what()) and monotonic() < deadline:
        sleep(0.05)
    return found


def test_who_is_no_witness_any_more_bars_nobody(scene: Scene) -> None:
    size = scene.grow()
    scene.south.says = Ahead(size + 1)
    scene.keeper.look()
    alone = parse_policy(f"witness a {scene.north.vkey}\nquorum a\n".encode())
    CosignatureKeeper(scene.stating.datastore, alone, [scene.north]).look()
    with scene.stating.datastore.connection() as connection:
        check_witnessed(connection)
        assert list(witness_rows(connection, scene.log)) == [str(scene.north.vkey)]


def test_at_the_start_each_witness_is_asked_although_it_has_cosigned(scene: Scene) -> None:
    size = scene.grow()
    scene.keeper.round()
    scene.keeper.look()
    assert scene.north.asked[-1] == (0, size)


def test_old_cosignatures_go_but_for_the_newest_and_those_of_a_quorum(scene: Scene) -> None:
    sizes = []
    for project in ("one", "two", "three", "four"):
        sizes.append(scene.grow(project))
        scene.south.says = None if project in {"one", "two"} else Uncosigned("away")
        scene.later()
        scene.keeper.round()
    assert scene.quorum_size() == sizes[1]
    scene.stating.town.execute("UPDATE cosignatures SET stored_at = now() - interval '25 hours'")
    CosignatureKeeper(scene.stating.datastore, scene.policy, []).round()
    kept = scene.stating.town.query("SELECT size, count(*) FROM cosignatures GROUP BY size ORDER BY size")
    assert kept == [(sizes[1], 2), (sizes[3], 1)]
    assert scene.quorum_size() == sizes[1]


def test_a_checkpoint_stays_as_long_as_its_cosignatures(scene: Scene) -> None:
    first = scene.grow("one")
    scene.keeper.round()
    second = scene.grow("two")
    scene.stating.town.execute("UPDATE checkpoints SET signed_at = now() - interval '25 hours'")
    scene.grow("three")
    scene.stating.town.execute("UPDATE checkpoints SET signed_at = now() - interval '25 hours'")
    scene.grow("four")
    log = PostgresLog(scene.stating.datastore, scene.log, NothingShown())
    assert log.checkpoint_at(first) is not None
    assert log.checkpoint_at(second) is None


def test_how_far_a_log_has_come_is_told_for_every_size_of_the_ledger_log(scene: Scene) -> None:
    scene.stating.town.post("town", *vote_opened())
    scene.stating.signer.round()
    told = scene.newest().size
    size = len(scene.stating.town.entries("town"))
    scene.stating.town.post("town", ballot("ana", 0))
    scene.stating.pass_seconds(100)
    scene.stating.signer.round()
    with scene.stating.datastore.connection() as connection:
        assert stated_below(connection, scene.log, "town", told) == (told - 1, size)
        assert stated_below(connection, scene.log, "town", scene.newest().size) == (scene.newest().size - 1, size + 1)
        assert stated_below(connection, scene.log, "town", told - 1) is None
        assert stated_below(connection, scene.log, "nowhere", told) is None
