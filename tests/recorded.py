"""A project's log as the ledger would hold it, in memory: submissions sealed, filled, admitted and written; texts and choices disclosed.

Nothing is random: salts and keys follow from places, so a log is the same on every run.
"""

import io
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType
from typing import Any

import orjson

from ledger.aggregates import Aggregates, admit, evolve, filled
from ledger.aggregates.withholding import VISIBILITY_TYPES, withholds
from ledger.canonical import JsonValue, canonical
from ledger.events import BY_THE_HOUR, BY_TYPE, COMMITTED, ENTRY_DATA, EVENTS, Event, EventData
from ledger.events.ballot import SEALED_CHOICES, BallotChoices
from ledger.events.envelope import entry_bytes
from ledger.events.redacted import leaves_of
from ledger.events.result import ResultComputed
from ledger.events.step import BallotsDisclosed
from ledger.exports import Vouchers, export_package
from ledger.projections.folding import FoldedSource
from ledger.projections.readings.outcomes import compute_result
from ledger.sealing import Disclosure, commit, digest_text, disclosure_digest, participant_key, pseudonym, read_disclosure
from ledger.tlog.checkpoint import Checkpoint, parse_checkpoint
from ledger.tlog.note import parse_note, sign_note
from ledger.tlog.tree import leaf_hash, tree_root
from tests.tlog.keys import KnownSigner
from tests.vouched import LoggedLedger

ORIGIN = "ledger.example/p/town-2026"
PLATFORM = "town-hall"
WIRE_TYPES = {event.TYPE: event.wire_type() for event in EVENTS}
"""Name of an event → its wire type in the present schema."""
PAUSE = timedelta(seconds=7)
"""Between two events, unless the clock is moved on."""
RULES: Mapping[str, Any] = {
    "rule": "greedy", "ballot": {"form": "approval", "max": 3}, "score": {"by": "approvals"}, "budget_minor": 100_000,
    "unaffordable": {"then": "skip"}, "ties": ["lower_cost", "more_votes", "list_order"],
}  # fmt: skip
EQUAL_SHARES: Mapping[str, Any] = {
    "rule": "equal-shares", "ballot": {"form": "approval", "max": 3}, "score": {"by": "approvals"}, "budget_minor": 100_000,
    "ties": ["lower_cost", "more_votes", "list_order"],
    "equal_shares": {"utility": "cost", "completion": "add1", "increment_minor": 100, "start": "integral", "comparison": "none"},
}  # fmt: skip


class RecordedLog:
    """See `ledger.ports.ProjectLog`; and what goes with it in a service: states, projections, a signer."""

    def __init__(self, origin: str = ORIGIN, start: str = "2026-03-01T08:00:00.000Z") -> None:
        self.origin = origin
        self.signers = [KnownSigner(origin)]
        """Those that sign it now, the newest first."""
        self.ledger = LoggedLedger()
        """The ledger log, in which the log stands when a package of it is made."""
        self.stored: list[bytes] = []
        self.shown: dict[tuple[int, str], str] = {}
        self.aggregates = Aggregates()
        self.source = FoldedSource(origin)
        self._folded: list[tuple[Event, Mapping[str, JsonValue]]] = []
        self._redacted: set[int] = set()
        """See `tests.redacted`."""
        self._sealed: dict[str, dict[str, tuple[int, Disclosure]]] = {}
        self._choices: dict[int, Disclosure] = {}
        self._now = datetime.fromisoformat(start)

    def size(self) -> int:
        return len(self.stored)

    def visibility_size(self) -> int:
        return next((event.seq + 1 for event, _ in reversed(self._folded) if event.type in VISIBILITY_TYPES), 0)

    def redaction_size(self) -> int:
        return max((event.seq + 1 for event, _ in self._folded if event.type == "entry.redacted/1"), default=0)

    def entries(self, start: int, stop: int) -> Iterator[tuple[int, bytes]]:
        yield from enumerate(self.stored[start:stop], start)

    def disclosures(self, start: int, stop: int) -> Iterator[tuple[int, str, str]]:
        withheld = self._withheld()
        for (seq, name), text in sorted(self.shown.items()):
            if start <= seq < stop and seq not in withheld:
                yield seq, name, text

    def texts(self, seqs: Sequence[int]) -> Mapping[tuple[int, str], JsonValue]:
        wanted = frozenset(seqs) - self._withheld()
        return {place: read_disclosure(text).value for place, text in self.shown.items() if place[0] in wanted and place[1] != "entries"}

    def wait(self, **time: int) -> str:
        """The ledger's clock goes on: `wait(hours=3)`. Returned is the time then."""
        self._now += timedelta(**time)
        return self._time()

    def until(self, at: str) -> None:
        """The ledger's clock goes on so far that the next event is recorded at this time."""
        self._now = datetime.fromisoformat(at) - PAUSE

    def post(
        self, name: str, role: str = "organizer", /, *, who: str | None = None, channel: str = "web", via: str = PLATFORM, **fields: Any
    ) -> Event:
        """The submission is recorded, or refused as the ledger would refuse it."""
        event, disclosures = self.sealed_event(name, role, who=who, channel=channel, via=via, **fields)
        admit(event, self.aggregates)
        self.record(event, disclosures)
        return event

    def record(self, event: Event, disclosures: list[Disclosure]) -> None:
        """The event is recorded without being asked whether it may be: as somebody would who controls the ledger."""
        evolve(self.aggregates, event)
        self.stored.append(entry_bytes(event))
        shown: dict[str, JsonValue] = {}
        for disclosure in disclosures:
            if isinstance(event.data, BallotChoices):
                self._sealed.setdefault(event.data.step, {})[event.stream] = (event.seq, disclosure)
                self._choices[event.seq] = disclosure
            elif COMMITTED[event.type][disclosure.name] != "private":
                self.shown[event.seq, disclosure.name] = disclosure.text
                shown[disclosure.name] = disclosure.value
        if event.type == "ballot.withdrawn/1":
            self._sealed.get(event.stream.split("/")[1], {}).pop(event.stream, None)
        self._folded.append((event, shown))
        self.source.feed(event, shown)
        if isinstance(event.data, BallotsDisclosed):
            self._disclose(event.data.step)
        elif event.type in VISIBILITY_TYPES:
            self._fold_again()

    def erase(self, entry: int, *names: str, **fields: Any) -> Event:
        """These committed fields of an entry, or all of them, are erased: an event says so, and what disclosed them is gone."""
        opened = {name: text for (seq, name), text in self.shown.items() if seq == entry and (not names or name in names)}
        for name in opened:
            del self.shown[entry, name]
        digests = sorted(map(disclosure_digest, opened.values()))
        about: dict[str, Any] = {"entry": entry, "erased": self._folded[entry][0].stream, "digests": digests, "ground": "consent_withdrawn"}
        return self.post("content.erased", **{**about, "authority": "court-1", **fields})

    def _withheld(self) -> set[int]:
        """The entries whose texts are not shown because moderation withholds them now."""
        return {event.seq for event, _ in self._folded if withholds(event.stream, event.type, self.aggregates)}

    def _fold_again(self) -> None:
        """Whoever folds the log folds what may be shown now."""
        withheld = self._withheld()
        self.source = FoldedSource(self.origin)
        for event, shown in self._folded:
            if event.seq in self._redacted:
                self.source.pass_over(event.seq)
                continue
            kept = (
                shown if isinstance(event.data, BallotChoices) else {name: shown[name] for name in shown if (event.seq, name) in self.shown}
            )
            self.source.feed(event, {} if event.seq in withheld else kept)

    @property
    def signer(self) -> KnownSigner:
        """The newest key that signs the log."""
        return self.signers[0]

    def checkpoint(self, size: int | None = None, signers: Sequence[KnownSigner] = ()) -> bytes:
        """The signed checkpoint at a size, otherwise at the present one."""
        stored = self.stored[:size]
        root = tree_root(leaves_of(stored))
        return sign_note(Checkpoint(self.origin, len(stored), root).text, signers or self.signers).encode()

    def vouchers(self, size: int | None = None) -> Vouchers:
        """What vouches for a package of that size. The log stands in the ledger log from here on."""
        note = self.checkpoint(size)
        about = parse_checkpoint(parse_note(note).text)
        self.ledger.stand(about, self.signers[-1].vkey, next((entry for _, entry in self.entries(0, 1)), None))
        return Vouchers(note, tuple(str(signer.vkey) for signer in self.signers), self.ledger.extract(about), self.signers)

    def package(self, vouchers: Vouchers | None = None) -> bytes:
        """The package at the present size; what vouches for it may be given."""
        out = io.BytesIO()
        export_package(self, self.source, vouchers or self.vouchers(), out)
        return out.getvalue()

    def export(self, path: Path) -> Path:
        """The package at the present size, in a file."""
        path.write_bytes(self.package())
        return path

    def sealed_event(
        self, name: str, role: str, /, *, who: str | None = None, channel: str = "web", via: str = PLATFORM, **fields: Any
    ) -> tuple[Event, list[Disclosure]]:
        """The event as it would be recorded next, and what it commits to."""
        wire_type = WIRE_TYPES[name]
        seq = len(self.stored)
        disclosures = [
            commit(field, fields.pop(field, None), _secret(f"salt {seq} {field}")[:16]) for field in self._committed(name, fields)
        ]
        if disclosures:
            fields["_sd"] = sorted(disclosure.digest for disclosure in disclosures)
        values = {disclosure.name: disclosure.value for disclosure in disclosures}
        for field, of in BY_TYPE[wire_type].DIGESTED.items():
            if values[of] is not None:
                fields.setdefault(field, digest_text(sha256(canonical(values[of])).digest()))
        if issubclass(BY_TYPE[wire_type], BallotChoices):
            fields["candidates"] = self.aggregates.selection(fields["step"]).digest
            fields["rules"] = self.aggregates.step(fields["step"]).rules_digest
        given = ENTRY_DATA[wire_type].model_validate_json(orjson.dumps({**_KEYS.get(name, {}), **fields}))
        actor = None if who is None else self._pseudonym(given, who)
        data = self._filled(given, actor)
        floored = role == "participant" or wire_type in BY_THE_HOUR
        self._now += PAUSE
        stream = data.stream(actor)
        version = self.aggregates.state(stream).version + 1
        at = f"{self._time()[:13]}:00:00.000Z" if floored else self._time()
        client = "ledger" if role == "system" else via
        return Event(wire_type, data, stream, role, channel, client, self.origin, at, actor, seq=seq, version=version), disclosures

    @property
    def ballots(self) -> list[Event]:
        """The events of ballots, in the order of the log."""
        return [event for event, _ in self._folded if event.type.startswith("ballot.")]

    def choices_of(self, event: Event) -> str:
        """What would disclose the sealed choices of this ballot."""
        return self._choices[event.seq].text

    def _committed(self, name: str, fields: Mapping[str, Any]) -> list[str]:
        kind = BY_TYPE[WIRE_TYPES[name]]
        if issubclass(kind, BallotChoices):
            return list(SEALED_CHOICES) if self.aggregates.step(fields["step"]).secrecy == "sealed" else []
        return list(kind.COMMITTED)

    def _filled(self, data: EventData, actor: str | None) -> EventData:
        if isinstance(data, BallotsDisclosed) and data.count is None:
            seqs = sorted(seq for seq, _ in self._sealed.get(data.step, {}).values())
            root = tree_root([leaf_hash(self.stored[seq]) for seq in seqs])
            return data.model_copy(update={"count": len(seqs), "root": digest_text(root)})
        data = filled(data, self.aggregates, actor)
        if isinstance(data, ResultComputed) and data.digest is None:
            result = compute_result(self.source, data.step)
            assert result is not None
            return data.model_copy(update={"winners": result.winners, "digest": result.digest})
        return data

    def _disclose(self, step: str) -> None:
        """The choices of the step are shown from here on, and whoever folds the log folds them where they were cast."""
        for seq, disclosure in self._sealed.get(step, {}).values():
            self.shown[seq, disclosure.name] = disclosure.text
            event, shown = self._folded[seq]
            self._folded[seq] = (event, {**shown, disclosure.name: disclosure.value})
        self._fold_again()

    def _pseudonym(self, data: EventData, who: str) -> str:
        scope = "author" if data.SCOPE != "step" else f"step/{getattr(data, 'step')}"  # noqa: B009  # the type does not say that there is one
        return pseudonym(participant_key(_secret(scope), "town", who), self.origin, scope)

    def _time(self) -> str:
        return self._now.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _secret(of: str) -> bytes:
    return sha256(of.encode()).digest()


_KEYS: dict[str, dict[str, Any]] = {
    "project.opened": {"scope_keys": {"author": digest_text(_secret("author")), "report": digest_text(_secret("report"))}},
    "step.opened": {"step_key": digest_text(_secret("step"))},
}


def town(sealed: bool = False, voters: int = 40, rules: Mapping[str, Any] = RULES) -> RecordedLog:
    """A participatory budget from its opening to its certified result, with a paper channel, second thoughts and a published outcome."""
    log = RecordedLog()
    log.post(
        "project.opened", title={"en": "Town budget", "fr": "Budget de la ville"}, owner={"en": "Town"}, languages=["en", "fr"],
        currency="EUR", time_zone="Europe/Paris", keys_destroyed_at="2030-01-01T00:00:00.000Z",
    )  # fmt: skip
    log.post("role.granted", granted="agent", client="desk")
    log.post("role.granted", granted="guarantor", client="guarantor")
    log.post("district.defined", ref="north", name={"en": "North"})
    proposals(log)
    vote(log, sealed, voters, rules=rules)
    log.post("result.computed", step="vote")
    log.post("outcome.published", step="vote", selected=[0, 2], statement={"en": "Thank you all."})
    digest = log.aggregates.result("vote").digest
    log.post("result.certified", "guarantor", via="guarantor", step="vote", digest=digest, by_roles=["guarantor"], quorum=1)
    return log


def proposals(log: RecordedLog) -> None:
    """A step in which four proposals come in, one is revised."""
    log.post("step.planned", step="ideas", kind="collection", title={"en": "Ideas"}, accepts=["proposal"])
    log.post("step.opened", step="ideas")
    for ref, cost, title in (
        ("lamp", 40_000, 'Lamps, "warm" ones'),
        ("tree", 50_000, "=Trees"),
        ("bench", 30_000, "Benches"),
        ("pool", 95_000, "Pool"),
    ):
        log.post(
            "contribution.submitted", "participant", who=f"author of {ref}", ref=ref, step="ideas", kind="proposal", cost_minor=cost,
            district="north", title={"en": title}, body={"en": f"{title} for all.\nWith two lines."}, external_ref=f"No. {ref}",
        )  # fmt: skip
    log.post("contribution.revised", "participant", who="author of lamp", ref="lamp", step="ideas", title={"en": "Better lamps"})
    log.post("step.closed", step="ideas")


def vote(
    log: RecordedLog,
    sealed: bool,
    voters: int,
    *,
    first: Sequence[int] = (0, 2),
    disclosed: Mapping[str, Any] | None = MappingProxyType({}),
    rules: Mapping[str, Any] = RULES,
) -> None:
    """A step in which ballots are cast, replaced and withdrawn, and that the clock closes; then paper ballots are keyed.

    `first` are the choices of the first voter; `disclosed` is what is said when sealed ballots are disclosed, None where they are not.
    """
    opens, closes = log.wait(hours=1), log.wait(days=2)
    log.wait(days=-2, hours=-1)
    log.post("step.planned", step="vote", kind="ballot", title={"en": "Vote"}, opens_at=opens, closes_at=closes, takes_paper=True)
    log.post("step.rules_set", step="vote", rules=dict(rules), secrecy="sealed" if sealed else "open")
    log.post(
        "candidates.listed", step="vote", items=[{"ref": ref, "cost_minor": cost} for ref, cost in (("lamp", 40_000), ("tree", 50_000))]
    )
    log.post(
        "candidates.listed", step="vote", items=[{"ref": ref, "cost_minor": cost} for ref, cost in (("bench", 30_000), ("pool", 95_000))]
    )
    log.post("candidates.sealed", step="vote")
    log.until(opens)
    log.post("step.opened", "system", step="vote")
    for voter in range(voters):
        choices = list(first) if not voter else [[0, 2], [2], [1, 0], []][voter % 4]
        log.post("ballot.cast", "participant", who=f"voter {voter}", step="vote", entries=choices)
    log.wait(days=1)
    for voter in range(7, voters, 7):
        log.post("ballot.replaced", "participant", who=f"voter {voter}", step="vote", entries=[0])
    for voter in range(3, voters, 9):
        log.post("ballot.withdrawn", "participant", who=f"voter {voter}", step="vote", code="second_thoughts")
    log.post("ballot.replaced", "participant", who="voter 3", step="vote", entries=[2, 0])
    log.until(closes)
    log.post("step.closed", "system", step="vote")
    for voter in range(voters // 4):
        log.post("ballot.cast", "agent", via="desk", channel="paper", who=f"paper {voter}", step="vote", entries=[voter % 4])
    log.post("paper.closed", step="vote")
    if sealed and disclosed is not None:
        honest, _ = log.sealed_event("ballots.disclosed", "organizer", step="vote")
        log.post("ballots.disclosed", **{**honest.data.clear(), **disclosed})
