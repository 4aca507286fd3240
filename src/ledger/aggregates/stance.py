"""One person's stance on one target (stream `stance/<target>/<actor>`)."""

from dataclasses import dataclass

from ledger.aggregates.state import Law, State
from ledger.rules.scales import StanceValue


@dataclass(slots=True)
class StanceState(State):
    """The stance as it is now; `value` is None before it is cast and while it is withdrawn."""

    value: StanceValue | None = None
    target_version: int | None = None


LAWS: tuple[Law, ...] = ()
