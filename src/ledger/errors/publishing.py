"""What keeps something published from being shown."""

from dataclasses import dataclass
from typing import ClassVar

from ledger.errors.tree import NotFound


@dataclass
class StepNotFound(NotFound):
    """The project has no step of this name that is counted."""

    code: ClassVar[str] = "step-not-found"
    message: ClassVar[str] = "Project {project!r} has no ballot step {step!r} whose rules were set; its results list those that have."
    project: str
    step: str
