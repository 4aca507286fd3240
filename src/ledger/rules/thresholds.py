"""Who takes part in a count at all: bars of support and participation, and what else keeps a candidate out before the first step."""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from math import ceil, floor

from ledger.errors import RuleUndefined
from ledger.rules.envelopes import envelope_of
from ledger.rules.outcome import Status
from ledger.rules.profile import Item
from ledger.rules.spec import Comparison, Quorum, RuleSpec, Threshold, fraction
from ledger.rules.tally import Tally


def least_number(comparison: Comparison, bound: Fraction) -> int:
    """The least whole number that is `>=`, or `>`, the bound."""
    return ceil(bound) if comparison == ">=" else floor(bound) + 1


def least_support(threshold: Threshold, tally: Tally) -> int:
    """The least votes, or score, that pass `threshold`. A share of a roll that does not exist raises `RuleUndefined`."""
    if threshold.number is not None:
        return least_number(threshold.comparison, Fraction(threshold.number))
    if threshold.ratio is None:
        raise AssertionError("check_spec refuses a threshold without number and ratio")
    ballots = {"enrolled": tally.enrolled, "cast": tally.cast, "expressed": tally.expressed}[threshold.of or "cast"]
    if ballots is None:
        raise RuleUndefined(place="$.threshold.of", why="there is no roll, so nobody is enrolled")
    return least_number(threshold.comparison, fraction(threshold.ratio) * ballots)


def quorum_is_met(quorum: Quorum | None, tally: Tally) -> bool:
    """True without a quorum, or when enough ballots were cast or expressed. A share of an absent roll raises `RuleUndefined`."""
    if quorum is None:
        return True
    if quorum.number is not None:
        least = least_number(quorum.comparison, Fraction(quorum.number))
    elif tally.enrolled is None or quorum.ratio is None:
        raise RuleUndefined(place="$.quorum.ratio", why="there is no roll, so nobody is enrolled")
    else:
        least = least_number(quorum.comparison, fraction(quorum.ratio) * tally.enrolled)
    return (tally.cast if quorum.count == "cast" else tally.expressed) >= least


def support_needed(spec: RuleSpec, item: Item, tally: Tally) -> tuple[int, int]:
    """The least votes and the least score with which `item` takes part; always one vote at least."""
    votes, score = 1, 0
    if spec.threshold is not None:
        least = least_support(spec.threshold, tally)
        if spec.threshold.on == "votes":
            votes = max(votes, least)
        else:
            score = least
    envelope = envelope_of(spec, item)
    if envelope is not None and envelope.min_votes is not None:
        votes = max(votes, envelope.min_votes)
    return votes, score


def kept_out(spec: RuleSpec, items: Iterable[Item], tally: Tally, withdrawn: frozenset[int]) -> dict[int, Status]:
    """Who does not take part, and why, in this order: quorum, withdrawal, exclusion, envelope, no votes, threshold."""
    listed = tuple(items)
    if not quorum_is_met(spec.quorum, tally):
        return {item.position: Status("quorum_not_met") for item in listed}
    excluded = excluded_beforehand(spec, listed, withdrawn)
    out: dict[int, Status] = {}
    for item in listed:
        status = _reason(spec, item, tally, withdrawn, excluded)
        if status is not None:
            out[item.position] = status
    return out


def excluded_beforehand(spec: RuleSpec, items: Iterable[Item], withdrawn: frozenset[int]) -> dict[int, int]:
    """Members of exclusive sets that a decision settled: position → position of the candidate retained, unless that one is withdrawn."""
    by_ref = {item.ref: item.position for item in items if item.position not in withdrawn}
    return {
        by_ref[member]: by_ref[exclusive.retained]
        for exclusive in spec.exclusive_sets
        if exclusive.retained in by_ref
        for member in exclusive.members
        if member in by_ref and member != exclusive.retained
    }


def _reason(spec: RuleSpec, item: Item, tally: Tally, withdrawn: frozenset[int], excluded: Mapping[int, int]) -> Status | None:
    position = item.position
    if position in withdrawn:
        return Status("withdrawn")
    if position in excluded:
        return Status("excluded_by", by=excluded[position])
    if spec.envelopes is not None and spec.envelopes.kind == "own" and envelope_of(spec, item) is None:
        return Status("outside_envelope")
    if tally.votes[position] == 0:
        return Status("without_votes")
    votes, score = support_needed(spec, item, tally)
    if tally.votes[position] < votes:
        return Status("below_threshold", short=votes - tally.votes[position])
    if spec.threshold is not None and spec.threshold.on == "score" and tally.score[position] < score:
        return Status("below_threshold", short=score - tally.score[position])
    return None
