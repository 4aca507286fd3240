"""Processes that serve together start together, are replaced when one dies, and leave nobody behind."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

PROGRAM = """
import os, signal, sys, threading, time
from pathlib import Path
from ledger.cli.processes import Crew, Task

def serve(ready, name, folder):
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    with open(Path(folder) / name, "a") as file:
        print(os.getpid(), file=file)
    ready()
    stop.wait()
    if name == "keeper":
        (Path(folder) / "last").write_text("".join(sorted(path.name for path in Path(folder).glob("*.ended"))))
    (Path(folder) / f"{name}.ended").touch()

def fail(ready, folder):
    sys.exit(3)

if __name__ == "__main__":
    folder = sys.argv[1]
    tasks = [Task("web", serve, ("web", folder)), Task("keeper", serve, ("keeper", folder), outlasts=True)]
    if sys.argv[2:] == ["failing"]:
        tasks.append(Task("broken", fail, (folder,)))
    sys.exit(Crew(tasks, lambda text: print(text, flush=True)).run(lambda: print("all serve", flush=True)))
"""


@contextmanager
def launched(folder: Path, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    program = folder / "program.py"
    program.write_text(PROGRAM, encoding="utf-8")
    with subprocess.Popen([sys.executable, str(program), str(folder), *arguments], stdout=subprocess.PIPE, text=True) as crew:
        try:
            yield crew
        finally:
            crew.kill()


def line(crew: subprocess.Popen[str]) -> str:
    assert crew.stdout is not None
    return crew.stdout.readline().strip()


def pids(folder: Path, name: str) -> list[int]:
    return [int(pid) for pid in (folder / name).read_text(encoding="utf-8").split()]


def gone(pid: int) -> bool:
    """True once the process has ended; waits for it."""
    for _ in range(1000):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        stat = Path(f"/proc/{pid}/stat")
        if stat.exists() and stat.read_text(encoding="utf-8").rpartition(")")[2].split()[0] == "Z":
            return True
        time.sleep(0.01)
    return False


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_to_the_parent_lets_all_finish(tmp_path: Path, number: signal.Signals) -> None:
    with launched(tmp_path) as crew:
        assert line(crew) == "all serve"
        crew.send_signal(number)
        assert crew.wait(30) == 0
        assert (tmp_path / "web.ended").exists() and (tmp_path / "keeper.ended").exists()
        assert (tmp_path / "last").read_text(encoding="utf-8") == "web.ended", "the keeper was to end last"


def test_a_process_that_dies_is_started_again(tmp_path: Path) -> None:
    with launched(tmp_path) as crew:
        assert line(crew) == "all serve"
        [first] = pids(tmp_path, "web")
        os.kill(first, signal.SIGKILL)
        assert line(crew) == "The process 'web' ended with -9 and is started again."
        while len(pids(tmp_path, "web")) < 2:
            time.sleep(0.01)
        crew.terminate()
        assert crew.wait(30) == 0
        assert gone(pids(tmp_path, "web")[1])


def test_a_process_that_never_serves_ends_the_service(tmp_path: Path) -> None:
    with launched(tmp_path, "failing") as crew:
        assert line(crew) == "The process 'broken' ended with 3 before it served, so the service ends."
        assert crew.wait(30) == 1


def test_nobody_outlives_a_parent_that_was_killed(tmp_path: Path) -> None:
    with launched(tmp_path) as crew:
        assert line(crew) == "all serve"
        children = [*pids(tmp_path, "web"), *pids(tmp_path, "keeper")]
        crew.kill()
        crew.wait(30)
        assert all(gone(pid) for pid in children)
