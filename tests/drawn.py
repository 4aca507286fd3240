"""What lots are drawn from in specifications: true rounds of a beacon, invented parties, numbers of public lotteries.

The rounds are those that drand published: nobody could have made them up. They came out on 23 August and 15 September 2023.
"""

from typing import Any, Final

from ledger.rules.lot import commitment_of
from ledger.rules.spec import Beacon, Drawing, Lottery, PublicDraw

ROUND: Final = 657_413
SIGNATURE: Final = "b713718a38ae728dfd477991af2822e08d2f305e47718cef9f7848ce4050e7be41076862b98fad56e91a6b85b89cd97b"
OUT_AT: Final = "2023-09-15T11:00:03.000Z"
OTHER_ROUND: Final = 1_000
OTHER_SIGNATURE: Final = "b44679b9a59af2ec876b1a6b1ad52ea9b1615fc3982b19576350f93447cb1125e342b73a8dd2bacbe47e4b6b63ed5e39"

PARTIES: Final = ("town-hall", "opposition")
SECRETS: Final = {"town-hall": "t" * 43, "opposition": "o" * 43}
"""Secrets that nobody would choose."""

BEACON: Final = Lottery(beacon=Beacon(round=ROUND))
BETWEEN_PARTIES: Final = Lottery(parties=PARTIES)


def commitments(step: str = "vote") -> dict[str, str]:
    """Party → what it commits with."""
    return {party: commitment_of(step, party, secret) for party, secret in SECRETS.items()}


def draws(day: str, *names: str) -> tuple[PublicDraw, ...]:
    """Drawings of public lotteries on one day."""
    return tuple(PublicDraw(name=name, date=day) for name in names)


def with_fallback(lottery: Lottery, fallback: Drawing, after: str) -> Lottery:
    """The lottery with another one for where it fails."""
    return lottery.model_copy(update={"fallback": fallback, "fallback_after": after})


def as_json(lottery: Lottery) -> dict[str, Any]:
    """The lottery as a platform posts it."""
    return lottery.model_dump(mode="json", exclude_none=True)
