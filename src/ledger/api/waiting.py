"""Posts that wait for a checkpoint: what was recorded is answered with its proofs (docs/formats/http.md, "Proofs at once").

Nobody who waits holds a connection, and however many wait for one log, it is looked at some ten times a second.
"""

from asyncio import Task, create_task, shield, sleep
from collections.abc import Callable, Sequence
from time import monotonic
from typing import Final

from anyio import CapacityLimiter, to_thread

from ledger.api.library import Library, SignedLog, SignedSize
from ledger.submit import Recorded
from ledger.tlog.note import parse_note
from ledger.tlog.proof import inclusion_proof
from ledger.tlog.tile import Tile
from ledger.tlog.tlog_proof import TlogProof

MOST_PROOFS: Final = 256
"""Submissions of a request that may wait for its proofs: as many as a tile has leaves."""
PATIENCE_SECONDS: Final = 10.0
LOOK_SECONDS: Final = 0.1


class Waiting:
    """Gives proofs as soon as there is a checkpoint to prove by."""

    def __init__(self, library: Library, patience: float = PATIENCE_SECONDS, now: Callable[[], float] = monotonic) -> None:
        """Gives up after so many seconds."""
        self._library = library
        self._patience = patience
        self._now = now
        self._looking: dict[str, Task[SignedSize | None]] = {}
        # Threads of its own: who waits does not take them from those who read.
        self._threads = CapacityLimiter(2)

    async def proofs(self, project: str, recorded: Sequence[Recorded]) -> list[str] | None:
        """For each entry the text of its C2SP tlog-proof@v1; None where no checkpoint covers them all in time."""
        if not recorded:
            return []
        size = recorded[-1].seq + 1
        deadline = self._now() + self._patience
        while (found := await self._newest(project)) is None or found.size < size:
            if self._now() >= deadline:
                return None
            await sleep(LOOK_SECONDS)
        return await to_thread.run_sync(self._proven, project, found, [entry.seq for entry in recorded], limiter=self._threads)

    async def _newest(self, project: str) -> SignedSize | None:
        """The newest checkpoint, looked up once for all who ask meanwhile; one that gives up does not take it from the others."""
        looking = self._looking.get(project)
        if looking is None:
            looking = self._looking[project] = create_task(to_thread.run_sync(self._look, project, limiter=self._threads))
            looking.add_done_callback(lambda _: self._looking.pop(project, None))
        return await shield(looking)

    def _look(self, project: str) -> SignedSize | None:
        return self._library.shelf(project).log.newest_checkpoint()

    def _proven(self, project: str, checkpoint: SignedSize, seqs: Sequence[int]) -> list[str]:
        note, tiles = parse_note(checkpoint.note.encode()), _ReadOnce(self._library.shelf(project).log)
        return [TlogProof(seq, inclusion_proof(seq, checkpoint.size, tiles), note).encode().decode() for seq in seqs]


class _ReadOnce:
    """A tree of which every tile is read once: the proofs of neighbours share nearly all. See `tlog.reader.TileReader`."""

    def __init__(self, log: SignedLog) -> None:
        self._log = log
        self._read: dict[Tile, bytes] = {}

    def __call__(self, tiles: Sequence[Tile], /) -> list[bytes]:
        missing = [tile for tile in tiles if tile not in self._read]
        if missing:
            self._read.update(zip(missing, self._log.tiles(missing), strict=True))
        return [self._read[tile] for tile in tiles]
