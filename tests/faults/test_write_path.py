"""Whatever fails, at whatever moment: nothing acknowledged is lost, nothing is recorded twice, and the log stays lawful."""

from pathlib import Path

import orjson
import psycopg
import pytest

from ledger.errors import DatabaseUnavailable, Unavailable, WriteUnconfirmed
from ledger.events.upcasts import UPCASTS
from ledger.sealing import read_disclosure
from ledger.store.clock import SystemEntropy
from ledger.store.disclosures import StoredDisclosures
from ledger.store.keystore import FileKeyStore
from ledger.submit import Receipted
from tests.faults.cable import Side, cable
from tests.faults.ports import Faults
from tests.posting import Document, HandClock, Ledger, ballot, ballot_step, ledger, opening, organizer, proposal, seqs

SCENARIO: list[list[Document]] = [
    [opening(), organizer("step.planned", step="ideas", kind="collection", title={"fr": "Idées"}, accepts=["proposal"])],
    [organizer("step.opened", step="ideas"), *(proposal(ref, f"author of {ref}") for ref in ("bench", "orchard", "library"))],
    [organizer("step.closed", step="ideas"), *ballot_step("vote", "sealed")],
    [organizer("step.opened", step="vote")],
    [ballot("ada", 0)],
    [ballot("bo", 1), ballot("cy", 2)],
    [ballot(f"voter {number}", number % 3) for number in range(140)],
    [ballot("ada", 2, name="ballot.replaced")],
    [organizer("step.closed", step="vote")],
    [organizer("ballots.disclosed", step="vote")],
]
PRESENT = {former: upcast.present.wire_type() for former, upcast in UPCASTS.items()}
EXPECTED = [PRESENT.get(document["type"], document["type"]) for request in SCENARIO for document in request]


def play(town: Ledger, ref: str) -> tuple[list[Receipted], list[BaseException]]:
    """The scenario, each request sent again with its key until it is answered; the answers, and what went wrong on the way."""
    answers: list[Receipted] = []
    faults: list[BaseException] = []
    for number, request in enumerate(SCENARIO):
        while len(answers) == number:
            try:
                answers.append(town.post(ref, *request, key=f"request {number}"))
            except (Unavailable, OSError) as error:
                faults.append(error)
                assert len(faults) < 10, f"it fails again and again: {error}"
    return answers, faults


def assert_whole(town: Ledger, ref: str, answers: list[Receipted]) -> None:
    """All that was acknowledged is in the log, once, in order; it replays; and every disclosure opens its commitment."""
    assert town.types(ref) == EXPECTED
    assert [seq for answer in answers for seq in seqs(answer)] == list(range(len(EXPECTED)))
    entries = town.entries(ref)
    read = StoredDisclosures(town.keys, SystemEntropy())
    committed = sum(len(orjson.loads(entry)["data"].get("_sd", ())) for entry in entries)
    with psycopg.connect(town.conninfo) as connection:
        found = list(read.between(connection, town.project(ref), 0, len(entries)))
    for seq, _, text in found:
        assert read_disclosure(text).digest in orjson.loads(entries[seq])["data"]["_sd"]
    assert len(found) == committed - 1  # the ballot that was replaced stays closed
    stored = town.query("SELECT count(*) FROM disclosures JOIN projects USING (project_id) WHERE ref = %s", ref)
    assert stored == [(committed,)]


def test_every_call_of_a_port_may_fail_before_and_after_it_took_effect(database: str, tmp_path: Path) -> None:
    faults = Faults()
    keys, entropy, clock = FileKeyStore(tmp_path / "keys"), SystemEntropy(), HandClock()
    wrapped = {"keys": faults.wrap(keys), "entropy": faults.wrap(entropy), "clock": faults.wrap(clock)}
    failed: set[str] = set()
    with ledger(database, keys=wrapped["keys"], entropy=wrapped["entropy"], clock=wrapped["clock"]) as town:
        play(town, "calm")
        faults.fail_at(0, "before")
        play(town, "counted")
        calls = faults.calls
        # Every call but the hundreds of salts and nonces of the large batch, of which some stand for all.
        for at in [*range(1, 60), *range(60, calls - 8, 71), *range(calls - 8, calls + 1)]:
            side: Side = "before" if at % 2 else "after"
            ref = f"{side}-{at}"
            faults.fail_at(at, side)
            answers, _ = play(town, ref)
            # The clock is also read once a second, so the last calls do not come in every run.
            assert faults.failed is not None or at > calls - 6
            failed.add(faults.failed or "none")
            assert_whole(town, ref, answers)
    assert failed >= {"now", "bytes", "make_signer", "make_scope_key", "scope_key", "epochs"}


@pytest.mark.parametrize("side", ["before", "after"])
def test_the_connection_may_break_at_every_message(database: str, side: Side) -> None:
    with cable(database) as (laid, conninfo), ledger(conninfo) as town:
        town.conninfo = database  # what was written is looked at by another way
        answers, _ = play(town, f"calm-{side}")
        messages = laid.sent
        assert_whole(town, f"calm-{side}", answers)
        kinds: set[type[BaseException]] = set()
        for at in range(1, messages + 1):
            ref = f"cable-{side}-{at}"
            laid.break_at(at, side)
            answers, errors = play(town, ref)
            kinds |= {type(error) for error in errors}
            laid.break_at(0, side)  # a run with fewer messages than the first has not broken it
            assert_whole(town, ref, answers)
    # Where nothing can have been recorded the writer tries again by itself; only about a COMMIT nobody knows.
    assert kinds >= {WriteUnconfirmed}
    assert kinds <= {WriteUnconfirmed, DatabaseUnavailable}
