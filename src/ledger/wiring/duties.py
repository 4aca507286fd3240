"""What the processes of a running service do: serve HTTP and write, or keep views and checkpoints up to date."""

from asyncio import to_thread
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager

from ledger.api.app import build_app
from ledger.api.erasing import Erasing
from ledger.api.front import Front
from ledger.api.participants import Participants
from ledger.api.security import Doorkeeper, Turnstile
from ledger.api.waiting import Waiting
from ledger.api.writing import Posting
from ledger.ports import Clock
from ledger.settings import Settings
from ledger.store.checkpoints import CheckpointSigner
from ledger.store.key_keeper import KeyKeeper
from ledger.store.participant_keys import ParticipantKeys
from ledger.wiring.erasures import Erasures
from ledger.wiring.ledger import Appended, Ledger
from ledger.wiring.shelves import Shelves
from ledger.wiring.witnesses import vouching


def web_app(settings: Settings, conninfo: str, appended: Appended | None = None, clock: Clock | None = None) -> Front:
    """The application of a process that serves and writes. Its parts are opened and closed by its lifespan."""
    ledger = Ledger(settings, conninfo, clock)
    stack = ExitStack()
    stack.enter_context(ledger.datastore)
    intake = stack.enter_context(ledger.writing(appended))

    @asynccontextmanager
    async def lifespan() -> AsyncIterator[None]:
        try:
            yield
        finally:
            await to_thread(stack.close)

    doorkeeper, turnstile = Doorkeeper(ledger.client), Turnstile(settings.requests_per_second)
    shelves = Shelves(ledger)
    posting = Posting(intake, Waiting(shelves), doorkeeper, turnstile, settings.body_limit, settings.docs_url)
    erasing = Erasing(Erasures(ledger, intake).erase, doorkeeper, turnstile, settings.body_limit)
    participants = Participants(ParticipantKeys(ledger.datastore, ledger.keys).of, doorkeeper, turnstile, settings.body_limit)
    return build_app(posting, erasing, participants, shelves, settings.docs_url, lifespan)


@contextmanager
def keeping(settings: Settings, conninfo: str, clock: Clock | None = None) -> Iterator[Ledger]:
    """Until the end of the block, views follow the logs, checkpoints are signed and stated in the ledger log, which witnesses cosign and an
    authority dates, and keys that have to go are destroyed.
    """
    ledger = Ledger(settings, conninfo, clock)
    policy = ledger.witness_policy
    signer = CheckpointSigner(ledger.datastore, ledger.keys, ledger.ledger_log_writer.round)
    keeper = KeyKeeper(ledger.datastore, ledger.keys, ledger.entropy)
    with ledger.datastore:
        signer.start()
        keeper.start()
        try:
            with ledger.runner, vouching(settings, ledger.datastore, policy.policy if policy else None):
                yield ledger
        finally:
            keeper.stop()
            signer.stop()
