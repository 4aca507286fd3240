"""Witnesses and the timestamp authority of a ledger, from its settings."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from ledger.errors import MalformedPolicy
from ledger.events.result import LONGEST_NAME
from ledger.settings import Settings
from ledger.store.anchoring import AnchorKeeper
from ledger.store.certifying import PolicyFile, policy_file
from ledger.store.cosignatures import keep_only
from ledger.store.cosigning import CosignatureKeeper
from ledger.store.datastore import LedgerDatastore
from ledger.tlog.policy import MAX_POLICY_SIZE, Policy, parse_policy
from ledger.witness.client import WitnessClient, is_address
from ledger.witness.timestamps import TimestampClient


def read_policy_file(path: Path) -> PolicyFile:
    """The policy that the file states. Raises `MalformedPolicy`, also where it cannot be read, or names a witness at endless length."""
    try:
        with path.open("rb") as opened:
            content = opened.read(MAX_POLICY_SIZE + 1)
    except OSError as error:
        raise MalformedPolicy(place=str(path), why=f"it cannot be read: {error.strerror}") from None
    policy = parse_policy(content)
    for witness in policy.witnesses:
        if len(witness.vkey.name) > LONGEST_NAME:
            raise MalformedPolicy(place=f"witness {witness.label}", why=f"its key's name has more than {LONGEST_NAME} characters")
        if witness.url and not is_address(witness.url):
            raise MalformedPolicy(place=f"witness {witness.label}", why="its URL is not one that begins with http:// or https://")
    return policy_file(content, policy)


@contextmanager
def vouching(settings: Settings, datastore: LedgerDatastore, policy: Policy | None) -> Iterator[None]:
    """Until the end of the block, witnesses cosign the ledger log and an authority dates it, where there are any."""
    with ExitStack() as stack:
        if policy is not None:
            cosigning = stack.enter_context(_asking(datastore, policy))
            cosigning.start()
            stack.callback(cosigning.stop)
        if settings.tsa_url is not None:
            roots = None if settings.tsa_roots is None else settings.tsa_roots.read_bytes()
            client = TimestampClient(settings.tsa_url, roots)
            stack.callback(client.close)
            anchors = AnchorKeeper(datastore, client.ask, policy)
            anchors.start()
            stack.callback(anchors.stop)
        yield


def settle_with_witnesses(datastore: LedgerDatastore, policy: Policy | None) -> None:
    """What the witnesses have seen of the ledger log is known, as far as they answer within some seconds: before anything is recorded.

    Whoever is no witness any more has no say any more.
    """
    if policy is None:
        with datastore.connection() as connection:
            keep_only(connection, ())
        return
    with _asking(datastore, policy) as cosigning:
        cosigning.look()


def ask_witnesses(datastore: LedgerDatastore, policy: Policy) -> None:
    """The witnesses that are due were shown the newest checkpoint of the ledger log: for whoever cannot wait for a keeper, or has none."""
    with _asking(datastore, policy) as cosigning:
        cosigning.round()


@contextmanager
def _asking(datastore: LedgerDatastore, policy: Policy) -> Iterator[CosignatureKeeper]:
    clients = [WitnessClient(witness.url, witness.vkey) for witness in policy.witnesses if witness.url]
    try:
        yield CosignatureKeeper(datastore, policy, clients)
    finally:
        for client in clients:
            client.close()
