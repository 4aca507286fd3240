"""Texts of hidden content are shown to nobody while the decision stands, and to everybody again when it has ended."""

from collections.abc import Iterator
from typing import Any

import pytest

from ledger.canonical import JsonValue
from ledger.events import read_event
from ledger.sealing import read_disclosure
from ledger.store.clock import SystemEntropy
from ledger.store.datastore import LedgerDatastore
from ledger.store.disclosures import VISIBLE_OF, StoredDisclosures
from ledger.store.log import PostgresLog
from ledger.store.visibility import SEQS
from tests.posting import TOWN, Document, Ledger, ledger, organizer, preparation, proposal
from tests.store.test_streams import scanned

BENCH, ORCHARD = "contribution/bench", "contribution/orchard"
Texts = dict[tuple[str, str], JsonValue]
"""(stream, field) → text, of what is not null."""


@pytest.fixture(scope="module")
def town(database: str) -> Iterator[Ledger]:
    with ledger(database) as town:
        yield town


@pytest.fixture(scope="module")
def datastore(database: str) -> Iterator[LedgerDatastore]:
    with LedgerDatastore(database) as datastore:
        yield datastore


def moderating(name: str, target: str = BENCH, **data: Any) -> Document:
    return {"type": f"{name}/1", "role": "moderator", "channel": "web", "data": {"target": target, **data}}


def opened(town: Ledger, ref: str) -> None:
    """Two proposals, the first of them revised by its author, and a moderator."""
    revision = {"ref": "bench", "step": "ideas", "title": {"fr": "Deux bancs"}}
    town.post(
        ref,
        *preparation()[:3],
        proposal("bench", "ada", title={"fr": "Banc"}),
        proposal("orchard", "eve", title={"fr": "Verger"}),
        {"type": "contribution.revised/1", "channel": "web", "participant": "ada", "data": revision},
        organizer("role.granted", granted="moderator", client=TOWN.name),
        organizer("motive.defined", ref="insult", name={"fr": "Insulte"}),
    )


def log_of(town: Ledger, datastore: LedgerDatastore, ref: str) -> PostgresLog:
    return PostgresLog(datastore, town.project(ref), StoredDisclosures(town.keys, SystemEntropy()))


def shown(town: Ledger, datastore: LedgerDatastore, ref: str) -> Texts:
    """What may be read now of a project: both ways of asking say the same."""
    log = log_of(town, datastore, ref)
    streams = [read_event(entry).stream for _, entry in log.entries(0, log.size())]
    all_of_it = {(seq, name): read_disclosure(text).value for seq, name, text in log.disclosures(0, log.size())}
    assert log.texts(range(log.size())) == all_of_it
    return {(f"{streams[seq]}@{seq}", name): value for (seq, name), value in all_of_it.items() if value is not None}


EVERYTHING = {(f"{BENCH}@3", "title"), (f"{ORCHARD}@4", "title"), (f"{BENCH}@5", "title")}


@pytest.mark.parametrize(
    ("decision", "hides"),
    [
        (moderating("content.hidden", motive="insult", reason={"fr": "Grossier"}), True),
        (moderating("content.limited", motive="insult", trash="invisible", reason={"fr": "Grossier"}), True),
        (moderating("content.limited", motive="insult", trash="visible", reason={"fr": "Grossier"}), False),
    ],
)
def test_texts_are_withheld_while_a_decision_stands_and_its_reason_is_not(
    town: Ledger, datastore: LedgerDatastore, decision: Document, hides: bool
) -> None:
    ref = f"p{len(town.query('SELECT FROM projects'))}"
    opened(town, ref)
    assert shown(town, datastore, ref).keys() == EVERYTHING
    town.post(ref, moderating("case.opened", origin="reports"))
    assert shown(town, datastore, ref).keys() == EVERYTHING
    town.post(ref, decision)
    left = {(f"{ORCHARD}@4", "title")} if hides else EVERYTHING
    assert shown(town, datastore, ref).keys() == {*left, (f"case/{BENCH}@9", "reason")}
    town.post(ref, moderating("content.restored", because="mistake"))
    assert shown(town, datastore, ref).keys() == {*EVERYTHING, (f"case/{BENCH}@9", "reason")}


def test_the_cases_of_other_contents_and_other_projects_hide_nothing_here(town: Ledger, datastore: LedgerDatastore) -> None:
    for ref in ("here", "there"):
        opened(town, ref)
    town.post("there", moderating("content.hidden", motive="insult"))
    town.post("here", moderating("content.hidden", ORCHARD, motive="insult"))
    assert shown(town, datastore, "here").keys() == EVERYTHING - {(f"{ORCHARD}@4", "title")}
    assert shown(town, datastore, "there").keys() == {(f"{ORCHARD}@4", "title")}


def test_the_log_says_when_it_was_last_decided_what_may_be_shown(town: Ledger, datastore: LedgerDatastore) -> None:
    opened(town, "sizes")
    log = log_of(town, datastore, "sizes")
    assert log.visibility_size() == 0
    town.post("sizes", moderating("content.hidden", motive="insult"), organizer("step.suspended", step="ideas", code="flood"))
    assert (log.size(), log.visibility_size()) == (10, 9)
    town.post("sizes", organizer("step.resumed", step="ideas"))
    assert log.visibility_size() == 9
    town.post("sizes", organizer("legal_hold.placed", ref="h1", code="lawsuit"), moderating("content.restored", because="mistake"))
    assert (log.size(), log.visibility_size()) == (13, 13)
    before = town.query("SELECT visibility_size FROM heads")
    town.post(
        "sizes", *[moderating("content.restored", because="mistake"), organizer("step.suspended", step="ideas", code="x")], atomic=False
    )
    assert (log.size(), town.query("SELECT visibility_size FROM heads")) == (14, before), "what is refused decides nothing"


@pytest.mark.parametrize("analysed", [False, True])
def test_texts_are_found_by_their_keys_however_many_there_are(datastore: LedgerDatastore, analysed: bool) -> None:
    with datastore.connection() as connection, connection.transaction(force_rollback=True), connection.cursor() as cursor:
        cursor.execute("INSERT INTO disclosures SELECT 99, n, 'title', 'public', 'subject/' || n, '' FROM generate_series(1, 5000) AS n")
        cursor.execute(
            "INSERT INTO events SELECT 99, n, 'argument/' || n, 1, 'argument.submitted/1', '', '' FROM generate_series(1, 5000) AS n"
        )
        cursor.execute("INSERT INTO subject_keys SELECT 99, 'subject/' || n, 1, '' FROM generate_series(1, 5000) AS n")
        if analysed:
            for table in ("disclosures", "events", "subject_keys"):
                cursor.execute(f"ANALYZE {table}".encode())
        for query, parameters in (
            (VISIBLE_OF, ([*range(256)], 99, 99)),
            (SEQS, (["argument/7", "argument/9"], 99, ["argument.submitted/1"])),
        ):
            plan = cursor.execute(f"EXPLAIN (FORMAT JSON) {query}".encode(), parameters).fetchone()
            assert plan is not None
            assert {scan["Node Type"] for scan in scanned(plan["QUERY PLAN"][0]["Plan"])} == {"Index Scan"}
