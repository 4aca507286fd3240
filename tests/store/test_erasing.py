"""Erasure destroys texts with their event, and nothing else: what survives stays readable, counts and entries stay what they were."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import orjson
import pytest

from ledger.errors import (
    AlreadyErased,
    ChoicesNotErasable,
    EntryUnknown,
    FieldDiffers,
    FieldNotCommitted,
    KeyMissing,
    KeyNotCommitted,
    LegalHoldStands,
    NothingCommitted,
    NothingToErase,
    ProjectUnknown,
    RequestUnknown,
    RoleNotHeld,
    ScopeMissing,
    WriteInterrupted,
)
from ledger.events.privacy import ContentErased
from ledger.submit import ERASE, Recorded
from tests.contracts.memory_keys import MemoryKeyStore
from tests.posting import TOWN, Document, Ledger, ballot, ledger, organizer, seqs, vote_opened
from tests.store.talking import (
    ABOUT_BENCH,
    BENCH,
    OF_ADA,
    OF_BO,
    assert_explained,
    consultation,
    contributed,
    copied,
    erase,
    erased_places,
    opened,
    told,
    words,
    written,
)


@pytest.fixture(scope="module")
def town(database: str) -> Iterator[Ledger]:
    with ledger(database) as running:
        yield running


def erasure(entry: int, *fields: str, **data: Any) -> Document:
    named = {"fields": list(fields)} if fields else {}
    return organizer("content.erased", entry=entry, ground="asked", **{"authority": "order-1", **named, **data})


def test_one_field_is_erased_and_the_ledger_says_of_what(town: Ledger) -> None:
    told(town, "field")
    before, [digest] = opened(town, "field"), [opened(town, "field")[5, "body"].digest]
    entries = town.entries("field")
    answer = town.post("field", erasure(5, "body"))
    assert [outcome.type for outcome in answer.outcomes if isinstance(outcome, Recorded)] == ["content.erased/1"]
    data = orjson.loads(town.entries("field")[-1])["data"]
    assert data == {"entry": 5, "erased": BENCH, "digests": [digest], "ground": "asked", "authority": "order-1"}
    assert town.entries("field")[:-1] == entries
    assert opened(town, "field") == {place: text for place, text in before.items() if place != (5, "body")}
    assert_explained(town, "field")


def test_without_names_every_field_that_is_left_is_erased(town: Ledger) -> None:
    told(town, "entry")
    town.post("entry", erasure(5, "title", "body"))
    town.post("entry", erasure(5))
    assert {place for place in opened(town, "entry") if place[0] == 5} == set()
    [first, second] = [event.data.digests for event in town.events("entry") if isinstance(event.data, ContentErased)]
    assert len(first or ()) == 2
    assert len(second or ()) == 3
    assert_explained(town, "entry")


def test_what_cannot_be_erased_is_refused_and_nothing_is_lost(town: Ledger) -> None:
    told(town, "refused")
    before = opened(town, "refused")
    size = len(town.entries("refused"))
    for document, error in (
        (erasure(size), EntryUnknown),
        (erasure(2**53 - 1), EntryUnknown),
        (erasure(0), NothingCommitted),
        (erasure(5, "reason"), FieldNotCommitted),
        (erasure(5, "body", "reason"), FieldNotCommitted),
        (erasure(5, erased="contribution/lamp"), FieldDiffers),
        (erasure(5, "body", digests=[before[5, "title"].digest]), FieldDiffers),
    ):
        with pytest.raises(error):
            town.post("refused", document)
    with pytest.raises(ScopeMissing) as missing:
        town.post("refused", erasure(5), client=replace(TOWN, scopes=TOWN.scopes - {ERASE}))
    assert missing.value.scope == ERASE
    with pytest.raises(ProjectUnknown):
        town.post("nowhere", erasure(5))
    town.post("refused", erasure(5, "body"))
    with pytest.raises(AlreadyErased):
        town.post("refused", erasure(5, "body"))
    assert len(town.entries("refused")) == size + 1
    assert opened(town, "refused").keys() == before.keys() - {(5, "body")}


@pytest.mark.parametrize("secrecy", ["open", "sealed"])
def test_choices_are_not_erased(town: Ledger, secrecy: str) -> None:
    [seq] = seqs(town.post(secrecy, *vote_opened(secrecy=secrecy), ballot("ada", 0)))[-1:]
    for document in (erasure(seq), erasure(seq, "entries")):
        with pytest.raises(ChoicesNotErasable):
            town.post(secrecy, document)


def test_a_request_of_many_erasures_is_carried_out_whole_or_not_at_all(town: Ledger) -> None:
    town.post("many", *consultation(), *(contributed(f"c{number}", f"author {number % 7}") for number in range(60)))
    places = range(5, 65)
    before = opened(town, "many")
    with pytest.raises(EntryUnknown) as refused:
        town.post("many", *(erasure(entry, "body") for entry in places), erasure(900))
    assert refused.value.submission == "line 61"
    assert opened(town, "many") == before
    answer = town.post("many", *(erasure(entry, "body") for entry in places), erasure(900), erasure(5), atomic=False)
    assert [type(outcome) for outcome in answer.outcomes].count(Recorded) == 61
    assert opened(town, "many") == {place: text for place, text in before.items() if place[1] != "body" and place[0] != 5}
    assert_explained(town, "many")


def test_the_same_request_again_erases_nothing_twice_and_hears_the_first_answer(town: Ledger) -> None:
    told(town, "again")
    first = town.post("again", erasure(5, "body"), key="once")
    second = town.post("again", erasure(5, "body"), key="once")
    assert (second.outcomes, second.replayed) == (first.outcomes, True)


def test_a_text_that_is_posted_beside_the_erasure_of_another_stays(town: Ledger) -> None:
    town.post("beside", *consultation(), contributed("a", "ada"), contributed("b", "bo"))
    town.post("beside", erasure(5), contributed("c", "ada"), organizer("step.suspended", step="talk", code="pause", reason={"fr": "Pause"}))
    town.post("beside", erasure(6, "body"), organizer("step.resumed", step="talk"), contributed("d", "bo"))
    found = {place[0] for place, text in opened(town, "beside").items() if place[1] == "body" and text.value is not None}
    assert found == {8, 12}
    assert "Pause" in words(town, "beside")
    assert_explained(town, "beside")


def test_what_survives_is_under_a_fresh_key(town: Ledger) -> None:
    told(town, "fresh")
    before = {row[1:3]: row[5] for row in copied(town, "fresh")["disclosures"]}
    keys = {row[1]: row[3] for row in copied(town, "fresh")["subject_keys"]}
    ada = orjson.loads(town.entries("fresh")[5])["actor"]
    town.post("fresh", erasure(5, "body"))
    after = copied(town, "fresh")
    theirs = {row[1:3] for row in after["disclosures"] if row[4] == f"subject/{ada}"}
    assert {row[1:3] for row in after["disclosures"] if row[5] != before[row[1:3]]} == theirs
    assert {row[1] for row in after["subject_keys"] if row[3] != keys[row[1]]} == {f"subject/{ada}"}


def test_a_content_goes_with_what_was_decided_about_it(town: Ledger) -> None:
    told(town, "content")
    before = opened(town, "content")
    outcome = erase(town, "content", target=BENCH)
    assert erased_places(outcome) == ABOUT_BENCH
    assert opened(town, "content") == {place: text for place, text in before.items() if place not in ABOUT_BENCH}
    requested = next(event for event in town.events("content") if event.type == "erasure.requested/1")
    assert (requested.data.clear()["extent"], requested.data.clear()["target"], requested.actor) == ("content", BENCH, None)
    assert_explained(town, "content")
    with pytest.raises(NothingToErase):
        erase(town, "content", target=BENCH)


def test_one_entry_is_erased_by_an_order_too(town: Ledger) -> None:
    told(town, "order")
    outcome = erase(town, "order", entry=7, fields=("body",), authority="court-3")
    assert (outcome.entries, outcome.requests) == (((7, ("body",)),), ())
    assert erase(town, "order", entry=9).entries == ((9, None),)
    with pytest.raises(AlreadyErased):
        erase(town, "order", entry=9)
    assert_explained(town, "order")


def test_all_that_a_person_wrote_goes_and_what_was_said_of_it(town: Ledger) -> None:
    told(town, "person")
    before, entries = opened(town, "person"), town.entries("person")
    assert before.keys() == OF_ADA | OF_BO
    outcome = erase(town, "person", participant="ada")
    assert erased_places(outcome) | {(10, "details")} == OF_ADA
    assert outcome.private == 1
    assert opened(town, "person") == {place: text for place, text in before.items() if place in OF_BO}
    assert town.entries("person")[: len(entries)] == entries
    assert "ada" not in words(town, "person")
    assert_explained(town, "person")
    with pytest.raises(NothingToErase):
        erase(town, "person", participant="ada")


def test_what_one_person_wrote_in_two_scopes_is_erased_by_two_requests(town: Ledger) -> None:
    told(town, "scopes")
    erase(town, "scopes", participant="ada")
    streams: dict[str, set[str]] = {}
    for event in town.events("scopes"):
        if isinstance(event.data, ContentErased):
            streams.setdefault(str(event.data.request), set()).add(str(event.data.erased).partition("/")[0])
    assert sorted(map(sorted, streams.values())) == [["argument", "case", "contribution"], ["stance"]]
    assert "report" not in {kind for kinds in streams.values() for kind in kinds}, "what was never shown needs no event"


def test_several_people_are_erased_together_in_the_order_of_the_log(town: Ledger) -> None:
    told(town, "both")
    outcome = erase(town, "both", participants=("bo", "ada", "ada"))
    assert opened(town, "both") == {}
    authors = [event.data.entry for event in town.events("both") if isinstance(event.data, ContentErased)]
    assert authors[:-1] == sorted(authors[:-1])
    assert len(outcome.requests) == 2
    assert_explained(town, "both")


def test_what_an_organizer_brought_in_for_a_person_is_the_persons(town: Ledger) -> None:
    town.post("archive", *consultation(), {**contributed("old", "ada"), "role": "organizer"}, contributed("new", "bo"))
    assert {seq for seq, _ in erased_places(erase(town, "archive", participant="ada"))} == {5}
    assert "ada" not in words(town, "archive")


def test_why_an_author_was_suspended_goes_with_what_they_wrote(town: Ledger) -> None:
    told(town, "suspended")
    suspension = {"person": "ada", "until": "2026-04-01T00:00:00.000Z", "motive": "rude", "reason": {"fr": "ada exagère"}}
    [seq] = seqs(town.post("suspended", organizer("participant.suspended", **suspension)))
    assert erased_places(erase(town, "suspended", participant="ada")) >= {(seq, "reason")}
    assert_explained(town, "suspended")


def test_a_named_request_is_kept_to_and_has_to_exist(town: Ledger) -> None:
    told(town, "asked")
    with pytest.raises(RequestUnknown):
        erase(town, "asked", target=BENCH, request="letter")
    town.post("asked", written("erasure.requested", "ada", ref="letter", extent="content", target=BENCH, ground="regret"))
    outcome = erase(town, "asked", target=BENCH, request="letter")
    assert outcome.requests == ()
    assert {event.data.request for event in town.events("asked") if isinstance(event.data, ContentErased)} == {"letter"}


@pytest.mark.parametrize("target", [None, BENCH])
def test_a_legal_hold_keeps_everything_it_covers(town: Ledger, target: str | None) -> None:
    ref = "held" if target is None else "held-bench"
    told(town, ref)
    town.post(ref, organizer("legal_hold.placed", ref="court", code="proceedings", **({"target": target} if target else {})))
    before, size = opened(town, ref), len(town.entries(ref))
    for order in ({"participant": "ada"}, {"target": BENCH}, {"participants": ("ada", "bo")}):
        with pytest.raises(LegalHoldStands):
            erase(town, ref, **order)
    assert (opened(town, ref), len(town.entries(ref))) == (before, size)
    with pytest.raises(LegalHoldStands):
        erase(town, ref, entry=12)
    town.post(ref, organizer("legal_hold.lifted", ref="court", code="judged"))
    erase(town, ref, participant="ada")
    assert opened(town, ref).keys() == OF_BO


def test_who_may_not_erases_nothing(town: Ledger) -> None:
    told(town, "forbidden")
    before = opened(town, "forbidden")
    with pytest.raises(RoleNotHeld):
        erase(town, "forbidden", replace(TOWN, name="stranger"), participant="ada")
    with pytest.raises(NothingToErase) as nothing:
        erase(town, "forbidden", replace(TOWN, namespace="elsewhere"), participant="ada")
    assert "ada" not in str(nothing.value)
    with pytest.raises(NothingToErase):
        erase(town, "forbidden", target="contribution/nowhere")
    with pytest.raises(ProjectUnknown):
        erase(town, "no-project", participant="ada")
    assert opened(town, "forbidden") == before


def test_without_the_right_keys_nobody_is_taken_for_erased(database: str) -> None:
    keys = MemoryKeyStore()
    with ledger(database, keys=keys) as town:
        told(town, "keyless")
        keys.destroy_scope_key("keyless", "author")
        with pytest.raises(KeyMissing):
            erase(town, "keyless", participant="ada")
        keys.make_scope_key("keyless", "author")
        with pytest.raises(KeyNotCommitted):
            erase(town, "keyless", participant="ada")
        assert opened(town, "keyless").keys() == OF_ADA | OF_BO


def test_a_person_is_found_in_the_scopes_that_are_left(town: Ledger) -> None:
    told(town, "over")
    town.post("over", organizer("step.closed", step="talk"), organizer("scope_key.destroyed", scope="step/talk", code="as_announced"))
    outcome = erase(town, "over", participant="ada")
    assert outcome.scopes_without_key == ("step/talk",)
    assert opened(town, "over").keys() == OF_BO | {(9, "how")}
    erase(town, "over", entry=9)
    assert_explained(town, "over")


def test_a_transaction_that_fails_erases_nothing(database: str) -> None:
    with ledger(database) as town:
        told(town, "failed")
        before, copy = opened(town, "failed"), copied(town, "failed")
        # A trigger stands for any failure in the database after the texts were deleted.
        town.execute("CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'full'; END $$")
        town.execute("CREATE TRIGGER fail BEFORE INSERT ON events FOR EACH ROW EXECUTE FUNCTION fail()")
        try:
            with pytest.raises(WriteInterrupted):
                town.post("failed", erasure(5))
        finally:
            town.execute("DROP FUNCTION fail CASCADE")
        assert (opened(town, "failed"), copied(town, "failed")) == (before, copy)
        assert town.query("SELECT * FROM rotations_due WHERE project_id = %s", town.project("failed").project_id) == []
        town.post("failed", erasure(5))
        assert_explained(town, "failed")
