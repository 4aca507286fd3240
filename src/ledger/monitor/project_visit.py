"""Looking at every project: what it shows continues what the ledger log states of it, and nothing is hidden or left out."""

from typing import Final

from ledger.aggregates.ledger_log import LoggedState
from ledger.audit.evidence import Exhibit
from ledger.audit.evidence.document import Kind
from ledger.errors import LedgerError, MalformedNote
from ledger.events.ledger_log import LEDGER_LOG
from ledger.monitor.ledger_visit import Visit, exhibit, vkeys_of
from ledger.monitor.memory import Seen
from ledger.monitor.words import told
from ledger.sealing import decode_text
from ledger.tlog.checkpoint import Checkpoint, parse_checkpoint, signed_checkpoint
from ledger.tlog.note import parse_note
from ledger.tlog.vkey import Vkey
from ledger.tlog.witness import parse_add_checkpoint

PATIENCE_SECONDS: Final = 300.0
"""How long the ledger log may take to say what a project shows; it is written within a minute."""


def look_at_projects(visit: Visit) -> None:
    """Compares what is listed, and what each log shows, with the ledger log. Raises `LedgerUnreachable`."""
    memory = visit.memory
    logs = {project: state for project, state in memory.logged(memory.origin).logs.items() if project != LEDGER_LOG}
    listed = visit.site.projects()
    every = sorted({*logs, *listed})
    for place, project in enumerate(every, 1):
        visit.progress("projects", place, len(every))
        seen = memory.seen.setdefault(project, Seen())
        state = logs.get(project)
        if state is None or listed.get(project, state.origin) != state.origin:
            _look_at_unlisted(visit, project, listed[project], seen)
        elif project not in listed and not state.closed:
            _look_at_missing(visit, project, state, seen)
        else:
            seen.unlisted_since = None
            _compare(visit, project, state, seen)


def _look_at_unlisted(visit: Visit, project: str, origin: str, seen: Seen) -> None:
    """A project that the ledger log does not know, after the time that it takes to be known."""
    seen.unlisted_since = visit.unix_seconds if seen.unlisted_since is None else seen.unlisted_since
    if visit.unix_seconds - seen.unlisted_since >= PATIENCE_SECONDS:
        answered = visit.site.checkpoint(f"/p/{project}")
        attached = () if answered is None else (answered.decode("utf-8", "replace"),)
        visit.found("unlisted", origin, told("unlisted", project=project), attached=attached)


def _look_at_missing(visit: Visit, project: str, state: LoggedState, seen: Seen) -> None:
    """A project that the ledger log knows and the list leaves out, twice in a row."""
    if seen.missing_since is None:
        seen.missing_since = visit.unix_seconds
        visit.notices.append(told("hidden", project=project))
        return
    visit.found("hidden", state.origin, told("hidden", project=project), notes=(seen.note,), exhibits=_stated(visit, state))


def _stated(visit: Visit, state: LoggedState) -> tuple[Exhibit, ...]:
    """What the ledger log states of the log, with its proof."""
    index = state.last_index if state.checkpointed < 0 else state.checkpointed
    return (exhibit(visit, index, visit.memory.size),)


def _compare(visit: Visit, project: str, state: LoggedState, seen: Seen) -> None:
    """The checkpoint that the project shows against what was seen of it before, and against what the ledger log states."""
    answered = visit.site.checkpoint(f"/p/{project}")
    if answered is None:
        if state.size and not state.closed:
            _look_at_missing(visit, project, state, seen)
        return
    seen.missing_since = None
    text = answered.decode("utf-8", "replace")
    # Of a log that has ended the last keys are of use still: they may have been retired since.
    vkeys = vkeys_of((*state.vkeys, *state.retired) if state.closed else state.vkeys)
    try:
        shown = signed_checkpoint(parse_note(answered), vkeys)
    except MalformedNote as error:
        visit.found("unreadable", state.origin, told("unreadable", origin=state.origin, why=error), attached=(text,))
        return
    if shown is None or shown.origin != state.origin:
        visit.found("unsigned", state.origin, told("unsigned", origin=state.origin), attached=(text,))
        return
    if _continues_what_was_seen(visit, project, shown, text, seen, vkeys) and _continues_what_is_stated(
        visit, project, shown, text, state, vkeys
    ):
        seen.note = text
        _look_at_age(visit, project, shown, state, seen)


def _continues_what_was_seen(visit: Visit, project: str, shown: Checkpoint, text: str, seen: Seen, vkeys: list[Vkey]) -> bool:
    if seen.note is None:
        return True
    before = parse_checkpoint(parse_note(seen.note.encode()).text)
    kind = _difference(visit, project, before.size, before.root, shown, vkeys)
    if kind is None:
        return True
    words = told(kind, origin=shown.origin, size=shown.size, old=before.size)
    # The smaller one first: they are the two ends of what ought to be one history.
    notes = (text, seen.note) if shown.size < before.size else (seen.note, text)
    visit.found(kind, shown.origin, words, notes=notes)
    return False


def _continues_what_is_stated(visit: Visit, project: str, shown: Checkpoint, text: str, state: LoggedState, vkeys: list[Vkey]) -> bool:
    if state.root is None:
        return True
    kind: Kind | None = (
        "beyond-end"
        if state.closed and shown.size > state.size
        else _difference(visit, project, state.size, decode_text(state.root), shown, vkeys)
    )
    if kind is None:
        return True
    words = told(kind, origin=shown.origin, size=shown.size, old=state.size)
    visit.found(kind, shown.origin, words, notes=(text,), exhibits=_stated(visit, state))
    return False


def _difference(visit: Visit, project: str, old_size: int, old_root: bytes, shown: Checkpoint, vkeys: list[Vkey]) -> Kind | None:
    """What is wrong with a checkpoint that comes after a tree of this size and root; None where it continues it."""
    if shown.size < old_size:
        return "shrunk"
    if shown.size == old_size:
        return None if shown.root == old_root else "fork"
    answered = visit.site.consistency(f"/p/{project}", old_size, shown.size)
    try:
        request = parse_add_checkpoint(answered)
    except LedgerError:
        return "inconsistent"
    continued = request.extends(old_root, vkeys) if request.old_size == old_size else None
    return None if continued is not None and continued.root == shown.root else "inconsistent"


def _look_at_age(visit: Visit, project: str, shown: Checkpoint, state: LoggedState, seen: Seen) -> None:
    """A project that grows while the ledger log stands still is not witnessed."""
    if shown.size <= state.size or state.closed:
        seen.ahead_since = None
    elif seen.ahead_since is None or seen.ahead_of != state.size:
        seen.ahead_since, seen.ahead_of = visit.unix_seconds, state.size
    elif visit.unix_seconds - seen.ahead_since >= PATIENCE_SECONDS:
        seconds = int(visit.unix_seconds - seen.ahead_since)
        words = told("stale", project=project, seconds=seconds)
        visit.found("stale", state.origin, words, notes=(seen.note,), exhibits=_stated(visit, state))
