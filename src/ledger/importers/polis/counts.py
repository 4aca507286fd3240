"""The votes of a conversation counted both ways: the last of each person on each comment, and every row, as Polis publishes them."""

from collections import Counter
from collections.abc import Iterable
from typing import Final

from ledger.importers.polis.reading import Comment, Vote
from ledger.importers.report import VoteCounts
from ledger.rules.scales import StanceValue

_VALUES: Final[tuple[StanceValue, ...]] = ("agree", "pass", "disagree")


def counted_both_ways(conversation: str, comments: Iterable[Comment], votes: Iterable[Vote]) -> VoteCounts:
    """The counts of votes in the order of their times, and of how many comments they are the published agrees and disagrees."""
    rows: Counter[tuple[str, StanceValue]] = Counter()
    now: dict[tuple[str, str], StanceValue] = {}
    for vote in votes:
        rows[vote.comment, vote.value] += 1
        now[vote.comment, vote.voter] = vote.value
    last = Counter((comment, value) for (comment, _), value in now.items())
    told = list(comments)
    published = [one for one in told if one.agrees is not None]
    return VoteCounts(
        conversation,
        len(told),
        len(published),
        _by_value(rows),
        _by_value(last),
        sum(_are_published(one, rows) for one in published),
        sum(_are_published(one, last) for one in published),
    )


def _by_value(counts: Counter[tuple[str, StanceValue]]) -> dict[str, int]:
    return {value: sum(number for (_, found), number in counts.items() if found == value) for value in _VALUES}


def _are_published(comment: Comment, counts: Counter[tuple[str, StanceValue]]) -> bool:
    return (counts[comment.comment, "agree"], counts[comment.comment, "disagree"]) == (comment.agrees, comment.disagrees)
