"""What is wrong with a file from elsewhere. `place` is the file's name and line."""

from dataclasses import dataclass
from typing import ClassVar

from ledger.errors.tree import Malformed, Refused, Unavailable, Unsupported


@dataclass
class ForeignFileDamaged(Malformed):
    """A file is not of the format it is said to be of."""

    code: ClassVar[str] = "foreign-file-damaged"
    message: ClassVar[str] = "{place}: {why}. Nothing was imported."
    place: str
    why: str


@dataclass
class ForeignFileUnsupported(Unsupported):
    """A file uses a part of its format that is not imported."""

    code: ClassVar[str] = "foreign-file-unsupported"
    message: ClassVar[str] = "{place}: {why}. Nothing was imported."
    place: str
    why: str


@dataclass
class ImportOptionInvalid(Malformed):
    """An option given to an importer cannot be, or not for this file."""

    code: ClassVar[str] = "import-option-invalid"
    message: ClassVar[str] = "{option}: {why}."
    option: str
    why: str


@dataclass
class ImportConflict(Refused):
    """The project of an import was opened by something else."""

    code: ClassVar[str] = "import-conflict"
    message: ClassVar[str] = "The project {project!r} exists and does not come from this import ({why}); choose another reference."
    project: str
    why: str


@dataclass
class ServiceRefused(Refused):
    """The ledger that an import posts to refused a request as a whole; `refusal` is the code it gave."""

    code: ClassVar[str] = "service-refused"
    message: ClassVar[str] = "The service refused ({refusal}): {detail}"
    status: int
    refusal: str
    detail: str


@dataclass
class ServiceUnreachable(Unavailable):
    """The ledger that an import posts to does not answer."""

    code: ClassVar[str] = "service-unreachable"
    message: ClassVar[str] = "No ledger answers at {url}: {why}. What was answered before is recorded; run the import again to go on."
    url: str
    why: str
