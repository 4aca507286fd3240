"""What a person wrote in a project, and what was written about it: found by their names in the scopes whose keys exist."""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from psycopg import Connection
from psycopg.rows import tuple_row

from ledger.errors import KeyMissing, KeyNotCommitted
from ledger.ports import KeyStore
from ledger.store.folded import Folded
from ledger.store.projects import Project
from ledger.store.pseudonyms import ScopeNames, key_name_of

# The bytes of an entry are canonical: where somebody acts, it begins with who.
_ACTOR: Final = """CASE WHEN substring(e.entry FROM 1 FOR 10) = '{"actor":"' THEN substring(e.entry FROM 11 FOR 22) END"""

_UNDER_KEYS: Final = """
SELECT d.seq, d.name, d.visibility, d.key_name, e.stream, convert_from(ACTOR, 'UTF8')
FROM disclosures AS d JOIN events AS e USING (project_id, seq)
WHERE d.project_id = %s AND d.key_name = ANY(%s) AND d.visibility <> 'sealed' ORDER BY d.seq, d.name""".replace("ACTOR", _ACTOR)

_OF_STREAMS: Final = """
SELECT d.seq, d.name, d.visibility, d.key_name, e.stream, convert_from(ACTOR, 'UTF8')
FROM unnest(%s::text[]) AS wanted (stream)
CROSS JOIN LATERAL (
    SELECT project_id, seq, stream, entry FROM events WHERE project_id = %s AND stream = wanted.stream COLLATE "C" OFFSET 0
) AS e JOIN disclosures AS d USING (project_id, seq) WHERE d.visibility <> 'sealed' ORDER BY d.seq, d.name""".replace("ACTOR", _ACTOR)

_AUTHORED: Final = """
SELECT e.stream FROM events AS e
WHERE e.project_id = %s AND e.stream >= %s COLLATE "C" AND e.stream < %s COLLATE "C" AND e.version = 1 AND ACTOR = ANY(%s)
ORDER BY e.seq""".replace("ACTOR", _ACTOR)


class Found(NamedTuple):
    """A disclosure that is still there, and the entry it belongs to."""

    seq: int
    name: str
    visibility: str
    key_name: str
    stream: str
    actor: str | None


def names_in_scopes(states: Folded, keys: KeyStore, namespace: str, people: Sequence[str]) -> tuple[dict[str, list[str]], tuple[str, ...]]:
    """Scope → the people's pseudonyms there; and the scopes whose key is destroyed, in which nobody can find out any more who they are.

    Raises `KeyMissing` and `KeyNotCommitted` where a scope has a key by the log and the key store has none, or another.
    """
    found: dict[str, list[str]] = {}
    without_key = []
    for scope in ("author", "report", *(f"step/{step}" for step in states.project.steps)):
        if scope in states.project.destroyed:
            without_key.append(scope)
            continue
        committed = states.committed.get(scope)
        try:
            names = ScopeNames(keys.scope_key(states.log.ref, key_name_of(scope)), states.log.origin, scope)
        except KeyMissing:
            if committed is not None:
                raise
            continue  # of a step that was never opened, and in which nobody was named
        if committed not in {None, names.key_digest}:
            raise KeyNotCommitted(states.log.ref, scope)
        found[scope] = [names.pseudonym(namespace, subject) for subject in people]
    return found, tuple(without_key)


def under_keys(connection: Connection[Any], project: Project, key_names: list[str]) -> list[Found]:
    """What is encrypted under these keys, ascending by seq, then name."""
    return _found(connection, _UNDER_KEYS, project.project_id, key_names)


def of_streams(connection: Connection[Any], project: Project, streams: list[str]) -> list[Found]:
    """What the entries of these streams committed to, ascending by seq, then name."""
    return _found(connection, _OF_STREAMS, streams, project.project_id)


def authored(connection: Connection[Any], project: Project, authors: Sequence[str]) -> list[str]:
    """The contributions and arguments that these authors submitted, as targets, in the order of the log."""
    actors = [author.encode() for author in authors]
    targets: list[str] = []
    for kind in ("contribution", "argument"):
        with connection.cursor(row_factory=tuple_row, binary=True) as cursor:
            # '0' follows '/' in code point order.
            cursor.execute(_AUTHORED, (project.project_id, f"{kind}/", f"{kind}0", actors), prepare=False)
            targets += [stream for (stream,) in cursor]
    return targets


def _found(connection: Connection[Any], query: str, *parameters: Any) -> list[Found]:
    with connection.cursor(row_factory=tuple_row, binary=True) as cursor:
        return [Found(*columns) for columns in cursor.execute(query.encode(), parameters, prepare=False)]
