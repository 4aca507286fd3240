"""The past is changed: an event edited, deleted, moved, dated back; everything rewritten and signed anew; two histories shown."""

from pathlib import Path

import pytest

from ledger.audit.receipts import Circumstances, check_receipt
from ledger.errors import LogDiffers, LogForked, LogIncomplete
from ledger.events.project import ProjectDescribed
from tests.posting import ballot
from tests.redteam.conftest import Town
from tests.redteam.operator_town import Operator, caught, judged
from tests.tamper.tampering import unpacked


def other_vote(entry: dict[str, object]) -> None:
    entry["data"] = {**entry["data"], "entries": [2]}  # type: ignore[dict-item]


def test_an_event_edited_in_the_database_is_not_exported_and_shows_in_any_copy(town: Town) -> None:
    operator = town()
    honest = operator.export()
    seq = operator.seqs("ballot.cast/1")[0]
    original = operator.entry(seq)
    operator.edit(seq, other_vote, hashed=False)
    with pytest.raises(LogDiffers):
        operator.export()
    # So the operator writes the package by hand.
    old, new = f'"entries":{original["data"]["entries"]}'.encode(), b'"entries":[2]'
    lines = honest_lines(honest)
    lines[seq] = lines[seq].replace(old.replace(b" ", b""), new)
    forged = operator.repack(honest, {"events.ndjson": lambda _: b"\n".join(lines) + b"\n"})
    finding = caught(judged(forged, operator), "tile")
    assert f"(entry {seq})" in finding.place
    caught(judged(forged, operator), "root")


def honest_lines(package: Path) -> list[bytes]:
    return unpacked(package.read_bytes())["events.ndjson"].rstrip(b"\n").split(b"\n")


def test_an_event_edited_with_its_hash_is_not_signed_any_further(town: Town) -> None:
    operator = town()
    operator.export()
    operator.edit(operator.seqs("ballot.cast/1")[0], other_vote)
    with pytest.raises((LogDiffers, LogForked)):
        operator.export()


def test_a_deleted_event_leaves_a_gap(town: Town) -> None:
    operator = town()
    honest = operator.export()
    seq = operator.seqs("ballot.cast/1")[2]
    operator.sql("DELETE FROM events WHERE project_id = %s AND seq = %s", operator.project_id, seq)
    with pytest.raises((LogIncomplete, LogDiffers)):
        operator.export()
    lines = honest_lines(honest)
    del lines[seq]
    forged = operator.repack(honest, {"events.ndjson": lambda _: b"\n".join(lines) + b"\n"})
    report = judged(forged, operator)
    assert caught(report, "entry-misplaced").place.endswith(f"(entry {seq})")
    caught(report, "size")


def test_two_events_that_changed_places_are_not_in_their_place(town: Town) -> None:
    operator = town()
    first, second = operator.seqs("ballot.cast/1")[:2]
    contents = operator.sql(
        "SELECT entry FROM events WHERE project_id = %s AND seq IN (%s, %s) ORDER BY seq", operator.project_id, first, second
    )
    operator.put(first, bytes(contents[1][0]))
    operator.put(second, bytes(contents[0][0]))
    operator.sign_anew()
    assert caught(judged(operator.export(), operator), "entry-misplaced").place.endswith(f"(entry {first})")


def rewritten(operator: Operator) -> None:
    """The operator changes a vote, hashes everything again, and signs it as if it had always been so."""
    operator.edit(operator.seqs("ballot.cast/1")[1], other_vote)
    operator.sign_anew()
    operator.tables_anew()


def test_a_history_that_was_rewritten_and_signed_anew_is_no_continuation_of_an_export_from_before(town: Town) -> None:
    operator = town()
    kept = operator.export()
    rewritten(operator)
    operator.close()
    later = operator.export()
    report = judged(later, operator, older=kept)
    caught(report, "older-root")
    assert f"(entry {operator.seqs('ballot.cast/1')[1]})" in caught(report, "older-entries").place


def test_a_history_that_was_rewritten_does_not_get_into_the_ledger_log(town: Town) -> None:
    operator = town()
    operator.export()
    rewritten(operator)
    # The size is in the ledger log already, with the root that was true.
    with pytest.raises(LogForked):
        operator.export()


def test_a_receipt_does_not_fit_a_history_that_was_rewritten(town: Town) -> None:
    operator = town()
    receipt = operator.post(ballot("the journalist", 1)).receipt
    assert receipt is not None
    operator.edit(operator.size - 1, other_vote)
    operator.sign_anew()
    operator.tables_anew()
    report = check_receipt(receipt, operator.export(), Circumstances(keys=operator.ledger.keys.vkeys(operator.ref)))
    assert (report.verdict, [checked.status for checked in report.checked]) == ("fails", ["rewritten"])


def test_an_event_that_is_dated_back_lies_before_one_that_was_recorded_earlier(town: Town) -> None:
    operator = town()
    seq = operator.forge(ProjectDescribed(description={"fr": "Depuis toujours."}), at="2026-03-01T00:00:00.000Z")
    assert caught(judged(operator.export(), operator), "time-backwards").place == f"entry {seq}"
