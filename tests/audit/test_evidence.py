"""Evidence is judged by what is signed in it, whatever the file holds."""

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.audit.evidence import Evidence, Exhibit, judge, parse_evidence
from ledger.errors import MalformedEvidence
from ledger.tlog.vkey import parse_vkey
from tests.monitor.paper_ledger import AT, PaperLedger
from tests.tlog.keys import KnownSigner


def forked() -> Evidence:
    ledger = PaperLedger()
    log = ledger.open("budget")
    log.grow(3)
    index = ledger.state("budget")
    size = len(ledger.ledger.entries)
    exhibit = Exhibit(ledger.ledger.entries[index], ledger.ledger.inclusion(index, size))
    log.entries[2] = b"another"
    vkeys = (str(ledger.ledger.signers[0].vkey), str(log.signers[0].vkey))
    notes = (log.note().decode(),)
    return Evidence("fork", log.origin, ledger.ledger.origin, vkeys, {"en": "…"}, AT, "http://paper.test", notes, (exhibit,))


FORKED = forked()
KEYS = [parse_vkey(vkey) for vkey in FORKED.vkeys]


def test_a_file_reads_back_as_it_was_written() -> None:
    assert parse_evidence(FORKED.encode()) == FORKED


def test_two_statements_that_cannot_both_be_true_prove_it() -> None:
    judgement = judge(FORKED, KEYS)
    assert (judgement.verdict, judgement.keys_from_evidence) == ("proven", False)
    assert judge(FORKED).keys_from_evidence


def test_what_others_signed_proves_nothing() -> None:
    other = KnownSigner("paper.test/p/budget", 44).vkey
    assert judge(FORKED, [KEYS[0], other]).verdict == "unfounded"


@pytest.mark.parametrize("part", ["notes", "exhibits"])
def test_half_of_a_contradiction_is_none(part: str) -> None:
    half = {"notes": FORKED.notes, "exhibits": FORKED.exhibits, part: ()}
    judged = judge(Evidence("fork", FORKED.origin, FORKED.ledger, FORKED.vkeys, {}, AT, "", **half), KEYS)  # type: ignore[arg-type]
    assert judged.verdict == "unfounded"


@given(st.data())
def test_a_changed_file_proves_nothing_or_the_same_and_never_raises(data: st.DataObject) -> None:
    content = bytearray(FORKED.encode())
    for _ in range(data.draw(st.integers(1, 3))):
        content[data.draw(st.integers(0, len(content) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    try:
        evidence = parse_evidence(bytes(content))
    except MalformedEvidence:
        return
    if judge(evidence, KEYS).verdict == "proven":
        assert (evidence.notes, evidence.exhibits) == (FORKED.notes, FORKED.exhibits)


JSON = st.recursive(
    st.none() | st.integers(-(2**53), 2**53) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(st.binary(max_size=300) | JSON.map(orjson.dumps))
def test_other_content_is_refused_in_words(content: bytes) -> None:
    with pytest.raises(MalformedEvidence):
        parse_evidence(content)
