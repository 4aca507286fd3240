"""The log of an independent implementation, `tlog-scales`, read from our files: same roots, same proofs, byte for byte."""

from pathlib import Path
from typing import Any

import pytest

from ledger.tlog.checkpoint import Checkpoint
from ledger.tlog.note import sign_note
from ledger.tlog.proof import consistency_proof, inclusion_proof
from ledger.tlog.reader import HeldTiles
from ledger.tlog.tile import bundles_of, encode_bundle, tiles_of
from ledger.tlog.tree import leaf_hash
from tests.tlog.keys import KnownSigner
from tests.tlog.slow_reference import entries_of

pytest.importorskip("tlog_scales", reason="the oracle tlog-scales is not installed")

ORIGIN = "ledger.example/p/one"
SIZE = 66_000


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> tuple[HeldTiles, Any]:
    from tlog_scales.backend import LocalBackend
    from tlog_scales.reader import TilesReader

    folder = tmp_path_factory.mktemp("log")
    entries = entries_of(SIZE)
    held = HeldTiles([leaf_hash(entry) for entry in entries])
    tiles = list(tiles_of(SIZE))
    for tile, contents in zip(tiles, held(tiles), strict=True):
        write(folder / tile.path, contents)
    for bundle in bundles_of(SIZE):
        write(folder / bundle.path, encode_bundle(entries[256 * bundle.index :][: bundle.width]))
    write(folder / "checkpoint", sign_note(Checkpoint(ORIGIN, SIZE, held.root()).text, [KnownSigner(ORIGIN)]).encode())
    return held, TilesReader(LocalBackend(folder))


def write(path: Path, contents: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(contents)


def test_it_verifies_our_checkpoint_and_computes_our_root(log: tuple[HeldTiles, Any]) -> None:
    from tlog_scales.signing import Vkey

    held, reader = log
    checkpoint = reader.get_checkpoint()
    checkpoint.verify(Vkey.from_string(str(KnownSigner(ORIGIN).vkey)))
    assert (checkpoint.origin, checkpoint.size, checkpoint.root_hash) == (ORIGIN, SIZE, held.root())
    assert reader.calculate_root_hash() == held.root()
    assert reader.get_entry(65_999) == entries_of(SIZE)[-1]


def test_it_makes_the_same_proofs(log: tuple[HeldTiles, Any]) -> None:
    held, reader = log
    reader.set_size(SIZE)
    for index in [0, 1, 255, 256, 257, 40_000, 65_535, 65_536, SIZE - 1]:
        assert tuple(reader.get_inclusion_proof(index, SIZE).node_hashes) == inclusion_proof(index, SIZE, held)
    for old in [1, 2, 255, 256, 257, 1_000, 40_000, 65_535, 65_536, 65_537, SIZE]:
        assert tuple(reader.get_consistency_proof(old, SIZE).node_hashes) == consistency_proof(old, SIZE, held)
