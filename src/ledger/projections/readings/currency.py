"""Amounts of money in the units that people write (ISO 4217)."""

from typing import Final

_WITHOUT_MINOR: Final = frozenset(
    ["BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF", "XPF"]
)
_IN_THOUSANDTHS: Final = frozenset(["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"])


def exponent(currency: str) -> int:
    """How many decimals the minor unit of a currency stands for."""
    if currency in _WITHOUT_MINOR:
        return 0
    return 3 if currency in _IN_THOUSANDTHS else 2


def major(amount_minor: int, currency: str) -> str:
    """An amount that is not negative in the currency's main unit: `1200`, or `1200.50` where there are minor units left."""
    places = exponent(currency)
    whole, rest = divmod(amount_minor, 10**places)
    return f"{whole}.{rest:0{places}d}" if rest else str(whole)
