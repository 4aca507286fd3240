"""Proof files (C2SP tlog-proof) and requests to witnesses (C2SP tlog-witness): written, read back, refused, verified."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import LedgerError, MalformedNote, MalformedProof
from ledger.tlog.checkpoint import Checkpoint
from ledger.tlog.note import sign_note
from ledger.tlog.proof import consistency_proof, inclusion_proof
from ledger.tlog.reader import HeldTiles
from ledger.tlog.tlog_proof import TlogProof, parse_tlog_proof
from ledger.tlog.tree import EMPTY_ROOT, leaf_hash, tree_root
from ledger.tlog.witness import AddCheckpoint, parse_add_checkpoint
from tests.tlog.keys import KnownSigner

LEAVES = [leaf_hash(b"%d" % index) for index in range(300)]
HELD = HeldTiles(LEAVES)
ORIGIN = "ledger.example/p/one"
LOG = KnownSigner(ORIGIN)
CHECKPOINT = Checkpoint(ORIGIN, 300, HELD.root())
NOTE = sign_note(CHECKPOINT.text, [LOG, KnownSigner("witness.example", 2)])
PROOF = TlogProof(257, inclusion_proof(257, 300, HELD), NOTE, b"extra \xff")
REQUEST = AddCheckpoint(200, consistency_proof(200, 300, HELD), NOTE)


def test_a_proof_file_has_the_lines_of_the_specification() -> None:
    lines = dataclasses.replace(PROOF, path=PROOF.path[:1]).encode().decode().split("\n")
    assert lines[:3] == ["c2sp.org/tlog-proof@v1", "extra ZXh0cmEg/w==", "index 257"]
    assert len(lines[3]) == 44
    assert "\n".join(lines[4:]) == "\n" + NOTE.encode().decode()


@given(st.integers(0, 2**63 - 1), st.lists(st.binary(min_size=32, max_size=32), max_size=63), st.binary())
def test_every_proof_file_and_request_is_read_back(number: int, path: list[bytes], extra: bytes) -> None:
    proof = TlogProof(number, tuple(path), NOTE, extra)
    assert parse_tlog_proof(proof.encode()) == proof
    request = AddCheckpoint(number, tuple(path), NOTE)
    assert parse_add_checkpoint(request.encode()) == request


def test_a_proof_file_verifies_for_its_leaf_and_its_log_alone() -> None:
    read = parse_tlog_proof(PROOF.encode())
    assert read.verifies(LEAVES[257], [LOG.vkey])
    assert not read.verifies(LEAVES[256], [LOG.vkey])
    assert not read.verifies(LEAVES[257], [KnownSigner(ORIGIN, 3).vkey])
    assert not dataclasses.replace(read, index=256).verifies(LEAVES[257], [LOG.vkey])
    assert not dataclasses.replace(read, path=read.path[1:]).verifies(LEAVES[257], [LOG.vkey])


def test_a_request_gives_its_checkpoint_when_it_extends_the_old_tree() -> None:
    read = parse_add_checkpoint(REQUEST.encode())
    old_root = tree_root(LEAVES[:200])
    assert read.extends(old_root, [LOG.vkey]) == CHECKPOINT
    assert read.extends(tree_root(LEAVES[:199]), [LOG.vkey]) is None
    assert read.extends(old_root, []) is None
    assert dataclasses.replace(read, old_size=201).extends(old_root, [LOG.vkey]) is None
    first = AddCheckpoint(0, (), NOTE)
    assert first.extends(EMPTY_ROOT, [LOG.vkey]) == CHECKPOINT
    assert dataclasses.replace(first, path=REQUEST.path).extends(EMPTY_ROOT, [LOG.vkey]) is None


@pytest.mark.parametrize(
    ("find", "replacement"),
    [
        (b"tlog-proof@v1", b"tlog-proof@v2"),
        (b"c2sp", b"\xffc2sp"),
        (b"extra ZXh0cmEg/w==", b"extra "),
        (b"extra ZXh0cmEg/w==", b"extra ZXh0cmEg/w="),
        (b"extra ZXh0cmEg/w==", b"extra"),
        (b"extra ZXh0cmEg/w==", b"more ZXh0cmEg/w=="),
        (b"extra ZXh0cmEg/w==\n", b"extra ZXh0cmEg/w==\nextra ZXh0cmEg/w==\n"),
        (b"index 257", b"index 0257"),
        (b"index 257", b"index"),
        (b"index 257", b"index  257"),
        (b"index 257", b"index 9223372036854775808"),
        (b"index 257\n", b"index 257\n\n"),
        (b"index 257\n", b"index 257\nAAAA\n"),
        (b"index 257\n", b"index 257\n" + b"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n" * 64),
        (b"index 257\n", b"index 257\n" + b"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB=\n"),
        (b"\n\n", b"\n"),
        (b"300\n", b"0300\n"),
    ],
)
def test_what_is_not_written_as_a_proof_file_is_refused(find: bytes, replacement: bytes) -> None:
    assert find in PROOF.encode()
    with pytest.raises((MalformedProof, MalformedNote)):
        parse_tlog_proof(PROOF.encode().replace(find, replacement))


@pytest.mark.parametrize("head", [b"", b"old", b"old ", b"old 01", b"old -1", b"new 1", b"old 1\nAAAA", b" old 1", b"old 1 "])
def test_what_is_not_written_as_a_request_is_refused(head: bytes) -> None:
    with pytest.raises(MalformedProof):
        parse_add_checkpoint(head + b"\n\n" + NOTE.encode())


@pytest.mark.parametrize(
    "data", [b"", b"c2sp.org/tlog-proof@v1", b"c2sp.org/tlog-proof@v1\n", b"c2sp.org/tlog-proof@v1\n\n" + NOTE.encode()]
)
def test_a_file_that_ends_early_is_refused(data: bytes) -> None:
    with pytest.raises(MalformedProof):
        parse_tlog_proof(data)


@given(st.data())
def test_a_damaged_proof_file_is_refused_or_does_not_verify(data: st.DataObject) -> None:
    whole = dataclasses.replace(PROOF, extra=b"", checkpoint=sign_note(CHECKPOINT.text, [LOG])).encode()
    damaged = bytearray(whole)
    damaged[data.draw(st.integers(0, len(whole) - 1))] ^= data.draw(st.integers(1, 255))
    try:
        proof = parse_tlog_proof(bytes(damaged))
    except LedgerError:
        return
    assert proof.encode() == damaged
    assert not proof.verifies(LEAVES[257], [LOG.vkey])


@given(st.binary(max_size=100), st.binary(max_size=100))
def test_arbitrary_bytes_raise_only_errors_of_the_ledger(head: bytes, rest: bytes) -> None:
    for data in (
        head,
        head + b"\n\n" + rest,
        b"c2sp.org/tlog-proof@v1\n" + head + b"\n\n" + NOTE.encode(),
        b"old " + head + b"\n\n" + rest,
    ):
        for read in (parse_tlog_proof, parse_add_checkpoint):
            try:
                read(data)
            except LedgerError as error:
                assert str(error)
