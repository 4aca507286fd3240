"""The operator's log is JSON, one line for each thing, and holds nobody's words."""

import subprocess
import sys

import orjson

PROGRAM = """
import logging
from ledger.api.incidents import recorded
from ledger.cli.logs import log_to_stderr

log_to_stderr()
logging.getLogger("library").info("chatter")
logging.getLogger("library").warning("a pool is full")
try:
    raise ValueError("resident-17 lives in Mill Lane")
except ValueError as error:
    logging.getLogger("ledger.store").exception("the views of %s could not be folded further", "town")
    recorded(error, "GET /v1/projects")
"""


def test_every_line_is_json_and_an_exception_is_told_by_its_kind() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
    lines = [orjson.loads(line) for line in done.stderr.splitlines()]
    assert [line["event"] for line in lines] == ["a pool is full", "the views of town could not be folded further", "unforeseen"]
    assert [line["level"] for line in lines] == ["warning", "error", "error"]
    assert all(line["timestamp"].endswith("Z") for line in lines)
    assert lines[1]["kind"] == "builtins.ValueError"
    assert lines[2]["causes"][0]["kind"] == "builtins.ValueError"
    assert "Mill Lane" not in done.stderr
