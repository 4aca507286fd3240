"""The read path on one screen: a project's log and views become what is shown of it, at any size of its log.

Every answer is true at one size. Counts are kept by what they depend on (step, cut-off, rules), so that a result is counted once, however
often it is read and whatever is said about it later.
"""

from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import islice
from threading import Lock
from typing import Final, cast

from ledger.canonical import JsonValue
from ledger.errors import (
    ClusteringNotFound,
    ContentNotFound,
    ContentVersionNotFound,
    ParameterInvalid,
    RankingNotFound,
    StepNotFound,
    TextNotFound,
)
from ledger.events.redacted import is_redacted
from ledger.exports.view_source import ViewSource, dated, last_dated
from ledger.ports import ProjectLog, Row, Views
from ledger.projections.ballots import Ballots
from ledger.projections.readings.arguments import support_of, threads
from ledger.projections.readings.ballot_step import BallotStep
from ledger.projections.readings.change_register import change_register
from ledger.projections.readings.consensus import clusterings, consensus_document
from ledger.projections.readings.contributions import ANY, Choice, chosen, cut, unanswered, with_waiting
from ledger.projections.readings.erasure_register import erasure_register
from ledger.projections.readings.moderation_register import ANYTHING, Wanted, register, with_contents
from ledger.projections.readings.my_ballot import Line, my_ballot
from ledger.projections.readings.outcomes import Count, count_of
from ledger.projections.readings.pages import page
from ledger.projections.readings.participation_days import Told, participation_of
from ledger.projections.readings.published_differences import published_differences
from ledger.projections.readings.ranking import Chosen, ranking_document
from ledger.projections.readings.reading import Reading, read
from ledger.projections.readings.result_document import Json, result_document, results_document
from ledger.projections.readings.sections import text_document, texts_of
from ledger.projections.readings.versions import content_of, difference_of, versions_of
from ledger.projections.source import Source, ballot_of
from ledger.projections.tables.timeline import flags
from ledger.rules.scales import Ranking

_HOUR: Final = 13
"""Characters of an instant up to its hour."""


class Counts:
    """The counts made lately, of all projects; a count that is asked for again is not made again. Shared between threads."""

    def __init__(self, most: int = 32) -> None:
        self._most = most
        self._kept: OrderedDict[tuple[str, str, int, str | None, int], Count] = OrderedDict()
        self._lock = Lock()

    def of(self, source: Source, step: BallotStep, redactions: int = 0) -> Count:
        """The count of a step that is not pending. Two threads that miss the same one both count, and come to the same.

        `redactions` is the redaction size of the log: what was counted before an entry was redacted is not asked for again.
        """
        key = (source.origin, step.ref, step.cut_off, step.row["rules_digest"], redactions)
        with self._lock:
            kept = self._kept.get(key)
            if kept is not None:
                self._kept.move_to_end(key)
                return kept
        count = count_of(source, step)
        with self._lock:
            self._kept[key] = count
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return count


class Publisher:
    """What one project shows. `size` is always one that the views have reached: take it from `size`, or `size_at`."""

    def __init__(self, ref: str, origin: str, log: ProjectLog, views: Views, counts: Counts) -> None:
        self.ref = ref
        self.origin = origin
        self._log = log
        self._views = views
        self._counts = counts

    def size(self) -> int:
        """The newest size that every view has reached."""
        return self._views.reflected()

    def visibility_size(self) -> int:
        """See `ProjectLog.visibility_size`; to be asked before anything that shows texts is read."""
        return self._log.visibility_size()

    def size_at(self, at: str | None) -> int:
        """The size that `at` names: a seq (that entry is the last one seen), or an instant (the last entry not dated after it).

        Entries dated by the hour count as made when their hour began. Never more than `size`. Raises `ParameterInvalid`.
        """
        reached = self.size()
        if at is None:
            return reached
        if at.isascii() and at.isdecimal() and len(at) < 17:
            return min(int(at) + 1, reached)
        if len(at) < len("2026-03-01T10") or at[10] != "T" or not at.endswith("Z"):
            raise ParameterInvalid("at", "give a seq, or a time in UTC such as 2026-03-01T10:00:00Z")
        instant = at[:-1] if "." in at else f"{at[:-1]}.000"
        return self._size_at_instant(f"{instant}Z", reached)

    def source(self, size: int) -> ViewSource:
        """The projections at this size: what exports are made from."""
        return ViewSource(self.origin, size, self._views, self._log)

    def reading(self, size: int) -> Reading:
        """Everything published at this size, its results counted."""
        redactions = self._log.redaction_size()
        return read(self.source(size), counting=lambda source, step: self._counts.of(source, step, redactions))

    def summary(self, size: int) -> Json:
        """The project in short: what it says of itself, its divisions, and where its steps stand."""
        parts: dict[str, list[JsonValue]] = {"district": [], "category": [], "envelope": [], "meeting": []}
        told: Json = {"project": self.ref, "origin": self.origin, "seq": size - 1, "size": size}
        source = self.source(size)
        for key, row in source.rows("project"):
            kind = key.partition("/")[0]
            if kind in parts:
                parts[kind].append(dict(row))
            else:
                told |= row
        steps: list[JsonValue] = [dict(row) for _, row in source.rows("steps")]
        return {**told, **{f"{kind}s" if kind != "category" else "categories": rows for kind, rows in parts.items()}, "steps": steps}

    def proposals(self, size: int, after: str = "", limit: int | None = None) -> Iterator[Row]:
        """Contributions by reference ascending, those after the reference `after`, at most `limit`."""
        pairs = islice((pair for pair in self._views.rows("contributions", size) if pair[0] > after), limit)
        return (row for _, row in self.source(size).shown(pairs))

    def contributions(
        self, size: int, after: int = -1, limit: int | None = None, choice: Choice = ANY, waiting: bool = False
    ) -> Iterator[Json]:
        """Contributions by their last change, those changed after the seq `after`, as `cut` cuts them, each with `waited_days`.

        `waiting`: only those without an answer.
        """
        source = self.source(size)
        pairs = chosen(source.latest("contributions", after), choice)
        now = source.last_at
        return (with_waiting(row, now) for _, row in source.shown(cut(unanswered(pairs) if waiting else pairs, limit)))

    def content(self, target: str, size: int) -> Json:
        """One contribution or argument, `contribution/<ref>` or `argument/<ref>`, with its versions (`versions_of`).

        Raises `ContentNotFound`.
        """
        source = self.source(size)
        row = self._found(source, target)
        versions: list[JsonValue] = [*versions_of(source, target, row)]
        told = with_waiting(row, source.last_at) if target.startswith("contribution/") else row
        return {**told, "versions": versions}

    def difference(self, target: str, one: int, other: int, size: int) -> Json:
        """How version `other` of a content differs from version `one` (`difference_of`).

        Raises `ContentNotFound`, `ContentVersionNotFound`.
        """
        source = self.source(size)
        row = self._found(source, target)
        count = len(cast("list[int]", row["versions"]))
        for version in (one, other):
            if not 1 <= version <= count:
                raise ContentVersionNotFound(self.ref, target, version, count)
        found = {cast("int", version["version"]): version for version in versions_of(source, target, row, sorted({one, other}))}
        return {"target": target, **difference_of(found[one], found[other])}

    def texts(self, size: int) -> Iterator[Row]:
        """The texts that were put up for participation, by reference, without their sections."""
        source = self.source(size)
        return (row for _, row in source.shown((ref, row) for ref, (row, _) in texts_of(source).items()))

    def text(self, ref: str, size: int) -> Json:
        """One text, section by section (`text_document`); raises `TextNotFound`."""
        document = text_document(self.source(size), ref)
        if document is None:
            raise TextNotFound(self.ref, ref)
        return document

    def arguments(self, size: int, after: int = -1, limit: int | None = None) -> Iterator[Row]:
        """Arguments by their last change, those changed after the seq `after`, as `cut` cuts them."""
        source = self.source(size)
        return (row for _, row in source.shown(cut(source.latest("arguments", after), limit)))

    def threads(self, contribution: str, size: int, side: str | None = None) -> Iterator[Json]:
        """The arguments of a contribution as `threads` orders them; with `side`, those on it alone. Raises `ContentNotFound`."""
        source = self.source(size)
        self._found(source, f"contribution/{contribution}")
        rows = [row for _, row in source.unresolved("arguments") if row["contribution"] == contribution and side in (None, row["side"])]
        support = support_of({str(row["ref"]): source.row("tallies", f"argument/{row['ref']}") for row in rows})
        return (dict(line) for line in self._worded(source, threads(rows, support)))

    def ranking(self, step: str, size: int, method: Ranking | None = None, chosen: Chosen | None = None) -> Json:
        """The ranking of a step (`ranking_document`); raises `RankingNotFound` where there is none of that name that takes stances."""
        document = ranking_document(self.source(size), step, method, chosen)
        if document is None:
            raise RankingNotFound(self.ref, step)
        return document

    def clusterings(self, step: str, size: int) -> list[Row]:
        """The sealed clusterings of a step, by reference, without their members."""
        return [clustering.row for clustering in clusterings(self.source(size), step)]

    def consensus(self, step: str, clustering: str, size: int) -> Json:
        """The group-informed consensus of a step (`consensus_document`); raises `ClusteringNotFound`."""
        document = consensus_document(self.source(size), step, clustering)
        if document is None:
            raise ClusteringNotFound(self.ref, step, clustering)
        return document

    def differences(self, size: int) -> list[Json]:
        """Counts that a source published and that do not follow from the log (`published_differences`)."""
        return [difference.json() for difference in published_differences(self.source(size))]

    def moderation(self, size: int, after: int = -1, limit: int | None = None, wanted: Wanted = ANYTHING) -> Iterator[Row]:
        """The moderation register, as `page` orders and cuts it."""
        source, about = self.source(size), partial(self._content, size)
        lines = register(source.latest("moderation", after), source.last_at, wanted)
        # Only a contribution's kind has to be looked up before it is known which lines are of the page.
        known = lines if wanted.kind is None else with_contents(lines, about, wanted)
        return self._worded(source, with_contents(page(known, after, limit), about))

    def erasures(self, size: int, after: int = -1, limit: int | None = None, what: str | None = None) -> Iterator[Row]:
        """The erasure register, as `page` orders and cuts it; `what`: see `erasure_register`."""
        source = self.source(size)
        return self._worded(source, page(erasure_register(source.latest("erasures", after), source.last_at, what), after, limit))

    def changes(
        self, size: int, after: int = -1, limit: int | None = None, step: str | None = None, what: str | None = None
    ) -> Iterator[Row]:
        """The register of rule and date changes in the order of the log; `step` and `what`: see `change_register`."""
        lines = change_register(self._views.rows("changes", size), step, what)
        return self._worded(self.source(size), page(lines, after, limit))

    def participation(self, size: int, step: str | None = None) -> Iterator[Told]:
        """Acts by day and channel, of all steps or one (`ledger.projections.readings.participation_days`)."""
        return participation_of(self.source(size), step)

    def results(self, size: int) -> Json:
        """All results in short (docs/formats/results.md)."""
        return results_document(self.reading(size), self.ref)

    def result(self, step: str, size: int) -> Json:
        """The full result of one step; raises `StepNotFound` where there is no step of that name with rules."""
        reading = self.reading(size)
        if step not in reading.results:
            raise StepNotFound(self.ref, step)
        return result_document(reading, reading.results[step])

    def my_ballot(self, step: str, actor: str, lines: Sequence[Line], size: int) -> Json:
        """What became of one person's ballot (`my_ballot`); `lines` are the entries of its stream. Raises `StepNotFound`."""
        source = self.source(size)
        key = f"{step}/{actor}"
        row = source.row(Ballots.name, key)
        told = my_ballot(source, step, actor, None if row is None else ballot_of(key, row), lines)
        if told is None:
            raise StepNotFound(self.ref, step)
        return told

    def timeline(self, size: int, after: int = -1, limit: int | None = None) -> Iterator[Json]:
        """Events of the process in words, those after the seq `after`, at most `limit`, each with its flags."""
        source = self.source(size)
        marked = flags(source)
        pairs = islice((pair for pair in self._views.rows("timeline", size) if _seq(pair[1]) > after), limit)
        for _, row in source.shown(pairs):
            marks: list[JsonValue] = [*marked.get(_seq(row), ())]
            yield {**row, "flags": marks}

    def _found(self, source: ViewSource, target: str) -> Row:
        row = content_of(source, target)
        if row is None:
            raise ContentNotFound(self.ref, target)
        return row

    def _content(self, size: int, target: str) -> Row | None:
        family, _, ref = target.partition("/")
        return self._views.row(f"{family}s", ref, size)

    def _worded(self, source: ViewSource, lines: Iterable[Row]) -> Iterator[Row]:
        return (line for _, line in source.shown(("", line) for line in lines))

    def _size_at_instant(self, instant: str, reached: int) -> int:
        """The hours of entries never decrease, so the hour is found by halving; within it, entries dated finer are looked at one by one."""
        low, high = 0, reached
        while low < high:
            middle = (low + high) // 2
            if self._at(middle)[:_HOUR] > instant[:_HOUR]:
                high = middle
            else:
                low = middle + 1
        last = low
        first, high = 0, last
        while first < high:
            middle = (first + high) // 2
            if self._at(middle)[:_HOUR] < instant[:_HOUR]:
                first = middle + 1
            else:
                high = middle
        for seq, entry in self._log.entries(first, last):
            if not is_redacted(entry) and dated(entry) > instant:
                return seq
        return last

    def _at(self, seq: int) -> str:
        """When the entry was recorded; of a redacted one, the time of the last before it that is not."""
        return last_dated(self._log, seq + 1)


def _seq(row: Row) -> int:
    seq = row["seq"]
    return seq if isinstance(seq, int) else -1
