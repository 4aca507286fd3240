"""The lottery of a step as it was committed to and revealed, read from the step's row."""

from collections.abc import Callable, Mapping
from typing import TypedDict, cast

from ledger.canonical import JsonValue
from ledger.projections.projection import Row
from ledger.rules.lot import Lot, Revealed, is_drawn_later, lot_of
from ledger.rules.outcome import TieMet
from ledger.rules.spec import RuleSpec


class _RoundRow(TypedDict):
    round: int
    signature: str


class _SecretRow(TypedDict):
    party: str
    secret: str


class _DrawRow(TypedDict):
    numbers: list[int]


class RevealRow(TypedDict, total=False):
    """One reveal: exactly one of the three parts."""

    seq: int
    at: str
    beacon: _RoundRow
    secret: _SecretRow
    numbers: list[_DrawRow]


def reveals_of(row: Mapping[str, object]) -> list[RevealRow]:
    """The reveals in a row of the projection `steps`, in the order of the log."""
    return cast("list[RevealRow]", row["reveals"])


def lot_in(row: Row, rules: RuleSpec, origin: str) -> Lot | None:
    """The lot that was drawn for the step; None where its rules have none drawn, or it is not drawn yet."""
    if not is_drawn_later(rules.lottery):
        return None
    revealed = Revealed()
    for reveal in reveals_of(row):
        revealed = _with(revealed, reveal)
    return lot_of(rules.lottery, revealed, origin, cast("str", row["ref"]))


def _with(revealed: Revealed, reveal: RevealRow) -> Revealed:
    """The first reveal of a thing stands: another is one that no ledger admitted."""
    beacon, secret, numbers = reveal.get("beacon"), reveal.get("secret"), reveal.get("numbers")
    if beacon is not None and revealed.beacon is None:
        return Revealed((beacon["round"], beacon["signature"]), revealed.secrets, revealed.numbers)
    if secret is not None and secret["party"] not in revealed.secrets:
        return Revealed(revealed.beacon, {**revealed.secrets, secret["party"]: secret["secret"]}, revealed.numbers)
    if numbers is not None and revealed.numbers is None:
        return Revealed(revealed.beacon, revealed.secrets, tuple(tuple(draw["numbers"]) for draw in numbers))
    return revealed


def lottery_document(row: Row, lot: Lot | None, ties: tuple[TieMet, ...], shown: Callable[[int], str]) -> dict[str, JsonValue]:
    """What a result says of its lottery: how it was drawn, the seed, and which of the `ties` it broke (docs/formats/results.md)."""
    by_lot: list[JsonValue] = [
        {"step": tie.step, "members": [shown(position) for position in tie.members], "split": tie.split}
        for tie in ties
        if "lot" in tie.broken_by
    ]
    return {
        "drawn_from": None if lot is None else lot.kind,
        "by_fallback": None if lot is None else lot.by_fallback,
        "seed": None if lot is None else lot.seed.hex(),
        "commitments": row["commitments"],
        "reveals": row["reveals"],
        "ties": by_lot,
    }
