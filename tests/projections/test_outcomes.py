"""The result of a step: when there is one, what it depends on, and what stands beside it."""

from typing import cast

import pytest

from ledger.canonical import JsonValue
from ledger.projections.readings.outcomes import Pending, StepResult, compute_result, step_results
from ledger.projections.readings.reading import read
from ledger.projections.readings.result_document import result_document, results_document
from tests.projections.history import RULES, History

Json = dict[str, JsonValue]


def only(history: History, size: int | None = None) -> StepResult | Pending:
    [result] = step_results(history.source(size))
    return result


def final(history: History, size: int | None = None) -> StepResult:
    result = only(history, size)
    assert isinstance(result, StepResult)
    return result


def voted(**plan: JsonValue) -> History:
    """lamp 3, tree 2, bench 1, fountain 1 votes; 100 000 to spend."""
    history = History().opened().planned(**plan).open_step()  # type: ignore[arg-type]  # fields of the plan
    for name, entries in {"ann": [0, 1], "bob": [0, 1], "eve": [0, 2], "dan": [3]}.items():
        history.vote(name, cast("list[JsonValue]", entries))
    return history


def test_a_step_that_never_opened_or_is_not_open_yet_is_pending() -> None:
    history = History().opened().planned()
    assert cast("Pending", only(history)).why == "not_open"
    history.add("step.closed_early", {"step": "vote", "code": "called_off"})
    assert cast("Pending", only(history)).why == "never_open"


def test_a_step_without_rules_is_no_result_at_all() -> None:
    history = History().opened()
    history.add("step.planned", {"step": "ideas", "kind": "collection", "title": {"en": "Ideas"}, "accepts": ["proposal"]})
    assert list(step_results(history.source())) == []


def test_an_open_step_has_a_result_as_long_as_it_is_open_and_the_same_one_when_it_closed() -> None:
    history = voted()
    live = final(history)
    assert (live.step.over, live.winners) == (False, (0, 1))
    history.close_step()
    closed = final(history)
    assert (closed.step.over, closed.winners, closed.step.cut_off) == (True, (0, 1), len(history.events) - 1)
    assert closed.count.digest == live.count.digest


def test_a_step_with_paper_is_over_when_both_have_ended() -> None:
    history = voted(takes_paper=True)
    history.close_step()
    assert not final(history).step.over
    assert compute_result(history.source(), "vote") is None
    history.vote("kim", [3], channel="paper")
    history.add("paper.closed", {"step": "vote"})
    assert final(history).step.over
    assert final(history).step.cut_off == len(history.events) - 1
    assert final(history).count.counted.counted == 5


def test_a_sealed_step_shows_nothing_until_all_is_disclosed() -> None:
    history = History().opened().planned(secrecy="sealed").open_step()
    history.vote("ann", None, disclosed=[0])
    history.vote("bob", None)
    history.unvote("bob")
    history.close_step()
    assert cast("Pending", only(history)).why == "sealed"
    reading = read(history.source())
    document = result_document(reading, reading.results["vote"])
    assert (document["state"], document["why"], document["ballots"]) == ("pending", "sealed", 1)
    assert results_document(reading, "town-2026")["steps"] == []
    history.add("ballots.disclosed", {"step": "vote", "count": 1, "root": "A" * 43})
    assert final(history).winners == (0,)


def test_the_past_keeps_its_seals_when_it_is_looked_at_again() -> None:
    history = History().opened().planned(secrecy="sealed").open_step()
    history.vote("ann", None, disclosed=[0])
    history.close_step()
    history.add("ballots.disclosed", {"step": "vote", "count": 1, "root": "A" * 43})
    assert isinstance(only(history, len(history.events) - 1), Pending)


def test_a_candidate_withdrawn_before_the_cut_off_is_out_and_after_it_stands_beside() -> None:
    history = voted()
    withdrawal: Json = {"ref": "lamp", "step": "vote", "code": "too_dear"}
    after = voted().close_step()
    after.add("contribution.withdrawn", withdrawal, who="ann")
    history.add("contribution.withdrawn", withdrawal, who="ann")
    history.close_step()
    assert final(history).winners == (1, 2)
    assert final(history).count.withdrawn == {0}
    assert final(after).winners == (0, 1)
    assert final(after).step.withdrawn == frozenset()
    assert final(after).step.withdrawn_after == {0}
    reading = read(after.source())
    beside = cast("Json", result_document(reading, reading.results["vote"])["beside"])
    [gone] = cast("list[Json]", beside["withdrawn_after"])
    assert (gone["shown"], gone["code"]) == ("lamp", "too_dear")


def test_a_budget_amended_while_open_is_counted_with_and_after_the_closing_is_not() -> None:
    def amended(budget: int, when: str) -> StepResult:
        history = voted()
        if when == "after":
            history.close_step()
        rules: Json = {**RULES, "budget_minor": budget}
        history.add("step.rules_amended", {"step": "vote", "rules": rules, "digest": "B" * 43, "code": "cut"})
        if when == "before":
            history.close_step()
        history.add("outcome.published", {"step": "vote", "selected": [0], "outside_rule": [], "ballots_missing": []})
        return final(history)

    assert amended(45_000, "before").winners == (0,)
    late = amended(45_000, "after")
    assert late.winners == (0, 1)
    assert (late.explained, late.agrees) == ({1: "budget_amended"}, True)


def publish(history: History, selected: list[int], **more: JsonValue) -> StepResult:
    said: Json = {"step": "vote", "selected": cast("JsonValue", selected), "outside_rule": [], "ballots_missing": [], **more}
    history.add("outcome.published", said)
    return final(history)


def test_nothing_published_is_neither_agreement_nor_disagreement() -> None:
    assert final(voted().close_step()).agrees is None


def test_what_agrees_agrees_and_what_nothing_recorded_explains_does_not() -> None:
    assert publish(voted().close_step(), [0, 1]).agrees is True
    false = publish(voted().close_step(), [0, 3])
    assert (false.agrees, false.explained) == (False, {1: "unexplained", 3: "unexplained"})


def test_the_last_publication_holds() -> None:
    history = voted().close_step()
    assert publish(history, [0, 3]).agrees is False
    assert publish(history, [0, 1]).agrees is True


def test_an_override_and_money_outside_the_rule_explain_what_they_name_and_change_nothing() -> None:
    history = voted().close_step()
    history.add("outcome.overridden", {"step": "vote", "position": 1, "funded": False, "code": "unlawful"})
    result = publish(history, [0], outside_rule=[3])
    assert (result.winners, result.agrees) == ((0, 1), True)
    assert result.explained == {1: "overridden", 3: "funded_outside_rule"}


def test_an_undeclared_rule_chooses_nobody() -> None:
    rules: Json = {"rule": "undeclared", "ballot": {"form": "approval"}, "score": {"by": "approvals"}}
    result = publish(voted(rules=rules).close_step(), [0])
    assert (result.winners, result.count.outcome.winners, result.explained) == ((), None, {0: "rule_unknown"})
    computed = compute_result(voted(rules=rules).close_step().source(), "vote")
    assert computed is not None
    assert (computed.rule, computed.winners) == ("undeclared/1", None)


def test_the_computed_result_is_that_of_the_projections_and_exact() -> None:
    history = voted().close_step()
    computed, result = compute_result(history.source(), "vote"), final(history)
    assert computed is not None
    assert computed.winners == result.winners
    assert (computed.digest, computed.cut_off, computed.rule) == (result.count.digest, result.step.cut_off, "greedy/1")
    assert compute_result(history.source(), "nowhere") is None


def test_what_is_said_after_the_cut_off_leaves_the_digest_as_it_is() -> None:
    history = voted().close_step()
    before = final(history).count.digest
    publish(history, [0, 3])
    history.add("outcome.overridden", {"step": "vote", "position": 1, "funded": False, "code": "unlawful"})
    history.add("contribution.withdrawn", {"ref": "lamp", "step": "vote", "code": "too_dear"}, who="ann")
    assert final(history).count.digest == before


@pytest.mark.parametrize("change", ["ballot", "withdrawal", "budget"])
def test_whatever_the_result_depends_on_changes_the_digest(change: str) -> None:
    history = voted()
    before = final(voted().close_step()).count.digest
    if change == "ballot":
        history.vote("more", [1])
    elif change == "withdrawal":
        history.add("contribution.withdrawn", {"ref": "fountain", "step": "vote", "code": "doubled"}, who="ann")
    else:
        rules: Json = {**RULES, "budget_minor": 100_001}
        history.add("step.rules_amended", {"step": "vote", "rules": rules, "digest": "B" * 43, "code": "gift"})
    assert final(history.close_step()).count.digest != before


def test_the_short_form_names_candidates_as_people_see_them() -> None:
    history = History().opened()
    history.add("contribution.submitted", {"ref": "L~2F1", "external_ref": "L/1", "step": "ideas", "kind": "proposal"}, who="ann")
    history.planned(items=[{"ref": "L~2F1", "cost_minor": 5}, {"ref": "tree", "cost_minor": 6}], submitted=False).open_step()
    history.vote("ann", [0, 1])
    history.close_step()
    publish(history, [0])
    assert results_document(read(history.source()), "town-2026") == {
        "project": "town-2026",
        "seq": len(history.events) - 1,
        "steps": [
            {
                "step": "vote",
                "rule": "greedy/1",
                "winners": ["L/1", "tree"],
                "published": ["L/1"],
                "agrees": False,
                "explained": {"tree": "unexplained"},
                "counted": 1,
                "not_counted": {},
            }
        ],
    }


def test_the_full_form_tells_every_candidate_and_what_other_options_would_give() -> None:
    history = voted().close_step()
    publish(history, [0, 1])
    reading = read(history.source())
    document = result_document(reading, reading.results["vote"], "cm9vdA==")
    assert (document["state"], document["root"], document["agrees"]) == ("final", "cm9vdA==", True)
    assert cast("Json", document["totals"])["counted"] == 4
    candidates = cast("list[Json]", document["candidates"])
    assert [(row["shown"], row["votes"], row["won"]) for row in candidates] == [
        ("lamp", 3, True),
        ("tree", 2, True),
        ("bench", 1, False),
        ("fountain", 1, False),
    ]
    assert cast("Json", candidates[2]["status"])["code"] == "unaffordable"
    assert {"unaffordable_stop", "ties_reversed"} <= cast("Json", document["counterfactuals"]).keys()
    assert "root" not in result_document(reading, reading.results["vote"])
