"""Whether the times of the entries can be: VERIFIABILITY, section 1, as docs/formats/entry.md states it.

Events of participants, and all events of ballots, stances and reports, carry their time floored to the hour. Other times never decrease,
and a floored one is never below the floor of the greatest time before it. The clock closes a step within a minute of the announced time.
That it opens one late is worth knowing and no fault: a step waits until its rules and its list are there, a time that has passed may be
announced, and an opening cannot name the outage that delayed it.
"""

from datetime import datetime, timedelta
from typing import Final

from ledger.aggregates import Aggregates, ProjectState
from ledger.audit.findings import Findings
from ledger.events import BY_THE_HOUR, Event
from ledger.events.step import StepClosed, StepClosedEarly, StepOpened

TOLERANCE: Final = timedelta(seconds=60)
_HOUR: Final = 13
"""Characters of an instant up to its hour."""
_ON_THE_HOUR: Final = ":00:00.000Z"


class Moments:
    """The times of a log, entry after entry."""

    __slots__ = ("_findings", "_latest", "_valid")

    def __init__(self, findings: Findings) -> None:
        self._findings = findings
        self._latest = ""
        self._valid = ""

    def consider(self, event: Event) -> None:
        """The time of the next entry is judged by itself and by those before it."""
        at = event.at
        if at != self._valid:
            if not _exists(at):
                self._findings.fault("lawfulness", "time-invalid", f"entry {event.seq}", "a time that exists", at)
                return
            self._valid = at
        if event.role == "participant" or event.type in BY_THE_HOUR:
            if not at.endswith(_ON_THE_HOUR):
                self._findings.fault("lawfulness", "time-too-fine", f"entry {event.seq}", "a time floored to the hour", at)
            if at[:_HOUR] < self._latest[:_HOUR]:
                self._findings.fault("lawfulness", "time-backwards", f"entry {event.seq}", f"{self._latest[:_HOUR]}h or later", at)
        elif at < self._latest:
            self._findings.fault("lawfulness", "time-backwards", f"entry {event.seq}", f"{self._latest} or later", at)
        self._latest = max(self._latest, at)

    def consider_clock(self, event: Event, aggregates: Aggregates) -> None:
        """An opening or closing, about to be folded, is compared with the time announced for it."""
        match event.data:
            case StepOpened(step=ref) if event.role == "system":
                self._compare(event, "opening", aggregates.step(ref).opens_at, "late")
            case StepClosed(step=ref, delayed_by=outage) if event.role == "system":
                why = None if outage is None else f"late because of {outage}"
                self._compare(event, "closing", aggregates.step(ref).closes_at, why)
            case StepClosedEarly(step=ref, code=code):
                announced = aggregates.step(ref).closes_at or "no announced time"
                self._findings.notice("lawfulness", "closed-early", f"entry {event.seq}, step {ref}", announced, f"{event.at} ({code})")

    def finish(self, aggregates: Aggregates) -> None:
        """At the end of the log no closing is overdue; of an opening it is told."""
        for ref in aggregates.project.steps:
            step = aggregates.step(ref)
            due = step.due_at
            if due is not None and due < self._latest and _exists(due) and _apart(due, self._latest) > TOLERANCE:
                tell = self._findings.notice if step.status == "planned" else self._findings.fault
                tell("lawfulness", "clock-overdue", f"step {ref}", f"opened or closed at {due}", f"the log goes on until {self._latest}")
        self._tell_of_keys(aggregates.project)

    def _tell_of_keys(self, project: ProjectState) -> None:
        """Of keys that outlived their date it is told: whether they are gone no log can show, and ledgers did not always see to it."""
        due = project.keys_destroyed_at
        if not due or not due < self._latest or not _exists(due) or _apart(due, self._latest) <= TOLERANCE:
            return
        over = sorted(step for step, is_over in project.steps.items() if is_over)
        left = [scope for scope in ("author", "report", *(f"step/{step}" for step in over)) if scope not in project.destroyed]
        if left:
            found = f"still there at {self._latest}: {', '.join(left)}"
            self._findings.notice("lawfulness", "keys-overdue", "keys of pseudonyms", f"destroyed from {due} on", found)

    def _compare(self, event: Event, what: str, announced: str | None, why: str | None) -> None:
        if announced is None or not _exists(announced) or _apart(announced, event.at) <= TOLERANCE:
            return
        place = f"entry {event.seq}, {what} of step {event.stream.partition('/')[2]}"
        if why is not None and announced < event.at:
            self._findings.notice("lawfulness", "clock-delayed", place, announced, f"{event.at}, {why}")
        else:
            self._findings.fault("lawfulness", "clock-off", place, f"within 60 s of {announced}", event.at)


def _exists(at: str) -> bool:
    try:
        datetime.fromisoformat(at)
    except ValueError:
        return False
    return True


def _apart(one: str, other: str) -> timedelta:
    return abs(datetime.fromisoformat(one) - datetime.fromisoformat(other))
