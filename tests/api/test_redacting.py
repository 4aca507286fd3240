"""A redaction over HTTP: who may have something withheld, and that from then on nobody is shown it, by any route."""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from zipfile import ZipFile

import orjson
import pytest

from ledger.audit import Trust, verify
from ledger.events.redacted import read_redacted
from ledger.submit import CREATE, ERASE, WRITE
from ledger.tlog.vkey import parse_vkey
from tests.api.test_erasing import ADA, Talk, code
from tests.importers.searching import members_of
from tests.posting import organizer
from tests.serving import Service
from tests.store.talking import LAMP, contributed, written

BENCH_SEQ = 5


@pytest.fixture(scope="module")
def talk(service: Service) -> Talk:
    """A consultation of which Ada's bench is redacted."""
    talk = Talk(service, "withheld")
    service.settle("withheld")
    talk.post(written("stance.cast", "bo", step="talk", target=LAMP, value="agree", target_version=1))
    talk.post(order(BENCH_SEQ))
    service.settle("withheld")
    return talk


def order(entry: int) -> dict[str, object]:
    return organizer("entry.redacted", entry=entry, authority="court-7", code="defamation")


def test_the_entry_is_answered_with_451_and_what_is_left_of_it(talk: Talk) -> None:
    answer = talk.service.get(f"/v1/projects/withheld/events/{BENCH_SEQ}")
    assert code(answer) == (451, "entry-redacted")
    told = answer.json()
    assert (told["entry"], told["stream"], told["version"], told["authority"]) == (BENCH_SEQ, "contribution/bench", 1, "court-7")
    assert told["event_type"] == "contribution.submitted/2"
    assert told["leaf_hash"] == read_redacted(entries(talk)[BENCH_SEQ]).leaf_hash


def test_other_entries_are_answered_with_their_bytes(talk: Talk) -> None:
    answer = talk.service.get("/v1/projects/withheld/events/6")
    assert (answer.status_code, answer.content) == (200, entries(talk)[6])
    assert code(talk.service.get("/v1/projects/withheld/events/4000")) == (404, "entry-not-found")
    assert code(talk.service.get("/v1/projects/withheld/events/-1"))[0] == 422


def entries(talk: Talk) -> list[bytes]:
    return talk.service.get(f"/v1/projects/{talk.project}/events?format=ndjson").content.splitlines()


def test_lists_and_feeds_show_a_line_in_its_place(talk: Talk) -> None:
    left = read_redacted(entries(talk)[BENCH_SEQ])
    assert (left.seq, left.stream, left.type, left.version) == (BENCH_SEQ, "contribution/bench", "contribution.submitted/2", 1)
    page = talk.service.get("/v1/projects/withheld/events?limit=100&disclosures=true")
    assert page.json()["events"][BENCH_SEQ] == {"redacted": left.model_dump()}
    assert str(BENCH_SEQ) not in page.json()["disclosures"]
    with talk.service.http.stream("GET", "/v1/projects/withheld/events?after=4", headers={"Accept": "text/event-stream"}) as answer:
        first = list(islice(fields(answer.iter_lines()), 1))
    assert first == [{"id": str(BENCH_SEQ), "event": "redacted", "data": left.line().decode()}]


def fields(lines: Iterator[str]) -> Iterator[dict[str, str]]:
    found: dict[str, str] = {}
    for line in lines:
        name, _, value = line.partition(": ")
        if line:
            found[name] = value
        else:
            if "data" in found:
                yield found
            found = {}


def test_a_bundle_that_would_hold_it_is_not_served_and_its_hash_is(talk: Talk) -> None:
    size = talk.service.size("withheld")
    assert code(talk.service.get(f"/p/withheld/tile/entries/000.p/{size}")) == (451, "entry-redacted")
    assert talk.service.get(f"/p/withheld/tile/entries/000.p/{BENCH_SEQ}").status_code == 200
    tile = talk.service.get(f"/p/withheld/tile/0/000.p/{size}").content
    assert tile[BENCH_SEQ * 32 : BENCH_SEQ * 32 + 32] == read_redacted(entries(talk)[BENCH_SEQ]).leaf
    proof = talk.service.get(f"/v1/projects/withheld/proof/inclusion?index={BENCH_SEQ}")
    assert proof.status_code == 200


def test_no_page_shows_anything_of_it_also_of_the_past(talk: Talk) -> None:
    for path in ("contributions", "proposals", "contributions/lamp", "timeline", "participation", "erasures", "moderation"):
        for at in ("", "?at=6", "?at=7"):
            answer = talk.service.get(f"/v1/projects/withheld/{path}{at}")
            assert answer.status_code == 200, answer.text
            assert b"titre de bench" not in answer.content
    assert code(talk.service.get("/v1/projects/withheld/contributions/bench")) == (404, "content-not-found")
    [line] = talk.service.get("/v1/projects/withheld/erasures?what=redaction").json()["erasures"]
    assert (line["entry"], line["stream"], line["authority"], line["ground"]) == (5, "contribution/bench", "court-7", "defamation")


def test_the_package_verifies_and_holds_nothing_of_it(talk: Talk, tmp_path: Path) -> None:
    package = tmp_path / "withheld.zip"
    package.write_bytes(talk.service.get("/v1/projects/withheld/export").content)
    vkey = parse_vkey(str(talk.service.keeper.keys.signer("withheld").vkey))
    report = verify(package, trust=Trust((vkey,)))
    assert (report.verdict, [finding.check for finding in report.findings]) == ("verified", ["redacted"])
    assert report.commitments["redacted"] == 5
    assert [name for name, content in members_of(package) if b"titre de bench" in content] == []
    with ZipFile(package) as opened:
        assert read_redacted(opened.read("events.ndjson").splitlines()[BENCH_SEQ]).authority == "court-7"


def test_a_tag_from_before_is_not_taken_for_what_is_shown_now(service: Service) -> None:
    talk = Talk(service, "tagged")
    service.settle("tagged")
    path = "/v1/projects/tagged/contributions?at=6"
    tag = service.get(path).headers["etag"]
    assert service.get(path, If_None_Match=tag).status_code == 304
    talk.post(order(BENCH_SEQ))
    service.settle("tagged")
    again = service.get(path, If_None_Match=tag)
    assert again.status_code == 200
    assert [row["ref"] for row in again.json()["contributions"]] == ["lamp"]


def test_who_follows_hears_of_it_and_whoever_comes_back_does_not_get_it(service: Service) -> None:
    talk = Talk(service, "followed")
    path = "/v1/projects/followed/events"
    with service.http.stream("GET", path, headers={"Accept": "text/event-stream"}) as answer:
        heard = fields(answer.iter_lines())
        talk.post(contributed("secret", ADA))
        assert next(heard)["event"] == "contribution.submitted/2"
        seq = service.size("followed") - 1
        talk.post(order(seq))
        assert next(heard)["event"] == "entry.redacted/1"
        with service.http.stream("GET", f"{path}?after={seq - 1}", headers={"Accept": "text/event-stream"}) as later:
            assert [told["event"] for told in islice(fields(later.iter_lines()), 2)] == ["redacted", "entry.redacted/1"]


def test_a_key_needs_the_scope_for_it(service: Service) -> None:
    talk = Talk(service, "scoped")
    weak = service.key("scoped-weak", scopes=frozenset({WRITE, CREATE, ERASE}), namespace="people")
    answer = service.post("scoped", orjson.dumps(order(BENCH_SEQ)), weak, Content_Type="application/json")
    assert code(answer) == (403, "scope-missing")
    assert answer.json()["scope"] == "privacy:redact"
    refused = service.post("scoped", orjson.dumps(order(0)), talk.key, Content_Type="application/json")
    assert code(refused) == (409, "entry-not-redactable")
    done = service.post("scoped", orjson.dumps(order(BENCH_SEQ)), talk.key, Content_Type="application/json")
    assert done.status_code == 201, done.text
