"""The write path on one screen: bytes → submissions → sealed events → admitted and appended by the sequencer → a signed receipt or refusal.

Everything up to the sequencer, and what is signed after it, is done by whoever posts, in a thread or an event loop; the sequencer does what
needs the lock of the project's head, and only that.
"""

import asyncio
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from threading import Event
from typing import Final

from ledger.errors import (
    CountedTogether,
    CutOffMoved,
    InvalidField,
    LedgerError,
    Malformed,
    ProjectUnknown,
    RoleBeyondKey,
    ScopeMissing,
    TooManySubmissions,
)
from ledger.events import Submission
from ledger.events.lottery import LotteryRevealed
from ledger.events.posted import read_submission, read_submissions
from ledger.events.privacy import ContentErased, EntryRedacted, ScopeKeyDestroyed
from ledger.events.project import ProjectOpened
from ledger.events.result import ResultComputed
from ledger.events.step import BallotsDisclosed, PaperClosed, StepClosed, StepClosedEarly
from ledger.ids import REF_PATTERN
from ledger.ports import Client, Entropy, KeyStore
from ledger.store.certifying import CERTIFIED, Witnessing, fill_witnessed
from ledger.store.counting import COUNTED, Computed, ComputeResult, count
from ledger.store.datastore import LedgerDatastore
from ledger.store.disclosures import Safe
from ledger.store.erasing import ERASURES, look_up
from ledger.store.erasure_order import ErasureOrder, ErasureOutcome, read_order
from ledger.store.lotteries import REVEALS, check_beacon
from ledger.store.participant_keys import KeysOrder, read_keys_order
from ledger.store.projects import find_project
from ledger.store.receipts import AnswerSigner
from ledger.store.redacting import REDACTIONS, look_up_redacted
from ledger.store.requests import Outcome, Recorded, Request
from ledger.store.sealer import Draft
from ledger.store.sequencer import Sequencer, Ticket

__all__ = [
    "CREATE",
    "ERASE",
    "MOST_SUBMISSIONS",
    "REDACT",
    "WRITE",
    "ComputeResult",
    "Computed",
    "ErasureOrder",
    "ErasureOutcome",
    "Intake",
    "KeysOrder",
    "Outcome",
    "Posted",
    "Receipted",
    "Recorded",
    "check_may_erase",
    "check_may_hand_out",
    "read_keys_order",
    "read_order",
    "read_submission",
    "read_submissions",
]

MOST_SUBMISSIONS: Final = 10_000
"""Submissions in one request, at most."""
WRITE: Final = "events:write"
CREATE: Final = "projects:create"
ERASE: Final = "privacy:erase"
"""For what destroys and cannot be undone."""
REDACT: Final = "privacy:redact"
"""For carrying out the order of a court, which takes more than what people may ask for themselves."""
_REF: Final = re.compile(REF_PATTERN)
_SCOPES: Final = {
    ProjectOpened.wire_type(): CREATE,
    ContentErased.wire_type(): ERASE,
    ScopeKeyDestroyed.wire_type(): ERASE,
    EntryRedacted.wire_type(): REDACT,
}
"""Types of events for which an API key needs a scope beside `WRITE`."""
_PREPARED: Final = COUNTED | ERASURES | REDACTIONS | REVEALS | CERTIFIED
_CLOSINGS: Final = (StepClosed, StepClosedEarly, PaperClosed, BallotsDisclosed)
_TRIES: Final = 3
"""How often a result is counted when its cut-off moves before it is recorded."""


@dataclass(frozen=True, slots=True)
class Posted:
    """What is posted at once: submissions in order, or what is wrong with the form of one, and where each stood in the body."""

    submissions: Sequence[Submission | Malformed]
    places: Sequence[str]
    key: str | None = None
    """What the client calls the request, so that sending it again records nothing twice."""
    body_digest: bytes = b""
    """SHA-256 of the body as received: with the same `key`, what makes it the same request."""
    expected_version: int | None = None
    """The version of the one stream written to, as the client knows it."""
    atomic: bool = True
    """All of it or nothing; otherwise each submission stands for itself."""


@dataclass(frozen=True, slots=True)
class Receipted:
    """What became of each submission, in order, and the log's signature over the entries made; None where none was."""

    outcomes: Sequence[Outcome]
    receipt: bytes | None
    replayed: bool
    """The request had been answered before; this is that answer again."""
    unix_seconds: int | None = None
    """The ledger's time of the recording; None where nothing was even asked for."""


def check_may_erase(client: Client, project: str) -> None:
    """Returns when the client's API key lets it have something erased; raises `ScopeMissing`, `RoleBeyondKey`."""
    if ERASE not in client.scopes or (client.projects and project not in client.projects):
        raise ScopeMissing(client.name, ERASE, project)
    if "organizer" not in client.roles:
        raise RoleBeyondKey("$", client.name, "organizer")


def check_may_hand_out(client: Client, project: str) -> None:
    """Returns when the client's API key lets it have the `k` of its people; raises `ScopeMissing`, `RoleBeyondKey`."""
    if WRITE not in client.scopes or (client.projects and project not in client.projects):
        raise ScopeMissing(client.name, WRITE, project)
    if not client.roles & {"agent", "organizer"}:
        raise RoleBeyondKey("$", client.name, "agent")


class Intake:
    """Takes what clients post, in the service and in imports alike."""

    def __init__(
        self,
        sequencer: Sequencer,
        datastore: LedgerDatastore,
        keys: KeyStore,
        entropy: Entropy,
        compute: ComputeResult,
        witnessing: Witnessing | None = None,
    ) -> None:
        """`compute` counts a step for `result.computed`; see `ComputeResult`. `witnessing` finds, where a policy asks for them, the
        witnesses of `result.certified`; see `Witnessing`.
        """
        self._witnessing = witnessing
        self._sequencer = sequencer
        self._datastore = datastore
        self._keys = keys
        self._entropy = entropy
        self._compute = compute
        self._answers = AnswerSigner(datastore, keys, sequencer.clock)

    async def submit(self, project: str, client: Client, posted: Posted) -> Receipted:
        """What became of the request, on disk. Raises what all of it was refused for; the error's `submission` says where that stood."""
        loop = asyncio.get_running_loop()
        for tries_left in reversed(range(_TRIES)):
            work = _Work(project, client, posted)
            if work.is_prepared:
                await asyncio.to_thread(self._prepare, work)
            if self._seal(work):
                future = loop.create_future()
                self._sequencer.put(Ticket(work.request, loop, future))
                await future
            if not (tries_left and work.is_outrun):
                return self._finished(work)
        raise AssertionError("the last try is answered")

    def submit_now(self, project: str, client: Client, posted: Posted) -> Receipted:
        """The same for threads, which wait for it."""
        for tries_left in reversed(range(_TRIES)):
            work = _Work(project, client, posted)
            if work.is_prepared:
                self._prepare(work)
            if self._seal(work):
                answered = Event()
                self._sequencer.put(Ticket(work.request, flag=answered))
                answered.wait()
            if not (tries_left and work.is_outrun):
                return self._finished(work)
        raise AssertionError("the last try is answered")

    async def refuse(self, project: str, refused: Iterable[tuple[LedgerError, bytes]], unix_seconds: int | None = None) -> None:
        """See `AnswerSigner.refuse`."""
        await asyncio.to_thread(self._answers.refuse, project, refused, unix_seconds)

    def _prepare(self, work: "_Work") -> None:
        """What takes long is done before the turn: counting, looking up what is to be erased or redacted, verifying a beacon, waiting for
        witnesses.
        """
        # First, and on no connection: it may wait for seconds.
        for draft, error in fill_witnessed(work.request.drafts, work.request.project, self._witnessing):
            work.refuse(error, draft.place)
        with self._datastore.connection() as connection:
            project = find_project(connection, work.request.project)
            if project is not None and any(draft.submission.type in ERASURES for draft in work.request.drafts):
                safe = Safe(project.ref, project.origin, self._keys, self._entropy)
                look_up(work.request.drafts, project, connection, safe)
            if project is not None and any(draft.submission.type in REDACTIONS for draft in work.request.drafts):
                look_up_redacted(work.request.drafts, project, connection)
            for draft in work.request.drafts:
                try:
                    if draft.submission.type in COUNTED:
                        count(draft, work.request.project, connection, self._compute)
                    elif draft.submission.type in REVEALS:
                        check_beacon(draft)
                except LedgerError as error:
                    work.refuse(error, draft.place)

    def _seal(self, work: "_Work") -> bool:
        """True when something is to be asked of the sequencer. What cannot be sealed yet is sealed at its turn."""
        request = work.request
        desk = self._sequencer.desk(request.project)
        if desk is not None and desk.folded.project.version:
            seal, client, states = desk.sealer.seal, request.client, desk.folded
            for draft in request.drafts:
                try:
                    seal(draft, client, states, states.committed)
                except LedgerError as error:
                    work.refuse(error, draft.place)
        if work.refused:
            request.drafts = [draft for draft in request.drafts if draft.place not in work.refused]
        return bool(request.drafts)

    def _finished(self, work: "_Work") -> Receipted:
        """The answer, its receipt signed. What it promises is on disk."""
        request = work.request
        if request.error is not None:
            raise request.error
        answer = request.answer
        if answer is None:
            return Receipted([work.refused[place] for place in work.places], None, replayed=False)
        recorded = [outcome for outcome in answer.outcomes if isinstance(outcome, Recorded)]
        others = iter(answer.outcomes)
        outcomes = [work.refused.get(place) or next(others) for place in work.places] if work.refused else answer.outcomes
        receipt = self._answers.receipt(request.project, recorded, answer.unix_seconds) if recorded else None
        return Receipted(outcomes, receipt, answer.replayed, answer.unix_seconds)


class _Work:
    """A request in the hands of the intake. Raises, when made, what forbids it before anything is asked of the log."""

    def __init__(self, project: str, client: Client, posted: Posted) -> None:
        if not _REF.match(project):
            raise ProjectUnknown(project[:64])
        if not posted.submissions:
            raise InvalidField("$", "the body holds no submission")
        if len(posted.submissions) > MOST_SUBMISSIONS:
            raise TooManySubmissions(len(posted.submissions), MOST_SUBMISSIONS)
        if WRITE not in client.scopes or (client.projects and project not in client.projects):
            raise ScopeMissing(client.name, WRITE, project)
        self.places = posted.places
        self.refused: dict[str, LedgerError] = {}
        """Place → error, of submissions that are not even asked for; none where the request is atomic."""
        self.request = Request(project, client, [], posted.key, posted.body_digest, posted.expected_version, posted.atomic)
        self.is_prepared = False
        """Something has to be counted, or looked up, before the turn."""
        is_counted = False
        for submission, place in zip(posted.submissions, posted.places, strict=True):
            if isinstance(submission, Malformed):
                self.refuse(submission, place)
            elif submission.role not in client.roles:
                self.refuse(RoleBeyondKey(place, client.name, submission.role), place)
            elif (scope := _SCOPES.get(submission.type)) is not None and scope not in client.scopes:
                self.refuse(ScopeMissing(client.name, scope, project), place)
            else:
                self.request.drafts.append(Draft(submission, place))
                is_counted = is_counted or submission.type in COUNTED
                self.is_prepared = self.is_prepared or submission.type in _PREPARED
        if is_counted and len(self.request.drafts) > 1:
            self._refuse_counted_together()

    @property
    def is_outrun(self) -> bool:
        """True when what was counted was out of date at its turn."""
        return isinstance(self.request.error, CutOffMoved)

    def _refuse_counted_together(self) -> None:
        """What is counted follows from what is recorded, so it cannot stand behind its cut-off in one request."""
        closings: dict[str, str] = {}
        reveals: dict[str, str] = {}
        drafts, self.request.drafts = self.request.drafts, []
        for draft in drafts:
            data, event_type = draft.submission.data, draft.submission.type
            if isinstance(data, (BallotsDisclosed, ResultComputed)):
                before = closings.get(data.step) or (reveals.get(data.step) if isinstance(data, ResultComputed) else None)
                if before is not None:
                    self.refuse(CountedTogether(event_type, before, data.step), draft.place)
                    continue
            if isinstance(data, _CLOSINGS):
                closings[data.step] = event_type
            elif isinstance(data, LotteryRevealed):
                reveals[data.step] = event_type
            self.request.drafts.append(draft)

    def refuse(self, error: LedgerError, place: str) -> None:
        """The submission at the place is refused, and all of the request with it where that is atomic."""
        error.submission = place
        if self.request.atomic:
            raise error
        self.refused[place] = error
