"""What every key store keeps to."""

from collections.abc import Callable
from pathlib import Path

import pytest

from ledger.errors import KeyMissing, LogClosed
from ledger.ports import Closing, KeyStore
from ledger.store.keystore import FileKeyStore
from ledger.tlog.checkpoint import Checkpoint
from ledger.tlog.note import parse_note, sign_note, signed_by
from tests.contracts.memory_keys import MemoryKeyStore

ORIGIN = "ledger.example/p/budget"


@pytest.fixture(params=["files", "memory"])
def keys(request: pytest.FixtureRequest, tmp_path: Path) -> KeyStore:
    made: dict[str, Callable[[], KeyStore]] = {"files": lambda: FileKeyStore(tmp_path / "keys"), "memory": MemoryKeyStore}
    return made[request.param]()


def test_a_key_is_made_once_and_is_its_scopes_and_projects_alone(keys: KeyStore) -> None:
    places = [
        (project, scope) for project in ("budget", "Budget") for scope in ("author", "report", "step.a", "step.A", "sealed.a", "epoch.1")
    ]
    made = {place: keys.make_scope_key(*place) for place in places}
    assert {len(key) for key in made.values()} == {32}
    assert len(set(made.values())) == len(places)
    assert {place: keys.make_scope_key(*place) for place in places} == made
    assert {place: keys.scope_key(*place) for place in places} == made


def test_a_key_that_nobody_made_is_missing(keys: KeyStore) -> None:
    keys.make_scope_key("budget", "author")
    for project, scope in (("budget", "report"), ("other", "author")):
        with pytest.raises(KeyMissing) as missing:
            keys.scope_key(project, scope)
        assert missing.value.details() == {"project": project, "key": scope}
    with pytest.raises(KeyMissing):
        keys.signer("budget")


def test_the_signer_of_a_project_stays_the_same_and_signs_under_its_origin(keys: KeyStore) -> None:
    vkey = keys.make_signer("budget", ORIGIN).vkey
    assert vkey.name == ORIGIN
    assert keys.make_signer("budget", ORIGIN).vkey == vkey
    assert keys.signer("budget").vkey == vkey
    assert keys.make_signer("other", "ledger.example/p/other").vkey.public_key != vkey.public_key
    note = parse_note(sign_note("hello\n", [keys.signer("budget")]).encode())
    assert signed_by(note, ORIGIN, [vkey])


def test_a_destroyed_key_is_gone_and_another_is_made_in_its_place(keys: KeyStore) -> None:
    old = keys.make_scope_key("budget", "step.a")
    keys.destroy_scope_key("budget", "step.a")
    with pytest.raises(KeyMissing):
        keys.scope_key("budget", "step.a")
    with pytest.raises(KeyMissing):
        keys.destroy_scope_key("budget", "step.a")
    assert keys.make_scope_key("budget", "step.a") != old


def test_epochs_are_told_in_order(keys: KeyStore) -> None:
    assert keys.epochs("budget") == ()
    for epoch in (1, 2, 10):
        keys.make_scope_key("budget", f"epoch.{epoch}")
    keys.destroy_scope_key("budget", "epoch.1")
    assert keys.epochs("budget") == (2, 10)
    assert keys.epochs("other") == ()


def test_signing_keys_are_added_and_retired_and_the_newest_stands_first(keys: KeyStore) -> None:
    with pytest.raises(KeyMissing):
        keys.add_signer("budget")
    first = keys.make_signer("budget", ORIGIN).vkey
    second = keys.add_signer("budget").vkey
    third = keys.add_signer("budget").vkey
    assert {first.name, second.name, third.name} == {ORIGIN}
    assert keys.vkeys("budget") == (third, second, first)
    assert [signer.vkey for signer in keys.signers("budget")] == [third, second, first]
    assert keys.signer("budget").vkey == third
    assert keys.make_signer("budget", ORIGIN).vkey == third, "a key was made although there were some"
    note = sign_note("hello\n", keys.signers("budget"))
    assert all(signed_by(note, ORIGIN, [vkey]) for vkey in (first, second, third))
    keys.retire_signer("budget", first)
    assert keys.vkeys("budget") == (third, second)
    keys.retire_signer("budget", third)
    assert keys.vkeys("budget") == (second,)
    with pytest.raises(KeyMissing):
        keys.retire_signer("budget", first)
    fourth = keys.add_signer("budget").vkey
    assert keys.vkeys("budget") == (fourth, second)
    assert len({first, second, third, fourth}) == 4


def test_a_log_that_ended_keeps_the_names_of_its_keys_and_gets_no_others(keys: KeyStore) -> None:
    vkey = keys.make_signer("budget", ORIGIN).vkey
    closing = Closing(7, "root", "compromised", "ledger.example/p/budget-2", (str(vkey),))
    assert keys.closing("budget") is None
    keys.close_log("budget", closing)
    keys.close_log("budget", Closing(8, "other", "lost", None, ()))
    assert keys.closing("budget") == closing
    assert keys.vkeys("budget") == (vkey,)
    keys.retire_signer("budget", vkey)
    assert keys.signers("budget") == ()
    assert keys.vkeys("budget") == (vkey,)
    with pytest.raises(KeyMissing):
        keys.signer("budget")
    with pytest.raises(KeyMissing):
        keys.add_signer("budget")
    with pytest.raises(LogClosed) as closed:
        keys.make_signer("budget", ORIGIN)
    assert closed.value.details() == {"project": "budget", "reason": "compromised", "successor": "ledger.example/p/budget-2"}
    assert keys.closing("other") is None


def test_what_was_signed_last_is_kept_and_never_goes_back(keys: KeyStore) -> None:
    keys.make_signer("budget", ORIGIN)
    notes = {size: sign_note(Checkpoint(ORIGIN, size, bytes(32)).text, keys.signers("budget")).encode() for size in (1, 7, 9, 10)}
    assert keys.signed("budget") is None
    for size, expected in ((7, 7), (10, 10), (9, 10), (1, 10), (10, 10)):
        keys.keep_signed("budget", notes[size])
        assert keys.signed("budget") == notes[expected]
    assert keys.signed("other") is None
