"""Canonical bytes against an independent implementation of RFC 8785, and the strict reader against the standard library's."""

import enum
import json

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from ledger.canonical import LARGEST_INT, MAX_DEPTH, JsonValue, canonical, canonical_trusted, is_canonical, parse, parse_canonical
from ledger.errors import DuplicateKey, LedgerError, NotCanonical, NotJson

texts = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))
keys = st.text(st.characters(max_codepoint=127, exclude_characters="\0"))
numbers = st.integers(-LARGEST_INT, LARGEST_INT)
values: st.SearchStrategy[JsonValue] = st.recursive(
    st.none() | st.booleans() | numbers | texts,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(keys, inner, max_size=5),
    max_leaves=20,
)
# Documents whose keys come from so few letters that names meet, with colons, escapes and white space in all places.
loose_keys = st.sampled_from([r"a", r"b", r"\u0061", r":", r"\u003a", r"a\":"])
loose_documents = st.recursive(
    st.sampled_from(["1", "-0", "true", "null", '"a:b"', r'"\u003A\":"', "[]", "{}"]),
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda items: "[" + " , ".join(items) + "]")
        | st.lists(st.tuples(loose_keys, st.sampled_from([":", " : "]), inner), max_size=4).map(
            lambda members: "{" + ",".join(f'"{key}"{colon}{value}' for key, colon, value in members) + "}"
        )
    ),
    max_leaves=10,
)


def nested(depth: int) -> JsonValue:
    value: JsonValue = 1
    for _ in range(depth):
        value = [value]
    return value


@given(values)
def test_canonical_bytes_equal_those_of_an_independent_jcs(value: JsonValue) -> None:
    assert canonical(value) == rfc8785.dumps(value)
    assert canonical_trusted(value) == canonical(value)


@given(values)
def test_a_value_survives_writing_and_reading(value: JsonValue) -> None:
    written = canonical(value)
    assert parse(written) == value
    assert parse_canonical(written) == value
    assert is_canonical(written)


@given(values)
def test_white_space_and_escapes_are_read_but_are_not_canonical(value: JsonValue) -> None:
    loose = json.dumps(value, indent=1).encode() + b"\n"
    assert parse(loose) == value
    assert not is_canonical(loose)


@given(loose_documents)
def test_a_key_that_stands_twice_is_found_wherever_it_stands(document: str) -> None:
    repeated = False

    def members(pairs: list[tuple[str, object]]) -> dict[str, object]:
        nonlocal repeated
        kept = dict(pairs)
        repeated = repeated or len(kept) < len(pairs)
        return kept

    expected = json.loads(document, object_pairs_hook=members)
    if repeated:
        with pytest.raises(DuplicateKey):
            parse(document.encode())
        assert not is_canonical(document.encode())
    else:
        assert parse(document.encode()) == expected


@given(st.binary(max_size=200) | st.text(max_size=100).map(str.encode))
def test_damaged_input_raises_only_errors_of_the_ledger(data: bytes) -> None:
    for read in (parse, parse_canonical):
        try:
            read(data)
        except LedgerError as error:
            assert str(error)


@given(values, st.data())
def test_one_changed_byte_of_canonical_bytes_gives_another_value_or_an_error(value: JsonValue, data: st.DataObject) -> None:
    written = bytearray(canonical(value))
    index = data.draw(st.integers(0, len(written) - 1))
    written[index] = data.draw(st.integers(0, 255).filter(lambda byte: byte != written[index]))
    try:
        read = parse_canonical(bytes(written))
    except LedgerError:
        return
    assert canonical(read) == bytes(written) != canonical(value)


class Colour(enum.StrEnum):
    """A subclass of text."""

    RED = "red"


@pytest.mark.parametrize(
    ("value", "place"),
    [
        (1.0, "$"),
        (float("nan"), "$"),
        ({"a": [0, {"b c": 0.5}]}, '$.a[1]["b c"]'),
        ([2**53], "$[0]"),
        ({"n": -(2**53)}, "$.n"),
        ({"n": 10**40}, "$.n"),
        ({"clé": 1}, r'$["cl\u00e9"]'),
        ({"a": {1: 2}}, "$.a"),
        ({"a": {Colour.RED: 2}}, "$.a"),
        ({"a": [Colour.RED]}, "$.a[0]"),
        ({"a": b"bytes"}, "$.a"),
        ({"a": {"set"}}, "$.a"),
        (["ok", "nul\0"], "$[1]"),
        ({"nul\0": 1}, '$["nul\\u0000"]'),
        (["ok", ("lone \ud800",)], "$[1][0]"),
        ({"a": {"b": "\udfff"}}, "$.a.b"),
    ],
)
def test_what_lies_outside_the_subset_is_refused_with_its_place(value: object, place: str) -> None:
    with pytest.raises(NotCanonical) as raised:
        canonical(value)
    assert raised.value.place == place
    assert place in str(raised.value)


def test_tuples_are_lists_and_an_escaped_backslash_before_u0000_is_not_nul() -> None:
    assert canonical({"b": (1, 2), "a": "\\u0000"}) == b'{"a":"\\\\u0000","b":[1,2]}'
    assert parse(b'"\\\\u0000"') == "\\u0000"


@pytest.mark.parametrize(
    ("data", "place"),
    [
        (b"1.0", "$"),
        (b'{"a":1e3}', "$.a"),
        (b'{"a":[-0.0]}', "$.a[0]"),
        (b'{"a":9007199254740992}', "$.a"),
        (b'{"a":-9007199254740992}', "$.a"),
        (b'{"a":18446744073709551616}', "$.a"),
        (b'{"a":"\\u0000"}', "$.a"),
        ('{"é":1}'.encode(), r'$["\u00e9"]'),
        (b'[{"' + b"k" * 100 + b'":0.5}]', '$[0]["' + "k" * 64 + '\\u2026"]'),
    ],
)
def test_a_document_outside_the_subset_is_refused_with_its_place(data: bytes, place: str) -> None:
    with pytest.raises(NotCanonical) as raised:
        parse(data)
    assert raised.value.place == place


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"[1,]",
        b"nul",
        b"NaN",
        b"-Infinity",
        b"1 2",
        b"\xef\xbb\xbf1",
        b'"\xff"',
        b'"\xed\xa0\x80"',
        b'"\\ud800"',
        b'"\\udc00\\ud800"',
        b'"a\x00b"',
        b"01",
        b"1" * 400,
        b"'a'",
        b"[" * 100_000,
        "1".encode("utf-16"),
    ],
)
def test_what_is_not_one_json_document_in_utf8_is_refused(data: bytes) -> None:
    with pytest.raises(NotJson):
        parse(data)
    assert not is_canonical(data)


@pytest.mark.parametrize(
    ("data", "place", "key"),
    [
        (b'{"a":1,"a":1}', "$", "a"),
        (b'{"a":1,"\\u0061":2}', "$", "a"),
        (b'[{"x":{"b":1,"c":2,"b":3}}]', "$[0].x", "b"),
        (b'{"a" :1,"a":2,"x":"\\":"}', "$", "a"),
        (b'{"a":1,"a":"\\u003a"}', "$", "a"),
        (b'{"a":' + b"1" * 300 + b',"a":1}', "$", "a"),
        (b'{"a":' + b"[" * 500 + b"]" * 500 + b',"a":1}', "$", "a"),
        (b'{"' + b"k" * 100 + b'":1,"' + b"k" * 100 + b'":1}', "$", "k" * 64 + "…"),
    ],
)
def test_the_object_that_names_a_key_twice_is_named(data: bytes, place: str, key: str) -> None:
    with pytest.raises(DuplicateKey) as raised:
        parse(data)
    assert (raised.value.place, raised.value.key) == (place, key)


def test_nesting_is_bounded_alike_for_writing_and_reading() -> None:
    written = canonical(nested(MAX_DEPTH))
    assert parse(written) == nested(MAX_DEPTH)
    with pytest.raises(NotCanonical, match="stand in one another"):
        canonical(nested(MAX_DEPTH + 1))
    with pytest.raises(NotCanonical, match="stand in one another"):
        parse(b"[" + written + b"]")
    with pytest.raises(NotCanonical, match="stand in one another"):
        canonical(json.loads('{"a":' * (MAX_DEPTH + 1) + "1" + "}" * (MAX_DEPTH + 1)))
    # So deep that the slow reader of repeated keys would overflow, inside a member that the fast one drops.
    with pytest.raises((NotCanonical, DuplicateKey)):
        parse(b'{"a":' + b"[" * 1000 + b"]" * 1000 + b',"a":1}')


def test_object_keys_are_sorted_and_nothing_is_escaped_that_need_not_be() -> None:
    value = {"b": "é/\u2028\x7f😀", "a": '"\\\n\x1f', "B": [True, False, None, -0, LARGEST_INT]}
    expected = '{"B":[true,false,null,0,9007199254740991],"a":"\\"\\\\\\n\\u001f","b":"é/\u2028\x7f😀"}'
    assert canonical(value) == expected.encode()
