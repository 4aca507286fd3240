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


@dataclass
class EntryNotFound(NotFound):
    """The log is not that long."""

    code: ClassVar[str] = "entry-not-found"
    message: ClassVar[str] = "The log of {project!r} has no entry {entry}; it has {size}, and the first is 0."
    project: str
    entry: int
    size: int


@dataclass
class ContentNotFound(NotFound):
    """The project has no contribution or argument of this name, at the size that is asked for."""

    code: ClassVar[str] = "content-not-found"
    message: ClassVar[str] = "Project {project!r} has no {target!r} there; contents go by contribution/REF and argument/REF."
    project: str
    target: str


@dataclass
class ContentVersionNotFound(NotFound):
    """The contribution or argument has fewer versions, at the size that is asked for."""

    code: ClassVar[str] = "content-version-not-found"
    message: ClassVar[str] = "{target!r} has no version {version}; it has {versions}, and the first is 1."
    project: str
    target: str
    version: int
    versions: int


@dataclass
class TextNotFound(NotFound):
    """The project has no text of this name, at the size that is asked for."""

    code: ClassVar[str] = "text-not-found"
    message: ClassVar[str] = "Project {project!r} has no text {text!r} there."
    project: str
    text: str


@dataclass
class RankingNotFound(NotFound):
    """The project has no step of this name that people take stances in."""

    code: ClassVar[str] = "ranking-not-found"
    message: ClassVar[str] = "Project {project!r} has no step {step!r} that takes stances; GET /v1/projects/{project} lists its steps."
    project: str
    step: str


@dataclass
class ClusteringNotFound(NotFound):
    """The step has no sealed clustering of this name, at the size that is asked for."""

    code: ClassVar[str] = "clustering-not-found"
    message: ClassVar[str] = "Step {step!r} of project {project!r} has no sealed clustering {clustering!r} there."
    project: str
    step: str
    clustering: str
