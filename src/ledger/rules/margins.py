"""By how much each candidate won or lost, everything else unchanged.

Greedy: the candidate's own score changes, nobody else's. Where score is votes, `short` is the least number of votes that would have funded
it and `spare` the greatest number it could have lost; elsewhere both are in points, given or taken on ballots that already name it, and
`votes_short` says how many votes it lacks to pass a threshold on votes. Shares of ballots keep their denominators.

Equal shares: the share of the deciding run is fixed, and new voters, each with a full share, support this candidate alone. `short` is the
least number of them that gets it bought from shares. What it could lose is not defined, because it depends on which supporters leave.

None: no number does it, or the number is not defined.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from typing import Literal

from ledger.rules import greedy
from ledger.rules.counting import Count, ready, tally_of
from ledger.rules.equal_shares.count import SharesCount, prepare
from ledger.rules.equal_shares.engine import Bid
from ledger.rules.equal_shares.purses import Purses
from ledger.rules.outcome import Json, Outcome
from ledger.rules.profile import Item, Profile
from ledger.rules.spec import RuleSpec, fraction
from ledger.rules.thresholds import support_needed

_NEVER = ("withdrawn", "outside_envelope", "quorum_not_met", "no_rule")


@dataclass(frozen=True, slots=True)
class Margin:
    """How far one candidate is from the other fate."""

    position: int
    short: int | None = None
    spare: int | None = None
    votes_short: int | None = None


@dataclass(frozen=True, slots=True)
class Margins:
    """The margins of all candidates, by position, with what they assume and in what they are counted."""

    assumes: Literal["others_unchanged", "share_fixed", "nothing"]
    unit: Literal["votes", "points"]
    items: tuple[Margin, ...]

    def to_json(self) -> dict[str, Json]:
        """The margins as canonical JSON; numbers that are not defined are left out."""
        rows: list[Json] = [
            {name: value for name in ("position", "short", "spare", "votes_short") if (value := getattr(margin, name)) is not None}
            for margin in self.items
        ]
        return {"assumes": self.assumes, "items": rows, "unit": self.unit}


def margins(spec: RuleSpec, profile: Profile, outcome: Outcome, *, withdrawn: frozenset[int] = frozenset()) -> Margins:
    """The margins of `outcome`, which is what `spec` makes of `profile` without the candidates `withdrawn`."""
    unit: Literal["votes", "points"] = "votes" if spec.score.by == "approvals" or spec.rule == "equal-shares" else "points"
    items = sorted(profile.items, key=lambda item: item.position)
    if spec.rule == "undeclared" or (outcome.shares is not None and outcome.shares.kept == "greedy"):
        return Margins("nothing", unit, tuple(Margin(item.position) for item in items))
    count = ready(spec, profile, tally_of(outcome), withdrawn)
    if spec.rule == "equal-shares":
        short = _short_of_shares(prepare(spec, profile, count.tally, count.ladder, count.eligible(items)), outcome)
        return Margins("share_fixed", unit, tuple(Margin(item.position, short=short.get(item.position)) for item in items))
    contest = _GreedyContest(spec, items, count)
    return Margins("others_unchanged", unit, tuple(contest.margin(item) for item in items))


class _GreedyContest:
    """A greedy count in which one candidate at a time is moved through the order of the others."""

    def __init__(self, spec: RuleSpec, items: Sequence[Item], count: Count) -> None:
        self.spec = spec
        self.items = items
        self.count = count
        self.order = greedy.order_of(count.eligible(items), count.tally.score, count.ladder)
        self.winners = frozenset(greedy.fund(spec, items, self.order).winners)

    def margin(self, item: Item) -> Margin:
        """The margin of one candidate."""
        position = item.position
        out = self.count.out.get(position)
        if out is not None and (out.code in _NEVER or out.code == "excluded_by"):
            return Margin(position)
        others = [other for other in self.order if other != position]
        last = self._last_funded_gap(position, others)
        votes, least = support_needed(self.spec, item, self.count.tally)
        has_votes, score = self.count.tally.votes[position], self.count.tally.score[position]
        floors = [least] if self.spec.threshold is not None and self.spec.threshold.on == "score" else []
        votes_short: int | None = None
        if self.spec.score.by == "approvals":
            floors.append(votes)
        else:
            votes_short = max(0, votes - has_votes) or None
            if self.spec.score.by in ("points", "borda"):
                floors.append(0)
        if last is None:
            return Margin(position, votes_short=votes_short)
        if last < len(others):
            floors.append(self._score_before(position, others[last]))
        if not floors:
            return Margin(position, votes_short=votes_short)
        if position in self.winners:
            return Margin(position, spare=score - max(floors))
        return Margin(position, short=max(0, max(floors) - score) or None, votes_short=votes_short)

    def _score_before(self, position: int, other: int) -> int:
        """The least score that puts `position` before `other`."""
        score = self.count.tally.score[other]
        mine, theirs = self.count.ladder.keys[position], self.count.ladder.keys[other]
        if self.spec.score.by == "approvals":
            # At an equal score they have equally many votes, so that rung does not tell them apart.
            apart = [index for index, rung in enumerate(self.spec.ties) if rung != "more_votes"]
            mine, theirs = tuple(mine[index] for index in apart), tuple(theirs[index] for index in apart)
        return score if mine < theirs else score + 1

    def _last_funded_gap(self, position: int, others: Sequence[int]) -> int | None:
        """The last place in `others` before which `position` would be funded (`len(others)`: after all), near its present place."""
        if self.spec.leftover is not None:
            return self._last_funded_gap_of_two(position, others)
        state = greedy.spending(self.spec, self.items)
        last: int | None = None
        # Money, places and closed accounts only dwindle, so once it would not be funded it never would be later.
        for gap, other in enumerate(others):
            if state.fate(position).code != "funded":
                return last
            last = gap
            state.turn(other)
        return len(others) if state.fate(position).code == "funded" else last

    def _last_funded_gap_of_two(self, position: int, others: Sequence[int]) -> int | None:
        """The same with a second round, in which coming later can also help: the nearest place of the other fate decides."""
        funded = self._funded_in_two_rounds(position, others)
        key = (-self.count.tally.score[position], self.count.ladder.keys[position])
        here = sum((-self.count.tally.score[other], self.count.ladder.keys[other]) < key for other in others)
        if position in self.winners:
            return next((gap - 1 for gap in range(here + 1, len(others) + 1) if not funded(gap)), len(others))
        return next((gap for gap in range(here, -1, -1) if funded(gap)), None)

    def _funded_in_two_rounds(self, position: int, others: Sequence[int]) -> Callable[[int], bool]:
        """Whether `position` is funded when its turn comes before `others[gap]`, in either round.

        A candidate that is passed over in the first round changes nothing for the others, so one count without it tells for all such
        places. Only where its turn would close an account is the whole counted again.
        """
        state = greedy.spending(self.spec, self.items)
        first = [state.fate(position).code]
        for other in others:
            state.turn(other)
            first.append(state.fate(position).code)
        passed_over = frozenset(others) - frozenset(state.winners)
        state.pool(self.spec.leftover.then if self.spec.leftover is not None else "skip")
        second = [state.fate(position).code]
        for other in others:
            if other in passed_over:
                state.turn(other)
            second.append(state.fate(position).code)

        def funded(gap: int) -> bool:
            if first[gap] == "unaffordable" and self.spec.unaffordable.then != "skip":
                order = [*others[:gap], position, *others[gap:]]
                return position in greedy.fund(self.spec, self.items, order).winners
            return "funded" in (first[gap], second[gap])

        return funded


def _short_of_shares(count: SharesCount, outcome: Outcome) -> dict[int, int]:
    """Position → the least number of new supporters that gets a loser bought from shares."""
    if outcome.shares is None:
        raise AssertionError("an outcome of equal shares tells how it was completed")
    funded = frozenset(outcome.winners or ())
    losers = [position for position in sorted(count.contest.costs) if position not in funded and count.contest.supporters[position].alike]
    if count.options.utility == "points":
        return {}
    share = fraction(outcome.shares.share)
    best: dict[int, int] = {}
    purses = count.engine.purses(share)
    for bid in count.engine.bids(share, purses):
        for position in losers:
            number = _to_come_first(count, position, bid, purses, share, best.get(position))
            if number is not None:
                best[position] = number
    for position in losers:
        missing = count.costs[position] - purses.together(count.contest.supporters[position])
        if share > 0:
            best[position] = min(best.get(position, ceil(missing / share)), ceil(missing / share))
    return best


def _to_come_first(count: SharesCount, position: int, bid: Bid, purses: Purses, share: Fraction, best: int | None) -> int | None:
    """The least number of new supporters with which `position` is bought instead of `bid`, if less than `best`; None otherwise."""
    supporters, cost = count.contest.supporters[position], count.costs[position]
    utility = supporters.utilities[0]
    asked = bid.offer.rho * utility
    each = min(asked, share)
    if best is not None and ceil((cost - asked * sum(supporters.weights)) / each) >= best:
        return None
    held = [(Fraction(purses.units(kind), purses.parts), weight) for (kind, _), weight in purses.classes(supporters).items()]
    reached = sum(min(asked, left) * weight for left, weight in held)
    number = max(0, ceil((cost - reached) / each))
    if reached + number * each == cost:
        # It is affordable at the price of `bid`, and maybe at less: when nobody who has more is asked to pay.
        cheaper = all(left < asked for left, _ in [*held, (share, number)])
        if not cheaper and not _wins_tie(count, position, bid.position, number):
            number += 1
    return number if best is None or number < best else None


def _wins_tie(count: SharesCount, position: int, other: int, more_votes: int) -> bool:
    mine: Mapping[int, int] = dict(enumerate(count.ladder.keys[position]))
    keys = tuple(mine[index] - (more_votes if rung == "more_votes" else 0) for index, rung in enumerate(count.spec.ties))
    return keys < count.ladder.keys[other]
