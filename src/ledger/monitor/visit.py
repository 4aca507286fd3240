"""One visit to a ledger: its ledger log is followed, every project is looked at, and what is wrong is evidence."""

from hashlib import sha256

from ledger.audit.evidence import Evidence
from ledger.audit.witnesses import Witnessed, cosigners
from ledger.monitor.ledger_visit import Visit, follow_ledger_log
from ledger.monitor.memory import Memory
from ledger.monitor.project_visit import look_at_projects
from ledger.monitor.site import LedgerSite
from ledger.package.progress import Progress, silent
from ledger.tlog.note import parse_note
from ledger.tlog.policy import Policy


def visit(site: LedgerSite, memory: Memory, at: str, unix_seconds: float, progress: Progress = silent) -> Visit:
    """What was found; `memory` is as after the visit. Raises `LedgerUnreachable`; the memory may then have moved on a part of the way."""
    now = Visit(site, memory, at, unix_seconds, progress)
    if follow_ledger_log(now):
        look_at_projects(now)
    memory.visited_at = at
    return now


def new_evidence(found: Visit) -> list[Evidence]:
    """What was not found at an earlier visit: a fault that lasts is told once, and again when it changes."""
    fresh: list[Evidence] = []
    for evidence in found.evidence:
        mark = _mark(evidence)
        if mark not in found.memory.evidence:
            found.memory.evidence = (*found.memory.evidence, mark)
            fresh.append(evidence)
    return fresh


def witnessed(memory: Memory, policy: Policy) -> Witnessed | None:
    """Who cosigned the newest checkpoint of the ledger log; None before the first."""
    return None if memory.note is None else cosigners(parse_note(memory.note.encode()), policy)


def _mark(evidence: Evidence) -> str:
    """What a fault is known by. Of what only lasts (a project that stays hidden) neither the time nor the growth matters."""
    lasting = evidence.kind in {"hidden", "unlisted", "stale"}
    about = [
        evidence.kind,
        evidence.origin,
        *(() if lasting else (*evidence.notes, *(exhibit.entry.decode() for exhibit in evidence.exhibits))),
    ]
    return sha256("\0".join(about).encode()).hexdigest()[:32]
