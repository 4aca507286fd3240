"""A ledger with two witnesses, from the first checkpoint to a package that anybody can check: also while one of them is away."""

import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from shutil import which
from time import monotonic, sleep
from typing import Any

import httpx2
import orjson
import pytest

from ledger.audit import Trust, verify
from ledger.audit.timestamp import timestamp_library
from ledger.events.ledger_log import LEDGER_LOG
from ledger.settings import Settings
from ledger.store.keystore import FileKeyStore
from ledger.tlog.note import parse_note, verified_by
from ledger.tlog.policy import Policy, parse_policy
from ledger.tlog.vkey import Vkey
from ledger.wiring import keeping
from ledger.witness.app import witness_app
from ledger.witness.judging import Witness
from ledger.witness.kept import KeptCheckpoints
from ledger.witness.key import WitnessKey
from tests.posting import Document, ballot, organizer, vote_opened
from tests.serving import Service, answering
from tests.witness.authority import Authority
from tests.witness.watched import Served, served

ORIGIN = "town.example"
NAMES = ("witness.north.example", "witness.south.example")
PATIENCE_SECONDS = 40


@dataclass
class Town:
    """A service, its two witnesses, and the policy that names both."""

    service: Service
    witnesses: dict[str, Served]
    policy: Policy
    vkeys: dict[str, Vkey]
    log_vkey: Vkey
    key: str
    authority: Authority | None
    """None where no timestamps can be made on this machine."""

    def post(self, project: str, *documents: Document, status: int = 201) -> Any:
        body = b"\n".join(orjson.dumps(document) for document in documents)
        answer = self.service.post(project, body, self.key, content_type="application/x-ndjson")
        assert answer.status_code == status, answer.text
        return answer.json()

    def status(self) -> Any:
        return self.service.get("/v1/ledger").json()

    def computed(self, project: str) -> str:
        """A vote in a new project was counted; the digest of its result."""
        closed = [organizer("step.closed", step="vote")]
        self.post(project, *vote_opened(), ballot("ana", 0), ballot("bo", 0, 1), *closed)
        [computed] = self.post(project, organizer("result.computed", step="vote"))["events"]
        entry = self.service.get(f"/v1/projects/{project}/events?after={computed['seq'] - 1}&limit=1").json()["events"][0]
        digest: str = entry["data"]["digest"]
        return digest

    def certification(self, digest: str) -> Document:
        return organizer("result.certified", step="vote", digest=digest, by_roles=["organizer"], quorum=1)


def until(what: Callable[[], Any]) -> Any:
    """What is true at last; a service does things within seconds, and a test that fails says what it waited for."""
    deadline = monotonic() + PATIENCE_SECONDS
    while not (found := what()):
        assert monotonic() < deadline, "waited in vain"
        sleep(0.05)
    return found


@contextmanager
def running(database: str, folder: Path, settings: Settings) -> Iterator[Service]:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(64)
        port = listening.getsockname()[1]
        with (
            keeping(settings, database) as keeper,
            answering(settings, database, listening, None),
            httpx2.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as http,
        ):
            yield Service(http, keeper, port)


@pytest.fixture(scope="module")
def town(database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    folder = tmp_path_factory.mktemp("witnessed")
    log_vkey = FileKeyStore(folder / "keys").make_signer(LEDGER_LOG, f"{ORIGIN}/ledger").vkey
    with ExitStack() as stack:
        witnesses: dict[str, Served] = {}
        keys = {name: WitnessKey(name, bytes([place]) * 32) for place, name in enumerate(NAMES, 1)}
        for name, key in keys.items():
            witness = Witness(
                key, {f"{ORIGIN}/ledger": (log_vkey,)}, KeptCheckpoints(folder / name), lambda: int(1_790_000_000 + monotonic())
            )
            witnesses[name] = Served(witness_app(witness))
            witnesses[name].start()
            stack.callback(witnesses[name].stop)
        lines = [f"witness {name.split('.')[1]} {key.vkey} {witnesses[name].url}/" for name, key in keys.items()]
        file = folder / "policy"
        file.write_text("\n".join([f"log {log_vkey}", *lines, "group both all north south", "quorum both", ""]))
        authority = Authority(folder / "authority") if timestamp_library() is not None and which("openssl") is not None else None
        tsa_url = None if authority is None else f"{stack.enter_context(served(authority.app())).url}/tsa"
        settings = Settings(
            data_dir=folder,
            database_url=database,
            origin=ORIGIN,
            docs_url="https://docs.test",
            witness_policy=file,
            tsa_url=tsa_url,
            tsa_roots=None if authority is None else authority.folder / "root.pem",
        )
        service = stack.enter_context(running(database, folder, settings))
        yield Town(
            service,
            witnesses,
            parse_policy(file.read_bytes()),
            {name: key.vkey for name, key in keys.items()},
            log_vkey,
            service.key("town-hall"),
            authority,
        )


def certified_entry(town: Town, project: str) -> Any:
    events = town.service.get(f"/v1/projects/{project}/events?limit=500").json()["events"]
    return next(event for event in events if event["type"].startswith("result.certified/"))


def test_a_ledger_is_witnessed_and_its_results_say_by_whom(town: Town, tmp_path: Path) -> None:
    digest = town.computed("first")
    # It waits for its witnesses by itself.
    town.post("first", town.certification(digest))
    certified = certified_entry(town, "first")
    assert certified["type"] == "result.certified/2"
    assert certified["data"]["witnessed"]["witnesses"] == list(NAMES)
    status = until(lambda: found if (found := town.status())["quorum"]["met"] else None)
    assert status["quorum"]["asked"] == "2 of (north, south)"
    assert status["quorum"]["policy"] == certified["data"]["witnessed"]["policy"]
    assert [(witness["name"], witness["state"], witness["why"]) for witness in status["witnesses"]] == [
        ("north", "cosigned", None),
        ("south", "cosigned", None),
    ]
    assert {witness["cosigned_size"] for witness in status["witnesses"]} == {status["checkpoint"]["size"]}
    note = parse_note(town.service.get("/ledger/checkpoint").content)
    assert set(verified_by(note, [town.log_vkey, *town.vkeys.values()])) == {town.log_vkey, *town.vkeys.values()}
    [shown] = until(lambda: town.service.get("/v1/projects/first/results/vote").json()["beside"]["certified"])
    assert shown["witnessed"]["witnesses"] == list(NAMES)

    report = verify(exported(town, "first", tmp_path), trust=Trust(policy=town.policy))
    assert [finding for finding in report.findings if finding.severity == "fault"] == []
    assert report.verdict == "verified"
    assert {name for name, _ in report.witnessed.by} == {"north", "south"}
    assert report.witnessed.quorum_met


def exported(town: Town, project: str, folder: Path) -> Path:
    answer = town.service.get(f"/v1/projects/{project}/export")
    assert answer.status_code == 200, answer.text
    path = folder / f"{project}.zip"
    path.write_bytes(answer.content)
    return path


def test_while_a_witness_is_away_that_is_shown_and_nothing_is_certified_and_when_it_is_back_all_is_well(town: Town, tmp_path: Path) -> None:
    away = town.witnesses[NAMES[1]]
    away.stop()
    digest = town.computed("second")
    status = until(lambda: found if (found := town.status())["witnesses"][1]["state"] == "uncosigned" else None)
    assert status["witnesses"][0]["state"] == "cosigned"
    assert "cannot be reached" in status["witnesses"][1]["why"]
    assert not status["quorum"]["met"]

    refused = town.post("second", town.certification(digest), status=503)
    assert refused["code"] == "quorum-missing"
    assert "2 of (north, south)" in refused["detail"]
    assert "witness.north.example" in refused["detail"]
    # Writing, signing and stating go on meanwhile, and what is exported says that too few stand by it.
    until(lambda: "second" in [log["project"] for log in town.status()["logs"]])
    report = verify(exported(town, "second", tmp_path), trust=Trust(policy=town.policy))
    assert report.verdict == "verified"
    assert not report.witnessed.quorum_met
    assert "uncosigned" in {finding.check for finding in report.findings}
    # What was certified before is exported with those who stood by it then.
    assert verify(exported(town, "first", tmp_path), trust=Trust(policy=town.policy)).witnessed.quorum_met

    away.start()
    until(lambda: town.status()["quorum"]["met"])
    town.post("second", town.certification(digest))
    assert certified_entry(town, "second")["data"]["witnessed"]["witnesses"] == list(NAMES)
    report = verify(exported(town, "second", tmp_path), trust=Trust(policy=town.policy))
    assert (report.verdict, report.witnessed.quorum_met) == ("verified", True)


def test_nobody_says_who_witnessed_but_the_ledger(town: Town) -> None:
    digest = town.computed("third")
    forged = town.certification(digest)
    forged["type"] = "result.certified/2"
    forged["data"]["witnessed"] = {"policy": digest, "size": 1, "witnesses": ["witness.moon.example"]}
    assert town.post("third", forged, status=409)["code"] == "field-differs"
    both = [organizer("result.computed", step="vote"), town.certification(digest)]
    assert town.post("third", *both, status=409)["code"] == "counted-together"
    town.post("third", town.certification(digest))
    assert town.post("third", town.certification(digest), status=409)["code"] == "already-certified"


def test_what_an_authority_dated_says_so_in_the_package(town: Town, tmp_path: Path) -> None:
    if town.authority is None:
        pytest.skip("there is no openssl on this machine, or no rfc3161-client")
    exported(town, "third", tmp_path)
    dated = (town.status()["anchor"] or {"size": 0})["size"]
    town.computed("fourth")  # a step closed: the ledger log is dated again
    until(lambda: (town.status()["anchor"] or {"size": 0})["size"] > dated)
    report = verify(exported(town, "third", tmp_path), trust=Trust(policy=town.policy, tsa_roots=town.authority.roots))
    assert (report.verdict, report.witnessed.quorum_met) == ("verified", True)
    assert report.anchored is not None
    assert report.anchored[:4] == str(datetime.now(UTC).year)
