"""What a redaction would withhold, looked at before it is carried out; nothing is changed."""

from dataclasses import dataclass
from typing import Any, Final

from psycopg import Connection
from psycopg.rows import tuple_row

from ledger.aggregates import tells_nothing
from ledger.aggregates.redactable import REDACTABLE
from ledger.errors import AlreadyRedacted, EntryNotRedactable, EntryUnknown
from ledger.events import read_event
from ledger.sealing import digest_text
from ledger.store.projects import Project

_ENTRY: Final = "SELECT stream, version, type, leaf_hash, entry FROM events WHERE project_id = %s AND seq = %s"
_TEXTS: Final = "SELECT name FROM disclosures WHERE project_id = %s AND seq = %s ORDER BY name"
_LATER: Final = 'SELECT seq FROM events WHERE project_id = %s AND stream = %s COLLATE "C" AND version > %s ORDER BY version'


@dataclass(frozen=True, slots=True)
class RedactionPlan:
    """An entry as it is before it is redacted, and what hangs on it."""

    entry: int
    stream: str
    version: int
    type: str
    at: str
    leaf_hash: str
    texts: tuple[str, ...]
    """Committed fields whose texts are destroyed with it."""
    later: tuple[int, ...]
    """Later entries of the same stream."""
    unjudged: bool
    """Whether events that rest on the entry can no longer be judged."""


def plan_redaction(connection: Connection[Any], project: Project, seq: int) -> RedactionPlan:
    """What redacting the entry would withhold. Raises `EntryUnknown`, `EntryNotRedactable`, `AlreadyRedacted`."""
    with connection.cursor(row_factory=tuple_row, binary=True) as cursor:
        row = cursor.execute(_ENTRY, (project.project_id, seq)).fetchone()
        if row is None:
            raise EntryUnknown(seq)
        stream, version, wire_type, leaf_hash, entry = row
        if entry is None:
            raise AlreadyRedacted(seq)
        if wire_type not in REDACTABLE:
            raise EntryNotRedactable(seq, wire_type)
        texts = tuple(name for (name,) in cursor.execute(_TEXTS, (project.project_id, seq)))
        later = tuple(found for (found,) in cursor.execute(_LATER, (project.project_id, stream, version), prepare=False))
    at = read_event(entry).at
    return RedactionPlan(seq, stream, version, wire_type, at, digest_text(leaf_hash), texts, later, not tells_nothing(wire_type))
