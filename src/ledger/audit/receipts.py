"""What a receipt, a refusal or a proof shows about a log, beside an exported package of it (docs/formats/log.md, "Checking").

A receipt promises that its entries are included at the latest a day later. A package of the log that is dated later than that and does not
include them, or includes others in their places, is together with the receipt proof against the log: both are signed with its key.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Final, Literal, TypeAlias

from ledger.audit.findings import Findings
from ledger.audit.leaf_pass import LeafPass
from ledger.audit.ledger_extract import KeyHistory, read_ledger_part
from ledger.audit.presented import Presented, read_presented
from ledger.audit.trust import Trust
from ledger.canonical import JsonValue
from ledger.errors import FileDamaged, Malformed, MalformedVkey, PackageUnreadable, PackageUnsafe
from ledger.package.layout import CHECKPOINT, LEDGER_CHECKPOINT, VKEY
from ledger.package.zip_reader import PackageReader
from ledger.tlog.checkpoint import Checkpoint, parse_checkpoint
from ledger.tlog.lines import base64
from ledger.tlog.note import MAX_NOTE_SIZE, Note, parse_note, signed_by
from ledger.tlog.proof import verify_inclusion
from ledger.tlog.receipt import MAXIMUM_DELAY_SECONDS, Receipt, Refusal
from ledger.tlog.tlog_proof import TlogProof
from ledger.tlog.tree import tree_root
from ledger.tlog.vkey import Vkey, parse_vkey

FORMAT: Final = "participation-ledger-receipt-report/1"
_LONGEST_VKEYS: Final = 1 << 16
_LATEST: Final = 253_402_300_799
"""The last second of the year 9999."""

Kind: TypeAlias = Literal["receipt", "proof", "refusal"]
Status: TypeAlias = Literal[
    "included", "not_due", "withheld", "rewritten", "contradicted", "refused", "package_older", "other_key", "other_log", "package_unfit"
]
Verdict: TypeAlias = Literal["holds", "fails", "unreadable"]
HOLDING: Final[frozenset[Status]] = frozenset({"included", "not_due", "refused", "package_older"})
"""Statuses under which nothing is wrong."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What became of one statement. `facts` are what it says and what was found, by name."""

    kind: Kind
    status: Status
    facts: dict[str, JsonValue]

    def json(self) -> dict[str, JsonValue]:
        """As JSON values."""
        return {"kind": self.kind, "status": self.status, **self.facts}


@dataclass(frozen=True, slots=True)
class ReceiptReport:
    """The outcome. `why` says what is wrong with the file or the package, where either could not be read or used."""

    verdict: Verdict
    key: Literal["given", "from_package"]
    checked: tuple[Checked, ...] = ()
    origin: str | None = None
    size: int | None = None
    why: str | None = None

    def json(self) -> dict[str, JsonValue]:
        """As JSON values."""
        return {
            "format": FORMAT,
            "verdict": self.verdict,
            "key": self.key,
            "origin": self.origin,
            "size": self.size,
            "why": self.why,
            "checked": [checked.json() for checked in self.checked],
        }


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What whoever checks brings along. `keys`: of the log, from where they trust them; without any, those of the package are used.

    `downloaded`: when they fetched the package, in Unix seconds. `body`: what they posted.
    """

    keys: tuple[Vkey, ...] = ()
    downloaded: int | None = None
    body: bytes | None = None


def check_receipt(content: bytes, package: Path, circumstances: Circumstances = Circumstances()) -> ReceiptReport:
    """What the statements in `content` show, beside the package. Whatever either holds, nothing is raised."""
    key: Literal["given", "from_package"] = "given" if circumstances.keys else "from_package"
    try:
        presented = read_presented(content)
        with PackageReader(package) as reader:
            log = _PackagedLog(reader, presented, circumstances.keys)
    except (Malformed, PackageUnreadable, PackageUnsafe) as error:
        return ReceiptReport("unreadable", key, why=str(error))
    judge = _Judge(log, presented.lines, circumstances)
    checked = (
        *(judge.receipt(note, receipt) for note, receipt in presented.receipts),
        *(judge.proof(proof) for proof in presented.proofs),
        *(judge.refusal(note, refusal) for note, refusal in presented.refusals),
    )
    verdict: Verdict = "holds" if all(one.status in HOLDING for one in checked) else "fails"
    return ReceiptReport(verdict, key, checked, log.checkpoint.origin, log.checkpoint.size, log.unfit)


@dataclass(slots=True)
class _PackagedLog:
    """What a package says of its log, as far as its checkpoint vouches for it. Raises `Malformed` leaves where that cannot be read."""

    reader: PackageReader
    presented: Presented
    given: tuple[Vkey, ...]
    checkpoint: Checkpoint = field(init=False)
    keys: tuple[Vkey, ...] = field(init=False)
    retired: frozenset[Vkey] = field(init=False)
    """Those of the log's keys that sign it no more, as the ledger log says: they vouch for what is older only."""
    leaves: LeafPass = field(init=False)
    unfit: str | None = None
    """Why nothing can be said by this package; None where it can."""

    def __post_init__(self) -> None:
        note = parse_note(self.reader.whole(CHECKPOINT, MAX_NOTE_SIZE))
        self.checkpoint = parse_checkpoint(note.text, extensions=True)
        history = self._history()
        self.retired = frozenset(history.retired if history is not None else ())
        self.keys = self.given or tuple(dict.fromkeys((*self._shipped(), *(history.all if history is not None else ()))))
        asked = self.presented
        self.leaves = LeafPass(
            {(receipt.first, receipt.last) for _, receipt in asked.receipts},
            {parse_checkpoint(proof.checkpoint.text, extensions=True).size for proof in asked.proofs},
            {proof.index for proof in asked.proofs},
        )
        try:
            self.leaves.run(self.reader)
        except (FileDamaged, Malformed) as error:
            self.unfit = str(error)
            return
        if (self.leaves.size, self.leaves.root) != (self.checkpoint.size, self.checkpoint.root):
            self.unfit = "its entries are not those that its checkpoint states"
        elif not signed_by(note, self.checkpoint.origin, [key for key in self.keys if key not in self.retired]):
            self.unfit = "none of the keys signed its checkpoint"

    def _history(self) -> KeyHistory | None:
        """Which keys the log has and had, where the package says so."""
        if LEDGER_CHECKPOINT not in self.reader:
            return None
        part = read_ledger_part(self.reader, self.checkpoint, Trust(), Findings())
        return None if part is None else part.keys

    def _shipped(self) -> list[Vkey]:
        """The keys that came with the package."""
        *lines, rest = self.reader.whole(VKEY, _LONGEST_VKEYS).decode("utf-8", "replace").split("\n")
        if rest:
            raise MalformedVkey(place=VKEY, why="the last line does not end")
        return [parse_vkey(line) for line in lines]


class _Judge:
    def __init__(self, log: _PackagedLog, lines: Sequence[tuple[int, bytes]], circumstances: Circumstances) -> None:
        self._log = log
        self._lines = lines
        self._body = circumstances.body
        dates = [seconds for seconds in (_seconds(log.leaves.last_at), circumstances.downloaded) if seconds is not None]
        self._dated = max(dates, default=None)
        self._by_download = circumstances.downloaded is not None and self._dated == circumstances.downloaded

    def receipt(self, note: Note, receipt: Receipt) -> Checked:
        """Whether the log kept its promise."""
        due = receipt.unix_seconds + MAXIMUM_DELAY_SECONDS
        facts: dict[str, JsonValue] = {
            "origin": receipt.origin,
            "first": receipt.first,
            "last": receipt.last,
            "root": base64(receipt.root),
            "at": moment(receipt.unix_seconds),
            "due": moment(due),
            "key_retired": self._by_retired(note, receipt.origin),
        }
        status = self._foreign(note, receipt.origin) or self._contradicted(receipt) or self._unfit()
        if status is not None:
            return Checked("receipt", status, facts)
        root = self._log.leaves.range_root(receipt.first, receipt.last)
        if root == receipt.root:
            return Checked("receipt", "included", facts)
        if root is not None:
            return Checked("receipt", "rewritten", {**facts, "found": base64(root)})
        if self._dated is None or self._dated <= due:
            return Checked("receipt", "not_due", facts)
        return Checked("receipt", "withheld", {**facts, "package_at": moment(self._dated), "by_download": self._by_download})

    def proof(self, proof: TlogProof) -> Checked:
        """Whether the entry stood where it is proven to, and still does."""
        stated = parse_checkpoint(proof.checkpoint.text, extensions=True)
        facts: dict[str, JsonValue] = {
            "origin": stated.origin,
            "index": proof.index,
            "proven_size": stated.size,
            "root": base64(stated.root),
            "key_retired": self._by_retired(proof.checkpoint, stated.origin),
        }
        status = self._foreign(proof.checkpoint, stated.origin) or self._unfit()
        if status is not None:
            return Checked("proof", status, facts)
        leaves = self._log.leaves
        root = leaves.root_at(stated.size)
        if root is not None and root != stated.root:
            return Checked("proof", "rewritten", {**facts, "found": base64(root)})
        leaf = leaves.leaf(proof.index)
        if leaf is None:
            # A proof beyond its own tree proves nothing, whoever signed the tree.
            return Checked("proof", "package_older" if proof.index < stated.size else "contradicted", facts)
        if verify_inclusion(leaf, proof.index, stated.size, proof.path, stated.root):
            return Checked("proof", "included", facts)
        answered = dict(self._lines).get(proof.index)
        if answered is not None and verify_inclusion(answered, proof.index, stated.size, proof.path, stated.root):
            return Checked("proof", "rewritten", {**facts, "found": base64(leaf)})
        # Of a tree that goes on beyond the package the path alone does not say which entry it was made for.
        return Checked("proof", "contradicted", {**facts, "found": base64(leaf)})

    def refusal(self, note: Note, refusal: Refusal) -> Checked:
        """Whether the log refused this. A package is not asked: what was refused is in none."""
        facts: dict[str, JsonValue] = {
            "origin": refusal.origin,
            "code": refusal.code,
            "body_digest": base64(refusal.body_digest),
            "at": moment(refusal.unix_seconds),
            "key_retired": self._by_retired(note, refusal.origin),
        }
        if self._body is not None:
            facts["body"] = sha256(self._body).digest() == refusal.body_digest
        return Checked("refusal", self._foreign(note, refusal.origin) or "refused", facts)

    def _foreign(self, note: Note, origin: str) -> Status | None:
        if origin != self._log.checkpoint.origin:
            return "other_log"
        return None if signed_by(note, origin, self._log.keys) else "other_key"

    def _by_retired(self, note: Note, origin: str) -> bool:
        """True when nothing but keys that were retired since vouches for it: whoever got hold of one could have made it."""
        signing = [key for key in self._log.keys if key not in self._log.retired]
        return not signed_by(note, origin, signing) and signed_by(note, origin, self._log.retired)

    def _unfit(self) -> Status | None:
        return None if self._log.unfit is None else "package_unfit"

    def _contradicted(self, receipt: Receipt) -> Status | None:
        """The lines of an answer, where there are any, are those that its receipt signs."""
        if not self._lines:
            return None
        seqs = [seq for seq, _ in self._lines]
        same = seqs == list(range(receipt.first, receipt.first + len(seqs))) and seqs[-1] == receipt.last
        return None if same and tree_root([leaf for _, leaf in self._lines]) == receipt.root else "contradicted"


def moment(unix_seconds: int) -> str:
    """The time as RFC 3339 in UTC; beyond the year 9999 the number."""
    if unix_seconds > _LATEST:
        return str(unix_seconds)
    return f"{datetime.fromtimestamp(unix_seconds, UTC):%Y-%m-%dT%H:%M:%SZ}"


def _seconds(at: str) -> int | None:
    try:
        found = datetime.fromisoformat(at)
    except ValueError:
        return None
    return None if found.tzinfo is None else int(found.timestamp())
