"""Who waits for a checkpoint is not kept for ever, and looks for it together with all who wait."""

import asyncio
from threading import Lock
from typing import Any, cast

import pytest

from ledger.api.library import Library
from ledger.api.waiting import Waiting
from ledger.store.log import StoredCheckpoint
from ledger.submit import Recorded
from ledger.tlog.checkpoint import Checkpoint
from ledger.tlog.note import sign_note
from ledger.tlog.reader import HeldTiles
from ledger.tlog.tile import Tile
from ledger.tlog.tlog_proof import parse_tlog_proof
from tests.tlog.keys import KnownSigner

SIGNER = KnownSigner("ledger.test/p/town")
LEAVES = [bytes([place]) * 32 for place in range(40)]


class Growing:
    """A library with one log, whose newest checkpoint is of another size each time that it is looked for."""

    def __init__(self, *sizes: int) -> None:
        self.sizes = list(sizes)
        self.looks = 0
        self.reads = 0
        self.log = self
        self._lock = Lock()

    def shelf(self, project: str) -> Any:
        return self

    def newest_checkpoint(self) -> StoredCheckpoint | None:
        with self._lock:
            self.looks += 1
            size = self.sizes.pop(0) if len(self.sizes) > 1 else self.sizes[0]
        if not size:
            return None
        tree = HeldTiles(LEAVES[:size])
        note = sign_note(Checkpoint(SIGNER.vkey.name, size, tree.root()).text, [SIGNER]).encode().decode()
        return StoredCheckpoint(size, tree.root(), note)

    def tiles(self, tiles: list[Tile]) -> list[bytes]:
        self.reads += 1
        return HeldTiles(LEAVES)(tiles)


def made(*seqs: int) -> list[Recorded]:
    return [Recorded(seq, f"ballot/vote/{seq}", 1, "ballot.cast/1", LEAVES[seq]) for seq in seqs]


def test_proofs_come_with_the_first_checkpoint_that_covers_the_last_entry() -> None:
    library = Growing(0, 3, 30, 40)
    proofs = asyncio.run(Waiting(cast("Library", library)).proofs("town", made(27, 28, 29)))
    assert proofs is not None and library.looks == 3
    for seq, written in zip((27, 28, 29), proofs, strict=True):
        proof = parse_tlog_proof(written.encode())
        assert (proof.index, proof.verifies(LEAVES[seq], [SIGNER.vkey])) == (seq, True)
    assert library.reads == 1, "neighbours share their tiles"


def test_who_waited_long_enough_is_told_that_the_proofs_are_not_there() -> None:
    assert asyncio.run(Waiting(cast("Library", Growing(5)), patience=0.15).proofs("town", made(5))) is None


def test_where_nothing_was_recorded_there_is_nothing_to_wait_for() -> None:
    library = Growing(0)
    assert asyncio.run(Waiting(cast("Library", library)).proofs("town", [])) == []
    assert library.looks == 0


def test_however_many_wait_the_log_is_looked_at_for_all_of_them() -> None:
    async def crowd(library: Growing) -> list[list[str] | None]:
        waiting = Waiting(cast("Library", library))
        return await asyncio.gather(*(waiting.proofs("town", made(9)) for _ in range(200)))

    library = Growing(0, 5, 10)
    assert all(proofs is not None for proofs in asyncio.run(crowd(library)))
    assert library.looks < 40


class Failing(Growing):
    """A log that cannot be read any more."""

    def newest_checkpoint(self) -> StoredCheckpoint | None:
        raise ConnectionError("the database is gone")


def test_a_log_that_cannot_be_read_is_told_to_whoever_asked() -> None:
    with pytest.raises(ConnectionError):
        asyncio.run(Waiting(cast("Library", Failing())).proofs("town", made(1)))
