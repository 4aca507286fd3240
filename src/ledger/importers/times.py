"""Times of other platforms as instants, from wall clocks with a zone. What a wall clock shows twice, or never, is no instant."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from ledger.errors import ImportOptionInvalid


def zone_of(name: str) -> ZoneInfo:
    """The time zone of that IANA name; raises `ImportOptionInvalid`."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ImportOptionInvalid("--time-zone", f"{name[:80]!r} is no time zone that this machine knows") from None


def in_utc(wall: datetime, zone: ZoneInfo) -> datetime | None:
    """The moment at which clocks of the zone showed this; None where they showed it twice or never, as when summer time ends or begins."""
    first, second = (wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    return first if first == second else None


def instant(moment: datetime) -> str:
    """The moment as entries have it: UTC, milliseconds."""
    utc = moment.astimezone(UTC)
    return f"{utc:%Y-%m-%dT%H:%M:%S}.{utc.microsecond // 1000:03d}Z"


def whole_hour(moment: datetime) -> str:
    """The beginning of the moment's hour in UTC, which is all that a stance says of its time."""
    return instant(moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0))
