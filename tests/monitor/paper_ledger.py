"""A ledger on paper, served over HTTP: what it shows can be changed as no honest ledger would change it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs, urlsplit

import orjson

from ledger.events import Event
from ledger.events.envelope import entry_bytes
from ledger.events.ledger_log import (
    LEDGER_LOG,
    VIA,
    KeyAdded,
    KeyRetired,
    LogCheckpointed,
    LogClosed,
    LoggedEvent,
    LogOpened,
    ledger_origin,
)
from ledger.sealing import digest_text
from ledger.tlog.checkpoint import Checkpoint
from ledger.tlog.note import parse_note, sign_note
from ledger.tlog.proof import consistency_proof, inclusion_proof
from ledger.tlog.reader import HeldTiles
from ledger.tlog.tile import FULL_WIDTH, Bundle, encode_bundle, parse_path
from ledger.tlog.tlog_proof import TlogProof
from ledger.tlog.tree import leaf_hash, tree_root
from ledger.tlog.witness import AddCheckpoint
from tests.tlog.keys import KnownSigner

HOST = "paper.test"
AT = "2026-03-01T10:00:00.000Z"


@dataclass
class PaperLog:
    """One log: its entries, and who signs it."""

    origin: str
    signers: list[KnownSigner]
    entries: list[bytes] = field(default_factory=list)
    shown_size: int | None = None
    """What it shows, where that is less than it has."""

    @property
    def size(self) -> int:
        return len(self.entries) if self.shown_size is None else self.shown_size

    def leaves(self, size: int | None = None) -> list[bytes]:
        return [leaf_hash(entry) for entry in self.entries[: self.size if size is None else size]]

    def root(self, size: int | None = None) -> bytes:
        return tree_root(self.leaves(size))

    def note(self, size: int | None = None) -> bytes:
        size = self.size if size is None else size
        return sign_note(Checkpoint(self.origin, size, self.root(size)).text, self.signers).encode()

    def grow(self, count: int = 1, word: str = "entry") -> None:
        self.entries += [f"{word} {len(self.entries) + place}".encode() for place in range(count)]

    def inclusion(self, index: int, size: int) -> bytes:

        return TlogProof(index, inclusion_proof(index, size, HeldTiles(self.leaves(size))), parse_note(self.note(size))).encode()

    def consistency(self, old: int, new: int) -> bytes:

        return AddCheckpoint(old, consistency_proof(old, new, HeldTiles(self.leaves(new))), parse_note(self.note(new))).encode()


class PaperLedger:
    """Projects, and the ledger log about them. Nothing is refused here: `say` writes whatever it is told."""

    def __init__(self) -> None:
        self.ledger = PaperLog(ledger_origin(HOST), [KnownSigner(ledger_origin(HOST), 9)])
        self.projects: dict[str, PaperLog] = {}
        self.listed: set[str] = set()
        self._last: dict[str, tuple[int, int]] = {}
        """Project → index and version of the last entry about it."""
        self.say(LogOpened(project=LEDGER_LOG, origin=self.ledger.origin, opened_at=AT, vkey=str(self.ledger.signers[0].vkey)))

    def open(self, project: str, byte: int = 1) -> PaperLog:
        origin = f"{HOST}/p/{project}"
        log = self.projects[project] = PaperLog(origin, [KnownSigner(origin, byte)])
        log.grow()
        self.listed.add(project)
        first = digest_text(leaf_hash(log.entries[0]))
        self.say(LogOpened(project=project, origin=origin, first=first, opened_at=AT, vkey=str(log.signers[0].vkey)))
        return log

    def state(self, project: str, size: int | None = None, root: bytes | None = None, previous: int | None = None) -> int:
        """The ledger log says how far the project is."""
        log = self.projects[project]
        size = len(log.entries) if size is None else size
        return self.say(
            LogCheckpointed(
                project=project,
                origin=log.origin,
                previous=self.last(project) if previous is None else previous,
                size=size,
                root=digest_text(log.root(size) if root is None else root),
                cause="grown",
            )
        )

    def close(self, project: str) -> int:
        log = self.projects[project]
        return self.say(
            LogClosed(
                project=project,
                origin=log.origin,
                previous=self.last(project),
                size=len(log.entries),
                root=digest_text(log.root()),
                code="compromised",
            )
        )

    def add_key(self, project: str, byte: int) -> None:
        log = self.ledger if project == LEDGER_LOG else self.projects[project]
        signer = KnownSigner(log.origin, byte)
        self.say(KeyAdded(project=project, origin=log.origin, previous=self.last(project), vkey=str(signer.vkey)))
        log.signers.insert(0, signer)

    def retire_key(self, project: str) -> None:
        log = self.ledger if project == LEDGER_LOG else self.projects[project]
        signer = log.signers.pop()
        self.say(KeyRetired(project=project, origin=log.origin, previous=self.last(project), vkey=str(signer.vkey), code="rotated"))

    def last(self, project: str) -> int:
        return self._last[project][0]

    def say(self, data: LoggedEvent, via: str = VIA) -> int:
        index = len(self.ledger.entries)
        version = self._last.get(data.project, (0, 0))[1] + 1
        event = Event(
            data.wire_type(), data, data.stream(None), "system", "api", via, self.ledger.origin, AT, seq=index, version=version
        )  # fmt: skip
        self.ledger.entries.append(entry_bytes(event))
        self._last[data.project] = (index, version)
        return index

    def answer(self, target: str) -> bytes | None:
        """What is served at an address; None where there is nothing."""
        parts = urlsplit(target)
        query = {name: int(values[0]) for name, values in parse_qs(parts.query).items()}
        match parts.path.strip("/").split("/"):
            case ["v1", "projects"]:
                listed = [{"project": ref, "origin": self.projects[ref].origin} for ref in sorted(self.listed)]
                return orjson.dumps({"projects": listed})
            case ["v1", "ledger"]:
                return orjson.dumps({"origin": self.ledger.origin, "vkeys": [str(signer.vkey) for signer in self.ledger.signers]})
            case ["ledger", *rest]:
                return _log_answer(self.ledger, rest, query)
            case ["p", project, "checkpoint"] if project in self.projects:
                return self.projects[project].note()
            case ["v1", "projects", project, *rest] if project in self.projects:
                return _log_answer(self.projects[project], rest, query)
        return None


def _log_answer(log: PaperLog, rest: list[str], query: dict[str, int]) -> bytes | None:
    match rest:
        case ["checkpoint"]:
            return log.note()
        case ["proof", "inclusion"]:
            return log.inclusion(query["index"], query["size"])
        case ["proof", "consistency"]:
            return log.consistency(query["old"], query["new"]) if query["old"] <= query["new"] <= log.size else None
        case ["tile", *_]:
            wanted = parse_path("/".join(rest))
            if isinstance(wanted, Bundle):
                first = wanted.index * FULL_WIDTH
                return encode_bundle(log.entries[first : first + wanted.width])
    return None


@contextmanager
def served(ledger: PaperLedger) -> Iterator[str]:
    """The address at which the ledger is shown, until the end of the block."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            content = ledger.answer(self.path)
            self.send_response(200 if content is not None else 404)
            self.send_header("Content-Length", str(len(content or b"")))
            self.end_headers()
            self.wfile.write(content or b"")

        def log_message(self, format: str, *args: object) -> None:
            """Nothing is said."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler))
    thread = Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def digest(text: str) -> str:
    return digest_text(sha256(text.encode()).digest())
