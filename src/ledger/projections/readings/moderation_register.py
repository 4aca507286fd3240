"""The moderation register: what was decided against which content or author, why, by whom, for how long, and what came of it.

A line for each decision ever made, whether it stands or not. Durations come from times in the log alone: of what still stands, up to the
last entry at the size that is read.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from ledger.canonical import JsonValue
from ledger.projections.moderation import decisions, seconds_between
from ledger.projections.projection import Row

Json = dict[str, JsonValue]
About = Callable[[str], Row | None]
"""From a target to the row of the content there; None where nothing is known of it."""

STATES: Final = ("standing", "ended", "dismissed", "appealed")
"""What a register can be asked for. A line is in one of the first three; `appealed` are those with an appeal, whatever came of it."""


PARTICIPANT: Final = "participant"
"""The kind of a suspension's line."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which lines of the register are asked for; None = any. `kind` is that of the content, or `argument`, or `participant`."""

    state: str | None = None
    motive: str | None = None
    kind: str | None = None

    def has(self, line: Json) -> bool:
        """Whether the line is one of them, as far as that is known: a contribution's kind may not be."""
        state = self.state is None or (line["appeal"] is not None if self.state == "appealed" else line["state"] == self.state)
        return state and self.motive in (None, line["motive"]) and (self.kind in (None, line["kind"]) or line["kind"] is None)


ANYTHING: Final = Wanted()


def register(rows: Iterable[tuple[str, Row]], now: str, wanted: Wanted = ANYTHING) -> Iterator[Json]:
    """The lines of these rows of the projection `moderation`, in their order, those of a row in the order of the log.

    `now` is the time of the last entry. Of contributions the kind is null until `with_contents` finds it, and of contents the author.
    """
    for target, row in rows:
        family, _, name = target.partition("/")
        kind = {"argument": "argument", "suspension": PARTICIPANT}.get(family)
        for decision in decisions(row):
            line: Json = {"target": target, "kind": kind, "author": name if kind == PARTICIPANT else None, **_line(decision, now)}
            if wanted.has(line):
                yield line


def with_contents(lines: Iterable[Json], about: About, wanted: Wanted = ANYTHING) -> Iterator[Json]:
    """The lines with kind and author of the contents; those of a kind that is not wanted are left out."""
    for line in lines:
        content = None if line["kind"] == PARTICIPANT else about(str(line["target"]))
        known = {**line, "kind": content.get("kind", line["kind"]), "author": content["author"]} if content is not None else line
        if wanted.kind in (None, known["kind"]):
            yield known


def _line(decision: Json, now: str) -> Json:
    opened = _part(decision, "opened")
    appeal, undone, notified = _part(decision, "appeal"), _part(decision, "undone"), _part(decision, "notified")
    reports = _part(decision, "reports")
    ended = _ended(decision, now)
    decided = _part(appeal, "decided")
    changes = (decision, notified, appeal, decided, undone)
    stood = decision["seconds"] if undone else seconds_between(decision["at"], ended or now)
    return {
        **{name: decision[name] for name in _SAID},
        "moderator": decision["acting"],
        "changed_seq": max(seq for change in changes if isinstance(seq := change.get("seq"), int)),
        "origin": opened.get("origin"),
        "opened_at": opened.get("at"),
        "reports": sum(count for count in reports.values() if isinstance(count, int)),
        "reports_by_motive": reports,
        "notified_at": notified.get("at"),
        "appeal": _appeal(appeal, decided) if appeal else None,
        "undone": {**{name: undone.get(name) for name in _UNDONE}, "moderator": undone["acting"]} if undone else None,
        "state": "dismissed" if decision["decision"] == "dismissed" else "standing" if ended is None else "ended",
        "ended_at": ended,
        "overdue": ended is None and isinstance(decision["until"], str) and decision["until"] <= now,
        "seconds": None if decision["decision"] == "dismissed" else stood,
    }


_SAID: Final = (
    "seq",
    "at",
    "decision",
    "trash",
    "motive",
    "rule_ref",
    "code",
    "reason",
    "until",
    "stances",
    "because_of",
    "role",
    "via",
    "channel",
    "first_reported_at",
)
_UNDONE: Final = ("seq", "at", "because", "code", "reason", "role", "via")


def _ended(decision: Json, now: str) -> str | None:
    """When the decision ended: undone, or, a suspension, by its time. Content stays withheld until it is restored."""
    at = _part(decision, "undone").get("at")
    if isinstance(at, str):
        return at
    until = decision["until"]
    if decision["decision"] == "suspended" and isinstance(until, str) and until <= now:
        return until
    return None


def _appeal(appeal: Json, decided: Json) -> Json:
    return {
        "lodged_seq": appeal["seq"],
        "lodged_at": appeal["at"],
        "details": appeal["details"],
        "decided_seq": decided.get("seq"),
        "decided_at": decided.get("at"),
        "outcome": decided.get("outcome"),
        "code": decided.get("code"),
        "reason": decided.get("reason"),
        "role": decided.get("role"),
        "judge": decided.get("acting"),
    }


def _part(of: Json, name: str) -> Json:
    part = of.get(name)
    return part if isinstance(part, dict) else {}
