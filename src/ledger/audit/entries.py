"""The entries of a package, read one after the other: each is hashed as it stands, then asked whether its bytes are what they should be."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from ledger.audit.findings import Findings
from ledger.canonical import parse_canonical
from ledger.errors import FileDamaged, LedgerError, Malformed
from ledger.events import Event, read_event
from ledger.events.envelope import ENTRY_LIMIT, entry_bytes
from ledger.events.redacted import Redacted, is_redacted, leaves_of, read_redacted
from ledger.package.layout import EVENTS, LOG
from ledger.package.progress import Progress
from ledger.package.zip_reader import PackageReader
from ledger.tlog.checkpoint import Checkpoint
from ledger.tlog.lines import base64
from ledger.tlog.tile import FULL_WIDTH, Tile, tile_width
from ledger.tlog.tree import HASH_SIZE, Frontier, leaf_hash

_NUL: Final = b"\\u0000"


@dataclass(slots=True)
class EntryReader:
    """Reads the log of a package against its checkpoint. After `events` has been gone through, `size` and `root` are what was found."""

    reader: PackageReader
    stated: Checkpoint
    findings: Findings
    progress: Progress
    older_size: int | None = None
    """A size at which the root is noted on the way, for comparison with an older package."""
    older_root: bytes | None = None
    first: bytes | None = None
    """The leaf hash of the first entry, once it was read."""
    complete: bool = True
    """Whether every entry could be read as an event: only then can the log be replayed."""
    _tree: Frontier = field(default_factory=Frontier)
    _upper: list[list[bytes]] = field(default_factory=list)
    """Hashes of complete tiles: `_upper[0]` are those of tile level 1."""
    _waiting: list[bytes] = field(default_factory=list)
    """Leaf hashes that do not fill a tile yet."""

    @property
    def size(self) -> int:
        """How many entries were read."""
        return self._tree.size

    def events(self) -> Iterator[Event | Redacted]:
        """The events of the log, and what stands in place of redacted ones. An entry that is neither is a finding and left out."""
        self._note_older(0)
        try:
            for lines in self.reader.lines(EVENTS, ENTRY_LIMIT):
                first = self._tree.size
                self._grow(_leaves(lines))
                for seq, line in enumerate(lines, first):
                    event = self._redacted(seq, line) if is_redacted(line) else self._event(seq, line)
                    if event is not None:
                        yield event
                self.progress("entries", self._tree.size, self.stated.size)
        except FileDamaged as error:
            self.complete = False
            self.findings.fault("reading", error.code, error.place, "a file that can be read back", error.why)

    def finish(self) -> None:
        """The tree is compared with the checkpoint, and its tiles with those in the package."""
        stated, found = self.stated, self._tree
        if found.size != stated.size:
            self.findings.fault("integrity", "size", EVENTS, f"{stated.size} entries, as the checkpoint states", str(found.size))
        if found.root() != stated.root:
            self.findings.fault("integrity", "root", EVENTS, f"root {base64(stated.root)}, as the checkpoint states", base64(found.root()))
        if self._waiting:
            self._check_tile(Tile(0, found.size // FULL_WIDTH, len(self._waiting)), self._waiting)
        for level, hashes in enumerate(self._upper, 1):
            for index in range(-(-len(hashes) // FULL_WIDTH)):
                width = tile_width(level, index, found.size)
                self._check_tile(Tile(level, index, width), hashes[index * FULL_WIDTH : index * FULL_WIDTH + width])

    def _event(self, seq: int, line: bytes) -> Event | None:
        try:
            event = read_event(line)
        except Malformed as error:
            self.complete = False
            self._fault("entry-malformed", seq, "an event as docs/formats/entry.md states it", str(error))
            return None
        # The writer's bytes for this event are canonical, so bytes that equal them are: one comparison in place of parsing twice.
        if entry_bytes(event) != line or _NUL in line:
            self._explain_bytes(seq, line)
        if event.seq != seq:
            self._fault("entry-misplaced", seq, f"seq {seq}", f"seq {event.seq}")
            self.complete = False
        if event.log != self.stated.origin:
            self._fault("entry-of-another-log", seq, self.stated.origin, event.log)
        return event

    def _redacted(self, seq: int, line: bytes) -> Redacted | None:
        try:
            redacted = read_redacted(line)
        except Malformed as error:
            self.complete = False
            self._fault("redaction-malformed", seq, "what is left of an entry, as docs/formats/entry.md states it", str(error))
            return None
        if redacted.seq != seq:
            self._fault("entry-misplaced", seq, f"seq {seq}", f"seq {redacted.seq}")
            self.complete = False
            return None
        return redacted

    def _explain_bytes(self, seq: int, line: bytes) -> None:
        try:
            parse_canonical(line)
        except LedgerError as error:
            self._fault("entry-not-canonical", seq, "canonical JSON (RFC 8785)", str(error))
        else:
            self._fault("entry-not-canonical", seq, "the event as a ledger writes it", "canonical JSON that says the same otherwise")

    def _grow(self, leaves: list[bytes]) -> None:
        self.first = self.first or leaves[0]
        if self.older_size is not None and self._tree.size < self.older_size <= self._tree.size + len(leaves):
            until = self.older_size - self._tree.size
            self._extend(leaves[:until])
            self._note_older(self._tree.size)
            self._extend(leaves[until:])
        else:
            self._extend(leaves)

    def _extend(self, leaves: list[bytes]) -> None:
        index = (self._tree.size - len(self._waiting)) // FULL_WIDTH
        for subtree in self._tree.extend(leaves):
            while subtree.level > len(self._upper):
                self._upper.append([])
            self._upper[subtree.level - 1].append(subtree.hash)
        self._waiting += leaves
        while len(self._waiting) >= FULL_WIDTH:
            self._check_tile(Tile(0, index), self._waiting[:FULL_WIDTH])
            del self._waiting[:FULL_WIDTH]
            index += 1

    def _note_older(self, size: int) -> None:
        if size == self.older_size:
            self.older_root = self._tree.root()

    def _check_tile(self, tile: Tile, hashes: list[bytes]) -> None:
        name = LOG + tile.path
        expected = b"".join(hashes)
        try:
            found = self.reader.whole(name, FULL_WIDTH * HASH_SIZE)
        except FileDamaged as error:
            self.findings.fault("reading", error.code, name, "a hash tile that can be read back", error.why)
            return
        if found != expected:
            place = next((place for place in range(len(hashes)) if found[place * 32 : place * 32 + 32] != hashes[place]), len(hashes))
            found_words = "another hash" if len(found) == len(expected) else f"{len(found)} bytes"
            which = f"{name}, hash {place}" + (f" (entry {tile.index * FULL_WIDTH + place})" if tile.level == 0 else "")
            self.findings.fault("integrity", "tile", which, "the hash that follows from the entries", found_words)

    def _fault(self, check: str, seq: int, expected: str, found: str) -> None:
        self.findings.fault("integrity", check, f"{EVENTS} line {seq + 1} (entry {seq})", expected, found)


def _leaves(lines: list[bytes]) -> list[bytes]:
    """The leaf hash of each line; of one that says badly what is left of an entry, as if it were one."""
    try:
        return leaves_of(lines)
    except Malformed:
        return [leaf for line in lines for leaf in (_leaves([line]) if len(lines) > 1 else [leaf_hash(line)])]
