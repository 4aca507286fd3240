"""Amounts of a file in major units → minor units of its currency (ISO 4217)."""

from decimal import Decimal

from ledger.errors import ForeignFileDamaged

_WITHOUT_MINOR = frozenset(
    ("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF", "XPF")
)
_IN_THOUSANDTHS = frozenset(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"))


def exponent(currency: str) -> int:
    """How many decimals the minor unit of a currency stands for."""
    if currency in _WITHOUT_MINOR:
        return 0
    return 3 if currency in _IN_THOUSANDTHS else 2


def minor(amount: Decimal, currency: str, place: str) -> int:
    """The amount in minor units, exactly; raises where the file is finer than the currency."""
    scaled = amount.scaleb(exponent(currency))
    if scaled != scaled.to_integral_value():
        raise ForeignFileDamaged(place, f"{amount} {currency} is no whole number of minor units")
    return int(scaled)
