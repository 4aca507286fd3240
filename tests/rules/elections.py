"""Made elections: short ways to write one down, and Hypothesis strategies for many."""

from collections.abc import Iterable, Mapping
from typing import cast

from hypothesis import strategies as st

from ledger.rules.ballot_form import (
    ApprovalForm,
    BallotForm,
    CartForm,
    ChooseOneForm,
    CumulativeForm,
    RankedForm,
    ScoreForm,
    YesNoBlankForm,
)
from ledger.rules.profile import Entries, Item, Profile, grouped
from ledger.rules.spec import (
    Envelope,
    Envelopes,
    EqualShares,
    ExclusiveSet,
    Leftover,
    Lottery,
    RuleSpec,
    Rung,
    ScoreBy,
    Threshold,
    Unaffordable,
)

LIST_LADDER: tuple[Rung, ...] = ("lower_cost", "more_votes", "list_order")
APPROVALS = ScoreBy(by="approvals")
CATEGORIES = ("air", "sea")


def items(*costs: int, categories: Iterable[str | None] = ()) -> tuple[Item, ...]:
    """Candidates with these costs and the references p0, p1, …"""
    names = (*categories, *(None for _ in costs))
    return tuple(Item(position, f"p{position}", cost, category=names[position]) for position, cost in enumerate(costs))


def approvals(listed: tuple[Item, ...], votes: Mapping[int, int]) -> Profile:
    """Ballots that give each candidate so many votes, one candidate per ballot."""
    return Profile(listed, {(position,): count for position, count in votes.items() if count})


def greedy(budget: int, **options: object) -> RuleSpec:
    """A greedy rule over approvals; ties by cost, votes and the list."""
    fields = {"rule": "greedy", "ballot": ApprovalForm(), "score": APPROVALS, "budget_minor": budget, "ties": LIST_LADDER, **options}
    return RuleSpec.model_validate(fields)


def shares(budget: int, options: EqualShares | None = None, **others: object) -> RuleSpec:
    """Equal shares over approvals, by default by cost and without completion."""
    plain = EqualShares(utility="cost", completion="none", start="fraction", comparison="none")
    fields = {
        "rule": "equal-shares",
        "ballot": ApprovalForm(),
        "score": APPROVALS,
        "budget_minor": budget,
        "ties": LIST_LADDER,
        "equal_shares": options or plain,
        **others,
    }
    return RuleSpec.model_validate(fields)


@st.composite
def candidates(draw: st.DrawFn, least: int = 1, most: int = 7, least_cost: int = 0) -> tuple[Item, ...]:
    """Candidates with few different costs, so that ties and exact fits are frequent."""
    costs = draw(st.lists(st.integers(least_cost, 12), min_size=least, max_size=most))
    categories = draw(st.lists(st.sampled_from((None, *CATEGORIES)), min_size=len(costs), max_size=len(costs)))
    return items(*costs, categories=categories)


@st.composite
def set_ballots(draw: st.DrawFn, listed: tuple[Item, ...], most: int = 12) -> dict[Entries, int]:
    """Approval ballots, blank ones too."""
    positions = [item.position for item in listed]
    ballots = draw(st.lists(st.sets(st.sampled_from(positions)), max_size=most))
    return grouped(ApprovalForm(), (tuple(sorted(ballot)) for ballot in ballots))


@st.composite
def ladders(draw: st.DrawFn) -> tuple[Rung, ...]:
    """Ladders that leave no tie."""
    first = draw(st.lists(st.sampled_from(("lower_cost", "more_votes")), unique=True, max_size=2))
    return cast("tuple[Rung, ...]", (*first, draw(st.sampled_from(("lot", "list_order")))))


@st.composite
def greedy_specs(draw: st.DrawFn, listed: tuple[Item, ...], *, leftover: bool = True) -> RuleSpec:
    """Greedy rules over approvals with any defined combination of options."""
    ladder = draw(ladders())
    kind = draw(st.sampled_from((None, "own", "upper_bound")))
    then = draw(st.sampled_from(("skip", "stop") if kind == "upper_bound" else ("skip", "stop", "fund_if_left")))
    refs = [item.ref for item in listed]
    sets: tuple[ExclusiveSet, ...] = ()
    if len(refs) > 1 and draw(st.booleans()):
        members = tuple(draw(st.lists(st.sampled_from(refs), min_size=2, max_size=3, unique=True)))
        sets = (ExclusiveSet(members=members, retained=draw(st.sampled_from((None, *members)))),)
    amounts = draw(st.tuples(st.integers(0, 15), st.integers(0, 15)))
    envelopes = None
    if kind is not None:
        made = tuple(Envelope(key=key, amount_minor=amount) for key, amount in zip(CATEGORIES, amounts, strict=True))
        envelopes = Envelopes.model_validate({"by": "category", "kind": kind, "envelopes": made})
    least = draw(st.sampled_from((None, 1, 2, 3)))
    return greedy(
        draw(st.integers(0, 10)) + sum(amounts),
        ties=ladder,
        lottery=Lottery(seed="a seed") if ladder[-1] == "lot" else None,
        unaffordable=Unaffordable.model_validate({"then": then, "ratio": "3/4" if then == "fund_if_left" else None}),
        threshold=None if least is None else Threshold(on="votes", comparison=">=", number=least),
        envelopes=envelopes,
        leftover=Leftover(then=draw(st.sampled_from(("skip", "stop")))) if kind == "own" and leftover and draw(st.booleans()) else None,
        exclusive_sets=sets,
        max_winners=draw(st.sampled_from((None, 1, 2))),
    )


@st.composite
def shares_specs(draw: st.DrawFn) -> RuleSpec:
    """Equal shares with any defined combination of options, over the ballots that they are defined for."""
    utility = draw(st.sampled_from(("cost", "cardinality", "points")))
    form: BallotForm = ApprovalForm()
    score = APPROVALS
    if utility == "points":
        forms: tuple[BallotForm, ...] = (CumulativeForm(sum=6), RankedForm(max_length=4), ScoreForm(min_score=0, max_score=5))
        form = draw(st.sampled_from(forms))
        score = _score_of(form)
    completion = draw(st.sampled_from(("none", "add1", "add1e", "add1u", "utilitarian")))
    start = draw(st.sampled_from(("fraction", "integral")))
    grows = completion in ("add1", "add1e", "add1u") or start == "integral"
    options = EqualShares.model_validate(
        {
            "utility": utility,
            "completion": completion,
            "increment_minor": draw(st.integers(1, 3)) if grows else None,
            "start": start,
            "comparison": draw(st.sampled_from(("none", "satisfaction", "exclusion_ratio"))),
        }
    )
    least = draw(st.sampled_from((None, 2)))
    threshold = None if least is None else Threshold(on="votes", comparison=">=", number=least)
    return shares(draw(st.integers(0, 40)), options, ballot=form, score=score, threshold=threshold)


def _score_of(form: BallotForm) -> ScoreBy:
    if isinstance(form, CumulativeForm):
        return ScoreBy(by="points")
    if isinstance(form, RankedForm):
        return ScoreBy(by="borda", variant="max_length_to_one")
    return ScoreBy(by="grades")


@st.composite
def ballots_of(draw: st.DrawFn, form: BallotForm, listed: tuple[Item, ...], most: int = 12) -> dict[Entries, int]:
    """Valid ballots of a form."""
    return grouped(form, draw(st.lists(entries_of(form, listed), max_size=most)))


def entries_of(form: BallotForm, listed: tuple[Item, ...]) -> st.SearchStrategy[Entries]:
    """Valid entries of a form."""
    positions = st.sampled_from([item.position for item in listed])
    if isinstance(form, ChooseOneForm):
        return cast("st.SearchStrategy[Entries]", st.lists(positions, max_size=1).map(tuple))
    if isinstance(form, ApprovalForm | RankedForm):
        most = form.max if isinstance(form, ApprovalForm) else form.max_length
        return cast("st.SearchStrategy[Entries]", st.lists(positions, unique=True, max_size=most).map(tuple))
    if isinstance(form, CartForm):
        return cast("st.SearchStrategy[Entries]", st.lists(positions, unique=True).map(lambda chosen: _within(form, listed, chosen)))
    if isinstance(form, ScoreForm):
        return _pairs(positions, st.integers(form.min_score, form.max_score))
    if isinstance(form, YesNoBlankForm):
        return _pairs(positions, st.integers(-1, 1))
    most_each = form.sum if form.max_per_item is None else form.max_per_item
    return _pairs(positions, st.integers(0, most_each)).filter(lambda entries: sum(value for _, value in _as_pairs(entries)) <= form.sum)


def _pairs(positions: st.SearchStrategy[int], values: st.SearchStrategy[int]) -> st.SearchStrategy[Entries]:
    return cast(
        "st.SearchStrategy[Entries]",
        st.dictionaries(positions, values, max_size=4).map(lambda chosen: tuple(chosen.items())),
    )


def _as_pairs(entries: Entries) -> tuple[tuple[int, int], ...]:
    return cast("tuple[tuple[int, int], ...]", entries)


def _within(form: CartForm, listed: tuple[Item, ...], chosen: list[int]) -> tuple[int, ...]:
    cost = {item.position: item.cost_minor for item in listed}
    kept: list[int] = []
    for position in chosen:
        if sum(cost[each] for each in (*kept, position)) <= form.budget_minor:
            kept.append(position)
    return tuple(kept)
