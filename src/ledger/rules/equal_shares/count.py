"""A whole count by equal shares: free candidates, shares, completion, comparison, and the account of it step by step."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, TypeAlias

from ledger.errors import EnginesDisagree
from ledger.rules import greedy
from ledger.rules.equal_shares import reference
from ledger.rules.equal_shares.comparison import preferences
from ledger.rules.equal_shares.completion import Elect, Search, bought_with_leftover, deciding_search, first_share, searches
from ledger.rules.equal_shares.contest import Contest, contest
from ledger.rules.equal_shares.engine import Bid, Engine
from ledger.rules.equal_shares.purses import BROKE, Purses
from ledger.rules.outcome import Purchase, SharesDetail, Status, TieMet
from ledger.rules.profile import Profile
from ledger.rules.spec import EqualShares, RuleSpec
from ledger.rules.tally import Tally
from ledger.rules.ties import Ladder

Checking: TypeAlias = Literal["none", "deciding", "every"]
"""Which runs the reference repeats."""


@dataclass(slots=True)
class Account:
    """What is told of a count while it is gone through again: purchases in order, fates, and ties."""

    purchases: list[Purchase]
    statuses: dict[int, Status]
    ties: list[tuple[int, tuple[int, ...]]]

    @property
    def winners(self) -> tuple[int, ...]:
        """Positions in order of purchase."""
        return tuple(purchase.position for purchase in self.purchases)


@dataclass(frozen=True, slots=True)
class SharesRun:
    """The result of a count by equal shares; `greedy` is set where the comparison kept it instead."""

    winners: tuple[int, ...]
    account: Account
    ties: tuple[TieMet, ...]
    detail: SharesDetail
    greedy: greedy.GreedyRun | None


@dataclass(frozen=True, slots=True)
class SharesCount:
    """One count made ready: its contest, engine, free candidates and the budget. `order`: everyone who takes part, by score."""

    spec: RuleSpec
    options: EqualShares
    budget_minor: int
    costs: Mapping[int, int]
    contest: Contest
    engine: Engine
    voters: int
    order: Sequence[int]
    ladder: Ladder

    @property
    def free(self) -> tuple[int, ...]:
        """Supported candidates that cost nothing, by score: all are funded, before anything is bought."""
        return tuple(position for position in self.order if self.costs[position] == 0 and position in self.contest.supporters)

    def searches(self, checking: Checking) -> dict[str, Search]:
        """The deciding runs of the completions, by name; raises `EnginesDisagree`."""
        elect: Elect = self._checked if checking == "every" else self.engine.elect
        start = first_share(self.options, self.budget_minor, self.voters)
        return searches(elect, self.contest.costs, self.budget_minor, start, self.options.increment_minor)

    def check(self, search: Search) -> None:
        """Repeats the deciding run of `search`, and the one that overspent, by the reference; raises `EnginesDisagree`."""
        self._checked(search.share)
        if search.overspending_share is not None:
            self._checked(search.overspending_share)

    def _checked(self, share: Fraction) -> tuple[int, ...]:
        winners = self.engine.elect(share)
        if winners != reference.elect(self.contest, share):
            raise EnginesDisagree(rule=self.spec.rule_id, share=f"{share.numerator}/{share.denominator}")
        return winners


def prepare(spec: RuleSpec, profile: Profile, tally: Tally, ladder: Ladder, eligible: frozenset[int]) -> SharesCount:
    """The count of `eligible` candidates, ready to run."""
    if spec.equal_shares is None or spec.budget_minor is None:
        raise AssertionError("check_spec refuses equal shares without options or budget")
    made = contest(spec, profile, eligible, ladder)
    costs = {item.position: item.cost_minor for item in profile.items}
    order = greedy.order_of(eligible, tally.score, ladder)
    return SharesCount(spec, spec.equal_shares, spec.budget_minor, costs, made, Engine(made), tally.expressed, order, ladder)


def run(spec: RuleSpec, profile: Profile, tally: Tally, ladder: Ladder, eligible: frozenset[int], checking: Checking) -> SharesRun:
    """The count of `eligible` candidates, told step by step."""
    count = prepare(spec, profile, tally, ladder, eligible)
    search = deciding_search(count.options.completion, count.searches(checking))
    if checking == "deciding":
        count.check(search)
    account = _account(count, search.share)
    if count.options.completion in ("add1u", "utilitarian"):
        _complete(count, account)
    instead, prefer = _compare(count, account.winners, profile, tally)
    ties = tuple(_tie_met(count.ladder, step, members, account.statuses) for step, members in account.ties)
    detail = SharesDetail(
        share=f"{search.share.numerator}/{search.share.denominator}",
        voters=count.voters,
        runs=search.runs,
        ended=search.ended,
        kept="equal_shares" if instead is None else "greedy",
        prefer_equal_shares=None if prefer is None else prefer[0],
        prefer_greedy=None if prefer is None else prefer[1],
    )
    return SharesRun(account.winners if instead is None else instead.winners, account, ties, detail, instead)


def winners_by_completion(count: SharesCount, found: Mapping[str, Search]) -> dict[str, tuple[int, ...]]:
    """Winners under every completion that has an increment where it needs one, in order of funding, before any comparison."""
    winners = {name: (*count.free, *search.winners) for name, search in found.items()}
    for name, base in (("utilitarian", "none"), ("add1u", "add1")):
        if base in winners:
            winners[name] = (*winners[base], *_leftover_winners(count, winners[base]))
    return winners


def greedy_instead(count: SharesCount, profile: Profile, tally: Tally) -> greedy.GreedyRun:
    """The greedy count of the same candidates by the same score, passing over what does not fit."""
    spec = count.spec.model_copy(update={"rule": "greedy", "equal_shares": None})
    return greedy.run(spec, profile.items, tally.score, count.ladder, count.order)


def kept_greedy(count: SharesCount, winners: Iterable[int], instead: Iterable[int]) -> tuple[bool, tuple[int, int] | None]:
    """Whether the declared comparison keeps greedy, and the two numbers of ballots it compared."""
    if count.options.comparison == "none":
        return False, None
    prefer = preferences(count.contest, winners, instead, count.options.comparison)
    return prefer[1] > prefer[0], prefer


def _compare(
    count: SharesCount, winners: tuple[int, ...], profile: Profile, tally: Tally
) -> tuple[greedy.GreedyRun | None, tuple[int, int] | None]:
    if count.options.comparison == "none":
        return None, None
    instead = greedy_instead(count, profile, tally)
    keep, prefer = kept_greedy(count, winners, instead.winners)
    return (instead if keep else None), prefer


def _account(count: SharesCount, share: Fraction) -> Account:
    """Goes through the run at `share` again and notes who pays what, who can no longer be paid, and who was equal."""
    account = Account([], {}, [])
    for position in count.free:
        step = len(account.purchases) + 1
        account.purchases.append(Purchase(step, position, "free", 0, _floor(share * count.voters)))
        account.statuses[position] = Status("funded", step)
    purses = count.engine.purses(share)
    waiting = set(count.contest.costs)
    money = share * count.voters
    for bid in count.engine.bids(share, purses):
        _note_short(count, purses, waiting, account)
        money -= count.costs[bid.position]
        account.purchases.append(_purchase(len(account.purchases) + 1, bid, count.costs[bid.position], purses, money))
        account.statuses[bid.position] = Status("funded", len(account.purchases))
        if len(bid.tied) > 1:
            account.ties.append((len(account.purchases), bid.tied))
        waiting.discard(bid.position)
    _note_short(count, purses, waiting, account)
    for position in count.order:
        if position not in account.statuses:
            # Every ballot that names it gives it nothing, so nobody has money for it.
            account.statuses[position] = Status("supporters_money_insufficient", 0, 0)
    return account


def _note_short(count: SharesCount, purses: Purses, waiting: set[int], account: Account) -> None:
    """Takes from `waiting` whose supporters no longer have its cost, and notes after which step that was."""
    for position in sorted(waiting):
        if count.engine.short(position, purses):
            waiting.discard(position)
            left = _floor(purses.together(count.contest.supporters[position]))
            account.statuses[position] = Status("supporters_money_insufficient", len(account.purchases), left)


def _purchase(step: int, bid: Bid, cost_minor: int, purses: Purses, money: Fraction) -> Purchase:
    full = part = broke = 0
    greatest = Fraction(0)
    for kind, utility, voters in bid.offer.rows:
        asked, held = bid.offer.rho * utility, Fraction(purses.units(kind), purses.parts)
        greatest = max(greatest, min(asked, held))
        if kind == BROKE:
            broke += voters
        elif held >= asked:
            full += voters
        else:
            part += voters
    return Purchase(
        step=step,
        position=bid.position,
        phase="shares",
        cost_minor=cost_minor,
        money_left_minor=_floor(money),
        effective_votes_thousandths=_floor(1000 * cost_minor / greatest),
        max_payment_thousandths=_floor(1000 * greatest),
        paid_in_full=full,
        paid_in_part=part,
        broke=broke,
    )


def _complete(count: SharesCount, account: Account) -> None:
    """Buys with the budget that is left what fits, in order of score."""
    left_minor = count.budget_minor - sum(count.costs[position] for position in account.winners)
    rest = [position for position in count.order if position not in frozenset(account.winners)]
    for position, left, fits in bought_with_leftover(rest, count.costs, left_minor):
        step = len(account.purchases) + 1
        if fits:
            cost = count.costs[position]
            account.purchases.append(Purchase(step, position, "completion", cost, left - cost))
            account.statuses[position] = Status("funded", step)
        else:
            account.statuses[position] = Status("unaffordable", step - 1, left)


def _leftover_winners(count: SharesCount, winners: tuple[int, ...]) -> list[int]:
    left_minor = count.budget_minor - sum(count.costs[position] for position in winners)
    rest = [position for position in count.order if position not in frozenset(winners)]
    return [position for position, _, fits in bought_with_leftover(rest, count.costs, left_minor) if fits]


def _tie_met(ladder: Ladder, step: int, members: tuple[int, ...], statuses: Mapping[int, Status]) -> TieMet:
    broken_by = tuple(ladder.breaker(members[index], members[index + 1]) for index in range(len(members) - 1))
    return TieMet(step, members, broken_by, split=len({statuses[position].code == "funded" for position in members}) == 2)


def _floor(value: Fraction) -> int:
    return value.numerator // value.denominator
