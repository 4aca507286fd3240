"""`tlog-scales`, which nobody here wrote, reads both logs of a running service over HTTP, and makes of them what the service says."""

from functools import cache
from time import monotonic, sleep
from typing import Any

import orjson
import pytest

from ledger.tlog.note import parse_note
from ledger.tlog.tlog_proof import parse_tlog_proof
from ledger.tlog.tree import leaf_hash
from ledger.tlog.witness import parse_add_checkpoint
from tests.api.conftest import PROJECT, Town
from tests.posting import ballot

pytest.importorskip("tlog_scales", reason="the oracle tlog-scales is not installed (scripts/setup oracles)")
VOTERS = 520
LOGS = {"project": (f"/p/{PROJECT}", f"/v1/projects/{PROJECT}/proof"), "ledger": ("/ledger", "/ledger/proof")}
"""Log → where its tiles are served, and its proofs."""


@pytest.fixture(scope="module")
def grown(town: Town) -> Town:
    """The town, whose log fills two tiles, and whose ledger log states it."""
    assert town.post(*(ballot(f"voter {number}", number % 3) for number in range(VOTERS))).status_code == 201
    town.service.settle(PROJECT)
    deadline = monotonic() + 30
    while True:
        told = orjson.loads(town.service.get("/v1/ledger").content)
        if told.get("checkpoint") and told["checkpoint"]["size"] == told["size"] and told["logs"]:
            return town
        assert monotonic() < deadline, told
        sleep(0.05)


@pytest.fixture(scope="module", params=LOGS)
def read(grown: Town, request: pytest.FixtureRequest) -> tuple[Any, Any, str]:
    """The reader of the log, its checkpoint as it reads it, and where proofs are asked for."""
    from tlog_scales.backend import HttpBackend
    from tlog_scales.reader import TilesReader

    tiles, proofs = LOGS[request.param]
    reader = TilesReader(HttpBackend(f"http://127.0.0.1:{grown.service.port}{tiles}"))
    checkpoint = reader.get_checkpoint()
    reader.mth = cache(reader.mth)  # it reckons the hash of the same leaves again for every proof
    return reader, checkpoint, proofs


def vkey(town: Town, proofs: str) -> str:
    """The key that signs the log."""
    return str(town.service.keeper.keys.signer(PROJECT if PROJECT in proofs else "~ledger").vkey)


def test_it_verifies_the_signature_and_computes_the_root(grown: Town, read: tuple[Any, Any, str]) -> None:
    from tlog_scales.signing import Vkey

    reader, checkpoint, proofs = read
    checkpoint.verify(Vkey.from_string(vkey(grown, proofs)))
    assert reader.calculate_root_hash() == checkpoint.root_hash
    assert checkpoint.origin.startswith(f"127.0.0.1:{grown.service.port}/")


def test_it_makes_the_inclusion_proofs_that_are_served(grown: Town, read: tuple[Any, Any, str]) -> None:
    reader, checkpoint, proofs = read
    size = checkpoint.size
    for index in sorted({*range(0, size, 37), *(place for place in (255, 256, 511, 512) if place < size), size - 1}):
        served = grown.service.get(f"{proofs}/inclusion?index={index}&size={size}").content
        made = reader.get_inclusion_proof(index, size)
        assert tuple(made.node_hashes) == parse_tlog_proof(served).path
        made.check(leaf_hash(reader.get_entry(index)), checkpoint.root_hash)


def test_it_makes_the_consistency_proofs_that_are_served(grown: Town, read: tuple[Any, Any, str]) -> None:
    reader, checkpoint, proofs = read
    size = checkpoint.size
    for old in sorted({*range(1, size + 1, 41), *(place for place in (255, 256, 257, 512) if place <= size), size}):
        served = parse_add_checkpoint(grown.service.get(f"{proofs}/consistency?old={old}&new={size}").content)
        made = reader.get_consistency_proof(old, size)
        assert tuple(made.node_hashes) == served.path
        made.check(reader.mth(0, old), checkpoint.root_hash)


@pytest.mark.parametrize("read", ["project"], indirect=True)
def test_it_reads_the_entries_that_are_served_as_events(grown: Town, read: tuple[Any, Any, str]) -> None:
    reader, checkpoint, _ = read
    lines = grown.service.get(f"/v1/projects/{PROJECT}/events?format=ndjson").content.splitlines()
    assert len(lines) >= checkpoint.size > 512
    assert [reader.get_entry(index) for index in range(checkpoint.size)] == lines[: checkpoint.size]
    assert parse_note(grown.service.get(f"/p/{PROJECT}/checkpoint").content).text.startswith(checkpoint.origin)
