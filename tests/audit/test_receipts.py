"""What a log signed for somebody, checked beside a package of it: kept, not due, withheld, rewritten; and whatever is damaged, in words."""

from base64 import b64encode
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.audit.receipts import Circumstances, ReceiptReport, Status, check_receipt
from ledger.audit.receipts_wording import lines
from ledger.canonical import canonical
from ledger.tlog.checkpoint import Checkpoint
from ledger.tlog.note import parse_note, sign_note
from ledger.tlog.proof import inclusion_proof
from ledger.tlog.reader import HeldTiles
from ledger.tlog.receipt import Receipt, Refusal
from ledger.tlog.tlog_proof import TlogProof
from ledger.tlog.tree import leaf_hash, tree_root
from tests.recorded import town
from tests.tamper.tampering import packed, unpacked
from tests.tlog.keys import KnownSigner

ORIGIN = "ledger.example/p/street"
NOON = 1_772_366_400
"""2026-03-01T12:00:00Z."""
DAY = 86_400


def entry(seq: int, at: str = "2026-03-01T12:00:00.000Z", word: str = "kept") -> bytes:
    return canonical({"at": at, "seq": seq, "word": word})


@dataclass
class Log:
    """A log that signs; its entries say nothing, as nobody asks what they say."""

    entries: list[bytes]
    signer: KnownSigner = KnownSigner(ORIGIN)  # noqa: RUF009  # it never changes

    def leaves(self) -> list[bytes]:
        return [leaf_hash(stored) for stored in self.entries]

    def checkpoint(self, size: int | None = None) -> bytes:
        leaves = self.leaves()[:size]
        return sign_note(Checkpoint(ORIGIN, len(leaves), tree_root(leaves)).text, [self.signer]).encode()

    def package(self, folder: Path, size: int | None = None) -> Path:
        stored = self.entries[:size]
        files = {
            "events.ndjson": b"".join(line + b"\n" for line in stored),
            "log/checkpoint": self.checkpoint(size),
            "log/vkey": f"{self.signer.vkey}\n".encode(),
        }
        path = folder / "street.zip"
        path.write_bytes(packed(files))
        return path

    def receipt(self, first: int, last: int, at: int = NOON) -> bytes:
        text = Receipt(ORIGIN, first, last, tree_root(self.leaves()[first : last + 1]), at).text
        return sign_note(text, [self.signer]).encode()

    def proof(self, index: int, size: int) -> bytes:
        path = inclusion_proof(index, size, HeldTiles(self.leaves()))
        return TlogProof(index, path, parse_note(self.checkpoint(size))).encode()

    def refusal(self, body: bytes = b"{}", code: str = "already-voted") -> str:
        return sign_note(Refusal(ORIGIN, code, sha256(body).digest(), NOON).text, [self.signer]).encode().decode()


def street(size: int = 10, **last: Any) -> Log:
    return Log([entry(seq, **(last if seq == size - 1 else {})) for seq in range(size)])


def statuses(report: ReceiptReport) -> list[Status]:
    assert report.verdict == ("holds" if all(map(_fine, report.checked)) else "fails")
    for language in ("en", "fr"):
        assert all(line and "{" not in line for line in lines(report, language))
    orjson.dumps(report.json())
    return [checked.status for checked in report.checked]


def _fine(checked: Any) -> bool:
    return checked.status in {"included", "not_due", "refused", "package_older"}


def test_a_receipt_whose_entries_are_in_the_package_was_kept(tmp_path: Path) -> None:
    log = street()
    report = check_receipt(log.receipt(3, 7), log.package(tmp_path), Circumstances((log.signer.vkey,)))
    assert (statuses(report), report.key, report.size) == (["included"], "given", 10)


def test_a_receipt_that_lost_its_last_line_end_or_has_one_more_is_the_same_receipt(tmp_path: Path) -> None:
    log = street()
    package = log.package(tmp_path)
    for shown in (log.receipt(3, 7)[:-1], log.receipt(3, 7) + b"\n"):
        assert statuses(check_receipt(shown, package)) == ["included"]


def test_before_a_day_is_over_nothing_is_late(tmp_path: Path) -> None:
    log = street()
    package = log.package(tmp_path, 5)
    for receipt in (log.receipt(5, 9), log.receipt(3, 9)):
        assert statuses(check_receipt(receipt, package)) == ["not_due"]
        assert statuses(check_receipt(receipt, package, Circumstances(downloaded=NOON + DAY))) == ["not_due"]


def test_a_package_of_more_than_a_day_later_without_the_entries_shows_that_they_are_withheld(tmp_path: Path) -> None:
    log = Log([*street(5).entries, entry(5, at="2026-03-02T12:00:01.000Z")])
    receipt = street().receipt(6, 9)
    [checked] = check_receipt(receipt, log.package(tmp_path)).checked
    assert (checked.status, checked.facts["package_at"], checked.facts["by_download"]) == ("withheld", "2026-03-02T12:00:01Z", False)
    assert "together they are the proof" in lines(check_receipt(receipt, log.package(tmp_path)), "en")[0]


def test_when_it_was_downloaded_dates_a_package_as_far_as_whoever_did_is_believed(tmp_path: Path) -> None:
    log = street()
    package = log.package(tmp_path, 5)
    report = check_receipt(log.receipt(5, 9), package, Circumstances(downloaded=NOON + DAY + 1))
    assert statuses(report) == ["withheld"]
    assert "you say you downloaded it" in lines(report, "en")[0]


def test_other_entries_in_the_place_of_those_acknowledged_are_a_rewritten_history(tmp_path: Path) -> None:
    log = street()
    receipt = log.receipt(3, 7)
    rewritten = Log([*log.entries[:5], entry(5, word="other"), *log.entries[6:]])
    report = check_receipt(receipt, rewritten.package(tmp_path))
    assert statuses(report) == ["rewritten"]
    assert report.verdict == "fails"


def test_a_proof_holds_in_a_longer_log_and_in_a_shorter_one_that_has_the_entry(tmp_path: Path) -> None:
    log = street(300)
    assert statuses(check_receipt(log.proof(3, 7), log.package(tmp_path))) == ["included"]
    assert statuses(check_receipt(log.proof(3, 280), log.package(tmp_path, 20))) == ["included"]
    assert statuses(check_receipt(log.proof(270, 280), log.package(tmp_path, 20))) == ["package_older"]


def test_a_proof_of_another_tree_shows_a_rewritten_history(tmp_path: Path) -> None:
    log = street()
    rewritten = Log([entry(0, word="other"), *log.entries[1:]])
    assert statuses(check_receipt(log.proof(3, 7), rewritten.package(tmp_path))) == ["rewritten"]


def test_a_proof_with_another_path_proves_nothing(tmp_path: Path) -> None:
    log = street()
    wrong = log.proof(3, 7).replace(b"index 3", b"index 2")
    assert statuses(check_receipt(wrong, log.package(tmp_path))) == ["contradicted"]


def test_a_refusal_is_genuine_and_says_what_for(tmp_path: Path) -> None:
    log = street()
    package = log.package(tmp_path)
    report = check_receipt(log.refusal(b"what I posted").encode(), package, Circumstances(body=b"what I posted"))
    assert statuses(report) == ["refused"]
    assert report.checked[0].facts == {
        "origin": ORIGIN,
        "code": "already-voted",
        "body_digest": b64encode(sha256(b"what I posted").digest()).decode(),
        "at": "2026-03-01T12:00:00Z",
        "key_retired": False,
        "body": True,
    }
    [other] = check_receipt(log.refusal().encode(), package, Circumstances(body=b"what I posted")).checked
    assert other.facts["body"] is False


def test_what_another_key_signed_or_another_log_proves_nothing(tmp_path: Path) -> None:
    log = street()
    stranger = Log(log.entries, KnownSigner(ORIGIN, 2))
    package = log.package(tmp_path)
    for signed in (stranger.receipt(3, 7), stranger.proof(3, 7), stranger.refusal().encode()):
        assert statuses(check_receipt(signed, package)) == ["other_key"]
    assert statuses(check_receipt(log.receipt(3, 7), stranger.package(tmp_path), Circumstances((log.signer.vkey,)))) == ["package_unfit"]
    elsewhere = log.receipt(3, 7).replace(ORIGIN.encode(), b"ledger.example/p/elsewhere")
    assert statuses(check_receipt(elsewhere, log.package(tmp_path))) == ["other_log"]


def test_a_package_that_does_not_hold_together_shows_nothing(tmp_path: Path) -> None:
    log = street()
    path = tmp_path / "spoilt.zip"
    files = {"events.ndjson": b"{}\n", "log/checkpoint": log.checkpoint(), "log/vkey": f"{log.signer.vkey}\n".encode()}
    path.write_bytes(packed(files))
    report = check_receipt(log.receipt(3, 7), path)
    assert statuses(report) == ["package_unfit"]
    assert report.why == "its entries are not those that its checkpoint states"


def answer(log: Log, first: int, last: int, **members: Any) -> dict[str, Any]:
    events: list[Any] = [{"seq": seq, "leaf_hash": b64encode(log.leaves()[seq]).decode()} for seq in range(first, last + 1)]
    return {"project": "street", "receipt": log.receipt(first, last).decode(), "events": events, **members}


def test_a_whole_answer_is_checked_with_all_that_is_signed_in_it(tmp_path: Path) -> None:
    log = street()
    said = answer(log, 3, 4, proofs=[log.proof(3, 7).decode(), log.proof(4, 7).decode()])
    said["events"].insert(1, {"problem": {"code": "already-voted", "refusal": log.refusal()}})
    report = check_receipt(orjson.dumps(said), log.package(tmp_path))
    assert statuses(report) == ["included", "included", "included", "refused"]
    problem = {"type": "…", "code": "already-voted", "refusal": log.refusal()}
    assert statuses(check_receipt(orjson.dumps(problem), log.package(tmp_path))) == ["refused"]


def test_an_answer_whose_lines_somebody_changed_contradicts_its_receipt(tmp_path: Path) -> None:
    log = street()
    said = answer(log, 3, 4)
    said["events"][1]["leaf_hash"] = said["events"][0]["leaf_hash"]
    assert statuses(check_receipt(orjson.dumps(said), log.package(tmp_path))) == ["contradicted"]
    fewer = answer(log, 3, 4)
    fewer["events"].pop()
    assert statuses(check_receipt(orjson.dumps(fewer), log.package(tmp_path))) == ["contradicted"]


def test_with_the_leaf_of_an_answer_a_later_proof_shows_that_the_entry_was_exchanged(tmp_path: Path) -> None:
    log = street(30)
    said = answer(log, 3, 4, proofs=[log.proof(3, 25).decode()])
    shorter = Log([*log.entries[:3], entry(3, word="other"), *log.entries[4:20]])
    assert statuses(check_receipt(orjson.dumps(said), shorter.package(tmp_path))) == ["rewritten", "rewritten"]


def test_while_two_keys_sign_either_vouches_for_a_receipt(tmp_path: Path) -> None:
    log, newer = street(), KnownSigner(ORIGIN, 2)
    package = log.package(tmp_path)
    files = unpacked(package.read_bytes())
    text = Checkpoint(ORIGIN, 10, tree_root(log.leaves())).text
    files |= {"log/vkey": f"{newer.vkey}\n{log.signer.vkey}\n".encode(), "log/checkpoint": sign_note(text, [newer]).encode()}
    package.write_bytes(packed(files))
    for signer in (newer, log.signer):
        assert statuses(check_receipt(Log(log.entries, signer).receipt(3, 7), package)) == ["included"]
    only_older = Circumstances((log.signer.vkey,))
    assert statuses(check_receipt(log.receipt(3, 7), package, only_older)) == ["package_unfit"]


def test_what_a_retired_key_signed_is_told_to_be_worth_what_its_age_is(tmp_path: Path) -> None:
    log = town(voters=8)
    older = log.signers[0]
    log.vouchers()  # the log stands in the ledger log from here on
    log.signers.insert(0, KnownSigner(log.origin, 2))
    log.ledger.added(log.origin, log.signers[0].vkey)
    package = log.export(tmp_path / "both.zip")
    leaves = [leaf_hash(stored) for stored in log.stored]
    kept, other = (Receipt(log.origin, 2, 4, root, NOON).text for root in (tree_root(leaves[2:5]), b"\1" * 32))
    [checked] = check_receipt(sign_note(kept, [older]).encode(), package).checked
    assert (checked.status, checked.facts["key_retired"]) == ("included", False)
    log.ledger.retired(log.origin, log.signers.pop().vkey)
    retired = log.export(tmp_path / "one.zip")
    expected: tuple[tuple[str, Status], ...] = ((kept, "included"), (other, "rewritten"))
    for text, status in expected:
        for keys in ((), (older.vkey, log.signer.vkey)):
            report = check_receipt(sign_note(text, [older]).encode(), retired, Circumstances(keys))
            assert (statuses(report), report.checked[0].facts["key_retired"]) == ([status], True)
            assert "retired since" in lines(report, "en")[0] and "they are the proof" not in lines(report, "en")[0]
    report = check_receipt(sign_note(other, log.signers).encode(), retired)
    assert report.checked[0].facts["key_retired"] is False
    assert "they are the proof" in lines(report, "en")[0]


@pytest.mark.parametrize(
    "content", [b"", b"{}", b"[]", b'{"receipt": 3}', b"\xff\xfe", b'{"events": [{"problem": {"refusal": "x"}}]}', b"{" * 9999]
)
def test_what_is_no_statement_is_unreadable(tmp_path: Path, content: bytes) -> None:
    report = check_receipt(content, street().package(tmp_path))
    assert (report.verdict, report.checked) == ("unreadable", ())
    assert report.why


def test_without_a_package_nothing_can_be_read(tmp_path: Path) -> None:
    log = street()
    path = tmp_path / "nothing.zip"
    assert check_receipt(log.receipt(3, 7), path).verdict == "unreadable"
    path.write_bytes(b"not a zip")
    assert check_receipt(log.receipt(3, 7), path).verdict == "unreadable"


_LOG = street(9)
_SHOWN = [
    _LOG.receipt(3, 7),
    _LOG.proof(3, 7),
    _LOG.refusal().encode(),
    orjson.dumps(answer(_LOG, 3, 4, proofs=[_LOG.proof(3, 7).decode()])),
]


@given(shown=st.sampled_from(_SHOWN), at=st.integers(0, 10_000), into=st.binary(max_size=4), gone=st.integers(0, 40))
@settings(max_examples=300, deadline=None)
def test_damaged_statements_never_raise_and_never_accuse(
    tmp_path_factory: pytest.TempPathFactory, shown: bytes, at: int, into: bytes, gone: int
) -> None:
    package = _package(tmp_path_factory)
    place = at % len(shown)
    damaged = shown[:place] + into + shown[place + gone :]
    report = check_receipt(damaged, package)
    assert not {checked.status for checked in report.checked} & {"withheld", "rewritten"}
    for language in ("en", "fr"):
        lines(report, language)


@given(st.binary(max_size=300))
@settings(max_examples=100, deadline=None)
def test_what_is_anything_at_all_never_raises(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    assert check_receipt(content, _package(tmp_path_factory)).verdict == "unreadable"


@given(at=st.integers(0, 10_000), into=st.binary(max_size=3))
@settings(max_examples=150, deadline=None)
def test_damaged_packages_never_raise_and_never_accuse(tmp_path_factory: pytest.TempPathFactory, at: int, into: bytes) -> None:
    whole = _package(tmp_path_factory).read_bytes()
    place = at % len(whole)
    path = tmp_path_factory.getbasetemp() / "damaged.zip"
    path.write_bytes(whole[:place] + into + whole[place + len(into) :])
    for shown in _SHOWN:
        report = check_receipt(shown, path)
        assert not {checked.status for checked in report.checked} & {"withheld", "rewritten"}


def _package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.getbasetemp() / "receipts"
    path = folder / "street.zip"
    if not path.exists():
        folder.mkdir(exist_ok=True)
        _LOG.package(folder)
    return path
