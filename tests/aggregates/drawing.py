"""Votes whose ties are broken by a lot that is drawn when they are over."""

from typing import Any

from ledger.aggregates import LEDGER
from ledger.events.lottery import LotteryCommitted, LotteryRevealed, RevealedDraw, RevealedRound, RevealedSecret
from ledger.rules.lot import round_after, round_time
from ledger.rules.spec import Beacon, Lottery, RuleSpec
from tests.drawn import PARTIES, SECRETS, SIGNATURE, commitments, draws
from tests.given import Given, Post, given, post
from tests.town import RULES, closing, opening, prepared, vote

CLOSES = "2026-03-05T18:00:00.000Z"
LATER = "2026-03-09T18:00:00.000Z"
DEADLINE = "2026-03-20T12:00:00.000Z"
MONTHS_AFTER = "2026-06-01T12:00:00.000Z"
ROUND = round_after("2026-03-05T19:00:00.000Z")
OUT_AT = round_time(ROUND)
BEACON = Lottery(beacon=Beacon(round=ROUND))
LATER_BEACON = Lottery(beacon=Beacon(round=round_after("2026-03-25T12:00:00.000Z")))
NUMBERS = Lottery(numbers=draws("2026-03-07", "Lotto", "Keno"))


def under(lottery: Lottery) -> RuleSpec:
    return RULES.model_copy(update={"lottery": lottery})


def planned_vote(lottery: Lottery, **fields: Any) -> tuple[Post, ...]:
    return prepared(rules=under(lottery), **{"closes_at": CLOSES, **fields})


def committed(party: str = "opposition", commitment: str | None = None) -> Post:
    return post(LotteryCommitted, step="vote", party=party, commitment=commitment or commitments()[party])


def all_committed() -> tuple[Post, ...]:
    return tuple(committed(party) for party in PARTIES)


def by_round(number: int = ROUND) -> Post:
    return post(LotteryRevealed, step="vote", beacon=RevealedRound(round=number, signature=SIGNATURE))


def by_secret(party: str = "opposition", secret: str | None = None) -> Post:
    return post(LotteryRevealed, step="vote", secret=RevealedSecret(party=party, secret=secret or SECRETS[party]))


def by_numbers(day: str = "2026-03-07", *names: str) -> Post:
    drawn = tuple(RevealedDraw(name=name, date=day, numbers=(7, 3, 41)) for name in names or ("Lotto", "Keno"))
    return post(LotteryRevealed, step="vote", numbers=drawn)


def over(lottery: Lottery, *before: Post, **fields: Any) -> Given:
    """The vote took place and is closed, at its time."""
    return given(*planned_vote(lottery, **fields), *before, opening(), vote(), by_clock(closing(), CLOSES))


def by_clock(draft: Post, at: str) -> Post:
    return draft.posted(role="system", via=LEDGER, at=at)
