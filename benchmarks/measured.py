"""A service as operators start it, with a project in which a vote is open, to be measured."""

import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import httpx2
import orjson
import psycopg

from ledger.aggregates import candidates_digest, rules_digest
from ledger.ports import Client
from ledger.rules.ballot_form import ApprovalForm
from ledger.rules.profile import Item
from ledger.rules.spec import Lottery, RuleSpec, ScoreBy
from ledger.store.clients import create_client
from ledger.store.embedded import EmbeddedPostgres
from ledger.store.migrate import migrate
from ledger.submit import CREATE, WRITE

PROJECT = "measured"
CANDIDATES = 30
RULES = RuleSpec(
    rule="greedy", ballot=ApprovalForm(min=1, max=10), score=ScoreBy(by="approvals"), budget_minor=10_000_000, lottery=Lottery(seed="s")
)
_CITED = {
    "candidates": candidates_digest([Item(place, f"c{place}", 1000 + place) for place in range(CANDIDATES)]),
    "rules": rules_digest(RULES),
}


@dataclass(frozen=True, slots=True)
class Measured:
    """A running service; `conninfo` is its database's."""

    port: int
    key: str
    conninfo: str

    @property
    def path(self) -> str:
        """Where events are posted."""
        return f"/v1/projects/{PROJECT}/events"

    def post(self, documents: list[dict[str, Any]]) -> None:
        """Records these submissions; raises when they are not."""
        answer = httpx2.post(
            f"http://127.0.0.1:{self.port}{self.path}",
            content=b"\n".join(map(orjson.dumps, documents)),
            headers={"Authorization": f"Bearer {self.key}", "Content-Type": "application/x-ndjson"},
            timeout=60,
        )
        if answer.status_code != 201:
            raise RuntimeError(answer.text)


@contextmanager
def measured_service(*arguments: str) -> Iterator[Measured]:
    """`ledger serve` with these arguments on an embedded database of its own, forced to disk as ever; open and sealed votes are open."""
    with tempfile.TemporaryDirectory(prefix="ledger-") as folder, EmbeddedPostgres(Path(folder)) as postgres:
        migrate(postgres.url)
        with psycopg.connect(postgres.url) as connection:
            key = create_client(connection, Client("bench", "bench", frozenset({WRITE, CREATE}), frozenset({"organizer", "participant"})))
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = int(free.getsockname()[1])
        command = [sys.executable, "-c", "from ledger.cli import main; main()", "serve", "--port", str(port), *arguments]
        environment = {"LEDGER_DATA_DIR": folder, "PATH": "/usr/bin:/bin"}
        with subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL) as service:
            try:
                measured = Measured(port, key, postgres.url)
                _wait_until_ready(port, service)
                measured.post(_preparation())
                yield measured
            finally:
                service.send_signal(signal.SIGTERM)


def ballot(participant: str, entries: list[int], step: str = "open") -> dict[str, Any]:
    """A ballot in the open vote, or in the one that is `sealed`."""
    return {"type": "ballot.cast/1", "channel": "web", "participant": participant, "data": {"step": step, **_CITED, "entries": entries}}


def _preparation() -> list[dict[str, Any]]:
    def organizer(name: str, /, **data: Any) -> dict[str, Any]:
        return {"type": f"{name}/1", "role": "organizer", "data": data}

    title = {"en": "Measured"}
    items = [{"ref": f"c{place}", "cost_minor": 1000 + place} for place in range(CANDIDATES)]
    opened = organizer(
        "project.opened",
        title=title,
        owner=title,
        languages=["en"],
        currency="EUR",
        time_zone="Europe/Paris",
        keys_destroyed_at="2099-01-01T00:00:00.000Z",
    )
    ideas = [
        organizer("step.planned", step="ideas", kind="collection", title=title, accepts=["proposal"]),
        organizer("step.opened", step="ideas"),
        *(organizer("contribution.submitted", step="ideas", kind="proposal", title=title, **item) for item in items),
    ]
    votes = [
        submission
        for step in ("open", "sealed")
        for submission in (
            organizer("step.planned", step=step, kind="ballot", title=title),
            organizer("step.rules_set", step=step, secrecy=step, rules=RULES.model_dump(mode="json", exclude_none=True)),
            organizer("candidates.listed", step=step, items=items),
            organizer("candidates.sealed", step=step),
            organizer("step.opened", step=step),
        )
    ]
    return [opened, *ideas, *votes]


def _wait_until_ready(port: int, service: "subprocess.Popen[bytes]") -> None:
    deadline = monotonic() + 60
    while service.poll() is None and monotonic() < deadline:
        try:
            if httpx2.get(f"http://127.0.0.1:{port}/readyz").status_code == 200:
                return
        except httpx2.ConnectError:
            sleep(0.1)
    raise RuntimeError("the service did not get ready")
