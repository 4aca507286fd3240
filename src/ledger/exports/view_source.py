"""The projections of a project at one size as the service has them: rows from its views, texts and choices from its log."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Final

from ledger.events.redacted import is_redacted
from ledger.exports.remembered_texts import RememberedTexts
from ledger.ports import ProjectLog, Row, Views
from ledger.projections.references import Lookup, Place, resolved
from ledger.projections.source import Ballot, BallotGroup, ballot_of, written
from ledger.projections.stances import Stance, stance_of
from ledger.sealing import read_disclosure

ENTRIES: Final = "entries"
_AT: Final = b'"at":"'


class ViewSource:
    """See `Source`: rows from views, texts and sealed choices from the log's disclosures, at one size. Texts are those of now."""

    def __init__(self, origin: str, size: int, views: Views, log: ProjectLog) -> None:
        self.origin = origin
        self.size = size
        self._views = views
        self._log = log
        self._texts: Lookup = log.texts
        self._groups: dict[str | None, Mapping[BallotGroup, int]] = {}
        """Step, or None for all → groups, each counted once: at one size they stay what they are."""

    def remembering(self) -> "ViewSource":
        """The same source, which opens a text once and shows it from then on as it was: see `RememberedTexts`."""
        source = ViewSource(self.origin, self.size, self._views, self._log)
        source._texts = RememberedTexts(self._log).texts
        return source

    @property
    def last_at(self) -> str:
        """See `Source.last_at`."""
        return last_dated(self._log, self.size)

    def rows(self, projection: str) -> Iterator[tuple[str, Row]]:
        """See `Source.rows`."""
        return self.shown(self._views.rows(projection, self.size))

    def unresolved(self, projection: str) -> Iterator[tuple[str, Row]]:
        """See `Source.unresolved`."""
        return self._views.rows(projection, self.size)

    def latest(self, projection: str, after: int = -1) -> Iterator[tuple[str, Row]]:
        """The same pairs in the order of `Views.latest`."""
        return self._views.latest(projection, self.size, after)

    def row(self, projection: str, key: str) -> Row | None:
        """See `Source.row`."""
        row = self._views.row(projection, key, self.size)
        return None if row is None else next(self.shown([(key, row)]))[1]

    def shown(self, rows: Iterable[tuple[str, Row]]) -> Iterator[tuple[str, Row]]:
        """See `Source.shown`. Choose among rows first: a text costs more than a row."""
        return resolved(rows, self._texts)

    def unshown(self, places: Collection[Place]) -> frozenset[Place]:
        """See `Source.unshown`."""
        shown = self._texts(sorted({seq for seq, _ in places})) if places else {}
        return frozenset(place for place in places if place not in shown)

    def ballots(self, step: str | None = None) -> Iterator[Ballot]:
        """See `Source.ballots`."""
        prefix = "" if step is None else f"{step}/"
        for key, row in self._views.latest("ballots", self.size):
            if key.startswith(prefix):
                yield ballot_of(key, row)

    def ballot_groups(self, step: str | None = None) -> Mapping[BallotGroup, int]:
        """See `Source.ballot_groups`."""
        found = self._groups.get(step)
        if found is None:
            ballots = self.ballots(step)
            found = self._groups[step] = Counter(BallotGroup(of.step, of.channel, of.hour, of.withdrawn is not None) for of in ballots)
        return found

    def stances(self, step: str | None = None) -> Iterator[Stance]:
        """See `Source.stances`."""
        for key, row in self._views.rows("stances", self.size):
            if step is None or row["step"] == step:
                yield stance_of(key, row)

    def disclosed_choices(self, start: int, stop: int) -> Iterator[tuple[int, bytes]]:
        """See `Source.disclosed_choices`."""
        for seq, name, text in self._log.disclosures(start, stop):
            if name == ENTRIES:
                yield seq, written(read_disclosure(text).value)


def dated(entry: bytes) -> str:
    """The envelope's `at`: in canonical form nothing but a pseudonym stands before it."""
    start = entry.index(_AT) + len(_AT)
    return entry[start : start + len("2026-03-01T10:00:00.000Z")].decode()


def last_dated(log: ProjectLog, size: int) -> str:
    """The time of the last of the first `size` entries whose bytes are there; empty where there is none.

    The first entry is never redacted, so few are looked at.
    """
    for last in range(size - 1, -1, -1):
        for _, entry in log.entries(last, last + 1):
            if not is_redacted(entry):
                return dated(entry)
    return ""
