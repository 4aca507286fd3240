"""Receipts and refusals: their exact lines, who signed them, and what a receipt proves."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import MalformedNote
from ledger.tlog.checkpoint import parse_checkpoint
from ledger.tlog.note import parse_note, sign_note
from ledger.tlog.proof import audit_path, verify_inclusion
from ledger.tlog.receipt import Receipt, Refusal, parse_receipt, parse_refusal, signed_receipt, signed_refusal
from ledger.tlog.tree import leaf_hash, tree_root
from tests.tlog.keys import KnownSigner

ORIGIN = "ledger.example/p/one"
LOG = KnownSigner(ORIGIN)
LEAVES = [leaf_hash(b"%d" % index) for index in range(20)]
RECEIPT = Receipt(ORIGIN, 7, 11, tree_root(LEAVES[7:12]), 1_772_355_600)
REFUSAL = Refusal(ORIGIN, "step-closed", bytes(32), 1_772_355_600)

hashes = st.binary(min_size=32, max_size=32)
numbers = st.integers(0, 2**63 - 1)


def test_a_receipt_has_exactly_the_lines_that_are_documented() -> None:
    assert dataclasses.replace(RECEIPT, root=bytes(32)).text == (
        "ledger-receipt/v1\nledger.example/p/one\n7\n11\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n1772355600\n"
    )


def test_a_refusal_has_exactly_the_lines_that_are_documented() -> None:
    assert REFUSAL.text == (
        "ledger-refusal/v1\nledger.example/p/one\nstep-closed\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n1772355600\n"
    )


@given(st.tuples(numbers, numbers).map(sorted), hashes, numbers)
def test_every_receipt_and_refusal_is_read_back(indexes: list[int], digest: bytes, seconds: int) -> None:
    receipt = Receipt(ORIGIN, indexes[0], indexes[1], digest, seconds)
    assert parse_receipt(receipt.text) == receipt
    refusal = Refusal(ORIGIN, "already-voted", digest, seconds)
    assert parse_refusal(refusal.text) == refusal


def test_a_receipt_counts_only_when_its_log_signed_it() -> None:
    note = parse_note(sign_note(RECEIPT.text, [LOG]).encode())
    assert signed_receipt(note, [LOG.vkey]) == RECEIPT
    assert signed_receipt(note, [KnownSigner(ORIGIN, 2).vkey]) is None
    assert signed_receipt(sign_note(RECEIPT.text, [KnownSigner("other.example")]), [KnownSigner("other.example").vkey]) is None
    refused = sign_note(REFUSAL.text, [LOG])
    assert signed_refusal(refused, [LOG.vkey]) == REFUSAL
    assert signed_refusal(refused, []) is None


def test_each_line_of_a_request_has_its_path_in_the_receipt() -> None:
    leaves = LEAVES[RECEIPT.first : RECEIPT.last + 1]
    assert RECEIPT.width == 5
    for line, leaf in enumerate(leaves):
        path = audit_path(leaves, line)
        assert verify_inclusion(leaf, line, RECEIPT.width, path, RECEIPT.root)
        assert not verify_inclusion(leaf, (line + 1) % 5, RECEIPT.width, path, RECEIPT.root)
    assert tree_root(LEAVES[8:13]) != RECEIPT.root


def test_one_signed_text_is_never_also_another_kind_of_statement() -> None:
    for text in (RECEIPT.text, REFUSAL.text):
        with pytest.raises(MalformedNote):
            parse_checkpoint(text, extensions=True)
    for read in (parse_receipt, parse_refusal):
        with pytest.raises(MalformedNote):
            read(f"{ORIGIN}\n7\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n")
    with pytest.raises(MalformedNote):
        parse_refusal(RECEIPT.text)
    with pytest.raises(MalformedNote):
        parse_receipt(REFUSAL.text)


@pytest.mark.parametrize(
    ("find", "replacement"),
    [
        ("ledger-receipt/v1", "ledger-receipt/v2"),
        (f"{ORIGIN}\n", "\n"),
        (f"{ORIGIN}\n", ""),
        ("\n7\n", "\n07\n"),
        ("\n7\n", "\n12\n"),
        ("\n11\n", "\n-11\n"),
        ("1772355600\n", "1772355600"),
        ("1772355600\n", "1772355600.5\n"),
        ("1772355600\n", "1772355600\n\n"),
        ("1772355600\n", "1772355600\n86400\n"),
        ("1772355600\n", "9223372036854775808\n"),
        ("=\n", "\n"),
    ],
)
def test_what_is_not_written_as_a_receipt_is_refused(find: str, replacement: str) -> None:
    assert find in RECEIPT.text
    with pytest.raises(MalformedNote):
        parse_receipt(RECEIPT.text.replace(find, replacement))


@pytest.mark.parametrize("code", ["", "Step-Closed", "step closed", "-", "a--b", "step-closed-", "é", "a\nb"])
def test_a_refusal_names_a_code(code: str) -> None:
    with pytest.raises(MalformedNote):
        parse_refusal(dataclasses.replace(REFUSAL, code=code).text)


@given(st.lists(st.text(max_size=20), max_size=8))
def test_arbitrary_lines_raise_only_errors_of_the_ledger(lines: list[str]) -> None:
    for header in ("", "ledger-receipt/v1\n", "ledger-refusal/v1\n"):
        for read in (parse_receipt, parse_refusal):
            try:
                read(header + "\n".join(lines))
            except MalformedNote as error:
                assert error.place in str(error)
