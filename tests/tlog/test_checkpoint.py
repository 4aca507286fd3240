"""Checkpoints as C2SP tlog-checkpoint writes them."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import MalformedNote
from ledger.tlog.checkpoint import Checkpoint, parse_checkpoint, signed_checkpoint
from ledger.tlog.note import sign_note
from ledger.tlog.tree import EMPTY_ROOT
from tests.tlog.keys import KnownSigner

EXAMPLE = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
CHECKPOINT = Checkpoint("ledger.example/p/one", 0, EMPTY_ROOT)
LOG, STRANGER = KnownSigner(CHECKPOINT.origin), KnownSigner("witness.example", 2)

checkpoints = st.builds(
    Checkpoint,
    st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1),
    st.integers(0, 2**63 - 1),
    st.binary(min_size=32, max_size=32),
    st.lists(st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1), max_size=2).map(tuple),
)


def test_the_example_of_the_specification_is_read() -> None:
    checkpoint = parse_checkpoint(EXAMPLE)
    assert (checkpoint.origin, checkpoint.size, checkpoint.root.hex()[:8]) == ("example.com/behind-the-sofa", 20_852_163, "0ac5186a")
    assert checkpoint.text == EXAMPLE


@given(checkpoints)
def test_every_checkpoint_is_read_back(checkpoint: Checkpoint) -> None:
    assert parse_checkpoint(checkpoint.text, extensions=True) == checkpoint


def test_extension_lines_are_read_only_where_they_are_allowed() -> None:
    extended = dataclasses.replace(CHECKPOINT, extensions=("one", "two"))
    assert parse_checkpoint(extended.text, extensions=True) == extended
    with pytest.raises(MalformedNote, match="line 4"):
        parse_checkpoint(extended.text)
    with pytest.raises(MalformedNote):
        parse_checkpoint(CHECKPOINT.text + "\n", extensions=True)


@pytest.mark.parametrize(
    ("find", "replacement"),
    [
        ("example.com/behind-the-sofa\n", "\n"),
        ("example.com/behind-the-sofa\n", ""),
        ("20852163", "020852163"),
        ("20852163", "+20852163"),
        ("20852163", "-1"),
        ("20852163", "0x10"),
        ("20852163", "1_000"),
        ("20852163", "٣"),
        ("20852163", "20852163 "),
        ("20852163", "9223372036854775808"),
        ("20852163", "1" * 5000),
        ("20852163", ""),
        ("q2I=", "q2J="),
        ("q2I=", "q2I"),
        ("q2I=", "q2I= "),
        ("CsUY", ""),
        ("q2I=\n", "q2I="),
    ],
)
def test_what_is_not_written_as_a_checkpoint_is_refused(find: str, replacement: str) -> None:
    assert find in EXAMPLE
    with pytest.raises(MalformedNote):
        parse_checkpoint(EXAMPLE.replace(find, replacement))


def test_a_checkpoint_counts_only_under_the_name_of_its_log() -> None:
    assert signed_checkpoint(sign_note(CHECKPOINT.text, [STRANGER, LOG]), [LOG.vkey]) == CHECKPOINT
    assert signed_checkpoint(sign_note(CHECKPOINT.text, [STRANGER]), [LOG.vkey, STRANGER.vkey]) is None
    assert signed_checkpoint(sign_note(CHECKPOINT.text, [LOG]), [STRANGER.vkey]) is None
    assert signed_checkpoint(sign_note(CHECKPOINT.text, [KnownSigner(CHECKPOINT.origin, 3)]), [LOG.vkey]) is None
