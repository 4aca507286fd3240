"""No to a stance, or to a clustering of those who took stances."""

from dataclasses import dataclass
from typing import ClassVar

from ledger.errors.tree import Refused


@dataclass
class ClaimedTimeUnfit(Refused):
    """A stance claims a time, and is not imported or claims more than the hour."""

    code: ClassVar[str] = "claimed-time-unfit"
    message: ClassVar[str] = (
        "{event_type} may claim a time only through the channel import and only a whole hour, not {claimed_at} through {channel}."
    )
    event_type: str
    claimed_at: str
    channel: str


@dataclass
class StancesNotTaken(Refused):
    """The step declares no scale for targets of this kind."""

    code: ClassVar[str] = "stances-not-taken"
    message: ClassVar[str] = (
        "Nobody takes a stance on targets of the kind {kind!r} in the step {step!r}: step.stances_set declares no scale."
    )
    step: str
    kind: str


@dataclass
class ValueNotOnScale(Refused):
    """The value is none of the scale that the step declares for targets of this kind."""

    code: ClassVar[str] = "value-not-on-scale"
    message: ClassVar[str] = (
        "{value!r} is no value of the scale {scale}, which the step {step!r} declares for targets of the kind {kind!r}."
    )
    step: str
    kind: str
    scale: str
    value: str


@dataclass
class TargetVersionUnknown(Refused):
    """The target has no version of this number."""

    code: ClassVar[str] = "target-version-unknown"
    message: ClassVar[str] = "{target!r} has the versions 1 to {current}, so nobody can have read version {target_version}."
    target: str
    target_version: int
    current: int


@dataclass
class StanceAlreadyTaken(Refused):
    """The person took a stance on this target before."""

    code: ClassVar[str] = "stance-already-taken"
    message: ClassVar[str] = "The person has taken a stance on {target!r}; post stance.changed to take another."
    target: str


@dataclass
class StanceNotTaken(Refused):
    """The person never took a stance on this target."""

    code: ClassVar[str] = "stance-not-taken"
    message: ClassVar[str] = "The person has taken no stance on {target!r}; post stance.cast."
    target: str


@dataclass
class StanceWithdrawn(Refused):
    """The person has taken their stance back."""

    code: ClassVar[str] = "stance-withdrawn"
    message: ClassVar[str] = "The person's stance on {target!r} is withdrawn; post stance.changed to take one again."
    target: str


@dataclass
class ClusteringSealed(Refused):
    """The clustering is complete."""

    code: ClassVar[str] = "clustering-sealed"
    message: ClassVar[str] = "The clustering {ref!r} of the step {step!r} is sealed; record another one under a name of its own."
    step: str
    ref: str


@dataclass
class ClusteringEmpty(Refused):
    """A clustering without members cannot be sealed."""

    code: ClassVar[str] = "clustering-empty"
    message: ClassVar[str] = "The clustering {ref!r} of the step {step!r} has no members; list them with clusters.listed first."
    step: str
    ref: str


@dataclass
class AlreadyGrouped(Refused):
    """A member stands in a group of the clustering already."""

    code: ClassVar[str] = "already-grouped"
    message: ClassVar[str] = "{member!r} stands in the group {group} of the clustering {ref!r} already; a member stands in one group, once."
    ref: str
    member: str
    group: int
