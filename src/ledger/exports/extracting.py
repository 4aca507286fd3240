"""What of the ledger log goes into a package: what it says about the package's log, and about itself, with proofs."""

from collections.abc import Iterable
from dataclasses import dataclass

from ledger.aggregates.ledger_log import LoggedLogs, LoggedState, evolve_logged
from ledger.events.ledger_log import LEDGER_LOG, LogCheckpointed, read_ledger_event
from ledger.package.ledger_extract import LedgerExtract
from ledger.sealing import digest_text
from ledger.tlog.checkpoint import Checkpoint, parse_checkpoint
from ledger.tlog.note import parse_note
from ledger.tlog.proof import inclusion_proof
from ledger.tlog.reader import TileReader
from ledger.tlog.tlog_proof import TlogProof


@dataclass(frozen=True, slots=True)
class Extracted:
    """An extract, and what the ledger log says in it about the package's log; `stands` is whether its size and root are there."""

    extract: LedgerExtract
    log: LoggedState
    stands: bool


def extract_of(
    entries: Iterable[tuple[int, bytes]],
    note: bytes,
    about: Checkpoint,
    read: TileReader,
    policy: bytes | None = None,
    timestamp: bytes | None = None,
) -> Extracted:
    """The extract for a package that is cut at `about`, proven into the checkpoint of the ledger log in `note`.

    `entries`: (index, entry) of all that the ledger log says about that log and about itself, ascending; what is behind the checkpoint is
    passed over, and so are sizes of the log other than that of the package. `read` reads the tiles of the ledger log.
    """
    signed = parse_note(note)
    ledger = parse_checkpoint(signed.text)
    logs = LoggedLogs(ledger.origin)
    root, stands = digest_text(about.root), False
    kept: list[tuple[int, bytes]] = []
    for index, entry in entries:
        if index >= ledger.size:
            break
        event = read_ledger_event(entry)
        evolve_logged(logs, event)
        if isinstance(event.data, LogCheckpointed):
            if (event.data.origin, event.data.size, event.data.root) != (about.origin, about.size, root):
                continue
            stands = True
        kept.append((index, entry))
    proofs = tuple(TlogProof(index, inclusion_proof(index, ledger.size, read), signed).encode() for index, _ in kept)
    vkeys = tuple(reversed(logs.of(LEDGER_LOG).vkeys))
    log = next((state for state in logs.logs.values() if state.origin == about.origin), LoggedState())
    at_the_end = log.closed and (log.size, log.root) == (about.size, root)
    return Extracted(LedgerExtract(note, vkeys, tuple(kept), proofs, policy, timestamp), log, stands or at_the_end)
