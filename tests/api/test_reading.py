"""What is read: entries byte for byte, views that say how far they reach, proofs and tiles that anybody can check."""

import re

import orjson
import pytest

from ledger.tlog.checkpoint import Checkpoint, parse_checkpoint, signed_checkpoint
from ledger.tlog.note import parse_note
from ledger.tlog.tile import FULL_WIDTH, Bundle, Tile, bundles_of, decode_bundle, decode_tile, tiles_of
from ledger.tlog.tlog_proof import parse_tlog_proof
from ledger.tlog.tree import leaf_hash, tree_root
from ledger.tlog.witness import parse_add_checkpoint
from tests.api.conftest import PROJECT, Town
from tests.posting import ballot

EVENTS = f"/v1/projects/{PROJECT}/events"


@pytest.fixture(scope="module")
def voted(town: Town) -> Town:
    """The town after 600 ballots, so that its log has full tiles and partial ones; views and checkpoint have caught up."""
    answer = town.post(*(ballot(f"resident {number}", number % 3) for number in range(600)))
    assert answer.status_code == 201, answer.text
    town.service.settle(PROJECT)
    return town


@pytest.fixture(scope="module")
def entries(voted: Town) -> list[bytes]:
    lines = voted.service.get(f"{EVENTS}?format=ndjson").content
    assert lines.endswith(b"\n")
    return lines[:-1].split(b"\n")


@pytest.fixture(scope="module")
def checkpoint(voted: Town) -> Checkpoint:
    answer = voted.service.get(f"/p/{PROJECT}/checkpoint")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    found = signed_checkpoint(parse_note(answer.content), [voted.service.keeper.keys.signer(PROJECT).vkey])
    assert found is not None
    return found


def test_the_lines_are_the_leaves_of_the_signed_tree(voted: Town, entries: list[bytes], checkpoint: Checkpoint) -> None:
    assert len(entries) == voted.size == checkpoint.size
    assert tree_root([leaf_hash(entry) for entry in entries]) == checkpoint.root


def test_pages_hold_the_same_bytes_as_the_lines(voted: Town, entries: list[bytes]) -> None:
    path = f"{EVENTS}?limit=250"
    found: list[bytes] = []
    while path:
        content = voted.service.get(path).content
        page = orjson.loads(content)
        assert page["first"] == len(found)
        events = entries[len(found) : len(found) + len(page["events"])]
        assert b'"events":[' + b",".join(events) + b"]" in content
        found += events
        path = page["next"]
    assert found == entries


def test_lines_can_begin_and_end_anywhere(voted: Town, entries: list[bytes]) -> None:
    answer = voted.service.get(f"{EVENTS}?after=9&limit=3", Accept="application/x-ndjson")
    assert answer.headers["content-type"] == "application/x-ndjson"
    assert answer.content.split(b"\n") == [*entries[10:13], b""]
    assert voted.service.get(f"{EVENTS}?after={len(entries)}&format=ndjson").content == b""


def test_disclosures_stand_beside_their_entries(voted: Town, entries: list[bytes]) -> None:
    page = voted.service.get(f"{EVENTS}?disclosures=true&limit=10").json()
    lines = voted.service.get(f"{EVENTS}?disclosures=true&limit=10&format=ndjson").content.splitlines()
    assert len(lines) == 10
    shown = {str(seq): beside for seq, line in enumerate(lines) if (beside := orjson.loads(line)["disclosures"])}
    assert page["disclosures"] == shown
    assert all(line.endswith(b',"entry":' + entry + b"}") for line, entry in zip(lines, entries, strict=False))
    assert shown, "proposals disclose their titles"


def tag_of(voted: Town, what: str) -> str:
    """The ETag of a view of the newest state. Entries without their texts are always the same; of what shows texts some may be withheld."""
    return f'"{voted.size - 1}"' if what == "/events" else f'"{voted.size - 1}.0"'


def test_a_view_carries_the_seq_that_it_reflects(voted: Town) -> None:
    for what in ("", "/proposals", "/results", "/results/vote", "/timeline", "/events"):
        answer = voted.service.get(f"/v1/projects/{PROJECT}{what}")
        assert answer.status_code == 200, what
        assert answer.json()["seq"] == voted.size - 1
        assert answer.headers["etag"] == tag_of(voted, what)
        assert answer.headers["cache-control"] == "public, no-cache"


@pytest.mark.parametrize("what", ["", "/proposals", "/results", "/results/vote", "/timeline", "/events"])
def test_who_has_the_newest_state_is_told_so_and_no_more(voted: Town, what: str) -> None:
    tag = tag_of(voted, what)
    for given in (tag, f"W/{tag}", f'"12", {tag}', "*"):
        answer = voted.service.get(f"/v1/projects/{PROJECT}{what}", If_None_Match=given)
        assert (answer.status_code, answer.content, answer.headers["etag"]) == (304, b"", tag)
    assert voted.service.get(f"/v1/projects/{PROJECT}{what}", If_None_Match='"12"').status_code == 200


def test_the_past_can_be_read(voted: Town) -> None:
    then = voted.service.get(f"/v1/projects/{PROJECT}/results?at=20").json()
    now = voted.service.get(f"/v1/projects/{PROJECT}/results").json()
    assert (then["seq"], now["seq"]) == (20, voted.size - 1)
    assert then["steps"][0]["counted"] < now["steps"][0]["counted"] == 600


def test_proposals_come_in_pages_of_one_state(voted: Town) -> None:
    first = voted.service.get(f"/v1/projects/{PROJECT}/proposals?limit=2").json()
    assert [row["ref"] for row in first["proposals"]] == ["bench", "library"]
    assert f"at={voted.size - 1}" in first["next"]
    second = voted.service.get(first["next"]).json()
    assert ([row["ref"] for row in second["proposals"]], second["next"]) == (["orchard"], None)


def test_every_project_is_listed(voted: Town) -> None:
    listed = voted.service.get("/v1/projects?limit=1").json()
    [row] = listed["projects"]
    assert (row["project"], row["size"]) == (PROJECT, voted.size)
    assert row["origin"] == f"127.0.0.1:{voted.service.port}/p/{PROJECT}"


@pytest.mark.parametrize("index", [0, 255, 256, 611])
def test_an_entry_is_proven_to_be_in_the_log(voted: Town, entries: list[bytes], index: int) -> None:
    answer = voted.service.get(f"/v1/projects/{PROJECT}/proof/inclusion?index={index}")
    proof = parse_tlog_proof(answer.content)
    vkey = voted.service.keeper.keys.signer(PROJECT).vkey
    assert proof.verifies(leaf_hash(entries[index]), [vkey])
    assert not proof.verifies(leaf_hash(b"another entry"), [vkey])


@pytest.mark.parametrize("old", [0, 1, 256, 300, 612])
def test_a_checkpoint_is_proven_to_continue_an_older_tree(voted: Town, entries: list[bytes], old: int) -> None:
    answer = voted.service.get(f"/v1/projects/{PROJECT}/proof/consistency?old={old}")
    request = parse_add_checkpoint(answer.content)
    old_root = tree_root([leaf_hash(entry) for entry in entries[:old]])
    assert request.extends(old_root, [voted.service.keeper.keys.signer(PROJECT).vkey]) is not None


def test_proofs_are_made_for_signed_sizes_only(voted: Town, checkpoint: Checkpoint) -> None:
    place = f"/v1/projects/{PROJECT}/proof"
    assert voted.service.get(f"{place}/inclusion?index=0&size={checkpoint.size}").status_code == 200
    refused = voted.service.get(f"{place}/inclusion?index=0&size={checkpoint.size - 1}")
    assert (refused.status_code, refused.json()["parameter"]) == (422, "size")
    refused = voted.service.get(f"{place}/consistency?old={checkpoint.size + 1}")
    assert (refused.status_code, refused.json()["parameter"]) == (422, "old")


def test_the_log_is_served_as_tiles_below_its_origin(voted: Town, entries: list[bytes], checkpoint: Checkpoint) -> None:
    leaves: list[bytes] = []
    for tile in tiles_of(checkpoint.size):
        hashes = decode_tile(_static(voted, tile), tile)
        if tile.level == 0:
            leaves += hashes
    assert leaves == [leaf_hash(entry) for entry in entries]
    bundled = [entry for bundle in bundles_of(checkpoint.size) for entry in decode_bundle(_static(voted, bundle), bundle)]
    assert bundled == entries


def _static(town: Town, wanted: Tile | Bundle) -> bytes:
    answer = town.service.get(f"/p/{PROJECT}/{wanted.path}")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/octet-stream")
    assert ("immutable" in answer.headers["cache-control"]) == (wanted.width == FULL_WIDTH)
    return bytes(answer.content)


def test_a_narrower_tile_than_the_newest_is_still_there_and_a_wider_one_is_not(voted: Town, entries: list[bytes]) -> None:
    width = len(entries) % FULL_WIDTH
    narrower, wider = Tile(0, 2, width - 1), Tile(0, 2, width + 1)
    assert decode_tile(_static(voted, narrower), narrower) == [leaf_hash(entry) for entry in entries[512 : 512 + width - 1]]
    assert voted.service.get(f"/p/{PROJECT}/{wider.path}").status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/v1/projects",
        f"/v1/projects/{PROJECT}/results",
        EVENTS,
        f"{EVENTS}?format=ndjson",
        f"/p/{PROJECT}/checkpoint",
        f"/v1/projects/{PROJECT}/export",
        "/openapi.json",
        "/livez",
        "/nowhere",
    ],
)
def test_a_head_is_what_a_get_would_be_without_its_body(voted: Town, path: str) -> None:
    head, get = voted.service.http.head(path), voted.service.get(path)
    assert (head.status_code, head.content) == (get.status_code, b"")
    assert head.headers["content-type"] == get.headers["content-type"]
    assert head.headers.get("content-length") == get.headers.get("content-length")


def test_a_checkpoint_names_the_address_that_it_is_served_at(voted: Town, checkpoint: Checkpoint) -> None:
    assert re.fullmatch(r"127\.0\.0\.1:[0-9]+/p/town", checkpoint.origin)
    answer = voted.service.http.get(f"http://{checkpoint.origin}/checkpoint")
    assert parse_checkpoint(parse_note(answer.content).text) == checkpoint
