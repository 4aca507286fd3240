"""`ledger witness`: a process that needs nothing but a folder."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep

import httpx2
import pytest

from ledger.tlog.cosignature import parse_cosignatures
from ledger.tlog.note import Note, verified_by
from ledger.tlog.vkey import SignatureType, parse_vkey
from tests.tlog.keys import KnownSigner
from tests.witness.watched import LOG, ORIGIN, WatchedLog

TREE = WatchedLog(20)
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith("LEDGER_")} | {"COLUMNS": "200", "NO_COLOR": "1"}


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-c", "from ledger.cli import main; main()", "witness", *arguments]


def told(*arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(command(*arguments), env=ENVIRONMENT, capture_output=True, text=True, check=False, timeout=60)


@contextmanager
def witness(*arguments: str) -> Iterator[tuple[httpx2.Client, str, "subprocess.Popen[str]"]]:
    """The witness runs: its address, the key that it printed, its process."""
    started = subprocess.Popen(
        command(*arguments, "--port", "0"), env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert started.stdout is not None and started.stderr is not None
    vkey = started.stdout.readline().strip()
    said = started.stderr.readline()
    url = said.partition(" at ")[2].split(" ")[0]
    assert url.startswith("http://127.0.0.1:"), said
    with httpx2.Client(base_url=url, timeout=30) as http:
        deadline = monotonic() + 30
        while True:
            try:
                http.get("/")
                break
            except httpx2.TransportError:
                assert monotonic() < deadline
                sleep(0.05)
        try:
            yield http, vkey, started
        finally:
            if started.poll() is None:
                started.send_signal(signal.SIGTERM)
            started.communicate(timeout=30)


def test_a_witness_serves_keeps_its_key_and_what_it_saw_and_ends_in_order(tmp_path: Path) -> None:
    policy = tmp_path / "policy"
    policy.write_text(f"# The ledger of our neighbours.\nlog {LOG.vkey}\nquorum none\n")
    arguments = ("--name", "witness.example", "--policy", str(policy), "--state", str(tmp_path / "state"))
    with witness(*arguments) as (http, printed, process):
        vkey = parse_vkey(printed)
        assert (vkey.name, vkey.type) == ("witness.example", SignatureType.COSIGNATURE)
        answer = http.post("/add-checkpoint", content=TREE.request(0, 9))
        assert answer.status_code == 200
        note = Note(TREE.checkpoint(9).text, parse_cosignatures(answer.content))
        assert verified_by(note, [vkey]) == (vkey,)
        process.send_signal(signal.SIGTERM)
        process.wait(30)
        assert process.returncode == 0
    assert (tmp_path / "state" / "witness.key").stat().st_mode & 0o777 == 0o600
    assert told("--name", "witness.example", "--state", str(tmp_path / "state"), "--vkey").stdout.strip() == printed
    with witness(*arguments) as (http, again, _):
        assert again == printed
        assert http.post("/add-checkpoint", content=TREE.request(0, 20)).content == b"9\n"
        assert http.get("/logs.json").json()["logs"][0]["origin"] == ORIGIN


def test_logs_are_given_by_a_list_or_one_by_one(tmp_path: Path) -> None:
    logs = tmp_path / "logs"
    logs.write_text(f"{LOG.vkey}\nanother name {KnownSigner('signs.example', 2).vkey}\n")
    arguments = (
        "--name",
        "w.example",
        "--logs",
        str(logs),
        "--log",
        str(KnownSigner("third.example", 3).vkey),
        "--state",
        str(tmp_path / "s"),
    )
    with witness(*arguments) as (http, _, _):
        assert [log["origin"] for log in http.get("/logs.json").json()["logs"]] == ["another name", ORIGIN, "third.example"]


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["--name", "w.example"], 2, "at least one log"),
        (["--name", "w example", "--log", str(LOG.vkey)], 2, "a key name"),
        (["--name", "w.example", "--log", "nonsense"], 2, "--log: vkey:"),
        (["--log", str(LOG.vkey)], 2, "--name"),
    ],
)
def test_what_makes_no_witness_is_said_in_a_sentence(tmp_path: Path, arguments: list[str], code: int, words: str) -> None:
    done = told(*arguments, "--state", str(tmp_path / "state"))
    assert done.returncode == code, done.stderr
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_another_name_than_that_of_the_key_is_refused(tmp_path: Path) -> None:
    assert told("--name", "w.example", "--state", str(tmp_path), "--vkey").returncode == 0
    done = told("--name", "other.example", "--state", str(tmp_path), "--vkey")
    assert done.returncode == 1
    assert "a witness named other.example" in done.stderr
