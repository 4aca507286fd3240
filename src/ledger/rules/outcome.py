"""What a rule makes of the ballots, and why: winners, the fate of every candidate, ties met, and the count step by step.

`to_json` is the published form, canonical JSON with whole numbers only. The digest over it covers the inputs at the cut-off, the rule and
the outcome and nothing else: no engine, no time, no checkpoint, so that anyone who counts again finds the same.
"""

import hashlib
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field, fields
from typing import Literal, TypeAlias

from ledger.canonical import canonical
from ledger.rules.spec import RuleSpec, Rung

StatusCode: TypeAlias = Literal[
    "funded",
    "withdrawn",
    "excluded_by",
    "outside_envelope",
    "without_votes",
    "below_threshold",
    "quorum_not_met",
    "max_winners",
    "stopped",
    "unaffordable",
    "envelope_exhausted",
    "supporters_money_insufficient",
    "no_rule",
]
"""docs/formats/rules.md says what each means and which parameters it has."""

Json: TypeAlias = "str | int | bool | None | list[Json] | dict[str, Json]"

OUTCOME_DOMAIN = b"ledger-outcome/v1\n"


@dataclass(frozen=True, slots=True)
class Status:
    """Why one candidate won or lost. Of the parameters only those of its code are set."""

    code: StatusCode
    step: int | None = None
    """The step of the trace at which it was decided, from 1."""
    left_minor: int | None = None
    """Money that was left for it then."""
    by: int | None = None
    """Position of the candidate that stood in its way."""
    short: int | None = None
    """Votes or score by which it misses the threshold."""
    reserve_minor: int | None = None
    """Part of its cost that a reserve outside the budget pays (`fund_if_left`)."""


@dataclass(frozen=True, slots=True)
class ItemResult:
    """One candidate: its sums and its fate."""

    position: int
    votes: int
    score: int
    cost_minor: int
    status: Status


@dataclass(frozen=True, slots=True)
class TieMet:
    """Candidates that were equal at `step`, in the order used. `broken_by[i]` put `members[i]` before `members[i + 1]`.

    `split`: some of them are funded and some are not, so the order of the tie may have decided.
    """

    step: int
    members: tuple[int, ...]
    broken_by: tuple[Rung, ...]
    split: bool


@dataclass(frozen=True, slots=True)
class Visit:
    """One step of the greedy rule: a candidate's turn, what was left for it before, and what became of it."""

    step: int
    position: int
    score: int
    cost_minor: int
    left_minor: int
    result: StatusCode
    pooled: bool = False
    """The second round, over pooled leftovers."""


@dataclass(frozen=True, slots=True)
class Purchase:
    """One step of equal shares: a candidate bought by its supporters. Thousandths are rounded down from the exact fractions.

    `phase`: paid from shares, free of cost, or bought with what the shares left (`completion`, where nobody's share is used).
    """

    step: int
    position: int
    phase: Literal["free", "shares", "completion"]
    cost_minor: int
    money_left_minor: int
    """All shares together, after it, rounded down; in the completion, the budget not spent."""
    effective_votes_thousandths: int = 0
    """Its cost over the greatest payment."""
    max_payment_thousandths: int = 0
    """Of a minor unit."""
    paid_in_full: int = 0
    paid_in_part: int = 0
    broke: int = 0
    """Supporters who had nothing left."""


@dataclass(frozen=True, slots=True)
class SharesDetail:
    """How equal shares were completed and compared. `share` is each voter's money in the deciding run, as `"num/den"`."""

    share: str
    voters: int
    runs: int
    ended: Literal["no_completion", "next_overspends", "all_elected", "exhaustive"]
    kept: Literal["equal_shares", "greedy"] = "equal_shares"
    prefer_equal_shares: int | None = None
    prefer_greedy: int | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of a rule. `winners` are positions in order of funding; None where no rule was declared."""

    rule: str
    winners: tuple[int, ...] | None
    items: tuple[ItemResult, ...]
    """By position."""
    cast: int
    blank: int
    budget_minor: int | None
    spent_minor: int
    """Paid from the budget: what a reserve pays is not in it."""
    ties: tuple[TieMet, ...] = ()
    trace: tuple[Visit, ...] | tuple[Purchase, ...] = ()
    shares: SharesDetail | None = None
    enrolled: int | None = field(default=None)

    def status(self, position: int) -> Status:
        """The fate of the candidate at `position`; raises `KeyError` where there is none."""
        for result in self.items:
            if result.position == position:
                return result.status
        raise KeyError(position)

    def to_json(self) -> dict[str, Json]:
        """The outcome as canonical JSON; parameters that are not set are left out."""
        return {name: value for name, value in ((part.name, _json(getattr(self, part.name))) for part in fields(self)) if value is not None}


def outcome_digest(inputs_digest: str, spec: RuleSpec, outcome: Outcome) -> str:
    """SHA-256 in base64url over the digest of the inputs at the cut-off, the rules and the outcome."""
    rules = spec.model_dump(mode="json", exclude_none=True)
    body = canonical({"inputs": inputs_digest, "outcome": outcome.to_json(), "rules": rules})
    return urlsafe_b64encode(hashlib.sha256(OUTCOME_DOMAIN + body).digest()).rstrip(b"=").decode()


def _json(value: object) -> Json:
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, tuple):
        return [_json(part) for part in value]
    return {
        name: part
        for name, part in ((each.name, _json(getattr(value, each.name))) for each in fields(value))  # type: ignore[arg-type]  # dataclasses
        if part is not None
    }
