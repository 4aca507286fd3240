"""The projection `timeline`: one row per event of the process, keyed by its seq in 12 digits.

Left out are events of one person each: ballots, marks of attendance, stances and reports, which are counted elsewhere, and what a platform
knows of a participant, of which nothing is told.
"""

from ledger.canonical import JsonValue
from ledger.events import EVENTS, Event
from ledger.events.ballot import BallotEvent
from ledger.events.participant import ParticipantDescribed
from ledger.events.report import ReportMade
from ledger.events.roll import AttendanceMarked
from ledger.events.stance import StanceEvent
from ledger.projections.projection import Row, Texts
from ledger.projections.wording import sentences

OF_ONE_PERSON = (BallotEvent, AttendanceMarked, ParticipantDescribed, StanceEvent, ReportMade)


class Timeline:
    """The process in words, in the order of the log."""

    name = "timeline"
    version = 3
    handles = frozenset(wire_type for event in EVENTS if not issubclass(event, OF_ONE_PERSON) for wire_type in event.wire_types())

    def keys(self, event: Event) -> tuple[str, ...]:
        """See `Projection.keys`."""
        return (timeline_key(event.seq),)

    def apply(self, key: str, row: Row | None, event: Event, texts: Texts) -> Row | None:
        """See `Projection.apply`."""
        english, french = sentences(event)
        return {
            "seq": event.seq,
            "at": event.at,
            "type": event.type,
            "role": event.role,
            "via": event.via,
            "step": _named(event, "step"),
            "ref": _named(event, "ref") or _named(event, "target"),
            "code": _named(event, "code") or _named(event, "criterion") or _named(event, "motive"),
            "en": english,
            "fr": french,
            "reason": texts.get("reason") or texts.get("statement") or texts.get("text"),
        }


def timeline_key(seq: int) -> str:
    """The key of an event's row: 12 digits, so that keys ascend as the log does."""
    return f"{seq:012d}"


def _named(event: Event, name: str) -> JsonValue:
    value: JsonValue = getattr(event.data, name, None)
    return value
