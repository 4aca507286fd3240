"""Random consultations on a real ledger: moderated, merged, erased, by several writers at once, with refusals of every sort in between.

After every step the new entries are admitted anew. Several times in each history, and at its end, everything else is looked at: views
against a fold from the beginning, every receipt and checkpoint against the newest, and the package against its audit and the one before.
"""

import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from ledger.aggregates import LAWS
from ledger.errors import CountedTogether, FieldNotCommitted, Forbidden, LedgerError, Malformed, NothingCommitted, Refused
from ledger.store.clock import SystemEntropy
from ledger.store.key_keeper import KeyKeeper
from ledger.submit import Receipted
from tests.given import OF_EVERY_EVENT
from tests.properties import attempts
from tests.properties.sayings import BEGINNINGS, Act, authority, mark
from tests.properties.watching import BEGINNING, Town, Watcher, town_on

EXAMPLES, STEPS = 9, 40
LOOK_EVERY = 15
"""Steps after which everything is looked at."""
BEFORE_ITS_TURN = {CountedTogether, FieldNotCommitted, NothingCommitted}
"""What a request can be refused with before the law is asked."""
_NUMBERS = count(1)


@pytest.fixture(scope="module")
def town(database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with town_on(database, tmp_path_factory.mktemp("watched")) as running:
        yield running


class Consultation(RuleBasedStateMachine):
    """A consultation in which people try things, and time passes."""

    town: Town
    beginning: str
    redacts: bool

    def __init__(self) -> None:
        super().__init__()
        self.ref = f"{self.beginning}-{next(_NUMBERS)}"
        self.town.clock.time = BEGINNING
        self.watcher = Watcher(self.town, self.ref)
        self.steps = 0
        self.watcher.hear(self.town.writers[0].post(self.ref, *BEGINNINGS[self.beginning]()))

    @rule(hours=st.integers(1, 30))
    def time_passes(self, hours: int) -> None:
        """What is announced for a time happens then: the service is there."""
        later = datetime.fromisoformat(self.town.clock.time) + timedelta(hours=hours)
        until = later.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        for moment in (*(day for day in attempts.DAYS if self.town.clock.time < day < until), until):
            self.town.clock.time = moment
            # What is due is done in the next turn, before anything else: it is done when the answer is there.
            self.attempt([authority("step.resumed", step="nowhere")])

    @rule(act=attempts.OF_CONTRIBUTIONS, writer=st.integers(0, 1))
    def somebody_contributes(self, act: Act, writer: int) -> None:
        self.attempt([act], writer)

    @rule(acts=st.lists(attempts.OF_STANCES, min_size=1, max_size=4), whole=st.booleans())
    def people_take_stances(self, acts: list[Act], whole: bool) -> None:
        self.attempt(acts, 1, atomic=whole)

    @rule(act=attempts.OF_MODERATION | attempts.OF_REPORTS)
    def somebody_moderates(self, act: Act) -> None:
        self.attempt([act])

    @rule(acts=attempts.DECISIONS | attempts.LINEAGE)
    def one_thing_leads_to_another(self, acts: list[Act]) -> None:
        for number, act in enumerate(acts):
            self.attempt([act], number % 2)

    @rule(act=st.one_of(attempts.OF_TEXTS, attempts.OF_VOTES, attempts.OF_IMPORTS))
    def the_authority_acts(self, act: Act) -> None:
        self.attempt([act])

    @rule(act=st.sampled_from((0, 1, 2)).flatmap(lambda luck: attempts.OF_STEPS if luck else attempts.ENDING))
    def something_begins_or_ends(self, act: Act) -> None:
        self.attempt([act])

    @rule(act=attempts.OF_PRIVACY)
    def something_is_erased_or_kept(self, act: Act) -> None:
        before = self.watcher.counts() if act.document["type"] == "content.erased/1" else None
        self.attempt([act])
        if before is not None:
            self.watcher.find_counts_kept(before)

    @precondition(lambda self: self.redacts)
    @rule(act=attempts.OF_COURTS, luck=st.integers(0, 60), lucky=st.sampled_from((True, True, False)))
    def a_court_has_something_withheld(self, act: Act, luck: int, lucky: bool) -> None:
        """Mostly of what can be withheld."""
        self.watcher.read_on()
        if lucky and (there := self.watcher.redactable()):
            act = authority("entry.redacted", entry=there[luck % len(there)], authority="court-9", code="defamation")
        self.attempt([act])

    @rule(who=st.lists(attempts.NAMES, min_size=1, max_size=2, unique=True))
    def people_are_erased(self, who: list[str]) -> None:
        outcome = self.erase(participants=tuple(who))
        if outcome and not outcome.scopes_without_key:
            texts = self.watcher.texts()
            assert not [name for name in who if mark(name) in texts]

    @rule(content=attempts.TARGETS, request=st.sampled_from((None, None, "r-1")))
    def a_content_is_erased(self, content: str, request: str | None) -> None:
        self.erase(target=content, request=request)

    @rule(acts=attempts.SEVERAL, whole=st.booleans(), writer=st.integers(0, 1))
    def several_things_are_posted_together(self, acts: list[Act], whole: bool, writer: int) -> None:
        self.attempt([act._replace(client=acts[0].client) for act in acts], writer, atomic=whole)

    @rule(acts=st.lists(attempts.SINGLE | attempts.OF_STANCES, min_size=4, max_size=8), erased=st.none() | attempts.NAMES)
    def several_things_happen_at_once(self, acts: list[Act], erased: str | None) -> None:
        with ThreadPoolExecutor(5) as callers:
            erasing = callers.submit(self.erase_alone, erased) if erased else None
            answers = [*callers.map(self.post_alone, acts, [number % 2 for number in range(len(acts))])]
            if erasing is not None:
                erasing.result()
        for act, answer in zip(acts, answers, strict=True):
            if isinstance(answer, LedgerError):
                self.check_refusal([act], answer)
            else:
                self.watcher.hear(answer)

    @rule(act=attempts.NOT_AS_IT_SHOULD_BE)
    def somebody_tries_what_they_may_not(self, act: Act) -> None:
        self.attempt([act])

    @rule(act=attempts.SINGLE)
    def a_request_is_sent_again(self, act: Act) -> None:
        """The second answer is the first, and nothing is recorded twice, even where it would be admitted."""
        key = f"key-{self.steps}"
        first = self.attempt([act], key=key)
        if first is not None:
            self.watcher.read_on()
            again = self.town.post(self.ref, [act], 1, key=key)
            assert (again.replayed, again.outcomes) == (True, first.outcomes)
            assert not self.posted_by_people()

    @rule()
    def keys_that_have_to_go_are_looked_for(self) -> None:
        KeyKeeper(self.town.wired.datastore, self.town.wired.keys, SystemEntropy()).round(patience_seconds=0)

    @rule()
    def views_are_made_anew(self) -> None:
        self.town.wired.runner.rebuild(self.ref)

    @precondition(lambda self: self.steps % LOOK_EVERY == LOOK_EVERY - 1)
    @invariant()
    def everything_that_was_promised_holds(self) -> None:
        self.watcher.look()

    @invariant()
    def what_was_recorded_is_lawful(self) -> None:
        self.watcher.read_on()
        self.steps += 1

    def teardown(self) -> None:
        if sys.exception() is None:
            self.watcher.look()

    def attempt(self, acts: Sequence[Act], writer: int = 0, **options: Any) -> Receipted | None:
        """Posts acts as one request. What is refused leaves nothing in the log."""
        self.watcher.read_on()
        try:
            answer = self.town.post(self.ref, acts, writer, **options)
        except LedgerError as error:
            self.check_refusal(acts, error)
            assert not self.posted_by_people()
            return None
        self.watcher.hear(answer)
        for act, outcome in zip(acts, answer.outcomes, strict=True):
            if isinstance(outcome, LedgerError):
                self.check_refusal([act], outcome)
        return answer

    def posted_by_people(self) -> list[Any]:
        """The new events that the clock did not make."""
        return [event for event in self.watcher.read_on() if event.role != "system"]

    def check_refusal(self, acts: Sequence[Act], error: LedgerError) -> None:
        """It is one that the law of the act can refuse with, or says that the form or the client was wrong."""
        assert str(error)
        types = {act.document["type"] for act in acts}
        if isinstance(error, Refused):
            lawful = {*OF_EVERY_EVENT, *BEFORE_ITS_TURN}.union(*(LAWS[wire_type].refuses for wire_type in types if wire_type in LAWS))
            assert type(error) in lawful, type(error)
        else:
            assert isinstance(error, Malformed | Forbidden), type(error)

    def post_alone(self, act: Act, writer: int) -> Receipted | LedgerError:
        try:
            return self.town.post(self.ref, [act], writer)
        except LedgerError as error:
            return error

    def erase(self, **order: Any) -> Any:
        """What was erased, None where it was refused; no count changes."""
        before = self.watcher.counts()
        try:
            outcome = self.town.erase(self.ref, **order)
        except Refused as error:
            assert str(error)
            return None
        self.watcher.find_counts_kept(before)
        return outcome

    def erase_alone(self, who: str) -> None:
        try:
            self.town.erase(self.ref, participant=who)
        except Refused as error:
            assert str(error)


@pytest.mark.parametrize("beginning", BEGINNINGS)
@pytest.mark.parametrize("redacts", [False, True], ids=["", "redacted"])
def test_any_consultation_keeps_its_promises(town: Town, beginning: str, redacts: bool) -> None:
    # Its name is part of what the examples follow from where they are the same on every run.
    name = f"{'Redacted' if redacts else ''}ConsultationFrom{beginning.title().replace('-', '')}"
    machine = type(name, (Consultation,), {"town": town, "beginning": beginning, "redacts": redacts})
    examples = EXAMPLES // 3 if redacts else EXAMPLES
    run_state_machine_as_test(machine, settings=settings(max_examples=examples, stateful_step_count=STEPS))
