"""No to an event for where its import stands."""

from dataclasses import dataclass
from typing import ClassVar

from ledger.errors.tree import Refused


@dataclass
class ImportAlreadyStarted(Refused):
    """An import of this name was started before."""

    code: ClassVar[str] = "import-already-started"
    message: ClassVar[str] = "The import {ref!r} was started already; choose another reference for another file."
    ref: str


@dataclass
class ImportNotStarted(Refused):
    """No import of this name was started."""

    code: ClassVar[str] = "import-not-started"
    message: ClassVar[str] = "There is no import {ref!r} in this project; post import.started first."
    ref: str


@dataclass
class ImportFinished(Refused):
    """The import is over."""

    code: ClassVar[str] = "import-finished"
    message: ClassVar[str] = "The import {ref!r} is finished and states nothing more; start another one."
    ref: str


@dataclass
class AggregateAlreadyRecorded(Refused):
    """The import stated counts of this target on this basis before."""

    code: ClassVar[str] = "aggregate-already-recorded"
    message: ClassVar[str] = "The import {ref!r} has stated the {basis} of {target!r} already."
    ref: str
    target: str
    basis: str
