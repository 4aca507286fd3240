"""An import: started once, states counts of what is there, and ends."""

import pytest

from ledger.aggregates.imported import ImportState
from ledger.errors import (
    AggregateAlreadyRecorded,
    ArgumentUnknown,
    ContributionUnknown,
    ImportAlreadyStarted,
    ImportFinished,
    ImportNotStarted,
)
from ledger.events.imported import AggregateRecorded, ImportStarted
from ledger.events.imported import ImportFinished as Finished
from tests.consultation import argued, contributed, debating
from tests.given import Given, Post, digest, post

OPINION = "contribution/open-data"
STARTED = post(ImportStarted, ref="rua", format="cap_collectif", file_digest=digest("file"))
FINISHED = post(Finished, ref="rua", unmapped={"shifted_row": 3})


def stated(target: str = OPINION, basis: str = "published", ref: str = "rua") -> Post:
    return post(AggregateRecorded, ref=ref, target=target, basis=basis, counts={"votes": 12, "agree": 7})


def opinions(*more: Post) -> Given:
    return debating(contributed(), argued(), *more)


def test_an_import_is_started_once() -> None:
    opinions(STARTED).when(STARTED).refused(ImportAlreadyStarted, ref="rua")
    opinions(STARTED, FINISHED).when(STARTED).refused(ImportAlreadyStarted)
    opinions(STARTED).when(STARTED.but(ref="other")).then()


@pytest.mark.parametrize("draft", [stated(), FINISHED])
def test_what_an_import_says_it_says_between_its_start_and_its_end(draft: Post) -> None:
    opinions().when(draft).refused(ImportNotStarted, ref="rua")
    opinions(STARTED).when(draft).then()
    opinions(STARTED, FINISHED).when(draft).refused(ImportFinished, ref="rua")


def test_counts_are_of_something() -> None:
    past = opinions(STARTED)
    past.when(stated("argument/costly")).then()
    past.when(stated("contribution/nothing")).refused(ContributionUnknown, ref="nothing")
    past.when(stated("argument/nothing")).refused(ArgumentUnknown)


def test_an_import_states_counts_of_a_target_once_on_each_basis() -> None:
    past = opinions(STARTED, STARTED.but(ref="other"), stated())
    past.when(stated()).refused(AggregateAlreadyRecorded, ref="rua", target=OPINION, basis="published")
    past.when(stated(basis="counts_only")).then()
    past.when(stated(ref="other")).then()
    past.when(stated("argument/costly")).then()


def test_a_copy_of_an_import_changes_alone() -> None:
    state = ImportState(2, stated={(OPINION, "published")})
    twin = state.copy()
    assert twin == state
    twin.stated.add((OPINION, "counts_only"))
    assert state.stated == {(OPINION, "published")}
