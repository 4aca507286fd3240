"""A submission as an importer tells it, with its place in the file."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Told:
    """One submission and where in the file it comes from."""

    place: str
    document: dict[str, Any]
