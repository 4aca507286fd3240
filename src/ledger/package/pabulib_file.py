"""The counted ballots of a budget step in the format of Pabulib (pabulib.org/format), so that other programs can count them again.

Projects stand in the order in which the rule considers them, which is also how the rule breaks ties: a reader that sorts them by score and
keeps their order among equals comes to the same selection. docs/formats/tables.md says what each column holds.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Final, TypeAlias, cast

from ledger.canonical import JsonValue
from ledger.package.pabulib_meta import WITHDRAWN_COST, meta, vote_type
from ledger.projections.readings.ballot_step import Candidate
from ledger.projections.readings.counting import entries_of, last_ballots
from ledger.projections.readings.currency import major
from ledger.projections.readings.outcomes import StepResult
from ledger.projections.readings.reading import Reading
from ledger.projections.source import Ballot
from ledger.projections.tables.turnout import held_back
from ledger.rules import greedy
from ledger.rules.ballot_form import RankedForm, YesNoBlankForm
from ledger.rules.profile import Entries
from ledger.rules.spec import ScoreBy
from ledger.rules.tally import place_points
from ledger.rules.ties import ladder

Marks: TypeAlias = list[tuple[int, int]]
"""(position, points) of a ballot, most points first; points without a meaning where the vote type has none."""

LINES_AT_ONCE: Final = 2048
MOST_KNOWN: Final = 2**17
"""How many different choices are kept written out."""

_VOTING_METHODS: Final = {"web": "internet", "paper": "paper"}
_NEEDS_QUOTES: Final = re.compile(r'[";\r\n]')
_UNFIT_ID: Final = re.compile(r'[",;\s]|\A(meta|projects|votes)\Z', re.IGNORECASE)


def is_budget_ballot(result: StepResult) -> bool:
    """True where the step's casting is over and money is spent by it: what the format can hold."""
    return result.step.over and result.step.rules.budget_minor is not None and bool(result.step.candidates)


def pabulib_file(reading: Reading, result: StepResult) -> Iterator[bytes]:
    """The bytes of the file, in pieces; memory does not grow with the number of ballots. Blank ballots cannot be listed in it."""
    marks_of = _marker(result)
    ids = project_ids(result.step.candidates)
    votes, points = _sums(result, marks_of)
    projects = _projects(reading, result, ids, votes, points)
    costs = sum(int(row["cost"].partition(".")[0]) for row in projects)
    blank = sum(count for entries, count in result.count.counted.profile.ballots.items() if not marks_of(entries))
    head = ["META", "key;value", *(_line(pair) for pair in meta(reading, result, result.count.counted.counted - blank, costs).items())]
    head += ["PROJECTS", _line(tuple(projects[0])), *(_line(tuple(row.values())) for row in projects)]
    yield ("\n".join(head) + "\n").encode()
    yield from _votes(reading, result, marks_of, ids)


def project_ids(candidates: Sequence[Candidate]) -> list[str]:
    """Position → id in the file: references as people see them; if one of them would break the format, those of the ledger for all."""
    shown = [candidate.shown for candidate in candidates]
    if len(set(shown)) == len(shown) and not any(_UNFIT_ID.search(name) for name in shown):
        return shown
    return [candidate.item.ref for candidate in candidates]


def _marker(result: StepResult) -> Callable[[Entries], Marks]:
    """A function from the entries of a ballot to the marks that the file lists."""
    form, score = result.step.rules.ballot, result.step.rules.score
    if isinstance(form, RankedForm):
        own = score if score.by == "borda" else ScoreBy(by="borda", variant="ballot_length_to_one")
        worth = place_points(own, form)

        def ranked(entries: Entries) -> Marks:
            return [(cast("int", position), worth(rank, len(entries))) for rank, position in enumerate(entries)]

        return ranked
    zeros = not isinstance(form, YesNoBlankForm)

    def marked(entries: Entries) -> Marks:
        if entries and isinstance(entries[0], tuple):
            return sorted((pair for pair in entries if zeros or pair[1]), key=lambda pair: (-pair[1], pair[0]))
        return [(position, 0) for position in cast("tuple[int, ...]", entries)]

    return marked


def _sums(result: StepResult, marks_of: Callable[[Entries], Marks]) -> tuple[list[int], list[int]]:
    """Per position, the listed ballots that name it, and their points."""
    votes, points = [0] * len(result.step.candidates), [0] * len(result.step.candidates)
    for entries, count in result.count.counted.profile.ballots.items():
        for position, worth in marks_of(entries):
            votes[position] += count
            points[position] += count * worth
    return votes, points


def _order(result: StepResult) -> list[int]:
    """All positions in the order of the rule; of the ballot paper where no rule was declared."""
    rules, outcome = result.step.rules, result.count.outcome
    if outcome.winners is None:
        return list(range(len(result.step.candidates)))
    score = {item.position: item.score for item in outcome.items}
    votes = {item.position: item.votes for item in outcome.items}
    rungs = ladder(rules, result.step.items, votes, result.count.counted.profile.lot)
    return greedy.order_of(score, score, rungs)


def _projects(reading: Reading, result: StepResult, ids: list[str], votes: list[int], points: list[int]) -> list[dict[str, str]]:
    """Column → cell for every project; columns that the format wants filled stand only where all projects fill them."""
    listed = {candidate.item.ref for candidate in result.step.candidates}
    known = ((key, row) for key, row in reading.source.unresolved("contributions") if key in listed)
    locations = {key: row["location"] for key, row in reading.source.shown(known)}
    names = {key: reading.words(row["name"]) for key, row in reading.source.rows("project") if key.startswith(("district/", "category/"))}
    rows = [_project(reading, result, position, ids, names, locations) for position in _order(result)]
    kept = [name for name in rows[0] if name not in _dropped(result, rows)]
    sums = {"votes": votes, "score": points}
    for row, position in zip(rows, _order(result), strict=True):
        row.update({name: str(numbers[position]) for name, numbers in sums.items()})
    return [{name: row[name] for name in kept} for row in rows]


def _dropped(result: StepResult, rows: list[dict[str, str]]) -> set[str]:
    dropped = {"score"} if vote_type(result.step.rules.ballot) in ("approval", "choose-1") else set()
    if result.count.outcome.winners is None:
        dropped.add("selected")
    if not any(row["category"] for row in rows):
        dropped.add("category")
    if not all(row["district"] for row in rows):
        dropped.add("district")
    if not any(row["latitude"] for row in rows):
        dropped |= {"latitude", "longitude"}
    return dropped


def _project(
    reading: Reading,
    result: StepResult,
    position: int,
    ids: list[str],
    names: Mapping[str, str],
    locations: Mapping[str, JsonValue],
) -> dict[str, str]:
    candidate = result.step.candidates[position]
    item = candidate.item
    withdrawn = position in result.count.withdrawn
    place = locations.get(item.ref)
    degrees = place if isinstance(place, dict) and place.get("latitude") and place.get("longitude") else {}
    return {
        "project_id": ids[position],
        "cost": str(WITHDRAWN_COST) if withdrawn else major(item.cost_minor, reading.currency),
        "votes": "",
        "score": "",
        "name": _one_line(reading.words(candidate.title)) or ids[position],
        "category": _one_line(_label(item.category, f"category/{item.category}", names).replace(",", " ")),
        "selected": _selected(result, position),
        "district": _label(item.district, f"district/{item.district}", names),
        "latitude": str(degrees.get("latitude", "")),
        "longitude": str(degrees.get("longitude", "")),
    }


def _selected(result: StepResult, position: int) -> str:
    """`1` by the rule and the budget, `2` with money outside it, `0` not."""
    outside = result.published["outside_rule"] if result.published is not None else []
    if position in result.winners:
        return "2" if result.count.outcome.status(position).reserve_minor else "1"
    return "2" if position in outside else "0"


def _label(ref: str | None, key: str, names: Mapping[str, str]) -> str:
    return "" if ref is None else _one_line(names.get(key, "")) or ref


def _votes(reading: Reading, result: StepResult, marks_of: Callable[[Entries], Marks], ids: list[str]) -> Iterator[bytes]:
    """The section VOTES, in the order of the log."""
    counted = result.count.counted
    with_points = vote_type(result.step.rules.ballot) not in ("approval", "choose-1")
    with_method = not held_back(counted) and counted.by_channel.keys() <= _VOTING_METHODS.keys() and bool(counted.by_channel)
    columns = ["voter_id", "vote", *(["points"] if with_points else []), *(["voting_method"] if with_method else [])]
    yield ("VOTES\n" + ";".join(columns) + "\n").encode()
    known: dict[bytes, str] = {}

    def line(ballot: Ballot) -> str | None:
        choices = ballot.choices
        if choices is None or counted.judge.reason(ballot) is not None:
            return None
        text = known.get(choices)
        if text is None:
            text = _vote(marks_of(entries_of(choices) or ()), ids, with_points=with_points)
            if len(known) < MOST_KNOWN:
                known[choices] = text
        if not text:
            return None
        return f"{ballot.actor};{text};{_VOTING_METHODS[ballot.channel]}\n" if with_method else f"{ballot.actor};{text}\n"

    lines = filter(None, map(line, last_ballots(reading.source, result.step)))
    while piece := "".join(islice(lines, LINES_AT_ONCE)):
        yield piece.encode()


def _vote(marks: Marks, ids: list[str], *, with_points: bool) -> str:
    """The cells `vote` and `points`; nothing for a blank ballot."""
    named = ",".join(ids[position] for position, _ in marks)
    return f"{named};{','.join(str(points) for _, points in marks)}" if with_points and marks else named


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _line(cells: Sequence[str]) -> str:
    return ";".join('"' + cell.replace('"', '""') + '"' if _NEEDS_QUOTES.search(cell) else cell for cell in cells)
