"""What a process has at hand to write to one project: its seals, its keys, and its shared streams as last known."""

import logging
from collections.abc import Iterable
from datetime import datetime

from ledger.aggregates import consults, is_shared
from ledger.errors import LedgerError, LogClosed
from ledger.events import Event
from ledger.events.ballot import BallotCast
from ledger.events.privacy import EntryRedacted, ScopeKeyDestroyed
from ledger.ports import Entropy, KeyStore
from ledger.store.appending import Appender
from ledger.store.cosignatures import check_witnessed
from ledger.store.disclosures import FIRST_EPOCH, KeyRing, Safe, text_key_names
from ledger.store.erasing import carry_out
from ledger.store.folded import Folded, own_states
from ledger.store.guard import check_signed, check_unsigned
from ledger.store.projects import Head, Project
from ledger.store.pseudonyms import destroy_scope_keys
from ledger.store.redacting import withhold
from ledger.store.requests import Memory, Request, remembered_bytes
from ledger.store.sealer import Sealer
from ledger.store.turn import Turn

_log = logging.getLogger(__name__)

_CAST = BallotCast.wire_type()


class Desk:
    """Writes to one project. Of its attributes only `sealer` and `folded` are for other threads than the sequencer's."""

    def __init__(self, project: Project, keys: KeyStore, entropy: Entropy) -> None:
        self.project = project
        self.sealer = Sealer(project.ref, project.origin, keys, entropy)
        self.folded = Folded(project)
        self._keys = keys
        self._safe = Safe(project.ref, project.origin, keys, entropy)
        self._size = 0
        self._checked = False
        """The database was found to hold what was signed last, and nothing has happened since that it could have been put back in."""

    def forget(self) -> None:
        """Nothing of the log is known any more; the next turn reads it again, and checks that it is the log that was signed."""
        self.read_anew()
        self._checked = False

    def read_anew(self) -> None:
        """The next turn reads the shared streams from their beginning."""
        self.folded = Folded(self.project)

    def make_keys(self) -> None:
        """The keys that a log has from its first entry exist, on disk, before anything is committed that relies on them.

        Raises `LogRolledBack`, `LogClosed` where there was a log of this name that the database does not know.
        """
        check_unsigned(self.project.ref, self._keys)
        self._keys.make_signer(self.project.ref, self.project.origin)
        self._keys.make_scope_key(self.project.ref, "fingerprint")
        self._keys.make_scope_key(self.project.ref, FIRST_EPOCH)

    def record(self, appender: Appender, requests: list[Request], now: str, *, read_all: bool) -> int | None:
        """One turn: each of the requests has its answer or its error, what was admitted is on disk. Returns the log's size, or None where
        nothing was appended.

        With `read_all` no own stream is taken to be blank. When it raises, nothing is known to be recorded (see `Appender.committing`).
        """
        names = [request.name for request in requests if request.key is not None]
        head, stored = appender.begin(self.project.project_id, names)
        self._check(appender, head)
        if self.folded.shared_size < head.shared_size:
            if not self.folded.catch_up(appender.connection):
                self.read_anew()  # what was folded of an entry that is redacted since has to go
                self.folded.catch_up(appender.connection)
            self.sealer.forget(self.folded.project.destroyed)
        memory = Memory(self._keys.scope_key(self.project.ref, "fingerprint"), stored) if names else None
        return self._turn(appender, requests, head, memory, now, read_all=read_all)

    def _check(self, appender: Appender, head: Head) -> None:
        """Returns when the log goes on, and is the one that was signed, so no receipt is on a fork. Raises `LogClosed`, `LogRolledBack`,
        `LedgerBehindWitness`.

        Whoever closes a log holds the lock of its head, as we do now: what is open stays so until the commit.
        """
        if (closing := self._keys.closing(self.project.ref)) is not None:
            raise LogClosed(self.project.ref, closing.code, closing.successor or "none")
        if head.size < self._size or head.shared_size < self.folded.shared_size:
            self.forget()  # the database was put back to an older state
        if not self._checked:
            check_signed(appender.connection, self.project, self._keys)
            check_witnessed(appender.connection)
            self._checked = True
        self._size = head.size

    def open(self, appender: Appender, request: Request, now: str) -> int | None:
        """The same for the first request of a project, in a transaction that has just made the project's rows."""
        memory = Memory(self._keys.scope_key(self.project.ref, "fingerprint"), ())
        return self._turn(appender, [request], Head(0, 0, "", None), memory, now, read_all=False)

    def _turn(
        self, appender: Appender, requests: list[Request], head: Head, memory: Memory | None, now: str, *, read_all: bool
    ) -> int | None:
        for request in requests:
            request.answer = request.error = None  # of a try that came to nothing
        asked = [request for request in requests if self._is_sealed(request)]
        ring = self._key_ring(appender, asked)
        turn = Turn(self.folded, head, now, int(datetime.fromisoformat(now).timestamp()), self.sealer, ring)
        if own := own_streams(asked, read_all=read_all):
            for stream, state in own_states(appender.connection, self.project.project_id, own).items():
                turn.states.put(stream, state)
        turn.append_due()
        for request in asked:
            if request.key is not None and memory is not None:
                if memory.recalls(request, appender.connection, self.project.project_id):
                    continue
                memory.remember(request)
            turn.take(request)
        if turn.shared_events:
            turn.append_due()  # a step whose time had come before it was ready may be ready now
        return self._write(appender, turn, head, memory)

    def _is_sealed(self, request: Request) -> bool:
        """False when the request has an error already. Ballots of a step that is not open wait until the turn comes to them."""
        for draft in request.drafts:
            try:
                if draft.event is None and self.folded.project.version:
                    self.sealer.seal(draft, request.client, self.folded, self.folded.committed)
            except LedgerError as error:
                error.submission = draft.place
                request.error = error
                return False
        return True

    def _key_ring(self, appender: Appender, requests: Iterable[Request]) -> KeyRing:
        names: set[str] = set()
        for request in requests:
            names |= text_key_names(request.drafts)
        return KeyRing(self._safe, appender.stored_keys(self.project.project_id, names))

    def _write(self, appender: Appender, turn: Turn, before: Head, memory: Memory | None) -> int | None:
        """All of the turn is on disk, or none of it was to be. A crash before `commit` leaves nothing; see `Appender`."""
        head = turn.head()
        if head == before:
            appender.roll_back()
            return None
        project_id = self.project.project_id
        disclosures = turn.disclosures
        if turn.erased:
            made = {key.key_name for key in turn.ring.made}
            disclosures = carry_out(appender.connection, project_id, self._safe, turn.erased, disclosures, made)
        if redactions := [event for event in turn.shared_events if isinstance(event.data, EntryRedacted)]:
            made = {key.key_name for key in turn.ring.made}
            disclosures = withhold(appender.connection, project_id, self._safe, redactions, disclosures, made)
        appender.add_events(project_id, turn.first, turn.rows, disclosures)
        appender.add_keys(project_id, turn.ring.made)
        if memory is not None:
            appender.add_requests(
                project_id,
                [
                    (*request.name, memory.fingerprint(request), remembered_bytes(request.answer))
                    for request in turn.remembered
                    if request.answer is not None
                ],
            )
        appender.commit(project_id, head)
        self._size = head.size
        # Everything is on disk, and nobody was told. If the process ends here, it is found again by key, or by reading the stream.
        events: list[Event] = turn.shared_events
        for event in events:
            self.folded.note(event)
        self.folded.keep(turn.shared_states(), head.shared_size)
        if redactions:
            self.read_anew()
        if destroyed := [event.data.scope for event in events if isinstance(event.data, ScopeKeyDestroyed)]:
            self._destroy(destroyed)
        return head.size if turn.rows else None

    def _destroy(self, scopes: list[str]) -> None:
        """The keys of these scopes are gone. That they are to be is on disk: if the process ends before, the keeper does it."""
        try:
            destroy_scope_keys(self._keys, self.project.ref, scopes)
            self.sealer.forget(scopes)
        except OSError:
            _log.exception("a key of %s is to be destroyed and is still there; the keeper tries again", self.project.ref)


def own_streams(requests: Iterable[Request], *, read_all: bool) -> set[str]:
    """The own streams whose states admission needs. Those of first events are taken to be blank; the unique index finds out."""
    streams: set[str] = set()
    for request in requests:
        reads_own = read_all or request.expected_version is not None
        for draft in request.drafts:
            event = draft.event
            if event is None:
                continue  # of a step that was not open when the head was locked: nothing of it is in the log
            if reads_own and not is_shared(event.stream):
                streams.add(event.stream)
            if event.type != _CAST:  # which consults shared streams only
                streams.update(stream for stream in consults(event.data, event.actor) if not is_shared(stream))
    return streams
