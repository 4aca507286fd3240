"""What is counted before it is recorded: which sealed ballots are disclosed, and what a step's result is.

Counting takes long and a turn must not, so it is done before the turn. After the cut-off of a step nothing that is counted can change; the
turn only has to see that the cut-off is still the one that was counted at.
"""

from collections.abc import Callable
from typing import Any, Final, NamedTuple

from psycopg import Connection
from psycopg.rows import tuple_row

from ledger.aggregates.result import is_drawn
from ledger.errors import FieldDiffers
from ledger.events.result import ResultComputed
from ledger.events.step import BallotsDisclosed
from ledger.sealing import digest_text
from ledger.store.folded import Folded
from ledger.store.projects import find_project
from ledger.store.sealer import Draft
from ledger.tlog.tree import HASH_SIZE, tree_root


class Computed(NamedTuple):
    """What the rules of a step make of the ballots below its cut-off. `winners` is None where the rule chooses nobody."""

    winners: tuple[int, ...] | None
    digest: str


ComputeResult = Callable[[str, str, int], Computed]
"""Project, step and cut-off → its result. May take long; waits until the views have reached the cut-off."""

# The newest revision of each ballot, in the order of the log; left out are those withdrawn, and those redacted: nobody can disclose them.
_DISCLOSED: Final = """
SELECT count(*), coalesce(string_agg(leaf_hash, '' ORDER BY seq), '') FROM (
    SELECT DISTINCT ON (stream) seq, type, leaf_hash, entry IS NULL AS redacted FROM events
    WHERE project_id = %s AND stream >= %s COLLATE "C" AND stream < %s COLLATE "C" AND seq < %s
    ORDER BY stream, version DESC
) AS newest WHERE type <> 'ballot.withdrawn/1' AND NOT redacted"""


COUNTED: Final = frozenset({BallotsDisclosed.wire_type(), ResultComputed.wire_type()})
"""Types of events that state what has to be counted."""


def count(draft: Draft, project: str, connection: Connection[Any], compute: ComputeResult) -> None:
    """Fills the draft with what is counted; where the step is not ready for it, the draft stays as it is, and admission says why.

    Raises `FieldDiffers` where the platform states something else.
    """
    data = draft.submission.data
    row = find_project(connection, project)
    if row is None:
        return
    states = Folded(row)
    states.catch_up(connection)
    found: dict[str, Any] = {}
    match data:
        case BallotsDisclosed():
            step = states.step(data.step)
            if step.cut_off is not None and step.secrecy == "sealed":
                found = disclosed_ballots(connection, row.project_id, data.step, step.cut_off)
        case ResultComputed():
            step = states.step(data.step)
            drawn = step.rules is not None and is_drawn(step.rules.lottery, states.result(data.step))
            if step.cut_off is not None and (step.secrecy == "open" or step.disclosed) and drawn:
                computed = compute(project, data.step, step.cut_off)
                found = {"digest": computed.digest, "winners": computed.winners}
        case _:
            return
    if found:
        for name, value in found.items():
            given = getattr(data, name)
            if given is not None and given != value:
                raise FieldDiffers(name, str(value), str(given))
        draft.submission = draft.submission.model_copy(update={"data": data.model_copy(update=found)})
        draft.counted_at = step.cut_off


def disclosed_ballots(connection: Connection[Any], project_id: int, step: str, cut_off: int) -> dict[str, Any]:
    """`count` and `root` of the sealed ballots of a step that are disclosed: RFC 6962 over the leaf hashes of their entries, in order."""
    with connection.cursor(row_factory=tuple_row, binary=True) as cursor:
        cursor.execute(_DISCLOSED, (project_id, f"ballot/{step}/", f"ballot/{step}0", cut_off), prepare=False)
        number, hashes = cursor.fetchone() or (0, b"")
    leaves = [hashes[start : start + HASH_SIZE] for start in range(0, len(hashes), HASH_SIZE)]
    return {"count": number, "root": digest_text(tree_root(leaves))}
