"""Timestamps of an authority that openssl makes: asked for, stored, and checked by us and by openssl."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest

from ledger.audit.timestamp import LONGEST_TIMESTAMP, check_timestamp, timestamp_library
from ledger.witness.timestamps import Anchor, NotAnchored, TimestampClient
from tests.witness.authority import Authority
from tests.witness.watched import served

TEXT = b"town.example/ledger\n3\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n"

if timestamp_library() is None:
    pytest.skip("rfc3161-client is not installed (extra 'anchors')", allow_module_level=True)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def stranger(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("stranger"))


@contextmanager
def asking(
    authority: Authority, reply: Callable[[bytes], bytes] | None = None, status: int = 200, *, trusting: bool = True
) -> Iterator[TimestampClient]:
    with served(authority.app(reply, status)) as address:
        client = TimestampClient(f"{address.url}/tsa", authority.roots if trusting else None)
        yield client
        client.close()


def test_a_text_is_dated_and_openssl_says_so_too(authority: Authority) -> None:
    with asking(authority) as client:
        said = client.ask(TEXT)
    assert isinstance(said, Anchor)
    assert said.verified
    assert abs(said.at - datetime.now(UTC)) < timedelta(minutes=5)
    assert authority.accepts(said.response, TEXT)
    assert not authority.accepts(said.response, TEXT + b"more\n")
    check = check_timestamp(said.response, TEXT, authority.roots)
    assert (check.outcome, check.at) == ("anchored", said.at)


def test_without_certificates_an_answer_to_what_was_asked_is_kept_unverified(authority: Authority) -> None:
    with asking(authority, trusting=False) as client:
        said = client.ask(TEXT)
    assert isinstance(said, Anchor)
    assert not said.verified
    assert check_timestamp(said.response, TEXT, authority.roots).outcome == "anchored"


def test_an_answer_to_something_else_is_not_taken(authority: Authority, stranger: Authority) -> None:
    of_another = authority.stamp(b"another text\n")
    of_the_same = authority.stamp(TEXT)  # to another request, which has another nonce
    for response, why in (
        (of_another, "not to what was asked"),
        (of_the_same, "not to what was asked"),
        (b"", "no timestamp"),
        (b"\x30\x00", "no timestamp"),
    ):
        for trusting in (True, False):
            with asking(authority, lambda query, response=response: response, trusting=trusting) as client:  # type: ignore[misc]
                said = client.ask(TEXT)
            assert isinstance(said, NotAnchored)
            assert why in said.why
    with served(stranger.app()) as address:
        client = TimestampClient(f"{address.url}/tsa", authority.roots)
        said = client.ask(TEXT)
        client.close()
    assert isinstance(said, NotAnchored)
    assert "does not verify" in said.why


def test_an_authority_that_refuses_or_is_away_dates_nothing(authority: Authority) -> None:
    with asking(authority, status=503) as client:
        assert client.ask(TEXT) == NotAnchored("the authority answered 503")
    with asking(authority, lambda query: b"x" * (LONGEST_TIMESTAMP + 1)) as client:
        assert client.ask(TEXT) == NotAnchored(f"the authority's answer is longer than {LONGEST_TIMESTAMP} bytes")
    client = TimestampClient("http://127.0.0.1:1/tsa", None)
    said = client.ask(TEXT)
    client.close()
    assert isinstance(said, NotAnchored)
    assert "cannot be reached" in said.why


def test_a_timestamp_is_of_one_text_by_one_authority(authority: Authority, stranger: Authority) -> None:
    response = authority.stamp(TEXT)
    assert check_timestamp(response, TEXT, authority.roots).outcome == "anchored"
    assert check_timestamp(response, TEXT, stranger.roots + authority.roots).outcome == "anchored"
    other = check_timestamp(response, TEXT[:-1], authority.roots)
    assert (other.outcome, other.at) == ("refuted", None)
    assert other.claimed is not None
    assert check_timestamp(response, TEXT, stranger.roots).outcome == "refuted"


def test_without_certificates_nothing_is_checked_and_the_claim_is_told(authority: Authority) -> None:
    response = authority.stamp(TEXT)
    for roots in (None, b"", b"no certificates"):
        check = check_timestamp(response, TEXT, roots)
        assert (check.outcome, check.at) == ("not_checked", None)
        assert check.claimed is not None


def test_bytes_that_are_no_response_are_refuted(authority: Authority) -> None:
    for response in (b"", b"\x30\x03\x02\x01\x00", b"x" * 100, b"\x30" * 70_000):
        check = check_timestamp(response, TEXT, authority.roots)
        assert (check.outcome, check.at) == ("refuted", None)


def test_no_changed_byte_makes_a_timestamp_say_another_time_and_none_is_a_crash(authority: Authority) -> None:
    response = authority.stamp(TEXT)
    at = check_timestamp(response, TEXT, authority.roots).at
    accepted = 0
    for place in range(len(response)):
        changed = bytearray(response)
        changed[place] ^= 1 << place % 8
        check = check_timestamp(bytes(changed), TEXT, authority.roots)
        if check.outcome == "anchored":
            accepted += 1
            assert check.at == at
    # A few bytes of a CMS message are covered by no signature: versions, and the name of the algorithm beside the signature.
    assert accepted < 30
