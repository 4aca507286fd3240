"""How a lot is drawn after the vote: from a round of drand's quicknet, from secrets that parties committed to, or from public lotteries.

docs/formats/rules.md writes down every byte that is hashed. Nothing of a log but its origin and the step is in a seed: whoever appends
entries cannot try out another one. Sources: https://docs.drand.love (rounds of unchained networks); RFC 3797, section 4 (the key string).
"""

from base64 import urlsafe_b64encode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import Final

from ledger.rules.spec import Drawing, DrawingKind, Lottery

SEED_DOMAIN: Final = "ledger-lottery/v1"
COMMITMENT_DOMAIN: Final = "ledger-lottery-commitment/v1"

GENESIS: Final = datetime.fromtimestamp(1_692_803_367, UTC)
"""When round 1 of quicknet came out."""
PERIOD: Final = timedelta(seconds=3)
MARGIN: Final = timedelta(seconds=60)
"""By so much the drawing comes after the announced closing: a clock may close a step that late before that is a finding."""
_EARLIEST_DAY: Final = timedelta(hours=14)
"""A day begins in some place on earth so long before it does in UTC."""

Numbers = Sequence[Sequence[int]]
"""The numbers of public drawings, in the order in which the rules name these."""


@dataclass(frozen=True, slots=True)
class Revealed:
    """What was revealed so far of a lottery. `beacon` is (round, signature in hex), `secrets` are by party."""

    beacon: tuple[int, str] | None = None
    secrets: Mapping[str, str] = field(default_factory=dict)
    numbers: Numbers | None = None

    def completes(self, drawing: Drawing) -> bool:
        """True when nothing of the drawing is left to be revealed."""
        if drawing.beacon is not None:
            return self.beacon is not None
        if drawing.parties is not None:
            return all(party in self.secrets for party in drawing.parties)
        return drawing.numbers is not None and self.numbers is not None


@dataclass(frozen=True, slots=True)
class Lot:
    """A lot that was drawn. `by_fallback`: not from what the rules name first."""

    kind: DrawingKind
    by_fallback: bool
    seed: bytes


def is_drawn_later(lottery: Lottery | None) -> bool:
    """True where the seed is not fixed beforehand."""
    return lottery is not None and bool(lottery.kinds)


def drawings(lottery: Lottery) -> tuple[Drawing, ...]:
    """What the lot is drawn from: that named first, then the fallback."""
    return (lottery,) if lottery.fallback is None else (lottery, lottery.fallback)


def parties_of(lottery: Lottery | None) -> tuple[str, ...]:
    """The parties whose secrets may be needed, as the rules name them."""
    return () if lottery is None else tuple(party for drawing in drawings(lottery) for party in drawing.parties or ())


def lot_of(lottery: Lottery | None, revealed: Revealed, origin: str, step: str) -> Lot | None:
    """The lot that was drawn for a step of a log; None where the seed is fixed beforehand, or something is not revealed yet."""
    if lottery is None:
        return None
    for number, drawing in enumerate(drawings(lottery)):
        if revealed.completes(drawing):
            [kind] = drawing.kinds
            return Lot(kind, number > 0, _seed(origin, step, kind, _lines(drawing, revealed)))
    return None


def round_time(number: int) -> str:
    """When this round of quicknet comes out, as an instant."""
    return instant(GENESIS + (number - 1) * PERIOD)


def round_after(at: str) -> int:
    """The first round of quicknet that is not out before this instant. Raises `ValueError` where there is no such day or time."""
    return max(1, 1 - (GENESIS - datetime.fromisoformat(at)) // PERIOD)


def known_from(drawing: Drawing) -> tuple[str, ...]:
    """The instants from which on its parts may be known, ascending; none for secrets, which are kept until they are revealed.

    The numbers of a public lottery: from where its day begins first on earth. Raises `ValueError` where there is no such day.
    """
    if drawing.beacon is not None:
        return (round_time(drawing.beacon.round),)
    days = sorted(draw.date for draw in drawing.numbers or ())
    return tuple(instant(datetime.combine(date.fromisoformat(day), datetime.min.time(), UTC) - _EARLIEST_DAY) for day in days)


def after_closing(lottery: Lottery) -> tuple[str, ...]:
    """The instants before which the casting has to be over, ascending: of what the rules name first, and the deadline."""
    deadline = () if lottery.fallback_after is None else (lottery.fallback_after,)
    return (*known_from(lottery), *deadline)


def instant(at: datetime) -> str:
    """The time as it stands in entries."""
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def earlier(at: str, by: timedelta = MARGIN) -> str:
    """The instant so much before another. Raises `ValueError` where there is no such day or time."""
    try:
        return instant(datetime.fromisoformat(at) - by)
    except OverflowError as error:
        raise ValueError("before the first year") from error


def commitment_of(step: str, party: str, secret: str) -> str:
    """What a party commits with: a SHA-256 in base64url without padding. Nobody else's secret makes the same."""
    digest = sha256(f"{COMMITMENT_DOMAIN}\n{step}\n{party}\n{secret}\n".encode()).digest()
    return urlsafe_b64encode(digest).rstrip(b"=").decode()


def key_string(numbers: Numbers) -> str:
    """The key string of RFC 3797: of each drawing the numbers ascending, each followed by a full stop, then a slash."""
    return "".join("".join(f"{number}." for number in sorted(drawn)) + "/" for drawn in numbers)


def lottery_problems(lottery: Lottery) -> Iterator[tuple[str, str]]:
    """Place and reason of everything that has no meaning in it."""
    named = len(lottery.kinds) + (lottery.seed is not None)
    if named != 1:
        yield "$.lottery", "a lottery has exactly one of seed, beacon, parties and numbers"
    for place, drawing in zip(("$.lottery", "$.lottery.fallback"), drawings(lottery), strict=False):
        yield from _drawing_problems(place, drawing)
    if (lottery.fallback is None) != (lottery.fallback_after is None):
        yield "$.lottery.fallback_after", "a fallback, and only a fallback, has a time from which on it holds"
    if lottery.fallback is not None:
        yield from _fallback_problems(lottery, lottery.fallback)


def _drawing_problems(place: str, drawing: Drawing) -> Iterator[tuple[str, str]]:
    parties = drawing.parties or ()
    if len(set(parties)) != len(parties):
        yield f"{place}.parties", "a party stands twice"
    draws = drawing.numbers or ()
    if len({(draw.name, draw.date) for draw in draws}) != len(draws):
        yield f"{place}.numbers", "a drawing stands twice"
    try:
        known_from(drawing)
    except ValueError:
        yield f"{place}.numbers", "a drawing is on a day that does not exist"


def _fallback_problems(lottery: Lottery, fallback: Drawing) -> Iterator[tuple[str, str]]:
    if lottery.seed is not None:
        yield "$.lottery.fallback", "a seed that is fixed beforehand needs no fallback"
    if len(fallback.kinds) != 1 or fallback.kinds == lottery.kinds:
        yield "$.lottery.fallback", "a fallback has exactly one of beacon, parties and numbers, and another than the lottery"
    after = lottery.fallback_after
    if after is None:
        return
    try:
        earlier(after)
    except ValueError:
        yield "$.lottery.fallback_after", "there is no such day or time"
        return
    if any(known >= after for known in known_from(lottery)):
        yield "$.lottery.fallback_after", "the deadline comes after the drawing that it is for"
    if any(earlier(known) <= after for known in known_from(fallback)):
        yield "$.lottery.fallback", "what the fallback is drawn from must not be known at the deadline, or one could choose between the two"


def _lines(drawing: Drawing, revealed: Revealed) -> list[str]:
    """What a seed is made of, line by line."""
    if drawing.beacon is not None and revealed.beacon is not None:
        number, signature = revealed.beacon
        return [str(number), signature]
    if drawing.parties is not None:
        return [f"{party} {revealed.secrets[party]}" for party in sorted(drawing.parties)]
    return [key_string(revealed.numbers or ())]


def _seed(origin: str, step: str, kind: DrawingKind, lines: Sequence[str]) -> bytes:
    return sha256("".join(f"{line}\n" for line in (SEED_DOMAIN, origin, step, kind, *lines)).encode()).digest()
