"""What the ballots add up to: votes and score of every candidate, and how many ballots were cast and expressed.

`votes` of a candidate are the ballots that name it, whatever they give it (zero points included); on yes/no/blank ballots, those that say
yes. Its `score` is the sum that the rules declare. A ballot without entries is blank: cast, not expressed. So is a yes/no/blank ballot that
is blank throughout.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias, cast

from ledger.rules.ballot_form import CumulativeForm, RankedForm, ScoreForm, YesNoBlankForm
from ledger.rules.profile import Entries, Profile
from ledger.rules.spec import RuleSpec, ScoreBy

Sums: TypeAlias = dict[int, int]
"""Position → number, for every candidate."""


@dataclass(frozen=True, slots=True)
class Tally:
    """Votes and score per position, and the numbers of ballots that shares refer to. `enrolled` is None where there is no roll."""

    votes: Mapping[int, int]
    score: Mapping[int, int]
    cast: int
    blank: int
    enrolled: int | None

    @property
    def expressed(self) -> int:
        """Ballots that are not blank."""
        return self.cast - self.blank


def tally(spec: RuleSpec, profile: Profile) -> Tally:
    """The sums over all ballots of `profile`, which are valid under `spec.ballot`."""
    form = spec.ballot
    votes: Sums = dict.fromkeys((item.position for item in profile.items), 0)
    cast_ballots = sum(profile.ballots.values())
    if isinstance(form, CumulativeForm | ScoreForm | YesNoBlankForm):
        score = dict(votes)
        _add_pairs(votes, score, cast("Mapping[tuple[tuple[int, int], ...], int]", profile.ballots))
        if isinstance(form, YesNoBlankForm):
            votes = _yes_votes(votes, profile.ballots)
        if spec.score.by == "approvals":
            score = dict(votes)
    else:
        ballots = cast("Mapping[tuple[int, ...], int]", profile.ballots)
        _add_positions(votes, ballots)
        score = _places(spec.score, form, votes, ballots) if isinstance(form, RankedForm) and spec.score.by == "borda" else dict(votes)
    blank = sum(count for entries, count in profile.ballots.items() if is_blank(entries, yes_no=isinstance(form, YesNoBlankForm)))
    return Tally(votes=votes, score=score, cast=cast_ballots, blank=blank, enrolled=profile.enrolled)


def is_blank(entries: Entries, *, yes_no: bool) -> bool:
    """True when a ballot expresses nothing; `yes_no`: its values are yes, no and blank."""
    if not entries:
        return True
    return yes_no and not any(value for _, value in cast("tuple[tuple[int, int], ...]", entries))


def place_points(score: ScoreBy, form: RankedForm) -> Callable[[int, int], int]:
    """A function of (rank from 0, length of the ballot) giving the Borda points of that place."""
    if score.variant == "ballot_length_to_one":
        return lambda rank, length: length - rank
    if form.max_length is None:
        raise AssertionError("check_spec refuses this variant without a greatest length")
    top = form.max_length if score.variant == "max_length_to_one" else form.max_length - 1
    return lambda rank, length: top - rank


def _add_positions(votes: Sums, ballots: Mapping[tuple[int, ...], int]) -> None:
    for entries, count in ballots.items():
        for position in entries:
            votes[position] += count


def _add_pairs(votes: Sums, score: Sums, ballots: Mapping[tuple[tuple[int, int], ...], int]) -> None:
    for entries, count in ballots.items():
        for position, value in entries:
            votes[position] += count
            score[position] += count * value


def _yes_votes(votes: Sums, ballots: Mapping[Entries, int]) -> Sums:
    yes = dict.fromkeys(votes, 0)
    for entries, count in cast("Mapping[tuple[tuple[int, int], ...], int]", ballots).items():
        for position, value in entries:
            if value > 0:
                yes[position] += count
    return yes


def _places(score_by: ScoreBy, form: RankedForm, votes: Sums, ballots: Mapping[tuple[int, ...], int]) -> Sums:
    points = place_points(score_by, form)
    score = dict.fromkeys(votes, 0)
    for entries, count in ballots.items():
        for rank, position in enumerate(entries):
            score[position] += count * points(rank, len(entries))
    return score
