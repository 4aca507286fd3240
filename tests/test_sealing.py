"""Pseudonyms and commitments."""

from base64 import urlsafe_b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import MalformedDisclosure
from ledger.sealing import commit, decode_text, disclosure_digest, participant_key, pseudonym, read_disclosure

KEY = bytes(range(32))


def test_the_disclosure_of_rfc_9901_section_4_2_3_has_the_digest_printed_there() -> None:
    disclosure = "WyJfMjZiYzRMVC1hYzZxMktJNmNCVzVlcyIsICJmYW1pbHlfbmFtZSIsICJNw7ZiaXVzIl0"
    assert disclosure_digest(disclosure) == "X9yH0Ajrdm1Oij4tWso9UzzKJvPoDxwmuEcO3XAdRC0"
    assert (read_disclosure(disclosure).name, read_disclosure(disclosure).value) == ("family_name", "Möbius")


def test_a_pseudonym_is_22_characters_and_differs_by_scope_origin_namespace_and_person() -> None:
    k = participant_key(KEY, "lyon", "ada")
    name = pseudonym(k, "ledger.example/p/x", "author")
    others = {
        pseudonym(k, "ledger.example/p/x", "step/vote"),
        pseudonym(k, "ledger.example/p/y", "author"),
        pseudonym(participant_key(KEY, "paris", "ada"), "ledger.example/p/x", "author"),
        pseudonym(participant_key(KEY, "lyon", "bob"), "ledger.example/p/x", "author"),
        pseudonym(participant_key(bytes(32), "lyon", "ada"), "ledger.example/p/x", "author"),
    }
    assert len(name) == 22
    assert len(others) == 5
    assert name not in others
    assert name == pseudonym(k, "ledger.example/p/x", "author")


def test_namespace_and_subject_are_kept_apart_by_a_byte_that_neither_can_hold() -> None:
    assert participant_key(KEY, "ab", "c") != participant_key(KEY, "a", "bc")


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abc_", min_size=1, max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(name=st.text("abcdef_", min_size=1, max_size=20), value=json_values, salt=st.binary(min_size=16, max_size=16))
def test_a_disclosure_opens_to_what_was_committed(name: str, value: object, salt: bytes) -> None:
    made = commit(name, value, salt)  # type: ignore[arg-type]  # hypothesis builds JSON values, which mypy cannot see
    read = read_disclosure(made.text)
    assert (read.name, read.value, read.digest) == (name, value, made.digest)


@given(st.text(max_size=60))
def test_any_other_text_is_refused_as_malformed(text: str) -> None:
    with pytest.raises(MalformedDisclosure):
        read_disclosure(text)


@given(st.binary(max_size=40))
def test_base64url_has_one_text_for_each_sequence_of_bytes(raw: bytes) -> None:
    text = urlsafe_b64encode(raw).rstrip(b"=").decode()
    assert decode_text(text) == raw
    for other in (text + "=", text + "A" * (len(text) % 4 == 0), "+" + text, text + "\n"):
        if other != text:
            try:
                assert decode_text(other) != raw
            except MalformedDisclosure:
                continue
