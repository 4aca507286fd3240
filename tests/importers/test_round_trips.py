"""What a package says in the shape of another platform is read back by the importer for that platform, to the same counts."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest

from ledger.cli.in_process import IntakePosting
from ledger.events import read_event
from ledger.importers.cap_collectif.reading import read_export
from ledger.importers.cap_collectif.submissions import CapCollectif
from ledger.importers.consultation import Consultation, import_consultation
from ledger.importers.decidim.sheets import read_sheets
from ledger.importers.decidim.submissions import Decidim
from ledger.importers.folder import Folder
from ledger.importers.polis.reading import FILES, read_conversations
from ledger.importers.polis.submissions import Polis
from ledger.importers.report import ImportReport
from ledger.importers.running import run_name
from ledger.importers.telling import Setting, Telling
from ledger.package.publication import derived_files
from ledger.projections.folding import FoldedSource
from ledger.projections.projection import Row
from ledger.projections.tallies import TallyRow
from ledger.sealing import read_disclosure
from tests.importers.consultation_export import argument, opinion, published, report, source, version, vote
from tests.importers.decidim_export import ALL
from tests.importers.looking import Town

DATA = Path(__file__).parents[2] / ".." / "shared" / "data"
SETTING = Setting(language="en", time_zone="UTC")
CONSULTATION = [
    opinion("first", updated_at="08/10/2019 16:21"),
    version("second-wording"),
    vote("v3", "first", "cy", "NO", "20/11/2019 09:59"),
    vote("v2", "first", "bo", "MITIGE", "20/11/2019 09:53"),
    vote("v1", "first", "ada", "YES", "07/07/2019 23:10"),
    vote("v5", "first", "ada", "NO", "08/07/2019 23:10"),
    vote("v4", "second-wording", "ada", "YES"),
    argument("a1", "first"),
    argument("a2", "second-wording", "AGAINST", arguments_trashed="1", arguments_trashed_status="VISIBLE"),
    source("s1", "first"),
    report("1", "first", "dee", "OFF"),
    opinion(
        "third", section_title="Parks", trashed="1", trashed_status="INVISIBLE", trashed_at="09/10/2019 12:00", trashed_reason="Off topic"
    ),
]
COMMENTS = """\
timestamp,datetime,comment-id,author-id,agrees,disagrees,moderated,comment-body
1403054214196,Wed Jun 18 08:16:54 WIB 2014,12,0,2,1,1,"Raise it, soon"
1403058957160,Wed Jun 18 09:35:57 WIB 2014,3,1,1,0,0,Wait
1403058957999,Wed Jun 18 09:35:57 WIB 2014,7,1,0,1,-1,Rude
"""
VOTES = """\
timestamp,datetime,comment-id,voter-id,vote
1403057082753,Wed Jun 18 09:04:42 WIB 2014,12,1,1
1403054214196,Wed Jun 18 08:16:54 WIB 2014,12,0,0
1403060000000,Wed Jun 18 09:53:20 WIB 2014,12,2,1
1403070000000,Wed Jun 18 12:40:00 WIB 2014,12,0,-1
1403054215196,Wed Jun 18 08:16:55 WIB 2014,3,0,1
1403054216196,Wed Jun 18 08:16:56 WIB 2014,7,2,-1
"""
GROUPS = "participant,group-id,n-comments,n-votes,n-agree,n-disagree,3,7,12\n0,1,1,2,1,1,1,,-1\n1,0,2,1,1,0,,,1\n2,,0,2,1,1,,-1,1\n"


def cap_collectif(content: bytes, project: str) -> Consultation:
    telling = Telling("cap-collectif", SETTING, ImportReport("town.csv", project))
    return CapCollectif(read_export(content, "town.csv", realign=False), content, telling)


def polis(files: dict[str, bytes], project: str) -> Consultation:
    folder, report = Folder("talk", files), ImportReport("talk", project)
    return Polis(read_conversations(folder, report), folder, Telling("polis", SETTING, report))


def decidim(files: dict[str, bytes], project: str) -> Consultation:
    folder, report = Folder("box", files), ImportReport("box", project)
    return Decidim(read_sheets(folder, report), folder, Telling("decidim", SETTING, report), "EUR")


def imported(town: Town, consultation: Consultation, content: bytes) -> FoldedSource:
    """What the ledger comes to after the import, folded from its entries and disclosures."""
    project = consultation.telling.report.project
    import_consultation(consultation, IntakePosting(*town, project), run_name(content, SETTING), lambda answered: None)
    log = town[0].log(town[0].project(project))
    disclosed: dict[int, dict[str, Any]] = {}
    for seq, name, text in log.disclosures(0, log.size()):
        disclosed.setdefault(seq, {})[name] = read_disclosure(text).value
    events = [read_event(entry) for _, entry in log.entries(0, log.size())]
    folded = FoldedSource(events[0].log)
    for event in events:
        folded.feed(event, disclosed.get(event.seq, {}))
    return folded


def files(folded: FoldedSource, prefix: str) -> dict[str, bytes]:
    """The derived files below a folder, by the rest of their names."""
    return {name.removeprefix(prefix): b"".join(pieces) for name, pieces in derived_files(folded) if name.startswith(prefix)}


def tallied(folded: FoldedSource) -> dict[str, tuple[str, dict[str, dict[str, int]]]]:
    """Target → its kind, and its stances as they are now."""
    rows = ((target, cast("TallyRow", row)) for target, row in folded.unresolved("tallies"))
    return {target: (row["kind"], row["stances"]) for target, row in rows}


def said(folded: FoldedSource) -> Iterator[tuple[str, object]]:
    """What can be read of each content, and the decision in force against it."""
    for projection in ("contributions", "arguments"):
        for ref, row in folded.rows(projection):
            moderation = row["moderation"]
            yield f"{projection}/{ref}", (row.get("title"), row["body"], moderation["trash"] if isinstance(moderation, dict) else None)


def test_a_consultation_comes_back_from_the_file_in_the_shape_of_cap_collectif(town: Town) -> None:
    content = published(CONSULTATION)
    first = imported(town, cap_collectif(content, "cap-1"), content)
    shaped = files(first, "cap-collectif/consultation")[".csv"]
    again = cap_collectif(shaped, "cap-2")
    second = imported(town, again, shaped)
    # Who reported what is not in the file, so its reports cannot be told again; everything else is.
    assert dict(again.telling.report.unmapped) == {"report-unread": 1}
    assert tallied(second) == tallied(first)
    assert dict(said(second)) == dict(said(first))
    assert dict(said(first))["contributions/third"] == (None, None, "invisible")
    assert files(second, "cap-collectif/consultation")[".csv"].count(b"\n") == shaped.count(b"\n") - 1


def test_the_published_counts_of_the_file_agree_with_its_votes(town: Town) -> None:
    content = published(CONSULTATION)
    shaped = files(imported(town, cap_collectif(content, "cap-3"), content), "cap-collectif/consultation")[".csv"]
    second = imported(town, cap_collectif(shaped, "cap-4"), shaped)
    stances = {target: values for target, (_, values) in tallied(second).items()}
    stated = {row["target"]: row["counts"] for _, row in second.unresolved("aggregates") if row["basis"] == "published"}
    assert len(stated) == 3
    for target, counts in stated.items():
        assert isinstance(counts, dict)
        now = stances[str(target)].get("1", {})
        assert {value: counts[value] for value in ("agree", "mixed", "disagree")} == {
            value: now.get(value, 0) for value in ("agree", "mixed", "disagree")
        }


@pytest.fixture(scope="module")
def conversation(town: Town) -> FoldedSource:
    content = {"comments.csv": COMMENTS.encode(), "votes.csv": VOTES.encode(), "participants-votes.csv": GROUPS.encode()}
    return imported(town, polis(content, "polis-1"), COMMENTS.encode())


def test_a_conversation_comes_back_from_the_files_in_the_shape_of_polis(town: Town, conversation: FoldedSource) -> None:
    shaped = files(conversation, "polis/consultation/")
    assert tuple(sorted(shaped)) == tuple(sorted(FILES))
    again = polis(shaped, "polis-2")
    second = imported(town, again, shaped["votes.csv"])
    assert not again.telling.report.unmapped
    assert tallied(second) == tallied(conversation)
    assert sorted(said(second), key=str) == sorted(said(conversation), key=str)
    sizes = [row["sizes"] for _, row in second.unresolved("clusters") if "sizes" in row]
    assert sizes == [{"0": 1, "1": 1}]


def test_comments_keep_their_numbers_and_the_counts_that_polis_published(conversation: FoldedSource) -> None:
    shaped = files(conversation, "polis/consultation/")
    lines = [line.split(",") for line in shaped["comments.csv"].decode().splitlines()[1:]]
    assert {(line[2], line[4], line[5]) for line in lines} == {("12", "2", "1"), ("3", "1", "0"), ("7", "0", "1")}
    votes = [tuple(line.split(",")[2::2]) for line in shaped["votes.csv"].decode().splitlines()[1:]]
    assert sorted(votes) == [("12", "-1"), ("12", "1"), ("12", "1"), ("3", "1"), ("7", "-1")]


def test_proposals_come_back_from_the_file_in_the_shape_of_decidim(town: Town) -> None:
    first = imported(town, decidim(ALL, "box-1"), b"first")
    shaped = files(first, "decidim/consultation")
    again = decidim({"proposals.csv": shaped[".csv"]}, "box-2")
    second = imported(town, again, b"second")
    # The step takes no stances, so the file has no votes; counts that nothing stands behind are not in it.
    assert dict(again.telling.report.unmapped) == {"votes-hidden": 6}
    proposed, back = (
        {str(ref): row for ref, row in folded.rows("contributions") if row["kind"] in {"proposal", "amendment"}}
        for folded in (first, second)
    )
    assert [f"proposal-{ref}" for ref in proposed] == list(back)
    for ref, row in proposed.items():
        found = back[f"proposal-{ref}"]
        for name in ("kind", "state", "cost_minor", "category", "location", "external_ref"):
            assert found[name] == row[name], (ref, name)
        if row["moderation"] is None:
            assert (found["title"], found["body"]) == (row["title"], row["body"])
        assert _code(found) == _code(row)
        assert found["target"] == (None if row["target"] is None else f"proposal-{row['target']}")


def _code(row: Row) -> object:
    answer = row["answer"]
    return {**answer, "seq": None, "at": None} if isinstance(answer, dict) else None


@pytest.mark.parametrize("name", ["15-per-hour-seattle", "scoop-hivemind.biodiversity"])
def test_real_conversations_come_back_vote_by_vote(town: Town, name: str) -> None:
    folder = DATA / "polis" / name
    if not folder.is_dir():
        pytest.skip("the files of the real conversations are not here")
    project = name.partition(".")[0]
    first = imported(town, polis({file: (folder / file).read_bytes() for file in FILES}, f"{project}-1"), name.encode())
    shaped = files(first, "polis/consultation/")
    again = polis(shaped, f"{project}-2")
    second = imported(town, again, shaped["votes.csv"])
    assert not again.telling.report.unmapped
    assert tallied(second) == tallied(first)
    assert sorted(said(second), key=str) == sorted(said(first), key=str)


def test_the_real_consultation_comes_back_vote_by_vote(town: Town) -> None:
    file = DATA / "rua" / "rua-fonctionnement_sections2-3.csv"
    if not file.exists():
        pytest.skip("the file of the real consultation is not here")
    content = file.read_bytes()
    first = imported(town, cap_collectif(content, "rua-1"), content)
    shaped = files(first, "cap-collectif/consultation")[".csv"]
    again = cap_collectif(shaped, "rua-2")
    second = imported(town, again, shaped)
    assert set(again.telling.report.unmapped) == {"report-unread"}
    assert tallied(second) == tallied(first)
    assert len(tallied(first)) > 700
