"""Who vouches for a package: the checkpoint, and the keys that signed it."""

from dataclasses import dataclass

from ledger.audit.findings import Findings, Stage
from ledger.audit.ledger_extract import LedgerPart
from ledger.audit.trust import Trust
from ledger.errors import FileDamaged, MalformedNote, MalformedVkey
from ledger.package.layout import CHECKPOINT, LEDGER_ENTRIES, MANIFEST, MANIFEST_SIGNATURE, VKEY
from ledger.package.ledger_extract import signature_text
from ledger.package.zip_reader import PackageReader
from ledger.tlog.checkpoint import Checkpoint, parse_checkpoint
from ledger.tlog.note import MAX_NOTE_SIZE, Note, parse_note, verified_by
from ledger.tlog.vkey import SignatureType, Vkey, parse_vkey

_LONGEST_VKEYS = 1 << 16


@dataclass(frozen=True, slots=True)
class Head:
    """What the checkpoint of a package states, as a signed note."""

    note: Note
    checkpoint: Checkpoint

    def signers(self, vkeys: tuple[Vkey, ...]) -> tuple[Vkey, ...]:
        """Those of these keys that signed it under the log's own name."""
        name = self.checkpoint.origin
        return tuple(vkey for vkey in verified_by(self.note, vkeys) if vkey.name == name and vkey.type is SignatureType.ED25519)

    @property
    def claimed(self) -> str:
        """Who claims to have signed it."""
        return "signatures of " + ", ".join(f"{signature.name} ({signature.key_id.hex()})" for signature in self.note.signatures)


def read_head(reader: PackageReader, findings: Findings, stage: Stage = "integrity") -> Head | None:
    """The checkpoint of the package; None where it cannot be read."""
    place = _place(reader, stage)
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
    return Head(note, checkpoint)


def shipped_keys(reader: PackageReader, findings: Findings) -> tuple[Vkey, ...]:
    """The keys that came with the package; none where they cannot be read, which is a finding."""
    try:
        text = reader.whole(VKEY, _LONGEST_VKEYS).decode("utf-8", "replace")
        *lines, rest = text.split("\n")
        if rest or not lines:
            raise MalformedVkey(place="vkey", why="the line does not end")
        return tuple(map(parse_vkey, lines))
    except FileDamaged as error:
        findings.fault("reading", error.code, VKEY, "a verifier key", error.why)
    except MalformedVkey as error:
        findings.fault("integrity", error.code, f"{VKEY}, {error.place}", "a verifier key", error.why)
    return ()


def check_head(head: Head, shipped: tuple[Vkey, ...], trust: Trust, part: LedgerPart | None, findings: Findings) -> Vkey | None:
    """The key that vouches for the checkpoint, with findings where none does; None where no key is known at all.

    The keys that the auditor brought decide; without any, those that the ledger log names; without these, those that came along.
    """
    if part is not None and part.known:
        _check_history(head, shipped, part, findings)
    given = trust.keys
    if given:
        signers = head.signers(given)
        if not signers:
            _refuse_given(head, given, part, findings)
        elif part is None or not part.known:
            _tell_other_keys(given, shipped, findings)
        return (signers or given)[0]
    if part is not None and part.known:
        return (head.signers(part.keys.signing) or part.keys.signing)[0]
    if shipped and not head.signers(shipped):
        findings.fault("integrity", "signature", CHECKPOINT, _expected(head, shipped[0]), head.claimed)
    return (head.signers(shipped) or shipped or (None,))[0]


def check_manifest_signature(reader: PackageReader, head: Head, part: LedgerPart, findings: Findings) -> None:
    """The manifest is the one that the ledger signed, with every key that signs the log; with its own keys where the log has ended."""
    digest = reader.digests.get(MANIFEST)
    if digest is None:
        return  # it could not be read, which is a finding already
    try:
        note = parse_note(reader.whole(MANIFEST_SIGNATURE, MAX_NOTE_SIZE))
    except FileDamaged as error:
        findings.fault("reading", error.code, MANIFEST_SIGNATURE, "a file that can be read back", error.why)
        return
    except MalformedNote as error:
        findings.fault("integrity", "manifest-signature", f"{MANIFEST_SIGNATURE}, {error.place}", "a signed note", error.why)
        return
    text = signature_text(head.checkpoint.origin, head.checkpoint.size, bytes.fromhex(digest))
    if note.text != text:
        stated = note.text.rstrip("\n").rpartition("\n")[2]
        found = f"a signature over another file, or of another log or size: {stated}"
        findings.fault("integrity", "manifest-signature", MANIFEST_SIGNATURE, f"a signature over {MANIFEST} as it is", found)
        return
    signing = part.keys.signing if part.closed is None else part.ledger_keys
    signers = verified_by(note, signing)
    for vkey in signing:
        if vkey not in signers:
            expected = f"a valid signature with {vkey}"
            findings.fault("integrity", "manifest-signature", MANIFEST_SIGNATURE, expected, "no such signature")


def _check_history(head: Head, shipped: tuple[Vkey, ...], part: LedgerPart, findings: Findings) -> None:
    """All keys that the ledger log names now signed the checkpoint, and the package names these and no others."""
    keys = part.keys
    signers = head.signers(keys.all)
    if shipped and shipped != keys.signing:
        findings.fault("integrity", "ledger-keys", VKEY, ", ".join(map(str, keys.signing)), ", ".join(map(str, shipped)))
    if not set(signers).intersection(keys.signing) and signers:
        retired = signers[0]
        expected = f"a signature with the key that signs this log now, {keys.signing[0]}"
        found = (
            f"one with the key {retired.key_id.hex()} alone, which the ledger retired (entry {keys.retired_by[str(retired)]} of the ledger "
            "log): whoever has it can sign what they like"
        )
        findings.fault("integrity", "key-retired", CHECKPOINT, expected, found)
        return
    for vkey in keys.signing:
        if vkey not in signers:
            findings.fault("integrity", "signature", CHECKPOINT, _expected(head, vkey), head.claimed)


def _refuse_given(head: Head, given: tuple[Vkey, ...], part: LedgerPart | None, findings: Findings) -> None:
    """None of the keys that the auditor brought signed it: one that was retired since is told apart from one that never signed."""
    for vkey in given:
        if part is None or vkey not in part.keys.retired:
            findings.fault("integrity", "signature", CHECKPOINT, _expected(head, vkey), head.claimed)
            continue
        entry = part.keys.retired_by[str(vkey)]
        found = f"this key was retired (entry {entry} of the ledger log); the log is signed with {part.keys.signing[0]} now"
        if part.trusted:
            findings.notice(
                "integrity", "key-retired", f"{LEDGER_ENTRIES}, entry {entry}", f"a key that signs now, not the given {vkey}", found
            )
        else:
            findings.fault("integrity", "key-retired", CHECKPOINT, f"a signature with {vkey}", found)


def _tell_other_keys(given: tuple[Vkey, ...], shipped: tuple[Vkey, ...], findings: Findings) -> None:
    """A key that came with the package and is not one of those given is worth a notice: the log may have changed its key."""
    for vkey in shipped:
        if vkey not in given:
            findings.notice("integrity", "key-differs", VKEY, ", ".join(map(str, given)), str(vkey))


def _expected(head: Head, vkey: Vkey) -> str:
    return f"a valid signature of {head.checkpoint.origin} with the key {vkey}"


def _place(reader: PackageReader, stage: Stage) -> str:
    return f"{reader.place}: {CHECKPOINT}" if stage == "older" else CHECKPOINT
