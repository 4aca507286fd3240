"""A witness over HTTP: what add-checkpoint answers there, what is too much for it, and what it shows of itself."""

import socket
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import httpx2
import pytest

from ledger.errors import InvalidField, KeyFileDamaged, KeyFileExposed
from ledger.tlog.note import parse_note, verified_by
from ledger.tlog.vkey import Vkey
from ledger.witness.app import BODY_LIMIT, witness_app
from ledger.witness.key import WitnessKey, kept_key
from ledger.witness.trusted import read_log, read_log_list, trusted_logs
from tests.tlog.keys import KnownSigner
from tests.witness.racing import witness_in
from tests.witness.watched import LOG, ORIGIN, WatchedLog, served

TREE = WatchedLog(20)


@pytest.fixture
def http(tmp_path: Path) -> Iterator[httpx2.Client]:
    with served(witness_app(witness_in(tmp_path))) as address, httpx2.Client(base_url=address.url, timeout=30) as client:
        yield client


def test_add_checkpoint_answers_with_a_cosignature_or_says_why_not(http: httpx2.Client, tmp_path: Path) -> None:
    answer = http.post("/add-checkpoint", content=TREE.request(0, 9))
    assert answer.status_code == 200
    assert answer.text.startswith("— witness.example ")
    conflict = http.post("/add-checkpoint", content=TREE.request(0, 20))
    assert (conflict.status_code, conflict.content, conflict.headers["content-type"]) == (409, b"9\n", "text/x.tlog.size")
    statuses = [
        http.post("/add-checkpoint", content=body).status_code
        for body in (
            b"nonsense",
            TREE.request(0, 9, KnownSigner(ORIGIN, 5)),
            TREE.request(0, 9, KnownSigner("unknown.example"), "unknown.example"),
            TREE.request(9, 20).replace(b"old 9\n", b"old 9\n" + b"A" * 43 + b"=\n"),
        )
    ]
    assert statuses == [400, 403, 404, 422]
    assert http.get("/add-checkpoint").status_code == 405


def test_a_request_that_is_too_long_is_not_read_to_its_end(http: httpx2.Client) -> None:
    def endless() -> Iterator[bytes]:
        for _ in range(100 * BODY_LIMIT // 65536):
            yield b"x" * 65536

    assert http.post("/add-checkpoint", content=b"x" * (BODY_LIMIT + 1)).status_code == 413
    with suppress(httpx2.TransportError):  # the connection may be closed while the client is still sending, which is as good an answer
        assert http.post("/add-checkpoint", content=endless()).status_code == 413
    assert http.post("/add-checkpoint", content=TREE.request(0, 9)).status_code == 200


def test_a_witness_shows_what_it_watches(http: httpx2.Client) -> None:
    vkey = str(witness_key().vkey)
    assert http.get("/logs.json").json() == {
        "name": "witness.example",
        "vkey": vkey,
        "logs": [{"origin": ORIGIN, "vkeys": [str(LOG.vkey)], "size": None, "root": None, "stored_at": None}],
    }
    assert http.get("/checkpoint", params={"origin": ORIGIN}).status_code == 404
    http.post("/add-checkpoint", content=TREE.request(0, 9))
    [log] = http.get("/logs.json").json()["logs"]
    assert log["size"] == 9
    assert log["stored_at"].endswith("Z")
    page = http.get("/")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert vkey in page.text
    assert ORIGIN in page.text
    note = parse_note(http.get("/checkpoint", params={"origin": ORIGIN}).content)
    assert verified_by(note, [LOG.vkey, witness_key().vkey]) == (LOG.vkey, witness_key().vkey)
    assert http.get("/checkpoint", params={"origin": "unknown.example"}).status_code == 404
    measured = http.get("/metrics").text
    assert 'ledger_witness_answers_total{status="200"} 1\n' in measured
    assert f'ledger_witness_cosigned_size{{origin="{ORIGIN}"}} 9\n' in measured


def test_a_witness_that_cannot_store_gives_no_cosignature(http: httpx2.Client, tmp_path: Path) -> None:
    http.post("/add-checkpoint", content=TREE.request(0, 9))
    [file] = [found for found in tmp_path.iterdir() if not found.suffix]
    file.write_bytes(b"damaged")
    assert http.post("/add-checkpoint", content=TREE.request(9, 20)).status_code == 503
    assert http.get("/").status_code == 503


def test_a_client_that_goes_away_in_the_middle_of_a_request_troubles_nobody(http: httpx2.Client) -> None:
    with socket.create_connection((http.base_url.host, http.base_url.port or 80)) as connection:
        connection.sendall(b"POST /add-checkpoint HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nold 0\n")
    assert http.post("/add-checkpoint", content=TREE.request(0, 9)).status_code == 200


def witness_key() -> WitnessKey:
    return WitnessKey("witness.example", bytes([7]) * 32)


def test_the_key_of_a_witness_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "new" / "witness.key"
    key = kept_key(file, "witness.example")
    assert file.stat().st_mode & 0o777 == 0o600
    assert kept_key(file, "witness.example").vkey == key.vkey
    with pytest.raises(KeyFileDamaged, match="a witness named other"):
        kept_key(file, "other.example")
    file.chmod(0o640)
    with pytest.raises(KeyFileExposed):
        kept_key(file, "witness.example")
    file.chmod(0o600)
    file.write_bytes(b"PRIVATE+KEY+witness.example+00000000+AAAA\n")
    with pytest.raises(KeyFileDamaged):
        kept_key(file, "witness.example")


def test_logs_are_listed_by_their_keys_and_may_have_several() -> None:
    other, named = KnownSigner("other.example", 2).vkey, KnownSigner("sum.example", 3).vkey
    listed = f"# logs\n\n{LOG.vkey}\n{other}\n  a log with spaces {named}\n{Vkey(ORIGIN, other.public_key)}\n".encode()
    assert trusted_logs(read_log_list(listed, "logs")) == {
        "a log with spaces": (named,),
        ORIGIN: (LOG.vkey, Vkey(ORIGIN, other.public_key)),
        "other.example": (other,),
    }


@pytest.mark.parametrize("text", ["", "ledger.example", f"{LOG.vkey} {ORIGIN}", str(witness_key().vkey)])
def test_what_is_no_log_is_refused(text: str) -> None:
    with pytest.raises(InvalidField):
        read_log(text, "--log")


def test_a_list_that_is_not_text_is_refused_with_its_line() -> None:
    with pytest.raises(InvalidField, match="UTF-8"):
        read_log_list(b"\xff\n", "logs")
    with pytest.raises(InvalidField) as caught:
        read_log_list(f"{LOG.vkey}\nnonsense\n".encode(), "logs")
    assert caught.value.place == "logs, line 2"
