"""Lines of disclosures read back as written, and no other line is read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.canonical import canonical
from ledger.errors import MalformedDisclosure
from ledger.package.disclosure_lines import disclosure_lines, read_disclosure_line

words = st.text("abcdefghijklmnopqrstuvwxyz_", min_size=1, max_size=20)
texts = st.text("abcXYZ019-_", max_size=50)


@given(st.integers(0, 2**53 - 1), words, texts)
def test_a_line_reads_back_as_written_and_is_canonical(seq: int, name: str, text: str) -> None:
    (line,) = disclosure_lines([(seq, name, text)])
    assert read_disclosure_line(line.removesuffix(b"\n")) == (seq, name, text)
    assert line == canonical({"seq": seq, "name": name, "disclosure": text}) + b"\n"


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"{}",
        b'{"disclosure":"Wy","name":"body","seq":-1}',
        b'{"disclosure":"Wy","name":"body","seq":01}',
        b'{"disclosure":"Wy","name":"body","seq":1.0}',
        b'{"disclosure":"Wy","name":"body","seq":1,"more":1}',
        b'{"name":"body","disclosure":"Wy","seq":1}',
        b'{"disclosure":"W+","name":"body","seq":1}',
        b'{"disclosure":"Wy", "name":"body","seq":1}',
        b'{"disclosure":"Wy","name":"body","seq":1} ',
        b'{"disclosure":"Wy","name":"b\\u006fdy","seq":1}',
    ],
)
def test_any_other_line_is_refused(line: bytes) -> None:
    with pytest.raises(MalformedDisclosure):
        read_disclosure_line(line)
