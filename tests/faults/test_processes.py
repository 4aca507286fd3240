"""Processes that write at once, and processes that are killed while they do: what was acknowledged is there, once, in one log."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from ledger.store.keystore import FileKeyStore
from tests.posting import Ledger, ballot, ledger, seqs, vote_opened

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("keys")


@pytest.fixture(scope="module")
def town(database: str, folder: Path) -> Iterator[Ledger]:
    with ledger(database, keys=FileKeyStore(folder)) as running:
        yield running


def writer(town: Ledger, folder: Path, project: str, name: str, count: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.faults.writer", town.conninfo, str(folder), project, name, str(count)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def acknowledged(lines: list[str]) -> dict[int, tuple[int, int]]:
    """Number of the request → first and last seq, of the lines that were written whole."""
    told = [[int(word) for word in line.split()] for line in lines if line.endswith("\n")]
    return {number: (first, last) for number, first, last in told}


def test_two_processes_and_this_one_make_one_log(town: Ledger, folder: Path) -> None:
    town.post("busy", *vote_opened(secrecy="sealed"))
    writers = [writer(town, folder, "busy", name, 24) for name in ("one", "two")]
    given = [seqs(town.post("busy", ballot(f"this {number}", 0)))[0] for number in range(60)]
    for process in writers:
        output, _ = process.communicate(timeout=60)
        assert process.returncode == 0
        for first, last in acknowledged(output.splitlines(keepends=True)).values():
            given += range(first, last + 1)
    assert sorted(given) == list(range(12, 12 + 60 + 2 * (8 * 150 + 16)))
    assert len(town.events("busy")) == 12 + len(given)


@pytest.mark.parametrize("after_lines", [1, 4, 9])
def test_a_killed_process_loses_nothing_that_it_acknowledged_and_doubles_nothing(town: Ledger, folder: Path, after_lines: int) -> None:
    ref = f"killed-{after_lines}"
    town.post(ref, *vote_opened())
    process = writer(town, folder, ref, "writer", 1000)
    assert process.stdout is not None
    lines = [process.stdout.readline() for _ in range(after_lines)]
    process.kill()
    lines += process.stdout.readlines()
    process.stdout.close()
    assert process.wait(timeout=30) == -9
    told = acknowledged(lines)
    before = len(town.events(ref))
    assert before >= 12 + sum(last - first + 1 for first, last in told.values())
    # Sent again by whoever did not hear an answer: what was recorded is answered as it was, the rest is recorded now.
    for number in range(len(told) + 2):
        voters = [f"writer {number} {other}" for other in range(1 if number % 3 else 150)]
        answer = town.post(ref, *(ballot(voter, number % 3) for voter in voters), key=f"writer {number}")
        if number in told:
            assert answer.replayed
            assert (seqs(answer)[0], seqs(answer)[-1]) == told[number]
    assert len(town.events(ref)) == 12 + sum(1 if number % 3 else 150 for number in range(len(told) + 2))
