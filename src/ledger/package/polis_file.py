"""The stances of a step in the files of Polis' open data (github.com/compdemocracy/openData), so that programs for these can read them.

A step has them where it takes stances on contributions by agree, pass and disagree. docs/formats/package.md says what each column holds.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from itertools import islice
from typing import Final, cast

from ledger.package.csv_table import guarded
from ledger.package.delimited import delimited, folder_of, hour_of
from ledger.package.stances_by_step import StancesByStep, Taken
from ledger.projections.projection import Row
from ledger.projections.readings.reading import Reading
from ledger.projections.readings.tally import declared_by
from ledger.projections.tallies import TallyRow
from ledger.rules.scales import Scale

SCALE: Final[Scale] = "agree_pass_disagree"
_VOTES: Final = {"agree": "1", "pass": "0", "disagree": "-1"}
_CELLS: Final = ("", *_VOTES.values())
_CODES: Final = {value: code for code, value in enumerate(_VOTES, 1)}
MOST_CELLS: Final = 1 << 24
"""Cells of the matrix of participants that are held at once; each part of that size is one more pass over the stances."""
_LONGEST_NUMBER: Final = 9
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def polis_files(reading: Reading) -> Iterator[tuple[str, Iterator[bytes]]]:
    """(name, bytes in pieces) of the files of every step that has them; nothing is read before a file is."""
    kinds = {ref: of_step for ref, declared in declared_by(reading.source).items() if (of_step := declared.kinds_on(SCALE))}
    stances = StancesByStep(reading.source, kinds)
    for ref, step in reading.source.rows("steps"):
        if ref in kinds:
            conversation = Conversation(reading, ref, step, kinds[ref], stances)
            for name, make in conversation.files.items():
                yield f"polis/{folder_of(ref)}/{name}", make()


@dataclass(frozen=True, slots=True)
class _Comment:
    """What is known of a comment before its text is looked up: its number, its author, and its row with references."""

    number: int
    author: str | None
    row: Row


class Conversation:
    """One step: its comments and its voters by number. Each is found out when it is first needed, and then kept."""

    def __init__(self, reading: Reading, ref: str, step: Row, kinds: frozenset[str], stances: StancesByStep) -> None:
        self._reading, self._ref, self._step, self._kinds, self._all_stances = reading, ref, step, kinds, stances

    @property
    def files(self) -> Mapping[str, Callable[[], Iterator[bytes]]]:
        """The files by name, each made as it is read."""
        return {
            "comments.csv": lambda: delimited(self._comments_lines()),
            "participants-votes.csv": lambda: delimited(self._participants_lines()),
            "summary.csv": lambda: delimited(self._summary_lines()),
            "votes.csv": lambda: delimited(self._votes_lines()),
        }

    @cached_property
    def _comments(self) -> dict[str, _Comment]:
        """Target → comment, by reference. Numbers are those that the contributions go by, or count them in the order of the log."""
        rows = [row for _, row in self._reading.source.unresolved("contributions") if self._has(row)]
        shown = [str(row["external_ref"] or row["ref"]) for row in rows]
        if len(set(shown)) == len(shown) and all(map(_is_number, shown)):
            numbers = [int(name) for name in shown]
        else:
            place = {row["ref"]: number for number, row in enumerate(sorted(rows, key=lambda row: cast("int", row["seq"])))}
            numbers = [place[row["ref"]] for row in rows]
        return {
            f"contribution/{row['ref']}": _Comment(number, cast("str | None", row["author"]), row)
            for row, number in zip(rows, numbers, strict=True)
        }

    def _has(self, row: Row) -> bool:
        return row["step"] == self._ref and row["kind"] in self._kinds

    @cached_property
    def _voters(self) -> dict[str, int]:
        """Pseudonym → number, ascending: whoever has a stance on a comment now."""
        return {actor: number for number, actor in enumerate(sorted({stance.actor for stance in self._stances()}))}

    @cached_property
    def _authors(self) -> dict[str | None, int]:
        """Pseudonym → number, after those of the voters, whose pseudonyms are others even of the same people; nobody is the last."""
        authors = sorted({comment.author for comment in self._comments.values() if comment.author is not None})
        return {author: number for number, author in enumerate([*authors, None], len(self._voters))}

    @cached_property
    def _clustering(self) -> tuple[str, Row] | None:
        """The key and the row of the step's clustering that was completed last."""
        rows = [
            pair for pair in self._reading.source.rows("clusters") if pair[1].get("step") == self._ref and pair[1]["sealed_seq"] is not None
        ]
        return max(rows, key=lambda pair: cast("int", pair[1]["sealed_seq"]), default=None)

    def _stances(self) -> Iterator[Taken]:
        """The stances on comments that are not taken back, by target and pseudonym."""
        comments = self._comments
        return (stance for stance in self._all_stances.of(self._ref) if stance.target in comments and stance.value in _VOTES)

    def _comments_lines(self) -> Iterator[tuple[str, ...]]:
        """By reference. The counts are those of all rows, as Polis publishes them: a change of mind is one more."""
        yield ("timestamp", "datetime", "comment-id", "author-id", "agrees", "disagrees", "moderated", "comment-body")
        comments, casts = self._comments, self._casts()
        rows = self._reading.source.shown((target, comment.row) for target, comment in comments.items())
        for target, row in rows:
            comment, counted = comments[target], casts.get(target, {})
            yield (
                *_times(str(row["claimed_at"] or row["submitted_at"])),
                str(comment.number),
                str(self._authors[comment.author]),
                *(str(counted.get(value, 0)) for value in ("agree", "disagree")),
                "-1" if row["moderation"] is not None else "1" if row["moderated"] else "0",
                guarded("\n".join(filter(None, (self._reading.words(row[name]) for name in ("title", "body"))))),
            )

    def _casts(self) -> dict[str, dict[str, int]]:
        """Target → value → how often it was taken."""
        rows = ((target, cast("TallyRow", row)) for target, row in self._reading.source.unresolved("tallies"))
        return {target: row["casts"] for target, row in rows if target in self._comments}

    def _votes_lines(self) -> Iterator[tuple[str, ...]]:
        """By reference of the comment, then number of the voter."""
        yield ("timestamp", "datetime", "comment-id", "voter-id", "vote")
        comments, voters = self._comments, self._voters
        for stance in self._stances():
            number = str(comments[stance.target].number)
            yield (*_times(stance.hour), number, str(voters[stance.actor]), _VOTES[str(stance.value)])

    def _participants_lines(self) -> Iterator[tuple[str, ...]]:
        """A line for each voter, with their stance on each comment."""
        comments = sorted((comment.number, target) for target, comment in self._comments.items())
        yield (
            *("participant", "group-id", "n-comments", "n-votes", "n-agree", "n-disagree"),
            *(str(number) for number, _ in comments),
        )
        columns = {target: place for place, (_, target) in enumerate(comments)}
        groups, width = self._groups(), len(comments)
        voters = iter(self._voters)
        first = 0
        while some := list(islice(voters, max(1, MOST_CELLS // max(1, width)))):
            cells = self._matrix(first, len(some), columns)
            for place, actor in enumerate(some):
                line = cells[place * width : (place + 1) * width]
                agreed, passed, disagreed = (line.count(code) for code in _CODES.values())
                counts = (agreed + passed + disagreed, agreed, disagreed)
                # How many comments a voter wrote is not known: authors go by other pseudonyms.
                yield (str(first + place), groups.get(actor, ""), "", *map(str, counts), *(_CELLS[code] for code in line))
            first += len(some)

    def _matrix(self, first: int, size: int, columns: Mapping[str, int]) -> bytearray:
        """The stances of `size` voters from number `first` on, a byte for each comment."""
        width = len(columns)
        cells = bytearray(size * width)
        for stance in self._stances():
            place = self._voters[stance.actor] - first
            if 0 <= place < size:
                cells[place * width + columns[stance.target]] = _CODES[str(stance.value)]
        return cells

    def _groups(self) -> dict[str, str]:
        """Pseudonym → number of the group, where the step has a clustering."""
        if self._clustering is None:
            return {}
        prefix = f"{self._clustering[0]}/"
        lists = (row for key, row in self._reading.source.rows("clusters") if key.startswith(prefix))
        return {member: str(row["group"]) for row in lists for member in cast("list[str]", row["members"])}

    def _summary_lines(self) -> Iterator[tuple[str, ...]]:
        words, clustering = self._reading.words, self._clustering
        project = self._reading.project or {}
        voters = str(len(self._voters))
        yield ("topic", guarded(words(self._step["title"])))
        yield ("url", self._reading.source.origin)
        yield ("views", "")
        yield ("voters", voters)
        yield ("voters-in-conv", voters)
        yield ("commenters", str(len({comment.author for comment in self._comments.values()} - {None})))
        yield ("comments", str(len(self._comments)))
        yield ("groups", "" if clustering is None else str(clustering[1]["groups"] or ""))
        yield ("conversation-description", guarded(words(project.get("description"))))


def _is_number(name: str) -> bool:
    return name.isascii() and name.isdecimal() and len(name) <= _LONGEST_NUMBER and str(int(name)) == name


def _times(at: str) -> tuple[str, str]:
    """The hour in milliseconds after 1970, and in words, as Polis writes them; both empty where it is none."""
    hour = hour_of(at)
    if hour is None:
        return "", ""
    words = f"{_DAYS[hour.weekday()]} {_MONTHS[hour.month - 1]} {hour:%d %H}:00:00 UTC {hour.year:04d}"
    return str((hour - _EPOCH) // timedelta(milliseconds=1)), words
