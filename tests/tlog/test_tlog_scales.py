"""The log of an independent implementation, `tlog-scales`, read from our files: same roots, same proofs, byte for byte."""

from functools import cache
from pathlib import Path
from typing import Any

import pytest

from ledger.tlog.checkpoint import Checkpoint
from ledger.tlog.note import sign_note
from ledger.tlog.proof import consistency_proof, frontier_of_tiles, inclusion_proof
from ledger.tlog.reader import HeldTiles
from ledger.tlog.tile import bundles_of, encode_bundle, tiles_of
from ledger.tlog.tree import EMPTY_ROOT, leaf_hash
from tests.tlog.keys import KnownSigner
from tests.tlog.slow_reference import entries_of

pytest.importorskip("tlog_scales", reason="the oracle tlog-scales is not installed")

ORIGIN = "ledger.example/p/one"
SIZE = 70_000


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


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> tuple[HeldTiles, Any]:
    """A log with every tile that it had on its way to 600 entries."""
    from tlog_scales.backend import LocalBackend
    from tlog_scales.reader import TilesReader

    folder = tmp_path_factory.mktemp("small")
    held = HeldTiles([leaf_hash(entry) for entry in entries_of(600)])
    tiles = list(dict.fromkeys(tile for size in range(601) for tile in tiles_of(size)))
    for tile, contents in zip(tiles, held(tiles), strict=True):
        write(folder / tile.path, contents)
    reader = TilesReader(LocalBackend(folder))
    # It reckons the hash of the same leaves again for every proof, which is most of what it does.
    reader.mth = cache(reader.mth)
    return held, reader


def test_it_computes_our_root_at_every_size_to_600(small: tuple[HeldTiles, Any]) -> None:
    held, reader = small
    for size in range(601):
        reader.set_size(size)
        assert reader.calculate_root_hash() == (frontier_of_tiles(size, held).root() if size else EMPTY_ROOT)


def test_it_makes_our_inclusion_proofs_at_every_size_to_600(small: tuple[HeldTiles, Any]) -> None:
    held, reader = small
    for size in range(1, 601):
        reader.set_size(size)
        for index in indices(size):
            assert tuple(reader.get_inclusion_proof(index, size).node_hashes) == inclusion_proof(index, size, held)


def test_it_makes_our_consistency_proofs_at_every_size_to_600(small: tuple[HeldTiles, Any]) -> None:
    held, reader = small
    for size in range(1, 601):
        reader.set_size(size)
        for old in [*(index for index in indices(size) if index), size]:
            assert tuple(reader.get_consistency_proof(old, size).node_hashes) == consistency_proof(old, size, held)


def indices(size: int) -> range | list[int]:
    """All places in a tree of this size where it lies beside a power of two; in others every eleventh, beginning elsewhere each time."""
    near = any(abs(size - edge) <= 1 for edge in (1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 600))
    return range(size) if near else sorted({*range(size % 11, size, 11), size - 1})


def test_it_verifies_our_checkpoint_and_computes_our_root(log: tuple[HeldTiles, Any]) -> None:
    from tlog_scales.signing import Vkey

    held, reader = log
    checkpoint = reader.get_checkpoint()
    checkpoint.verify(Vkey.from_string(str(KnownSigner(ORIGIN).vkey)))
    assert (checkpoint.origin, checkpoint.size, checkpoint.root_hash) == (ORIGIN, SIZE, held.root())
    assert reader.calculate_root_hash() == held.root()
    assert reader.get_entry(SIZE - 1) == entries_of(SIZE)[-1]


def test_it_makes_the_same_proofs(log: tuple[HeldTiles, Any]) -> None:
    held, reader = log
    reader.set_size(SIZE)
    for index in [0, 1, 255, 256, 257, 40_000, 65_535, 65_536, 69_999]:
        assert tuple(reader.get_inclusion_proof(index, SIZE).node_hashes) == inclusion_proof(index, SIZE, held)
    for old in [1, 2, 255, 256, 257, 1_000, 40_000, 65_535, 65_536, 65_537, 69_999, SIZE]:
        assert tuple(reader.get_consistency_proof(old, SIZE).node_hashes) == consistency_proof(old, SIZE, held)
