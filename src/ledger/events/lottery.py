"""Facts about the lottery that ties are broken by, where it is drawn after the vote (stream `result/<step>`)."""

from typing import Annotated, ClassVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from ledger.events.result import ResultEvent
from ledger.ids import Count, Digest, Ref
from ledger.rules.spec import Day, DrawName, Round

Secret = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{43}$")]
"""32 random bytes in base64url without padding."""
BeaconSignature = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{96}$")]
"""A point of BLS12-381 G1, compressed, in lower-case hex."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")


class RevealedRound(_Part):
    """A round of the beacon, with its signature as the beacon published it."""

    round: Round
    signature: BeaconSignature


class RevealedSecret(_Part):
    """What a party had committed to."""

    party: Ref
    secret: Secret


class RevealedDraw(_Part):
    """The numbers that were drawn; their order has no meaning."""

    name: DrawName
    date: Day
    numbers: Annotated[tuple[Count, ...], Field(min_length=1, max_length=64)]


class LotteryCommitted(ResultEvent):
    """A party named in the rules commits to its secret, before the step opens (docs/formats/rules.md)."""

    TYPE: ClassVar[str] = "lottery.committed"

    party: Ref
    commitment: Digest


class LotteryRevealed(ResultEvent):
    """What the lot is drawn from, or one party's part of it, once nothing more can be cast. Exactly one of the three."""

    TYPE: ClassVar[str] = "lottery.revealed"

    beacon: RevealedRound | None = None
    secret: RevealedSecret | None = None
    numbers: Annotated[tuple[RevealedDraw, ...], Field(min_length=1, max_length=8)] | None = None
