"""Logs, proofs and signatures that other implementations made, from the folder of shared vectors."""

import json
from base64 import b64decode
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from ledger.errors import MalformedNote
from ledger.tlog.checkpoint import parse_checkpoint, signed_checkpoint
from ledger.tlog.note import parse_note, verified_by
from ledger.tlog.proof import consistency_proof, frontier_of_tiles, inclusion_proof, verify_consistency, verify_inclusion
from ledger.tlog.reader import HeldTiles
from ledger.tlog.tile import Tile, bundles_of, decode_bundle, decode_tile, encode_bundle, parse_path, tiles_of
from ledger.tlog.tree import leaf_hash, tree_root
from ledger.tlog.vkey import parse_vkey, verify_ed25519
from ledger.tlog.witness import parse_add_checkpoint

SUMDB_VKEY = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8"
TESSERA_VKEY = "example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx"
TESSERA_ENTRIES = "one,two,three,four,five,six,seven,eit,nain,ten,ileven,twelf,threeten,fourten,fivten"  # its own spelling


@pytest.fixture(scope="module")
def vectors(shared: Path) -> Path:
    folder = shared / "vectors"
    if not folder.is_dir():
        pytest.skip("the folder of shared vectors does not stand beside this checkout")
    return folder


def documents(folder: Path, count: int) -> Iterator[dict[str, Any]]:
    found = sorted(folder.rglob("*.json"))
    assert len(found) == count
    for path in found:
        yield json.loads(path.read_bytes()) | {"path": str(path)}


def test_inclusion_proofs_of_transparency_dev(vectors: Path) -> None:
    for case in documents(vectors / "transparency-dev-merkle/testdata/inclusion", 98):
        path = [b64decode(part) for part in case["proof"] or []]
        found = verify_inclusion(b64decode(case["leafHash"]), case["leafIdx"], case["treeSize"], path, b64decode(case["root"]))
        assert found is not case["wantErr"], case["path"]


def test_consistency_proofs_of_transparency_dev(vectors: Path) -> None:
    for case in documents(vectors / "transparency-dev-merkle/testdata/consistency", 98):
        path = [b64decode(part) for part in case["proof"] or []]
        found = verify_consistency(case["size1"], case["size2"], path, b64decode(case["root1"]), b64decode(case["root2"]))
        assert found is not case["wantErr"], case["path"]


def test_ed25519_edge_cases_of_cctv(vectors: Path) -> None:
    cases = json.loads((vectors / "c2sp-cctv-ed25519/ed25519vectors.json").read_bytes())
    assert len(cases) == 914
    for case in cases:
        key, signature = bytes.fromhex(case["key"]), bytes.fromhex(case["sig"])
        expected = not {"non_canonical_R", "low_order_residue"} & set(case["flags"] or [])
        assert verify_ed25519(key, signature, case["msg"].encode()) is expected, case["number"]


def test_every_file_of_the_tessera_log_is_rebuilt_byte_for_byte(vectors: Path) -> None:
    log = vectors / "tessera-log/testdata/log"
    vkey = parse_vkey(TESSERA_VKEY)
    seen = {path.relative_to(log).as_posix() for path in (log / "tile").rglob("*") if path.is_file()}
    entries = [entry.encode() for entry in TESSERA_ENTRIES.split(",")]
    for size in range(16):
        data = (log / f"checkpoint.{size}").read_bytes()
        note = parse_note(data)
        checkpoint = signed_checkpoint(note, [vkey])
        assert note.encode() == data
        assert checkpoint is not None
        assert checkpoint.text == note.text
        assert (checkpoint.size, checkpoint.root) == (size, tree_root([leaf_hash(entry) for entry in entries[:size]]))
        held = HeldTiles([leaf_hash(entry) for entry in entries[:size]])
        for tile, contents in zip(tiles_of(size), held(list(tiles_of(size))), strict=True):
            assert (log / tile.path).read_bytes() == contents
            seen.discard(tile.path)
        for bundle in bundles_of(size):
            data = (log / bundle.path).read_bytes()
            assert data == encode_bundle(entries[256 * bundle.index :][: bundle.width])
            assert decode_bundle(data, bundle) == entries[:size]
            seen.discard(bundle.path)
    assert seen == set()
    assert parse_note((log / "checkpoint").read_bytes()) == parse_note((log / "checkpoint.15").read_bytes())


def test_a_log_of_300_entries_mirrored_by_sunlight_is_proven_from_its_tiles(vectors: Path) -> None:
    log = next((vectors / "sunlight-skylight/cmd/skylight/testdata/witness/mirror").glob("*/checkpoint")).parent
    checkpoint = parse_checkpoint(parse_note((log / "checkpoint").read_bytes()).text)
    found = [parse_path(path.relative_to(log).as_posix()) for path in (log / "tile").rglob("*") if path.is_file()]
    tiles = list(tiles_of(300))
    assert {tile.path for tile in found} == {tile.path for tile in tiles} | {bundle.path for bundle in bundles_of(300)}
    leaves = [leaf for tile in tiles if tile.level == 0 for leaf in decode_tile((log / tile.path).read_bytes(), tile)]
    held = HeldTiles(leaves)
    assert held(tiles) == [(log / tile.path).read_bytes() for tile in tiles]
    assert (checkpoint.size, checkpoint.root) == (300, held.root())

    def read(asked: Sequence[Tile], /) -> list[bytes]:
        return [(log / tile.path).read_bytes() for tile in asked]

    assert frontier_of_tiles(300, read).root() == checkpoint.root
    assert verify_inclusion(leaves[257], 257, 300, inclusion_proof(257, 300, read), checkpoint.root)
    assert verify_consistency(256, 300, consistency_proof(256, 300, read), tree_root(leaves[:256]), checkpoint.root)


def test_requests_to_litewitness_are_read_and_the_one_with_another_base64_is_not(vectors: Path) -> None:
    testdata = vectors / "torchwood-litewitness/cmd/litewitness/testdata"
    answers: list[str] = []
    for name in ("litewitness.txt", "sumdb.txt"):
        for block in (testdata / name).read_text(encoding="utf-8").split("/add-checkpoint\n")[1:]:
            body, answer = block.split("```\n")[1:3]
            answers.append(answer[:8])
            if "6gx=" in body:
                # Its base64 has left-over bits, which Go reads and then finds the signature wrong.
                assert answer.startswith("HTTP 403")
                with pytest.raises(MalformedNote):
                    parse_add_checkpoint(body.encode())
            else:
                assert parse_add_checkpoint(body.encode()).encode() == body.encode()
            if name == "sumdb.txt":
                # Go's checksum database signs under a name that is not its origin: verified, but not what `signed_checkpoint` asks for.
                request, vkey = parse_add_checkpoint(body.encode()), parse_vkey(SUMDB_VKEY)
                assert verified_by(request.checkpoint, [vkey]) == (vkey,)
                assert signed_checkpoint(request.checkpoint, [vkey]) is None
    assert len(answers) == 10
    assert answers.count("HTTP 200") == 4
