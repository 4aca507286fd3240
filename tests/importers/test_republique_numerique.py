"""The consultation on a bill comes in with its sections, opinions, arguments and sources; its counts of votes are nobody's to verify."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.cli.in_process import IntakePosting
from ledger.errors import ForeignFileDamaged
from ledger.importers.consultation import import_consultation
from ledger.importers.report import ImportReport
from ledger.importers.republique_numerique.reading import read_opinions
from ledger.importers.republique_numerique.submissions import RepubliqueNumerique
from ledger.importers.running import run_name
from ledger.importers.telling import Setting, Telling
from tests.importers.looking import Town, disclosed, entries, of_type

REAL = Path(__file__).parents[2] / ".." / "shared" / "data" / "republique_numerique" / "opinions_odd_ids.jsonl"


def person(name: str, **more: object) -> dict[str, Any]:
    return {"pseudonym": name, "vip": False, "isAdmin": False, "is_government": False} | more


def argument(identity: int, side: int = 1, **more: object) -> dict[str, Any]:
    said = {"id": identity, "body": f"Because {identity}", "type": side, "author": person(f"arguer-{identity}")}
    return said | {"created_at": "2015-10-18T22:24:20+0200", "votes_count": 4, "is_enabled": True, "is_trashed": False} | more


def source(identity: int, **more: object) -> dict[str, Any]:
    said = {"id": identity, "title": f"Source {identity}", "link": "https://press.example/1", "body": "Read it.", "category": "Press"}
    return said | {"created_at": "2015-10-18T22:19:49+0200", "author": person("reader"), "votes_count": 2} | more


def opinion(identity: int, **more: object) -> dict[str, Any]:
    said = {"id": identity, "title": f"Article {identity}", "body": "<p>L&rsquo;article&nbsp;:</p>", "author": person("ada")}
    dated = {"created_at": "2015-09-26T02:27:54+0200", "updated_at": "2015-09-29T11:50:19+0200", "is_trashed": False}
    section = {"type": {"id": 86, "title": "Section 1", "subtitle": "Open data", "color": "blue"}}
    votes = {"votes_total": 9, "votes_ok": 6, "votes_mitige": 2, "votes_nok": 1}
    counts = {"arguments_count": 2, "arguments_yes_count": 1, "arguments_no_count": 1, "sources_count": 1, "versions_count": 0}
    within = {"arguments": [argument(10 * identity), argument(10 * identity + 1, 0)], "sources": [source(identity)]}
    return said | dated | section | votes | counts | within | more


def lines(*opinions: dict[str, Any]) -> bytes:
    return b"\n".join(json.dumps(one).encode() for one in opinions) + b"\n"


def imported(town: Town, project: str, content: bytes) -> ImportReport:
    telling = Telling("republique-numerique", Setting(), ImportReport("bill.jsonl", project))
    told = RepubliqueNumerique(read_opinions(content, "bill.jsonl"), content, telling)
    return import_consultation(told, IntakePosting(*town, project), run_name(content, Setting()), lambda answered: None)


def noticed(report: ImportReport) -> list[tuple[str, str]]:
    return [(notice.code, notice.place) for notice in report.notices if notice.code != "field-left-out"]


def test_opinions_come_in_with_their_sections_arguments_and_sources(town: Town) -> None:
    done = imported(town, "bill", lines(opinion(1), opinion(2, author=person("state", is_government=True))))
    assert noticed(done) == []
    recorded = entries(town, "bill")
    counted = Counter(entry["type"] for entry in recorded)
    assert (counted["section.added/1"], counted["contribution.submitted/2"], counted["argument.submitted/1"]) == (1, 4, 4)
    assert [entry["data"]["side"] for entry in of_type(recorded, "argument.submitted/1")] == ["for", "against"] * 2
    first = next(entry for entry in recorded if entry["data"].get("ref") == "opinion-1")
    assert (first["claimed_at"], first["data"]["section"], first["data"]["external_ref"]) == ("2015-09-26T00:27:54.000Z", "section-86", "1")
    assert ("body", {"fr": "<p>L&rsquo;article&nbsp;:</p>"}) in disclosed(town, "bill")
    assert ("fields", {"updated_at": "2015-09-29T11:50:19+0200", "author": "government"}) in disclosed(town, "bill")
    assert ("fields", {"link": "https://press.example/1", "category": "Press"}) in disclosed(town, "bill")


def test_counts_of_votes_are_marked_as_what_nobody_can_verify(town: Town) -> None:
    imported(town, "counts", lines(opinion(1)))
    stated = {
        (entry["data"]["target"], entry["data"]["basis"]): entry["data"]["counts"]
        for entry in of_type(entries(town, "counts"), "aggregate.recorded/1")
    }
    assert stated["contribution/opinion-1", "counts_only"] == {"votes": 9, "agree": 6, "mixed": 2, "disagree": 1, "versions": 0}
    assert stated["contribution/opinion-1", "published"] == {"arguments": 2, "arguments_for": 1, "arguments_against": 1, "sources": 1}
    assert stated["argument/argument-10", "counts_only"] == {"votes": 4}
    assert stated["contribution/source-1", "counts_only"] == {"votes": 2}
    assert not any(entry["type"].startswith("stance.") for entry in entries(town, "counts"))


def test_the_same_file_again_records_nothing(town: Town) -> None:
    content = lines(opinion(1), opinion(2))
    imported(town, "twice", content)
    before = entries(town, "twice")
    assert imported(town, "twice", content).already_there == len(before)
    assert entries(town, "twice") == before


def test_what_the_file_counts_and_does_not_hold_is_reported(town: Town) -> None:
    voters = [{"user": person("cy")}, {"user": person("dee")}]
    done = imported(town, "missing", lines(opinion(1, votes=voters, versions_count=3)))
    assert noticed(done) == [("vote-unread", "bill.jsonl:1"), ("version-missing", "bill.jsonl:1")]
    assert entries(town, "missing")[-1]["data"]["unmapped"] == {"vote-unread": 2, "version-missing": 3}


def test_fields_that_become_nothing_are_reported_once(town: Town) -> None:
    done = imported(town, "further", lines(opinion(1, ranking=7), opinion(2, ranking=8)))
    assert sorted(notice.words for notice in done.notices) == [
        "author.isAdmin is not recorded",
        "author.vip is not recorded",
        "ranking is not recorded",
        "type.color is not recorded",
    ]


def test_what_is_in_the_trash_is_hidden_and_what_was_not_published_stays_out(town: Town) -> None:
    arguments = [argument(10, is_trashed=True), argument(11, is_enabled=False), argument(12, body=" ")]
    done = imported(town, "trash", lines(opinion(1, is_trashed=True, arguments=arguments)))
    assert noticed(done) == [("not-published", "bill.jsonl:1"), ("argument-without-words", "bill.jsonl:1")]
    cases = [(entry["type"], entry["stream"]) for entry in entries(town, "trash") if entry["stream"].startswith("case/")]
    assert cases == [("content.hidden/1", "case/contribution/opinion-1"), ("content.hidden/1", "case/argument/argument-10")]


def test_what_stands_twice_comes_in_once_and_is_reported(town: Town) -> None:
    done = imported(town, "repeated", lines(opinion(1), opinion(1), opinion(2, arguments=[argument(10)])))
    assert noticed(done) == [("id-repeated", "bill.jsonl:2"), ("id-repeated", "bill.jsonl:3")]
    assert not [notice for notice in done.notices if notice.code == "aggregate-already-recorded"]


@pytest.mark.parametrize(
    ("content", "place"),
    [
        (b"", "bill.jsonl"),
        (b"\n \n", "bill.jsonl"),
        (lines(opinion(1)) + b"{", "bill.jsonl:2"),
        (b"[1]\n", "bill.jsonl:1: "),
        (lines(opinion(1)).replace(b'"id": 1,', b'"id": 1, "id": 1,'), "bill.jsonl:1"),
        (lines(opinion(1, created_at="2015-13-45T00:00:00+0200")), "bill.jsonl:1: created_at"),
        (lines(opinion(1, created_at="0001-01-01T00:00:00+0200")), "bill.jsonl:1: created_at"),
        (lines(opinion(1, votes_ok=-1)), "bill.jsonl:1: votes_ok"),
        (lines(opinion(1, votes_ok="6")), "bill.jsonl:1: votes_ok"),
        (lines(opinion(1, arguments=[argument(10, 2)])), "bill.jsonl:1: arguments.0.type"),
        (lines(opinion(1, author=person(""))), "bill.jsonl:1: author.pseudonym"),
        (lines({"id": 1}), "bill.jsonl:1: title"),
        (b"\xff\xfe\n", "bill.jsonl:1"),
    ],
)
def test_what_is_no_such_file_is_refused_with_its_place(content: bytes, place: str) -> None:
    with pytest.raises(ForeignFileDamaged) as refusal:
        read_opinions(content, "bill.jsonl")
    assert refusal.value.place == place


@given(st.binary(max_size=200), st.integers(0, 1000))
def test_any_bytes_are_read_or_refused(noise: bytes, at: int) -> None:
    good = lines(opinion(1))
    for content in (noise, good[:at] + noise + good[at:]):
        try:
            assert read_opinions(content, "bill.jsonl")
        except ForeignFileDamaged:
            continue


def test_the_real_consultation_comes_in(town: Town) -> None:
    if not REAL.exists():
        pytest.skip("the file of the real consultation is not here")
    done = imported(town, "republique", REAL.read_bytes())
    assert done.unmapped == {"vote-unread": 1597, "version-missing": 832}
    recorded = entries(town, "republique")
    counted = Counter(entry["type"] for entry in recorded)
    assert Counter(entry["data"]["kind"] for entry in of_type(recorded, "contribution.submitted/2")) == {"opinion": 348, "source": 159}
    assert (counted["section.added/1"], counted["argument.submitted/1"], counted["content.hidden/1"]) == (18, 2183, 1)
    stated = [entry["data"] for entry in of_type(recorded, "aggregate.recorded/1")]
    assert sum(one["counts"]["votes"] for one in stated if "agree" in one["counts"]) == 53967
    follows = Counter(entry["data"]["contribution"] for entry in of_type(recorded, "argument.submitted/1"))
    for one in stated:
        if one["basis"] == "published":
            assert one["counts"]["arguments"] == follows[one["target"].removeprefix("contribution/")]
