"""One package of a project at the size of a checkpoint, streamed: memory does not grow with the number of entries."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import BinaryIO, Final

from ledger.errors import LogDiffers, VisibilityChanged
from ledger.exports.leaf_hashes import LeafHashes
from ledger.package.disclosure_lines import disclosure_lines
from ledger.package.layout import (
    CHECKPOINT,
    DISCLOSURES,
    EVENTS,
    FORMAT,
    MANIFEST,
    MANIFEST_SIGNATURE,
    READMES,
    TABLES_OF,
    VERIFIER,
    VKEY,
    csv_of,
    parquet_of,
)
from ledger.package.ledger_extract import LedgerExtract, signature_text, vkey_lines
from ledger.package.manifest import Sealing, manifest
from ledger.package.parquet import Arrow, arrow, parquet_file
from ledger.package.progress import Progress, silent
from ledger.package.publication import files_of
from ledger.package.readme import readme
from ledger.package.verifier_page import verifier_page
from ledger.package.zip_writer import PackageWriter
from ledger.ports import ProjectLog
from ledger.projections.readings.reading import Reading, read
from ledger.projections.source import Source
from ledger.tlog.checkpoint import Checkpoint, parse_checkpoint
from ledger.tlog.lines import base64
from ledger.tlog.note import Signer, parse_note, sign_note

ENTRIES_AT_ONCE: Final = 4096


@dataclass(frozen=True, slots=True)
class Vouchers:
    """What vouches for a package.

    `note` is the signed checkpoint at which it is cut, `vkeys` the keys that signed it, the newest first. `extract` is of the ledger log.
    `signers` sign the manifest: those of `vkeys`, or, for a log that has ended and is signed no more, those of the ledger log.
    """

    note: bytes
    vkeys: tuple[str, ...]
    extract: LedgerExtract
    signers: Sequence[Signer]


def export_package(log: ProjectLog, source: Source, vouchers: Vouchers, out: BinaryIO, progress: Progress = silent) -> Checkpoint:
    """Writes the package of the log at the size of the checkpoint that vouches for it; returns that checkpoint.

    `source` shows the projections at the same size. `out` need not be seekable. Equal inputs and library versions give equal bytes.
    Raises `LogDiffers` where the entries are not those of the checkpoint, `VisibilityChanged` where the texts to be shown are not those of
    one state of the log, at or before the checkpoint: what was written until then is no package.
    """
    checkpoint = parse_checkpoint(parse_note(vouchers.note).text)
    if source.origin != checkpoint.origin or source.size != checkpoint.size:
        raise AssertionError(
            f"the projections are those of {source.origin} at {source.size}, not of {checkpoint.origin} at {checkpoint.size}"
        )
    # Asked before the first text is read and after the last: each text is then shown as all others are.
    visibility_size = log.visibility_size()
    if visibility_size > checkpoint.size:
        raise VisibilityChanged(checkpoint.origin, checkpoint.size, visibility_size - 1)
    writer = PackageWriter(out)
    sealing = Sealing(checkpoint.origin, checkpoint.size, base64(checkpoint.root))
    for language, name in READMES.items():
        writer.add(name, [readme(language, sealing.origin, sealing.size, sealing.root)])
    writer.add(VERIFIER, [verifier_page()])
    writer.add(DISCLOSURES, disclosure_lines(log.disclosures(0, checkpoint.size)))
    with LeafHashes() as hashes:
        writer.add(EVENTS, _event_lines(log, checkpoint.size, hashes, progress))
        if (hashes.size, hashes.root()) != (checkpoint.size, checkpoint.root):
            raise LogDiffers(checkpoint.size)
        writer.add(CHECKPOINT, [vouchers.note])
        for name, content in hashes.tiles():
            writer.add_dense(name, content)
    writer.add(VKEY, [vkey_lines(vouchers.vkeys)])
    for name, content in vouchers.extract.files():
        writer.add(name, [content])
    reading = read(source)
    library = arrow()
    _add_derived(writer, reading, sealing.root, library, progress)
    stated = writer.add(MANIFEST, [manifest(sealing, reading, writer.written, parquet=library is not None)])
    if (now := log.visibility_size()) != visibility_size:
        raise VisibilityChanged(checkpoint.origin, checkpoint.size, now - 1)
    # Signed only now: over a package that came to nothing there is no signature.
    signed = sign_note(signature_text(checkpoint.origin, checkpoint.size, bytes.fromhex(stated.sha256)), vouchers.signers)
    writer.add(MANIFEST_SIGNATURE, [signed.encode()])
    writer.finish()
    return checkpoint


def _event_lines(log: ProjectLog, size: int, hashes: LeafHashes, progress: Progress) -> Iterator[bytes]:
    entries = (entry for _, entry in log.entries(0, size))
    while some := list(islice(entries, ENTRIES_AT_ONCE)):
        hashes.extend(some)
        progress("entries", hashes.size, size)
        yield b"\n".join(some) + b"\n"


def _add_derived(writer: PackageWriter, reading: Reading, root: str, library: Arrow | None, progress: Progress) -> None:
    """Every file that follows from the entries; beside each table its Parquet form, where the library is there."""
    tables = {csv_of(table): table for table in TABLES_OF[FORMAT]}
    for name, chunks in files_of(reading, root):
        progress(name, 0, 0)
        writer.add(name, chunks)
        if library is not None and name in tables:
            writer.add(parquet_of(name), parquet_file(tables[name], reading, library), packed=False)
