"""What is found of a beacon's signature before anything is recorded."""

from dataclasses import dataclass
from typing import ClassVar

from ledger.errors.tree import Refused, Unavailable


@dataclass
class BeaconForged(Refused):
    """The signature is not the beacon's."""

    code: ClassVar[str] = "beacon-signature"
    message: ClassVar[str] = "The signature is not that of round {round} of drand's quicknet; take both from one answer of the beacon."
    round: int


@dataclass
class BeaconUnverifiable(Unavailable):
    """The signature of a beacon cannot be checked on this machine."""

    code: ClassVar[str] = "beacon-unverifiable"
    message: ClassVar[str] = (
        "The signature of round {round} cannot be verified here; install 'participation-ledger[lottery]' on Python 3.12 or earlier."
    )
    round: int
