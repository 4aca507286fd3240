"""The functions of the verifier page judge what other implementations made as Python does."""

import json
from base64 import b64encode
from hashlib import sha256, sha512
from pathlib import Path

import pytest

from ledger.tlog.vkey import verify_ed25519
from tests.browser.browsing import Verifier

TESSERA_VKEY = "example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx"
ENTRIES = "one,two,three,four,five,six,seven,eit,nain,ten,ileven,twelf,threeten,fourten,fivten"  # its own spelling
_BYTES = "const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));"


@pytest.fixture(scope="module")
def vectors(shared: Path) -> Path:
    folder = shared / "vectors"
    if not folder.is_dir():
        pytest.skip("the folder of shared vectors does not stand beside this checkout")
    return folder


def test_hashes_are_those_of_the_standard_library_at_every_length_around_a_block(verifier: Verifier) -> None:
    messages = [bytes(range(256)) * 2 for _ in range(1)] + [bytes([length % 251]) * length for length in range(270)]
    sent = [b64encode(message).decode() for message in messages]
    found = verifier.call(f"(all) => {{ {_BYTES} return all.map((one) => [hex(sha256(bytes(one))), hex(sha512(bytes(one)))]); }}", sent)
    assert found == [[sha256(message).hexdigest(), sha512(message).hexdigest()] for message in messages]


def test_ed25519_edge_cases_of_cctv_are_accepted_and_refused_as_by_the_ledgers_library(verifier: Verifier, vectors: Path) -> None:
    cases = json.loads((vectors / "c2sp-cctv-ed25519/ed25519vectors.json").read_bytes())
    assert len(cases) == 914
    script = """(cases) => cases.map(([key, signature, message]) => {
      const bytes = (text) => Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
      return verifyEd25519(bytes(key), bytes(signature), bytes(message));
    })"""
    found = verifier.call(script, [[case["key"], case["sig"], case["msg"].encode().hex()] for case in cases])
    expected = [verify_ed25519(bytes.fromhex(case["key"]), bytes.fromhex(case["sig"]), case["msg"].encode()) for case in cases]
    assert found == expected
    assert {True, False} == set(found)


def test_inclusion_proofs_of_transparency_dev(verifier: Verifier, vectors: Path) -> None:
    cases = [json.loads(path.read_bytes()) for path in sorted((vectors / "transparency-dev-merkle/testdata/inclusion").rglob("*.json"))]
    assert len(cases) == 98
    script = f"""(cases) => {{ {_BYTES} return cases.map((one) => verifyInclusion(
      bytes(one.leafHash ?? ""), one.leafIdx, one.treeSize, (one.proof ?? []).map(bytes), bytes(one.root ?? ""))); }}"""
    assert verifier.call(script, cases) == [not case["wantErr"] for case in cases]


def test_consistency_proofs_of_transparency_dev(verifier: Verifier, vectors: Path) -> None:
    cases = [json.loads(path.read_bytes()) for path in sorted((vectors / "transparency-dev-merkle/testdata/consistency").rglob("*.json"))]
    assert len(cases) == 98
    script = f"""(cases) => {{ {_BYTES} return cases.map((one) => verifyConsistency(
      one.size1, bytes(one.root1 ?? ""), one.size2, bytes(one.root2 ?? ""), (one.proof ?? []).map(bytes))); }}"""
    assert verifier.call(script, cases) == [not case["wantErr"] for case in cases]


def test_the_checkpoints_and_tiles_of_the_tessera_log(verifier: Verifier, vectors: Path) -> None:
    log = vectors / "tessera-log/testdata/log"
    entries = ENTRIES.split(",")
    script = f"""([vkey, note, entries]) => {{ {_BYTES}
      const parsed = parseNote(bytes(note));
      const checkpoint = parseCheckpoint(parsed.text);
      const leaves = entries.map((entry) => leafHash(utf8(entry)));
      const tree = new GrowingTree(null);
      leaves.forEach((leaf) => tree.add(leaf));
      return {{
        signed: signedBy(parsed, checkpoint.origin, [parseVkey(vkey)]),
        size: Number(checkpoint.size),
        root: hex(checkpoint.root), grown: hex(tree.root()), built: hex(treeRoot(leaves)),
        tiles: tilesOf(leaves.length).map((tile) => tilePath(...tile)),
        leaves: hex(joined(leaves)),
      }};
    }}"""
    for size in range(1, 16):
        note = b64encode((log / f"checkpoint.{size}").read_bytes()).decode()
        found = verifier.call(script, [TESSERA_VKEY, note, entries[:size]])
        assert (found["signed"], found["size"]) == (True, size)
        assert found["root"] == found["grown"] == found["built"]
        [tile] = found["tiles"]
        assert (log / tile).read_bytes().hex() == found["leaves"]
