"""What was erased, and what may not be (stream `privacy`)."""

from dataclasses import dataclass, field

from ledger.aggregates.project import project_of, writable_project
from ledger.aggregates.redactable import REDACTABLE, is_stream_of
from ledger.aggregates.state import Law, State, States, law
from ledger.aggregates.step import planned_step
from ledger.errors import (
    AlreadyErased,
    AlreadyRedacted,
    BasisUnclear,
    ChoicesNotErasable,
    EntryNotRedactable,
    EntryUnknown,
    ExtentUnfit,
    FieldDiffers,
    FieldMissing,
    HoldUnknown,
    KeysNotDue,
    LegalHoldStands,
    PaperNotClosed,
    ParticipantMissing,
    RefTaken,
    RequestUnknown,
    ScopeDestroyed,
    StepNotClosed,
    StepUnknown,
)
from ledger.events import Event
from ledger.events import privacy as facts

PRIVACY = "privacy"
"""The stream, which goes on when a project is archived: people may ask for the erasure of what they wrote at any time."""


@dataclass(slots=True)
class PrivacyState(State):
    """Requests and holds by name, which digests of which entry are erased, and which entries are redacted.

    Which scopes have no key any more is kept with the project, which every admission looks at.
    """

    requests: set[str] = field(default_factory=set)
    holds: dict[str, str | None] = field(default_factory=dict)
    """Hold in force → the target that it protects; None = everything."""
    lifted: set[str] = field(default_factory=set)
    erased: dict[int, frozenset[str]] = field(default_factory=dict)
    redacted: set[int] = field(default_factory=set)

    def copy(self) -> "PrivacyState":
        """See `State.copy`."""
        return PrivacyState(self.version, set(self.requests), dict(self.holds), set(self.lifted), dict(self.erased), set(self.redacted))

    def hold_on(self, stream: str) -> str | None:
        """The name of a hold in force that forbids to erase from the stream; None where none does.

        A hold on a content covers what hangs on it: its case, reports of it, what people said with their stances.
        """
        about = stream.partition("/")[2]
        for hold, target in self.holds.items():
            if target is None or target in {stream, about} or about.startswith(f"{target}/"):
                return hold
        return None


def privacy_of(states: States) -> PrivacyState:
    """The state of the stream `privacy`."""
    return states.state(PRIVACY)  # type: ignore[return-value]  # by AGGREGATES the stream has a state of this class


def check_scopes(event: Event, destroyed: set[str]) -> None:
    """Returns when the event names nobody in a scope whose key is destroyed; raises `ScopeDestroyed`."""
    data = event.data
    scope = data.SCOPE or "author"
    if scope == "step":
        scope = f"step/{data.step}"  # type: ignore[attr-defined]  # events of that scope name their step
    named = event.actor is not None or any(getattr(data, name) is not None for name in data.PSEUDONYMISED.values())
    if named and scope in destroyed:
        raise ScopeDestroyed(scope)
    if event.by is not None and "author" in destroyed:
        raise ScopeDestroyed("author")


def _admit_requested(event: Event, data: facts.ErasureRequested, state: PrivacyState, states: States) -> None:
    if event.role == "participant" and event.actor is None:
        raise ParticipantMissing(event.type)
    if data.extent == "content" and data.target is None:
        raise ExtentUnfit(data.extent, "with")
    if data.extent == "participant" and data.target is not None:
        raise ExtentUnfit(data.extent, "without")
    if data.ref in state.requests:
        raise RefTaken("request", data.ref)


def _request(event: Event, data: facts.ErasureRequested, state: PrivacyState, states: States) -> None:
    state.requests.add(data.ref)


def _admit_erased(event: Event, data: facts.ContentErased, state: PrivacyState, states: States) -> None:
    if (data.request is None) == (data.authority is None):
        raise BasisUnclear
    if data.request is not None and data.request not in state.requests:
        raise RequestUnknown(data.request)
    if data.entry >= event.seq:
        raise EntryUnknown(data.entry)
    if data.erased is None or data.digests is None:
        raise FieldMissing(event.type, "erased" if data.erased is None else "digests")
    ascending = tuple(sorted(set(data.digests)))
    if data.digests != ascending:
        raise FieldDiffers("digests", ", ".join(ascending), ", ".join(data.digests))
    if data.erased.startswith("ballot/"):
        raise ChoicesNotErasable(data.entry)
    if data.entry in state.redacted:
        raise AlreadyRedacted(data.entry)
    if (hold := state.hold_on(data.erased)) is not None:
        raise LegalHoldStands(hold, data.erased)
    if state.erased.get(data.entry, frozenset()).issuperset(data.digests):
        raise AlreadyErased(data.entry)


def _erase(event: Event, data: facts.ContentErased, state: PrivacyState, states: States) -> None:
    state.erased[data.entry] = state.erased.get(data.entry, frozenset()).union(data.digests or ())


def _admit_redacted(event: Event, data: facts.EntryRedacted, state: PrivacyState, states: States) -> None:
    """A legal hold does not forbid it: a hold keeps people from erasing, and the order of a court is above that.

    Nor are choices exempt, as they are from erasure: nobody may have them erased, but a court may forbid to show them.
    """
    if data.entry >= event.seq:
        raise EntryUnknown(data.entry)
    for name in ("leaf_hash", "redacted_stream", "redacted_type", "redacted_version"):
        if getattr(data, name) is None:
            raise FieldMissing(event.type, name.removeprefix("redacted_"))
    wire_type, stream = data.redacted_type or "", data.redacted_stream or ""
    if wire_type not in REDACTABLE:
        raise EntryNotRedactable(data.entry, wire_type)
    if not is_stream_of(stream, wire_type):
        raise FieldDiffers("stream", f"the name of a stream that {wire_type} can be in", stream)
    if data.entry in state.redacted:
        raise AlreadyRedacted(data.entry)


def _redact(event: Event, data: facts.EntryRedacted, state: PrivacyState, states: States) -> None:
    """What was folded of the entry before is not taken back here: whoever folds the log anew passes the entry over."""
    state.redacted.add(data.entry)


def _admit_destroyed(event: Event, data: facts.ScopeKeyDestroyed, state: PrivacyState, states: States) -> None:
    project = project_of(states)
    if data.scope in project.destroyed:
        raise ScopeDestroyed(data.scope)
    if event.role == "system" and event.at < project.keys_destroyed_at:
        raise KeysNotDue(data.scope, event.at, project.keys_destroyed_at)
    if data.scope.startswith("step/"):
        step = planned_step(states, data.scope[5:])
        if step.status != "closed":
            raise StepNotClosed(step.ref)
        if not step.over:
            raise PaperNotClosed(step.ref)


def _destroy(event: Event, data: facts.ScopeKeyDestroyed, state: PrivacyState, states: States) -> None:
    """Kept where every admission looks: nothing can be posted in the scope any more."""
    writable_project(states).destroyed.add(data.scope)


def _admit_placed(event: Event, data: facts.LegalHoldPlaced, state: PrivacyState, states: States) -> None:
    if data.ref in state.holds or data.ref in state.lifted:
        raise RefTaken("legal hold", data.ref)


def _place(event: Event, data: facts.LegalHoldPlaced, state: PrivacyState, states: States) -> None:
    state.holds[data.ref] = data.target


def _admit_lifted(event: Event, data: facts.LegalHoldLifted, state: PrivacyState, states: States) -> None:
    if data.ref not in state.holds:
        raise HoldUnknown(data.ref)


def _lift(event: Event, data: facts.LegalHoldLifted, state: PrivacyState, states: States) -> None:
    del state.holds[data.ref]
    state.lifted.add(data.ref)


LAWS: tuple[Law, ...] = (
    law(facts.ErasureRequested, _admit_requested, _request, ParticipantMissing, ExtentUnfit, RefTaken),
    law(
        facts.ContentErased,
        _admit_erased,
        _erase,
        BasisUnclear,
        RequestUnknown,
        EntryUnknown,
        FieldMissing,
        FieldDiffers,
        ChoicesNotErasable,
        AlreadyRedacted,
        LegalHoldStands,
        AlreadyErased,
    ),
    law(facts.EntryRedacted, _admit_redacted, _redact, EntryUnknown, FieldMissing, EntryNotRedactable, FieldDiffers, AlreadyRedacted),
    law(facts.ScopeKeyDestroyed, _admit_destroyed, _destroy, ScopeDestroyed, KeysNotDue, StepUnknown, StepNotClosed, PaperNotClosed),
    law(facts.LegalHoldPlaced, _admit_placed, _place, RefTaken),
    law(facts.LegalHoldLifted, _admit_lifted, _lift, HoldUnknown),
)
