"""One turn of one project: what is asked is admitted, one after another, on states as of the locked head; nothing is written yet.

What is admitted stands in `rows`, `disclosures` and `remembered`, to be written in one transaction. What is refused has left no trace in
them, nor in the states: each request works on an overlay of its own, which is merged when all of it was admitted.
"""

from collections.abc import Sequence
from typing import Final

from ledger.aggregates import LAWS, LEDGER, State, admit, evolve, filled, is_shared
from ledger.aggregates.withholding import VISIBILITY_TYPES
from ledger.errors import CutOffMoved, EntryTooLarge, LedgerError, VersionStale, VersionUnclear
from ledger.events import BY_THE_HOUR, Event, EventData
from ledger.events.envelope import ENTRY_LIMIT, entry_bytes
from ledger.events.step import StepRescheduled
from ledger.ports import Client
from ledger.store.binary_copy import EventRow
from ledger.store.disclosures import DisclosureRow, KeyRing
from ledger.store.due import due_events, next_due_at
from ledger.store.folded import Folded
from ledger.store.overlay import Overlay
from ledger.store.projects import Head
from ledger.store.requests import Answer, Outcome, Recorded, Request
from ledger.store.sealer import Draft, Sealer
from ledger.tlog.tree import leaf_hash

_FILLED: Final = frozenset(wire_type for wire_type, law in LAWS.items() if law.event.FILLED or law.event is StepRescheduled)
"""Types of which a field may follow from what was recorded before."""


class Turn:
    """A project between the locking of its head and the commit."""

    def __init__(self, folded: Folded, head: Head, now: str, unix_seconds: int, sealer: Sealer, ring: KeyRing) -> None:
        """`folded` is caught up with the head; `now` is the time of everything in this turn."""
        self.states = Overlay(folded)
        self.first = head.size
        self.rows: list[EventRow] = []
        self.disclosures: list[DisclosureRow] = []
        self.remembered: list[Request] = []
        """Requests whose answers are stored with what they recorded."""
        self.shared_events: list[Event] = []
        self.erased: list[tuple[int, str]] = []
        """Seq and field name of the disclosures that the transaction destroys."""
        self.ring = ring
        self.unix_seconds = unix_seconds
        self._folded = folded
        self._head = head
        self._sealer = sealer
        # Times never decrease, even where another machine's clock was ahead of this one's.
        self.fine = max(now, head.last_at)
        self._coarse = f"{self.fine[:14]}00:00.000Z"
        self._dated_finely = False
        self._of_shared: dict[str, bool] = {}
        self._was_due = False

    def head(self) -> Head:
        """The head after this turn."""
        shared_size, due = self._head.shared_size, self._head.next_due_at
        if self.shared_events:
            shared_size = self.shared_events[-1].seq + 1
        if self.shared_events or self._was_due or (due is not None and due <= self.fine):
            # What cannot be done at its time (a step without rules) is tried again in every turn that follows, but wakes nobody.
            due = next_due_at(self.states, self.fine)
        last_at = self._head.last_at
        if self.rows:
            # Of what is dated by the hour no finer time is kept anywhere, here neither.
            last_at = self.fine if self._dated_finely else max(last_at, self._coarse)
        changes = (place for place in reversed(range(len(self.rows))) if self.rows[place][2] in VISIBILITY_TYPES)
        newest = next(changes, None)
        visibility_size = self._head.visibility_size if newest is None else self.first + newest + 1
        return Head(self.first + len(self.rows), shared_size, last_at, due, visibility_size)

    def shared_states(self) -> dict[str, State]:
        """The states of shared streams that changed, for `Folded.keep` once this is committed."""
        return {stream: state for stream, state in self.states.written.items() if is_shared(stream)} if self.shared_events else {}

    def append_due(self) -> None:
        """Records what the clock has to do by now; what is refused is passed over."""
        refused: set[EventData] = set()
        while due := [data for data in due_events(self.states, self.fine) if data not in refused]:
            self._was_due = True
            data = due[0]
            event = Event(data.wire_type(), data, data.stream(None), "system", "api", LEDGER, self._sealer.origin, "")
            above = Overlay(self.states)
            try:
                event.data = self._fill(data, above)
                row = self._admit(event, above, self.first + len(self.rows))
            except LedgerError:
                refused.add(due[0])  # a step lacks its rules, its list or its roll: nobody asked, so nobody is told
                continue
            self.states.merge(above)
            self.rows.append(row)
            self.shared_events.append(event)
            self._dated_finely = True

    def take(self, request: Request) -> None:
        """The request has its answer or its error. Neither is to be given before the commit."""
        request.answer = request.error = None
        mark = len(self.ring.made)
        try:
            if request.expected_version is not None:
                self._check_version(request, request.expected_version)
            if request.atomic:
                outcomes: Sequence[Outcome] = self._record(request.drafts, request.client)
            else:
                outcomes = [self._record_line(draft, request.client) for draft in request.drafts]
        except LedgerError as error:
            self.ring.let_go(mark)
            request.error = error
            return
        request.answer = Answer(outcomes, self.unix_seconds)
        if request.key is not None and request.answer.recorded:
            self.remembered.append(request)

    def _record_line(self, draft: Draft, client: Client) -> Outcome:
        mark = len(self.ring.made)
        try:
            return self._record([draft], client)[0]
        except LedgerError as error:
            self.ring.let_go(mark)
            return error

    def _record(self, drafts: list[Draft], client: Client) -> list[Recorded]:
        """Admits all of the drafts, or raises the refusal of the first that is refused."""
        above = Overlay(self.states)
        seq = self.first + len(self.rows)
        rows: list[EventRow] = []
        disclosures: list[DisclosureRow] = []
        shared: list[Event] = []
        erased: list[tuple[int, str]] = []
        recorded: list[Recorded] = []
        dated_finely = self._dated_finely
        for draft in drafts:
            try:
                event = self._event(draft, client, above)
                row = self._admit(event, above, seq)
                if draft.opened:
                    disclosures += self.ring.rows(seq, draft)
                if draft.erases:
                    erased += draft.erases
            except LedgerError as error:
                error.submission = draft.place
                raise
            dated_finely = dated_finely or event.at is self.fine
            rows.append(row)
            recorded.append(Recorded(seq, row[0], row[1], row[2], row[3]))
            of_shared = self._of_shared.get(event.type)
            if of_shared is None:
                of_shared = self._of_shared[event.type] = is_shared(event.stream)
            if of_shared:
                shared.append(event)
            seq += 1
        # From here on nothing is refused any more.
        self.states.merge(above)
        self.rows += rows
        self.disclosures += disclosures
        self.erased += erased
        self.shared_events += shared
        self._dated_finely = dated_finely
        return recorded

    def _event(self, draft: Draft, client: Client, above: Overlay) -> Event:
        """The draft's event as it is to be admitted, with what follows from the states filled in."""
        if draft.refusal is not None:
            raise draft.refusal
        if draft.event is None:
            self._sealer.seal_now(draft, client, above, self._folded.committed)
        event = draft.event
        if event is None:
            raise AssertionError("sealing makes an event")
        if event.type in _FILLED:
            # Kept as it was: another try of this turn fills it again, from other states.
            draft.unfilled = draft.unfilled or event.data
            event.data = self._fill(draft.unfilled, above, event.actor)
            if draft.counted_at is not None:
                _check_cut_off(draft.counted_at, event.data, above)
        return event

    def _fill(self, data: EventData, above: Overlay, actor: str | None = None) -> EventData:
        return self._sealer.key_commitments(filled(data, above, actor), above)

    def _admit(self, event: Event, above: Overlay, seq: int) -> EventRow:
        """The row of the event, which is admitted and folded. Raises `Refused` leaves, `EntryTooLarge`."""
        event.seq = seq
        event.version = above.state(event.stream).version + 1
        coarse = event.role == "participant" or event.type in BY_THE_HOUR
        event.at = self._coarse if coarse else self.fine
        admit(event, above)
        evolve(above, event)
        entry = entry_bytes(event)
        if len(entry) > ENTRY_LIMIT:
            raise EntryTooLarge("$", len(entry), ENTRY_LIMIT)
        return event.stream, event.version, event.type, leaf_hash(entry), entry

    def _check_version(self, request: Request, expected: int) -> None:
        above = Overlay(self.states)
        streams = {self._event(draft, request.client, above).stream for draft in request.drafts}
        if len(streams) != 1:
            raise VersionUnclear(len(streams))
        (stream,) = streams
        if (found := self.states.state(stream).version) != expected:
            raise VersionStale(stream, expected, found)


def _check_cut_off(counted_at: int, data: EventData, above: Overlay) -> None:
    step: str = data.step  # type: ignore[attr-defined]  # what is counted is of a step
    if (found := above.step(step).cut_off) != counted_at:
        raise CutOffMoved(step, counted_at, found)
