"""No to a report, to what is decided about a content, or to the suspension of an author."""

from dataclasses import dataclass
from typing import ClassVar

from ledger.errors.tree import Refused


@dataclass
class MotiveUnknown(Refused):
    """No motive of this name was declared."""

    code: ClassVar[str] = "motive-unknown"
    message: ClassVar[str] = "There is no motive {motive!r} in this project; declare it with motive.defined first."
    motive: str


@dataclass
class AlreadyReported(Refused):
    """The person reported this content before."""

    code: ClassVar[str] = "already-reported"
    message: ClassVar[str] = "The person has reported {target!r} already; one report of one person counts."
    target: str


@dataclass
class CaseAlreadyOpen(Refused):
    """Somebody looks into the content already."""

    code: ClassVar[str] = "case-already-open"
    message: ClassVar[str] = "The case about {target!r} is open already; decide it, or dismiss the reports."
    target: str


@dataclass
class DecisionInForce(Refused):
    """A decision against the content stands."""

    code: ClassVar[str] = "decision-in-force"
    message: ClassVar[str] = "{target!r} is {decision} by a decision that stands; it ends with content.restored, then another can be made."
    target: str
    decision: str


@dataclass
class DecisionMissing(Refused):
    """No decision against the content is in force."""

    code: ClassVar[str] = "decision-missing"
    message: ClassVar[str] = "No decision against {target!r} is in force, so {event_type} has nothing to be about."
    target: str
    event_type: str


@dataclass
class AppealAlreadyLodged(Refused):
    """The author appealed against the decision in force before."""

    code: ClassVar[str] = "appeal-already-lodged"
    message: ClassVar[str] = "An appeal against the decision about {target!r} was lodged already and is {state}."
    target: str
    state: str


@dataclass
class AppealMissing(Refused):
    """No appeal waits to be decided."""

    code: ClassVar[str] = "appeal-missing"
    message: ClassVar[str] = "No appeal against the decision about {target!r} waits to be decided."
    target: str


@dataclass
class JudgeUnfit(Refused):
    """An appeal is decided by somebody who is a party to it."""

    code: ClassVar[str] = "judge-unfit"
    message: ClassVar[str] = (
        "The appeal about {target!r} is decided by somebody who neither made the decision nor wrote the content; "
        "name the person who judges (participant), or post through another client."
    )
    target: str


@dataclass
class AppealNotReversed(Refused):
    """A content is restored because of an appeal that did not succeed."""

    code: ClassVar[str] = "appeal-not-reversed"
    message: ClassVar[str] = "No appeal reversed the decision about {target!r}, so it cannot be restored because of one."
    target: str


@dataclass
class DecisionNotExpired(Refused):
    """A content is restored because its decision expired, and the announced end is ahead."""

    code: ClassVar[str] = "decision-not-expired"
    message: ClassVar[str] = "The decision about {target!r} was announced to stand until {until}; at {at} it has not expired."
    target: str
    until: str
    at: str


@dataclass
class NotSuspended(Refused):
    """The author is not suspended."""

    code: ClassVar[str] = "not-suspended"
    message: ClassVar[str] = "No suspension of {holder!r} is in force, so there is nothing to readmit them from."
    holder: str
