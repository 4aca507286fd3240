"""The trunk of the error tree: what kind of no was said. Knows no HTTP.

    LedgerError
    ├── Malformed        the input is not of the form a format asks for; names the place
    │   ├── TooLarge     … because it is longer than a limit
    │   └── Unsupported  … because it is of a kind that nothing here reads
    ├── Refused          a rule of the domain says no; nothing was recorded
    ├── NotFound         there is no such thing
    ├── Erased           there was such a thing; an erasure event says why it is gone
    ├── Withheld         there is such a thing; it is not shown (moderation, court order, embargo)
    ├── Conflict         somebody wrote first
    ├── Unauthenticated  nobody, or nobody known, is asking
    ├── Forbidden        somebody known is asking, who may not
    ├── TooMany          asked more often than agreed
    └── Unavailable      cannot be answered now; ask again

A leaf is a dataclass: its fields are what a program reads, its `message` is what a person reads, made from the fields.
"""

from dataclasses import dataclass, fields
from typing import ClassVar


@dataclass
class LedgerError(Exception):
    """Something was asked that cannot be done; `code` is stable and has a page in docs/problems."""

    code: ClassVar[str] = "error"
    message: ClassVar[str] = "The request cannot be carried out."

    submission = ""
    """Where in a body the submission stands that the error is about (`line 4`, `$[3]`); empty where it is about no single one."""

    signed_refusal = ""
    """The log's signed statement that it refused this (docs/formats/log.md); empty where it made none."""

    def __str__(self) -> str:
        return self.message.format(**self.details())

    def details(self) -> dict[str, object]:
        """The typed fields of the error, by name, in the order they are declared."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


@dataclass
class Malformed(LedgerError):
    """The input is not of the form that a format asks for."""


@dataclass
class TooLarge(Malformed):
    """The input is longer than a limit."""


@dataclass
class Unsupported(Malformed):
    """The input is of a kind that nothing here reads."""


@dataclass
class Refused(LedgerError):
    """A rule of the domain says no; nothing was recorded."""


@dataclass
class NotFound(LedgerError):
    """There is no such thing."""


@dataclass
class Erased(LedgerError):
    """There was such a thing; an erasure event says why it is gone."""


@dataclass
class Withheld(LedgerError):
    """There is such a thing; it is not shown."""


@dataclass
class Conflict(LedgerError):
    """Somebody wrote first."""


@dataclass
class Unauthenticated(LedgerError):
    """Nobody, or nobody known, is asking."""


@dataclass
class Forbidden(LedgerError):
    """Somebody known is asking, who may not."""


@dataclass
class TooMany(LedgerError):
    """Asked more often than agreed."""


@dataclass
class Unavailable(LedgerError):
    """Cannot be answered now; ask again."""
