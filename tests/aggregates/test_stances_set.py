"""What a step takes stances on and arguments about is said before it opens."""

from ledger.errors import OptionUnfit, StepAlreadyOpen, StepClosed, StepUnknown
from tests.consultation import before, debating, stances_set
from tests.given import given
from tests.town import closing, opening, planned


def test_scales_and_what_can_be_argued_about_are_declared_for_a_step() -> None:
    step = given(*before()).when(stances_set()).then(ranking="net", revotes="last").now.step("debate")
    assert step.scales["source"] == "like"
    assert step.arguments_on == ("opinion", "amendment")


def test_before_the_opening_the_last_declaration_holds() -> None:
    past = given(*before(stances_set())).when(stances_set(scales={"idea": "up_down"}, arguments_on=(), ranking="wilson")).then()
    assert (past.now.step("debate").scales, past.now.step("debate").arguments_on) == ({"idea": "up_down"}, ())


def test_a_step_that_takes_neither_needs_no_declaration() -> None:
    assert not given(*before(), opening("debate")).now.step("debate").scales


def test_after_the_opening_they_stand() -> None:
    debating().when(stances_set()).refused(StepAlreadyOpen, step="debate")
    debating(closing("debate")).when(stances_set()).refused(StepClosed, step="debate")


def test_they_are_of_a_step_that_is_planned_and_has_no_ballots() -> None:
    past = given(*before(planned("vote")))
    past.when(stances_set("nowhere")).refused(StepUnknown, step="nowhere")
    past.when(stances_set("vote")).refused(OptionUnfit, kind="ballot", option="stances")
