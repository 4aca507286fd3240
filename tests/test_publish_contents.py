"""Contributions, versions, texts and arguments as a project shows them, at any size of its log."""

from typing import Any, cast

import orjson
import pytest

from ledger.canonical import JsonValue
from ledger.errors import ContentNotFound, ContentVersionNotFound, TextNotFound
from ledger.projections.readings.contributions import Choice
from ledger.publish import Publisher
from tests.bill import ERASED, HIDDEN, OPINION, discussed
from tests.recorded import RecordedLog
from tests.shown import publisher_of

Json = dict[str, JsonValue]
BEFORE_REVISION = 11
"""The size at which the opinion was submitted, and not yet revised."""


@pytest.fixture(scope="module")
def log() -> RecordedLog:
    return discussed()


@pytest.fixture(scope="module")
def publisher(log: RecordedLog) -> Publisher:
    return publisher_of(log)


def refs(publisher: Publisher, size: int | None = None, **wanted: Any) -> set[str]:
    waiting = wanted.pop("waiting", False)
    told = publisher.contributions(size or publisher.size(), choice=Choice(**wanted), waiting=waiting)
    return {str(row["ref"]) for row in told}


def test_contributions_come_by_their_last_change_and_can_be_read_on_from_it(publisher: Publisher) -> None:
    size = publisher.size()
    whole = list(publisher.contributions(size))
    changes = [cast("int", row["changed_seq"]) for row in whole]
    assert changes == sorted(changes)
    assert len(whole) == 9
    found: list[Json] = []
    after = -1
    while page := list(publisher.contributions(size, after, 2)):
        assert len(page) <= 3
        found += page
        after = cast("int", page[-1]["changed_seq"])
    assert found == whole


def test_rows_changed_by_one_event_are_on_one_page(publisher: Publisher) -> None:
    """The amendment cites two contributions, and changed both."""
    size = publisher.size()
    [both] = [seq for seq in range(size) if len([row for row in publisher.contributions(size) if row["changed_seq"] == seq]) == 2]
    page = list(publisher.contributions(size, both - 1, 1))
    assert {row["ref"] for row in page} == {"open-data", "same"}
    assert all(cast("list[Json]", row["led_to"])[0]["seq"] == both for row in page)


def test_contributions_are_chosen_by_section_text_kind_state_and_what_they_are_about(publisher: Publisher) -> None:
    assert refs(publisher, section="art-1") == {"open-data", "rude", "same"}
    assert refs(publisher, text="bill", state="merged") == {"same"}
    assert refs(publisher, state="split") == {"two-things"}
    assert refs(publisher, kind="comment") == set()
    assert refs(publisher, step="debate", kind="opinion") == refs(publisher)
    assert refs(publisher, step="elsewhere") == set()


def test_the_past_is_shown_as_it_was(publisher: Publisher) -> None:
    [row] = publisher.contributions(BEFORE_REVISION)
    assert (row["ref"], row["texts"], row["body"]) == ("open-data", 1, {"en": "All of it.\nSoon."})
    told = publisher.content(OPINION, BEFORE_REVISION)
    assert len(cast("list[Json]", told["versions"])) == 1


def test_silence_is_counted_in_days_up_to_the_last_entry_and_ends_with_the_first_answer(publisher: Publisher, log: RecordedLog) -> None:
    size = publisher.size()
    silent = refs(publisher, waiting=True)
    assert silent == {"rude", "private", "one-thing", "another-thing", "by-us"}
    days = {str(row["ref"]): row["waited_days"] for row in publisher.contributions(size)}
    assert {ref for ref, waited in days.items() if waited is not None} == silent
    assert days["private"] == 9
    first = next(seq for seq, entry in log.entries(0, size) if orjson.loads(entry)["type"] == "contribution.answered/1")
    assert "open-data" in refs(publisher, size=first, waiting=True)
    before = {str(row["ref"]): row["waited_days"] for row in publisher.contributions(first + 1)}
    assert (before["open-data"], before["private"]) == (None, 3)


def test_the_last_answer_holds_and_those_before_are_kept(publisher: Publisher) -> None:
    told = publisher.content(OPINION, publisher.size())
    answer, earlier = cast("Json", told["answer"]), cast("list[Json]", told["earlier_answers"])
    assert (answer["code"], answer["body"], answer["role"], told["answers"]) == ("retained", {"en": "=Yes"}, "organizer", 2)
    assert [(before["code"], before["body"]) for before in earlier] == [("noted", {"en": "We think about it."})]


def test_lineage_is_told_on_both_sides(publisher: Publisher) -> None:
    size = publisher.size()
    same, opinion = publisher.content("contribution/same", size), publisher.content(OPINION, size)
    [proposal] = cast("list[Json]", same["merge_proposals"])
    assert (same["state"], same["merged_into"], opinion["absorbed"]) == ("merged", "open-data", ["same"])
    assert (proposal["state"], proposal["into"], proposal["role"], proposal["reason"]) == (
        "accepted",
        "open-data",
        "organizer",
        {"en": "Alike"},
    )
    whole, part = publisher.content("contribution/two-things", size), publisher.content("contribution/one-thing", size)
    assert (whole["split_into"], part["derived_from"]) == (["one-thing", "another-thing"], "two-things")


def test_documents_services_and_collective_authors_are_told(publisher: Publisher) -> None:
    told = publisher.content("contribution/by-us", publisher.size())
    [document] = cast("list[Json]", told["attachments"])
    [service] = cast("list[Json]", told["formalised_with"])
    assert (told["collective"], told["collective_name"]) == ("association", {"en": "=Friends of data"})
    assert (document["name"], document["digest"], document["size_bytes"]) == ("plan.pdf", "A" * 43, 9)
    assert service["service"] == "legal-desk"


def test_versions_are_numbered_from_the_first_with_all_their_texts(publisher: Publisher) -> None:
    told = publisher.content(OPINION, publisher.size())
    one, two = cast("list[Json]", told["versions"])
    assert [(version["version"], version["unshown"]) for version in (one, two)] == [(1, {}), (2, {})]
    assert (one["body"], two["body"]) == ({"en": "All of it.\nSoon."}, {"en": "Most of it.\nSoon.", "fr": "Presque tout."})
    assert one["author"] == told["author"]


def test_two_versions_are_compared_by_language_and_by_word(publisher: Publisher) -> None:
    told = publisher.difference(OPINION, 1, 2, publisher.size())
    assert cast("Json", told["body"])["en"] == [{"removed": "All"}, {"added": "Most"}, {"same": " of it.\nSoon."}]
    assert cast("Json", told["body"])["fr"] == [{"added": "Presque tout."}]
    assert (told["title"], told["location"]) == ({"en": [{"same": "Open the data"}]}, {})
    assert (told["fields"], told["unshown"]) == ({"from": {"age": "42"}, "to": {"age": "43"}}, {})
    back = publisher.difference(OPINION, 2, 1, publisher.size())
    assert cast("Json", back["body"])["fr"] == [{"removed": "Presque tout."}]
    assert publisher.difference(OPINION, 2, 2, publisher.size())["fields"] == {}


def test_of_what_is_not_shown_it_is_said_why(publisher: Publisher) -> None:
    size = publisher.size()
    hidden, erased = publisher.content(HIDDEN, size), publisher.content(ERASED, size)
    assert [cast("list[Json]", told["versions"])[0]["unshown"] for told in (hidden, erased)] == [
        {"title": "withheld", "body": "withheld", "location": "withheld", "fields": "withheld"},
        {"title": "erased", "body": "erased"},
    ]
    moderation = cast("Json", hidden["moderation"])
    assert (moderation["decision"], moderation["motive"], moderation["rule_ref"], moderation["stances"]) == (
        "hidden",
        "insult",
        "art-4",
        "counted",
    )
    assert (hidden["title"], erased["body"], hidden["moderated"], erased["moderated"]) == (None, None, True, False)
    [erasure] = cast("list[Json]", erased["erased"])
    assert erasure["entry"] == erased["seq"]


def test_a_difference_that_cannot_be_shown_is_null_and_says_of_which_version_and_why(log: RecordedLog) -> None:
    publisher = publisher_of(log)
    past = cast("Json", publisher.content(HIDDEN, publisher.size())["moderation"])["since_seq"]
    assert isinstance(past, int)
    told = publisher.difference(HIDDEN, 1, 1, past)
    assert told["title"] is None
    assert told["unshown"] == {side: dict.fromkeys(("title", "body", "location", "fields"), "later") for side in ("from", "to")}


def test_restored_content_is_shown_again_and_keeps_that_it_was_moderated() -> None:
    log = discussed()
    log.post("content.restored", target=HIDDEN, because="mistake")
    publisher = publisher_of(log)
    told = publisher.content(HIDDEN, publisher.size())
    assert (told["title"], told["moderation"], told["moderated"]) == ({"en": "Rude"}, None, True)
    [version] = cast("list[Json]", told["versions"])
    assert version["unshown"] == {}


def test_a_text_reads_in_order_with_contributions_and_amendments(publisher: Publisher) -> None:
    size = publisher.size()
    [text] = publisher.texts(size)
    assert (text["text"], text["title"]) == ("bill", {"en": "The bill", "fr": "La loi"})
    told = publisher.text("bill", size)
    sections = cast("list[Json]", told["sections"])
    assert [(section["section"], section["position"], section["depth"]) for section in sections] == [
        ("title-1", 1, 0),
        ("art-1", 2, 1),
        ("art-2", 3, 1),
        ("title-2", 4, 0),
    ]
    assert [section["contributions"] for section in sections] == [{}, {"opinion": 3}, {"opinion": 1}, {}]
    assert told["contributions"] == {"opinion": 3}
    [amendment] = cast("list[Json]", sections[1]["amendments"])
    assert (amendment["because_of"], amendment["body"], amendment["reason"]) == (
        ["open-data", "same"],
        {"en": "New art-1"},
        {"en": "Heard"},
    )
    assert (amendment["old_digest"], amendment["digest"]) == (sections[1]["first_digest"], sections[1]["digest"])
    assert (sections[1]["first_body"], sections[1]["body"]) == ({"en": "Old art-1"}, {"en": "New art-1"})


def test_arguments_stand_under_what_they_answer_with_those_most_supported_first(publisher: Publisher) -> None:
    size = publisher.size()
    told = list(publisher.threads("open-data", size))
    assert [(argument["ref"], argument["depth"], argument["support"]) for argument in told] == [
        ("fair", 0, 2),
        ("costly", 0, 1),
        ("not-so", 1, 0),
        ("really", 2, 0),
        ("cheap", 0, 0),
    ]
    assert [argument["ref"] for argument in publisher.threads("open-data", size, "against")] == ["costly"]
    assert list(publisher.threads("rude", size)) == []
    cheap = publisher.content("argument/cheap", size)
    assert (cheap["body"], cheap["texts"]) == ({"en": "Because cheap, truly"}, 2)
    gone = told[3]
    assert (gone["state"], gone["withdrawn_code"], gone["withdrawn_reason"]) == ("withdrawn", "second_thoughts", {"en": "No"})


def test_arguments_come_by_their_last_change(publisher: Publisher) -> None:
    size = publisher.size()
    whole = [row["ref"] for row in publisher.arguments(size)]
    assert whole == ["fair", "costly", "not-so", "cheap", "really"]
    first = next(publisher.arguments(size, limit=1))
    assert [row["ref"] for row in publisher.arguments(size, cast("int", first["changed_seq"]))] == whole[1:]


def test_what_is_not_there_is_not_found(publisher: Publisher) -> None:
    size = publisher.size()
    for target in ("contribution/nothing", "argument/open-data", "step/debate", "nonsense"):
        with pytest.raises(ContentNotFound):
            publisher.content(target, size)
    with pytest.raises(ContentNotFound):
        publisher.content(OPINION, BEFORE_REVISION - 1)
    with pytest.raises(ContentNotFound):
        list(publisher.threads("nothing", size))
    with pytest.raises(TextNotFound):
        publisher.text("open-data", size)
    for version in (0, 3, -1):
        with pytest.raises(ContentVersionNotFound):
            publisher.difference(OPINION, 1, version, size)


def test_everything_shown_is_json(publisher: Publisher) -> None:
    size = publisher.size()
    orjson.dumps(
        [*publisher.contributions(size), *publisher.arguments(size), *publisher.threads("open-data", size), *publisher.texts(size)]
    )
    orjson.dumps([publisher.text("bill", size), publisher.content(OPINION, size), publisher.difference(OPINION, 1, 2, size)])
