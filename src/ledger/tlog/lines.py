"""What a line of a log's documents may hold: a decimal number, base64. Each value has exactly one spelling, and no other is read."""

import re
from binascii import Error as Base64Error
from binascii import a2b_base64, b2a_base64
from typing import Final

_DECIMAL: Final = re.compile(r"(?:0|[1-9][0-9]{0,18})\Z")
LARGEST_NUMBER: Final = 2**63 - 1


def decimal(text: str) -> int | None:
    """The number that ASCII digits without leading zeros write, at most 2^63 - 1; None for any other text."""
    if not _DECIMAL.match(text):
        return None
    number = int(text)
    return number if number <= LARGEST_NUMBER else None


def base64(data: bytes) -> str:
    """Standard base64 with padding (RFC 4648, section 4), in one line."""
    return b2a_base64(data, newline=False).decode("ascii")


def unbase64(text: str) -> bytes | None:
    """The bytes whose `base64` is exactly `text`; None where there are none: white space, missing padding, left-over bits."""
    try:
        data = a2b_base64(text.encode("ascii"))
    except (UnicodeEncodeError, Base64Error):
        return None
    return data if base64(data) == text else None
