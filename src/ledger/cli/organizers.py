"""In whose name an operator posts: an organizer of the project, whom the log names."""

from ledger.errors import InvalidField
from ledger.ports import Client
from ledger.store.clients import list_clients
from ledger.store.folded import Folded
from ledger.wiring import Ledger


def organizer(ledger: Ledger, project: str, name: str | None, namespace: str | None, scopes: frozenset[str]) -> Client:
    """The client of that name with these scopes; where none is named, the only organizer. Raises `InvalidField` where there are several."""
    with ledger.datastore.connection() as connection:
        states = Folded(ledger.project(project))
        states.catch_up(connection)
        known = {listed.client.name: listed.client for listed in list_clients(connection)}
    organizers = sorted(client for role, client in states.project.clients if role == "organizer")
    if name is None:
        if len(organizers) != 1:
            raise InvalidField("--as", f"the project has several organizers; name one of {', '.join(organizers)}")
        [name] = organizers
    found = known.get(name)
    return Client(name, namespace or (found.namespace if found else name), scopes, frozenset({"organizer"}))
