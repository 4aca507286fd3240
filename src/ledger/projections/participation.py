"""The projection `participation`: how many acts of people there were, by day, step, channel and kind.

Keys: `<day>/<step>/<channel>/<act>/<kind>`; a report names no step, so its step is empty. Acts are counted, people are not: they go by
another name in each step, and nobody may join these.

The day is in UTC: that of the entry's `at`, or the one that an imported act claims. Ballots are not counted here: the projection `ballots`
has a row for each already, and a second one would double what an election writes (`ledger.projections.readings.participation_days`).
"""

from typing import Final

from ledger.events import Event, EventData
from ledger.events.argument import ArgumentRevised, ArgumentSubmitted, ArgumentWithdrawn
from ledger.events.contribution import ContributionRevised, ContributionSubmitted, ContributionWithdrawn
from ledger.events.report import ReportMade
from ledger.events.roll import AttendanceMarked
from ledger.events.stance import StanceCast, StanceChanged, StanceExplained, StanceWithdrawn
from ledger.projections.projection import Disclosed, Row

_ACTS: Final[tuple[tuple[type[EventData], str, str], ...]] = (
    (ContributionSubmitted, "contribution", ""),
    (ContributionRevised, "contribution_change", "revised"),
    (ContributionWithdrawn, "contribution_change", "withdrawn"),
    (ArgumentSubmitted, "argument", ""),
    (ArgumentRevised, "argument_change", "revised"),
    (ArgumentWithdrawn, "argument_change", "withdrawn"),
    (StanceCast, "stance", "cast"),
    (StanceChanged, "stance", "changed"),
    (StanceWithdrawn, "stance", "withdrawn"),
    (StanceExplained, "stance", "explained"),
    (AttendanceMarked, "attendance", "marked"),
    (ReportMade, "report", ""),
)
"""Events with what they count as; without a kind it is that of the contribution, the side of the argument, or the motive of the report."""
_BY_TYPE: Final = {wire_type: (act, kind) for event, act, kind in _ACTS for wire_type in event.wire_types()}

_DAY: Final = 10
"""Characters of an instant up to its day."""


class Participation:
    """Counts of acts. Every act changes one row, and reads no more than that."""

    name = "participation"
    version = 1
    handles = frozenset(_BY_TYPE)

    def keys(self, event: Event) -> tuple[str, ...]:
        """See `Projection.keys`."""
        act, kind = _BY_TYPE[event.type]
        step: str = getattr(event.data, "step", "")
        match event.data:
            case ContributionSubmitted(kind=own) | ArgumentSubmitted(side=own) | ReportMade(motive=own):
                kind = own
        return (f"{day_of(event)}/{step}/{event.channel}/{act}/{kind}",)

    def apply(self, key: str, row: Row | None, event: Event, texts: Disclosed) -> Row | None:
        """See `Projection.apply`."""
        if row is not None:
            acts = row["acts"]
            return {**row, "acts": (acts if isinstance(acts, int) else 0) + 1}
        day, step, channel, act, kind = key.split("/")
        return {"day": day, "step": step, "channel": channel, "act": act, "kind": kind, "acts": 1, "seq": event.seq}


def day_of(event: Event) -> str:
    """The day (UTC) that an act is counted under."""
    claimed = event.claimed_at if event.channel == "import" else None
    return (claimed or event.at)[:_DAY]
