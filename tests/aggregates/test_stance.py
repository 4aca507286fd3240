"""A stance: on what stands, on a version that there is, by a value of the scale; the last one holds."""

import pytest

from ledger.aggregates.stance import StanceState
from ledger.errors import (
    AgentMayNotReplace,
    ArgumentUnknown,
    ArgumentWithdrawn,
    ClaimedTimeUnfit,
    ContributionMerged,
    ContributionSplit,
    ContributionUnknown,
    ContributionWithdrawn,
    FieldDiffers,
    MandateMissing,
    ParticipantMissing,
    StanceAlreadyTaken,
    StanceNotTaken,
    StancesNotTaken,
    StanceWithdrawn,
    StepClosed,
    StepNotOpen,
    StepSuspended,
    StepUnknown,
    TargetModerated,
    TargetOfOtherStep,
    TargetVersionUnknown,
    ValueNotOnScale,
)
from ledger.events.contribution import ContributionMergeAccepted, ContributionMergedInto, ContributionMergeProposed, ContributionSplitInto
from ledger.events.contribution import ContributionWithdrawn as TakenBack
from ledger.events.stance import StanceCast, StanceChanged, StanceExplained
from ledger.events.stance import StanceWithdrawn as Withdrawn
from ledger.events.step import StepSuspended as Suspended
from tests.consultation import argued, before, contributed, debate, debating, hidden, restored, reworded, stances_set, unargued
from tests.given import Given, Post, given, person, post
from tests.town import closing, opening, planned

OPINION = "contribution/open-data"
ARGUMENT = "argument/costly"
ZOE = person("zoe")
SUSPENDED = post(Suspended, step="debate", code="outage")


def cast(value: str = "agree", target: str = OPINION, who: str = "zoe", **fields: object) -> Post:
    return post(StanceCast, step="debate", target=target, value=value, target_version=1).but(**fields).posted(actor=person(who))


def changed(value: str = "disagree", target: str = OPINION, who: str = "zoe", **fields: object) -> Post:
    return post(StanceChanged, step="debate", target=target, value=value, target_version=1).but(**fields).posted(actor=person(who))


def uncast(target: str = OPINION, who: str = "zoe", **fields: object) -> Post:
    return post(Withdrawn, step="debate", target=target).but(**fields).posted(actor=person(who))


def explained(target: str = OPINION, who: str = "zoe") -> Post:
    return post(StanceExplained, step="debate", target=target).posted(actor=person(who))


def by_agent(draft: Post) -> Post:
    return draft.posted(role="agent", by=person("clerk"))


def opinions(*more: Post) -> Given:
    return debating(contributed(), argued(), *more)


def stance(past: Given, target: str = OPINION) -> StanceState:
    state = past.now.state(f"stance/{target}/{ZOE}")
    assert isinstance(state, StanceState)
    return state


TAKING = pytest.mark.parametrize("draft", [cast(who="max"), changed()], ids=["cast", "changed"])
ALL = pytest.mark.parametrize(
    "draft", [cast(who="max"), changed(), uncast(), explained()], ids=["cast", "changed", "withdrawn", "explained"]
)
LATER = pytest.mark.parametrize("draft", [changed(), uncast(), explained()], ids=["changed", "withdrawn", "explained"])


def test_a_stance_is_on_a_contribution_or_an_argument_and_remembers_the_version_read() -> None:
    past = opinions(reworded()).when(cast("mixed", target_version=2)).then()
    assert (stance(past).value, stance(past).target_version) == ("mixed", 2)
    past = past.when(cast("support", ARGUMENT)).then()
    assert stance(past, ARGUMENT).value == "support"


def test_one_person_takes_one_stance_on_a_target() -> None:
    past = opinions(cast())
    past.when(cast("disagree")).refused(StanceAlreadyTaken, target=OPINION)
    past.when(cast("disagree", who="max")).then()
    past.when(uncast()).then().when(cast()).refused(StanceAlreadyTaken)


def test_a_change_says_what_it_replaces() -> None:
    past = opinions(reworded(), cast()).when(changed(target_version=2)).then(old_value="agree", old_version=1)
    assert (stance(past).value, stance(past).target_version) == ("disagree", 2)
    past.when(changed("mixed", old_value="agree")).refused(FieldDiffers, field="old_value", expected="disagree", found="agree")
    past.when(changed("mixed", old_version=1)).refused(FieldDiffers, field="old_version", expected=2, found=1)
    past.when(uncast(old_value="mixed")).refused(FieldDiffers, field="old_value")


def test_the_same_value_again_is_a_fact() -> None:
    opinions(cast()).when(changed("agree")).then(old_value="agree", old_version=1)


def test_a_stance_is_taken_back_once_and_can_be_taken_again() -> None:
    past = opinions(cast()).when(uncast()).then(old_value="agree", old_version=1)
    assert (stance(past).value, stance(past).target_version) == (None, None)
    past.when(uncast()).refused(StanceWithdrawn, target=OPINION)
    past.when(changed("mixed", old_value="agree")).refused(FieldDiffers, expected=None)
    past = past.when(changed("mixed")).then(old_value=None, old_version=None)
    assert stance(past).value == "mixed"


def test_a_stance_is_explained_as_long_as_there_is_one() -> None:
    opinions(cast(), explained()).when(explained()).then()
    opinions(cast(), uncast()).when(explained()).refused(StanceWithdrawn)


@LATER
def test_what_was_never_taken_is_neither_changed_nor_taken_back_nor_explained(draft: Post) -> None:
    opinions().when(draft).refused(StanceNotTaken, target=OPINION)


@TAKING
def test_a_value_is_one_of_the_scale_for_the_kind_of_target(draft: Post) -> None:
    past = opinions(contributed("report", "source", target="open-data"), cast())
    past.when(draft.but(value="support")).refused(ValueNotOnScale, kind="opinion", scale="agree_mixed_disagree", value="support")
    past.when(draft.but(value="pass")).refused(ValueNotOnScale)
    past.when(cast("agree", ARGUMENT)).refused(ValueNotOnScale, kind="argument", scale="support")
    past.when(cast("like", "contribution/report")).then()


def test_a_step_takes_stances_on_the_kinds_it_declares() -> None:
    opinions(contributed("plan", "idea")).when(cast(target="contribution/plan")).refused(StancesNotTaken, step="debate", kind="idea")
    undeclared = given(*before(stances_set(scales={})), opening("debate"), contributed(), argued())
    undeclared.when(cast()).refused(StancesNotTaken, kind="opinion")
    undeclared.when(cast("support", ARGUMENT)).refused(StancesNotTaken, kind="argument")


@TAKING
def test_a_version_is_one_that_there_is(draft: Post) -> None:
    past = opinions(cast())
    past.when(draft.but(target_version=2)).refused(TargetVersionUnknown, target=OPINION, target_version=2, current=1)
    past.when(reworded()).then().when(draft.but(target_version=2)).then()
    past.when(reworded()).then().when(draft.but(target_version=1)).then()


@ALL
def test_stances_are_taken_while_the_step_is_open(draft: Post) -> None:
    past = opinions(cast())
    past.when(draft).then()
    past.when(SUSPENDED).then().when(draft).refused(StepSuspended)
    past.when(closing("debate")).then().when(draft).refused(StepClosed)
    past.when(draft.but(step="nowhere")).refused(StepUnknown)
    later = past.when(planned("later", "consultation", accepts=("opinion",))).then()
    later.when(draft.but(step="later")).refused(StepNotOpen)
    later.when(opening("later")).then().when(draft.but(step="later")).refused(TargetOfOtherStep, own="debate", step="later")


@ALL
def test_a_stance_is_somebodys(draft: Post) -> None:
    opinions(cast()).when(draft.posted(actor=None)).refused(ParticipantMissing)


@ALL
def test_a_stance_is_on_something(draft: Post) -> None:
    opinions(cast()).when(draft.but(target="contribution/nothing")).refused(ContributionUnknown, ref="nothing")
    opinions(cast()).when(draft.but(target="argument/nothing")).refused(ArgumentUnknown)


@ALL
def test_only_an_import_claims_a_time_and_only_the_hour(draft: Post) -> None:
    past = opinions(cast())
    hour, minute = "2016-10-05T14:00:00.000Z", "2016-10-05T14:07:00.000Z"
    past.when(draft.posted(channel="import", claimed_at=hour)).then()
    past.when(draft.posted(claimed_at=hour)).refused(ClaimedTimeUnfit, channel="web", claimed_at=hour)
    past.when(draft.posted(channel="import", claimed_at=minute)).refused(ClaimedTimeUnfit, channel="import", claimed_at=minute)


MERGED = (
    contributed("more-data"),
    post(ContributionMergeProposed, ref="open-data", step="debate", into="more-data"),
    post(ContributionMergeAccepted, ref="open-data", step="debate", into="more-data"),
    post(ContributionMergedInto, ref="open-data", step="debate", into="more-data").posted(role="moderator", actor=None),
)
SPLIT = (
    contributed("part-1", derived_from="open-data"),
    contributed("part-2", derived_from="open-data"),
    post(ContributionSplitInto, ref="open-data", step="debate", parts=("part-1", "part-2")),
)
BACK = (post(TakenBack, ref="open-data", step="debate", code="regret"),)


@pytest.mark.parametrize("draft", [cast(who="max"), changed(), explained()], ids=["cast", "changed", "explained"])
def test_what_does_not_stand_or_is_moderated_takes_no_stance(draft: Post) -> None:
    past = opinions(cast())
    opinions(cast(), *MERGED).when(draft).refused(ContributionMerged, ref="open-data", into="more-data")
    opinions(cast(), *SPLIT).when(draft).refused(ContributionSplit)
    opinions(cast(), *BACK).when(draft).refused(ContributionWithdrawn)
    past.when(hidden()).then().when(draft).refused(TargetModerated, target=OPINION, decision="hidden")
    past.when(hidden()).then().when(restored()).then().when(draft).then()


def test_an_argument_that_is_taken_back_or_hidden_takes_no_stance() -> None:
    opinions(unargued()).when(cast("support", ARGUMENT)).refused(ArgumentWithdrawn)
    opinions(hidden(ARGUMENT)).when(cast("support", ARGUMENT)).refused(TargetModerated)


@pytest.mark.parametrize("happened", [MERGED, SPLIT, BACK, (hidden(),)], ids=["merged", "split", "withdrawn", "hidden"])
def test_nobody_is_kept_in_a_stance_by_what_became_of_its_target(happened: tuple[Post, ...]) -> None:
    past = opinions(cast(), *happened)
    assert stance(past).value == "agree", "no stance moves or ends by itself"
    past.when(uncast()).then(old_value="agree")


@LATER
def test_an_agent_does_not_change_what_a_person_did_themselves(draft: Post) -> None:
    past = opinions(cast())
    past.when(by_agent(draft)).refused(AgentMayNotReplace, step="debate")
    past.when(draft.posted(by=person("clerk"), mandate_ref="m-1")).refused(AgentMayNotReplace)


@LATER
def test_an_agent_changes_what_an_agent_did_until_the_person_acts_themselves(draft: Post) -> None:
    past = opinions(by_agent(cast()))
    past.when(by_agent(draft)).then()
    past.when(draft).then()
    past.when(changed("mixed")).then().when(by_agent(draft)).refused(AgentMayNotReplace)


def test_who_acts_for_another_needs_a_mandate() -> None:
    opinions().when(cast().posted(by=person("clerk"))).refused(MandateMissing)


def test_the_state_of_a_stance_is_copied_whole() -> None:
    past = given(*debate(contributed(), by_agent(cast())))
    twin = stance(past).copy()
    assert twin == StanceState(1, "agree", 1, by_agent=True)
    twin.value = "mixed"
    assert stance(past).value == "agree"
