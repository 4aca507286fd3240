"""Formats frozen in `formats`: packages, and each kind of proof and note about the log of the first.

A package of layout 1 is read for ever and written no more, and so is that of layout 2, which is of the story of the examples, with
everything in it. That of layout 3 is of the same story, longer by then. The proofs and notes are still written byte for byte as they were.
"""

import io
import zipfile
from hashlib import sha256
from pathlib import Path

import orjson

from ledger.package.layout import CHECKPOINT, EVENTS, FORMAT, FORMAT_1, MANIFEST, MANIFEST_SIGNATURE, READMES, VERIFIER
from ledger.package.ledger_extract import signature_text
from ledger.tlog.checkpoint import Checkpoint, parse_checkpoint
from ledger.tlog.note import parse_note, sign_note
from ledger.tlog.proof import consistency_proof, inclusion_proof
from ledger.tlog.reader import HeldTiles
from ledger.tlog.receipt import Receipt, Refusal
from ledger.tlog.tlog_proof import TlogProof
from ledger.tlog.tree import leaf_hash, tree_root
from ledger.tlog.witness import AddCheckpoint
from tests.tlog.keys import KnownSigner

FROZEN = Path(__file__).parent / "formats"
WROTE_IT = "0.1.0"
"""The version of the ledger that wrote the package. Manifest and pages for people name it, so these are not frozen."""


def frozen_package(name: str = "package") -> dict[str, bytes]:
    """Name → content of the files of the package that are frozen: `package` is of layout 1, `package-2` and `package-3` of those."""
    folder = FROZEN / name
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def packed(files: dict[str, bytes], stated: str = FORMAT_1, version: str = WROTE_IT) -> bytes:
    """The zip of these files, with pages for people, and a manifest that states this format and version."""
    whole = {**files, **dict.fromkeys(READMES.values(), b"How to check it.\n")}
    if stated == FORMAT:
        whole[VERIFIER] = b"The page of the version that wrote it.\n"
    stated_files = {name: {"bytes": len(content), "sha256": sha256(content).hexdigest()} for name, content in whole.items()}
    manifest = {"ledger": {"format": stated, "version": version}, "files": stated_files}
    content = orjson.dumps(manifest)
    whole[MANIFEST] = content
    if stated == FORMAT:
        checkpoint = parse_checkpoint(parse_note(files[CHECKPOINT]).text)
        text = signature_text(checkpoint.origin, checkpoint.size, sha256(content).digest())
        whole[MANIFEST_SIGNATURE] = sign_note(text, [KnownSigner(checkpoint.origin)]).encode()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, one in whole.items():
            archive.writestr(name, one)
    return out.getvalue()


def notes() -> dict[str, bytes]:
    """Name → content of each kind of proof and note about the log of the package."""
    leaves = [leaf_hash(entry) for entry in frozen_package()[EVENTS].splitlines()]
    tiles, size, signer = HeldTiles(leaves), len(leaves), KnownSigner("ledger.example/p/frozen")
    note = sign_note(Checkpoint(signer.vkey.name, size, tree_root(leaves)).text, [signer])
    checkpoint = parse_note(note.encode())
    receipt = Receipt(signer.vkey.name, 3, 6, tree_root(leaves[3:7]), 1_772_359_200)
    refusal = Refusal(signer.vkey.name, "already-voted", bytes(range(32)), 1_772_359_200)
    return {
        "checkpoint": note.encode(),
        "inclusion": TlogProof(5, inclusion_proof(5, size, tiles), checkpoint).encode(),
        "add-checkpoint": AddCheckpoint(7, consistency_proof(7, size, tiles), checkpoint).encode(),
        "receipt": sign_note(receipt.text, [signer]).encode(),
        "refusal": sign_note(refusal.text, [signer]).encode(),
    }
