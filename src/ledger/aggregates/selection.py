"""What stands on a step's ballot paper: selected, listed in order, sealed before the opening (stream `selection/<step>`)."""

from dataclasses import dataclass, field

from ledger.aggregates.contribution import ContributionState, standing_contribution
from ledger.aggregates.digests import candidates_digest
from ledger.aggregates.project import check_places, project_of
from ledger.aggregates.state import Law, State, States, law
from ledger.aggregates.step import ballot_step, check_not_opened, planned_step
from ledger.errors import (
    AlreadyListed,
    AlreadySelected,
    CandidatesMissing,
    CandidatesSealed,
    CategoryUnknown,
    ContributionMerged,
    ContributionSplit,
    ContributionUnknown,
    ContributionWithdrawn,
    DistrictUnknown,
    FieldDiffers,
    NotSelected,
    StepAlreadyOpen,
    StepClosed,
    StepOfOtherKind,
    StepUnknown,
    StepUnrelated,
)
from ledger.events import Event
from ledger.events import selection as facts
from ledger.events.contribution import ContributionEvent
from ledger.rules.profile import Item


@dataclass(slots=True)
class SelectionState(State):
    """The ballot paper as far as it is made; `digest` is None until it is sealed."""

    items: list[Item] = field(default_factory=list)
    positions: dict[str, int] = field(default_factory=dict)
    """Reference → place in `items`."""
    selected: set[str] = field(default_factory=set)
    deselected: set[str] = field(default_factory=set)
    digest: str | None = None

    def copy(self) -> "SelectionState":
        """See `State.copy`. A sealed list changes no more, so copies share it."""
        if self.digest is not None:
            return SelectionState(self.version, self.items, self.positions, self.selected, self.deselected, self.digest)
        return SelectionState(self.version, list(self.items), dict(self.positions), set(self.selected), set(self.deselected))


def selection_of(states: States, step: str) -> SelectionState:
    """The state of a step's ballot paper; blank where nothing of it was said."""
    return states.state(f"selection/{step}")  # type: ignore[return-value]  # by AGGREGATES the stream has a state of this class


def check_related(states: States, data: ContributionEvent, contribution: ContributionState) -> None:
    """Returns when the step that the event names is the contribution's own, or one whose ballot it is listed for.

    Raises `StepUnknown`, `StepUnrelated`.
    """
    planned_step(states, data.step)
    if data.step != contribution.step and data.ref not in selection_of(states, data.step).positions:
        raise StepUnrelated(data.ref, data.step)


def _check_in_preparation(data: facts.SelectionEvent, state: SelectionState, states: States) -> None:
    check_not_opened(ballot_step(states, data.step))
    if state.digest is not None:
        raise CandidatesSealed(data.step)


def _admit_selected(event: Event, data: facts.ProposalSelected, state: SelectionState, states: States) -> None:
    _check_in_preparation(data, state, states)
    standing_contribution(states, data.ref)
    if data.ref in state.selected:
        raise AlreadySelected(data.step, data.ref)


def _select(event: Event, data: facts.ProposalSelected, state: SelectionState, states: States) -> None:
    state.selected.add(data.ref)
    state.deselected.discard(data.ref)


def _admit_deselected(event: Event, data: facts.ProposalDeselected, state: SelectionState, states: States) -> None:
    _check_in_preparation(data, state, states)
    if data.ref not in state.selected:
        raise NotSelected(data.step, data.ref)
    if data.ref in state.positions:
        raise AlreadyListed(data.step, data.ref)


def _deselect(event: Event, data: facts.ProposalDeselected, state: SelectionState, states: States) -> None:
    state.selected.discard(data.ref)
    state.deselected.add(data.ref)


def _admit_listed(event: Event, data: facts.CandidatesListed, state: SelectionState, states: States) -> None:
    """The cost listed counts, and may differ from what the contribution says; a selection by criteria beforehand is optional."""
    _check_in_preparation(data, state, states)
    project = project_of(states)
    named: set[str] = set()
    for candidate in data.items:
        if candidate.ref in state.positions or candidate.ref in named:
            raise AlreadyListed(data.step, candidate.ref)
        if candidate.ref in state.deselected:
            raise NotSelected(data.step, candidate.ref)
        standing_contribution(states, candidate.ref)
        check_places(project, candidate.district, candidate.category)
        named.add(candidate.ref)


def _list(event: Event, data: facts.CandidatesListed, state: SelectionState, states: States) -> None:
    for candidate in data.items:
        position = len(state.items)
        state.items.append(Item(position, candidate.ref, candidate.cost_minor, candidate.district, candidate.category))
        state.positions[candidate.ref] = position


def _admit_sealed(event: Event, data: facts.CandidatesSealed, state: SelectionState, states: States) -> None:
    _check_in_preparation(data, state, states)
    if not state.items:
        raise CandidatesMissing(data.step)
    if data.count != len(state.items):
        raise FieldDiffers("count", len(state.items), data.count)
    digest = candidates_digest(state.items)
    if data.digest != digest:
        raise FieldDiffers("digest", digest, data.digest)


def _seal(event: Event, data: facts.CandidatesSealed, state: SelectionState, states: States) -> None:
    state.digest = data.digest


_PREPARATION = (StepUnknown, StepOfOtherKind, StepAlreadyOpen, StepClosed, CandidatesSealed)
_NOT_STANDING = (ContributionUnknown, ContributionWithdrawn, ContributionMerged, ContributionSplit)

LAWS: tuple[Law, ...] = (
    law(facts.ProposalSelected, _admit_selected, _select, *_PREPARATION, *_NOT_STANDING, AlreadySelected),
    law(facts.ProposalDeselected, _admit_deselected, _deselect, *_PREPARATION, NotSelected, AlreadyListed),
    law(
        facts.CandidatesListed,
        _admit_listed,
        _list,
        *_PREPARATION,
        AlreadyListed,
        NotSelected,
        *_NOT_STANDING,
        DistrictUnknown,
        CategoryUnknown,
    ),
    law(facts.CandidatesSealed, _admit_sealed, _seal, *_PREPARATION, CandidatesMissing, FieldDiffers),
)
