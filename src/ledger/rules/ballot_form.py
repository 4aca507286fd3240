"""What a ballot paper lets people choose. One model per form; a form travels in the rules of its step and is hashed with them.

Limits above which a ballot is refused (`max`, `budget_minor`, `sum`) make a fault; limits under which a ballot is recorded and not counted
(`min`, `min_items`, `min_spend_minor`) do not. A ballot without entries is blank under every form, and never below a minimum.
"""

from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

from ledger.ids import Int, Minor

Size = Annotated[int, Field(ge=0, le=1_000_000)]
"""A number of choices, or of points."""


class _Form(BaseModel):
    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")


class ChooseOneForm(_Form):
    """One candidate. Entries: at most one position."""

    form: Literal["choose_one"] = "choose_one"


class ApprovalForm(_Form):
    """Several candidates, all equal. Entries: positions, their order without meaning."""

    form: Literal["approval"] = "approval"
    min: Size | None = None
    max: Size | None = None
    max_per_category: Size | None = None
    """Of one category at most so many; candidates without a category are not limited by it."""


class CartForm(_Form):
    """Candidates whose costs together fit a sum. Entries: positions, their order without meaning."""

    form: Literal["cart"] = "cart"
    budget_minor: Minor
    min_spend_minor: Minor | None = None
    min_items: Size | None = None
    max_items: Size | None = None


class CumulativeForm(_Form):
    """Points spread over candidates. Entries: pairs of position and points, zero points included."""

    form: Literal["cumulative"] = "cumulative"
    sum: Size
    """At most so many points in all."""
    max_per_item: Size | None = None
    min_sum: Size | None = None
    min_items: Size | None = None
    max_items: Size | None = None


class RankedForm(_Form):
    """Candidates in order of preference, best first. Entries: positions in that order."""

    form: Literal["ranked"] = "ranked"
    max_length: Size | None = None
    min_length: Size | None = None


class ScoreForm(_Form):
    """A grade for each candidate one wants to grade. Entries: pairs of position and grade."""

    form: Literal["score"] = "score"
    min_score: Int
    max_score: Int


class YesNoBlankForm(_Form):
    """Yes (1), no (-1) or blank (0) on each candidate. Entries: pairs of position and value."""

    form: Literal["yes_no_blank"] = "yes_no_blank"


BallotForm: TypeAlias = Annotated[
    ChooseOneForm | ApprovalForm | CartForm | CumulativeForm | RankedForm | ScoreForm | YesNoBlankForm, Field(discriminator="form")
]
"""One of the forms, told apart by `form`."""
