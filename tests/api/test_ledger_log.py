"""The ledger log over HTTP: served as every log is, told in short, and no project under any address."""

from time import monotonic, sleep
from typing import Any

import orjson
import pytest

from ledger.aggregates.ledger_log import LoggedLogs, admit_logged, evolve_logged
from ledger.events.ledger_log import LEDGER_LOG, read_ledger_event
from ledger.tlog.checkpoint import Checkpoint, parse_checkpoint, signed_checkpoint
from ledger.tlog.note import parse_note
from ledger.tlog.tile import Bundle, bundles_of, decode_bundle, decode_tile, tiles_of
from ledger.tlog.tlog_proof import parse_tlog_proof
from ledger.tlog.tree import leaf_hash, tree_root
from ledger.tlog.vkey import Vkey, parse_vkey
from ledger.tlog.witness import parse_add_checkpoint
from tests.api.conftest import PROJECT, Town
from tests.posting import opening

Document = dict[str, Any]


@pytest.fixture(scope="module")
def stated(town: Town) -> Document:
    """What the ledger log says in short, once it says what the town's log came to and is signed itself."""
    town.service.settle(PROJECT)
    deadline = monotonic() + 30
    while True:
        answer = town.service.get("/v1/ledger")
        if answer.status_code == 200:
            told: Document = orjson.loads(answer.content)
            if told["checkpoint"] and told["checkpoint"]["size"] == told["size"] and told["logs"] and told["logs"][0]["size"] == town.size:
                assert answer.headers["cache-control"] == "public, max-age=1"
                return told
        assert monotonic() < deadline, answer.text
        sleep(0.05)


@pytest.fixture(scope="module")
def vkeys(stated: Document) -> list[Vkey]:
    return [parse_vkey(vkey) for vkey in stated["vkeys"]]


@pytest.fixture(scope="module")
def checkpoint(town: Town, stated: Document, vkeys: list[Vkey]) -> Checkpoint:
    answer = town.service.get("/ledger/checkpoint")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.headers["cache-control"] == "public, max-age=1"
    found = signed_checkpoint(parse_note(answer.content), vkeys)
    assert found is not None and found.origin == stated["origin"]
    return found


@pytest.fixture(scope="module")
def entries(town: Town, checkpoint: Checkpoint) -> list[bytes]:
    found: list[bytes] = []
    for bundle in bundles_of(checkpoint.size):
        answer = town.service.get(f"/ledger/{bundle.path}")
        assert answer.headers["cache-control"] == "public, max-age=60"
        found += decode_bundle(answer.content, bundle)
    return found


def test_what_is_told_in_short_is_what_the_entries_say(town: Town, stated: Document, entries: list[bytes]) -> None:
    logs = LoggedLogs(f"127.0.0.1:{town.service.port}/ledger")
    for entry in entries[: stated["size"]]:
        event = read_ledger_event(entry)
        admit_logged(event, logs)
        evolve_logged(logs, event)
    assert {name: told for name, told in stated.items() if name not in {"size", "checkpoint"}} == {
        "origin": logs.origin,
        "vkeys": list(logs.of(LEDGER_LOG).vkeys),
        "logs": [{"project": PROJECT, "origin": f"127.0.0.1:{town.service.port}/p/{PROJECT}", "size": town.size, "closed": False}],
        # Nobody outside stands by this ledger log: no policy names witnesses, and no authority dates it.
        "quorum": None,
        "witnesses": [],
        "anchor": None,
    }
    assert stated["vkeys"] == [str(town.service.keeper.keys.signer(LEDGER_LOG).vkey)]


def test_the_ledger_log_is_served_as_tiles_below_its_origin(town: Town, checkpoint: Checkpoint, entries: list[bytes]) -> None:
    hashes = [leaf_hash(entry) for entry in entries]
    assert tree_root(hashes) == checkpoint.root
    for tile in tiles_of(checkpoint.size):
        assert decode_tile(town.service.get(f"/ledger/{tile.path}").content, tile) == hashes[tile.index * 256 : tile.index * 256 + 256]
    for path in (Bundle(1, 1).path, "tile/0/000.p/255", "tile/entries/x", "tile/9"):
        answer = town.service.get(f"/ledger/{path}")
        assert (answer.status_code, answer.json()["code"]) == (404, "page-not-found")


def test_every_entry_has_its_proof(town: Town, vkeys: list[Vkey], entries: list[bytes]) -> None:
    for index, entry in enumerate(entries):
        proof = parse_tlog_proof(town.service.get(f"/ledger/proof/inclusion?index={index}").content)
        assert proof.verifies(leaf_hash(entry), vkeys)
        assert not proof.verifies(leaf_hash(entry + b" "), vkeys)


def test_each_checkpoint_continues_those_before_it(town: Town, vkeys: list[Vkey], entries: list[bytes]) -> None:
    for old in range(1, len(entries) + 1):
        answer = town.service.get(f"/ledger/proof/consistency?old={old}")
        request = parse_add_checkpoint(answer.content)
        assert request.extends(tree_root([leaf_hash(entry) for entry in entries[:old]]), vkeys) is not None


def test_proofs_are_made_for_signed_sizes_only(town: Town, checkpoint: Checkpoint) -> None:
    for query in ("inclusion?index=99999", "inclusion?index=0&size=99999", "consistency?old=99999", "inclusion", "inclusion?index=0&x=1"):
        answer = town.service.get(f"/ledger/proof/{query}")
        assert (answer.status_code, answer.json()["code"]) == (422, "parameter-invalid")


@pytest.mark.parametrize(
    "path",
    [
        f"/p/{LEDGER_LOG}/checkpoint",
        f"/p/{LEDGER_LOG}/tile/0/000.p/1",
        *(
            f"/v1/projects/{LEDGER_LOG}{path}"
            for path in ("", "/events", "/events?format=ndjson", "/events?format=sse", "/export", "/proof/inclusion?index=0", "/results")
        ),
    ],
)
def test_the_ledger_log_is_no_project(town: Town, stated: Document, path: str) -> None:
    answer = town.service.get(path)
    assert (answer.status_code, answer.json()["code"]) == (404, "project-unknown")


def test_nobody_posts_to_it_or_has_something_erased_from_it(town: Town, stated: Document) -> None:
    answer = town.service.post(LEDGER_LOG, orjson.dumps(opening()), town.key)
    assert (answer.status_code, answer.json()["code"]) == (404, "project-unknown")
    order = {"participant": "anne", "ground": "request"}
    headers = {"Authorization": f"Bearer {town.key}"}
    answer = town.service.http.post(f"/v1/projects/{LEDGER_LOG}/erasures", json=order, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (404, "project-unknown")
    assert [listed["project"] for listed in town.service.get("/v1/projects").json()["projects"]] == [PROJECT]
    assert town.service.get("/v1/ledger").json()["size"] >= stated["size"]


def test_a_head_is_what_a_get_would_be_without_its_body(town: Town, stated: Document) -> None:
    for path in ("/v1/ledger", "/ledger/checkpoint", "/ledger/tile/0/000.p/1", "/ledger/proof/inclusion?index=0"):
        answer = town.service.http.head(path)
        assert (answer.status_code, answer.content) == (200, b"")


def test_the_checkpoint_is_one_without_extension_lines(town: Town, checkpoint: Checkpoint) -> None:
    assert parse_checkpoint(parse_note(town.service.get("/ledger/checkpoint").content).text).extensions == ()
