"""What the formats of version 1 make of one recorded town: every file of its package, and each kind of proof and note.

`python -m tests.vectors.formats_v1 FOLDER` writes them; what it wrote when the formats were new is frozen in `formats`.
"""

import io
import sys
import zipfile
from pathlib import Path

from ledger.tlog.checkpoint import Checkpoint
from ledger.tlog.note import parse_note, sign_note
from ledger.tlog.proof import consistency_proof, inclusion_proof
from ledger.tlog.reader import HeldTiles
from ledger.tlog.receipt import Receipt, Refusal
from ledger.tlog.tlog_proof import TlogProof
from ledger.tlog.tree import leaf_hash, tree_root
from ledger.tlog.witness import AddCheckpoint
from tests.recorded import RecordedLog, town
from tests.tlog.keys import KnownSigner

BINARY = (".parquet",)
"""Of other people's libraries, whose bytes change with their versions."""
SAME_VERSION = ("datapackage.json", "README.en.txt", "README.fr.txt")
"""Their words name the version of the ledger that wrote them."""


def frozen_files() -> dict[str, bytes]:
    """Name → content, of a town with sealed ballots."""
    log = town(sealed=True, voters=12)
    with zipfile.ZipFile(io.BytesIO(log.package())) as archive:
        names = [name for name in archive.namelist() if not name.endswith(BINARY) and name not in SAME_VERSION]
        package = {f"package/{name}": archive.read(name) for name in names}
    return {**package, **_notes(log)}


def _notes(log: RecordedLog) -> dict[str, bytes]:
    leaves = [leaf_hash(entry) for entry in log.stored]
    tiles, size, signer = HeldTiles(leaves), len(leaves), KnownSigner("ledger.example/p/frozen")
    note = sign_note(Checkpoint(signer.vkey.name, size, tree_root(leaves)).text, [signer])
    checkpoint = parse_note(note.encode())
    receipt = Receipt(signer.vkey.name, 3, 6, tree_root(leaves[3:7]), 1_772_359_200)
    refusal = Refusal(signer.vkey.name, "already-voted", bytes(range(32)), 1_772_359_200)
    return {
        "notes/checkpoint": note.encode(),
        "notes/inclusion": TlogProof(5, inclusion_proof(5, size, tiles), checkpoint).encode(),
        "notes/add-checkpoint": AddCheckpoint(7, consistency_proof(7, size, tiles), checkpoint).encode(),
        "notes/receipt": sign_note(receipt.text, [signer]).encode(),
        "notes/refusal": sign_note(refusal.text, [signer]).encode(),
    }


if __name__ == "__main__":
    for name, content in frozen_files().items():
        path = Path(sys.argv[1]) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
