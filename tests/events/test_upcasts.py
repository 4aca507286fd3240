"""Earlier schemas: what is stored keeps its bytes and is read as the present schema; what is posted is recorded in the present one."""

from dataclasses import replace
from typing import Any

import orjson
import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from ledger.aggregates import LAWS, admit, consults, evolve, rules_digest
from ledger.canonical import canonical
from ledger.errors import AlreadySubmitted, InvalidField, Malformed
from ledger.events import BY_TYPE, COMMITTED, EVENTS, Event, read_event
from ledger.events.contribution import ContributionSubmitted
from ledger.events.envelope import entry_bytes
from ledger.events.posted import read_submission
from ledger.events.result import ResultCertified
from ledger.events.upcasts import UPCASTS
from tests.given import PLATFORM, Given, digest, given, person
from tests.town import defined, granted, opened, opening, planned

FORMER = "contribution.submitted/1"
PRESENT = "contribution.submitted/2"
CLEAR = {"ref": "bench", "step": "ideas", "kind": "comment", "cost_minor": 1200, "district": "north", "external_ref": "No. 7"}
DIGESTS = sorted(digest(name) for name in ("title", "body", "location", "fields"))


def entry(data: dict[str, Any] = CLEAR, digests: list[str] = DIGESTS, **envelope: Any) -> dict[str, Any]:
    """An entry as a ledger of the first schema stored it."""
    return {
        "log": "ledger.test/p/town", "seq": 9, "stream": f"contribution/{data['ref']}", "version": 1, "type": FORMER,
        "at": "2026-03-01T12:00:00.000Z", "data": {**data, "_sd": digests}, "role": "participant", "channel": "web", "via": PLATFORM,
        "actor": person("ana"), **envelope,
    }  # fmt: skip


def posted(**fields: Any) -> dict[str, Any]:
    data = {"ref": "bench", "step": "ideas", "kind": "proposal", "title": {"fr": "Banc"}, **fields}
    return {"type": FORMER, "participant": "ada", "data": data}


def collecting() -> Given:
    return given(
        opened(), *defined(), granted("moderator", client=PLATFORM), planned("ideas", "collection", accepts=("comment",)), opening("ideas")
    )


def read(document: dict[str, Any]) -> Event:
    return read_event(canonical(document))


def test_a_stored_entry_of_the_first_schema_is_read_with_the_data_of_the_present_one() -> None:
    event = read(entry())
    assert event.type == FORMER
    assert isinstance(event.data, ContributionSubmitted)
    assert (event.data.kind, event.data.cost_minor, event.data.external_ref) == ("comment", 1200, "No. 7")
    assert (event.data.text, event.data.target, event.data.reply_to, event.data.collective) == (None, None, None, None)
    assert event.data.sd == tuple(DIGESTS)
    assert consults(event.data, event.actor) == ("project", "step/ideas", f"suspension/{person('ana')}")


REFS = st.text("abcXYZ019._~-", min_size=1, max_size=12)
ALWAYS: dict[str, st.SearchStrategy[Any]] = {"ref": REFS, "step": REFS, "kind": st.sampled_from(["proposal", "comment", "amendment"])}
OPTIONAL: dict[str, st.SearchStrategy[Any]] = {
    "external_ref": st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1, max_size=20),
    **dict.fromkeys(("district", "category", "derived_from", "meeting"), REFS),
    "cost_minor": st.integers(0, 2**53 - 1),
}


@for_all(st.fixed_dictionaries(ALWAYS, optional=OPTIONAL))
def test_whatever_an_entry_of_the_first_schema_says_its_bytes_stay(data: dict[str, Any]) -> None:
    stored = canonical(entry(data))
    assert entry_bytes(read_event(stored)) == stored


def test_what_the_first_schema_admitted_is_admitted_and_followed_by_the_same() -> None:
    past = collecting()
    event = replace(read(entry()), seq=len(past.history.events))
    admit(event, past.now)
    evolve(past.now, event)
    bench = past.now.contribution("bench")
    assert (bench.kind, bench.author, bench.texts, bench.version) == ("comment", person("ana"), 1, 1)
    with pytest.raises(AlreadySubmitted):
        admit(event, past.now)


def test_a_stored_entry_of_the_first_schema_has_its_fields_and_commitments_only() -> None:
    for document in (entry({**CLEAR, "target": "other"}), entry(digests=[*DIGESTS, digest("collective_name")])):
        with pytest.raises(Malformed):
            read(document)
    assert set(COMMITTED[FORMER]) == {"title", "body", "location", "fields"}
    assert set(COMMITTED[PRESENT]) == {*COMMITTED[FORMER], "collective_name"}


def test_what_is_posted_in_the_first_schema_becomes_the_present_one() -> None:
    submission = read_submission(orjson.dumps(posted(cost_minor=7, body={"fr": "Au soleil"})))
    assert submission.type == PRESENT
    assert isinstance(submission.data, ContributionSubmitted)
    assert submission.participant == "ada"
    present = {**posted(cost_minor=7, body={"fr": "Au soleil"}), "type": PRESENT}
    assert submission.data.model_dump() == read_submission(orjson.dumps(present)).data.model_dump()


def test_what_is_posted_in_the_first_schema_cannot_say_what_it_could_not() -> None:
    with pytest.raises(InvalidField):
        read_submission(orjson.dumps(posted(target="other")))
    with pytest.raises(InvalidField):
        read_submission(orjson.dumps(posted(title=None)))


def test_every_earlier_schema_has_a_reader_and_the_law_of_the_present_one() -> None:
    assert set(UPCASTS) == {wire_type for event in EVENTS for wire_type in event.FORMER}
    for wire_type, upcast in UPCASTS.items():
        assert upcast.present is BY_TYPE[upcast.present.wire_type()]
        assert LAWS[wire_type] is LAWS[upcast.present.wire_type()]


RULES: dict[str, Any] = {
    "rule": "greedy", "version": 1, "ballot": {"form": "approval", "min": 1}, "score": {"by": "approvals"}, "budget_minor": 9,
    "unaffordable": {"then": "skip"}, "exclusive_sets": [], "ties": ["lower_cost", "more_votes", "lot"], "lottery": {"seed": "4 8 15"},
    "revotes": "last",
}  # fmt: skip
REASON = [digest("reason")]
BEACON = {"beacon": {"network": "quicknet", "round": 1}}
OF_STEPS: list[tuple[str, dict[str, Any]]] = [
    ("step.rules_set/1", {"step": "vote", "rules": RULES, "secrecy": "open", "digest": digest("rules")}),
    ("step.rules_amended/1", {"step": "vote", "rules": RULES, "digest": digest("rules"), "code": "c", "_sd": REASON}),
    ("step.rescheduled/1", {"step": "vote", "closes_at": "2026-03-05T18:00:00.000Z", "code": "c", "_sd": REASON}),
]
NOT_SEEDED: list[dict[str, Any]] = [BEACON, {}, {**BEACON, "seed": "s"}, {"seed": "s", "beacon": None}]


def of_step(wire_type: str, data: dict[str, Any]) -> dict[str, Any]:
    return {**entry(), "type": wire_type, "stream": "step/vote", "role": "organizer", "data": data}


@pytest.mark.parametrize("wire_type, data", OF_STEPS)
def test_rules_and_dates_of_the_first_schema_keep_their_bytes_and_are_read_as_the_present(wire_type: str, data: dict[str, Any]) -> None:
    document = of_step(wire_type, data)
    del document["actor"]
    event = read_event(canonical(document))
    assert entry_bytes(event) == canonical(document)
    present = read_event(canonical({**document, "type": event.data.wire_type()}))
    assert event.data.wire_type() == f"{wire_type[:-1]}2"
    assert event.data.model_dump() == present.data.model_dump()
    if "rules" in data:
        assert rules_digest(event.data.rules) == rules_digest(present.data.rules)  # type: ignore[attr-defined]  # both have rules
        assert event.data.rules == present.data.rules  # type: ignore[attr-defined]  # as above


@pytest.mark.parametrize(
    "wire_type, data",
    [
        *((wire_type, {**data, "rules": {**RULES, "lottery": lottery}}) for wire_type, data in OF_STEPS[:2] for lottery in NOT_SEEDED),
        (OF_STEPS[2][0], {**OF_STEPS[2][1], "lottery": BEACON}),
        (OF_STEPS[2][0], {**OF_STEPS[2][1], "digest": digest("rules")}),
    ],
)  # fmt: skip
def test_what_rules_and_dates_of_the_first_schema_could_not_say_they_cannot_say_now(wire_type: str, data: dict[str, Any]) -> None:
    with pytest.raises(Malformed):
        read(of_step(wire_type, data))
    submission = {"type": wire_type, "role": "organizer", "data": {name: value for name, value in data.items() if name != "_sd"}}
    with pytest.raises(InvalidField):
        read_submission(orjson.dumps(submission))


@pytest.mark.parametrize("wire_type, data", OF_STEPS)
def test_what_is_posted_of_rules_and_dates_in_the_first_schema_becomes_the_present_one(wire_type: str, data: dict[str, Any]) -> None:
    posted_data = {name: value for name, value in data.items() if name != "_sd"}
    told = [
        read_submission(orjson.dumps({"type": f"{wire_type[:-1]}{schema}", "role": "organizer", "data": posted_data})) for schema in "12"
    ]
    assert told[0].type == told[1].type == f"{wire_type[:-1]}2"
    assert told[0].data.model_dump() == told[1].data.model_dump()


CERTIFIED = {"step": "vote", "digest": digest("result"), "by_roles": ["organizer"], "quorum": 1}
WITNESSED = {"policy": digest("policy"), "size": 9, "witnesses": ["witness.example/w1"]}


def test_a_result_certified_before_there_were_witnesses_was_witnessed_by_nobody_and_keeps_its_bytes() -> None:
    document = {**of_step("result.certified/1", CERTIFIED), "stream": "result/vote"}
    del document["actor"]
    event = read(document)
    assert isinstance(event.data, ResultCertified)
    assert event.data.witnessed is None
    assert entry_bytes(event) == canonical(document)
    with pytest.raises(Malformed):
        read({**document, "data": {**CERTIFIED, "witnessed": WITNESSED}})
    present = read({**document, "type": "result.certified/2", "data": {**CERTIFIED, "witnessed": WITNESSED}})
    assert isinstance(present.data, ResultCertified) and present.data.witnessed is not None
    assert present.data.witnessed.witnesses == ("witness.example/w1",)


@pytest.mark.parametrize("names", [[], ["a name"], ["a+b"], ["a\nb"], [""], ["a" * 201], ["a"] * 33])
def test_witnesses_are_named_as_keys_are_named_and_not_without_end(names: list[str]) -> None:
    data = {**CERTIFIED, "witnessed": {**WITNESSED, "witnesses": names}}
    with pytest.raises(InvalidField):
        read_submission(orjson.dumps({"type": "result.certified/2", "role": "organizer", "data": data}))
