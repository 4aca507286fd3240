"""Roots and frontiers against the definitions of RFC 6962 and its published known answers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import MalformedTile
from ledger.tlog.tree import EMPTY_ROOT, Frontier, Subtree, leaf_hash, node_hash, tree_root
from tests.tlog.slow_reference import SlowTree, entries_of

ENTRIES = entries_of(600)
LEAVES = [leaf_hash(entry) for entry in ENTRIES]
SLOW = SlowTree(ENTRIES)

# The leaves and roots that certificate-transparency implementations have shared since RFC 6962.
KNOWN_ENTRIES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
KNOWN_ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


@pytest.mark.parametrize("size", range(9))
def test_the_published_roots_come_out(size: int) -> None:
    assert tree_root([leaf_hash(bytes.fromhex(entry)) for entry in KNOWN_ENTRIES[:size]]).hex() == KNOWN_ROOTS[size]


def test_leaves_and_nodes_are_hashed_apart() -> None:
    left, right = leaf_hash(b"left"), leaf_hash(b"right")
    assert leaf_hash(left + right) != node_hash(left, right)
    assert leaf_hash(b"").hex() == KNOWN_ROOTS[1]


def test_every_size_to_600_has_the_root_that_rfc_6962_defines() -> None:
    frontier = Frontier()
    assert frontier.root() == EMPTY_ROOT == SLOW.mth(0, 0) == tree_root([])
    for size in range(1, 601):
        frontier.append(LEAVES[size - 1])
        assert frontier.root() == SLOW.mth(0, size) == tree_root(LEAVES[:size])
        assert Frontier(frontier.size, frontier.hashes) == frontier


@given(st.lists(st.integers(0, 300), max_size=6))
def test_a_frontier_grows_alike_in_any_steps_and_names_each_complete_subtree_once(steps: list[int]) -> None:
    frontier, completed = Frontier(), list[Subtree]()
    leaves = LEAVES * 4
    for step in steps:
        completed += frontier.extend(leaves[frontier.size : frontier.size + step])
    size = sum(steps)
    assert frontier.size == size
    assert frontier.root() == tree_root(leaves[:size])
    assert completed == [Subtree(1, index, tree_root(leaves[256 * index : 256 * (index + 1)])) for index in range(size // 256)]
    one_by_one = Frontier()
    for leaf in leaves[:size]:
        one_by_one.append(leaf)
    assert one_by_one == frontier


def test_subtrees_over_65536_leaves_complete_too() -> None:
    leaves = [leaf_hash(b"%d" % index) for index in range(70_000)]
    in_steps, at_once = Frontier(), Frontier()
    completed = [subtree for start in range(0, 70_000, 999) for subtree in in_steps.extend(leaves[start : start + 999])]
    together = at_once.extend(leaves)
    assert in_steps == at_once
    assert sorted(completed, key=lambda subtree: (subtree.level, subtree.index)) == together
    assert [subtree for subtree in together if subtree.level == 2] == [Subtree(2, 0, tree_root(leaves[:65_536]))]
    assert sum(subtree.level == 1 for subtree in together) == 273
    assert at_once.root() == tree_root(leaves)


@pytest.mark.parametrize(("size", "hashes"), [(0, (EMPTY_ROOT,)), (3, (EMPTY_ROOT,)), (-1, ()), (1, (b"short",)), (2**63, (EMPTY_ROOT,))])
def test_a_stored_frontier_that_cannot_be_one_is_refused(size: int, hashes: tuple[bytes, ...]) -> None:
    with pytest.raises(MalformedTile):
        Frontier(size, hashes)
