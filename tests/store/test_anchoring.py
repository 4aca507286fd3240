"""The ledger log is dated once an hour, and when a step closed, and what is stored is what anybody can check."""

import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ledger.audit.timestamp import check_timestamp, timestamp_library
from ledger.store.anchoring import AnchorKeeper
from ledger.store.anchors import anchors_from, closed_since, newest_anchor
from ledger.tlog.note import parse_note
from ledger.witness.timestamps import Anchor, NotAnchored, TimestampClient
from tests.posting import opening, organizer, vote_opened
from tests.store.stating import Stating, stating
from tests.witness.authority import Authority
from tests.witness.watched import served

NOW = datetime.now(UTC)


@pytest.fixture
def ledger_log(database: str) -> Iterator[Stating]:
    with stating(database) as made:
        for table in ("projects", "heads", "events", "checkpoints", "subtrees", "leases", "anchors", "cosignatures", "witnesses"):
            made.town.execute(f"TRUNCATE {table}")
        yield made


class Dating:
    """An authority that says at once what a test wants, and remembers what it was asked."""

    def __init__(self, says: NotAnchored | None = None) -> None:
        self.says = says
        self.asked: list[bytes] = []

    def ask(self, text: bytes) -> Anchor | NotAnchored:
        self.asked.append(text)
        return self.says or Anchor(b"response %d" % len(self.asked), NOW, verified=False)

    @property
    def sizes(self) -> list[int]:
        return [int(text.split(b"\n")[1]) for text in self.asked]


def grown(ledger_log: Stating, project: str) -> int:
    ledger_log.town.post(project, opening())
    ledger_log.signer.round()
    return ledger_log.check_signed()


def test_the_newest_checkpoint_is_dated_and_then_not_for_an_hour(ledger_log: Stating) -> None:
    dating = Dating()
    keeper = AnchorKeeper(ledger_log.datastore, dating.ask)
    assert not keeper.round(NOW), "there is no checkpoint yet"
    first = grown(ledger_log, "one")
    assert keeper.round(NOW)
    assert not keeper.round(NOW + timedelta(days=1)), "it has not grown"
    second = grown(ledger_log, "two")
    assert not keeper.round(NOW + timedelta(minutes=50))
    assert keeper.round(NOW + timedelta(minutes=70))
    assert dating.sizes == [first, second]
    log = ledger_log.log()
    with ledger_log.datastore.connection() as connection:
        newest = newest_anchor(connection, log.project)
        assert newest is not None
        assert (newest.size, newest.response) == (second, b"response 2")
        assert [anchor.size for anchor in anchors_from(connection, log.project, 0)] == [second, first]
        assert [anchor.size for anchor in anchors_from(connection, log.project, second)] == [second]
    checkpoint = log.checkpoint_at(second)
    assert checkpoint is not None
    assert dating.asked[1] == parse_note(checkpoint.note.encode()).text.encode()


def test_when_a_step_closed_it_is_dated_at_once(ledger_log: Stating) -> None:
    dating = Dating()
    keeper = AnchorKeeper(ledger_log.datastore, dating.ask)
    ledger_log.town.post("town", *vote_opened())
    ledger_log.signer.round()
    assert keeper.round(NOW)
    ledger_log.town.post("town", organizer("step.closed", step="vote"))
    ledger_log.signer.round()
    size = ledger_log.check_signed()
    with ledger_log.datastore.connection() as connection:
        assert closed_since(connection, ledger_log.log().project, dating.sizes[0], size)
        assert not closed_since(connection, ledger_log.log().project, size, size + 1)
    assert keeper.round(NOW + timedelta(minutes=1))
    assert dating.sizes[-1] == size


def test_an_authority_that_fails_is_asked_later_and_later(ledger_log: Stating, caplog: pytest.LogCaptureFixture) -> None:
    dating = Dating(NotAnchored("the authority answered 503"))
    keeper = AnchorKeeper(ledger_log.datastore, dating.ask)
    grown(ledger_log, "one")
    with caplog.at_level(logging.WARNING):
        for second in range(0, 400, 2):
            assert not keeper.round(NOW + timedelta(seconds=second))
    assert "is not dated at size 3: the authority answered 503" in caplog.text
    assert len(dating.asked) == 5, "after 0, 16, 48, 112, 240 seconds"
    dating.says = None
    assert keeper.round(NOW + timedelta(hours=2))


def test_a_dated_checkpoint_stays(ledger_log: Stating) -> None:
    size = grown(ledger_log, "one")
    AnchorKeeper(ledger_log.datastore, Dating().ask).round(NOW)
    ledger_log.town.execute("UPDATE checkpoints SET signed_at = now() - interval '25 hours'")
    later = grown(ledger_log, "two")
    ledger_log.town.execute("UPDATE checkpoints SET signed_at = now() - interval '25 hours'")
    grown(ledger_log, "three")
    assert ledger_log.log().checkpoint_at(size) is not None
    assert ledger_log.log().checkpoint_at(later) is None


def test_what_an_authority_says_is_stored_as_it_came(ledger_log: Stating, tmp_path: Path) -> None:
    if timestamp_library() is None:
        pytest.skip("rfc3161-client is not installed (extra 'anchors')")
    authority = Authority(tmp_path)
    size = grown(ledger_log, "one")
    with served(authority.app()) as address:
        client = TimestampClient(f"{address.url}/tsa", authority.roots)
        assert AnchorKeeper(ledger_log.datastore, client.ask).round(NOW)
        client.close()
    log = ledger_log.log()
    with ledger_log.datastore.connection() as connection:
        newest = newest_anchor(connection, log.project)
    checkpoint = log.checkpoint_at(size)
    assert newest is not None and checkpoint is not None
    text = parse_note(checkpoint.note.encode()).text.encode()
    assert authority.accepts(newest.response, text)
    assert check_timestamp(newest.response, text, authority.roots).at == newest.stated_at
