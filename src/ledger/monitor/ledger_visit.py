"""Following the ledger log: its checkpoint is newer than the last one and continues it, and each new entry keeps the rules."""

from dataclasses import dataclass, field

from ledger.aggregates.ledger_log import LoggedLogs, admit_logged, evolve_logged
from ledger.audit.evidence import Evidence, Exhibit
from ledger.audit.evidence.document import Kind
from ledger.canonical import is_canonical
from ledger.errors import LedgerError, LedgerUnreachable, MalformedNote, MalformedVkey
from ledger.events import Event
from ledger.events.ledger_log import LEDGER_LOG, LoggedEvent, read_ledger_event
from ledger.monitor.memory import Memory
from ledger.monitor.site import LEDGER_PATH, LedgerSite
from ledger.monitor.words import told
from ledger.package.progress import Progress, silent
from ledger.tlog.checkpoint import Checkpoint, parse_checkpoint, signed_checkpoint
from ledger.tlog.note import parse_note
from ledger.tlog.tile import FULL_WIDTH, bundles_of
from ledger.tlog.tree import leaf_hash
from ledger.tlog.vkey import Vkey, parse_vkey


@dataclass(slots=True)
class Visit:
    """One look at a ledger, and what was found."""

    site: LedgerSite
    memory: Memory
    at: str
    """The watcher's own time, as an `Instant`."""
    unix_seconds: float
    progress: Progress = silent
    evidence: list[Evidence] = field(default_factory=list)
    notices: list[dict[str, str]] = field(default_factory=list)
    entries: int = 0
    """New entries of the ledger log."""

    def found(
        self,
        kind: Kind,
        origin: str,
        words: dict[str, str],
        *,
        notes: tuple[str | None, ...] = (),
        exhibits: tuple[Exhibit, ...] = (),
        attached: tuple[str, ...] = (),
    ) -> None:
        """Something is wrong with the log of this origin: kept as evidence. `notes` that are None are left out."""
        vkeys = dict.fromkeys(self.memory.vkeys)
        for log in self.memory.logs.values():
            if log.origin == origin:
                vkeys.update(dict.fromkeys((*log.vkeys, *log.retired)))
        signed = tuple(note for note in notes if note)
        self.evidence.append(
            Evidence(kind, origin, self.memory.origin, tuple(vkeys), words, self.at, self.site.url, signed, exhibits, attached)
        )


def follow_ledger_log(visit: Visit) -> bool:
    """Follows the ledger log up to its newest checkpoint. False where it cannot be followed: projects are then compared with nothing.

    Raises `LedgerUnreachable`.
    """
    memory = visit.memory
    note = visit.site.checkpoint(LEDGER_PATH)
    if note is None:
        raise LedgerUnreachable(visit.site.url, "there is no ledger log; is this a ledger, and does it have a project?")
    text = note.decode("utf-8", "replace")
    checkpoint = _signed(visit, text)
    if checkpoint is None:
        return False
    if checkpoint.origin != memory.origin:
        words = told("renamed", origin=checkpoint.origin, old=memory.origin)
        visit.found("inconsistent", memory.origin, words, notes=(memory.note, text))
        return False
    before = None if memory.note is None else parse_checkpoint(parse_note(memory.note.encode()).text, extensions=True)
    if before is not None and checkpoint.size < before.size:
        words = told("shrunk", origin=checkpoint.origin, size=checkpoint.size, old=before.size)
        visit.found("shrunk", checkpoint.origin, words, notes=(text, memory.note))
        return False
    if before is not None and checkpoint.size == before.size:
        if checkpoint.root != before.root:
            words = told("fork", origin=checkpoint.origin, size=checkpoint.size)
            visit.found("fork", checkpoint.origin, words, notes=(memory.note, text))
            return False
        memory.note = text  # it may carry more cosignatures
        return True
    return _read_on(visit, checkpoint, text)


def _signed(visit: Visit, text: str) -> Checkpoint | None:
    memory = visit.memory
    try:
        if not memory.vkeys:
            # First seen, first believed: said to whoever watches, who can compare the key with one from elsewhere.
            memory.vkeys = visit.site.vkeys()
        note = parse_note(text.encode())
        checkpoint = signed_checkpoint(note, vkeys_of(memory.vkeys), extensions=True)
        origin = parse_checkpoint(note.text, extensions=True).origin
    except (MalformedNote, UnicodeEncodeError) as error:
        visit.found("unreadable", memory.origin or visit.site.url, told("unreadable", origin=visit.site.url, why=error), attached=(text,))
        return None
    if checkpoint is None:
        visit.found("unsigned", origin, told("unsigned", origin=origin), attached=(text,))
    elif not memory.origin:
        memory.origin = checkpoint.origin
    return checkpoint


def vkeys_of(texts: tuple[str, ...]) -> list[Vkey]:
    """The keys that are written so that they can be read."""
    found: list[Vkey] = []
    for text in texts:
        try:
            found.append(parse_vkey(text))
        except MalformedVkey:
            continue  # nothing that it signs is believed, which is found where it should have signed
    return found


def _read_on(visit: Visit, checkpoint: Checkpoint, text: str) -> bool:
    """The entries between what was followed and the checkpoint: hashed, compared with its root, then judged by the rules."""
    memory = visit.memory
    tree, first = memory.tree(), memory.size
    entries: list[bytes] = []
    for bundle in bundles_of(checkpoint.size, first):
        start = bundle.index * FULL_WIDTH
        entries += visit.site.entries(bundle)[max(0, first - start) :]
        visit.progress("ledger log", first + len(entries), checkpoint.size)
    tree.extend(leaf_hash(entry) for entry in entries)
    if tree.root() != checkpoint.root:
        words = told("inconsistent", origin=checkpoint.origin, size=checkpoint.size, old=first)
        visit.found("inconsistent", checkpoint.origin, words, notes=(memory.note, text))
        return False
    logs = memory.logged(checkpoint.origin)
    for index, entry in enumerate(entries, first):
        _judge(visit, logs, index, entry, checkpoint.size)
    memory.grown(tree)
    memory.keep(logs)
    memory.note = text
    own = logs.of(LEDGER_LOG)
    if own.vkeys and not set(memory.vkeys).isdisjoint((*own.vkeys, *own.retired)):
        # A key that the log itself announced, under one that was believed before, is believed too; one that it retired no more.
        memory.vkeys = own.vkeys
    visit.entries = len(entries)
    return True


def _judge(visit: Visit, logs: LoggedLogs, index: int, entry: bytes, size: int) -> None:
    try:
        event = read_ledger_event(entry)
        if event.seq != index or not is_canonical(entry):
            raise LedgerUnreachable(visit.site.url, f"entry {index} of the ledger log says that it is {event.seq}, or is not canonical")
    except LedgerError as error:
        visit.found("unreadable", logs.origin, told("unreadable", origin=f"{logs.origin}, entry {index}", why=error))
        return
    try:
        admit_logged(event, logs)
    except LedgerError as error:
        wanted = [place for place in _conflicting(logs, event) if 0 <= place < index]
        exhibits = tuple(exhibit(visit, place, size) for place in (*wanted, index))
        visit.found("rule-broken", logs.origin, told("rule-broken", index=index, why=error), exhibits=exhibits)
    else:
        evolve_logged(logs, event)


def _conflicting(logs: LoggedLogs, event: Event) -> list[int]:
    """The entries that this one may contradict: the opening and the last about the same project, and about whoever has its origin."""
    data = event.data
    if not isinstance(data, LoggedEvent):
        return []
    states = [logs.of(project) for project in (data.project, logs.origins.get(data.origin)) if project is not None]
    return sorted({place for state in states for place in (state.opened_index, state.last_index)})


def exhibit(visit: Visit, index: int, size: int) -> Exhibit:
    """An entry of the ledger log with the proof that it stands there at this size."""
    [bundle] = [bundle for bundle in bundles_of(size, index) if bundle.index == index // FULL_WIDTH]
    return Exhibit(visit.site.entries(bundle)[index % FULL_WIDTH], visit.site.inclusion(index, size))
