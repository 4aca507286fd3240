"""Files of a package removed, added, cut short, and swapped between exports: verification fails each time and names the file.

Each is tried twice: the manifest left as it is, and the manifest stated and signed anew by whoever holds the log's key.
"""

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Final
from unittest.mock import patch

import pytest

from ledger.audit import Report
from ledger.tlog.checkpoint import parse_checkpoint
from ledger.tlog.note import parse_note
from tests.tamper.mutating import ALL, signature_over, stored
from tests.tamper.small_log import small_log, small_package, witnessed
from tests.tamper.tampering import faults, judged, restate, unpacked

FILES: Final = unpacked(small_package(small_log()))
EVIDENCE: Final = ("events.ndjson", "disclosures.jsonl", "log/checkpoint", "ledger/checkpoint", "ledger/entries.ndjson", "ledger/policy")
MANIFEST, SIGNATURE = "datapackage.json", "datapackage.sig"
ELSEWHERE: Final = {
    "disclosures.jsonl": "entry ",  # which it is about
    "log/checkpoint": "events.ndjson",  # with other entries than it states
    "ledger/policy": "step v, ledger/checkpoint",  # whose certified result names a witness, of whom nothing is known then
    "ledger/checkpoint": "ledger/proofs/",  # each of which holds the same checkpoint
}
"""File → what is named where it is stated anew, if that is not the file: what it should have been right for."""


def named(name: str) -> tuple[str, ...]:
    """What names the file when it is stated anew."""
    return (name, ELSEWHERE.get(name, name))


def restated(files: Mapping[str, bytes]) -> bytes:
    """The package of these files, stated and signed anew."""
    return stored(restate(dict(files)))


def refused(folder: Path, package: bytes, *places: str) -> Report:
    """The report on the package: something is wrong with it, at one of these places."""
    report = judged(folder, package)
    assert report.verdict in ("failed", "unreadable")
    found = {fault.place for fault in faults(report).values()}
    assert any(place in one for one in found for place in places), (places, report.findings)
    return report


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_missing_is_missed(tmp_path: Path, name: str) -> None:
    without = {other: content for other, content in FILES.items() if other != name}
    refused(tmp_path, stored(without), name)
    if name not in (MANIFEST, SIGNATURE):
        refused(tmp_path, restated(without), *named(name))


@pytest.mark.parametrize(
    "name",
    [
        "more.txt", "verify.html.bak", "log/tile/0/001", "log/tile/1/000.p/1", "log/tile/entries/000.p/18", "ledger/proofs/3",
        "ledger/timestamp", "tables/more.csv", "tables/turnout.parquet", "results/w.json", "pabulib/w.pb", "polis/j/votes.csv",
        "EVENTS.NDJSON",
    ],
)  # fmt: skip
def test_a_file_that_no_package_has_is_found(tmp_path: Path, name: str) -> None:
    refused(tmp_path, stored({**FILES, name: b"1\n"}), name)
    refused(tmp_path, restated({**FILES, name: b"1\n"}), name)


def cuts(content: bytes, most: int) -> list[int]:
    """Where the file is cut: before and after each line end, or about `most` of these; and within it."""
    ends = [place for place, byte in enumerate(content) if byte == 0x0A]
    some = ends if ALL else ends[:: -(-len(ends) // most)]
    places = {0, 1, len(content) // 2, len(content) - 1, *some, *(place + 1 for place in some)}
    return sorted(place for place in places if place < len(content))


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_was_cut_short_is_found(tmp_path: Path, name: str) -> None:
    content = FILES[name]
    for place in cuts(content, 10 if name in EVIDENCE else 1):
        files = {**FILES, name: content[:place]}
        report = refused(tmp_path, stored(files), SIGNATURE if name == MANIFEST else name)
        assert report.verdict == "failed"
        if name not in (MANIFEST, SIGNATURE):
            refused(tmp_path, restated(files), *named(name))


def test_a_manifest_that_was_cut_short_and_signed_anew_is_found(tmp_path: Path) -> None:
    content = FILES[MANIFEST]
    about = parse_checkpoint(parse_note(FILES["log/checkpoint"]).text)
    for place in cuts(content, 8):
        files = {**FILES, MANIFEST: content[:place], SIGNATURE: signature_over(content[:place], about)}
        refused(tmp_path, stored(files), MANIFEST)


@cache
def others() -> dict[str, dict[str, bytes]]:
    """Exports that are good in themselves: of the same log when it was shorter, of another log, and the same with a later checkpoint."""
    log = small_log()
    earlier = unpacked(small_package(small_log(counted=False)))
    other = unpacked(small_package(small_log("a.example/p/t")))
    first = small_package(log)
    log.ledger.open("a.example/p/elsewhere", log.signer.vkey, None)
    later = unpacked(small_package(log))
    assert unpacked(first) == FILES
    return {"shorter": earlier, "of another log": other, "witnessed later": later}


@pytest.mark.parametrize("which", ["shorter", "of another log", "witnessed later"])
def test_a_file_swapped_for_that_of_another_export_is_found(tmp_path: Path, which: str) -> None:
    other = others()[which]
    assert judged(tmp_path, stored(other)).verdict == "verified"
    for name, content in other.items():
        if FILES.get(name) == content:
            continue
        files = {**FILES, name: content}
        refused(tmp_path, stored(files), name, SIGNATURE if name == MANIFEST else name)
        if name not in (MANIFEST, SIGNATURE):
            refused(tmp_path, restated(files), *named(name))


GROUPS: Final[dict[str, Callable[[str], bool]]] = {
    "the signed manifest": lambda name: name in (MANIFEST, SIGNATURE),
    "the checkpoint": lambda name: name.startswith("log/"),
    "the entries": lambda name: name == "events.ndjson" or name.startswith("log/"),
    "entries and disclosures": lambda name: name in ("events.ndjson", "disclosures.jsonl") or name.startswith("log/"),
    "the ledger log": lambda name: name.startswith("ledger/"),
    "all that vouches": lambda name: name.startswith(("ledger/", "log/", "datapackage")),
    "tables and results": lambda name: name.startswith(("tables/", "results/", "pabulib/", "polis/", "decidim/", "cap-collectif/")),
}


@pytest.mark.parametrize("which", ["shorter", "of another log"])
@pytest.mark.parametrize("group", GROUPS)
def test_files_that_belong_together_swapped_for_those_of_another_export_are_found(tmp_path: Path, which: str, group: str) -> None:
    theirs = GROUPS[group]
    files = {name: content for name, content in FILES.items() if not theirs(name)}
    files |= {name: content for name, content in others()[which].items() if theirs(name)}
    report = judged(tmp_path, stored(files))
    assert report.verdict == "failed", group
    assert faults(report)
    if not theirs(MANIFEST):
        assert judged(tmp_path, restated(files)).verdict == "failed", group


def test_the_ledger_log_as_it_was_when_it_knew_less_and_was_as_good_is_another_package(tmp_path: Path) -> None:
    """The one exchange that is none: everything that the ledger log said later, stated and signed by the ledger, is a newer export."""
    later = others()["witnessed later"]
    files = {**FILES, **{name: content for name, content in later.items() if name.startswith("ledger/")}}
    assert judged(tmp_path, stored(files)).verdict == "failed"
    assert judged(tmp_path, restated(files)).verdict == "verified"


def test_where_nothing_was_certified_the_ledger_may_leave_out_its_policy_and_nobody_witnessed(tmp_path: Path) -> None:
    files = others()["shorter"]
    assert judged(tmp_path, stored(files)).witnessed.policy == "from_package"
    without = {name: content for name, content in files.items() if name != "ledger/policy"}
    assert judged(tmp_path, stored(without)).verdict == "failed"
    report = judged(tmp_path, restated(without))
    assert (report.verdict, report.witnessed.policy, report.witnessed.by) == ("verified", "none", ())


def test_of_parquet_files_none_may_be_missing_among_others(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow.parquet")
    log = small_log()
    files = unpacked(log.package(witnessed(log)))
    names = [name for name in files if name.endswith(".parquet")]
    assert len(names) == len([name for name in files if name.startswith("tables/") and name.endswith(".csv")])
    for name in (names[0], names[-1]):
        refused(tmp_path, restated({other: content for other, content in files.items() if other != name}), name)
    # All of them may: a server without the library writes none, and says so.
    with patch("ledger.exports.export.arrow", return_value=None):
        assert judged(tmp_path, log.package(witnessed(log))).verdict == "verified"
