"""A text written together: its sections, and whether it is adopted (stream `text/<ref>`)."""

from dataclasses import dataclass, field

from ledger.aggregates.contribution import submitted_contribution
from ledger.aggregates.digests import sections_digest
from ledger.aggregates.state import Law, State, States, law
from ledger.aggregates.step import planned_step
from ledger.errors import (
    ContributionUnknown,
    FieldDiffers,
    FieldMissing,
    NothingChanged,
    RefTaken,
    SectionUnknown,
    StepUnknown,
    TextAdopted,
    TextUnknown,
)
from ledger.events import Event
from ledger.events import text as facts


@dataclass(slots=True)
class TextState(State):
    """What is known of a text: each section with the digest of its body (None where there is none), in the order of their adding."""

    step: str | None = None
    sections: dict[str, str | None] = field(default_factory=dict)
    adopted: bool = False

    def copy(self) -> "TextState":
        """See `State.copy`."""
        return TextState(self.version, self.step, dict(self.sections), self.adopted)


def text_of(states: States, ref: str) -> TextState:
    """The state of a text; blank where it was never published."""
    return states.state(f"text/{ref}")  # type: ignore[return-value]  # by AGGREGATES the stream has a state of this class


def open_text(states: States, ref: str) -> TextState:
    """The state of a text that was published and is not adopted; raises `TextUnknown`, `TextAdopted`."""
    state = text_of(states, ref)
    if not state.version:
        raise TextUnknown(ref)
    if state.adopted:
        raise TextAdopted(ref)
    return state


def open_section(states: States, ref: str, section: str) -> TextState:
    """The state of a text that is not adopted and has the section; raises `TextUnknown`, `TextAdopted`, `SectionUnknown`."""
    state = open_text(states, ref)
    if section not in state.sections:
        raise SectionUnknown(ref, section)
    return state


def _admit_published(event: Event, data: facts.TextPublished, state: TextState, states: States) -> None:
    if state.version:
        raise RefTaken("text", data.ref)
    if data.step is not None:
        planned_step(states, data.step)


def _publish(event: Event, data: facts.TextPublished, state: TextState, states: States) -> None:
    state.step = data.step


def _admit_added(event: Event, data: facts.SectionAdded, state: TextState, states: States) -> None:
    """A parent exists before its sections, so no section comes to stand under itself."""
    open_text(states, data.ref)
    if data.section in state.sections:
        raise RefTaken("section", data.section)
    if data.parent is not None and data.parent not in state.sections:
        raise SectionUnknown(data.ref, data.parent)


def _add(event: Event, data: facts.SectionAdded, state: TextState, states: States) -> None:
    state.sections[data.section] = data.digest


def _admit_amended(event: Event, data: facts.SectionAmended, state: TextState, states: States) -> None:
    old = open_section(states, data.ref, data.section).sections[data.section]
    if data.old_digest != old:
        raise FieldDiffers("old_digest", old, data.old_digest)
    if data.digest is None:
        raise FieldMissing(event.type, "digest")
    if data.digest == old:
        raise NothingChanged(event.type)
    for ref in data.because_of:
        submitted_contribution(states, ref)


def _amend(event: Event, data: facts.SectionAmended, state: TextState, states: States) -> None:
    state.sections[data.section] = data.digest


def _admit_adopted(event: Event, data: facts.TextAdopted, state: TextState, states: States) -> None:
    open_text(states, data.ref)
    digest = sections_digest(state.sections)
    if data.digest != digest:
        raise FieldDiffers("digest", digest, data.digest)


def _adopt(event: Event, data: facts.TextAdopted, state: TextState, states: States) -> None:
    state.adopted = True


LAWS: tuple[Law, ...] = (
    law(facts.TextPublished, _admit_published, _publish, RefTaken, StepUnknown),
    law(facts.SectionAdded, _admit_added, _add, TextUnknown, TextAdopted, RefTaken, SectionUnknown),
    law(
        facts.SectionAmended,
        _admit_amended,
        _amend,
        TextUnknown,
        TextAdopted,
        SectionUnknown,
        FieldDiffers,
        FieldMissing,
        NothingChanged,
        ContributionUnknown,
    ),
    law(facts.TextAdopted, _admit_adopted, _adopt, TextUnknown, TextAdopted, FieldDiffers),
)
