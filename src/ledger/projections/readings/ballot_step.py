"""A ballot step as the count sees it: rules, candidates and limits, read from rows of projections."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypedDict, cast

import orjson

from ledger.canonical import JsonValue
from ledger.projections.projection import Row
from ledger.projections.readings.drawing import lot_in
from ledger.projections.source import Source
from ledger.rules.lot import Lot, is_drawn_later
from ledger.rules.profile import Item
from ledger.rules.spec import RuleSpec


class Stamp(TypedDict):
    """When something happened."""

    seq: int
    at: str


class AnnouncedRow(Stamp):
    """Rules as they were set before the opening."""

    rules: JsonValue


class AmendmentRow(Stamp):
    """Rules amended after the opening."""

    code: str
    after_close: bool
    rules: JsonValue


class MissingRow(TypedDict):
    """Ballots that were never posted."""

    channel: str
    count: int | None


class PublishedRow(Stamp):
    """What the authority announced."""

    selected: list[int]
    outside_rule: list[int]
    ballots_missing: list[MissingRow]


class OverrideRow(Stamp):
    """A decision against the tally."""

    position: int
    funded: bool
    code: str


class StepRow(TypedDict):
    """A row of the projection `steps`, as far as the count reads it."""

    ref: str
    title: Mapping[str, str] | None
    has_roll: bool
    takes_paper: bool
    secrecy: str | None
    announced: AnnouncedRow | None
    rules: JsonValue
    rules_digest: str | None
    opened: Stamp | None
    closed: Stamp | None
    paper_closed: Stamp | None
    candidates: dict[str, JsonValue] | None
    roll: dict[str, JsonValue] | None
    disclosed: Stamp | None
    amendments: list[AmendmentRow]
    published: list[PublishedRow]
    overrides: list[OverrideRow]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A line of the ballot paper, with what is known of the contribution behind it."""

    item: Item
    shown: str
    """Its reference as people see it."""
    external_ref: str | None
    title: Mapping[str, str] | None
    withdrawn_seq: int | None
    withdrawn_code: str | None


@dataclass(frozen=True, slots=True)
class BallotStep:
    """A step whose rules were set. `size` is the size of the log at which it is seen."""

    ref: str
    row: StepRow
    rules: RuleSpec
    candidates: tuple[Candidate, ...]
    """By position."""
    size: int
    lot: Lot | None = None
    """What ties are broken by, where the rules have it drawn and it was."""

    @property
    def items(self) -> tuple[Item, ...]:
        """The candidates as the rules see them."""
        return tuple(candidate.item for candidate in self.candidates)

    @property
    def sealed(self) -> bool:
        """True where choices are secret until they are disclosed together."""
        return self.row["secrecy"] == "sealed"

    @property
    def over(self) -> bool:
        """True when nothing more can be cast: closed, and the keying of paper too."""
        return self.row["closed"] is not None and not (self.row["takes_paper"] and self.row["paper_closed"] is None)

    @property
    def cut_off(self) -> int:
        """The seq below which ballots can count: of the event that ended the casting; while it goes on, the size of the log."""
        closed, paper = self.row["closed"], self.row["paper_closed"]
        if not self.over or closed is None:
            return self.size
        return max(closed["seq"], paper["seq"] if paper is not None else 0)

    def limit(self, channel: str) -> int:
        """The seq below which a ballot of this channel counts."""
        end = self.row["paper_closed"] if channel == "paper" and self.row["takes_paper"] else self.row["closed"]
        return end["seq"] if end is not None else self.size

    @property
    def withdrawn(self) -> frozenset[int]:
        """Positions whose contribution was withdrawn before the cut-off; they do not take part in the count."""
        return self._withdrawn(0, self.cut_off)

    @property
    def withdrawn_after(self) -> frozenset[int]:
        """Positions whose contribution was withdrawn after it."""
        return self._withdrawn(self.cut_off, self.size)

    def _withdrawn(self, start: int, stop: int) -> frozenset[int]:
        return frozenset(
            candidate.item.position
            for candidate in self.candidates
            if candidate.withdrawn_seq is not None and start <= candidate.withdrawn_seq < stop
        )

    @property
    def why_pending(self) -> str | None:
        """Why there is nothing to count yet, or None: `not_open`, `never_open`, `sealed`, `not_drawn`."""
        if self.row["opened"] is None:
            return "not_open" if self.row["closed"] is None else "never_open"
        if self.sealed and self.row["disclosed"] is None:
            return "sealed"
        return "not_drawn" if self.lot is None and is_drawn_later(self.rules.lottery) else None

    def shown(self, position: int) -> str:
        """The reference of a candidate as people see it; a position that is not on the ballot paper is told by its number."""
        return self.candidates[position].shown if 0 <= position < len(self.candidates) else f"#{position}"


def ballot_steps(source: Source) -> Iterator[BallotStep]:
    """The steps whose rules were set, by reference ascending."""
    lines: dict[str, list[tuple[tuple[int, int], Row]]] = {}
    for key, row in source.rows("candidates"):
        lines.setdefault(key.partition("/")[0], []).append((_order(row), row))
    listed_refs = {row["ref"] for rows in lines.values() for _, row in rows}
    # Of a consultation's thousands of contributions, texts are looked up of those that stand on a ballot paper.
    known = ((key, row) for key, row in source.unresolved("contributions") if key in listed_refs) if lines else iter(())
    contributions = dict(source.shown(known))
    for ref, row in source.rows("steps"):
        told = cast("StepRow", row)
        if told["rules"] is not None:
            listed = [line for _, line in sorted(lines.get(ref, ()), key=lambda pair: pair[0])]
            candidates = tuple(_candidate(position, line, contributions) for position, line in enumerate(listed))
            rules = read_rules(told["rules"])
            yield BallotStep(ref, told, rules, candidates, source.size, lot_in(row, rules, source.origin))


def ballot_step(source: Source, ref: str) -> BallotStep | None:
    """The step of this reference as a ballot is judged by it, None where its rules were not set. Of its candidates no text is looked up,
    nor whether they were withdrawn.
    """
    row = source.row("steps", ref)
    if row is None or row["rules"] is None:
        return None
    prefix = f"{ref}/"
    listed = sorted((line for key, line in source.unresolved("candidates") if key.startswith(prefix)), key=_order)
    candidates = tuple(_candidate(position, line, {}) for position, line in enumerate(listed))
    rules = read_rules(row["rules"])
    return BallotStep(ref, cast("StepRow", row), rules, candidates, source.size, lot_in(row, rules, source.origin))


def read_rules(rules: JsonValue) -> RuleSpec:
    """The rules as they stand in a row."""
    return RuleSpec.model_validate_json(orjson.dumps(rules))


def _order(row: Row) -> tuple[int, int]:
    return cast("int", row["seq"]), cast("int", row["place"])


class _LineRow(TypedDict):
    ref: str
    cost_minor: int
    district: str | None
    category: str | None


class _ContributionRow(TypedDict):
    external_ref: str | None
    title: Mapping[str, str] | None
    withdrawn_seq: int | None
    withdrawn_code: str | None


def _candidate(position: int, row: Row, contributions: Mapping[str, Row]) -> Candidate:
    line = cast("_LineRow", row)
    item = Item(position, line["ref"], line["cost_minor"], line["district"], line["category"])
    if line["ref"] not in contributions:
        return Candidate(item, line["ref"], None, None, None, None)
    known = cast("_ContributionRow", contributions[line["ref"]])
    external = known["external_ref"]
    return Candidate(item, external or line["ref"], external, known["title"], known["withdrawn_seq"], known["withdrawn_code"])
