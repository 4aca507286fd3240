"""A ledger log as it was written when its format was new: it is read, admitted and written the same for ever."""

from pathlib import Path

from ledger.aggregates.ledger_log import LoggedLogs, admit_logged, evolve_logged
from ledger.canonical import is_canonical
from ledger.events.envelope import entry_bytes
from ledger.events.ledger_log import LEDGER_EVENTS, LEDGER_LOG, read_ledger_event
from ledger.tlog.tree import leaf_hash, tree_root
from ledger.tlog.vkey import parse_vkey

FROZEN = Path(__file__).parent / "formats" / "ledger-log.ndjson"
ROOT = "dc6a38d0965b1b410319803a126165ae481973110fd4a588f9d852a95dadafda"


def test_a_frozen_ledger_log_is_admitted_again_and_written_again_byte_for_byte() -> None:
    logs = LoggedLogs("ledger.example/ledger")
    for entry in FROZEN.read_bytes().splitlines():
        event = read_ledger_event(entry)
        admit_logged(event, logs)
        evolve_logged(logs, event)
        assert is_canonical(entry)
        assert entry_bytes(event) == entry
    town, heir = logs.of("budget-2026"), logs.of("budget-2026-b")
    assert (town.size, town.closed, town.successor, len(town.vkeys), len(town.retired)) == (9, True, heir.origin, 1, 1)
    assert (heir.size, heir.closed) == (1, False)
    for ref in (LEDGER_LOG, "budget-2026", "budget-2026-b"):
        assert {parse_vkey(vkey).name for vkey in logs.of(ref).vkeys} == {logs.of(ref).origin}


def test_the_frozen_ledger_log_has_every_type_and_the_root_it_had() -> None:
    entries = FROZEN.read_bytes().splitlines()
    assert {read_ledger_event(entry).type for entry in entries} == {event.wire_type() for event in LEDGER_EVENTS}
    assert tree_root([leaf_hash(entry) for entry in entries]).hex() == ROOT
