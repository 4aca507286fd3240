"""Redaction carried out: what an `entry.redacted` is about is looked up before its turn, and withheld by the transaction that appends it.

Gone with that transaction are the bytes of the entry and everything it committed to; what is left is a line that says what it was. Rows of
projections that were made of it are not served any more from then on (`ledger.store.generations`), and made again without it.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import Any, Final, NamedTuple, cast

from psycopg import Connection
from psycopg.rows import tuple_row

from ledger.errors import AlreadyRedacted, EntryUnknown, FieldDiffers, Refused
from ledger.events import Event
from ledger.events.privacy import EntryRedacted
from ledger.sealing import digest_text
from ledger.store.disclosures import DisclosureRow, Safe
from ledger.store.erasing import make_rotation_due, renew_keys
from ledger.store.projects import Project
from ledger.store.sealer import Draft

REDACTIONS: Final = frozenset(EntryRedacted.wire_types())

_ENTRIES: Final = """
SELECT asked.seq, found.leaf_hash, found.stream, found.type, found.version, found.withheld FROM unnest(%s::bigint[]) AS asked (seq)
CROSS JOIN LATERAL (
    SELECT leaf_hash, stream, type, version, entry IS NULL AS withheld FROM events WHERE project_id = %s AND seq = asked.seq OFFSET 0
) AS found"""
_WITHHOLD: Final = "UPDATE events SET entry = NULL WHERE project_id = %s AND seq = ANY(%s)"
_LINES: Final = """
INSERT INTO redactions (project_id, seq, redacted_by, line) SELECT %s, * FROM unnest(%s::bigint[], %s::bigint[], %s::bytea[])"""
_DESTROY: Final = "DELETE FROM disclosures WHERE project_id = %s AND seq = ANY(%s) RETURNING key_name, visibility"


class _Left(NamedTuple):
    """What stays of an entry."""

    leaf_hash: str
    stream: str
    type: str
    version: int
    withheld: bool
    """It is redacted already."""


def look_up_redacted(drafts: Iterable[Draft], project: Project, connection: Connection[Any]) -> None:
    """Each draft of a redaction says what is left of its entry, or why it cannot be redacted; that is answered at its turn."""
    wanted = [draft for draft in drafts if draft.submission.type in REDACTIONS]
    asked = list({cast("EntryRedacted", draft.submission.data).entry for draft in wanted})
    with connection.cursor(row_factory=tuple_row, binary=True) as cursor:
        cursor.execute(_ENTRIES, (asked, project.project_id), prepare=False)
        found = {seq: _Left(digest_text(leaf), *rest) for seq, leaf, *rest in cursor}
    for draft in wanted:
        try:
            _fill(draft, found)
        except Refused as error:
            draft.refusal = error


def _fill(draft: Draft, found: dict[int, _Left]) -> None:
    data = cast("EntryRedacted", draft.submission.data)
    left = found.get(data.entry)
    if left is None:
        raise EntryUnknown(data.entry)
    if left.withheld:
        raise AlreadyRedacted(data.entry)
    filled = {
        "leaf_hash": left.leaf_hash,
        "redacted_stream": left.stream,
        "redacted_type": left.type,
        "redacted_version": left.version,
    }
    for name, value in filled.items():
        given = getattr(data, name)
        if given is not None and given != value:
            raise FieldDiffers(name.removeprefix("redacted_"), str(value), str(given))
    draft.submission = draft.submission.model_copy(update={"data": data.model_copy(update=filled)})


def withhold(
    connection: Connection[Any], project_id: int, safe: Safe, events: Sequence[Event], pending: list[DisclosureRow], made: Collection[str]
) -> list[DisclosureRow]:
    """What these redactions are about is gone with the open transaction, which has the head locked and appends them.

    Also whatever a key of theirs opened in a copy of the database from before: see `ledger.store.erasing.carry_out`, as which this returns.
    """
    left = [event.data.left() for event in events if isinstance(event.data, EntryRedacted)]
    seqs = [redacted.seq for redacted in left]
    connection.execute(_WITHHOLD, (project_id, seqs), prepare=False)
    lines = [redacted.line() for redacted in left]
    connection.execute(_LINES, (project_id, seqs, [event.seq for event in events], lines), prepare=False, binary=True)
    with connection.cursor(row_factory=tuple_row) as cursor:
        cursor.execute(_DESTROY, (project_id, seqs), prepare=False)
        touched = sorted({key_name for key_name, visibility in cursor if visibility != "sealed"})
    make_rotation_due(connection, project_id)
    return renew_keys(connection, project_id, safe, touched, pending, made) if touched else pending
