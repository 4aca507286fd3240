"""Several processes on one witness's state, and a witness that is killed at the worst moment."""

import subprocess
import sys
from pathlib import Path

from ledger.witness.judging import SIZE, Answer
from tests.witness.racing import ROUNDS, witness_in
from tests.witness.watched import ORIGIN, WatchedLog

ROOT = Path(__file__).parents[2]


def started(*arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, "-m", "tests.witness.racing", *arguments], cwd=ROOT, stdout=subprocess.PIPE, text=True)


def cosigned_by(*racers: subprocess.Popen[str]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for racer in racers:
        said, _ = racer.communicate(timeout=120)
        assert racer.returncode == 0
        name, *sizes = said.split()
        found[name] = [int(size) for size in sizes]
    return found


def test_two_processes_with_one_history_cosign_it_without_ever_going_back(tmp_path: Path) -> None:
    racers = [started("race", str(tmp_path), name, str(ROUNDS)) for name in ("one", "two")]
    found = cosigned_by(*racers)
    # Each size was stored by exactly one of them: whoever came second was told the size that the first had stored.
    assert sorted(found["one"] + found["two"]) == list(range(1, ROUNDS + 1))
    kept = witness_in(tmp_path).latest(ORIGIN)
    assert kept is not None
    assert kept.checkpoint == WatchedLog(ROUNDS).checkpoint(ROUNDS)


def test_two_processes_with_two_histories_cosign_one_of_them_only(tmp_path: Path) -> None:
    racers = [started("race", str(tmp_path), name, "0") for name in ("true", "forged")]
    found = cosigned_by(*racers)
    [winner] = [name for name, sizes in found.items() if sizes]
    assert found[winner] == list(range(1, ROUNDS + 1))
    kept = witness_in(tmp_path).latest(ORIGIN)
    assert kept is not None
    assert kept.checkpoint == WatchedLog(ROUNDS, winner).checkpoint(ROUNDS)


def test_a_witness_killed_between_storing_and_answering_knows_what_it_may_have_told(tmp_path: Path) -> None:
    tree, fork = WatchedLog(20), WatchedLog(20, "forged", common=5)
    assert witness_in(tmp_path).add_checkpoint(tree.request(0, 5)).status == 200
    killed = started("die", str(tmp_path))
    killed.communicate(timeout=60)
    assert killed.returncode == -9
    witness = witness_in(tmp_path)
    # The log, which was not answered, asks again as before, learns the size, and gets its cosignature; a fork gets none.
    assert witness.add_checkpoint(tree.request(5, 9)) == Answer(409, b"9\n", SIZE)
    assert witness.add_checkpoint(fork.request(9, 12)).status == 422
    assert witness.add_checkpoint(tree.request(9, 9)).status == 200
    assert not [file for file in tmp_path.iterdir() if file.name.startswith(".")], "a file that was being written is left"
