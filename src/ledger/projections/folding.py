"""All projections folded in memory from the entries of a log, in order: the auditor's source."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Final, cast

import orjson

from ledger.canonical import JsonValue
from ledger.events import Event
from ledger.events.ballot import BallotEvent
from ledger.events.stance import StanceEvent
from ledger.projections import PROJECTIONS
from ledger.projections.ballot_columns import BallotColumns
from ledger.projections.ballots import BallotRow, Ballots
from ledger.projections.projection import Disclosed, Projection, Row, Texts
from ledger.projections.references import Place, references, resolved, resolved_row
from ledger.projections.source import Ballot, BallotGroup
from ledger.projections.stance_columns import StanceColumns
from ledger.projections.stances import Stance, Stances
from ledger.projections.stances import row_of as stance_row

BALLOTS, STANCES = Ballots.name, Stances.name
IN_COLUMNS: Final = (BALLOTS, STANCES)
"""Projections with so many rows that they are kept in columns."""
_NOTHING: Final[Texts] = {}


class FoldedSource:
    """See `Source`. `feed` every entry in the order of the log, or pass it over; what is read is true at the size so far."""

    def __init__(self, origin: str) -> None:
        self.origin = origin
        self.size = 0
        self.last_at = ""
        self._ballots = BallotColumns()
        self._stances = StanceColumns()
        folds = [projection for projection in PROJECTIONS if projection.name not in IN_COLUMNS]
        self._rows: dict[str, dict[str, Row]] = {projection.name: {} for projection in folds}
        self._texts: dict[Place, JsonValue] = {}
        """What was disclosed, each once, however many rows refer to it; choices of ballots are not among it."""
        self._unshown: set[Place] = set()
        """What was not disclosed."""
        self._readers: dict[str, list[Projection]] = {}
        for projection in folds:
            for wire_type in projection.handles:
                self._readers.setdefault(wire_type, []).append(projection)

    def feed(self, event: Event, disclosed: Disclosed) -> None:
        """Folds the next event, with the committed fields that are disclosed for it."""
        self.size = event.seq + 1
        self.last_at = event.at
        data = event.data
        if isinstance(data, BallotEvent):
            self._ballots.add(event, data, disclosed)
            return
        readers = self._readers.get(event.type, ())
        texts = references(event) if readers or isinstance(data, StanceEvent) else _NOTHING
        for name in texts:
            if name not in disclosed:
                self._unshown.add((event.seq, name))
            elif disclosed[name] is not None:
                self._texts[event.seq, name] = disclosed[name]
        if isinstance(data, StanceEvent):
            self._stances.add(event, data, texts)
        for projection in readers:
            rows = self._rows[projection.name]
            for key in projection.keys(event):
                row = projection.apply(key, rows.get(key), event, texts)
                if row is not None:
                    rows[key] = row
                else:
                    rows.pop(key, None)

    def pass_over(self, seq: int) -> None:
        """The next entry is redacted: it is counted, and nothing follows from it."""
        self.size = seq + 1

    def rows(self, projection: str) -> Iterator[tuple[str, Row]]:
        """See `Source.rows`."""
        rows = self.unresolved(projection)
        return rows if projection == BALLOTS else self.shown(rows)

    def row(self, projection: str, key: str) -> Row | None:
        """See `Source.row`; not for ballots and stances, whose rows are made as they are asked for."""
        row = self._rows[projection].get(key)
        return None if row is None else resolved_row(row, self._texts)

    def unresolved(self, projection: str) -> Iterator[tuple[str, Row]]:
        """See `Source.unresolved`."""
        if projection == BALLOTS:
            ballots = self._ballots.ballots(self._ballots.lines_by_key())
            return ((f"{ballot.step}/{ballot.actor}", row_of(ballot)) for ballot in ballots)
        if projection == STANCES:
            stances = self._stances.stances()
            return ((f"{stance.target}/{stance.actor}", stance_row(stance, self._stances.explained(stance))) for stance in stances)
        rows = self._rows[projection]
        return ((key, rows[key]) for key in sorted(rows))

    def shown(self, rows: Iterable[tuple[str, Row]]) -> Iterator[tuple[str, Row]]:
        """See `Source.shown`."""
        return resolved(rows, lambda seqs: self._texts)

    def unshown(self, places: Collection[Place]) -> frozenset[Place]:
        """See `Source.unshown`."""
        return frozenset(place for place in places if place in self._unshown)

    def ballots(self, step: str | None = None) -> Iterator[Ballot]:
        """See `Source.ballots`."""
        return self._ballots.ballots(self._ballots.last_lines(), step)

    def ballot_groups(self, step: str | None = None) -> Mapping[BallotGroup, int]:
        """See `Source.ballot_groups`."""
        return self._ballots.groups(step)

    def stances(self, step: str | None = None) -> Iterator[Stance]:
        """See `Source.stances`."""
        return self._stances.stances(step)

    def disclosed_choices(self, start: int, stop: int) -> Iterator[tuple[int, bytes]]:
        """See `Source.disclosed_choices`."""
        return self._ballots.disclosed_choices(start, stop)


def row_of(ballot: Ballot) -> Row:
    """The row of the projection `ballots` that says the same."""
    row: BallotRow = {"seq": ballot.seq, "revision": ballot.revision, "channel": ballot.channel, "hour": ballot.hour}
    if ballot.choices is not None:
        row["entries"] = orjson.loads(ballot.choices)
    if ballot.unknown_entries:
        row["unknown_entries"] = ballot.unknown_entries
    if ballot.withdrawn is not None:
        row["withdrawn"] = ballot.withdrawn
    if ballot.withdrawals:
        row["withdrawals"] = ballot.withdrawals
    return cast("Row", row)
