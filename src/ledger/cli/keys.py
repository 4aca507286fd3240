"""`ledger keys`: API keys of clients, and the keys of logs."""

import re
import sys
from time import sleep
from typing import Annotated, Final, get_args

import orjson
import typer
from rich.console import Console
from rich.table import Table

from ledger.api.security import LEASE_SECONDS
from ledger.cli.log_keys import compromised, log_named, retire, rotate
from ledger.cli.refusals import told
from ledger.errors import InvalidField
from ledger.events.envelope import Role
from ledger.ids import REF_PATTERN
from ledger.ports import Client
from ledger.settings import Settings
from ledger.store.clients import ListedClient, create_client, list_clients, revoke_client
from ledger.store.keystore import FileKeyStore
from ledger.submit import CREATE, ERASE, REDACT, WRITE
from ledger.wiring import open_ledger

app = typer.Typer(add_completion=False, no_args_is_help=True, help="API keys of clients, and the keys of logs.")
app.command()(rotate)
app.command()(retire)
app.command()(compromised)

SCOPES: Final = (WRITE, CREATE, ERASE, REDACT)
_REFERENCE: Final = re.compile(REF_PATTERN)
ROLES: Final = tuple(role for role in get_args(Role) if role != "system")

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command()
def create(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The client's public name: small letters, digits, hyphens.")],
    scope: Annotated[list[str] | None, typer.Option(help=f"What it may do: {', '.join(SCOPES)}. {WRITE} if not given.")] = None,
    project: Annotated[list[str] | None, typer.Option(help="A project it is bound to; repeatable. Every one if not given.")] = None,
    role: Annotated[
        list[str] | None, typer.Option(help=f"A role it may post in: {', '.join(ROLES)}. May be repeated; all if not given.")
    ] = None,
    namespace: Annotated[
        str | None, typer.Option(help="Where the references of its people live; clients of one platform share one. NAME if not given.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Make a client and its API key. The key is shown now and never again."""
    with told():
        client = Client(
            name,
            namespace if namespace is not None else name,
            frozenset(_known("scope", scope or [WRITE], SCOPES)),
            frozenset(_known("role", role or list(ROLES), ROLES)),
            frozenset(_references(project or [])),
        )
        with open_ledger(Settings()) as ledger, ledger.datastore.connection() as connection:
            key = create_client(connection, client)
    if as_json:
        _print_json({"name": name, "key": key, **_allowed(client)})
        return
    Console(stderr=True, highlight=False, soft_wrap=True).print(
        f"The API key of {name}, shown this once. Send it as  Authorization: Bearer <key>", markup=False
    )
    sys.stdout.write(f"{key}\n")


@app.command("list")
def list_all(as_json: AsJson = False) -> None:
    """List the clients, and what their keys allow."""
    with told(), open_ledger(Settings()) as ledger, ledger.datastore.connection() as connection:
        clients = list_clients(connection)
    if as_json:
        _print_json([_listed(listed) for listed in clients])
        return
    table = Table("name", "scopes", "roles", "projects", "namespace", "made", "revoked", box=None, header_style="bold")
    for listed in clients:
        client = listed.client
        roles = "all" if client.roles >= set(ROLES) else ", ".join(sorted(client.roles))
        revoked = f"{listed.revoked_at:%Y-%m-%d}" if listed.revoked_at else ""
        projects = ", ".join(sorted(client.projects)) or "all"
        table.add_row(
            client.name, ", ".join(sorted(client.scopes)), roles, projects, client.namespace, f"{listed.created_at:%Y-%m-%d}", revoked
        )
    Console().print(table)


@app.command()
def revoke(name: Annotated[str, typer.Argument(metavar="NAME", help="The client whose key is worth nothing from now on.")]) -> None:
    """Revoke a client's key. When this returns, no process of the service accepts it any more. The name stays taken."""
    with told():
        with open_ledger(Settings()) as ledger, ledger.datastore.connection() as connection:
            revoke_client(connection, name)
        # Serving processes remember a key so long, and no longer.
        sleep(LEASE_SECONDS)
    Console(highlight=False).print(f"The key of {name} is revoked.", markup=False)


@app.command()
def show(
    project: Annotated[str | None, typer.Argument(metavar="PROJECT", help="The project whose log's public keys are asked for.")] = None,
    of_ledger: Annotated[bool, typer.Option("--ledger", help="Those of the ledger log instead.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show the verifier keys of a log, the newest first, one on a line; several while one takes over from another.

    They are what `ledger verify --key` and --ledger-key take. Hand them on by another way than the packages.
    """
    with told():
        newest, *older = FileKeyStore(Settings().keys).vkeys(log_named([] if project is None else [project], of_ledger))
    vkeys = [str(vkey) for vkey in (newest, *older)]
    if as_json:
        _print_json({"origin": newest.name, "vkey": vkeys[0], "vkeys": vkeys})
    else:
        sys.stdout.write("".join(f"{vkey}\n" for vkey in vkeys))


def _known(option: str, given: list[str], known: tuple[str, ...]) -> list[str]:
    for value in given:
        if value not in known:
            raise InvalidField(f"--{option}", f"{value!r} is none of {', '.join(known)}")
    return given


def _references(given: list[str]) -> list[str]:
    for value in given:
        if not _REFERENCE.fullmatch(value):
            raise InvalidField("PROJECT", f"{value!r} is not a reference: 1 to 64 characters of A-Z a-z 0-9 . _ ~ -")
    return given


def _allowed(client: Client) -> dict[str, object]:
    return {
        "namespace": client.namespace,
        "scopes": sorted(client.scopes),
        "roles": sorted(client.roles),
        "projects": sorted(client.projects),
    }


def _listed(listed: ListedClient) -> dict[str, object]:
    revoked = listed.revoked_at.isoformat() if listed.revoked_at else None
    return {"name": listed.client.name, **_allowed(listed.client), "created_at": listed.created_at.isoformat(), "revoked_at": revoked}


def _print_json(value: object) -> None:
    sys.stdout.buffer.write(orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
    sys.stdout.buffer.flush()
