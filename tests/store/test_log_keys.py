"""Keys that sign a log are exchanged and given up, each step told in the ledger log, whoever stops when; and a log ends for good."""

from collections.abc import Iterator

import pytest

from ledger.errors import CheckpointMissing, KeyMissing, KeyNotActive, LogClosed, LogRolledBack, ProjectUnknown, SigningKeyUnknown
from ledger.events.ledger_log import LEDGER_LOG, KeyAdded, KeyRetired, LogOpened
from ledger.events.ledger_log import LogClosed as LogEnds
from ledger.sealing import digest_text
from ledger.store.clock import SystemEntropy
from ledger.store.key_keeper import KeyKeeper
from ledger.store.log import NothingShown, PostgresLog, StoredCheckpoint
from ledger.store.log_keys import LogKeys, signed_by_all
from ledger.tlog.checkpoint import Checkpoint
from ledger.tlog.note import NoteSignature, parse_note, verified_by
from ledger.tlog.receipt import signed_receipt
from ledger.tlog.vkey import Vkey
from tests.posting import HOST, ballot, opening, organizer, vote_opened
from tests.store.stating import Stating, stating


class Holding(Stating):
    """The same, and who exchanges the keys."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.waited: list[float] = []
        self.log_keys = LogKeys(self.datastore, self.town.keys, self.writer, self.waited.append)

    def newest(self, ref: str) -> StoredCheckpoint:
        project = self.town.project(ref)
        found = PostgresLog(self.datastore, project, NothingShown()).newest_checkpoint()
        assert found is not None
        return found

    def signers_of_newest(self, ref: str, vkeys: tuple[Vkey, ...]) -> tuple[Vkey, ...]:
        note = parse_note(self.newest(ref).note.encode())
        signed = verified_by(note, vkeys)
        assert len(signed) == len(note.signatures)
        return signed

    def close(self, ref: str, code: str = "compromised", successor: str | None = None) -> None:
        self.log_keys.close(ref, code, successor, lambda found: self.signer.sign_round())


@pytest.fixture
def held(database: str) -> Iterator[Holding]:
    with stating(database) as made:
        for table in ("projects", "heads", "events", "checkpoints", "subtrees", "leases"):
            made.town.execute(f"TRUNCATE {table}")
        yield Holding(made.town, made.datastore)


def test_a_new_key_signs_beside_the_old_one_until_that_is_retired(held: Holding) -> None:
    held.town.post("town", *vote_opened())
    held.signer.round()
    old = held.town.keys.signer("town").vkey
    new = held.log_keys.rotate("town")
    assert held.town.keys.vkeys("town") == (new, old)
    assert held.waited == [1.5]
    # Also what was signed before it: who has the new key only can check the newest checkpoint.
    assert held.signers_of_newest("town", (new, old)) == (new, old)
    held.town.post("town", ballot("ada", 0))
    held.signer.round()
    assert held.signers_of_newest("town", (new, old)) == (new, old)

    assert held.log_keys.retire("town", old.key_id.hex(), "rotated") == old
    assert held.town.keys.vkeys("town") == (new,)
    assert held.signers_of_newest("town", (new, old)) == (new,)
    held.town.post("town", ballot("bo", 0))
    held.signer.round()
    assert held.signers_of_newest("town", (new, old)) == (new,)
    told = [data for data in held.about("town") if isinstance(data, LogOpened | KeyAdded | KeyRetired)]
    assert [(data.TYPE, data.vkey) for data in told] == [("log.opened", str(old)), ("key.added", str(new)), ("key.retired", str(old))]


def test_receipts_are_signed_by_every_key_within_seconds(held: Holding, monkeypatch: pytest.MonkeyPatch) -> None:
    held.town.post("town", *vote_opened())
    held.signer.round()
    old = held.town.keys.signer("town").vkey
    new = held.log_keys.rotate("town")
    monkeypatch.setattr("ledger.store.receipts.monotonic", lambda: 1e9)  # the process remembers keys for a second
    receipt = held.town.post("town", ballot("ada", 0)).receipt
    assert receipt is not None
    note = parse_note(receipt)
    assert verified_by(note, [new, old]) == (new, old)
    assert signed_receipt(note, [new]) == signed_receipt(note, [old]) is not None


def test_the_ledger_logs_own_key_is_exchanged_likewise(held: Holding) -> None:
    held.town.post("town", opening())
    held.signer.round()
    old = held.town.keys.signer(LEDGER_LOG).vkey
    new = held.log_keys.rotate(LEDGER_LOG)
    held.signer.round()
    held.log_keys.retire(LEDGER_LOG, old.key_id.hex(), "rotated")
    held.signer.round()
    assert held.town.keys.vkeys(LEDGER_LOG) == (new,)
    assert held.check_signed() == len(held.events())
    assert [data.TYPE for data in held.about(LEDGER_LOG)] == ["log.opened", "key.added", "key.retired"]


def test_the_last_key_is_not_retired_and_no_key_that_is_not_there(held: Holding) -> None:
    held.town.post("town", opening())
    held.signer.round()
    vkey = held.town.keys.signer("town").vkey
    with pytest.raises(KeyNotActive):
        held.log_keys.retire("town", vkey.key_id.hex(), "rotated")
    with pytest.raises(SigningKeyUnknown) as unknown:
        held.log_keys.retire("town", "00000000", "rotated")
    assert unknown.value.details() == {"project": "town", "key_id": "00000000", "known": vkey.key_id.hex()}
    for of_none in (lambda: held.log_keys.rotate("none"), lambda: held.log_keys.close("none", "lost", None, print)):
        with pytest.raises(ProjectUnknown):
            of_none()
    with pytest.raises(KeyMissing):
        held.log_keys.retire("none", "00000000", "rotated")
    assert held.town.keys.vkeys("town") == (vkey,)
    assert not [data for data in held.about("town") if isinstance(data, KeyAdded | KeyRetired)]


def test_what_an_interrupted_rotation_began_is_finished(held: Holding) -> None:
    held.town.post("town", opening())
    held.signer.round()
    old = held.town.keys.signer("town").vkey
    made = held.town.keys.add_signer("town").vkey  # and the process ended before it told of it
    assert held.log_keys.rotate("town") == made
    assert held.town.keys.vkeys("town") == (made, old)
    # Told of as retired, and not destroyed yet.
    held.log_keys.retire("town", old.key_id.hex(), "rotated")
    keys = held.town.keys
    again = LogKeys(held.datastore, keys, held.writer, held.waited.append)
    newer = again.rotate("town")
    kept = next(signer for signer in keys.signers("town") if signer.vkey == made)
    again.retire("town", made.key_id.hex(), "rotated")
    keys._signers["town"].append(kept)  # type: ignore[attr-defined]  # as if the file were still there
    again.retire("town", made.key_id.hex(), "rotated")
    assert keys.vkeys("town") == (newer,)
    assert again.rotate("town") not in {old, made, newer}
    assert [data.TYPE for data in held.about("town") if isinstance(data, KeyRetired)] == ["key.retired"] * 2


def test_a_checkpoint_keeps_what_others_signed_when_it_is_signed_again(held: Holding) -> None:
    held.town.post("town", opening())
    held.signer.round()
    project, stored = held.town.project("town"), held.newest("town")
    assert signed_by_all(held.datastore, project, held.town.keys, stored) == stored
    note = parse_note(stored.note.encode())
    cosigned = stored._replace(note=note.with_signatures([NoteSignature("witness", b"abcd", b"x" * 72)]).encode().decode())
    old, new = held.town.keys.signer("town").vkey, held.town.keys.add_signer("town").vkey
    again = parse_note(signed_by_all(held.datastore, project, held.town.keys, cosigned).note.encode())
    assert again.text == note.text
    assert [signature.name for signature in again.signatures] == [f"{HOST}/p/town"] * 2 + ["witness"]
    assert verified_by(again, [old, new]) == (old, new)


def test_a_closed_log_is_signed_to_its_end_and_goes_no_further(held: Holding) -> None:
    held.town.post("town", *vote_opened(), ballot("ada", 0))
    held.signer.round()
    held.town.post("town", ballot("bo", 0), key="bo")
    vkey = held.town.keys.signer("town").vkey
    held.close("town", successor=f"{HOST}/p/town-2")
    entries = held.town.entries("town")
    newest = held.newest("town")
    assert newest.size == len(entries), "what was acknowledged is covered"
    [ends] = [data for data in held.about("town") if isinstance(data, LogEnds)]
    assert (ends.size, ends.root, ends.code, ends.successor) == (newest.size, digest_text(newest.root), "compromised", f"{HOST}/p/town-2")
    closing = held.town.keys.closing("town")
    assert closing is not None
    assert closing.checkpoint(f"{HOST}/p/town") == Checkpoint(f"{HOST}/p/town", newest.size, newest.root)
    assert held.town.keys.signers("town") == ()
    assert held.town.keys.vkeys("town") == (vkey,)
    # Every way in is closed, also for what was answered before; what the clock would do is not done.
    for key in ("bo", "new"):
        with pytest.raises(LogClosed) as closed:
            held.town.post("town", ballot("bo", 0), key=key)
        assert closed.value.details() == {"project": "town", "reason": "compromised", "successor": f"{HOST}/p/town-2"}
    assert held.town.query("SELECT next_due_at FROM heads JOIN projects USING (project_id) WHERE ref = 'town'") == [(None,)]
    held.signer.round()
    assert held.town.entries("town") == entries
    assert held.newest("town") == newest
    with pytest.raises(LogClosed):
        held.log_keys.rotate("town")
    with pytest.raises(LogClosed):
        held.log_keys.retire("town", vkey.key_id.hex(), "rotated")
    # Nothing of it changes when it is closed again.
    held.close("town", "lost")
    assert held.town.keys.closing("town") == closing
    # Another project goes on.
    held.town.post("other", opening())
    assert held.signer.round() > 0


@pytest.mark.parametrize("interrupted", ["told", "closed"])
def test_an_interrupted_closing_is_finished_by_the_next(held: Holding, interrupted: str) -> None:
    held.town.post("town", *vote_opened())
    held.signer.round()
    keys = held.town.keys
    close_log, retire = keys.close_log, keys.retire_signer

    def stop(*arguments: object) -> None:
        raise OSError("the machine stops")

    name = "close_log" if interrupted == "told" else "retire_signer"
    setattr(keys, name, stop)
    with pytest.raises(OSError, match="stops"):
        held.close("town")
    setattr(keys, name, close_log if interrupted == "told" else retire)
    held.close("town")
    newest = held.newest("town")
    closing = keys.closing("town")
    assert closing is not None
    assert (closing.size, closing.code) == (newest.size, "compromised")
    assert keys.signers("town") == ()
    assert [data.TYPE for data in held.about("town")].count("log.closed") == 1
    with pytest.raises(LogClosed):
        held.town.post("town", organizer("step.closed", step="vote"))


def test_a_log_that_lost_entries_ends_with_what_was_signed(held: Holding) -> None:
    held.town.post("town", *vote_opened())
    held.signer.round()
    signed = held.newest("town")
    project_id = held.town.project("town").project_id
    for sql in (
        "DELETE FROM events WHERE project_id = %s AND seq >= 5",
        "DELETE FROM checkpoints WHERE project_id = %s",
        "UPDATE heads SET size = 5, shared_size = 5 WHERE project_id = %s",
    ):
        held.town.execute(sql, project_id)
    with pytest.raises(LogRolledBack):
        held.close("town", "compromised")
    assert held.town.keys.closing("town") is None
    held.close("town", "lost", f"{HOST}/p/town-2")
    [ends] = [data for data in held.about("town") if isinstance(data, LogEnds)]
    assert (ends.size, ends.root, ends.code) == (signed.size, digest_text(signed.root), "lost")
    with pytest.raises(LogClosed):
        held.town.post("town", opening())


def test_nothing_that_was_acknowledged_is_left_out_because_it_could_not_be_signed(held: Holding) -> None:
    held.town.post("town", *vote_opened())
    held.signer.round()
    held.town.post("town", ballot("ada", 0))
    with pytest.raises(CheckpointMissing):
        held.log_keys.close("town", "compromised", None, lambda found: None)
    assert held.town.keys.closing("town") is None
    held.town.post("town", ballot("bo", 0))


def test_the_ledger_log_is_not_closed_under_its_projects(held: Holding) -> None:
    held.town.post("town", opening())
    held.signer.round()
    with pytest.raises(ProjectUnknown):
        held.close(LEDGER_LOG)


def test_the_successor_says_in_both_logs_which_log_it_continues(held: Holding) -> None:
    held.town.post("town", opening())
    held.signer.round()
    held.close("town", successor=f"{HOST}/p/town-2")
    closing = held.town.keys.closing("town")
    assert closing is not None
    last = closing.checkpoint(f"{HOST}/p/town")
    held.town.post("town-2", opening(), organizer("project.continued", origin=last.origin, checkpoint=last.text, code=closing.code))
    held.signer.round()
    [opened, *_] = held.about("town-2")
    assert isinstance(opened, LogOpened)
    assert opened.continues == last.origin
    [ends] = [data for data in held.about("town") if isinstance(data, LogEnds)]
    assert (ends.successor, ends.size, ends.root) == (opened.origin, last.size, digest_text(last.root))


@pytest.mark.parametrize(("date", "gone"), [("2026-03-02T00:00:00.000Z", True), ("2999-01-01T00:00:00.000Z", False)])
def test_in_a_log_that_has_ended_keys_of_pseudonyms_go_at_their_date(held: Holding, date: str, gone: bool) -> None:
    documents = vote_opened()
    documents[0]["data"]["keys_destroyed_at"] = date
    held.town.post("town", *documents, ballot("ada", 0))
    held.signer.round()
    keeper = KeyKeeper(held.datastore, held.town.keys, SystemEntropy())
    keeper.round()
    names = ("author", "report", "step.vote")
    assert all(held.town.keys.scope_key("town", name) for name in names)
    held.close("town")
    keeper.round()
    for name in names:
        if gone:
            with pytest.raises(KeyMissing):
                held.town.keys.scope_key("town", name)
        else:
            assert held.town.keys.scope_key("town", name)
    keeper.round()
