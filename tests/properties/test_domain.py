"""Random histories, lawful and not: what was recorded replays lawfully to the same states, and a refusal changes nothing."""

from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from ledger.aggregates import LAWS, BallotState, StepState
from ledger.errors import LedgerError
from ledger.events import read_event
from ledger.events.envelope import entry_bytes
from ledger.events.project import ProjectArchived
from tests.given import OF_EVERY_EVENT, Post, given, post, replayed
from tests.properties import happenings


class Town(RuleBasedStateMachine):
    """A town in which people try things, and time passes."""

    def __init__(self, past: tuple[Post, ...]) -> None:
        super().__init__()
        self.history = given(*past).history
        self.hour = 0

    @rule(hours=st.integers(1, 3))
    def time_passes(self, hours: int) -> None:
        self.hour = min(self.hour + hours, 12)

    @rule(data=st.data())
    def things_go_on(self, data: st.DataObject) -> None:
        self.attempt(data.draw(st.sampled_from(happenings.onward(self.history.aggregates))), {})

    @rule(name=happenings.NAMES, entries=happenings.ENTRIES, way=happenings.WAYS)
    def somebody_votes(self, name: str, entries: tuple[Any, ...], way: dict[str, Any]) -> None:
        self.attempt(happenings.plausible_ballot(self.history.aggregates, name, entries), way)

    @precondition(lambda self: len(self.history.events) > 30)
    @rule()
    def the_organizer_has_had_enough(self) -> None:
        self.attempt(post(ProjectArchived), {})

    @rule(draft=happenings.OF_PROJECTS, way=happenings.WAYS)
    def of_the_project(self, draft: Post, way: dict[str, Any]) -> None:
        self.attempt(draft, way)

    @rule(draft=happenings.OF_STEPS, way=happenings.WAYS)
    def of_a_step(self, draft: Post, way: dict[str, Any]) -> None:
        self.attempt(draft, way)

    @rule(draft=happenings.OF_CONTRIBUTIONS, way=happenings.WAYS)
    def of_a_contribution(self, draft: Post, way: dict[str, Any]) -> None:
        self.attempt(draft, way)

    @rule(draft=happenings.OF_CANDIDATES, way=happenings.WAYS)
    def of_the_ballot_paper_or_the_roll(self, draft: Post, way: dict[str, Any]) -> None:
        self.attempt(draft, way)

    @rule(draft=happenings.OF_BALLOTS, way=happenings.WAYS)
    def of_a_ballot(self, draft: Post, way: dict[str, Any]) -> None:
        self.attempt(draft, way)

    @rule(draft=happenings.OF_RESULTS, way=happenings.WAYS)
    def of_the_outcome(self, draft: Post, way: dict[str, Any]) -> None:
        self.attempt(draft, way)

    @rule(data=st.data())
    def something_is_sent_again(self, data: st.DataObject) -> None:
        """The very entry of something recorded never enters twice."""
        if self.history.events:
            try:
                self.history.admit(data.draw(st.sampled_from(self.history.events)))
            except LedgerError:
                return
            raise AssertionError("an entry was admitted twice")

    def attempt(self, draft: Post, way: dict[str, Any]) -> None:
        event = self.history.event(draft.posted(at=f"2026-03-02T{self.hour:02}:00:00.000Z", **way))
        try:
            self.history.admit(event)  # which watches that nothing changes
        except LedgerError as refusal:
            assert type(refusal) in {*OF_EVERY_EVENT, *LAWS[event.type].refuses}
            return
        self.history.record(event)

    @invariant()
    def what_was_recorded_replays_lawfully_from_its_bytes_to_the_same_states(self) -> None:
        assert replayed([read_event(entry_bytes(event)) for event in self.history.events]).states == self.history.aggregates.states

    @invariant()
    def the_versions_of_a_stream_have_no_gap(self) -> None:
        seen: dict[str, int] = {}
        for event in self.history.events:
            seen[event.stream] = seen.get(event.stream, 0) + 1
            assert event.version == seen[event.stream]

    @invariant()
    def the_project_knows_its_steps_and_which_are_over(self) -> None:
        states = self.history.aggregates
        steps = {state.ref: state.over for state in states.states.values() if isinstance(state, StepState)}
        assert states.project.steps == steps

    @invariant()
    def nothing_of_an_outcome_precedes_its_cut_off(self) -> None:
        states = self.history.aggregates
        for event in self.history.events:
            if event.stream.startswith("result/"):
                step = states.step(event.stream.removeprefix("result/"))
                assert step.cut_off is not None
                assert event.seq > step.cut_off
                assert step.secrecy == "open" or step.disclosed

    @invariant()
    def no_ballot_stands_beside_roll_and_cut_off(self) -> None:
        states = self.history.aggregates
        for event in self.history.events:
            if event.stream.startswith("ballot/"):
                step = states.step(event.stream.split("/")[1])
                end = step.paper_closed_seq if event.channel == "paper" else step.closed_seq
                assert step.opened_seq is not None
                assert step.opened_seq < event.seq < (len(self.history.events) if end is None else end)
                assert not step.has_roll or event.actor in states.roll(step.ref).members

    @invariant()
    def the_state_of_every_ballot_fits_a_number(self) -> None:
        for state in self.history.aggregates.states.values():
            if isinstance(state, BallotState):
                assert BallotState.unpack(state.pack()) == state


@pytest.mark.parametrize("past", happenings.BEGINNINGS.values(), ids=happenings.BEGINNINGS)
def test_any_town_keeps_the_laws(past: tuple[Post, ...]) -> None:
    class TownWithThisPast(Town):
        def __init__(self) -> None:
            super().__init__(past)

    run_state_machine_as_test(TownWithThisPast, settings=settings(max_examples=12, stateful_step_count=40))
