"""An operator without scruples: database, keys and code are theirs. And people outside who kept what they were given."""

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

import orjson
import psycopg
from psycopg.rows import tuple_row

from ledger.aggregates import LEDGER, is_shared
from ledger.audit import Report, Trust, verify
from ledger.audit.findings import Finding
from ledger.audit.wording import title, told
from ledger.canonical import canonical
from ledger.events import Event, EventData
from ledger.events.envelope import entry_bytes
from ledger.package.ledger_extract import signature_text
from ledger.sealing import digest_text, participant_key
from ledger.settings import Settings
from ledger.store.checkpoints import CheckpointSigner
from ledger.submit import Intake, Posted, Receipted, read_submissions
from ledger.tlog.note import sign_note
from ledger.tlog.tree import leaf_hash
from ledger.wiring import Ledger, sign_what_grew
from ledger.wiring.packages import write_package
from tests.posting import TOWN, Document, HandClock, organizer
from tests.serving import answering
from tests.tamper.tampering import packed, restate, unpacked

ORIGIN = "town.example"
JARGON = ("merkle", "sha-256", "traceback", "none type", "keyerror", "assert")


@dataclass
class Operator:
    """Runs a ledger, and does to one project's log what no ledger does."""

    ledger: Ledger
    intake: Intake
    clock: HandClock
    ref: str
    folder: Path
    exports: int = field(default=0)

    def post(self, *documents: Document) -> Receipted:
        """What honest people post; it has to be recorded."""
        bodies = [orjson.dumps(document) for document in documents]
        places = [f"line {number}" for number, _ in enumerate(bodies, 1)]
        return self.intake.submit_now(self.ref, TOWN, Posted(read_submissions(bodies, places), places))

    @contextmanager
    def anew(self) -> Iterator["Operator"]:
        """New processes on the same database and keys: what the old ones had in memory is gone."""
        ledger = Ledger(self.ledger.settings, self.ledger.conninfo, self.clock)
        with ledger.datastore, ledger.writing() as intake:
            yield Operator(ledger, intake, self.clock, self.ref, self.folder, self.exports)

    def close(self) -> None:
        """The vote ends by the clock."""
        self.clock.time = "2026-03-02T12:00:01.000Z"
        self.post(organizer("project.described", description={"fr": "Le vote est clos."}))

    def export(self) -> Path:
        """A package of the project as it is now, by the ledger's own exporter."""
        sign_what_grew(self.ledger, self.ref, patience=1)
        self.exports += 1
        path = self.folder / f"{self.ref}-{self.exports}.zip"
        with path.open("wb") as out:
            write_package(self.ledger, self.ref, out)
        return path

    def repack(self, package: Path, changes: dict[str, Callable[[bytes], bytes]]) -> Path:
        """The package with files changed, its manifest restated and signed with the operator's own key."""
        files = unpacked(package.read_bytes())
        for name, change in changes.items():
            files[name] = change(files[name])
        files = restate(files)
        manifest = files["datapackage.json"]
        about = orjson.loads(manifest)["ledger"]
        text = signature_text(about["origin"], about["size"], sha256(manifest).digest())
        files["datapackage.sig"] = sign_note(text, self.ledger.keys.signers(self.ref)).encode()
        path = package.with_name(f"forged-{package.name}")
        path.write_bytes(packed(files))
        return path

    def sql(self, statement: str, *parameters: Any) -> list[Any]:
        """Straight into the database."""
        with psycopg.connect(self.ledger.conninfo, autocommit=True, row_factory=tuple_row) as connection:
            cursor = connection.execute(statement.encode(), parameters)
            return cursor.fetchall() if cursor.description else []

    @property
    def project_id(self) -> int:
        return self.ledger.project(self.ref).project_id

    @property
    def origin(self) -> str:
        return self.ledger.project(self.ref).origin

    @property
    def size(self) -> int:
        return int(self.sql("SELECT size FROM heads WHERE project_id = %s", self.project_id)[0][0])

    def seqs(self, wire_type: str) -> list[int]:
        """Where events of the type stand."""
        found = self.sql("SELECT seq FROM events WHERE project_id = %s AND type = %s ORDER BY seq", self.project_id, wire_type)
        return [seq for (seq,) in found]

    def entry(self, seq: int) -> dict[str, Any]:
        [(content,)] = self.sql("SELECT entry FROM events WHERE project_id = %s AND seq = %s", self.project_id, seq)
        read: dict[str, Any] = orjson.loads(content)
        return read

    def put(self, seq: int, content: bytes, *, hashed: bool = True) -> None:
        """Other bytes in the place of an entry; `hashed`: and the leaf hash that belongs to them."""
        leaf = ", leaf_hash = %s" if hashed else ""
        parameters = (content, leaf_hash(content)) if hashed else (content,)
        self.sql(f"UPDATE events SET entry = %s{leaf} WHERE project_id = %s AND seq = %s", *parameters, self.project_id, seq)

    def edit(self, seq: int, change: Callable[[dict[str, Any]], None], *, hashed: bool = True) -> None:
        entry = self.entry(seq)
        change(entry)
        self.put(seq, canonical(entry), hashed=hashed)

    def k_of(self, subject: str, step: str = "vote") -> str:
        """What the platform gave its user for looking their ballot up."""
        k = participant_key(self.ledger.keys.scope_key(self.ref, f"step.{step}"), TOWN.namespace, subject)
        return digest_text(k)

    def forge(self, data: EventData, role: str = "organizer", actor: str | None = None, at: str | None = None) -> int:
        """Appends an event that nobody admitted; returns where it stands."""
        size = self.size
        stream = data.stream(actor)
        [(version,)] = self.sql(
            "SELECT coalesce(max(version), 0) + 1 FROM events WHERE project_id = %s AND stream = %s", self.project_id, stream
        )
        now = self.clock.now()
        at = at or (now if role != "participant" else f"{now[:14]}00:00.000Z")
        origin = self.ledger.project(self.ref).origin
        channel, via = ("api", LEDGER) if role == "system" else ("web", TOWN.name)
        event = Event(data.wire_type(), data, stream, role, channel, via, origin, at, actor, seq=size, version=version)
        content = entry_bytes(event)
        self.sql(
            "INSERT INTO events (project_id, seq, stream, version, type, leaf_hash, entry) VALUES (%s, %s, %s, %s, %s, %s, %s)",
            self.project_id, size, stream, version, event.type, leaf_hash(content), content,
        )  # fmt: skip
        shared = ", shared_size = %s" if is_shared(stream) else ""
        parameters = (size + 1, size + 1) if shared else (size + 1,)
        self.sql(f"UPDATE heads SET size = %s{shared} WHERE project_id = %s", *parameters, self.project_id)
        return size

    def sign_anew(self) -> None:
        """Everything that was signed is forgotten, the guard too, and what stands in the database now is signed as if it were the past."""
        for table in ("checkpoints", "subtrees"):
            self.sql(f"DELETE FROM {table} WHERE project_id = %s", self.project_id)
        self.forget_what_was_signed()
        sign_what_grew(self.ledger, self.ref)

    def forget_what_was_signed(self) -> None:
        for guard in self.ledger.settings.keys.glob(f"project.{self.ref}/signed*"):
            guard.unlink()

    @contextmanager
    def showing(self) -> Iterator[str]:
        """The address at which the ledger is shown, by a process that only answers."""
        with socket.socket() as listening:
            listening.bind(("127.0.0.1", 0))
            listening.listen(64)
            with answering(self.ledger.settings, self.ledger.conninfo, listening, self.clock):
                yield f"http://127.0.0.1:{listening.getsockname()[1]}"

    def state_in_ledger_log(self) -> None:
        """What stands in the database is signed, and said in the ledger log, which is signed in turn."""
        sign_what_grew(self.ledger, self.ref, patience=1)
        self.ledger.ledger_log_writer.note(self.ref, "grown")
        self.sign()

    def sign(self) -> None:
        """One round of signing: whatever grew, the ledger log too."""
        signer = CheckpointSigner(self.ledger.datastore, self.ledger.keys)
        signer.sign_round()
        signer.retire()

    def tables_anew(self) -> None:
        """Every table follows from what stands in the log now."""
        self.ledger.runner.rebuild(self.ref)
        self.ledger.runner.catch_up(self.ref)


@contextmanager
def operating(database: str, folder: Path, ref: str) -> Iterator[Operator]:
    """An operator with an empty project of this name."""
    clock = HandClock("2026-03-02T10:00:00.000Z")
    settings = Settings(data_dir=folder / "data", database_url=database, origin=ORIGIN)
    ledger = Ledger(settings, database, clock)
    with ledger.datastore, ledger.writing() as intake:
        yield Operator(ledger, intake, clock, ref, folder)


def judged(package: Path, operator: Operator, older: Path | None = None, **trusted: Any) -> Report:
    """What an outsider's `ledger verify --key` says, with the key they had before the attack."""
    return verify(package, trust=Trust(keys=operator.ledger.keys.vkeys(operator.ref), **trusted), older=older)


def caught(report: Report, check: str) -> Finding:
    """The named check failed, and says so in words for people."""
    assert report.verdict == "failed", [finding.check for finding in report.findings]
    found = [finding for finding in report.findings if finding.check == check and finding.severity == "fault"]
    assert found, f"{check} did not see it; what was found: {sorted({finding.check for finding in report.findings})}"
    for language in ("en", "fr"):
        said = f"{title(found[0], language)} {told(found[0], language)}".lower()
        assert not any(word in said for word in JARGON), said
        assert len(said) > len(check) + 20
    return found[0]
