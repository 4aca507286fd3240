"""Who vouches for a package: the checkpoint, and the key that signed it."""

from dataclasses import dataclass

from ledger.audit.findings import Findings, Stage
from ledger.errors import FileDamaged, MalformedNote, MalformedVkey
from ledger.package.layout import CHECKPOINT, VKEY
from ledger.package.zip_reader import PackageReader
from ledger.tlog.checkpoint import Checkpoint, parse_checkpoint
from ledger.tlog.note import MAX_NOTE_SIZE, parse_note, signed_by
from ledger.tlog.vkey import Vkey, parse_vkey

_LONGEST_VKEY = 1024


@dataclass(frozen=True, slots=True)
class Head:
    """What the checkpoint of a package states, and the key that it was checked with."""

    checkpoint: Checkpoint
    vkey: Vkey | None


def read_head(reader: PackageReader, given: Vkey | None, findings: Findings, stage: Stage = "integrity") -> Head | None:
    """The checkpoint of the package; None where it cannot be read. A signature that is missing or wrong is a finding."""
    place = f"{reader.place}: {CHECKPOINT}" if stage == "older" else CHECKPOINT
    try:
        note = parse_note(reader.whole(CHECKPOINT, MAX_NOTE_SIZE))
        checkpoint = parse_checkpoint(note.text, extensions=True)
    except FileDamaged as error:
        findings.fault("reading", error.code, place, "a file that can be read back", error.why)
        return None
    except MalformedNote as error:
        findings.fault(stage, error.code, f"{place}, {error.place}", "a checkpoint as a signed note", error.why)
        return None
    if checkpoint.extensions:
        findings.fault(
            stage, "checkpoint-extended", f"{place}, line 4", "origin, size and root, and nothing else", checkpoint.extensions[0]
        )
    vkey = given or _shipped_key(reader, findings, stage)
    if vkey is not None and not signed_by(note, checkpoint.origin, [vkey]):
        signers = ", ".join(f"{signature.name} ({signature.key_id.hex()})" for signature in note.signatures)
        findings.fault(
            stage, "signature", place, f"a valid signature of {checkpoint.origin} with the key {vkey}", f"signatures of {signers}"
        )
    return Head(checkpoint, vkey)


def compare_keys(reader: PackageReader, given: Vkey, findings: Findings) -> None:
    """A key that came with the package and is not the one given is worth a notice: the log may have changed its key."""
    shipped = _shipped_key(reader, findings, "integrity")
    if shipped is not None and shipped != given:
        findings.notice("integrity", "key-differs", VKEY, str(given), str(shipped))


def _shipped_key(reader: PackageReader, findings: Findings, stage: Stage) -> Vkey | None:
    try:
        text = reader.whole(VKEY, _LONGEST_VKEY).decode("utf-8", "replace")
        if not text.endswith("\n"):
            raise MalformedVkey(place="vkey", why="the line does not end")
        return parse_vkey(text[:-1])
    except FileDamaged as error:
        findings.fault("reading", error.code, VKEY, "a verifier key", error.why)
    except MalformedVkey as error:
        findings.fault(stage, error.code, f"{VKEY}, {error.place}", "a verifier key", error.why)
    return None
