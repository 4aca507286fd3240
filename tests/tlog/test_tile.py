"""Paths, tiles and entry bundles of C2SP tlog-tiles."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import MalformedTile
from ledger.tlog.tile import (
    Bundle,
    Tile,
    bundles_of,
    decode_bundle,
    decode_tile,
    encode_bundle,
    encode_tile,
    parse_path,
    tile_width,
    tiles_of,
)

places = st.builds(Tile, st.integers(0, 63), st.integers(0, 2**63 - 1), st.integers(1, 256)) | st.builds(
    Bundle, st.integers(0, 2**63 - 1), st.integers(1, 256)
)


@pytest.mark.parametrize(
    ("place", "path"),
    [
        (Tile(0, 0), "tile/0/000"),
        (Tile(1, 1_234_067), "tile/1/x001/x234/067"),
        (Tile(2, 1_000), "tile/2/x001/000"),
        (Tile(0, 273, 112), "tile/0/273.p/112"),
        (Bundle(999_999), "tile/entries/x999/999"),
        (Bundle(5, 1), "tile/entries/005.p/1"),
    ],
)
def test_paths_are_spelled_as_the_specification_spells_them(place: Tile | Bundle, path: str) -> None:
    assert place.path == path
    assert parse_path(path) == place


@given(places)
def test_every_path_is_read_back(place: Tile | Bundle) -> None:
    assert parse_path(place.path) == place


@pytest.mark.parametrize(
    "path",
    [
        "",
        "tile",
        "tile/0/0",
        "tile/0/0000",
        "tile/00/000",
        "tile/64/000",
        "tile/-1/000",
        "tile/0/x000/001",
        "tile/0/001/x234",
        "tile/0/001/234",
        "tile/0/000.p/0",
        "tile/0/000.p/256",
        "tile/0/000.p/01",
        "tile/0/000.p/",
        "tile/0/000\n",
        "/tile/0/000",
        "tile/0/../000",
        "tile/entries/x1/000",
        "tile/data/000",
        "tile/0/٠٠٠",
        "tile/0/x999/x999/x999/x999/x999/x999/999",
        "tile/0/" + "x001/" * 1000 + "000",
    ],
)
def test_no_other_spelling_is_read(path: str) -> None:
    with pytest.raises(MalformedTile):
        parse_path(path)


def test_a_tree_of_70_000_leaves_has_the_tiles_that_the_specification_counts() -> None:
    tiles = list(tiles_of(70_000))
    assert tiles[:273] == [Tile(0, index) for index in range(273)]
    assert tiles[273:] == [Tile(0, 273, 112), Tile(1, 0), Tile(1, 1, 17), Tile(2, 0, 1)]
    assert list(bundles_of(70_000)) == [*(Bundle(index) for index in range(273)), Bundle(273, 112)]


def test_a_tree_of_256_leaves_has_a_full_tile_and_one_hash_above() -> None:
    assert list(tiles_of(256)) == [Tile(0, 0), Tile(1, 0, 1)]
    assert [*tiles_of(0), *bundles_of(0)] == []


@given(st.integers(0, 70_000), st.integers(0, 70_000))
def test_what_is_new_is_what_the_greater_tree_has_and_the_smaller_has_not(first: int, second: int) -> None:
    old, new = sorted([first, second])
    assert set(tiles_of(new, old)) == set(tiles_of(new)) - set(tiles_of(old))
    assert set(bundles_of(new, old)) == set(bundles_of(new)) - set(bundles_of(old))
    for tile in tiles_of(new, old):
        assert tile.width == tile_width(tile.level, tile.index, new)
    assert tile_width(0, new // 256 + 1, new) == 0


def test_a_tile_is_its_hashes_and_nothing_else() -> None:
    hashes = [bytes([index]) * 32 for index in range(256)]
    assert decode_tile(encode_tile(hashes), Tile(3, 4)) == hashes
    for damaged in (b"", encode_tile(hashes)[:-1], encode_tile(hashes) + b"\0", encode_tile(hashes[:255])):
        with pytest.raises(MalformedTile, match="tile/3/004"):
            decode_tile(damaged, Tile(3, 4))
    for wrong in ([], [b""], hashes[:1] * 257, [b"\0" * 31]):
        with pytest.raises(MalformedTile):
            encode_tile(wrong)


@given(st.lists(st.binary(max_size=300), min_size=1, max_size=256))
def test_a_bundle_gives_back_its_entries(entries: list[bytes]) -> None:
    assert decode_bundle(encode_bundle(entries), Bundle(7, len(entries))) == entries


def test_an_entry_of_a_bundle_has_at_most_65535_bytes() -> None:
    longest = b"\xff" * 65_535
    assert encode_bundle([longest])[:2] == b"\xff\xff"
    assert decode_bundle(encode_bundle([longest, b""]), Bundle(0, 2)) == [longest, b""]
    with pytest.raises(MalformedTile):
        encode_bundle([longest + b"\0"])


@given(st.lists(st.binary(max_size=20), min_size=1, max_size=20), st.data())
def test_a_damaged_bundle_is_refused_or_holds_other_entries(entries: list[bytes], data: st.DataObject) -> None:
    whole = encode_bundle(entries)
    cut = data.draw(st.integers(0, len(whole) - 1))
    with pytest.raises(MalformedTile):
        decode_bundle(whole[:cut], Bundle(0, len(entries)))
    with pytest.raises(MalformedTile):
        decode_bundle(whole + data.draw(st.binary(min_size=1, max_size=5)), Bundle(0, len(entries)))
    damaged = bytearray(whole)
    damaged[cut] ^= data.draw(st.integers(1, 255))
    try:
        found = decode_bundle(bytes(damaged), Bundle(0, len(entries)))
    except MalformedTile:
        return
    assert found != entries
    assert encode_bundle(found) == damaged
