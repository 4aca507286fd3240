"""Trees, notes, keys and proofs in the verifier page: what the slow reference defines, and what other implementations wrote, as in Python.

Where the two read differently what somebody changed by one bit, a package could be good for one and bad for the other.
"""

from base64 import b64encode
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from ledger.errors import Malformed
from ledger.tlog.checkpoint import parse_checkpoint
from ledger.tlog.note import parse_note, verified_by
from ledger.tlog.policy import parse_policy
from ledger.tlog.tile import Tile, decode_tile, tiles_of
from ledger.tlog.tlog_proof import parse_tlog_proof
from ledger.tlog.vkey import parse_vkey
from tests.browser.browsing import Verifier
from tests.tamper.mutating import flipped
from tests.tamper.small_log import WITNESS, policy, small_log, witnessed
from tests.tlog.slow_reference import SlowTree, entries_of
from tests.tlog.test_foreign_vectors import SUMDB_VKEY

SLOW: Final = SlowTree(entries_of(600))
BYTES: Final = "const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));"
ENTRY: Final = "const entry = (index) => utf8(`entry ${index} `.repeat((index % 5) + 1));"


def b64(data: bytes) -> str:
    return b64encode(data).decode()


def test_every_size_to_600_has_the_root_that_rfc_6962_defines(verifier: Verifier) -> None:
    script = f"""() => {{ {ENTRY}
      const leaves = Array.from({{ length: 600 }}, (_, index) => leafHash(entry(index)));
      const tree = new GrowingTree(null);
      const roots = [[hex(tree.root()), hex(treeRoot([]))]];
      leaves.forEach((leaf, index) => {{ tree.add(leaf); roots.push([hex(tree.root()), hex(treeRoot(leaves.slice(0, index + 1)))]); }});
      return roots;
    }}"""
    assert verifier.call(script) == [[SLOW.mth(0, size).hex()] * 2 for size in range(601)]


def some(size: int) -> list[int]:
    """Places in a tree of this size: its end, those around its greatest complete part, and another."""
    split = 1 << (size - 1).bit_length() - 1 if size > 1 else 0
    return sorted({place for place in (size // 3, split - 1, split, size - 1) if 0 <= place < size})


def test_proofs_at_every_size_to_600_are_accepted_and_no_others(verifier: Verifier) -> None:
    inclusion = [[b64(SLOW.mth(at, at + 1)), at, size, list(map(b64, SLOW.path(at, 0, size))), b64(SLOW.mth(0, size))]
                 for size in range(1, 601) for at in some(size)]  # fmt: skip
    consistency = [[old, b64(SLOW.mth(0, old)), size, b64(SLOW.mth(0, size)), list(map(b64, SLOW.proof(old, size)))]
                   for size in range(1, 601) for old in {*some(size), size} if old]  # fmt: skip
    script = f"""([inclusion, consistency]) => {{ {BYTES}
      const turned = (part, at) => part.map((byte, place) => (place === at % 32 ? byte ^ 1 : byte));
      const spoilt = (path) => path.map((part, at) => path.map((one, place) => (place === at ? turned(part, at) : one)));
      const others = (path) => [...spoilt(path), path.slice(1), [...path, leafHash(utf8("x"))]].filter((one) => one.length || path.length);
      const wrong = [];
      for (const [leaf, at, size, path, root] of inclusion) {{
        const [hash, parts, top] = [bytes(leaf), path.map(bytes), bytes(root)];
        if (!verifyInclusion(hash, at, size, parts, top)) wrong.push(["refused", at, size]);
        if (others(parts).some((one) => verifyInclusion(hash, at, size, one, top))) wrong.push(["accepted", at, size]);
        if (size > 1 && verifyInclusion(hash, (at + 1) % size, size, parts, top)) wrong.push(["elsewhere", at, size]);
      }}
      for (const [old, before, size, after, path] of consistency) {{
        const [first, second, parts] = [bytes(before), bytes(after), path.map(bytes)];
        if (!verifyConsistency(old, first, size, second, parts)) wrong.push(["refused", old, size]);
        if (others(parts).some((one) => verifyConsistency(old, first, size, second, one))) wrong.push(["accepted", old, size]);
        if (old < size && verifyConsistency(old, second, size, second, parts)) wrong.push(["another root", old, size]);
      }}
      return wrong;
    }}"""
    assert verifier.call(script, [inclusion, consistency]) == []


def test_a_tree_of_70_000_leaves(verifier: Verifier) -> None:
    slow = SlowTree(entries_of(70_000))
    size = 70_000
    proofs = [[at, list(map(b64, slow.path(at, 0, size)))] for at in (0, 255, 256, 65_535, 65_536, size - 1)]
    grown = [[old, b64(slow.mth(0, old)), list(map(b64, slow.proof(old, size)))] for old in (1, 256, 257, 65_535, 65_536, 69_999)]
    script = f"""([size, proofs, grown]) => {{ {BYTES} {ENTRY}
      const completed = [];
      const tree = new GrowingTree((level, hash) => completed.push([level, hex(hash)]));
      for (let index = 0; index < size; index += 1) tree.add(leafHash(entry(index)));
      const root = tree.root();
      return {{
        root: hex(root),
        completed: [completed.filter(([level]) => level === 1).length, completed.filter(([level]) => level === 2)],
        included: proofs.every(([at, path]) => verifyInclusion(leafHash(entry(at)), at, size, path.map(bytes), root)),
        grown: grown.every(([old, before, path]) => verifyConsistency(old, bytes(before), size, root, path.map(bytes))),
        tiles: tilesOf(size).map((tile) => tilePath(...tile)),
      }};
    }}"""
    found = verifier.call(script, [size, proofs, grown])
    assert (found["root"], found["included"], found["grown"]) == (slow.mth(0, size).hex(), True, True)
    assert found["completed"] == [273, [[2, slow.mth(0, 65_536).hex()]]]
    assert found["tiles"] == [tile.path for tile in tiles_of(size)]


def read_note(data: bytes) -> list[Any]:
    note = parse_note(data)
    return [note.text, [[one.name, one.key_id.hex(), one.signature.hex()] for one in note.signatures]]


def read_checkpoint(data: bytes) -> list[Any]:
    checkpoint = parse_checkpoint(parse_note(data).text, extensions=True)
    return [checkpoint.origin, str(checkpoint.size), checkpoint.root.hex(), list(checkpoint.extensions)]


def read_proof(data: bytes) -> list[Any]:
    proof = parse_tlog_proof(data)
    return [str(proof.index), [part.hex() for part in proof.path], proof.checkpoint.text, bool(proof.extra)]


def read_vkey(data: bytes) -> list[Any]:
    vkey = parse_vkey(data.decode("utf-8"))
    return [vkey.name, int(vkey.type), vkey.public_key.hex()]


def read_policy(data: bytes) -> list[Any]:
    found = parse_policy(data)
    return [[str(witness.vkey) for witness in found.witnesses], found.quorum.decode("latin-1")]


READERS: Final[dict[str, tuple[str, Callable[[bytes], list[Any]]]]] = {
    "note": (
        "const n = parseNote(data); return [n.text, n.signatures.map((one) => [one.name, one.id, hex(one.signature)])];",
        read_note,
    ),
    "checkpoint": (
        "const c = parseCheckpoint(parseNote(data).text); return [c.origin, String(c.size), hex(c.root), c.extensions];",
        read_checkpoint,
    ),
    "proof": ("const p = parseTlogProof(data); return [String(p.index), p.path.map(hex), p.note.text, p.hasExtra];", read_proof),
    "vkey": (
        "const text = readUtf8(data); if (text === null) return null; const v = parseVkey(text); return [v.name, v.type, hex(v.key)];",
        read_vkey,
    ),
    "policy": ("const p = parsePolicy(data); return [p.witnesses.map(({ vkey }) => vkey.text), p.quorum];", read_policy),
}
"""Kind of document → how the page reads it, and how Python does."""


def documents() -> Iterator[tuple[str, bytes]]:
    """One of each kind, as they stand in a package."""
    log = small_log()
    extract = witnessed(log).extract
    yield from (("note", extract.checkpoint), ("checkpoint", extract.checkpoint), ("proof", extract.proofs[1]))
    yield from (("vkey", extract.vkeys[0].encode()), ("policy", policy()))


@pytest.mark.parametrize(("kind", "document"), list(documents()), ids=lambda value: value if isinstance(value, str) else "")
def test_a_document_of_which_any_bit_is_turned_is_read_alike_or_refused_by_both(verifier: Verifier, kind: str, document: bytes) -> None:
    in_page, in_python = READERS[kind]
    script = f"""(all) => {{ {BYTES}
      const read = (data) => {{ {in_page} }};
      return all.map((one) => {{
        try {{ return read(bytes(one)); }} catch (error) {{ if (error instanceof Malformed) return null; throw error; }}
      }});
    }}"""
    turned = [document, *(flipped(document, bit) for bit in range(8 * len(document)))]
    expected: list[Any] = []
    for one in turned:
        try:
            expected.append(in_python(one))
        except (Malformed, UnicodeDecodeError):
            expected.append(None)
    assert verifier.call(script, list(map(b64, turned))) == expected
    assert expected[0] is not None and None in expected


def test_whoever_signed_is_told_alike_of_a_note_of_which_any_bit_is_turned(verifier: Verifier) -> None:
    log = small_log()
    note = witnessed(log).extract.checkpoint
    vkeys = [log.ledger.signers[0].vkey, WITNESS.cosign("x\n", 0)[0]]
    turned = [note, *(flipped(note, bit) for bit in range(0, 8 * len(note), 5))]
    script = f"""([vkeys, all]) => {{ {BYTES}
      const known = vkeys.map(parseVkey);
      return all.map((one) => {{
        try {{ return verifiedBy(parseNote(bytes(one)), known).map((vkey) => vkey.text); }}
        catch (error) {{ if (error instanceof Malformed) return null; throw error; }}
      }});
    }}"""
    expected: list[list[str] | None] = []
    for one in turned:
        try:
            expected.append([str(vkey) for vkey in verified_by(parse_note(one), vkeys)])
        except Malformed:
            expected.append(None)
    assert verifier.call(script, [list(map(str, vkeys)), list(map(b64, turned))]) == expected
    assert expected[0] == list(map(str, vkeys))


@pytest.fixture(scope="module")
def vectors(shared: Path) -> Path:
    folder = shared / "vectors"
    if not folder.is_dir():
        pytest.skip("the folder of shared vectors does not stand beside this checkout")
    return folder


def test_the_checkpoints_in_the_scripts_of_litewitness_are_read_as_in_python(verifier: Verifier, vectors: Path) -> None:
    testdata = vectors / "torchwood-litewitness/cmd/litewitness/testdata"
    notes: list[bytes] = []
    for name in ("litewitness.txt", "sumdb.txt"):
        for block in (testdata / name).read_text(encoding="utf-8").split("/add-checkpoint\n")[1:]:
            notes.append(block.split("```\n")[1].partition("\n\n")[2].encode())
    script = f"""([vkey, all]) => {{ {BYTES}
      return all.map((one) => {{
        try {{
          const note = parseNote(bytes(one));
          const checkpoint = parseCheckpoint(note.text);
          return [checkpoint.origin, String(checkpoint.size), hex(checkpoint.root), verifiedBy(note, [parseVkey(vkey)]).length];
        }} catch (error) {{ if (error instanceof Malformed) return null; throw error; }}
      }});
    }}"""
    expected: list[list[Any] | None] = []
    for one in notes:
        try:
            expected.append([*read_checkpoint(one)[:3], len(verified_by(parse_note(one), [parse_vkey(SUMDB_VKEY)]))])
        except Malformed:
            expected.append(None)
    assert verifier.call(script, [SUMDB_VKEY, list(map(b64, notes))]) == expected
    assert (len(notes), expected.count(None)) == (10, 1), "one has base64 with bits left over"
    assert [found[3] for found in expected if found is not None].count(1) > 0


def test_a_log_of_300_entries_mirrored_by_sunlight_has_the_root_that_its_checkpoint_states(verifier: Verifier, vectors: Path) -> None:
    log = next((vectors / "sunlight-skylight/cmd/skylight/testdata/witness/mirror").glob("*/checkpoint")).parent
    leaves = [leaf for tile in (Tile(0, 0), Tile(0, 1, 44)) for leaf in decode_tile((log / tile.path).read_bytes(), tile)]
    script = f"""([note, leaves]) => {{ {BYTES}
      const completed = [];
      const tree = new GrowingTree((level, hash) => completed.push(hex(hash)));
      leaves.forEach((leaf) => tree.add(bytes(leaf)));
      const checkpoint = parseCheckpoint(parseNote(bytes(note)).text);
      const paths = tilesOf(300).map((tile) => tilePath(...tile));
      return [String(checkpoint.size), hex(checkpoint.root), hex(tree.root()), completed, paths];
    }}"""
    size, stated, root, completed, paths = verifier.call(script, [b64((log / "checkpoint").read_bytes()), list(map(b64, leaves))])
    assert (size, stated) == ("300", root)
    assert "".join(completed) == (log / Tile(1, 0, 1).path).read_bytes().hex()
    assert [(log / path).is_file() for path in paths] == [True, True, True]
