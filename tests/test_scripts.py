"""`scripts/demo --once`, as somebody runs it who has just fetched the project."""

import os
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_the_demo_posts_counts_exports_and_verifies() -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("LEDGER_")}
    run = subprocess.run(["scripts/demo", "--once"], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    for words in (
        "not-on-roll",
        "already-voted",
        "choices-refused",
        "excluded by pistes-des-quais",
        "600000 of 600000 EUR spent",
        "Verified",
    ):
        assert words in run.stdout
