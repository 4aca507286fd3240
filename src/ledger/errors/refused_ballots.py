"""No to a ballot, or to what is said of the outcome of ballots."""

from dataclasses import dataclass
from typing import ClassVar

from ledger.errors.tree import Refused


@dataclass
class AlreadyDescribed(Refused):
    """The person was described in this step."""

    code: ClassVar[str] = "already-described"
    message: ClassVar[str] = "The person was described in the step {step!r} already; what was said once stands."
    step: str


@dataclass
class AlreadyVoted(Refused):
    """The person has a ballot in this step."""

    code: ClassVar[str] = "already-voted"
    message: ClassVar[str] = "The person has cast a ballot in the step {step!r}; post ballot.replaced to change it."
    step: str


@dataclass
class NotVoted(Refused):
    """The person has no ballot in this step."""

    code: ClassVar[str] = "not-voted"
    message: ClassVar[str] = "The person has no ballot in the step {step!r}; post ballot.cast."
    step: str


@dataclass
class BallotWithdrawn(Refused):
    """The person has taken their ballot back."""

    code: ClassVar[str] = "ballot-withdrawn"
    message: ClassVar[str] = "The person's ballot in the step {step!r} is withdrawn already; post ballot.replaced to vote again."
    step: str


@dataclass
class CandidatesDiffer(Refused):
    """A ballot cites another list of candidates than the sealed one."""

    code: ClassVar[str] = "candidates-differ"
    message: ClassVar[str] = "The sealed candidates of the step {step!r} have the digest {expected!r}, the ballot cites {cited!r}."
    step: str
    expected: str | None
    cited: str


@dataclass
class RulesDiffer(Refused):
    """A ballot cites other rules than those in force."""

    code: ClassVar[str] = "rules-differ"
    message: ClassVar[str] = "The rules in force in the step {step!r} have the digest {expected!r}, the ballot cites {cited!r}."
    step: str
    expected: str | None
    cited: str


@dataclass
class ChoicesMissing(Refused):
    """A ballot has no choices, not even an empty list."""

    code: ClassVar[str] = "choices-missing"
    message: ClassVar[str] = "The ballot in the step {step!r} has no entries; an empty list is a blank ballot."
    step: str


@dataclass
class ChoicesInClear(Refused):
    """The choices of a sealed ballot stand in clear."""

    code: ClassVar[str] = "choices-in-clear"
    message: ClassVar[str] = "The ballots of the step {step!r} are sealed: choices stand in the entry as a commitment only."
    step: str


@dataclass
class ChoicesCommitted(Refused):
    """The choices of an open ballot stand as a commitment."""

    code: ClassVar[str] = "choices-committed"
    message: ClassVar[str] = "The ballots of the step {step!r} are open: choices stand in the entry in clear."
    step: str


@dataclass
class ChoicesRefused(Refused):
    """The choices are not possible on this ballot paper. `entry` is the index of the choice at which they become so."""

    code: ClassVar[str] = "choices-refused"
    message: ClassVar[str] = (
        "The choices are not possible in the step {step!r}: {fault} at entries[{entry}]; docs/formats/rules.md has the form."
    )
    step: str
    fault: str
    entry: int


@dataclass
class AgentMayNotReplace(Refused):
    """A person cast their ballot or took their stance themselves, and the step does not let an agent change it."""

    code: ClassVar[str] = "agent-may-not-replace"
    message: ClassVar[str] = "The person acted themselves in the step {step!r}; only they may replace or withdraw that ballot or stance."
    step: str


@dataclass
class PositionUnknown(Refused):
    """No candidate has this position."""

    code: ClassVar[str] = "position-unknown"
    message: ClassVar[str] = "The step {step!r} has {count} candidates, so there is none at position {position}; positions count from 0."
    step: str
    position: int
    count: int


@dataclass
class PositionTwice(Refused):
    """A candidate is named twice where each stands once."""

    code: ClassVar[str] = "position-twice"
    message: ClassVar[str] = "The position {position} is named twice; name each candidate once."
    position: int


@dataclass
class ChannelTwice(Refused):
    """A channel is named twice where each stands once."""

    code: ClassVar[str] = "channel-twice"
    message: ClassVar[str] = "Missing ballots of the channel {channel!r} are stated twice; state them once."
    channel: str


@dataclass
class WinnersUndeclared(Refused):
    """The rule chooses nobody, so no winners can be computed."""

    code: ClassVar[str] = "winners-undeclared"
    message: ClassVar[str] = "The authority never declared how the step {step!r} chooses, so its result has no winners."
    step: str


@dataclass
class ResultMissing(Refused):
    """No result was computed."""

    code: ClassVar[str] = "result-missing"
    message: ClassVar[str] = "No result of the step {step!r} was computed; post result.computed first."
    step: str


@dataclass
class ResultDiffers(Refused):
    """Another result is certified than the one computed last."""

    code: ClassVar[str] = "result-differs"
    message: ClassVar[str] = "The last result of the step {step!r} has the digest {expected!r}, not {cited!r}."
    step: str
    expected: str
    cited: str


@dataclass
class AlreadyCertified(Refused):
    """The result of the step is certified and stands."""

    code: ClassVar[str] = "already-certified"
    message: ClassVar[str] = "The result of the step {step!r} is certified; it is not computed or certified again."
    step: str


@dataclass
class CertifierUnfit(Refused):
    """A result is certified by a role that nobody holds, or that is named twice."""

    code: ClassVar[str] = "certifier-unfit"
    message: ClassVar[str] = "{role!r} cannot stand in by_roles: nobody holds it, or it stands there twice."
    role: str
