"""What a package holds of the ledger log: the entries about its own log, proven into a checkpoint that others may have witnessed."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from ledger.package.layout import (
    LEDGER_CHECKPOINT,
    LEDGER_ENTRIES,
    LEDGER_POLICY,
    LEDGER_TIMESTAMP,
    LEDGER_VKEY,
    proof_of,
)
from ledger.tlog.lines import base64

SIGNATURE_HEADER: Final = "ledger-package/v1"


@dataclass(frozen=True, slots=True)
class LedgerExtract:
    """Entries of the ledger log, and what vouches for them."""

    checkpoint: bytes
    """A checkpoint of the ledger log, as a signed note, with whatever cosignatures there are."""
    vkeys: tuple[str, ...]
    """The keys that sign the ledger log, the newest first."""
    entries: tuple[tuple[int, bytes], ...]
    """(index, entry bytes), ascending."""
    proofs: tuple[bytes, ...]
    """For each entry the tlog-proof that it stands at its index in the tree of `checkpoint`."""
    policy: bytes | None = None
    """The tlog-policy file that says who has to witness, where the operator has one."""
    timestamp: bytes | None = None
    """An RFC 3161 response over the text of `checkpoint`, where there is one."""

    def files(self) -> Iterator[tuple[str, bytes]]:
        """(name, content) of each file, in the order of the zip."""
        yield LEDGER_CHECKPOINT, self.checkpoint
        yield LEDGER_VKEY, vkey_lines(self.vkeys)
        yield LEDGER_ENTRIES, b"".join(entry + b"\n" for _, entry in self.entries)
        for (index, _), proof in zip(self.entries, self.proofs, strict=True):
            yield proof_of(index), proof
        if self.policy is not None:
            yield LEDGER_POLICY, self.policy
        if self.timestamp is not None:
            yield LEDGER_TIMESTAMP, self.timestamp


def vkey_lines(vkeys: tuple[str, ...]) -> bytes:
    """The file that names these keys, one per line."""
    return "".join(f"{vkey}\n" for vkey in vkeys).encode()


def signature_text(origin: str, size: int, digest: bytes) -> str:
    """What `datapackage.sig` signs: which log at which size, and the SHA-256 of `datapackage.json`."""
    return f"{SIGNATURE_HEADER}\n{origin}\n{size}\n{base64(digest)}\n"
