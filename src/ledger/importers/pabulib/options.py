"""What a `.pb` file says only in prose, given by whoever imports it. Nothing here has a default that decides an outcome."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path

from ledger.canonical import JsonValue, parse
from ledger.errors import ImportOptionInvalid, Malformed


@dataclass(frozen=True, slots=True)
class Exclusive:
    """Projects of which one at most is funded: ids, and the one that a decision retained, if one did."""

    members: tuple[str, ...]
    retained: str | None


@dataclass(frozen=True, slots=True)
class Missing:
    """Ballots that the authority counted and the file lacks: their channel, and how many, where that is known."""

    channel: str
    count: int | None


@dataclass(frozen=True, slots=True)
class Options:
    """The options of one import. Amounts are in major units, ids and names as the file writes them."""

    rules: Mapping[str, JsonValue] = field(default_factory=dict)
    """Fields of the rule specification that replace what META gives (docs/formats/rules.md)."""
    exclusive: tuple[Exclusive, ...] = ()
    envelopes: Mapping[str, Decimal] = field(default_factory=dict)
    envelopes_by: str = "category"
    envelopes_kind: str = "own"
    announced_budget: Decimal | None = None
    """The budget before it was amended; META's is the amended one."""
    withdrawn: tuple[str, ...] = ()
    """Projects withdrawn after the vote."""
    missing: tuple[Missing, ...] = ()
    with_demographics: bool = False
    time_zone: str = "Etc/UTC"
    keys_destroyed_at: str = "2099-12-31T00:00:00.000Z"


def read_rules(path: Path) -> dict[str, JsonValue]:
    """The object of a `--rules` file."""
    try:
        value = parse(path.read_bytes())
    except OSError as error:
        raise ImportOptionInvalid("--rules", f"{path} cannot be read ({error.strerror})") from None
    except Malformed as error:
        raise ImportOptionInvalid("--rules", f"{path}: {error}") from None
    if not isinstance(value, dict):
        raise ImportOptionInvalid("--rules", f"{path} is not a JSON object of rule fields")
    return value


def read_exclusive(text: str) -> Exclusive:
    """The set written `A,B,C`, or `A,B,C=B` where a decision retained B."""
    members, _, retained = text.partition("=")
    ids = tuple(part.strip() for part in members.split(",") if part.strip())
    if len(set(ids)) < 2 or len(set(ids)) != len(ids):
        raise ImportOptionInvalid("--exclusive", f"{text!r}: write two different ids or more, as in 459,1687=1687")
    if retained and retained.strip() not in ids:
        raise ImportOptionInvalid("--exclusive", f"{text!r}: the retained project is no member of the set")
    return Exclusive(ids, retained.strip() or None)


def read_envelope(text: str) -> tuple[str, Decimal]:
    """The envelope written `NAME=AMOUNT`."""
    name, equals, amount = text.rpartition("=")
    if not equals or not name.strip():
        raise ImportOptionInvalid("--envelope", f"{text!r}: write a name and an amount, as in Green=40000000")
    return name.strip(), read_amount(amount, "--envelope")


def read_missing(text: str) -> Missing:
    """The ballots written `CHANNEL`, or `CHANNEL=COUNT`."""
    channel, _, count = text.partition("=")
    if count and not count.strip().isdecimal():
        raise ImportOptionInvalid("--ballots-missing", f"{text!r}: write a channel and at most a number, as in paper=21")
    return Missing(channel.strip(), int(count) if count else None)


def read_amount(text: str, option: str) -> Decimal:
    """An amount of money in major units."""
    try:
        amount = Decimal(text.strip())
    except InvalidOperation:
        raise ImportOptionInvalid(option, f"{text!r} is not an amount") from None
    if not amount.is_finite() or amount < 0:
        raise ImportOptionInvalid(option, f"{text!r} is not an amount")
    return amount
