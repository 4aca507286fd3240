"""What every key store keeps to."""

from collections.abc import Callable
from pathlib import Path

import pytest

from ledger.errors import KeyMissing
from ledger.ports import KeyStore
from ledger.store.keystore import FileKeyStore
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
