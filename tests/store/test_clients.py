"""API clients: their keys are shown once, work until they are revoked, and cannot be read back from the database."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from psycopg import Connection

from ledger.errors import ClientNameTaken, ClientUnknown, InvalidField
from ledger.ports import Client
from ledger.store.clients import create_client, find_client, list_clients, revoke_client

LYON = Client("lyon", "lyon", frozenset({"events:write"}), frozenset({"participant", "agent"}), frozenset({"budget"}))


@pytest.fixture
def connection(database: str) -> Iterator[Connection[Any]]:
    with psycopg.connect(database) as connection:
        yield connection
        connection.rollback()


def test_a_key_finds_its_client_until_it_is_revoked(connection: Connection[Any]) -> None:
    key = create_client(connection, LYON)
    paris = Client("paris", "paris", frozenset(), frozenset())
    other = create_client(connection, paris)
    assert find_client(connection, key) == LYON
    assert find_client(connection, other) == paris
    for unknown in ("", key[:-1], key.upper(), "ledger_lyon_\udcff", "ledger_lyon_\0"):
        assert find_client(connection, unknown) is None
    revoke_client(connection, "lyon")
    revoke_client(connection, "lyon")
    assert find_client(connection, key) is None
    assert [(listed.client, listed.revoked_at is None) for listed in list_clients(connection)] == [(LYON, False), (paris, True)]
    with pytest.raises(ClientUnknown):
        revoke_client(connection, "marseille")


def test_a_key_names_its_client_and_is_not_in_the_database(connection: Connection[Any]) -> None:
    key = create_client(connection, LYON)
    start, name, secret = key.split("_", 2)
    assert (start, name, len(secret)) == ("ledger", "lyon", 43)
    stored = connection.execute("SELECT clients::text FROM clients").fetchone()
    assert stored is not None
    assert secret not in stored[0]


def test_a_name_is_given_once(connection: Connection[Any]) -> None:
    create_client(connection, LYON)
    revoke_client(connection, "lyon")
    with pytest.raises(ClientNameTaken):
        create_client(connection, LYON)
    assert len(list_clients(connection)) == 1, "the transaction goes on after a refusal"


@pytest.mark.parametrize("name", ["ledger", "", "Lyon", "a_b", "-a", "a-", "a b", "a\n", "é", "a" * 65, "../a"])
def test_a_name_that_is_none_or_the_ledgers_own_is_refused(connection: Connection[Any], name: str) -> None:
    with pytest.raises(InvalidField):
        create_client(connection, Client(name, "lyon", frozenset(), frozenset()))
    with pytest.raises(InvalidField):
        create_client(connection, Client("lyon", name[:0], frozenset(), frozenset()))
    assert list_clients(connection) == []
