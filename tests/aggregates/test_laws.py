"""Laws as a whole: one for every event, no refusal without a specification and a page."""

import ast
from pathlib import Path

import pytest

from ledger import errors
from ledger.aggregates import AGGREGATES, LAWS, BallotState, RollState, blank, consults, is_shared
from ledger.aggregates.ledger_log import REFUSALS
from ledger.errors import LedgerError, Refused
from ledger.events import ENTRY_DATA, EVENTS
from ledger.events.ballot import BallotCast, BallotReplaced
from ledger.events.contribution import ContributionSubmitted
from tests.given import OF_EVERY_EVENT, digest, given, person
from tests.town import submitted, vote, voting

ROOT = Path(__file__).parents[2]
DECLARED: set[type[LedgerError]] = {leaf for law in LAWS.values() for leaf in law.refuses} | OF_EVERY_EVENT
LEAVES: list[type[Refused]] = sorted(
    (leaf for leaf in vars(errors).values() if isinstance(leaf, type) and leaf.__module__.startswith("ledger.errors.refused")),
    key=lambda leaf: leaf.code,
)
"""The refusals of the domain; clients and imports have some of their own."""


def test_every_event_has_a_law_in_each_of_its_schemas() -> None:
    assert set(LAWS) == {wire_type for event in EVENTS for wire_type in event.wire_types()}


def test_no_leaf_is_left_that_nothing_is_refused_with() -> None:
    assert set(LEAVES) == {leaf for leaf in DECLARED if issubclass(leaf, Refused)}


def test_every_refusal_is_specified_by_a_test() -> None:
    specified: set[str] = set()
    for path in Path(__file__).parent.glob("test_*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "refused":
                specified |= {argument.id for argument in node.args if isinstance(argument, ast.Name)}
    assert specified == {leaf.__name__ for leaf in {*DECLARED, *REFUSALS}}, "and those of the ledger log"


@pytest.mark.parametrize("leaf", LEAVES, ids=lambda leaf: leaf.code)
def test_every_refusal_has_a_page(leaf: type[Refused]) -> None:
    page = (ROOT / "docs" / "problems" / f"{leaf.code}.md").read_text()
    assert page.startswith(f"# {leaf.code}\n")
    assert "**Why**" in page
    assert "**What to do**" in page


def test_codes_are_unique() -> None:
    codes = [leaf.code for leaf in LEAVES]
    assert len(set(codes)) == len(codes)


def test_streams_of_one_person_or_contribution_are_their_own_and_all_others_shared() -> None:
    own = {aggregate.prefix for aggregate in AGGREGATES if not aggregate.is_shared}
    assert own == {"ballot", "contribution", "participant", "argument", "stance", "report", "case", "suspension", "import"}
    assert not is_shared(f"ballot/vote/{person('ana')}")
    assert is_shared("project")
    assert is_shared("roll/vote")


def test_a_blank_state_is_new_each_time() -> None:
    first, second = blank("roll/vote"), blank("roll/other")
    assert isinstance(first, RollState)
    assert first == second
    assert first is not second
    assert blank("ballot/vote/somebody") == BallotState()


def test_a_stream_that_no_event_has_is_no_stream() -> None:
    with pytest.raises(KeyError):
        blank("nothing/vote")


def test_a_copy_changes_without_its_original() -> None:
    now = given(*voting(roll=("ana",)), vote()).now
    for stream, state in now.states.items():
        twin = state.copy()
        assert twin == state
        assert twin is not state
        twin.version += 1
        assert twin != state, stream
    roll = now.roll("vote").copy()
    roll.members.add(person("max"))
    assert person("max") not in now.roll("vote").members


def test_the_first_event_of_an_own_stream_does_not_ask_for_it() -> None:
    cast = {**vote().fields, "candidates": digest("c"), "rules": digest("r")}
    assert not any(stream.startswith("ballot/") for stream in consults(ENTRY_DATA[BallotCast.wire_type()](**cast), person("ana")))
    replaced = consults(ENTRY_DATA[BallotReplaced.wire_type()](**cast), person("ana"))
    assert f"ballot/vote/{person('ana')}" in replaced
    data = ContributionSubmitted.model_validate({**submitted().fields, "title": {"fr": "Banc"}, "derived_from": "idea"})
    assert consults(data, person("ana")) == ("project", "step/ideas", f"suspension/{person('ana')}", "contribution/idea")
