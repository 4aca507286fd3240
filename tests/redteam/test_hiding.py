"""Something is kept from people: an event, a project, a text, sealed ballots, some people's votes; or another history is shown to some."""

from dataclasses import replace

import httpx2
import orjson
import pytest

from ledger.audit import Trust, verify
from ledger.audit.evidence import Evidence, judge, parse_evidence
from ledger.audit.receipts import Circumstances, check_receipt
from ledger.errors import BallotsUndisclosed, KeyMissing, LogRolledBack, ResultMissing
from ledger.events.ledger_log import LEDGER_LOG
from ledger.events.result import ResultComputed
from ledger.events.step import BallotsDisclosed
from ledger.monitor.memory import Memory
from ledger.monitor.project_visit import PATIENCE_SECONDS
from ledger.monitor.site import LedgerSite
from ledger.monitor.visit import visit
from ledger.sealing import digest_text
from ledger.store.clients import create_client
from ledger.submit import WRITE
from ledger.tlog.note import parse_note, sign_note
from ledger.tlog.receipt import MAXIMUM_DELAY_SECONDS
from ledger.tlog.tree import tree_root
from tests.posting import TOWN, ballot, organizer
from tests.redteam.conftest import Town
from tests.redteam.operator_town import Operator, caught, judged
from tests.tamper.tampering import unpacked

AT = "2026-03-02T12:00:00.000Z"


def looked(url: str, memory: Memory, seconds: float, origin: str) -> list[Evidence]:
    """What a monitor finds wrong with one log; its neighbours have operators of their own."""
    with LedgerSite(url) as site:
        found = visit(site, memory, AT, seconds)
    return [evidence for evidence in found.evidence if evidence.origin == origin]


def cut(operator: Operator, size: int) -> None:
    """The database is put back to when it had so many entries; what was signed since is gone with it."""
    for table, column in (("events", "seq"), ("disclosures", "seq")):
        operator.sql(f"DELETE FROM {table} WHERE project_id = %s AND {column} >= %s", operator.project_id, size)
    operator.sql("DELETE FROM checkpoints WHERE project_id = %s AND size > %s", operator.project_id, size)
    operator.sql("UPDATE heads SET size = %s, shared_size = least(shared_size, %s) WHERE project_id = %s", size, size, operator.project_id)


def test_an_event_that_was_receipted_and_is_withheld_convicts_the_ledger(town: Town) -> None:
    operator = town()
    kept = operator.size
    receipt = operator.post(ballot("the journalist", 1)).receipt
    assert receipt is not None
    cut(operator, kept)
    operator.forget_what_was_signed()
    operator.clock.time = "2026-03-04T10:00:00.000Z"
    with operator.anew() as later:
        later.post(organizer("project.described", description={"fr": "Rien ne manque."}))
        package = later.export()
    given = check_receipt(receipt, package, Circumstances(keys=operator.ledger.keys.vkeys(operator.ref)))
    assert given.verdict == "fails"
    assert given.checked[0].status in {"withheld", "rewritten"}


def test_an_event_that_is_not_included_a_day_later_is_withheld(town: Town) -> None:
    operator = town()
    before = operator.export()
    receipt = operator.post(ballot("the journalist", 1)).receipt
    assert receipt is not None
    seconds = int(parse_note(receipt).text.split("\n")[5])
    keys = operator.ledger.keys.vkeys(operator.ref)
    early = check_receipt(receipt, before, Circumstances(keys=keys, downloaded=seconds + 10))
    late = check_receipt(receipt, before, Circumstances(keys=keys, downloaded=seconds + MAXIMUM_DELAY_SECONDS + 10))
    assert (early.checked[0].status, late.checked[0].status) == ("not_due", "withheld")
    assert late.verdict == "fails"


def test_an_old_backup_that_is_put_back_is_neither_signed_nor_written_to(town: Town) -> None:
    operator = town()
    operator.export()
    cut(operator, operator.size - 3)
    with operator.anew() as later, pytest.raises(LogRolledBack, match="backup"):
        later.post(ballot("resident 9", 0))


def test_an_old_backup_that_passes_the_guard_is_no_continuation_of_what_people_kept(town: Town) -> None:
    operator = town()
    kept = operator.export()
    cut(operator, operator.size - 3)
    operator.forget_what_was_signed()
    operator.sql("DELETE FROM subtrees WHERE project_id = %s", operator.project_id)
    with operator.anew() as later:
        later.tables_anew()
        later.post(*(ballot(f"another {number}", 0) for number in range(5)))
        caught(judged(later.export(), later, older=kept), "older-root")


def test_two_histories_shown_to_different_people_are_proven_by_their_checkpoints(town: Town) -> None:
    operator = town()
    operator.state_in_ledger_log()
    memory = Memory(url="")
    with operator.showing() as url:
        memory.url = url
        assert looked(url, memory, 0, operator.origin) == []
        honest = memory.seen[operator.ref].note
        operator.edit(operator.seqs("ballot.cast/1")[0], lambda entry: entry["data"].update(entries=[2]))
        operator.sign_anew()
        [evidence] = looked(url, memory, 60, operator.origin)
    assert evidence.kind == "fork"
    assert honest in evidence.notes
    keys = operator.ledger.keys
    judgement = judge(parse_evidence(evidence.encode()), [*keys.vkeys(operator.ref), *keys.vkeys(LEDGER_LOG)])
    assert judgement.verdict == "proven"
    assert "two different histories" in judgement.because["en"]


def test_a_project_that_is_hidden_is_missed_by_a_monitor(town: Town) -> None:
    operator = town()
    operator.state_in_ledger_log()
    origin = operator.origin
    memory = Memory(url="")
    with operator.showing() as url:
        memory.url = url
        assert looked(url, memory, 0, origin) == []
        operator.sql("UPDATE projects SET ref = ref || '.gone' WHERE ref = %s", operator.ref)
        with operator.showing() as again:
            memory.url = again
            found = looked(again, memory, 60, origin) + looked(again, memory, 120, origin)
        operator.sql("UPDATE projects SET ref = %s WHERE ref = %s || '.gone'", operator.ref, operator.ref)
    assert "hidden" in [evidence.kind for evidence in found]


def test_a_twin_that_the_ledger_log_does_not_know_is_told(town: Town) -> None:
    operator = town()
    operator.state_in_ledger_log()
    memory = Memory(url="")
    with operator.showing() as url:
        memory.url = url
        assert looked(url, memory, 0, operator.origin) == []
        twin = town(ref=f"{operator.ref}-twin")
        assert looked(url, memory, 60, twin.origin) == []
        assert [evidence.kind for evidence in looked(url, memory, 120 + PATIENCE_SECONDS, twin.origin)] == ["unlisted"]
        twin.state_in_ledger_log()
        assert looked(url, memory, 180 + PATIENCE_SECONDS, twin.origin) == []


def test_a_text_that_is_held_back_without_a_reason_is_unexplained(town: Town) -> None:
    operator = town()
    operator.sql(
        "DELETE FROM disclosures WHERE project_id = %s AND seq = %s", operator.project_id, operator.seqs("contribution.submitted/2")[0]
    )
    seq = operator.seqs("contribution.submitted/2")[0]
    assert f"entry {seq}" in caught(judged(operator.export(), operator), "commitment-unexplained").place


def test_sealed_ballots_that_are_lost_before_the_disclosure_are_missed(town: Town) -> None:
    """The unfavourable ones are left out of what is disclosed; what was cast is in the log."""
    operator = town("sealed")
    operator.close()
    cast = operator.seqs("ballot.cast/1")
    lost = cast[0]
    operator.sql("DELETE FROM disclosures WHERE project_id = %s AND seq = %s", operator.project_id, lost)
    leaves = operator.sql(
        "SELECT leaf_hash FROM events WHERE project_id = %s AND type = 'ballot.cast/1' AND seq <> %s ORDER BY seq",
        operator.project_id,
        lost,
    )
    kept = [bytes(leaf) for (leaf,) in leaves]
    operator.forge(BallotsDisclosed(step="vote", count=len(kept), root=digest_text(tree_root(kept))))
    operator.tables_anew()
    report = judged(operator.export(), operator)
    caught(report, "disclosure-count")
    assert f"entry {lost}" in caught(report, "commitment-unexplained").place


def test_a_result_cannot_be_certified_while_sealed_ballots_are_undisclosed(town: Town) -> None:
    operator = town("sealed")
    operator.close()
    with pytest.raises((BallotsUndisclosed, ResultMissing)):
        operator.post(organizer("result.certified", step="vote", digest="A" * 43, by_roles=["organizer"], quorum=1))


def test_whoever_is_refused_can_show_it(town: Town) -> None:
    """The operator's gate lets some people's votes through and refuses others: each refusal is signed, with the digest of what was sent."""
    operator = town()
    with operator.ledger.datastore.connection() as connection:
        key = create_client(connection, replace(TOWN, name=f"gate-{operator.ref}", scopes=frozenset({WRITE})))
    content = orjson.dumps(ballot("resident 0", 1))
    with operator.showing() as url:
        answer = httpx2.post(f"{url}/v1/projects/{operator.ref}/events", content=content, headers={"Authorization": f"Bearer {key}"})
    assert answer.status_code == 409
    package = operator.export()
    keys = operator.ledger.keys.vkeys(operator.ref)
    report = check_receipt(answer.content, package, Circumstances(keys=keys, body=content))
    assert [(checked.kind, checked.status) for checked in report.checked] == [("refusal", "refused")]
    assert report.checked[0].facts["code"] == "already-voted"


def test_a_key_that_was_swapped_unannounced_vouches_for_nothing(town: Town) -> None:
    operator = town()
    before = operator.ledger.keys.vkeys(operator.ref)
    kept = operator.export()
    for file in operator.ledger.settings.keys.glob(f"project.{operator.ref}/signing*"):
        file.unlink()
    other = operator.ledger.keys.make_signer(operator.ref, operator.origin)
    with pytest.raises(KeyMissing):
        operator.export()
    # So the operator signs by hand: the checkpoint, the key that is shipped, and the manifest.
    text = parse_note(unpacked(kept.read_bytes())["log/checkpoint"]).text
    checkpoint, vkey = sign_note(text, [other]).encode(), f"{other.vkey}\n".encode()
    forged = operator.repack(kept, {"log/checkpoint": lambda _: checkpoint, "log/vkey": lambda _: vkey})
    caught(verify(forged, trust=Trust(keys=before)), "signature")
    # Whoever had no key from elsewhere still sees that it is not the one that the ledger log announced.
    alone = verify(forged)
    for check in ("signature", "ledger-keys", "manifest-signature"):
        caught(alone, check)


def test_a_false_result_is_counted_again(town: Town) -> None:
    operator = town()
    operator.close()
    operator.post(organizer("result.computed", step="vote"))
    honest = operator.export()
    result = orjson.loads(unpacked(honest.read_bytes())["results/vote.json"])
    assert result["winners"]
    swapped = operator.repack(honest, {"results/vote.json": lambda content: content.replace(b'"bench"', b'"library"')})
    assert caught(judged(swapped, operator), "file-differs").place.startswith("results/vote.json")


def test_a_false_result_that_is_recorded_is_counted_again(town: Town) -> None:
    operator = town()
    operator.close()
    operator.post(organizer("result.computed", step="vote"))
    true = operator.entry(operator.seqs("result.computed/1")[0])["data"]
    operator.forge(ResultComputed(step="vote", rule=true["rule"], cut_off=true["cut_off"], winners=(2,), digest=true["digest"]))
    operator.tables_anew()
    caught(judged(operator.export(), operator), "result-winners")
