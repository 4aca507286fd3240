"""`ledger monitor`: a ledger followed from outside, by anybody."""

import sys
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from time import sleep
from typing import Annotated, Final

import orjson
import typer
from rich.console import Console
from rich.markup import escape

from ledger.audit.evidence import Evidence
from ledger.audit.language import Language
from ledger.cli.languages import spoken
from ledger.cli.progress import shown_progress
from ledger.cli.refusals import told
from ledger.errors import InvalidField, LedgerUnreachable, MalformedVkey
from ledger.events.ledger_log import LEDGER_LOG
from ledger.monitor.ledger_visit import Visit
from ledger.monitor.memory import Memory, read_memory, write_memory
from ledger.monitor.site import LedgerSite
from ledger.monitor.visit import new_evidence, visit, witnessed
from ledger.tlog.policy import Policy, parse_policy
from ledger.tlog.vkey import parse_vkey

app = typer.Typer(add_completion=False)

FOUND: Final = 1
UNREACHABLE: Final = 3
_SHORTEST: Final = 5

_SAID: Final = {
    "en": {
        "fine": "Nothing is wrong at {url}: projects: {logs}; entries of the ledger log: {size}, of which new: {entries}.",
        "first": "First visit: the key {vkey} is believed because the ledger showed it. Compare it with one from elsewhere, or give --key.",
        "witnessed": "The newest checkpoint of the ledger log is cosigned by: {names}.",
        "nobody": "nobody",
        "quorum": "That is not the quorum of the policy.",
        "saved": "Saved as {path}. Anybody can check it:  ledger check-evidence {path}",
        "kept": "{count} faults last that were saved before.",
        "silent": "{why} Nothing was compared this time.",
    },
    "fr": {
        "fine": "Rien à signaler sur {url} : projets : {logs} ; inscriptions au journal du registre : {size}, dont nouvelles : {entries}.",
        "first": "Première visite : la clé {vkey} est crue car le registre l'a montrée. Comparez-la à une autre source, ou donnez --key.",
        "witnessed": "Le dernier point de contrôle du journal du registre est cosigné par : {names}.",
        "nobody": "personne",
        "quorum": "Ce n'est pas le quorum de la politique.",
        "saved": "Enregistré sous {path}. Chacun peut le vérifier :  ledger check-evidence {path}",
        "kept": "{count} anomalies enregistrées auparavant durent encore.",
        "silent": "{why} Rien n'a été comparé cette fois.",
    },
}


@app.command()
def monitor(
    url: Annotated[str, typer.Argument(metavar="URL", help="The ledger's address, without a path: https://ledger.example")],
    state: Annotated[
        Path | None, typer.Option("--state", metavar="FILE", help="What was seen is kept here, and compared with at the next visit.")
    ] = None,
    key: Annotated[
        list[str] | None, typer.Option("--key", metavar="VKEY", help="The key of the ledger log, from where you trust it; several times.")
    ] = None,
    policy: Annotated[Path | None, typer.Option("--policy", metavar="FILE", help="A tlog-policy file: who has to cosign.")] = None,
    evidence: Annotated[Path, typer.Option("--evidence", metavar="FOLDER", help="Where evidence is saved.")] = Path(),
    every: Annotated[int | None, typer.Option("--every", min=_SHORTEST, metavar="SECONDS", help="Go on looking, until Ctrl-C.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one line of JSON for each visit.")] = False,
    lang: Annotated[str | None, typer.Option("--lang", metavar="en|fr", help="Language; otherwise that of the machine.")] = None,
) -> None:
    """Follow a ledger from outside: that nothing is rewritten, no project hidden or doubled, and that its own log keeps up.

    Exit code 0: nothing is wrong. 1: something is; the evidence was saved as a file that anybody can check. 2: usage. 3: no answer.
    """
    with told():
        read = None if policy is None else parse_policy(_read(policy))
        memory = Memory(url=url.rstrip("/")) if state is None else read_memory(state, url.rstrip("/"))
        _believe(memory, key or [])
        with LedgerSite(memory.url) as site:
            watch = _Watch(site, memory, state, read, evidence, spoken(lang), as_json)
            code = watch.look()
            while every is not None:
                try:
                    sleep(every)
                except KeyboardInterrupt:
                    break
                code = max(code % UNREACHABLE, watch.look() % UNREACHABLE)
    raise typer.Exit(code)


@dataclass(slots=True)
class _Watch:
    """One ledger, looked at again and again."""

    site: LedgerSite
    memory: Memory
    state: Path | None
    policy: Policy | None
    folder: Path
    language: Language
    as_json: bool
    console: Console = field(default_factory=lambda: Console(stderr=True, highlight=False, soft_wrap=True))

    def look(self) -> int:
        """The exit code of one visit. What was seen is on the disk before anything is said of it."""
        now = datetime.now(UTC)
        first = not self.memory.vkeys
        at = f"{now:%Y-%m-%dT%H:%M:%S}.{now.microsecond // 1000:03}Z"
        try:
            with shown_progress() as progress:
                found = visit(self.site, self.memory, at, now.timestamp(), progress)
        except LedgerUnreachable as error:
            self._say("silent", why=error)
            return UNREACHABLE
        fresh = new_evidence(found)
        saved = [_save(self.folder, proof) for proof in fresh]
        if self.state is not None:
            write_memory(self.state, self.memory)
        if self.as_json:
            _print_json(found, fresh, saved, self.policy)
        else:
            self._tell(found, fresh, saved, first=first)
        return FOUND if found.evidence else 0

    def _tell(self, found: Visit, fresh: list[Evidence], saved: list[Path], *, first: bool) -> None:
        memory = self.memory
        if first and memory.vkeys:
            self._say("first", vkey=", ".join(memory.vkeys))
        for notice in found.notices:
            self.console.print(notice[self.language], markup=False)
        for proof, path in zip(fresh, saved, strict=True):
            self.console.print(f"[bold red]●[/] {escape(proof.told[self.language])}")
            self._say("saved", path=path)
        if len(found.evidence) > len(fresh):
            self._say("kept", count=len(found.evidence) - len(fresh))
        if not found.evidence:
            self._say("fine", url=memory.url, logs=_projects(memory), size=memory.size, entries=found.entries)
        who = None if self.policy is None else witnessed(memory, self.policy)
        if who is not None:
            self._say("witnessed", names=", ".join(who.names) or _SAID[self.language]["nobody"])
            if not who.quorum_met:
                self._say("quorum")

    def _say(self, sentence: str, **fields: object) -> None:
        self.console.print(_SAID[self.language][sentence].format(**fields), markup=False)


def _print_json(found: Visit, fresh: list[Evidence], saved: list[Path], policy: Policy | None) -> None:
    who = None if policy is None else witnessed(found.memory, policy)
    document = {
        "at": found.at,
        "url": found.memory.url,
        "size": found.memory.size,
        "projects": _projects(found.memory),
        "new_entries": found.entries,
        "wrong": [{"kind": proof.kind, "origin": proof.origin, "told": proof.told} for proof in found.evidence],
        "saved": [{"kind": proof.kind, "file": str(path)} for proof, path in zip(fresh, saved, strict=True)],
        "witnessed": None if who is None else {"by": list(who.names), "quorum_met": who.quorum_met},
    }
    sys.stdout.buffer.write(orjson.dumps(document, option=orjson.OPT_APPEND_NEWLINE))
    sys.stdout.buffer.flush()


def _save(folder: Path, proof: Evidence) -> Path:
    content = proof.encode()
    stamp = proof.found_at.replace(":", "").replace("-", "").partition(".")[0]
    path = folder / f"evidence-{proof.kind}-{stamp}Z-{sha256(content).hexdigest()[:8]}.json"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    except OSError as error:
        raise InvalidField("--evidence", f"{path} cannot be written: {error.strerror}") from None
    return path


def _projects(memory: Memory) -> int:
    """How many projects the ledger log tells of."""
    return len(memory.logs.keys() - {LEDGER_LOG})


def _believe(memory: Memory, given: list[str]) -> None:
    """Keys given by hand hold from here on, whatever was believed before."""
    if given:
        try:
            memory.vkeys = tuple(str(parse_vkey(text.strip())) for text in given)
        except MalformedVkey as error:
            raise InvalidField("--key", str(error)) from None
        memory.key_given = True


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InvalidField("--policy", f"{path} cannot be read: {error.strerror}") from None
