"""The ledger log itself is rewritten: who witnessed it does not cosign it again."""

from pathlib import Path

from ledger.events.ledger_log import LEDGER_LOG
from ledger.tlog.note import parse_note
from ledger.tlog.witness import AddCheckpoint
from ledger.witness.judging import Witness
from ledger.witness.kept import KeptCheckpoints
from ledger.witness.key import WitnessKey
from ledger.witness.trusted import trusted_logs
from tests.redteam.conftest import Town


def test_a_witness_does_not_cosign_a_ledger_log_that_was_rewritten(town: Town, tmp_path: Path) -> None:
    operator = town()
    operator.state_in_ledger_log()
    log = operator.ledger.ledger_log()
    trusted = trusted_logs([(log.project.origin, vkey) for vkey in operator.ledger.keys.vkeys(LEDGER_LOG)])
    witness = Witness(WitnessKey("gazette", bytes([7]) * 32), trusted, KeptCheckpoints(tmp_path), lambda: 1_772_000_000)

    def shown(old: int, path: tuple[bytes, ...] = ()) -> int:
        newest = log.newest_checkpoint()
        assert newest is not None
        return witness.add_checkpoint(AddCheckpoint(old, path, parse_note(newest.note.encode())).encode()).status

    assert shown(0) == 200
    newest = log.newest_checkpoint()
    assert newest is not None
    operator.sql(
        "UPDATE events SET leaf_hash = sha256(leaf_hash) WHERE project_id = %s AND seq = %s", log.project.project_id, newest.size - 1
    )
    for table in ("checkpoints", "subtrees"):
        operator.sql(f"DELETE FROM {table} WHERE project_id = %s", log.project.project_id)
    for guard in operator.ledger.settings.keys.glob("project.~ledger/signed*"):
        guard.unlink()
    operator.sign()
    assert shown(newest.size) == 409, "the size is known, the tree is another"
