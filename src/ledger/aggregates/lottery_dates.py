"""When a lottery is drawn: after the announced closing, and never from anything that can be known while people vote."""

from typing import Final

from ledger.errors import LedgerError, LotteryChanged, LotteryTooEarly, LotteryUndated
from ledger.rules.lot import after_closing, drawings, earlier, is_drawn_later, parties_of
from ledger.rules.spec import Lottery, RuleSpec

WRONG_DATES: Final[tuple[type[LedgerError], ...]] = (LotteryUndated, LotteryTooEarly)
"""What `check_drawn_after` refuses with."""


def check_drawn_after(step: str, rules: RuleSpec | None, closes_at: str | None, now: str) -> None:
    """Returns when nothing that the lot is drawn from can be known before the closing, or now; raises `LotteryUndated`, `LotteryTooEarly`.

    The deadline of a fallback comes after the closing likewise. Secrets of parties need no time.
    """
    if rules is None or rules.lottery is None:
        return
    for known in after_closing(rules.lottery):
        if closes_at is None:
            raise LotteryUndated(step)
        not_before = max(closes_at, now)
        if earlier(known) <= not_before:
            raise LotteryTooEarly(step, known, not_before)


def moved(step: str, rules: RuleSpec | None, lottery: Lottery | None) -> RuleSpec | None:
    """The rules with the lottery that a new date names, if it names one; raises `LotteryChanged` where it is more than a later one."""
    if lottery is None:
        return rules
    if rules is None or rules.lottery is None or not is_drawn_later(rules.lottery) or _nature(lottery) != _nature(rules.lottery):
        raise LotteryChanged(step)
    return with_lottery(rules, lottery)


def with_lottery(rules: RuleSpec, lottery: Lottery) -> RuleSpec:
    """The same rules with this lottery."""
    return rules.model_copy(update={"lottery": lottery})


def _nature(lottery: Lottery) -> tuple[object, ...]:
    """What of a lottery stays when its dates move."""
    return tuple(drawing.kinds for drawing in drawings(lottery)), parties_of(lottery), lottery.seed
