"""Whether the choices of a ballot are possible, and whether they suffice to be counted.

`check` functions run once per ballot at intake, again when sealed ballots are disclosed, and in the audit. They are compiled per step: the
common case, a possible ballot, is decided by a few operations on whole collections; only an impossible one is searched for its fault.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias, cast

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
from ledger.rules.profile import Entries, Item

FaultCode: TypeAlias = Literal[
    "wrong-shape",
    "unknown-position",
    "repeated-position",
    "too-many-choices",
    "too-many-in-category",
    "over-budget",
    "over-sum",
    "value-out-of-range",
]


@dataclass(frozen=True, slots=True)
class ChoiceFault:
    """Why a ballot is impossible. `place` is the index of the entry at which it becomes so."""

    code: FaultCode
    place: int


Check: TypeAlias = Callable[[Entries], ChoiceFault | None]


def checker(form: BallotForm, items: Sequence[Item]) -> Check:
    """A function that gives the first fault of a ballot's entries, or None, in time linear in their number."""
    if isinstance(form, CumulativeForm):
        return _points_checker(form, items)
    if isinstance(form, ScoreForm):
        return _value_checker(items, form.min_score, form.max_score)
    if isinstance(form, YesNoBlankForm):
        return _value_checker(items, -1, 1)
    if isinstance(form, CartForm):
        return _cart_checker(form, items)
    if isinstance(form, ApprovalForm) and form.max_per_category is not None:
        return _category_checker(form, form.max_per_category, items)
    return _position_checker(_most_choices(form), items)


def choice_fault(entries: Entries, form: BallotForm, items: Sequence[Item]) -> ChoiceFault | None:
    """The first fault of `entries`, or None. For many ballots of one step, make one `checker`."""
    return checker(form, items)(entries)


def below_minimum(entries: Entries, form: BallotForm, items: Sequence[Item]) -> str | None:
    """Why a possible ballot is recorded but not counted, or None. A blank ballot is never below a minimum: it is counted as blank."""
    if not entries:
        return None
    least: int | None = None
    if isinstance(form, ApprovalForm):
        least = form.min
    elif isinstance(form, RankedForm):
        least = form.min_length
    elif isinstance(form, CartForm | CumulativeForm):
        least = form.min_items
    if least is not None and len(entries) < least:
        return "under-min-choices"
    if isinstance(form, CartForm) and form.min_spend_minor is not None:
        costs = {item.position: item.cost_minor for item in items}
        return "under-min-spend" if sum(costs[position] for position in _positions(entries)) < form.min_spend_minor else None
    if isinstance(form, CumulativeForm) and form.min_sum is not None:
        return "under-min-sum" if sum(points for _, points in _pairs(entries)) < form.min_sum else None
    return None


def _positions(entries: Entries) -> tuple[int, ...]:
    return cast("tuple[int, ...]", entries)


def _pairs(entries: Entries) -> tuple[tuple[int, int], ...]:
    return cast("tuple[tuple[int, int], ...]", entries)


def _most_choices(form: BallotForm) -> int | None:
    if isinstance(form, ChooseOneForm):
        return 1
    if isinstance(form, ApprovalForm):
        return form.max
    if isinstance(form, RankedForm):
        return form.max_length
    return None


def _position_checker(limit: int | None, items: Sequence[Item]) -> Check:
    known = frozenset(item.position for item in items)
    most = len(known) if limit is None else limit
    all_known = known.issuperset

    def check(entries: Entries) -> ChoiceFault | None:
        if len(entries) <= most and all_known(entries) and len(set(entries)) == len(entries):
            return None
        return _position_fault(entries, known, most)

    return check


def _category_checker(form: ApprovalForm, most_per_category: int, items: Sequence[Item]) -> Check:
    positions_fit = _position_checker(form.max, items)
    category = {item.position: item.category for item in items}

    def check(entries: Entries) -> ChoiceFault | None:
        fault = positions_fit(entries)
        if fault is not None:
            return fault
        taken: dict[str, int] = {}
        for place, position in enumerate(_positions(entries)):
            name = category[position]
            if name is not None:
                taken[name] = taken.get(name, 0) + 1
                if taken[name] > most_per_category:
                    return ChoiceFault("too-many-in-category", place)
        return None

    return check


def _cart_checker(form: CartForm, items: Sequence[Item]) -> Check:
    positions_fit = _position_checker(form.max_items, items)
    costs = {item.position: item.cost_minor for item in items}
    cost_of = costs.__getitem__
    budget = form.budget_minor

    def check(entries: Entries) -> ChoiceFault | None:
        fault = positions_fit(entries)
        if fault is not None:
            return fault
        positions = _positions(entries)
        if sum(map(cost_of, positions)) <= budget:
            return None
        return ChoiceFault("over-budget", _place_over(map(cost_of, positions), budget))

    return check


def _points_checker(form: CumulativeForm, items: Sequence[Item]) -> Check:
    values_fit = _value_checker(items, 0, form.sum if form.max_per_item is None else form.max_per_item, form.max_items)
    most = form.sum

    def check(entries: Entries) -> ChoiceFault | None:
        fault = values_fit(entries)
        if fault is not None:
            return fault
        points = [value for _, value in _pairs(entries)]
        return ChoiceFault("over-sum", _place_over(points, most)) if sum(points) > most else None

    return check


def _value_checker(items: Sequence[Item], least: int, most: int, limit: int | None = None) -> Check:
    known = frozenset(item.position for item in items)
    most_entries = len(known) if limit is None else limit

    def check(entries: Entries) -> ChoiceFault | None:
        seen: set[int] = set()
        for place, entry in enumerate(entries):
            if not isinstance(entry, tuple) or len(entry) != 2:
                return ChoiceFault("wrong-shape", place)
            position, value = entry
            if position not in known:
                return ChoiceFault("unknown-position", place)
            if position in seen:
                return ChoiceFault("repeated-position", place)
            seen.add(position)
            if not least <= value <= most:
                return ChoiceFault("value-out-of-range", place)
        return ChoiceFault("too-many-choices", most_entries) if len(entries) > most_entries else None

    return check


def _position_fault(entries: Entries, known: frozenset[int], most: int) -> ChoiceFault | None:
    seen: set[int] = set()
    for place, position in enumerate(entries):
        if not isinstance(position, int):
            return ChoiceFault("wrong-shape", place)
        if position not in known:
            return ChoiceFault("unknown-position", place)
        if position in seen:
            return ChoiceFault("repeated-position", place)
        seen.add(position)
    return ChoiceFault("too-many-choices", most) if len(entries) > most else None


def _place_over(amounts: Iterable[int], limit: int) -> int:
    """The index at which the running sum of `amounts`, which in all exceed `limit`, passes it."""
    total = 0
    for place, amount in enumerate(amounts):
        total += amount
        if total > limit:
            return place
    raise AssertionError("the amounts stay within the limit")
