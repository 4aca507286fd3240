"""Where published files and results are made from: rows of projections, and ballots in the order of the log.

The service reads rows of its views, the auditor folds entries: past this protocol both run the same code and come to the same bytes.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import NamedTuple, Protocol, cast

import orjson

from ledger.projections.ballots import BallotRow
from ledger.projections.projection import Row
from ledger.projections.references import Place
from ledger.projections.stances import Stance


class Ballot(NamedTuple):
    """The last event of one person's ballot.

    `choices` are its entries as canonical JSON; None where the ballot is withdrawn, or sealed and not disclosed.
    """

    step: str
    actor: str
    seq: int
    revision: int
    channel: str
    hour: str
    choices: bytes | None
    withdrawn: str | None
    withdrawals: int
    """How many events of this ballot took it back."""
    unknown_entries: int


class BallotGroup(NamedTuple):
    """Ballots whose last events have all of this in common."""

    step: str
    channel: str
    hour: str
    is_withdrawn: bool


class Source(Protocol):
    """A project's projections at one size of its log."""

    origin: str
    size: int

    @property
    def last_at(self) -> str:
        """The time of the last entry; empty where there is none. Durations of what lasts are counted up to it."""
        ...

    def rows(self, projection: str) -> Iterator[tuple[str, Row]]:
        """(key, row) pairs, ascending by key (by code point)."""
        ...

    def row(self, projection: str, key: str) -> Row | None:
        """The row of one key, or None."""
        ...

    def unresolved(self, projection: str) -> Iterator[tuple[str, Row]]:
        """The pairs of `rows` with references in place of texts: for whoever needs no texts, or chooses among rows first."""
        ...

    def shown(self, rows: Iterable[tuple[str, Row]]) -> Iterator[tuple[str, Row]]:
        """Such pairs with texts in place of references."""
        ...

    def unshown(self, places: Collection[Place]) -> frozenset[Place]:
        """Those of these public fields whose texts may not be shown now: withheld, or erased. What was left out is not among them."""
        ...

    def ballots(self, step: str | None = None) -> Iterator[Ballot]:
        """Every ballot, or those of one step, ascending by seq. Of sealed ones `choices` is None: see `disclosed_choices`."""
        ...

    def ballot_groups(self, step: str | None = None) -> Mapping[BallotGroup, int]:
        """How many ballots there are of each group that has any, of one step or of all."""
        ...

    def stances(self, step: str | None = None) -> Iterator[Stance]:
        """Every stance, or those of one step, ascending by target and actor as the keys of their rows do."""
        ...

    def disclosed_choices(self, start: int, stop: int) -> Iterator[tuple[int, bytes]]:
        """(seq, entries as canonical JSON) of sealed ballots whose choices may be shown, for start ≤ seq < stop, ascending by seq."""
        ...


def written(entries: object) -> bytes:
    """Entries as canonical JSON, in bytes that may be kept: what `orjson` returns holds on to a kilobyte for each."""
    return bytes(memoryview(orjson.dumps(entries)))


def ballot_of(key: str, row: Row) -> Ballot:
    """A row of the projection `ballots` as a ballot."""
    step, _, actor = key.partition("/")
    told = cast("BallotRow", row)
    entries = told.get("entries")
    return Ballot(
        step,
        actor,
        told["seq"],
        told["revision"],
        told["channel"],
        told["hour"],
        None if entries is None else written(entries),
        told.get("withdrawn"),
        told.get("withdrawals", 0),
        told.get("unknown_entries", 0),
    )


def with_choices(ballots: Iterator[Ballot], choices: Iterator[tuple[int, bytes]]) -> Iterator[Ballot]:
    """The ballots with disclosed choices put in; both ascend by seq, and choices of other ballots are passed over."""
    seq, entries = -1, b""
    for ballot in ballots:
        if ballot.choices is not None or ballot.withdrawn is not None:
            yield ballot
            continue
        while seq < ballot.seq:
            found = next(choices, None)
            if found is None:
                yield ballot
                yield from ballots
                return
            seq, entries = found
        if seq == ballot.seq:
            step, actor, seq, revision, channel, hour, _, withdrawn, withdrawals, unknown = ballot
            # Not by `_replace`, which takes three times as long: all sealed ballots pass here.
            yield Ballot(step, actor, seq, revision, channel, hour, entries, withdrawn, withdrawals, unknown)
        else:
            yield ballot
