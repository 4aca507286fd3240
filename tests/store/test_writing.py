"""The write path from end to end: what is posted is recorded, replays, and its receipt proves it."""

import asyncio
from collections.abc import Iterator

import orjson
import pytest

from ledger.errors import EntryTooLarge, FieldDiffers, ProjectUnknown, RoleBeyondKey, RoleNotHeld, ScopeMissing, StepNotClosed
from ledger.ports import Client
from ledger.sealing import digest_text, participant_key, pseudonym
from ledger.submit import CREATE, WRITE, Recorded
from ledger.tlog.note import parse_note
from ledger.tlog.receipt import signed_receipt
from ledger.tlog.tree import leaf_hash, tree_root
from tests.posting import (
    COMPUTED,
    HOST,
    TOWN,
    Ledger,
    ballot,
    ledger,
    opening,
    organizer,
    posted,
    preparation,
    seqs,
    vote_opened,
)


@pytest.fixture(scope="module")
def town(database: str) -> Iterator[Ledger]:
    with ledger(database) as running:
        yield running


def told(town: Ledger, ref: str, seq: int) -> dict[str, object]:
    entry: dict[str, object] = orjson.loads(town.entries(ref)[seq])
    return entry


def test_a_participatory_budget_from_the_opening_to_the_result_replays(town: Ledger) -> None:
    town.post("budget", *preparation())
    town.post("budget", organizer("step.opened", step="vote"))
    for number in range(5):
        town.post("budget", ballot(f"resident {number}", number % 3))
    town.post("budget", *(ballot(f"neighbour {number}", 0, 2) for number in range(200)))
    town.post("budget", ballot("resident 0", 1, 2, name="ballot.replaced"))
    town.post("budget", organizer("step.closed", step="vote"))
    answer = town.post("budget", organizer("result.computed", step="vote"))
    events = town.events("budget")
    assert len(events) == 11 + 1 + 5 + 200 + 1 + 1 + 1
    assert seqs(answer) == [len(events) - 1]
    result = orjson.loads(town.entries("budget")[-1])["data"]
    assert result == {
        "step": "vote",
        "rule": "greedy/1",
        "cut_off": len(events) - 2,
        "winners": list(COMPUTED.winners or ()),
        "digest": COMPUTED.digest,
    }


def test_sealed_ballots_stand_as_commitments_and_are_disclosed_together(town: Ledger) -> None:
    town.post("sealed", *vote_opened(secrecy="sealed"))
    town.post("sealed", *(ballot(f"voter {number}", number % 3) for number in range(150)), ballot("late", 1))
    town.post(
        "sealed",
        ballot("voter 0", 2, name="ballot.replaced"),
        {**ballot("late"), "type": "ballot.withdrawn/1", "data": {"step": "vote", "code": "regret"}},
    )
    town.post("sealed", organizer("step.closed", step="vote"))
    answer = town.post("sealed", organizer("ballots.disclosed", step="vote"))
    events = town.events("sealed")
    ballots = [event for event in events if event.type.startswith("ballot.")]
    last = {event.stream: event for event in ballots}
    counted = sorted(event.seq for event in last.values() if event.type != "ballot.withdrawn/1")
    entries = town.entries("sealed")
    disclosed = orjson.loads(entries[seqs(answer)[0]])["data"]
    assert disclosed["count"] == len(counted) == 150
    assert disclosed["root"] == digest_text(tree_root([leaf_hash(entries[seq]) for seq in counted]))
    assert all(b'"entries"' not in entries[event.seq] for event in ballots)
    town.post("sealed", organizer("result.computed", step="vote"))


def test_a_receipt_is_over_the_leaves_of_its_request_and_signed_by_the_log(town: Ledger) -> None:
    answer = town.post("receipts", *preparation())
    more = town.post("receipts", organizer("step.opened", step="vote"), *(ballot(f"voter {number}", 0) for number in range(9)))
    entries = town.entries("receipts")
    for given, first, last in ((answer, 0, 10), (more, 11, 20)):
        assert given.receipt is not None
        receipt = signed_receipt(parse_note(given.receipt), [town.keys.signer("receipts").vkey])
        assert receipt is not None
        assert (receipt.origin, receipt.first, receipt.last) == (f"{HOST}/p/receipts", first, last)
        assert receipt.root == tree_root([leaf_hash(entry) for entry in entries[first : last + 1]])
        assert receipt.unix_seconds == 1_772_360_130
        recorded = [outcome for outcome in given.outcomes if isinstance(outcome, Recorded)]
        assert [outcome.leaf_hash for outcome in recorded] == [leaf_hash(entry) for entry in entries[first : last + 1]]
        assert [(outcome.seq, outcome.stream, outcome.version, outcome.type) for outcome in recorded] == [
            (event.seq, event.stream, event.version, event.type) for event in town.events("receipts")[first : last + 1]
        ]


def test_the_event_loop_and_threads_are_served_alike(town: Ledger) -> None:
    async def all_at_once() -> list[int]:
        answers = await asyncio.gather(*(town.intake.submit("loop", TOWN, posted(ballot(f"voter {number}", 1))) for number in range(50)))
        return [seq for answer in answers for seq in seqs(answer)]

    town.post("loop", *vote_opened())
    assert sorted(asyncio.run(all_at_once())) == list(range(12, 62))
    assert len(town.events("loop")) == 62


def test_what_participants_do_is_dated_by_the_hour_and_the_rest_to_the_millisecond(town: Ledger) -> None:
    town.clock.time = "2026-03-01T11:59:59.999Z"
    town.post("dated", *vote_opened())
    town.clock.time = "2026-03-01T12:00:00.001Z"
    town.post("dated", ballot("voter", 0))
    town.clock.time = "2026-03-01T11:30:00.000Z"  # another machine, a little behind
    town.post("dated", organizer("step.suspended", step="vote", code="outage"))
    entries = [orjson.loads(entry) for entry in town.entries("dated")]
    assert [entry["at"] for entry in entries if entry["role"] == "participant"] == ["2026-03-01T11:00:00.000Z"] * 3 + [
        "2026-03-01T12:00:00.000Z"
    ]
    assert entries[0]["at"] == "2026-03-01T11:59:59.999Z"
    assert entries[-1]["at"] == "2026-03-01T12:00:00.000Z"
    town.clock.time = "2026-03-01T10:15:30.250Z"


def test_people_stand_as_pseudonyms_of_the_scope_that_acts(town: Ledger) -> None:
    town.post("people", *vote_opened())
    town.post("people", organizer("role.granted", granted="agent", person="clerk"))
    paper = {**ballot("clerk", 0), "role": "agent", "on_behalf_of": "resident", "mandate_ref": "m-1"}
    (seq,) = seqs(town.post("people", paper))
    origin = f"{HOST}/p/people"

    def name(subject: str, scope: str, file: str, namespace: str = "town") -> str:
        return pseudonym(participant_key(town.keys.scope_key("people", file), namespace, subject), origin, scope)

    entry = told(town, "people", seq)
    assert entry["actor"] == name("resident", "step/vote", "step.vote")
    assert entry["by"] == name("clerk", "author", "author")
    assert entry["mandate_ref"] == "m-1"
    assert entry["via"] == TOWN.name
    assert told(town, "people", 3)["actor"] == name("author of bench", "author", "author")
    assert told(town, "people", 12)["data"] == {"granted": "agent", "holder": name("clerk", "author", "author")}
    elsewhere = Client("other-platform", "elsewhere", TOWN.scopes, TOWN.roles)
    (other,) = seqs(town.post("people", ballot("resident", 1), client=elsewhere))
    assert told(town, "people", other)["actor"] == name("resident", "step/vote", "step.vote", "elsewhere")


def test_members_of_the_roll_are_the_pseudonyms_under_which_they_vote(town: Ledger) -> None:
    steps = preparation(has_roll=True)
    town.post("enrolled", *steps, organizer("roll.listed", step="vote", participants=["ada", "bo", "cy"]))
    town.post("enrolled", organizer("roll.sealed", step="vote"), organizer("step.opened", step="vote"))
    (seq,) = seqs(town.post("enrolled", ballot("bo", 1)))
    members = told(town, "enrolled", 11)["data"]
    assert isinstance(members, dict)
    assert told(town, "enrolled", seq)["actor"] in members["members"]
    assert members["members"] == sorted(members["members"])
    assert len(members["members"]) == 3


def test_a_project_exists_from_its_opening_on(town: Ledger) -> None:
    with pytest.raises(ProjectUnknown):
        town.post("nowhere", ballot("voter", 0))
    with pytest.raises(ProjectUnknown):
        town.post("../etc", opening())
    small = Client("small", "small", frozenset({WRITE}), TOWN.roles)
    with pytest.raises(ScopeMissing):
        town.post("nowhere", opening(), client=small)
    assert town.query("SELECT count(*) FROM projects WHERE ref IN ('nowhere', '../etc')") == [(0,)]
    town.post("nowhere", opening())
    assert town.types("nowhere") == ["project.opened/1"]
    data = told(town, "nowhere", 0)["data"]
    assert isinstance(data, dict)
    assert set(data["scope_keys"]) == {"author", "report"}


def test_what_a_key_does_not_allow_is_forbidden_before_anything_is_asked(town: Ledger) -> None:
    town.post("bounded", *vote_opened())
    reader = Client("reader", "r", frozenset({"events:read"}), TOWN.roles)
    elsewhere = Client("elsewhere", "e", TOWN.scopes, TOWN.roles, frozenset({"another-project"}))
    polls = Client("polls", "p", frozenset({WRITE, CREATE}), frozenset({"participant", "organizer"}))
    for client in (reader, elsewhere):
        with pytest.raises(ScopeMissing):
            town.post("bounded", ballot("voter", 0), client=client)
    with pytest.raises(RoleBeyondKey) as refused:
        town.post("bounded", ballot("voter", 0), {**ballot("b", 0), "role": "agent"}, client=polls)
    assert refused.value.submission == "line 2"
    with pytest.raises(RoleNotHeld):  # the key allows the role, and nobody granted it
        town.post("bounded", organizer("step.suspended", step="vote", code="x"), client=polls)


def test_a_result_and_a_disclosure_are_counted_by_the_ledger(town: Ledger) -> None:
    town.post("counted", *vote_opened(secrecy="sealed"), ballot("voter", 0))
    with pytest.raises(StepNotClosed):
        town.post("counted", organizer("ballots.disclosed", step="vote"))
    town.post("counted", organizer("step.closed", step="vote"))
    with pytest.raises(FieldDiffers):
        town.post("counted", organizer("ballots.disclosed", step="vote", count=2))
    town.post("counted", organizer("ballots.disclosed", step="vote"))
    with pytest.raises(FieldDiffers):
        town.post("counted", organizer("result.computed", step="vote", winners=[2]))
    town.post("counted", organizer("result.computed", step="vote"))


def test_an_entry_that_would_be_too_long_is_refused_with_its_place(town: Ledger) -> None:
    town.post("long", *vote_opened())
    title = {language: language * 2000 for language in ("fr", "en", "de")}
    with pytest.raises(EntryTooLarge) as refused:
        town.post("long", ballot("voter", 0), organizer("step.planned", step="other", kind="presentation", title=title))
    assert refused.value.submission == "line 2"
    assert len(town.events("long")) == 12
