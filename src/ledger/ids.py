"""The names things go by, and the pattern they keep."""

from typing import Annotated

from pydantic import Field, StringConstraints

MAX_INT = 2**53 - 1
"""Greatest whole number that every JSON reader keeps exactly."""

REF_PATTERN = r"^[A-Za-z0-9._~-]{1,64}$"

Ref = Annotated[str, StringConstraints(pattern=REF_PATTERN)]
"""A reference made by a platform: unique per project and kind."""

Subject = Annotated[str, StringConstraints(min_length=1, max_length=256, pattern=r"^[^\x00]*$")]
"""A platform's own opaque reference to a person; never stored, only sealed into a pseudonym."""

Pseudonym = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{22}$")]
"""A person within one scope: 132 bits in base64url."""

Digest = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{43}$")]
"""A SHA-256 in base64url without padding."""

Code = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$")]
"""A reason that a program can read; the words for it stand in a committed field."""

Origin = Annotated[str, StringConstraints(min_length=1, max_length=300, pattern=r"^[^\s+\x00-\x1f]+$")]
"""The name of a log: `<host>/p/<project>`, or `<host>/ledger`."""

Int = Annotated[int, Field(ge=-MAX_INT, le=MAX_INT)]
Count = Annotated[int, Field(ge=0, le=MAX_INT)]
Minor = Annotated[int, Field(ge=0, le=MAX_INT)]
"""Money in minor units of the project's currency."""

Position = Annotated[int, Field(ge=0, le=999_999)]
"""0-based place in a step's sealed list of candidates."""

Text = Annotated[str, StringConstraints(min_length=1, max_length=4000, pattern=r"^[^\x00]*$")]
Titles = Annotated[
    dict[Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")], Text], Field(min_length=1, max_length=24)
]
"""A text in one language or more: BCP 47 tag → text."""

LongText = Annotated[str, StringConstraints(min_length=1, max_length=60_000, pattern=r"^[^\x00]*$")]
LongTexts = Annotated[
    dict[Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")], LongText], Field(min_length=1, max_length=24)
]
"""A body of text in one language or more; never in an entry, always a commitment."""

Target = Annotated[str, StringConstraints(pattern=r"^(contribution|argument)/[A-Za-z0-9._~-]{1,64}$")]
"""What an act is about, by the name of its stream."""

Instant = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]\.[0-9]{3}Z$")]
"""UTC, RFC 3339 with milliseconds and `Z`: the only form of a time in an entry."""

ExternalRef = Annotated[str, StringConstraints(min_length=1, max_length=128, pattern=r"^[^\x00]*$")]
"""A foreign id that is not a `Ref`, as people see it."""


def mapped_ref(foreign: str) -> str:
    """The reference for a foreign id, injectively: every character outside the pattern, and `~`, becomes `~` and its UTF-8 bytes in hex.

    An id longer than 64 characters after mapping stays longer and is refused by the pattern; nothing is cut.
    """
    keep = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-"
    return "".join(c if c in keep else "".join(f"~{byte:02X}" for byte in c.encode()) for c in foreign)
