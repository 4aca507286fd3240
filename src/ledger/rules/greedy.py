"""The greedy rule: candidates in order of score, each funded while its cost fits (the usual rule of participatory budgets).

A candidate's turn comes once, in one order over all envelopes. Its accounts are looked at (`envelopes`); where one holds too little, `skip`
passes on, `stop` closes that account for everyone after, and `fund_if_left` closes it too, but funds this first unaffordable candidate when
the declared share of its cost is left, a reserve paying the rest (Poznań). With a declared leftover, what the accounts still hold is pooled
and the candidates not funded have a second turn in the same order.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby, pairwise

from ledger.rules.envelopes import TOTAL, Accounts, accounts
from ledger.rules.outcome import Status, TieMet, Visit
from ledger.rules.profile import Item
from ledger.rules.spec import RuleSpec, fraction
from ledger.rules.ties import Ladder


@dataclass(slots=True)
class Spending:
    """The state of a count between two turns."""

    spec: RuleSpec
    costs: Mapping[int, int]
    accounts: Accounts
    sets_of: Mapping[int, tuple[int, ...]]
    """Position → indices of the exclusive sets it belongs to."""
    then: str
    closed: dict[int, int] = field(default_factory=dict)
    """Account → position of the candidate that closed it."""
    taken: dict[int, int] = field(default_factory=dict)
    """Exclusive set → its funded member."""
    winners: list[int] = field(default_factory=list)
    reserve: int = 0

    def left_for(self, position: int) -> int:
        """The money that is left for `position`: the least of its accounts."""
        return min(self.accounts.left[account] for account in self.accounts.draws[position])

    def fate(self, position: int) -> Status:
        """What the turn of `position` would bring now. Changes nothing."""
        for index in self.sets_of.get(position, ()):
            if index in self.taken:
                return Status("excluded_by", by=self.taken[index])
        if self.spec.max_winners is not None and len(self.winners) >= self.spec.max_winners:
            return Status("max_winners")
        draws, cost = self.accounts.draws[position], self.costs[position]
        for account in draws:
            if account in self.closed:
                return Status("stopped", by=self.closed[account])
        left = self.left_for(position)
        if cost <= left:
            return Status("funded")
        if self.then == "fund_if_left" and left >= fraction(self.spec.unaffordable.ratio or "1/1") * cost:
            return Status("funded", reserve_minor=cost - left)
        bound_only = len(draws) > 1 and self.accounts.left[TOTAL] >= cost
        return Status("envelope_exhausted" if bound_only else "unaffordable", left_minor=left)

    def turn(self, position: int) -> Status:
        """Gives `position` its turn and returns what it brought."""
        status = self.fate(position)
        if status.code == "funded":
            self._pay(position, status.reserve_minor or 0)
        elif status.code in ("unaffordable", "envelope_exhausted") and self.then != "skip":
            self._close(position)
        return status

    def _pay(self, position: int, reserve: int) -> None:
        for account in self.accounts.draws[position]:
            self.accounts.left[account] -= self.costs[position] - reserve
        for index in self.sets_of.get(position, ()):
            self.taken[index] = position
        self.winners.append(position)
        if reserve:
            self.reserve += reserve
            self._close(position)

    def _close(self, position: int) -> None:
        """Closes the first account that holds too little for `position`."""
        for account in self.accounts.draws[position]:
            if self.accounts.left[account] < self.costs[position]:
                self.closed[account] = position
                return

    def pool(self, then: str) -> None:
        """Turns what every account still holds into one common account."""
        self.accounts = Accounts([sum(self.accounts.left)], dict.fromkeys(self.accounts.draws, (TOTAL,)))
        self.closed = {}
        self.then = then


@dataclass(frozen=True, slots=True)
class GreedyRun:
    """Winners in order of funding, the fate of everyone who had a turn, the turns, and what was paid (`reserve` not from the budget)."""

    winners: tuple[int, ...]
    statuses: Mapping[int, Status]
    visits: tuple[Visit, ...]
    ties: tuple[TieMet, ...]
    spent_minor: int


def order_of(positions: Iterable[int], score: Mapping[int, int], ladder: Ladder) -> list[int]:
    """Positions by score, greatest first, then by the ladder."""
    return sorted(positions, key=lambda position: (-score[position], ladder.keys[position]))


def spending(spec: RuleSpec, items: Sequence[Item]) -> Spending:
    """The state before the first turn."""
    by_ref = {item.ref: item.position for item in items}
    sets_of: dict[int, tuple[int, ...]] = {}
    for index, exclusive in enumerate(spec.exclusive_sets):
        for member in exclusive.members:
            if member in by_ref:
                sets_of[by_ref[member]] = (*sets_of.get(by_ref[member], ()), index)
    costs = {item.position: item.cost_minor for item in items}
    return Spending(spec, costs, accounts(spec, items), sets_of, spec.unaffordable.then)


def fund(spec: RuleSpec, items: Sequence[Item], order: Sequence[int]) -> Spending:
    """The state after everyone in `order` had a turn, in both rounds. What counts is in `winners`; `run` also says why."""
    state = spending(spec, items)
    for position in order:
        state.turn(position)
    if spec.leftover is not None:
        state.pool(spec.leftover.then)
        funded = frozenset(state.winners)
        for position in order:
            if position not in funded:
                state.turn(position)
    return state


def run(spec: RuleSpec, items: Sequence[Item], score: Mapping[int, int], ladder: Ladder, eligible: Iterable[int]) -> GreedyRun:
    """The count over the candidates that take part."""
    order = order_of(eligible, score, ladder)
    state = spending(spec, items)
    statuses: dict[int, Status] = {}
    visits: list[Visit] = []
    _round(state, order, score, statuses, visits, pooled=False)
    if spec.leftover is not None:
        state.pool(spec.leftover.then)
        funded = frozenset(state.winners)
        _round(state, [position for position in order if position not in funded], score, statuses, visits, pooled=True)
    spent = sum(state.costs[position] for position in state.winners) - state.reserve
    return GreedyRun(tuple(state.winners), statuses, tuple(visits), _ties(order, score, ladder, visits, statuses), spent)


def _round(
    state: Spending, order: Iterable[int], score: Mapping[int, int], statuses: dict[int, Status], visits: list[Visit], *, pooled: bool
) -> None:
    for position in order:
        left = state.left_for(position)
        status = state.turn(position)
        step = len(visits) + 1
        visits.append(Visit(step, position, score[position], state.costs[position], left, status.code, pooled))
        statuses[position] = Status(status.code, step, status.left_minor, status.by, None, status.reserve_minor)


def _ties(
    order: Iterable[int], score: Mapping[int, int], ladder: Ladder, visits: Iterable[Visit], statuses: Mapping[int, Status]
) -> tuple[TieMet, ...]:
    first_step: dict[int, int] = {}
    for visit in visits:
        first_step.setdefault(visit.position, visit.step)
    met = []
    for _, equal in groupby(order, key=lambda position: score[position]):
        members = tuple(equal)
        if len(members) > 1:
            fates = {statuses[position].code == "funded" for position in members}
            broken_by = tuple(ladder.breaker(one, other) for one, other in pairwise(members))
            met.append(TieMet(first_step[members[0]], members, broken_by, split=len(fates) == 2))
    return tuple(met)
