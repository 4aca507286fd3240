"""A case: one decision at a time, with a declared motive, contested by the author, judged by somebody else, ended on record."""

import pytest

from ledger.aggregates.case import CaseState
from ledger.errors import (
    AppealAlreadyLodged,
    AppealMissing,
    AppealNotReversed,
    ArgumentUnknown,
    CaseAlreadyOpen,
    ContributionUnknown,
    DateNotAhead,
    DecisionInForce,
    DecisionMissing,
    DecisionNotExpired,
    JudgeUnfit,
    MotiveUnknown,
    NotPermitted,
    NotTheAuthor,
)
from ledger.events.case import (
    AppealDecided,
    AppealLodged,
    CaseOpened,
    ContentHidden,
    ContentLimited,
    ContentRestored,
    DecisionNotified,
    ReportDismissed,
)
from ledger.events.contribution import ContributionWithdrawn
from tests.consultation import SOON, argued, contributed, debating
from tests.given import NOON, Given, Post, person, post
from tests.town import granted

OPINION = "contribution/open-data"
OTHER = "other-platform"
LATER = "2026-03-02T12:00:00.001Z"


def by(draft: Post, who: str | None, via: str = "platform") -> Post:
    return draft.posted(role="moderator", actor=None if who is None else person(who), via=via)


def hidden(who: str | None = "mona", **fields: object) -> Post:
    return by(post(ContentHidden, target=OPINION, motive="insult").but(**fields), who)


def limited(trash: str = "visible", who: str | None = "mona", **fields: object) -> Post:
    return by(post(ContentLimited, target=OPINION, motive="insult", trash=trash).but(**fields), who)


def restored(because: str = "mistake", who: str | None = "mona") -> Post:
    return by(post(ContentRestored, target=OPINION, because=because), who)


def appealed(who: str | None = "ana") -> Post:
    return post(AppealLodged, target=OPINION).posted(role="participant", actor=None if who is None else person(who))


def judged(outcome: str = "reversed", who: str | None = "jude") -> Post:
    return by(post(AppealDecided, target=OPINION, outcome=outcome, code="proportion"), who)


OPENED = by(post(CaseOpened, target=OPINION, origin="reports"), "mona")
NOTIFIED = by(post(DecisionNotified, target=OPINION), "mona")
DISMISSED = by(post(ReportDismissed, target=OPINION, code="no_breach"), "mona")
EVERY = [OPENED, hidden(), limited(), NOTIFIED, appealed(), judged(), restored(), DISMISSED]


def opinions(*more: Post) -> Given:
    return debating(
        granted("moderator", client=OTHER), granted("guarantor", client="platform"), contributed(), argued(), *more
    )  # fmt: skip


def case(past: Given) -> CaseState:
    state = past.now.state(f"case/{OPINION}")
    assert isinstance(state, CaseState)
    return state


@pytest.mark.parametrize("draft", EVERY, ids=lambda draft: draft.kind.TYPE)
def test_a_case_is_about_something(draft: Post) -> None:
    opinions().when(draft.but(target="contribution/nothing")).refused(ContributionUnknown, ref="nothing")
    opinions().when(draft.but(target="argument/nothing")).refused(ArgumentUnknown, argument="nothing")


@pytest.mark.parametrize("draft", [draft for draft in EVERY if draft.kind is not AppealLodged], ids=lambda draft: draft.kind.TYPE)
def test_participants_do_not_moderate(draft: Post) -> None:
    opinions().when(draft.posted(role="participant")).refused(NotPermitted)


@pytest.mark.parametrize(
    ("draft", "decision", "withheld"),
    [
        (hidden(), "hidden", True),
        (limited("visible"), "limited_visible", False),
        (limited("invisible"), "limited_invisible", True),
    ],
)
def test_a_decision_takes_content_out_of_sight_or_into_a_trash(draft: Post, decision: str, withheld: bool) -> None:
    past = opinions().when(draft).then()
    assert case(past) == CaseState(1, True, decision, "insult", person("mona"))  # type: ignore[arg-type]  # one of the decisions
    assert case(past).withheld is withheld


def test_the_effect_on_stances_is_said() -> None:
    assert case(opinions(hidden())).stances_counted
    assert not case(opinions(hidden(stances="not_counted"))).stances_counted
    assert case(opinions(hidden(stances="not_counted"), restored())).stances_counted


def test_a_decision_has_a_declared_motive() -> None:
    opinions().when(hidden(motive="taste")).refused(MotiveUnknown, motive="taste")
    opinions().when(limited(motive="taste")).refused(MotiveUnknown)


def test_an_announced_end_is_ahead() -> None:
    opinions().when(hidden(until=SOON)).then()
    opinions().when(hidden(until=NOON)).refused(DateNotAhead, field="until")
    opinions().when(limited(until=NOON)).refused(DateNotAhead)


def test_a_case_is_open_once_and_a_decision_opens_it() -> None:
    opinions(OPENED).when(OPENED).refused(CaseAlreadyOpen, target=OPINION)
    opinions(hidden()).when(OPENED).refused(CaseAlreadyOpen)
    opinions(OPENED).when(hidden()).then()


@pytest.mark.parametrize("draft", [hidden(), limited(), DISMISSED], ids=lambda draft: draft.kind.TYPE)
def test_one_decision_is_in_force_at_a_time(draft: Post) -> None:
    opinions(limited("invisible")).when(draft).refused(DecisionInForce, target=OPINION, decision="limited_invisible")
    opinions(limited(), restored()).when(draft).then()


@pytest.mark.parametrize("happened", [(DISMISSED,), (hidden(), restored()), (OPENED, DISMISSED)])
def test_a_case_that_is_settled_can_be_opened_again(happened: tuple[Post, ...]) -> None:
    opinions(*happened).when(OPENED).then()


@pytest.mark.parametrize("draft", [NOTIFIED, appealed(), judged(), restored()], ids=lambda draft: draft.kind.TYPE)
def test_what_is_about_a_decision_needs_one_in_force(draft: Post) -> None:
    opinions(OPENED).when(draft).refused(DecisionMissing, target=OPINION, event_type=f"{draft.kind.TYPE}/1")
    opinions(hidden(), appealed(), restored()).when(draft).refused(DecisionMissing)


def test_what_is_withdrawn_can_still_be_hidden() -> None:
    opinions(post(ContributionWithdrawn, ref="open-data", step="debate", code="regret")).when(hidden()).then()


def test_the_author_appeals_once_against_a_decision() -> None:
    past = opinions(hidden()).when(appealed()).then()
    assert case(past).appeal == "lodged"
    past.when(appealed()).refused(AppealAlreadyLodged, state="lodged")
    past.when(judged("upheld")).then().when(appealed()).refused(AppealAlreadyLodged, state="upheld")
    past.when(restored()).then().when(hidden()).then().when(appealed()).then()


def test_only_the_author_or_who_has_their_mandate_appeals() -> None:
    past = opinions(hidden())
    past.when(appealed("max")).refused(NotTheAuthor, ref=OPINION)
    past.when(appealed(None)).refused(NotTheAuthor)
    past.when(appealed().posted(by=person("lawyer"), mandate_ref="m-1")).then()


def test_nobody_appeals_for_content_without_an_author() -> None:
    note = contributed("note", meeting="town-hall").posted(role="agent", actor=None)
    past = opinions(note, hidden(target="contribution/note"))
    past.when(appealed(None).but(target="contribution/note")).refused(NotTheAuthor)
    past.when(appealed("max").but(target="contribution/note")).refused(NotTheAuthor)


def test_the_author_of_an_argument_appeals_too() -> None:
    target = "argument/costly"
    opinions(hidden(target=target)).when(appealed("max").but(target=target)).then()


def test_the_judge_of_an_appeal_is_not_who_made_the_decision() -> None:
    past = opinions(hidden("mona"), appealed())
    past.when(judged(who="mona")).refused(JudgeUnfit, target=OPINION)
    past.when(judged(who="mona").posted(via=OTHER)).refused(JudgeUnfit)
    past.when(judged(who="jude").posted(by=person("mona"))).refused(JudgeUnfit)
    past.when(judged(who="mona").posted(by=person("jude"))).then()
    past.when(judged(who="jude")).then()
    past.when(judged(who="jude").posted(role="guarantor")).then()


def test_two_who_name_nobody_and_post_through_the_same_client_cannot_be_told_apart() -> None:
    past = opinions(hidden(None), appealed())
    assert case(past).moderator == "client:platform"
    past.when(judged(who=None)).refused(JudgeUnfit)
    past.when(judged(who=None).posted(role="organizer")).refused(JudgeUnfit)
    past.when(judged(who=None).posted(via=OTHER)).then()


def test_nobody_judges_their_own_appeal() -> None:
    opinions(hidden("mona"), appealed("ana")).when(judged(who="ana")).refused(JudgeUnfit)


def test_an_appeal_is_decided_once_it_is_lodged_and_once() -> None:
    opinions(hidden()).when(judged()).refused(AppealMissing, target=OPINION)
    past = opinions(hidden(), appealed()).when(judged("upheld")).then()
    assert case(past).appeal == "upheld"
    past.when(judged("reversed")).refused(AppealMissing)


def test_a_restoration_because_of_an_appeal_needs_one_that_succeeded() -> None:
    past = opinions(hidden(), appealed())
    past.when(restored("appeal")).refused(AppealNotReversed, target=OPINION)
    past.when(judged("upheld")).then().when(restored("appeal")).refused(AppealNotReversed)
    past = past.when(judged("reversed")).then()
    assert case(past).decision == "hidden", "the outcome alone ends nothing"
    past.when(restored("appeal", "jude")).then()


def test_a_decision_has_not_expired_before_its_announced_end() -> None:
    past = opinions(hidden(until=SOON))
    past.when(restored("expired")).refused(DecisionNotExpired, target=OPINION, until=SOON, at=NOON)
    past.when(restored("mistake")).then()
    past.when(restored("expired").posted(at=LATER)).then()
    past.when(restored("expired").posted(at=SOON)).then()


def test_an_announced_end_ends_nothing_by_itself() -> None:
    past = opinions(hidden(until=SOON))
    past.when(hidden().posted(at=LATER)).refused(DecisionInForce)


def test_a_restoration_ends_the_decision_and_its_motive_stays_on_record() -> None:
    past = opinions(hidden(stances="not_counted"), appealed(), judged()).when(restored("appeal", "jude")).then()
    state = case(past)
    assert (state.decision, state.withheld, state.stances_counted) == (None, False, True)
    assert (state.motive, state.moderator, state.appeal) == ("insult", person("mona"), "reversed")
    again = past.when(limited(who="max", trash="visible")).then()
    assert (case(again).decision, case(again).moderator, case(again).appeal) == ("limited_visible", person("max"), None)
