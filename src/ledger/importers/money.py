"""Amounts of a file in major units → minor units of its currency (ISO 4217)."""

from decimal import Decimal
from typing import Final

from ledger.errors import ForeignFileDamaged
from ledger.projections.readings.currency import exponent

NO_CURRENCY: Final = "XXX"
"""ISO 4217's own code for "no currency"."""


def minor(amount: Decimal, currency: str, place: str) -> int:
    """The amount in minor units, exactly; raises where the file is finer than the currency."""
    scaled = amount.scaleb(exponent(currency))
    if scaled != scaled.to_integral_value():
        raise ForeignFileDamaged(place, f"{amount} {currency} is no whole number of minor units")
    return int(scaled)
