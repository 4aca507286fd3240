"""What a package holds of the ledger log: every entry is proven into one checkpoint, and says what it may about the package's log.

What can be asked of the part that a package holds is in `ledger.audit.extract_rules`; the whole is for whoever follows the ledger log.
"""

from dataclasses import dataclass

from ledger.audit.extract_rules import ExtractRules, newest_first
from ledger.audit.findings import Findings
from ledger.audit.trust import Trust
from ledger.errors import FileDamaged, Malformed
from ledger.events.ledger_log import LogClosed
from ledger.package.layout import LEDGER_CHECKPOINT, LEDGER_ENTRIES, LEDGER_VKEY, proof_of
from ledger.package.ledger_extract import vkey_lines
from ledger.package.zip_reader import PackageReader
from ledger.tlog.checkpoint import Checkpoint, parse_checkpoint
from ledger.tlog.note import MAX_NOTE_SIZE, Note, parse_note, verified_by
from ledger.tlog.proof import verify_inclusion
from ledger.tlog.tlog_proof import parse_tlog_proof
from ledger.tlog.tree import leaf_hash
from ledger.tlog.vkey import Vkey

LARGEST_EXTRACT = 16 << 20
LONGEST_PROOF_FILE = MAX_NOTE_SIZE + 8192
LONGEST_KEYS = 1 << 16


@dataclass(frozen=True, slots=True)
class KeyHistory:
    """Which keys sign a log, and which no longer do, as the ledger log says. Both with the newest first."""

    signing: tuple[Vkey, ...]
    retired: tuple[Vkey, ...]
    retired_by: dict[str, int]
    """Retired key → the entry of the ledger log that says so."""

    @property
    def all(self) -> tuple[Vkey, ...]:
        """Every key that the log has, or had."""
        return (*self.signing, *self.retired)


@dataclass(frozen=True, slots=True)
class LedgerPart:
    """What was read of the ledger log. `trusted`: a key that the auditor brought signed its checkpoint."""

    note: Note
    checkpoint: Checkpoint
    rules: ExtractRules
    indices: tuple[int, ...]
    keys: KeyHistory
    ledger_keys: tuple[Vkey, ...]
    """Those that sign the ledger log, the newest first."""
    trusted: bool

    @property
    def closed(self) -> LogClosed | None:
        """The entry by which the package's log has ended, if it has."""
        return self.rules.closed

    @property
    def known(self) -> bool:
        """True when the ledger log could be followed so far that it says which keys sign the package's log."""
        return bool(self.keys.signing)


def read_ledger_part(reader: PackageReader, about: Checkpoint, trust: Trust, findings: Findings) -> LedgerPart | None:
    """What the package holds of the ledger log, checked; None where its checkpoint cannot be read."""
    try:
        note = parse_note(reader.whole(LEDGER_CHECKPOINT, MAX_NOTE_SIZE))
        checkpoint = parse_checkpoint(note.text)
    except FileDamaged as error:
        findings.fault("reading", error.code, LEDGER_CHECKPOINT, "a file that can be read back", error.why)
        return None
    except Malformed as error:
        findings.fault("integrity", error.code, LEDGER_CHECKPOINT, "a checkpoint of the ledger log as a signed note", str(error))
        return None
    rules = ExtractRules(about, checkpoint, findings)
    indices = _read_entries(reader, note, rules, findings)
    rules.finish()
    log, of_ledger = rules.log, rules.of_ledger
    history = KeyHistory(newest_first(log.vkeys), newest_first(log.retired), rules.retired_by)
    ledger_history = KeyHistory(newest_first(of_ledger.vkeys), newest_first(of_ledger.retired), {})
    _compare_keys(reader, ledger_history.signing, findings)
    trusted = _check_signature(note, ledger_history, trust.keys_of_ledger(checkpoint.origin), findings)
    return LedgerPart(note, checkpoint, rules, indices, history, ledger_history.signing, trusted)


def _read_entries(reader: PackageReader, note: Note, rules: ExtractRules, findings: Findings) -> tuple[int, ...]:
    """The indices of the entries, each of which is judged by the rules and proven."""
    try:
        content = reader.whole(LEDGER_ENTRIES, LARGEST_EXTRACT)
    except FileDamaged as error:
        findings.fault("reading", error.code, LEDGER_ENTRIES, "a file that can be read back", error.why)
        return ()
    *lines, rest = content.split(b"\n")
    if rest:
        findings.fault("integrity", "ledger-entry", f"{LEDGER_ENTRIES} line {len(lines) + 1}", "a line that ends", "one that does not")
    indices: list[int] = []
    for number, line in enumerate(lines, 1):
        index = rules.consider(number, line)
        if index is not None:
            indices.append(index)
            _check_proof(reader, index, line, note, rules.ledger, findings)
    return tuple(indices)


def _check_proof(reader: PackageReader, index: int, entry: bytes, note: Note, ledger: Checkpoint, findings: Findings) -> None:
    name = proof_of(index)
    try:
        proof = parse_tlog_proof(reader.whole(name, LONGEST_PROOF_FILE))
    except FileDamaged as error:
        findings.fault("reading", error.code, name, "a file that can be read back", error.why)
        return
    except Malformed as error:
        findings.fault("integrity", "ledger-proof", name, "a proof as C2SP tlog-proof has it", str(error))
        return
    if proof.checkpoint != note or proof.extra:
        findings.fault("integrity", "ledger-proof", name, f"a proof into {LEDGER_CHECKPOINT}, and nothing else", "another checkpoint")
    elif proof.index != index or not verify_inclusion(leaf_hash(entry), index, ledger.size, proof.path, ledger.root):
        expected = f"a proof that this entry stands at {index} of the ledger log's {ledger.size}"
        findings.fault("integrity", "ledger-proof", name, expected, "it does not lead there")


def _compare_keys(reader: PackageReader, signing: tuple[Vkey, ...], findings: Findings) -> None:
    try:
        content = reader.whole(LEDGER_VKEY, LONGEST_KEYS)
    except FileDamaged as error:
        findings.fault("reading", error.code, LEDGER_VKEY, "a file that can be read back", error.why)
        return
    if signing and content != vkey_lines(tuple(map(str, signing))):
        found = content.decode("utf-8", "replace").strip() or "none"
        findings.fault("integrity", "ledger-keys", LEDGER_VKEY, ", ".join(map(str, signing)), found)


def _check_signature(note: Note, history: KeyHistory, given: tuple[Vkey, ...], findings: Findings) -> bool:
    """True when a key that the auditor brought signed the checkpoint of the ledger log. It is signed by all that the ledger log names."""
    origin = parse_checkpoint(note.text).origin
    signers = {vkey for vkey in verified_by(note, (*history.all, *given)) if vkey.name == origin}
    names = ", ".join(f"{signature.name} ({signature.key_id.hex()})" for signature in note.signatures)
    for vkey in history.signing:
        if vkey not in signers:
            expected = f"a valid signature with {vkey}, which signs the ledger log now"
            findings.fault("integrity", "ledger-signature", LEDGER_CHECKPOINT, expected, f"signatures of {names}")
    if not given:
        return False
    if signers.intersection(given):
        return True
    for vkey in given:
        if vkey in history.retired:
            expected, found = "a key that signs the ledger log now", f"the key given for the ledger log was retired: {vkey}"
            findings.fault("integrity", "key-retired", LEDGER_CHECKPOINT, expected, found)
        else:
            findings.fault(
                "integrity",
                "ledger-signature",
                LEDGER_CHECKPOINT,
                f"a valid signature of {origin} with the key {vkey}",
                f"signatures of {names}",
            )
    return False
