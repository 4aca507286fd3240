"""The rules of a count as one frozen value: everything that decides who wins, fixed before voting opens.

It travels in `step.rules_set` and is hashed, so every field is canonical JSON: whole numbers, text, and shares as `"num/den"`. The types
here say what a field may hold; which options have a meaning together says `ledger.rules.combinations.check_spec`.
Meaning of every option: docs/formats/rules.md.
"""

from fractions import Fraction
from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from ledger.ids import Count, Instant, Minor, Ref
from ledger.rules.ballot_form import BallotForm

Ratio = Annotated[str, StringConstraints(pattern=r"^(0|[1-9][0-9]{0,8})/[1-9][0-9]{0,8}$")]
"""A share as `"num/den"`, such as `"4/5"`."""

Round = Annotated[int, Field(ge=1, le=80_000_000_000)]
"""A round of a beacon. The greatest is out before the year 9999, so that every round has a time that can be written."""
Day = Annotated[str, StringConstraints(pattern=r"^2[0-9]{3}-[01][0-9]-[0-3][0-9]$")]
DrawName = Annotated[str, StringConstraints(min_length=1, max_length=128, pattern=r"^[^\x00-\x1f]*$")]

Comparison: TypeAlias = Literal[">=", ">"]
Rung: TypeAlias = Literal["lower_cost", "higher_cost", "more_votes", "list_order", "lot"]

DEFAULT_LADDER: tuple[Rung, ...] = ("lower_cost", "more_votes", "lot")
"""Lower cost, then more votes, then the lot: the ladder published with the method of equal shares."""


class _Option(BaseModel):
    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")


class ScoreBy(_Option):
    """What a candidate's score is the sum of. `variant` belongs to Borda alone and says what the last place is worth."""

    by: Literal["approvals", "points", "borda", "plus_minus", "grades"]
    variant: Literal["max_length_to_one", "max_length_less_rank", "ballot_length_to_one"] | None = None


class Unaffordable(_Option):
    """What happens when the next candidate costs more than is left. `ratio` belongs to `fund_if_left` alone."""

    then: Literal["skip", "stop", "fund_if_left"]
    ratio: Ratio | None = None


class Threshold(_Option):
    """The least support of a candidate: a `number`, or a `ratio` of the ballots named by `of`."""

    on: Literal["votes", "score"]
    comparison: Comparison
    number: Count | None = None
    ratio: Ratio | None = None
    of: Literal["enrolled", "cast", "expressed"] | None = None


class Quorum(_Option):
    """The least participation: a `number` of ballots, or a `ratio` of those enrolled."""

    count: Literal["cast", "expressed"]
    comparison: Comparison
    number: Count | None = None
    ratio: Ratio | None = None


class Envelope(_Option):
    """Money of one district or category. `key` null, or left out as entries leave it out: of the candidates that have none."""

    key: Annotated[str, StringConstraints(min_length=1, max_length=128)] | None = None
    amount_minor: Minor
    min_votes: Count | None = None


class Envelopes(_Option):
    """How the money is divided: into budgets of their own, or bounds under one common budget."""

    by: Literal["district", "category"]
    kind: Literal["own", "upper_bound"]
    envelopes: Annotated[tuple[Envelope, ...], Field(min_length=1, max_length=200)]


class Leftover(_Option):
    """What the envelopes leave is pooled and spent in a second round over all candidates not yet funded."""

    then: Literal["skip", "stop"]


class ExclusiveSet(_Option):
    """Candidates of which one at most is funded: the first in order, or the one `retained` by a decision taken beforehand."""

    members: Annotated[tuple[Ref, ...], Field(min_length=2, max_length=50)]
    retained: Ref | None = None


class Beacon(_Option):
    """A round of a public randomness beacon, named before it is out. `quicknet`: of the League of Entropy (drand)."""

    network: Literal["quicknet"] = "quicknet"
    round: Round


class PublicDraw(_Option):
    """A drawing of a public lottery: what everybody calls it, and its day where it is held."""

    name: DrawName
    date: Day


DrawingKind: TypeAlias = Literal["beacon", "parties", "numbers"]


class Drawing(_Option):
    """What a lot is drawn from: exactly one of a beacon, the secrets of several parties, and the numbers of public lotteries."""

    beacon: Beacon | None = None
    parties: Annotated[tuple[Ref, ...], Field(min_length=2, max_length=16)] | None = None
    numbers: Annotated[tuple[PublicDraw, ...], Field(min_length=1, max_length=8)] | None = None

    @property
    def kinds(self) -> tuple[DrawingKind, ...]:
        """Which of the three are named: one, where the rules are defined; none, where the seed is fixed beforehand."""
        kinds: tuple[DrawingKind, ...] = ("beacon", "parties", "numbers")
        return tuple(kind for kind in kinds if getattr(self, kind) is not None)


class Lottery(Drawing):
    """The permutation that the rung `lot` uses: candidates in order of SHA-256 over the seed and their reference.

    Either the `seed` is fixed beforehand, or it is drawn when the casting is over; from `fallback_after` on by the `fallback`.
    """

    seed: Annotated[str, StringConstraints(min_length=1, max_length=256)] | None = None
    fallback: Drawing | None = None
    fallback_after: Instant | None = None


class EqualShares(_Option):
    """The options of the method of equal shares, which by its name alone is not defined."""

    utility: Literal["cost", "cardinality", "points"]
    completion: Literal["none", "add1", "add1e", "add1u", "utilitarian"]
    increment_minor: Annotated[int, Field(ge=1, le=2**53 - 1)] | None = None
    start: Literal["integral", "fraction"]
    comparison: Literal["none", "satisfaction", "exclusion_ratio"]


class RuleSpec(_Option):
    """A rule with all its options. `undeclared` counts and ranks nothing: the authority never said how it chose."""

    rule: Literal["greedy", "equal-shares", "undeclared"]
    version: Literal[1] = 1
    ballot: BallotForm
    score: ScoreBy
    budget_minor: Minor | None = None
    unaffordable: Unaffordable = Unaffordable(then="skip")
    threshold: Threshold | None = None
    envelopes: Envelopes | None = None
    leftover: Leftover | None = None
    exclusive_sets: Annotated[tuple[ExclusiveSet, ...], Field(max_length=50)] = ()
    max_winners: Annotated[int, Field(ge=1, le=1_000_000)] | None = None
    ties: Annotated[tuple[Rung, ...], Field(min_length=1, max_length=5)] = DEFAULT_LADDER
    lottery: Lottery | None = None
    equal_shares: EqualShares | None = None
    quorum: Quorum | None = None
    revotes: Literal["last"] = "last"

    @property
    def rule_id(self) -> str:
        """The rule and its version, as results name it: `greedy/1`."""
        return f"{self.rule}/{self.version}"


def fraction(ratio: str) -> Fraction:
    """The exact value of a `"num/den"`."""
    numerator, denominator = ratio.split("/")
    return Fraction(int(numerator), int(denominator))


def plain_rule(spec: RuleSpec) -> RuleSpec:
    """The same rule without thresholds and exclusive sets: what is left of it when only scores and money decide."""
    envelopes = spec.envelopes
    if envelopes is not None:
        bare = tuple(envelope.model_copy(update={"min_votes": None}) for envelope in envelopes.envelopes)
        envelopes = envelopes.model_copy(update={"envelopes": bare})
    return spec.model_copy(update={"threshold": None, "exclusive_sets": (), "envelopes": envelopes})
