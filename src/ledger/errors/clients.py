"""What can be wrong with a wish about API clients."""

from dataclasses import dataclass
from typing import ClassVar

from ledger.errors.tree import NotFound, Refused


@dataclass
class ClientNameTaken(Refused):
    """There is, or was, a client of that name."""

    code: ClassVar[str] = "client-name-taken"
    message: ClassVar[str] = "The name {name!r} is a client's already, perhaps a revoked one's; entries bear it, so it is not given twice."
    name: str


@dataclass
class ClientUnknown(NotFound):
    """There is no client of that name."""

    code: ClassVar[str] = "client-unknown"
    message: ClassVar[str] = "There is no client {name!r}; 'ledger keys list' shows which there are."
    name: str
