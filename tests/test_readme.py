"""The README's commands, run as a reader would run them: in order, in an empty folder, against a service of their own."""

import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
BLOCKS = re.findall(r"^```sh\n(.*?)^```", (ROOT / "README.md").read_text(), re.MULTILINE | re.DOTALL)
SET_UP = {"scripts/demo\n", "scripts/test\n"}
"""Run by `tests/test_scripts.py`, and by whoever runs this test."""


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    # Not pytest's own temporary folder, which is closed to the account that PostgreSQL runs under where everything else runs as root.
    with tempfile.TemporaryDirectory(prefix="ledger-") as name:
        yield Path(name)


@pytest.fixture(scope="module")
def shell(folder: Path) -> Iterator[tuple[Path, dict[str, str], int]]:
    (folder / "tests").symlink_to(ROOT / "tests")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "LEDGER_DATA_DIR": str(folder / "data"),
        "LEDGER_ORIGIN": f"127.0.0.1:{port}",
    }
    server = subprocess.Popen(
        ["ledger", "serve", "--port", str(port)], cwd=folder, env=environment, start_new_session=True, stdout=subprocess.DEVNULL
    )
    try:
        _wait_until_ready(port, server)
        yield folder, environment, port
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(30)


def _wait_until_ready(port: int, server: "subprocess.Popen[bytes]") -> None:
    for _ in range(300):
        assert server.poll() is None, "the service ended at its start"
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz") as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.1)
    raise AssertionError("the service did not get ready in 30 seconds")


def test_every_command_of_the_readme_works(shell: tuple[Path, dict[str, str], int]) -> None:
    folder, environment, port = shell
    commands = [block for block in BLOCKS if block not in SET_UP]
    # An auditor reads first what a platform's commands, further down, bring about.
    auditors = [block for block in commands if block.startswith(("ledger verify", "ledger check-receipt", "ledger monitor"))]
    ordered = [block for block in commands if block not in auditors] + auditors
    assert len(auditors) == 4
    script = "\n".join(["set -euo pipefail", *ordered]).replace("ledger serve &", ":").replace("curl -sS", "curl -sS --fail-with-body")
    run = subprocess.run(
        ["bash", "-c", script.replace("127.0.0.1:8000", f"127.0.0.1:{port}")],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
