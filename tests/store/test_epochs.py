"""After an erasure no copy of the database opens what was erased, wherever the way there broke off."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from threading import Thread
from typing import Any

import psycopg
import pytest

from ledger.errors import AlreadyErased, KeyMissing, KeyNotCommitted, NothingToErase, Unavailable
from ledger.store.clock import SystemEntropy
from ledger.store.datastore import LedgerDatastore
from ledger.store.disclosures import Safe, StoredDisclosures, WrappedKey
from ledger.store.epochs import destroy_leftovers, rotate
from ledger.store.erasure_order import ErasureOrder
from ledger.store.key_keeper import KeyKeeper
from ledger.store.keystore import FileKeyStore
from tests.contracts.memory_keys import MemoryKeyStore
from tests.faults.cable import cable
from tests.faults.ports import Faults, Side
from tests.posting import TOWN, Ledger, ledger, organizer
from tests.store.talking import OF_BO, assert_explained, consultation, contributed, copied, erase, eraser, keep, opened, put_back, told


@pytest.fixture(scope="module")
def town(database: str) -> Iterator[Ledger]:
    with ledger(database) as running:
        yield running


def turned(town: Ledger, ref: str) -> int:
    with LedgerDatastore(town.conninfo, pool_size=1) as datastore:
        return rotate(datastore, town.project(ref), town.keys, SystemEntropy())


def due(town: Ledger, ref: str) -> list[tuple[int]]:
    return [tuple(row) for row in town.query("SELECT erasures FROM rotations_due WHERE project_id = %s", town.project(ref).project_id)]


def epochs(town: Ledger, ref: str) -> set[int]:
    return {epoch for (epoch,) in town.query("SELECT epoch FROM subject_keys WHERE project_id = %s", town.project(ref).project_id)}


def erased(town: Ledger, ref: str, entry: int) -> None:
    """An erasure as a platform posts it itself; the epoch is left to the keeper."""
    town.post(ref, organizer("content.erased", entry=entry, ground="asked", authority="order-1"))


def test_a_new_epoch_wraps_every_key_and_the_old_one_is_gone(town: Ledger) -> None:
    told(town, "new")
    before = opened(town, "new")
    assert (turned(town, "new"), epochs(town, "new"), town.keys.epochs("new")) == (2, {2}, (2,))
    assert turned(town, "new") == 3
    assert opened(town, "new") == before
    town.post("new", contributed("later", "cy"))
    assert epochs(town, "new") == {3}
    assert_explained(town, "new")


def test_a_dump_from_before_opens_nothing_with_the_keys_of_today(town: Ledger) -> None:
    told(town, "dump")
    dump, [epoch] = copied(town, "dump"), town.keys.epochs("dump")
    old_key = town.keys.scope_key("dump", f"epoch.{epoch}")
    erase(town, "dump", participant="ada")
    assert opened(town, "dump").keys() == OF_BO
    put_back(town, "dump", dump)
    project = town.project("dump")
    safe = Safe(project.ref, project.origin, town.keys, SystemEntropy())
    for _, key_name, wrapped_in, wrapped in dump["subject_keys"]:
        with pytest.raises(KeyMissing):
            safe.unwrapped(WrappedKey(key_name, wrapped_in, wrapped))
    with pytest.raises(KeyMissing):
        opened(town, "dump")
    # With the key store of before it would open: it is the key that was destroyed, and not the format that forgot it.
    kept = MemoryKeyStore()
    kept._keys["dump", f"epoch.{epoch}"] = old_key  # as from a backup of the key store
    whole = Safe(project.ref, project.origin, kept, SystemEntropy())
    assert all(whole.unwrapped(WrappedKey(name, number, wrapped)) for _, name, number, wrapped in dump["subject_keys"])


def test_of_what_was_erased_not_even_the_new_key_opens_an_old_ciphertext(town: Ledger) -> None:
    told(town, "half")
    dump = copied(town, "half")
    erase(town, "half", entry=5, fields=("body",))
    [old] = [row for row in dump["disclosures"] if row[1:3] == (5, "body")]
    project = town.project("half")
    safe = Safe(project.ref, project.origin, town.keys, SystemEntropy())
    [key] = [WrappedKey(*row[1:]) for row in copied(town, "half")["subject_keys"] if row[1] == old[4]]
    with pytest.raises(KeyNotCommitted):
        safe.opened(old[4], safe.unwrapped(key), old[5])


def test_the_keeper_begins_an_epoch_after_what_others_erased(town: Ledger) -> None:
    told(town, "kept")
    erased(town, "kept", 5)
    erased(town, "kept", 7)
    assert (due(town, "kept"), town.keys.epochs("kept")) == ([(2,)], (1,))
    keep(town)
    assert (due(town, "kept"), town.keys.epochs("kept"), epochs(town, "kept")) == ([], (2,), {2})
    keep(town)
    assert town.keys.epochs("kept") == (2,)
    assert_explained(town, "kept")


def test_the_keeper_lets_whoever_is_erasing_finish(town: Ledger) -> None:
    told(town, "patient")
    erased(town, "patient", 5)
    with LedgerDatastore(town.conninfo, pool_size=1) as datastore:
        keeper = KeyKeeper(datastore, town.keys, SystemEntropy())
        keeper.round()
    assert due(town, "patient") == [(1,)]
    keep(town)


def test_the_keeper_works_until_it_is_stopped(town: Ledger) -> None:
    told(town, "thread")
    erased(town, "thread", 5)
    town.execute("UPDATE rotations_due SET since = since - interval '1 hour'")
    with LedgerDatastore(town.conninfo, pool_size=1) as datastore:
        keeper = KeyKeeper(datastore, town.keys, SystemEntropy())
        keeper.start()
        keeper.stop()  # its first round is finished then
    assert due(town, "thread") == []


def test_a_project_that_cannot_be_served_does_not_keep_the_others_waiting(town: Ledger, caplog: pytest.LogCaptureFixture) -> None:
    for ref in ("broken", "sound"):
        told(town, ref)
        erased(town, ref, 5)
    town.execute("UPDATE subject_keys SET wrapped = '\\x00' WHERE project_id = %s", town.project("broken").project_id)
    keep(town)
    assert (due(town, "broken"), due(town, "sound")) == ([(1,)], [])
    assert "broken" in caplog.text
    town.execute("DELETE FROM rotations_due")


class Interrupting:
    """A key store at whose calls of one name something else happens, once."""

    def __init__(self, keys: Any, name: str, happens: Callable[[], object]) -> None:
        self._keys, self._name, self._happens = keys, name, happens

    def __getattr__(self, name: str) -> Any:
        if name == self._name:
            self._name = ""
            self._happens()
        return getattr(self._keys, name)


def test_an_erasure_while_keys_are_wrapped_asks_for_another_epoch(town: Ledger) -> None:
    told(town, "during")
    erased(town, "during", 5)
    project = town.project("during")

    def erases() -> None:
        # Stands for another process; the head is locked by this one.
        town.execute("UPDATE rotations_due SET erasures = erasures + 1 WHERE project_id = %s", project.project_id)

    with LedgerDatastore(town.conninfo, pool_size=1) as datastore:
        rotate(datastore, project, Interrupting(town.keys, "scope_key", erases), SystemEntropy())
    assert due(town, "during") == [(2,)]
    keep(town)
    assert due(town, "during") == []


def test_a_key_whose_epoch_is_lost_does_not_keep_the_others_from_theirs(town: Ledger, caplog: pytest.LogCaptureFixture) -> None:
    told(town, "lost")
    project_id = town.project("lost").project_id
    town.execute("UPDATE subject_keys SET epoch = 7 WHERE project_id = %s AND key_name = 'institution'", project_id)
    assert turned(town, "lost") == 8
    assert (epochs(town, "lost"), town.keys.epochs("lost")) == ({7, 8}, (8,))
    assert "institution" in caplog.text


def test_leftovers_go_and_what_is_needed_stays(town: Ledger) -> None:
    told(town, "left")
    project = town.project("left")
    town.keys.make_scope_key("left", "epoch.2")  # a rotation that came no further: harmless, and used from here on
    town.post("left", contributed("later", "cy"))
    assert epochs(town, "left") == {1, 2}
    with LedgerDatastore(town.conninfo, pool_size=1) as datastore:
        destroy_leftovers(datastore, project, town.keys)
        assert town.keys.epochs("left") == (1, 2)
        assert turned(town, "left") == 3
        for epoch in (1, 2):  # a rotation that ended between its last commit and the destruction
            town.keys.make_scope_key("left", f"epoch.{epoch}")
        destroy_leftovers(datastore, project, town.keys)
    assert town.keys.epochs("left") == (3,)


def test_whoever_reads_meanwhile_is_shown_what_is_left(town: Ledger) -> None:
    town.post("reader", *consultation(), *(contributed(f"c{number}", f"author {number % 3}") for number in range(12)))
    project = town.project("reader")
    reader = StoredDisclosures(town.keys, SystemEntropy())
    for entry in (5, 6):
        with psycopg.connect(town.conninfo) as connection:
            shown = reader.between(connection, project, 0, 99)
            first = next(shown)
            erase(town, "reader", entry=10 + entry, fields=("title",))
            seen = {(seq, name) for seq, name, _ in (first, *shown)}
        assert seen == opened(town, "reader").keys()


def test_wherever_an_erasure_is_interrupted_doing_it_again_finishes_it(database: str, tmp_path: Path) -> None:
    faults = Faults()
    keys, entropy = FileKeyStore(tmp_path / "keys"), SystemEntropy()
    failed: set[str] = set()
    with ledger(database, keys=faults.wrap(keys), entropy=faults.wrap(entropy)) as town, LedgerDatastore(database) as datastore:
        town.keys = keys  # what was written is looked at by another way

        def erased_in_full(ref: str) -> int:
            """How often it had to be begun."""
            erasing = eraser(town, datastore, faults.wrap(keys), faults.wrap(entropy))
            for begun in range(1, 4):
                try:
                    erasing.erase(ref, TOWN, ErasureOrder(ground="asked", participant="ada"))
                except NothingToErase:
                    return begun
                except OSError:
                    continue
                return begun
            raise AssertionError("it fails again and again")

        told(town, "counted")
        faults.fail_at(0, "before")
        erased_in_full("counted")
        for at in range(1, faults.calls + 1):
            ref = f"crash-{at}"
            side: Side = "before" if at % 2 else "after"
            faults.fail_at(0, "before")
            told(town, ref)
            faults.fail_at(at, side)
            erased_in_full(ref)
            failed.add(faults.failed or "none")
            keep(town)
            assert opened(town, ref).keys() == OF_BO
            assert_explained(town, ref)
            assert (due(town, ref), len(keys.epochs(ref)), len(epochs(town, ref))) == ([], 1, 1)
            assert {*keys.epochs(ref)} == epochs(town, ref)
    assert failed >= {"scope_key", "epochs", "bytes", "make_scope_key", "destroy_scope_key"}


@pytest.mark.parametrize("side", ["before", "after"])
def test_the_connection_may_break_at_every_message_of_an_erasure(database: str, side: Side) -> None:
    with cable(database) as (laid, conninfo), ledger(conninfo) as town:
        town.conninfo = database
        for at in range(1, 40):
            ref = f"cable-{side}-{at}"
            told(town, ref)
            laid.break_at(at, side)
            for _ in range(2):
                with suppress(Unavailable, AlreadyErased):
                    erased(town, ref, 5)
            broken = laid.sent >= at
            laid.break_at(0, side)
            assert {place for place in opened(town, ref) if place[0] == 5} == set()
            assert town.types(ref).count("content.erased/1") == 1
            assert_explained(town, ref)
            if not broken:
                break
        else:
            raise AssertionError("an erasure takes fewer messages than that")
    assert at > 5


def test_many_write_while_epochs_turn(database: str) -> None:
    keys = MemoryKeyStore()
    with ledger(database, keys=keys) as one, ledger(database, keys=keys) as other:
        one.post("turning", *consultation())

        def write(town: Ledger, name: str) -> None:
            for number in range(40):
                town.post("turning", contributed(f"{name}{number}", f"author {number % 9}"))

        writers = [Thread(target=write, args=pair) for pair in ((one, "a"), (other, "b"))]
        for writer in writers:
            writer.start()
        while any(writer.is_alive() for writer in writers):
            turned(one, "turning")
        for writer in writers:
            writer.join()
        assert {seq for seq, _ in opened(one, "turning")} == set(range(5, 85))
        assert_explained(one, "turning")


def test_two_processes_erase_and_write_at_once(database: str) -> None:
    keys = MemoryKeyStore()
    with ledger(database, keys=keys) as one, ledger(database, keys=keys) as other:
        one.post("two", *consultation(), *(contributed(f"c{number}", f"author {number % 5}") for number in range(30)))
        refused: list[BaseException] = []

        def write() -> None:
            for number in range(30, 60):
                other.post("two", contributed(f"c{number}", f"author {number % 5}"))

        def remove() -> None:
            for entry in range(5, 35, 2):
                try:
                    other.post("two", organizer("content.erased", entry=entry, ground="asked", authority="order-1"))
                except AlreadyErased as error:
                    refused.append(error)

        threads = [Thread(target=write), Thread(target=remove)]
        for thread in threads:
            thread.start()
        for entry in range(5, 35, 3):
            try:
                erase(one, "two", entry=entry)
            except AlreadyErased as error:
                refused.append(error)
        for thread in threads:
            thread.join()
        gone = {*range(5, 35, 2), *range(5, 35, 3)}
        assert len(refused) == len({*range(5, 35, 2)} & {*range(5, 35, 3)})
        contributions = {event.seq for event in one.events("two") if event.type == "contribution.submitted/2"}
        assert {seq for seq, _ in opened(one, "two")} == contributions - gone
        assert len(contributions) == 60
        assert_explained(one, "two")


def test_a_key_that_is_destroyed_while_people_are_looked_for_is_a_scope_without_key(town: Ledger) -> None:
    told(town, "meanwhile")

    def destroys() -> None:
        town.post("meanwhile", organizer("scope_key.destroyed", scope="report", code="as_announced"))

    keys = Interrupting(town.keys, "scope_key", destroys)
    with LedgerDatastore(town.conninfo, pool_size=1) as datastore:
        outcome = eraser(town, datastore, keys).erase("meanwhile", TOWN, ErasureOrder(ground="asked", participant="ada"))
    assert outcome.scopes_without_key == ("report",)
    assert_explained(town, "meanwhile")
