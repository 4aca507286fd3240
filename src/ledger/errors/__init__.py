"""Every error the ledger raises on purpose. The trunk is drawn in `ledger.errors.tree`; leaves stand in files by subject."""

from ledger.errors.malformed import (
    DuplicateKey,
    EntryTooLarge,
    InvalidField,
    NotCanonical,
    NotJson,
    RuleUndefined,
    UnknownEventType,
)
from ledger.errors.tree import (
    Conflict,
    Erased,
    Forbidden,
    LedgerError,
    Malformed,
    NotFound,
    Refused,
    TooLarge,
    TooMany,
    Unauthenticated,
    Unavailable,
    Unsupported,
    Withheld,
)

__all__ = [
    "Conflict",
    "DuplicateKey",
    "EntryTooLarge",
    "Erased",
    "Forbidden",
    "InvalidField",
    "LedgerError",
    "Malformed",
    "NotCanonical",
    "NotFound",
    "NotJson",
    "Refused",
    "RuleUndefined",
    "TooLarge",
    "TooMany",
    "Unauthenticated",
    "Unavailable",
    "UnknownEventType",
    "Unsupported",
    "Withheld",
]
