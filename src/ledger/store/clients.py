"""Who may post: API clients and their keys. A key is shown once, when it is made; what is stored of it cannot be used to post.

A key is `ledger_<name>_<43 random characters>`. Its 256 random bits cannot be guessed, so a plain SHA-256 of it is kept; a slow
hash protects passwords that people choose. The beginning says what it is to whoever finds it in a log.
"""

import re
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, Final

from psycopg import Connection
from psycopg.rows import tuple_row

from ledger.aggregates import LEDGER
from ledger.errors import ClientNameTaken, ClientUnknown, InvalidField
from ledger.ports import Client

_NAME: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?\Z")
_LONGEST_NAMESPACE: Final = 64


@dataclass(frozen=True, slots=True)
class ListedClient:
    """A client with its dates, as operators see it."""

    client: Client
    created_at: datetime
    revoked_at: datetime | None


def create_client(connection: Connection[Any], client: Client) -> str:
    """The API key of a new client, which nobody can be shown again; committed with the transaction.

    Raises `InvalidField` for a name that is none or the ledger's own, and `ClientNameTaken`.
    """
    if not _NAME.match(client.name) or client.name == LEDGER:
        raise InvalidField("name", f"{client.name!r} cannot be a client's: small letters, digits and hyphens, and not {LEDGER!r}")
    if not 0 < len(client.namespace) <= _LONGEST_NAMESPACE or "\0" in client.namespace:
        raise InvalidField("namespace", f"a namespace has 1 to {_LONGEST_NAMESPACE} characters")
    key = f"ledger_{client.name}_{secrets.token_urlsafe(32)}"
    added = connection.execute(
        "INSERT INTO clients (name, secret_hash, namespace, scopes, roles, projects) VALUES (%s, %s, %s, %s, %s, %s) "
        "ON CONFLICT DO NOTHING",
        (client.name, _hash(key), client.namespace, sorted(client.scopes), sorted(client.roles), sorted(client.projects)),
    )
    if added.rowcount == 0:
        raise ClientNameTaken(client.name)
    return key


def find_client(connection: Connection[Any], key: str) -> Client | None:
    """The client that has this API key; None where nobody has it, or it was revoked."""
    with connection.cursor(row_factory=tuple_row) as cursor:
        found = cursor.execute(
            "SELECT name, namespace, scopes, roles, projects FROM clients WHERE secret_hash = %s AND revoked_at IS NULL", (_hash(key),)
        ).fetchone()
    return None if found is None else _client(*found)


def list_clients(connection: Connection[Any]) -> list[ListedClient]:
    """Every client, revoked ones too, ascending by name."""
    with connection.cursor(row_factory=tuple_row) as cursor:
        cursor.execute("SELECT name, namespace, scopes, roles, projects, created_at, revoked_at FROM clients ORDER BY name")
        return [ListedClient(_client(*columns), created_at, revoked_at) for *columns, created_at, revoked_at in cursor]


def revoke_client(connection: Connection[Any], name: str) -> None:
    """From the commit on the client's key is worth nothing. A second call changes nothing. Raises `ClientUnknown`."""
    revoked = connection.execute("UPDATE clients SET revoked_at = coalesce(revoked_at, now()) WHERE name = %s", (name,))
    if revoked.rowcount == 0:
        raise ClientUnknown(name)


def _hash(key: str) -> bytes:
    return sha256(key.encode("utf-8", "surrogatepass")).digest()


def _client(name: str, namespace: str, scopes: Collection[str], roles: Collection[str], projects: Collection[str]) -> Client:
    return Client(name, namespace, frozenset(scopes), frozenset(roles), frozenset(projects))
