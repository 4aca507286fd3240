"""Real consultations that are folders go the whole way: imported, exported, verified, with the counts that they and their sites state."""

from collections import Counter
from pathlib import Path

import pytest

from ledger.audit import Report, Trust, verify
from ledger.cli.importing.folders import folder_at
from ledger.importers.decide_madrid import reading as madrid
from ledger.importers.polis import reading as polis
from ledger.wiring import sign_what_grew, write_package
from tests.importers.looking import Town, entries, of_type
from tests.importers.test_decide_madrid import imported as import_madrid
from tests.importers.test_decide_madrid import threads
from tests.importers.test_polis import imported as import_polis
from tests.importers.test_polis import noticed

SHARED = Path(__file__).parents[2] / ".." / "shared" / "data"

REAL_CONVERSATIONS = {
    "15-per-hour-seattle": (54, 2995, 2872, 23, 138, {"agree": 1358, "pass": 592, "disagree": 922}, 33),
    "scoop-hivemind.biodiversity": (316, 29802, 29719, 162, 443, {"agree": 19229, "pass": 5018, "disagree": 5472}, 267),
    "vtaiwan.uberx": (197, 49997, 49443, 78, 1219, {"agree": 31029, "pass": 6520, "disagree": 11894}, 101),
}
"""Comments, rows of votes, first votes, moderated out, people in groups, the last votes, and comments whose counts follow from these."""


def audited(town: Town, project: str, folder: Path) -> Report:
    """What the audit says of the project's export."""
    ledger, package = town[0], folder / "package.zip"
    sign_what_grew(ledger, project)
    with package.open("wb") as out:
        write_package(ledger, project, out)
    return verify(package, trust=Trust((ledger.keys.signer(project).vkey,)))


@pytest.mark.parametrize("name", REAL_CONVERSATIONS)
def test_a_real_conversation_is_imported_exported_and_verified(name: str, town: Town, tmp_path: Path) -> None:
    if not (SHARED / "polis" / name).is_dir():
        pytest.skip("the real conversations are not on this machine (../shared/data/polis)")
    comments, rows, first, hidden, grouped, last, same = REAL_CONVERSATIONS[name]
    project = name.partition(".")[0]
    done = import_polis(town, project, folder_at(SHARED / "polis" / name, polis.FILES))
    assert noticed(done) in ([], [("vote-order-unknown", place) for _, place in noticed(done)])
    recorded = done.recorded
    assert (recorded["contribution.submitted/2"], recorded["content.hidden/1"]) == (comments, hidden)
    assert (recorded["stance.cast/1"], recorded["stance.cast/1"] + recorded["stance.changed/1"]) == (first, rows)
    [counts] = done.vote_counts
    assert (counts.last, counts.last_as_published, counts.rows_as_published) == (last, same, comments)

    audit = audited(town, project, tmp_path)
    assert audit.verdict == "verified", audit.findings
    assert len({one.target for one in audit.published_differences}) == comments - same
    assert all(one.replayed_all_rows == one.published for one in audit.published_differences)
    [sealed] = of_type(entries(town, project), "clusters.sealed/1")
    assert sealed["data"]["count"] == grouped


def test_the_real_dump_of_seven_conversations_is_imported_exported_and_verified(town: Town, tmp_path: Path) -> None:
    if not (SHARED / "polis" / "yoronchizu2024").is_dir():
        pytest.skip("the real conversations are not on this machine (../shared/data/polis)")
    done = import_polis(town, "yoronchizu", folder_at(SHARED / "polis" / "yoronchizu2024", polis.FILES))
    assert (done.recorded["step.planned/1"], done.recorded["contribution.submitted/2"]) == (7, 84)
    assert (done.recorded["stance.cast/1"], done.recorded["stance.changed/1"]) == (98_570, 6_554)
    assert done.unmapped == {}
    assert sum(one.rows["agree"] for one in done.vote_counts) == 60_523
    audit = audited(town, "yoronchizu", tmp_path)
    assert audit.verdict == "verified", audit.findings
    assert audit.published_differences == ()


def test_the_real_proposals_are_imported_exported_and_verified(town: Town, tmp_path: Path) -> None:
    if not (SHARED / "decide_madrid_2019").is_dir():
        pytest.skip("the proposals of Decide Madrid are not on this machine (../shared/data/decide_madrid_2019)")
    done = import_madrid(town, "real", folder_at(SHARED / "decide_madrid_2019", madrid.FILES))
    assert done.unmapped == {"parent-missing": 268}
    assert Counter(notice.code for notice in done.notices) == {"parent-missing": 268, "comment-without-words": 62, "column-left-out": 1}
    recorded = entries(town, "real")
    kinds = Counter(entry["data"]["kind"] for entry in of_type(recorded, "contribution.submitted/2"))
    assert kinds == {"proposal": 80, "comment": 5633}
    # 2 663 answer a proposal, 268 what is not in the file.
    assert sum(answered is not None for _, answered in threads(recorded)) == 5633 - 2663 - 268

    audit = audited(town, "real", tmp_path)
    assert audit.verdict == "verified", audit.findings
    # The site counts comments that it does not show any more: 53 of 80 proposals have more, or fewer, than the file.
    assert Counter(one.count for one in audit.published_differences) == {"comments": 53}
