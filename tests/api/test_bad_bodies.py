"""Bodies that no text file can hold: too long, not UTF-8, broken off. What is refused leaves no trace."""

import gzip
import socket

import orjson
import pytest

from tests.api.conftest import PROJECT, Town
from tests.posting import organizer

LIMIT = 16 * 1024 * 1024


def head(town: Town, length: str) -> bytes:
    """The beginning of a request by hand; `length` is the header that says how long the body is."""
    lines = [f"POST /v1/projects/{PROJECT}/events HTTP/1.1", "Host: x", f"Authorization: Bearer {town.key}", length, "", ""]
    return "\r\n".join(lines).encode()


LINES = "application/x-ndjson"


def long_body(size: int) -> bytes:
    """A submission and empty lines, of exactly that many bytes."""
    body = orjson.dumps(organizer("category.defined", ref="c", name={"en": "C"}))
    return body + b"\n" * (size - len(body))


def test_a_body_of_just_the_limit_is_read(town: Town) -> None:
    answer = town.service.post(PROJECT, long_body(LIMIT), town.key, Content_Type=LINES)
    assert answer.status_code == 201


def test_a_body_of_a_byte_more_is_not(town: Town) -> None:
    before = town.size
    answer = town.service.post(PROJECT, long_body(LIMIT + 1), town.key, Content_Type=LINES)
    assert (answer.status_code, answer.json()["code"], answer.json()["limit"]) == (413, "body-too-large", LIMIT)
    assert town.size == before


def test_a_body_that_does_not_say_its_length_is_measured_as_it_comes(town: Town) -> None:
    """A chunked body is refused once it is too long; then whoever goes on sending finds the connection closed."""
    before = town.size
    with socket.create_connection(("127.0.0.1", town.service.port), timeout=30) as connection:
        connection.sendall(head(town, "Transfer-Encoding: chunked"))
        chunk = b"100000\r\n" + b" " * 0x100000 + b"\r\n"
        try:
            for _ in range(17):
                connection.sendall(chunk)
        except ConnectionError:
            pass
        answer = connection.recv(65536)
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b"body-too-large" in answer
    assert town.size == before


def test_a_client_that_goes_away_in_the_middle_leaves_nothing(town: Town) -> None:
    before = town.size
    with socket.create_connection(("127.0.0.1", town.service.port), timeout=30) as connection:
        connection.sendall(head(town, "Content-Length: 1000") + b'{"type": "project.archived/1"')
    assert town.service.get("/livez").status_code == 200
    assert town.size == before


@pytest.mark.parametrize(
    "body",
    [
        b'{"type": "category.defined/1", "role": "organizer", "data": {"ref": "x", "name": {"en": "\xff\xfe"}}}',
        b'{"type": "category.defined/1", "role": "organizer", "data": {"ref": "x", "name": {"en": "\xed\xa0\x80"}}}',
        b'{"type": "category.defined/1", "role": "organizer", "data": {"ref": "x", "name": {"en": "\x00"}}}',
        b"\x00",
        b"\xef\xbb\xbf{}",
        b"",
        b"{" * 200_000,
        b'{"a":' * 40_000,
    ],
    ids=["not utf-8", "a surrogate in utf-8", "a raw NUL", "only NUL", "a byte order mark", "nothing", "deep", "deeper"],
)
def test_bytes_that_are_no_json_are_refused(town: Town, body: bytes) -> None:
    before = town.size
    answer = town.service.post(PROJECT, body, town.key)
    assert answer.status_code == 422
    assert answer.json()["code"] in {"not-json", "not-canonical"}
    assert answer.json()["place"].startswith(("$", "character"))
    assert town.size == before


@pytest.mark.parametrize("media_type", ["application/json", "application/x-ndjson"])
def test_a_million_submissions_are_too_many(town: Town, media_type: str) -> None:
    before = town.size
    body = b"[" + b"1," * 999_999 + b"1]" if media_type == "application/json" else b"1\n" * 1_000_000
    answer = town.service.post(PROJECT, body, town.key, Content_Type=media_type)
    assert (answer.status_code, answer.json()["code"], answer.json()["count"]) == (413, "too-many-submissions", 1_000_000)
    assert town.size == before


@pytest.mark.parametrize("count, status, place", [(60_000, 422, "$.data.participants"), (1_000_000, 413, "$")])
def test_a_long_list_inside_a_submission_is_refused_with_its_place(town: Town, count: int, status: int, place: str) -> None:
    before = town.size
    items = b",".join([b'"p"'] * count)
    body = b'{"type": "roll.listed/1", "role": "organizer", "data": {"step": "vote", "participants": [' + items + b"]}}"
    answer = town.service.post(PROJECT, body, town.key)
    assert (answer.status_code, answer.json()["place"]) == (status, place)
    assert town.size == before


def test_a_compressed_body_is_not_unfolded(town: Town) -> None:
    before = town.size
    body = gzip.compress(orjson.dumps(organizer("category.defined", ref="z", name={"en": "Z"})))
    answer = town.service.post(PROJECT, body, town.key, Content_Encoding="gzip")
    assert (answer.status_code, answer.json()["code"], answer.json()["encoding"]) == (415, "encoding-unknown", "gzip")
    assert town.size == before
