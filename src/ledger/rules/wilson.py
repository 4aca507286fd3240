"""The lower bound of the Wilson score interval, compared and written exactly.

E. B. Wilson, "Probable inference, the law of succession, and statistical inference", Journal of the American Statistical Association 22
(1927), 209-212. Of n people asked p agreed; the bound is the least share of agreement among all people that would still make p of n
unsurprising, at the z stated. Two bounds are irrational numbers as a rule. Both have the form (a - √b) / c in whole numbers,
so which one is greater is decided by squaring twice, and no rounding has a say.
"""

from math import isqrt
from typing import Final, NamedTuple

Z_NUMERATOR: Final = 49
Z_DENOMINATOR: Final = 25
"""z = 49/25 = 1.96: 95 of 100 intervals hold the true share."""

PLACES: Final = 10**6


class Bound(NamedTuple):
    """The number (whole - √square) / divisor; whole ≥ √square, divisor > 0."""

    whole: int
    square: int
    divisor: int


def lower_bound(agreed: int, asked: int) -> Bound:
    """The bound of `agreed` of `asked`, 0 ≤ agreed ≤ asked, asked > 0.

    Multiplied out from (p + z²/2 - z √(p(n-p)/n + z²/4)) / (n + z²) with z = a/b: whole = n(2b²p + a²),
    square = a²n(4b²p(n-p) + a²n), divisor = 2n(b²n + a²).
    """
    a2, b2 = Z_NUMERATOR**2, Z_DENOMINATOR**2
    whole = asked * (2 * b2 * agreed + a2)
    square = a2 * asked * (4 * b2 * agreed * (asked - agreed) + a2 * asked)
    return Bound(whole, square, 2 * asked * (b2 * asked + a2))


def compared(one: Bound, other: Bound) -> int:
    """-1, 0 or 1, as the first bound is less than, equal to or greater than the second."""
    # one - other has the sign of x - √u + √v.
    x = one.whole * other.divisor - other.whole * one.divisor
    u = one.square * other.divisor**2
    v = other.square * one.divisor**2
    if x >= 0:
        # x + √v against √u: squared, x² + v - u against -2x√v.
        return _sign_of_sum(x * x + v - u, 4 * x * x * v)
    # √v against √u - x, where -x > 0: squared, v - u - x² against 2(-x)√u.
    return -_sign_of_sum(u + x * x - v, 4 * x * x * u)


def _sign_of_sum(rational: int, square: int) -> int:
    """The sign of rational + √square."""
    if rational >= 0:
        return 1 if rational or square else 0
    left = square - rational * rational
    return (left > 0) - (left < 0)


def millionths(bound: Bound) -> int:
    """The bound in millionths, rounded down: exactly, since √ of a whole number is rounded up to one before it is subtracted."""
    square = bound.square * PLACES**2
    root = isqrt(square)
    root += root * root < square
    return (bound.whole * PLACES - root) // bound.divisor
