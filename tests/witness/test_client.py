"""Asking a witness: what it says is verified, a size that it corrects is taken, and whatever it answers nothing else happens."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from ledger.tlog.checkpoint import Checkpoint
from ledger.tlog.cosignature import LONGEST_ANSWER, cosign
from ledger.tlog.note import Note, sign_note, verified_by
from ledger.witness.app import witness_app
from ledger.witness.client import Ahead, Conflict, Cosigned, Said, Uncosigned, WitnessClient, is_address
from ledger.witness.judging import SIZE
from ledger.witness.key import WitnessKey
from tests.witness.racing import witness_in
from tests.witness.watched import LOG, ORIGIN, Served, WatchedLog, served

KEY = WitnessKey("witness.example", bytes([7]) * 32)
TREE = WatchedLog(40)
FORK = WatchedLog(40, "forged", common=5)


def shown(client: WitnessClient, size: int, old: int, tree: WatchedLog = TREE) -> Said:
    checkpoint = tree.checkpoint(size)
    return client.show(sign_note(checkpoint.text, [LOG]), checkpoint, old, lambda known: tree.path(known, size))


@pytest.fixture
def client(tmp_path: Path) -> Iterator[WitnessClient]:
    with served(witness_app(witness_in(tmp_path))) as address:
        made = WitnessClient(address.url, KEY.vkey)
        yield made
        made.close()


def test_a_checkpoint_is_cosigned_and_the_cosignature_verified(client: WitnessClient) -> None:
    said = shown(client, 9, 0)
    assert isinstance(said, Cosigned)
    assert verified_by(Note(TREE.checkpoint(9).text, (said.line,)), [KEY.vkey]) == (KEY.vkey,)
    assert said.at == 1
    assert isinstance(shown(client, 40, 9), Cosigned)


@pytest.mark.parametrize("believed", [0, 3, 12, 40])
def test_a_size_that_is_remembered_wrong_is_corrected_by_the_witness(client: WitnessClient, believed: int) -> None:
    shown(client, 9, 0)
    assert isinstance(shown(client, 40, believed), Cosigned)


def test_the_same_checkpoint_is_cosigned_again(client: WitnessClient) -> None:
    shown(client, 9, 0)
    assert isinstance(shown(client, 9, 9), Cosigned)


def test_a_witness_that_has_seen_more_says_so_whatever_is_remembered(client: WitnessClient) -> None:
    shown(client, 40, 0)
    assert [shown(client, 9, old) for old in (0, 9, 40)] == [Ahead(40)] * 3


def test_another_history_is_a_conflict(client: WitnessClient) -> None:
    shown(client, 9, 0)
    longer = shown(client, 20, 9, FORK)
    assert isinstance(longer, Conflict)
    assert "422" in longer.why
    same = shown(client, 9, 9, FORK)
    assert isinstance(same, Conflict)
    assert (same.seen, "409" in same.why) == (9, True)
    unknowing = shown(client, 20, 0, FORK)
    assert isinstance(unknowing, Conflict)


def test_an_unknown_log_or_key_is_no_cosignature_and_no_conflict(client: WitnessClient) -> None:
    checkpoint = Checkpoint("unknown.example", 0, bytes(32))
    said = client.show(sign_note(checkpoint.text, [LOG]), checkpoint, 0, lambda known: ())
    assert isinstance(said, Uncosigned)
    assert "404" in said.why


def test_a_witness_that_is_away_is_told_so_and_found_again(tmp_path: Path) -> None:
    address = Served(witness_app(witness_in(tmp_path)))
    client = WitnessClient(address.url, KEY.vkey)
    said = shown(client, 9, 0)
    assert isinstance(said, Uncosigned)
    assert "cannot be reached" in said.why
    address.start()
    try:
        assert isinstance(shown(client, 9, 0), Cosigned)
    finally:
        client.close()
        address.stop()


def cosignature(name: str = "witness.example", byte: int = 7, size: int = 9) -> str:
    return f"{cosign(TREE.checkpoint(size).text, WitnessKey(name, bytes([byte]) * 32), 5).line}\n"


@pytest.mark.parametrize(
    ("status", "media_type", "body", "why"),
    [
        (200, "text/plain", b"", "no cosignature"),
        (200, "text/plain", b"<html>", "no cosignature"),
        (200, "text/plain", cosignature("other.example").encode(), "no valid cosignature"),
        (200, "text/plain", cosignature(byte=8).encode(), "no valid cosignature"),
        (200, "text/plain", cosignature(size=8).encode(), "no valid cosignature"),
        (200, "text/plain", b"x" * (LONGEST_ANSWER + 10), "no cosignature"),
        (201, "text/plain", cosignature().encode(), "201"),
        (301, "text/plain", b"", "301"),
        (403, "text/plain", b"no key\n", "403 no key"),
        (409, "text/plain", b"9\n", "409"),
        (409, SIZE, b"09\n", "409"),
        (409, SIZE, b"\xff\n", "409"),
        (409, SIZE, b"4\n", "409 4"),
        (429, "text/plain", b"", "429"),
        (500, "text/plain", b"\x00" * 5000, "500"),
    ],
)
def test_whatever_is_answered_is_no_cosignature(status: int, media_type: str, body: bytes, why: str) -> None:
    async def answer(request: Request) -> Response:
        return Response(body, status, {"Content-Type": media_type})

    with answering(answer) as client:
        said = shown(client, 9, 3)
        assert isinstance(said, Uncosigned)
        assert why in said.why
        assert len(said.why) < 400


def test_lines_of_other_keys_are_passed_over() -> None:
    async def answer(request: Request) -> Response:
        return Response(cosignature("other.example") + cosignature() + cosignature(byte=8), 200)

    with answering(answer) as client:
        said = shown(client, 9, 3)
        assert isinstance(said, Cosigned)
        assert said.at == 5


def test_an_answer_is_read_no_further_than_a_witness_has_reason_to_write() -> None:
    sent = []

    async def answer(request: Request) -> Response:
        async def parts() -> AsyncIterator[bytes]:
            for number in range(2000):
                sent.append(number)
                yield b"x" * 16_384
                await asyncio.sleep(0)

        return StreamingResponse(parts(), 200)

    with answering(answer) as client:
        assert isinstance(shown(client, 9, 3), Uncosigned)
    assert 0 < len(sent) < 2000, "the client hung up"


def test_a_witness_that_answers_drop_by_drop_is_not_waited_for() -> None:
    async def answer(request: Request) -> Response:
        async def drops() -> AsyncIterator[bytes]:
            for _ in range(100):
                yield b"x"
                await asyncio.sleep(0.02)

        return StreamingResponse(drops(), 200)

    with Asked(Starlette(routes=[Route("/add-checkpoint", answer, methods=["POST"])]), answer_seconds=0.2) as client:
        said = shown(client, 9, 3)
        assert isinstance(said, Uncosigned)
        assert "too long" in said.why


def answering(answer: Callable[..., object]) -> "Asked":
    return Asked(Starlette(routes=[Route("/add-checkpoint", answer, methods=["POST"])]))


class Asked:
    """A client of an application that answers what a test says."""

    def __init__(self, app: Starlette, answer_seconds: float = 10.0) -> None:
        self._served = Served(app)
        self._seconds = answer_seconds

    def __enter__(self) -> WitnessClient:
        self._served.start()
        self._client = WitnessClient(f"{self._served.url}/", KEY.vkey, self._seconds)
        return self._client

    def __exit__(self, *_: object) -> None:
        self._client.close()
        self._served.stop()


@pytest.mark.parametrize(
    ("url", "can"),
    [
        ("https://witness.example", True),
        ("http://127.0.0.1:7380/w/", True),
        ("ftp://witness.example", False),
        ("witness.example", False),
        ("https://", False),
        ("https://witness.example:port", False),
        ("https://[", False),
    ],
)
def test_a_witness_is_asked_over_http(url: str, *, can: bool) -> None:
    assert is_address(url) is can


def test_the_origin_of_these_tests_is_the_one_that_is_watched() -> None:
    assert TREE.checkpoint(1).origin == ORIGIN
