"""Which ballots count, and why the others do not. Nothing of this is stored: it follows from the ballots and the step.

A ballot counts if it is the last of its owner, lies below the closing (on paper: below the end of keying), its owner is on the roll where
there is one and was not marked present on paper, its choices are known and possible, and they suffice. Blank ballots count as cast.
docs/formats/results.md lists the reasons; where several hold, the first in that list is told.
"""

from base64 import urlsafe_b64encode
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final, Literal, TypeAlias, cast

import orjson

from ledger.canonical import canonical_trusted
from ledger.projections.projection import Row
from ledger.projections.readings.ballot_step import BallotStep
from ledger.projections.source import Ballot, Source, with_choices
from ledger.rules.ballot_form import RankedForm
from ledger.rules.choices import below_minimum, checker
from ledger.rules.profile import Entries, Profile

Reason: TypeAlias = Literal[
    "replaced",
    "withdrawn",
    "after_close",
    "not_on_roll",
    "paper_attendance",
    "undisclosed",
    "invalid",
    "invalid_after_disclosure",
    "under_minimum",
]
"""Why a ballot does not count."""

MOST_KNOWN: Final = 2**18
"""How many different choices a judge keeps in mind."""

_INT: Final = frozenset({int})

BALLOTS_DOMAIN: Final = b"ledger-ballots/v1\n"


def digest_of(domain: bytes, body: bytes) -> str:
    """SHA-256 over domain and body, in base64url without padding."""
    return urlsafe_b64encode(sha256(domain + body).digest()).rstrip(b"=").decode()


def entries_of(choices: bytes) -> Entries | None:
    """The entries that canonical JSON writes: positions, or pairs of position and value. None where it writes something else."""
    value = orjson.loads(choices)
    if not isinstance(value, list):
        return None
    kinds = set(map(type, value))
    if kinds <= _INT:
        return tuple(value)
    pairs = all(type(entry) is list and len(entry) == 2 and type(entry[0]) is int and type(entry[1]) is int for entry in value)
    return tuple((position, number) for position, number in value) if pairs else None


class Judge:
    """Says of each ballot of a step whether it counts. Made once per step; choices it keeps in mind are not examined again."""

    def __init__(self, source: Source, step: BallotStep, actor: str | None = None) -> None:
        """With `actor` it judges that person's ballot alone, and reads nobody else's line of the roll."""
        self.step = step
        self._form = step.rules.ballot
        self._items = step.items
        self._check = checker(self._form, self._items)
        self._limits: dict[str, int] = {}
        self._members: set[str] | None = None
        self._on_paper: set[str] = set()
        self.attended: int | None = None
        """How many were marked present below the cut-off; None where there is no roll."""
        if step.row["has_roll"]:
            self._members = set()
            self._read_roll(source, self._members, actor)
        self._known: dict[bytes, Reason | None] = {}

    def _read_roll(self, source: Source, members: set[str], only: str | None) -> None:
        prefix = f"{self.step.ref}/"
        attended = 0
        for key, row in source.rows("roll") if only is None else _line(source, f"{prefix}{only}"):
            if key.startswith(prefix):
                actor = key[len(prefix) :]
                if row["listed_seq"] is not None:
                    members.add(actor)
                if row["channel"] == "paper":
                    self._on_paper.add(actor)
                if isinstance(row["attended_seq"], int) and row["attended_seq"] < self.step.cut_off:
                    attended += 1
        self.attended = attended

    def reason(self, ballot: Ballot) -> Reason | None:
        """Why the ballot does not count; None where it does."""
        if ballot.withdrawn is not None:
            return "withdrawn"
        limit = self._limits.get(ballot.channel)
        if limit is None:
            limit = self._limits[ballot.channel] = self.step.limit(ballot.channel)
        if ballot.seq >= limit:
            return "after_close"
        if self._members is not None:
            if ballot.actor not in self._members:
                return "not_on_roll"
            if ballot.channel != "paper" and ballot.actor in self._on_paper:
                return "paper_attendance"
        if ballot.choices is None:
            return "undisclosed"
        try:
            return self._known[ballot.choices]
        except KeyError:
            reason = self.choices_reason(ballot.choices)
            if len(self._known) < MOST_KNOWN:
                self._known[ballot.choices] = reason
            return reason

    def choices_reason(self, choices: bytes) -> Reason | None:
        """Why a ballot with these choices does not count, whoever cast it; None where it does."""
        entries = entries_of(choices)
        if entries is None or self._check(entries) is not None:
            return "invalid_after_disclosure" if self.step.sealed else "invalid"
        return "under_minimum" if below_minimum(entries, self._form, self._items) is not None else None


def _line(source: Source, key: str) -> Iterator[tuple[str, Row]]:
    row = source.row("roll", key)
    if row is not None:
        yield key, row


@dataclass(slots=True)
class Counted:
    """The ballots of a step that count, alike ones together, and how many do not, by reason."""

    judge: Judge
    profile: Profile
    counted: int
    not_counted: dict[str, int]
    """Reason → ballots, replaced and withdrawn ones too; only reasons that occur, by name."""
    by_channel: dict[str, int]
    """Channel → ballots that count."""
    last_by_channel: dict[str, int]
    """Channel → last events of ballots, counted or not."""
    unknown_entries: int
    """Marks of imported ballots that name nothing on the ballot paper."""

    def ballots_digest(self) -> str:
        """SHA-256 over the counted ballots, alike ones together, whoever cast them (docs/formats/results.md)."""
        lines = sorted(canonical_trusted(entries) + b" " + str(count).encode() + b"\n" for entries, count in self.profile.ballots.items())
        return digest_of(BALLOTS_DOMAIN, b"".join(lines))


@dataclass(slots=True)
class _Totals:
    not_counted: Counter[str] = field(default_factory=Counter)
    by_channel: Counter[str] = field(default_factory=Counter)
    last_by_channel: Counter[str] = field(default_factory=Counter)
    choices: dict[bytes, int] = field(default_factory=dict)
    unknown_entries: int = 0


def last_ballots(source: Source, step: BallotStep) -> Iterator[Ballot]:
    """The last event of every ballot of the step, ascending by seq, with choices where they may be known."""
    ballots = source.ballots(step.ref)
    if not step.sealed:
        return ballots
    opened = step.row["opened"]
    if step.row["disclosed"] is None or opened is None:
        return ballots
    return with_choices(ballots, source.disclosed_choices(opened["seq"], step.cut_off))


def count_ballots(source: Source, step: BallotStep) -> Counted:
    """All ballots of the step, told apart."""
    judge = Judge(source, step)
    totals = _totals(judge, last_ballots(source, step))
    counted = sum(totals.choices.values())
    roll = step.row["roll"]
    enrolled = cast("int | None", roll["count"]) if roll is not None else None
    return Counted(
        judge,
        Profile(step.items, _alike(step, totals.choices), enrolled, None if step.lot is None else step.lot.seed),
        counted,
        {reason: count for reason, count in sorted(totals.not_counted.items()) if count},
        dict(sorted(totals.by_channel.items())),
        dict(sorted(totals.last_by_channel.items())),
        totals.unknown_entries,
    )


def _totals(judge: Judge, ballots: Iterator[Ballot]) -> _Totals:
    totals = _Totals()
    choices, reason_of = totals.choices, judge.reason
    by_channel: dict[str, int] = {}
    for ballot in ballots:
        channel = ballot.channel
        by_channel[channel] = by_channel.get(channel, 0) + 1
        if ballot.revision > 1:
            _add_earlier(totals.not_counted, ballot)
        reason = reason_of(ballot)
        if reason is None:
            entries = cast("bytes", ballot.choices)
            choices[entries] = choices.get(entries, 0) + 1
            totals.unknown_entries += ballot.unknown_entries
        else:
            totals.by_channel[channel] -= 1
            if reason != "withdrawn":
                totals.not_counted[reason] += 1
    totals.last_by_channel.update(by_channel)
    totals.by_channel.update(by_channel)
    totals.by_channel = +totals.by_channel
    return totals


def _add_earlier(not_counted: Counter[str], ballot: Ballot) -> None:
    """Counts what the owner cast before: each earlier ballot was either replaced or withdrawn."""
    cast_ballots = ballot.revision - ballot.withdrawals
    not_counted["withdrawn"] += ballot.withdrawals
    not_counted["replaced"] += cast_ballots - ballot.withdrawals - (1 if ballot.withdrawn is None else 0)


def _alike(step: BallotStep, choices: dict[bytes, int]) -> dict[Entries, int]:
    """Alike ballots together: where the order of entries has no meaning, they are sorted first."""
    ordered = isinstance(step.rules.ballot, RankedForm)
    alike: dict[Entries, int] = {}
    while choices:
        written, count = choices.popitem()
        entries = entries_of(written)
        if entries is None:
            raise AssertionError("choices that count were read before")
        if not ordered and len(entries) > 1:
            entries = tuple(sorted(entries))  # type: ignore[assignment]  # sorting keeps the kind
        alike[entries] = alike.get(entries, 0) + count
    return alike
