"""Histories for tests: events in their entry form, as the log would hold them, without store, keys or admission."""

from base64 import urlsafe_b64encode
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from hashlib import sha256

import orjson

from ledger.canonical import JsonValue
from ledger.events import ENTRY_DATA, EVENTS, Event
from ledger.projections import PROJECTIONS
from ledger.projections.folding import FoldedSource
from ledger.projections.references import references

ORIGIN = "ledger.example/p/town-2026"
DIGEST = "A" * 43
WIRE_TYPES = {event.TYPE: event.wire_type() for event in EVENTS}
"""Name of an event → its wire type in the present schema."""
RULES: dict[str, JsonValue] = {
    "rule": "greedy",
    "ballot": {"form": "approval", "max": 3},
    "score": {"by": "approvals"},
    "budget_minor": 100_000,
    "unaffordable": {"then": "skip"},
    "ties": ["lower_cost", "more_votes", "list_order"],
}
ITEMS: list[JsonValue] = [
    {"ref": "lamp", "cost_minor": 40_000},
    {"ref": "tree", "cost_minor": 50_000},
    {"ref": "bench", "cost_minor": 30_000},
    {"ref": "fountain", "cost_minor": 90_000},
]
OPENED: dict[str, JsonValue] = {
    "title": {"en": "Town budget", "fr": "Budget de la ville"},
    "owner": {"en": "Town"},
    "languages": ["en", "fr"],
    "currency": "EUR",
    "time_zone": "Europe/Paris",
    "keys_destroyed_at": "2030-01-01T00:00:00.000Z",
    "scope_keys": {"author": DIGEST, "report": DIGEST},
}


def actor(name: str) -> str:
    """A pseudonym: the same for the same name."""
    return urlsafe_b64encode(sha256(name.encode()).digest())[:22].decode()


class History:
    """Events in order; `at` goes on by a minute from one to the next."""

    def __init__(self, origin: str = ORIGIN) -> None:
        self.origin = origin
        self.events: list[tuple[Event, Mapping[str, JsonValue]]] = []
        self._versions: dict[str, int] = {}

    def person(self, name: str) -> str:
        """The pseudonym of a person."""
        return actor(name)

    def add(
        self,
        name: str,
        data: Mapping[str, JsonValue],
        *,
        who: str | None = None,
        channel: str = "web",
        role: str = "organizer",
        at: str | None = None,
        disclosed: Mapping[str, JsonValue] | None = None,
    ) -> Event:
        """Appends an event and returns it; commitments are there, and empty."""
        wire_type = WIRE_TYPES[name]
        model = ENTRY_DATA[wire_type]
        fields = dict(data)
        sealed = name in ("ballot.cast", "ballot.replaced") and "entries" not in data
        count = 1 if sealed else len(model.COMMITTED) if not name.startswith("ballot.") else 0
        if count:
            fields["_sd"] = [DIGEST] * count
        read = model.model_validate_json(orjson.dumps(fields))
        person = actor(who) if who is not None else None
        stream = read.stream(person)
        self._versions[stream] = self._versions.get(stream, 0) + 1
        seq = len(self.events)
        when = at or (datetime(2026, 3, 1) + timedelta(minutes=seq)).isoformat(timespec="milliseconds") + "Z"  # noqa: DTZ001  # UTC by its Z
        if who is not None:
            when = when[:14] + "00:00.000Z"
        event = Event(wire_type, read, stream, role, channel, "town", self.origin, when, person, seq=seq, version=self._versions[stream])
        self.events.append((event, disclosed or {}))
        return event

    def opened(self, **changes: JsonValue) -> "History":
        """The project opens."""
        self.add("project.opened", {**OPENED, **changes})
        return self

    def planned(
        self,
        step: str = "vote",
        *,
        rules: Mapping[str, JsonValue] | None = None,
        items: Iterable[JsonValue] = ITEMS,
        secrecy: str = "open",
        submitted: bool = True,
        **plan: JsonValue,
    ) -> "History":
        """A ballot step with its candidates, not open yet."""
        listed = list(items)
        self.add("step.planned", {"step": step, "kind": "ballot", "title": {"en": f"Vote {step}"}, **plan})
        if submitted:
            for item in listed:
                assert isinstance(item, dict)
                ref = str(item["ref"])
                submission: dict[str, JsonValue] = {"ref": ref, "step": "ideas", "kind": "proposal", "cost_minor": item["cost_minor"]}
                self.add("contribution.submitted", submission, who=f"author of {ref}", disclosed={"title": {"en": f"A {ref}"}})
        self.add("step.rules_set", {"step": step, "rules": dict(rules or RULES), "secrecy": secrecy, "digest": DIGEST})
        for start in range(0, len(listed), 200):
            self.add("candidates.listed", {"step": step, "items": listed[start : start + 200]})
        self.add("candidates.sealed", {"step": step, "count": len(listed), "digest": DIGEST})
        return self

    def open_step(self, step: str = "vote") -> "History":
        """The step opens."""
        self.add("step.opened", {"step": step, "step_key": DIGEST})
        return self

    def close_step(self, step: str = "vote", **data: JsonValue) -> "History":
        """The step closes."""
        self.add("step.closed", {"step": step, **data})
        return self

    def amend(self, step: str, budget_minor: int) -> "History":
        """The budget is changed."""
        rules: dict[str, JsonValue] = {**RULES, "budget_minor": budget_minor}
        self.add("step.rules_amended", {"step": step, "rules": rules, "digest": DIGEST, "code": "cut"})
        return self

    def vote(
        self,
        who: str,
        entries: Iterable[JsonValue] | None,
        *,
        step: str = "vote",
        channel: str = "web",
        again: bool = False,
        disclosed: JsonValue = None,
        unknown: int | None = None,
    ) -> Event:
        """A ballot; without `entries` it is sealed, and `disclosed` what is told of it later."""
        data: dict[str, JsonValue] = {"step": step, "candidates": DIGEST, "rules": DIGEST}
        if entries is not None:
            data["entries"] = list(entries)
        if unknown is not None:
            data["unknown_entries"] = unknown
        shown = None if disclosed is None else {"entries": disclosed}
        return self.add("ballot.replaced" if again else "ballot.cast", data, who=who, channel=channel, role="participant", disclosed=shown)

    def unvote(self, who: str, *, step: str = "vote") -> Event:
        """A ballot is taken back."""
        return self.add("ballot.withdrawn", {"step": step, "code": "changed_mind"}, who=who, role="participant")

    def source(self, size: int | None = None) -> FoldedSource:
        """The projections at a size, folded."""
        source = FoldedSource(self.origin)
        for event, disclosed in self.events[:size]:
            source.feed(event, disclosed)
        return source

    def plain_rows(self, size: int | None = None) -> dict[str, dict[str, JsonValue]]:
        """Projection → key → row, folded in the plainest way, and through JSON as the views keep them."""
        rows: dict[str, dict[str, JsonValue]] = {projection.name: {} for projection in PROJECTIONS}
        for event, _ in self.events[:size]:
            for projection in PROJECTIONS:
                if event.type in projection.handles:
                    for key in projection.keys(event):
                        before = rows[projection.name].get(key)
                        assert before is None or isinstance(before, dict)
                        row = projection.apply(key, before, event, references(event))
                        if row is None:
                            rows[projection.name].pop(key, None)
                        else:
                            rows[projection.name][key] = orjson.loads(orjson.dumps(dict(row)))
        return {name: {key: self._told(row) for key, row in keyed.items()} for name, keyed in rows.items()}

    def _told(self, value: JsonValue) -> JsonValue:
        """The value with what was disclosed in place of references, wherever they stand in it."""
        match value:
            case {"text": [int(seq), str(name)]}:
                return self.events[seq][1].get(name)
            case dict():
                return {name: self._told(member) for name, member in value.items()}
            case list():
                return [self._told(member) for member in value]
        return value
