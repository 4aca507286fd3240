"""Whether ballots known to be missing can account for a published selection: by showing ballots that would."""

from collections.abc import Callable, Sequence

from ledger.rules.ballot_form import CumulativeForm, RankedForm, ScoreForm, YesNoBlankForm
from ledger.rules.choices import below_minimum, checker
from ledger.rules.facts import MissingBallots
from ledger.rules.profile import Entries, Profile
from ledger.rules.scenarios import Recount, Scenario, Winners
from ledger.rules.spec import RuleSpec
from ledger.rules.tally import Tally, place_points, tally
from ledger.rules.thresholds import support_needed

Papers = list[tuple[Entries, int]]
"""Valid ballots, and how many of each."""


def most_missing(missing: Sequence[MissingBallots]) -> int:
    """At most how many ballots are missing; 0 where that is not stated for every channel, because an unknown number explains anything."""
    numbers = [each.at_most for each in missing]
    return sum(number for number in numbers if number is not None) if None not in numbers else 0


def likeliest(recount: Recount, scenario: Scenario, published: Winners, most: int, disagreeing: Callable[[Winners], int]) -> Winners | None:
    """Winners of the greedy count with at most `most` valid ballots added, such that `disagreeing` is least; None when nothing was tried.

    Tried: more support for one published candidate that did not win, or for all of them together, by each amount at which their order or
    their fate can change, the least first. What is found is proof, by ballots that would do it; that something better is not found is none.
    Equal shares are not searched.
    """
    if most == 0 or scenario.spec.rule != "greedy":
        return None
    lost = sorted(published - recount.winners(scenario))
    sums = recount.sums_of(scenario.spec)
    best: Winners | None = None
    for group in dict.fromkeys((*((position,) for position in lost), tuple(lost))):
        for amount in _amounts(scenario.spec, recount.profile, group, sums):
            ballots = _ballots(scenario.spec, recount.profile, group, amount)
            if ballots is None or sum(count for _, count in ballots) > most:
                break
            winners = recount.winners_with(scenario, _added(scenario.spec, recount.profile, sums, ballots))
            if best is None or disagreeing(winners) < disagreeing(best):
                best = winners
    return best


def _amounts(spec: RuleSpec, profile: Profile, group: Sequence[int], sums: Tally) -> list[int]:
    """Additions to the score of members of `group` at which their place or their passing of a threshold can change, the least first."""
    items = [item for item in profile.items if item.position in group]
    steps = {other - sums.score[position] + more for position in group for other in sums.score.values() for more in (0, 1)}
    for item in items:
        votes, score = support_needed(spec, item, sums)
        steps |= {votes - sums.votes[item.position], score - sums.score[item.position]}
    return sorted(step for step in steps if step > 0)


def _ballots(spec: RuleSpec, profile: Profile, group: Sequence[int], amount: int) -> Papers | None:
    """As few valid ballots as come to mind that add at least `amount` to each of `group`; None when the form allows none."""
    form = spec.ballot
    papers: Papers
    if isinstance(form, CumulativeForm):
        each = form.sum if form.max_per_item is None else min(form.sum, form.max_per_item)
        papers = [(((position, each),), -(-amount // each)) for position in group] if each else []
    elif isinstance(form, ScoreForm):
        papers = [(((position, form.max_score),), -(-amount // form.max_score)) for position in group] if form.max_score > 0 else []
    elif isinstance(form, YesNoBlankForm):
        papers = [(((position, 1),), amount) for position in group]
    elif isinstance(form, RankedForm) and spec.score.by == "borda":
        worth = place_points(spec.score, form)(0, 1)
        papers = [((position,), -(-amount // worth)) for position in group] if worth > 0 else []
    else:
        papers = [(paper, amount) for paper in _packed(spec, profile, group)]
    fits = checker(form, profile.items)
    valid = all(fits(paper) is None and below_minimum(paper, form, profile.items) is None for paper, _ in papers)
    return papers if papers and valid else None


def _packed(spec: RuleSpec, profile: Profile, group: Sequence[int]) -> list[tuple[int, ...]]:
    """Ballots that name each of `group` once, each ballot as full as the form lets it be in that order."""
    fits = checker(spec.ballot, profile.items)
    papers: list[tuple[int, ...]] = []
    for position in group:
        for index, paper in enumerate(papers):
            if fits((*paper, position)) is None:
                papers[index] = (*paper, position)
                break
        else:
            papers.append((position,))
    return papers


def _added(spec: RuleSpec, profile: Profile, sums: Tally, ballots: Papers) -> Tally:
    extra = tally(spec, Profile(profile.items, dict(ballots)))
    return Tally(
        votes={position: votes + extra.votes[position] for position, votes in sums.votes.items()},
        score={position: score + extra.score[position] for position, score in sums.score.items()},
        cast=sums.cast + extra.cast,
        blank=sums.blank + extra.blank,
        enrolled=sums.enrolled,
    )
