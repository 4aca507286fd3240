"""Inclusion and consistency proofs against the recursive definitions, and what makes each of them fail."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import MalformedProof, MalformedTile
from ledger.tlog.proof import audit_path, consistency_proof, frontier_of_tiles, inclusion_proof, verify_consistency, verify_inclusion
from ledger.tlog.reader import HeldTiles
from ledger.tlog.tile import Tile
from ledger.tlog.tree import EMPTY_ROOT, Frontier, leaf_hash
from tests.tlog.slow_reference import SlowTree, entries_of

ENTRIES = entries_of(600)
LEAVES = [leaf_hash(entry) for entry in ENTRIES]
SLOW = SlowTree(ENTRIES)
HELD = HeldTiles(LEAVES)


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5, 6, 7, 8, 9, 31, 32, 33, 127, 255, 256, 257, 258, 511, 512, 513, 600])
def test_every_inclusion_proof_is_the_path_that_rfc_6962_defines(size: int) -> None:
    root = SLOW.mth(0, size)
    assert frontier_of_tiles(size, HELD).root() == root
    for index in range(size):
        path = inclusion_proof(index, size, HELD)
        assert list(path) == SLOW.path(index, 0, size)
        assert verify_inclusion(LEAVES[index], index, size, path, root)


@pytest.mark.parametrize("new", [*range(1, 34), 255, 256, 257, 300, 512, 513, 600])
def test_every_consistency_proof_is_the_proof_that_rfc_6962_defines(new: int) -> None:
    for old in range(1, new + 1):
        path = consistency_proof(old, new, HELD)
        assert list(path) == SLOW.proof(old, new)
        assert verify_consistency(old, new, path, SLOW.mth(0, old), SLOW.mth(0, new))


def test_proofs_in_a_tree_of_70_000_leaves() -> None:
    entries = entries_of(70_000)
    slow = SlowTree(entries)
    held = HeldTiles([leaf_hash(entry) for entry in entries])
    assert held.root() == frontier_of_tiles(70_000, held).root() == slow.mth(0, 70_000)
    for size in (70_000, 69_999, 65_537, 65_536, 65_535):
        for index in (0, 255, 256, 65_534, size - 1):
            path = inclusion_proof(index, size, held)
            assert list(path) == slow.path(index, 0, size)
            assert verify_inclusion(leaf_hash(entries[index]), index, size, path, slow.mth(0, size))
        for old in (1, 256, 257, 32_768, 65_535, size):
            path = consistency_proof(old, size, held)
            assert list(path) == slow.proof(old, size)
            assert verify_consistency(old, size, path, slow.mth(0, old), slow.mth(0, size))


@given(st.integers(1, 600).flatmap(lambda size: st.tuples(st.integers(0, size - 1), st.just(size))))
def test_the_audit_path_of_a_line_is_its_inclusion_proof(place: tuple[int, int]) -> None:
    index, size = place
    assert audit_path(LEAVES[:size], index) == inclusion_proof(index, size, HELD)


def test_a_proof_reads_once_and_at_most_two_tiles_of_a_level() -> None:
    held = HeldTiles([leaf_hash(b"%d" % index) for index in range(140_000)])
    asked: list[Sequence[Tile]] = []

    def read(tiles: Sequence[Tile], /) -> list[bytes]:
        asked.append(tiles)
        return held(tiles)

    inclusion_proof(66_000, 140_000, read)
    consistency_proof(66_000, 140_000, read)
    assert len(asked) == 2
    for tiles in asked:
        assert len(set(tiles)) == len(tiles) <= 6
        assert all(sum(tile.level == level for tile in tiles) <= 2 for level in range(3))


@given(st.integers(0, 600), st.integers(0, 100))
def test_a_tree_read_from_tiles_grows_like_one_that_was_held(size: int, more: int) -> None:
    frontier, held = frontier_of_tiles(size, HELD), Frontier()
    held.extend(LEAVES[:size])
    assert frontier == held
    assert frontier.extend(LEAVES[:more]) == held.extend(LEAVES[:more])
    assert frontier == held


def test_proofs_of_one_leaf_and_of_equal_sizes_read_nothing() -> None:
    def read(tiles: Sequence[Tile], /) -> list[bytes]:
        raise AssertionError(tiles)

    assert inclusion_proof(0, 1, read) == consistency_proof(600, 600, read) == ()
    assert frontier_of_tiles(0, read).root() == EMPTY_ROOT


@pytest.mark.parametrize(("index", "size"), [(-1, 5), (5, 5), (0, 0), (0, 2**63)])
def test_there_is_no_inclusion_proof_outside_the_tree(index: int, size: int) -> None:
    with pytest.raises(MalformedProof):
        inclusion_proof(index, size, HELD)
    assert not verify_inclusion(LEAVES[0], index, min(size, 5), (), LEAVES[0])


@pytest.mark.parametrize("index", [-1, 3])
def test_there_is_no_audit_path_outside_the_request(index: int) -> None:
    with pytest.raises(MalformedProof):
        audit_path(LEAVES[:3], index)


@pytest.mark.parametrize(("old", "new"), [(0, 5), (6, 5), (-1, 5), (1, 2**63)])
def test_there_is_no_consistency_proof_backwards_or_from_nothing(old: int, new: int) -> None:
    with pytest.raises(MalformedProof):
        consistency_proof(old, new, HELD)


def test_a_reader_that_gives_a_tile_of_another_width_is_found_out() -> None:
    with pytest.raises(MalformedTile):
        inclusion_proof(3, 10, lambda tiles: [contents[:-32] for contents in HELD(tiles)])
    with pytest.raises(MalformedTile):
        HELD([Tile(0, 2, 89)])
    with pytest.raises(MalformedTile):
        HELD([Tile(4, 0, 1)])


sizes = st.integers(1, 600)


@given(sizes.flatmap(lambda size: st.tuples(st.integers(0, size - 1), st.just(size))), st.data())
def test_a_damaged_inclusion_proof_fails(place: tuple[int, int], data: st.DataObject) -> None:
    index, size = place
    path = inclusion_proof(index, size, HELD)
    root = SLOW.mth(0, size)
    assert not verify_inclusion(SLOW.mth(0, 0), index, size, path, root)
    assert not verify_inclusion(LEAVES[index], index, size, path, root[:-1])
    assert not verify_inclusion(LEAVES[index], index, size, damage(path, data), root)
    other = data.draw(st.integers(0, 2**63).filter(lambda number: number != index))
    assert not verify_inclusion(LEAVES[index], other, size, path, root)


@given(st.tuples(sizes, sizes).map(sorted), st.data())
def test_a_damaged_consistency_proof_fails(pair: list[int], data: st.DataObject) -> None:
    old, new = pair
    path = consistency_proof(old, new, HELD)
    old_root, new_root = SLOW.mth(0, old), SLOW.mth(0, new)
    assert not verify_consistency(old, new, damage(path, data), old_root, new_root)
    assert not verify_consistency(old, new, path, EMPTY_ROOT, new_root)
    assert not verify_consistency(old, new, path, old_root, EMPTY_ROOT)
    assert not verify_consistency(0, new, path, EMPTY_ROOT, new_root)
    assert not verify_consistency(new + 1, new, path, old_root, new_root)


def damage(path: Sequence[bytes], data: st.DataObject) -> list[bytes]:
    """The proof with one hash more, one less, one changed, cut or joined with the next."""
    damaged = list(path)
    place = data.draw(st.integers(0, len(path)))
    if place == len(path):
        damaged.insert(data.draw(st.integers(0, len(path))), data.draw(st.sampled_from([*path, EMPTY_ROOT, b""])))
        return damaged
    kind = data.draw(st.sampled_from(["drop", "flip", "cut", "join"]))
    if kind == "drop":
        del damaged[place]
    elif kind == "flip":
        flipped = bytearray(path[place])
        flipped[data.draw(st.integers(0, 31))] ^= 1 << data.draw(st.integers(0, 7))
        damaged[place] = bytes(flipped)
    elif kind == "cut":
        damaged[place] = path[place][:-1]
    else:
        damaged[place : place + 2] = [b"".join(path[place : place + 2]) + b"\0"]
    return damaged
