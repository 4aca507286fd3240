"""Cosignatures: those that are made are those that verify, and answers of witnesses are read line by line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import MalformedNote
from ledger.tlog.cosignature import LONGEST_ANSWER, cosign, parse_cosignatures
from ledger.tlog.lines import LARGEST_NUMBER
from ledger.tlog.note import MAX_SIGNATURES, Note, parse_note, sign_note, verified_by
from ledger.tlog.vkey import cosigned_at
from ledger.witness.key import WitnessKey
from tests.tlog.keys import KnownSigner

LOG = KnownSigner("ledger.example/ledger")
ONE = WitnessKey("witness.example/w1", bytes(31) + b"\x01")
TEXT = f"ledger.example/ledger\n1\n{'A' * 43}=\n"

# The example of C2SP tlog-cosignature: its text, its witness's line, and nobody's key, so only the form of it can be checked.
EXAMPLE_LINE = (
    "— witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA=="
)


@given(st.integers(0, LARGEST_NUMBER))
def test_a_cosignature_verifies_with_its_key_and_says_its_time(seconds: int) -> None:
    signature = cosign(TEXT, ONE, seconds)
    assert cosigned_at(signature.signature) == seconds
    assert verified_by(Note(TEXT, (signature,)), [ONE.vkey]) == (ONE.vkey,)
    assert verified_by(Note(TEXT.replace("\n1\n", "\n2\n"), (signature,)), [ONE.vkey]) == ()


def test_a_cosignature_is_what_the_specification_spells_out() -> None:
    vkey, line = KnownSigner("witness.example/w1", 1).cosign(TEXT, 1_700_000_000)
    key = WitnessKey("witness.example/w1", bytes([1]) * 32)
    assert key.vkey == vkey
    assert cosign(TEXT, key, 1_700_000_000) == line


def test_a_key_that_signs_notes_cosigns_none() -> None:
    with pytest.raises(AssertionError, match="cosigns none"):
        cosign(TEXT, LOG, 1)


def test_a_time_beyond_the_format_is_not_signed() -> None:
    with pytest.raises(AssertionError, match="no time"):
        cosign(TEXT, ONE, LARGEST_NUMBER + 1)


def test_a_note_carries_cosignatures_beside_the_signature_of_its_log() -> None:
    note = sign_note(TEXT, [LOG]).with_signatures(parse_cosignatures(f"{cosign(TEXT, ONE, 1).line}\n".encode()))
    assert verified_by(parse_note(note.encode()), [LOG.vkey, ONE.vkey]) == (LOG.vkey, ONE.vkey)


def test_an_answer_is_one_signature_line_or_more() -> None:
    first, second = parse_cosignatures(f"{EXAMPLE_LINE}\n{cosign(TEXT, ONE, 7).line}\n".encode())
    assert cosigned_at(first.signature) == 1_679_315_147
    assert (first.line, second.name) == (EXAMPLE_LINE, "witness.example/w1")


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"\n",
        EXAMPLE_LINE.encode(),
        f"{EXAMPLE_LINE}\n\n".encode(),
        f"{EXAMPLE_LINE}\r\n".encode(),
        b"3\n",
        b"\xff\n",
        f"{EXAMPLE_LINE}\n".encode() * (MAX_SIGNATURES + 1),
        b"x" * (LONGEST_ANSWER + 1),
    ],
)
def test_what_is_no_answer_is_refused(answer: bytes) -> None:
    with pytest.raises(MalformedNote):
        parse_cosignatures(answer)
