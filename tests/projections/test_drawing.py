"""What rows and results say of a lottery that is drawn after the vote, and of one that moves with the closing."""

from typing import Any

import pytest

from ledger.canonical import JsonValue
from ledger.projections.changes import Changes
from ledger.projections.readings.change_register import change_register
from ledger.projections.readings.outcomes import Pending, StepResult, compute_result, facts_of
from ledger.projections.readings.reading import read
from ledger.projections.readings.result_document import result_document
from ledger.projections.steps import Steps
from ledger.projections.wording import sentences
from ledger.rules.lot import round_after, round_time
from tests.drawn import PARTIES, SECRETS, SIGNATURE, commitments
from tests.projections.folded import folded
from tests.projections.history import DIGEST, ITEMS, RULES, History

Json = dict[str, Any]

CLOSES, LATER = "2026-03-05T18:00:00.000Z", "2026-03-09T18:00:00.000Z"
BEACON: Json = {"beacon": {"network": "quicknet", "round": round_after("2026-03-05T19:00:00.000Z")}}
MOVED: Json = {"beacon": {"network": "quicknet", "round": round_after("2026-03-09T19:00:00.000Z")}}
PARTIES_LOTTERY: Json = {"parties": list(PARTIES)}


def by_lot(lottery: Json) -> Json:
    return {**RULES, "budget_minor": 30_000, "ballot": {"form": "approval"}, "ties": ["lot"], "lottery": lottery}


def voted(lottery: Json, *, items: list[JsonValue] | None = None) -> History:
    """Two candidates of the same cost with one vote each; nothing is revealed."""
    listed: list[JsonValue] = [{"ref": "lamp", "cost_minor": 30_000}, {"ref": "tree", "cost_minor": 30_000}]
    history = History().opened().planned(rules=by_lot(lottery), items=items or listed, closes_at=CLOSES).open_step()
    history.vote("ana", [0])
    history.vote("bob", [1])
    return history


def closed(lottery: Json) -> History:
    history = voted(lottery)
    history.add("step.closed", {"step": "vote"}, role="system", at=CLOSES)
    return history


def row_of(history: History) -> Json:
    return dict(folded(Steps(), history)["vote"])


def flags(history: History) -> list[str]:
    return [flag["flag"] for flag in row_of(history)["flags"]]


def test_a_step_is_pending_until_its_lot_is_drawn_also_while_people_vote() -> None:
    for history in (voted(PARTIES_LOTTERY), closed(PARTIES_LOTTERY)):
        result = read(history.source()).results["vote"]
        assert isinstance(result, Pending)
        assert result.why == "not_drawn"
        assert compute_result(history.source(), "vote") is None


def test_a_step_that_is_not_open_is_pending_for_that() -> None:
    history = History().opened().planned(rules=by_lot(PARTIES_LOTTERY))
    result = read(history.source()).results["vote"]
    assert isinstance(result, Pending)
    assert result.why == "not_open"


def test_secrets_make_one_lot_in_whatever_order_they_are_revealed() -> None:
    seeds = set()
    for parties in (PARTIES, PARTIES[::-1]):
        history = closed(PARTIES_LOTTERY)
        for party in parties:
            assert isinstance(read(history.source()).results["vote"], Pending)
            history.add("lottery.revealed", {"step": "vote", "secret": {"party": party, "secret": SECRETS[party]}})
        reading = read(history.source())
        result = reading.results["vote"]
        assert isinstance(result, StepResult)
        assert result.step.lot is not None
        assert result.count.counted.profile.lot == result.step.lot.seed
        assert compute_result(history.source(), "vote") is not None
        lottery: Any = result_document(reading, result)["lottery"]
        [tie] = lottery["ties"]
        assert tie["split"] is True
        assert sorted(tie["members"]) == ["lamp", "tree"]
        seeds.add(lottery["seed"])
    assert len(seeds) == 1


def test_another_lot_is_another_digest_also_where_it_decides_nothing() -> None:
    digests = set()
    for digit in "01":
        history = closed(BEACON)
        history.add("lottery.revealed", {"step": "vote", "beacon": {"round": 1, "signature": digit * 96}})
        result = compute_result(history.source(), "vote")
        assert result is not None
        digests.add(result.digest)
    assert len(digests) == 2


def test_commitments_and_reveals_stand_in_the_row_as_they_were_made() -> None:
    history = voted(PARTIES_LOTTERY)
    history.add("lottery.committed", {"step": "vote", "party": "opposition", "commitment": commitments()["opposition"]})
    history.add("lottery.revealed", {"step": "vote", "numbers": [{"name": "Lotto", "date": "2026-03-07", "numbers": [3, 1]}]})
    row = row_of(history)
    assert [told["party"] for told in row["commitments"]] == ["opposition"]
    assert row["reveals"][0]["numbers"] == [{"name": "Lotto", "date": "2026-03-07", "numbers": [3, 1]}]


@pytest.mark.parametrize(("at", "known"), [(CLOSES, False), ("2026-03-05T19:00:00.000Z", True)])
def test_a_closing_after_the_lot_could_be_known_is_flagged(at: str, known: bool) -> None:
    history = voted(BEACON)
    history.add("step.closed", {"step": "vote", "delayed_by": "outage"}, role="system", at=at)
    assert ("lottery_known_early" in flags(history)) is known


def test_rules_that_no_ledger_admitted_are_flagged_for_nothing() -> None:
    history = voted({"numbers": [{"name": "Lotto", "date": "2026-02-30"}]})
    history.add("step.closed", {"step": "vote"}, role="system", at=CLOSES)
    assert flags(history) == []


def rescheduled() -> History:
    history = voted(BEACON)
    moved: Json = {"step": "vote", "closes_at": LATER, "lottery": MOVED, "digest": "B" * 43, "code": "holidays"}
    history.add("step.rescheduled", moved)
    return history


def test_a_lottery_that_moves_with_the_closing_is_in_the_rules_from_then_on() -> None:
    history = rescheduled()
    row = row_of(history)
    assert (row["rules"]["lottery"], row["rules_digest"], row["closes_at"]) == (MOVED, "B" * 43, LATER)
    assert row["announced"]["rules"]["lottery"] == BEACON
    assert row["reschedulings"][0]["lottery"] == MOVED
    number = MOVED["beacon"]["round"]
    history.add("step.closed", {"step": "vote"}, role="system", at=LATER)
    assert "lottery_known_early" not in flags(history)
    assert round_time(number) > LATER


def test_dates_moved_without_a_lottery_say_nothing_of_one() -> None:
    history = voted(BEACON)
    history.add("step.rescheduled", {"step": "vote", "closes_at": "2026-03-05T17:00:00.000Z", "code": "holidays"})
    assert "lottery" not in row_of(history)["reschedulings"][0]


def test_the_register_of_changes_tells_the_lottery_with_the_dates_and_later_amendments_against_it() -> None:
    history = rescheduled()
    amended: Json = {**by_lot(MOVED), "budget_minor": 60_000}
    history.add("step.rules_amended", {"step": "vote", "rules": amended, "digest": DIGEST, "code": "grant"})
    register = change_register(folded(Changes(), history).items(), step="vote")
    moved = next(line for line in register if line["what"] == "dates" and line["code"] == "holidays")
    assert (moved["old"], moved["new"]) == ({"closes_at": CLOSES, "lottery": None}, {"closes_at": LATER, "lottery": MOVED})
    last = next(line for line in register if line["code"] == "grant")
    assert (last["old"], last["new"]) == ({"budget_minor": 30_000}, {"budget_minor": 60_000})


def test_a_lottery_that_moved_explains_no_difference() -> None:
    history = rescheduled()
    history.add(
        "step.rules_amended", {"step": "vote", "rules": {**by_lot(MOVED), "budget_minor": 60_000}, "digest": DIGEST, "code": "grant"}
    )
    history.add("step.closed", {"step": "vote"}, role="system", at=LATER)
    history.add("lottery.revealed", {"step": "vote", "beacon": {"round": MOVED["beacon"]["round"], "signature": SIGNATURE}})
    history.add("outcome.published", {"step": "vote", "selected": [0, 1]})
    result = read(history.source()).results["vote"]
    assert isinstance(result, StepResult)
    assert result.published is not None
    [amendment] = facts_of(result.step, result.published).amendments
    assert amendment.before.model_copy(update={"budget_minor": 60_000}) == amendment.after
    assert result.agrees is True


@pytest.mark.parametrize(
    ("part", "english"),
    [
        ({"beacon": {"round": 7, "signature": "0" * 96}}, "Round 7 of the beacon was revealed, for the lottery"),
        ({"secret": {"party": "press", "secret": "s" * 43}}, "Party press to the lottery revealed its secret"),
        (
            {"numbers": [{"name": "Lotto", "date": "2026-03-07", "numbers": [3]}, {"name": "Keno", "date": "2026-03-08", "numbers": [5]}]},
            "Numbers were revealed, for the lottery: Lotto (2026-03-07), Keno (2026-03-08)",
        ),
        ({}, "Numbers were revealed, for the lottery: ?"),
    ],
)
def test_every_reveal_has_a_sentence(part: Json, english: str) -> None:
    event = History().opened().add("lottery.revealed", {"step": "vote", **part})
    told, french = sentences(event)
    assert told == english
    assert french.endswith(english.partition(": ")[2])


def test_old_rules_have_no_lottery_to_tell_of() -> None:
    history = History().opened().planned(items=ITEMS).open_step().close_step()
    reading = read(history.source())
    assert "lottery" not in result_document(reading, reading.results["vote"])
