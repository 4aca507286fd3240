"""What the rules forbid is written into the log all the same, signed by the operator: every auditor admits it again, and says no."""

import httpx2
import pytest

from ledger.aggregates import rules_digest
from ledger.events import EventData
from ledger.events.ballot import BallotCast
from ledger.events.contribution import ContributionMergedInto
from ledger.events.roll import RollListed
from ledger.events.step import StepClosed, StepClosedEarly, StepRulesAmended, StepRulesSet
from ledger.sealing import commit
from tests.posting import CANDIDATES_DIGEST, RULES, RULES_DIGEST, ballot
from tests.redteam.conftest import Town
from tests.redteam.operator_town import caught, judged

STRANGER = "A" * 22


def vote(*entries: int) -> BallotCast:
    return BallotCast(step="vote", candidates=CANDIDATES_DIGEST, rules=RULES_DIGEST, entries=entries)


def nothing_said(name: str = "reason") -> tuple[str, ...]:
    """The commitment to a field that is null."""
    return (commit(name, None, bytes(16)).digest,)


def test_a_ballot_after_the_closing_is_late(town: Town) -> None:
    operator = town()
    operator.close()
    seq = operator.forge(vote(0), "participant", STRANGER)
    operator.tables_anew()
    assert caught(judged(operator.export(), operator), "step-closed").place.startswith(f"entry {seq},")


def test_a_ballot_of_somebody_who_is_not_on_the_roll_is_found(town: Town) -> None:
    operator = town(roll=True)
    seq = operator.forge(vote(0), "participant", STRANGER)
    operator.tables_anew()
    assert caught(judged(operator.export(), operator), "not-on-roll").place.startswith(f"entry {seq},")


def test_a_member_who_is_put_on_the_roll_after_the_opening_is_found(town: Town) -> None:
    operator = town(roll=True)
    operator.forge(RollListed(step="vote", members=(STRANGER,)))
    assert caught(judged(operator.export(), operator), "step-already-open")


def test_ballots_for_absent_members_are_seen_by_the_members_themselves(town: Town) -> None:
    """No check of the log can see it: the member can, who looks their own name up."""
    operator = town(roll=True)
    operator.post(ballot("resident 7", 2))
    operator.ledger.runner.catch_up(operator.ref)
    with operator.showing() as url:
        asked = f"{url}/v1/projects/{operator.ref}/steps/vote/my-ballot"
        answer = httpx2.post(asked, json={"k": operator.k_of("resident 7")}).json()
        other = httpx2.post(asked, json={"k": operator.k_of("resident 6")}).json()
    assert other["status"] == "nobody_used_this_name"
    assert answer["status"] != "nobody_used_this_name"
    assert answer["entries"]


def test_a_second_ballot_of_one_person_is_found(town: Town) -> None:
    operator = town()
    seq = operator.seqs("ballot.cast/1")[0]
    again = operator.forge(vote(1), "participant", operator.entry(seq)["actor"])
    operator.tables_anew()
    assert caught(judged(operator.export(), operator), "already-voted").place.startswith(f"entry {again},")


def test_rules_that_are_set_again_after_the_opening_are_found(town: Town) -> None:
    operator = town()
    other = RULES.model_copy(update={"budget_minor": 40_000})
    operator.forge(StepRulesSet(step="vote", rules=other, secrecy="open", digest=rules_digest(other)))
    operator.tables_anew()
    caught(judged(operator.export(), operator), "rules-frozen")


def test_an_amendment_of_more_than_money_is_found(town: Town) -> None:
    operator = town()
    other = RULES.model_copy(update={"max_winners": 1})
    operator.forge(StepRulesAmended(step="vote", rules=other, digest=rules_digest(other), code="better", _sd=nothing_said()))  # type: ignore[call-arg]
    operator.tables_anew()
    caught(judged(operator.export(), operator), "amendment-too-wide")


@pytest.mark.parametrize(
    ("name", "event"),
    [("step-closed", ContributionMergedInto(step="ideas", ref="bench", into="orchard", _sd=nothing_said()))],  # type: ignore[call-arg]
)
def test_proposals_that_are_merged_after_the_closing_are_found(town: Town, name: str, event: EventData) -> None:
    operator = town()
    operator.close()
    operator.forge(event)
    operator.tables_anew()
    caught(judged(operator.export(), operator), name)


@pytest.mark.parametrize("minutes", [2, 90])
def test_a_step_that_is_closed_late_is_found(town: Town, minutes: int) -> None:
    """The clock is held up for so long, while votes come in."""
    operator = town()
    hours, rest = divmod(minutes, 60)
    operator.forge(StepClosed(step="vote"), "system", at=f"2026-03-02T{12 + hours}:{rest:02}:00.000Z")
    operator.tables_anew()
    assert "vote" in caught(judged(operator.export(), operator), "clock-off").place


def test_a_step_that_is_closed_before_its_time_without_saying_so_is_found(town: Town) -> None:
    operator = town()
    operator.forge(StepClosed(step="vote"), "system", at="2026-03-02T11:00:00.000Z")
    operator.tables_anew()
    caught(judged(operator.export(), operator), "not-due")


def test_a_step_that_is_closed_early_and_says_so_is_told(town: Town) -> None:
    operator = town()
    operator.forge(StepClosedEarly(step="vote", code="storm", _sd=nothing_said()))  # type: ignore[call-arg]
    operator.tables_anew()
    told = [finding.check for finding in judged(operator.export(), operator).findings if finding.severity == "notice"]
    assert "closed-early" in told
