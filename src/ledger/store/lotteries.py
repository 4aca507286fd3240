"""What is verified of a lottery before it is recorded: that the round of a beacon is the beacon's.

Who admits an event does not look into signatures, so this is done before the turn, by whoever takes the submission; an audit does it again.
"""

from typing import Final

from ledger.audit.beacon import verify_round
from ledger.errors import BeaconForged, BeaconUnverifiable
from ledger.events.lottery import LotteryRevealed
from ledger.store.sealer import Draft

REVEALS: Final = frozenset({LotteryRevealed.wire_type()})
"""Types of events that may hold the signature of a beacon."""


def check_beacon(draft: Draft) -> None:
    """Returns when the draft reveals no round of a beacon, or a genuine one; raises `BeaconForged`, `BeaconUnverifiable`."""
    data = draft.submission.data
    if not isinstance(data, LotteryRevealed) or data.beacon is None:
        return
    number = data.beacon.round
    genuine = verify_round(number, data.beacon.signature)
    if genuine is None:
        raise BeaconUnverifiable(number)
    if not genuine:
        raise BeaconForged(number)
