"""The `k` of a platform's people, which it hands to them so that they find what is theirs (docs/formats/pseudonyms.md)."""

from hashlib import sha256
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from ledger.aggregates import Aggregates
from ledger.canonical import parse
from ledger.errors import KeyNotCommitted, ProjectUnknown
from ledger.events.faults import malformed
from ledger.events.project import ProjectOpened
from ledger.events.step import StepOpened
from ledger.ids import Subject
from ledger.ports import Client, KeyStore
from ledger.sealing import digest_text, participant_key, written_key
from ledger.store.datastore import LedgerDatastore
from ledger.store.folded import fold
from ledger.store.projects import find_project
from ledger.store.pseudonyms import scope_key
from ledger.store.streams import load_shared_streams

MOST = 1000
"""People of one order."""
_STREAMS = ("project", "privacy", "step")
"""What says which scopes there are, which keys they commit to, and which of these are destroyed."""

Scope = Annotated[str, StringConstraints(pattern=r"^(author|report|step/[A-Za-z0-9._~-]{1,64})$")]


class KeysOrder(BaseModel):
    """Whose `k` is asked for, by the platform's own references, and in which scope."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")

    scope: Scope
    participants: Annotated[tuple[Subject, ...], Field(min_length=1, max_length=MOST)]


def read_keys_order(body: bytes) -> KeysOrder:
    """The order that a JSON document writes. Raises `Malformed` leaves, none of which repeats what was sent."""
    parse(body)
    try:
        return KeysOrder.model_validate_json(body)
    except ValidationError as error:
        raise malformed(error, "$") from None


class ParticipantKeys:
    """Gives platforms what belongs to their people. What it is asked may block."""

    def __init__(self, datastore: LedgerDatastore, keys: KeyStore) -> None:
        self._datastore = datastore
        self._keys = keys

    def of(self, project: str, client: Client, order: KeysOrder) -> list[tuple[str, str]]:
        """(participant, k) of each, in the order asked for, in the client's own namespace.

        Raises `ProjectUnknown`, `StepUnknown`, `ScopeDestroyed`; `KeyMissing` or `KeyNotCommitted` where the right key is not there.
        """
        states, committed = self._states(project)
        key = scope_key(self._keys, project, order.scope, states)
        digest = digest_text(sha256(key).digest())
        if committed.get(order.scope, digest) != digest:
            raise KeyNotCommitted(project, order.scope)
        return [(subject, written_key(participant_key(key, client.namespace, subject))) for subject in order.participants]

    def _states(self, ref: str) -> tuple[Aggregates, dict[str, str]]:
        """The states of the project and its steps, and the digests of the keys that the log commits to."""
        states = Aggregates()
        committed: dict[str, str] = {}
        with self._datastore.connection() as connection:
            project = find_project(connection, ref)
            if project is None:
                raise ProjectUnknown(ref[:64])
            for _, recorded in load_shared_streams(connection, project.project_id, _STREAMS):
                event = fold(states, recorded)
                match event.data if event is not None else None:
                    case ProjectOpened(scope_keys=keys) if keys is not None:
                        committed |= {"author": keys.author, "report": keys.report}
                    case StepOpened(step=step, step_key=str(digest)):
                        committed[f"step/{step}"] = digest
        return states, committed
