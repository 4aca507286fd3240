"""A rule applied to a profile. The count is made ready once (`Count`), so that margins and counterfactuals do not add up ballots again."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from ledger.rules import greedy
from ledger.rules.combinations import check_spec
from ledger.rules.equal_shares import count as equal_shares
from ledger.rules.equal_shares.count import Checking
from ledger.rules.outcome import ItemResult, Outcome, Status
from ledger.rules.profile import Item, Profile
from ledger.rules.spec import RuleSpec
from ledger.rules.tally import Tally, tally
from ledger.rules.thresholds import kept_out
from ledger.rules.ties import Ladder, ladder


@dataclass(frozen=True, slots=True)
class Count:
    """The sums of the ballots, the ladder over them, and who does not take part, and why."""

    tally: Tally
    ladder: Ladder
    out: dict[int, Status]

    def eligible(self, items: Iterable[Item]) -> frozenset[int]:
        """Positions of those who take part."""
        return frozenset(item.position for item in items if item.position not in self.out)


def compute(
    spec: RuleSpec, profile: Profile, *, withdrawn: frozenset[int] = frozenset(), exact: bool = False, every_run: bool = False
) -> Outcome:
    """The outcome of `spec` over the valid ballots of `profile`, without the candidates `withdrawn`.

    Equal shares are counted by the fast engine. `exact`: the reference repeats the deciding runs; `every_run`: it repeats all. Raises
    `RuleUndefined` for options without a meaning together, or a share of a roll that there is not; `EnginesDisagree`.
    """
    check_spec(spec)
    checking: Checking = "every" if every_run else "deciding" if exact else "none"
    return counted(spec, profile, tally(spec, profile), withdrawn, checking)


def ready(spec: RuleSpec, profile: Profile, sums: Tally, withdrawn: frozenset[int]) -> Count:
    """The count made ready from the sums of the ballots."""
    return Count(sums, ladder(spec, profile.items, sums.votes, profile.lot), kept_out(spec, profile.items, sums, withdrawn))


def counted(spec: RuleSpec, profile: Profile, sums: Tally, withdrawn: frozenset[int], checking: Checking) -> Outcome:
    """The outcome, given the sums of the ballots; `spec` is known to be defined."""
    if spec.rule == "undeclared":
        return _outcome(spec, profile, sums, {item.position: Status("no_rule") for item in profile.items})
    count = ready(spec, profile, sums, withdrawn)
    eligible = count.eligible(profile.items)
    if spec.rule == "greedy":
        return _greedy_outcome(spec, profile, count, greedy.run(spec, profile.items, sums.score, count.ladder, eligible))
    shares = equal_shares.run(spec, profile, sums, count.ladder, eligible, checking)
    if shares.greedy is not None:
        return replace(_greedy_outcome(spec, profile, count, shares.greedy), shares=shares.detail)
    account = shares.account
    bare = _outcome(spec, profile, sums, {**count.out, **account.statuses})
    spent = sum(purchase.cost_minor for purchase in account.purchases)
    return replace(bare, winners=shares.winners, spent_minor=spent, ties=shares.ties, trace=tuple(account.purchases), shares=shares.detail)


def _greedy_outcome(spec: RuleSpec, profile: Profile, count: Count, found: greedy.GreedyRun) -> Outcome:
    bare = _outcome(spec, profile, count.tally, {**count.out, **found.statuses})
    return replace(bare, winners=found.winners, spent_minor=found.spent_minor, ties=found.ties, trace=found.visits)


def _outcome(spec: RuleSpec, profile: Profile, sums: Tally, statuses: Mapping[int, Status]) -> Outcome:
    """An outcome without winners."""
    items = tuple(
        ItemResult(item.position, sums.votes[item.position], sums.score[item.position], item.cost_minor, statuses[item.position])
        for item in sorted(profile.items, key=lambda item: item.position)
    )
    return Outcome(
        rule=spec.rule_id,
        winners=None,
        items=items,
        cast=sums.cast,
        blank=sums.blank,
        budget_minor=spec.budget_minor,
        spent_minor=0,
        enrolled=sums.enrolled,
    )


def tally_of(outcome: Outcome) -> Tally:
    """The sums that `outcome` was counted from."""
    return Tally(
        votes={result.position: result.votes for result in outcome.items},
        score={result.position: result.score for result in outcome.items},
        cast=outcome.cast,
        blank=outcome.blank,
        enrolled=outcome.enrolled,
    )
