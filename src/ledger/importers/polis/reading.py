"""The files of a folder as they stand: comments, votes, groups and the summary, each with its line."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from ledger.errors import ForeignFileDamaged
from ledger.importers.folder import Folder
from ledger.importers.polis.forms import FORMS, Form
from ledger.importers.report import ImportReport
from ledger.importers.table import Table, number_of, read_table
from ledger.rules.scales import StanceValue

COMMENTS: Final = "comments.csv"
VOTES: Final = "votes.csv"
GROUPS: Final = "participants-votes.csv"
SUMMARY: Final = "summary.csv"
FILES: Final = (COMMENTS, VOTES, GROUPS, SUMMARY)
"""The files that are read; the first two have to be there."""

MODERATED_OUT: Final = "-1"
_ACCEPTED: Final = "1"
_STATES: Final = frozenset({MODERATED_OUT, "0", _ACCEPTED})
_LATEST: Final = 253_402_300_800_000
"""Milliseconds after 1970 at which the year 10000 begins."""
_MOST_GROUPS: Final = 99


class Comment(NamedTuple):
    """A comment. `at` is in milliseconds after 1970; the counts are None where the form publishes none."""

    line: int
    conversation: str
    comment: str
    author: str
    at: int
    moderated: str
    body: str
    fields: dict[str, str]
    agrees: int | None
    disagrees: int | None


class Vote(NamedTuple):
    """A vote, told by its time first and its line second. `at` is in milliseconds after 1970."""

    at: int
    line: int
    conversation: str
    comment: str
    voter: str
    value: StanceValue


@dataclass(slots=True)
class Conversations:
    """What a folder holds. `conversation` is empty where the form has one conversation without a number."""

    name: str
    comments: list[Comment] = field(default_factory=list)
    votes: list[Vote] = field(default_factory=list)
    groups: dict[int, list[str]] = field(default_factory=dict)
    """The number of a group → its participants, in the order of the file."""
    summary: dict[str, str] = field(default_factory=dict)


def read_conversations(folder: Folder, report: ImportReport) -> Conversations:
    """What the files say. Raises `ForeignFileDamaged` where they are none of this format, before anything is imported.

    A row of which a cell cannot be one of its column is left out, and reported.
    """
    table = read_table(folder.content(COMMENTS), COMMENTS, ())
    form = next((form for form in FORMS if set(form.comments.values()) <= set(table.columns)), None)
    if form is None:
        needed = " nor ".join(", ".join(form.comments.values()) for form in FORMS)
        raise ForeignFileDamaged(f"{COMMENTS}:1", f"has neither the columns {needed}")
    found = Conversations(folder.name)
    found.comments = _comments(table, form, report)
    votes = read_table(folder.content(VOTES), VOTES, tuple(form.votes.values()))
    found.votes = _votes(votes, form, report)
    _note_left_out(votes, {*form.votes.values(), *form.derived}, report)
    if GROUPS in folder.files:
        found.groups = _groups(read_table(folder.files[GROUPS], GROUPS, ("participant", "group-id")), report)
    if SUMMARY in folder.files:
        found.summary = _summary(folder.files[SUMMARY], report)
    if not found.comments:
        raise ForeignFileDamaged(COMMENTS, "holds no comment that can be read")
    return found


def _comments(table: Table, form: Form, report: ImportReport) -> list[Comment]:
    """The comments that can be read, once each."""
    comments: list[Comment] = []
    lines: dict[tuple[str, str], int] = {}
    for line, cells in table.named():
        said = {name: cells[column] for name, column in form.comments.items()}
        numbers = {name: number_of(said[name]) for name in ("at", "agrees", "disagrees") if name in said}
        conversation, at = said.get("conversation", ""), numbers["at"] or 0
        if None in numbers.values() or at >= _LATEST or said["moderated"] not in _STATES or not _are_ids(form, said, "author"):
            report.lose("comment-unread", f"{COMMENTS}:{line}", "a cell is no id, time, state or count")
        elif (conversation, said["comment"]) in lines:
            words = f"comment {said['comment']} stands in line {lines[conversation, said['comment']]} already"
            report.lose("id-repeated", f"{COMMENTS}:{line}", words)
        else:
            lines[conversation, said["comment"]] = line
            kept = {name: cells[name] for name, ordinary in form.kept.items() if cells.get(name) not in {None, ordinary}}
            kept |= {} if said["moderated"] in {MODERATED_OUT, _ACCEPTED} else {"moderated": said["moderated"]}
            counts = numbers.get("agrees"), numbers.get("disagrees")
            comments.append(
                Comment(line, conversation, said["comment"], said["author"], at, said["moderated"], said["body"], kept, *counts)
            )
    _note_misshapen(table, "comment-unread", report)
    _note_left_out(table, {*form.comments.values(), *form.kept, *form.derived}, report)
    return comments


def _votes(table: Table, form: Form, report: ImportReport) -> list[Vote]:
    """The votes that can be read, the earliest first, ties in the order of the file."""
    at, comment, voter, vote = (table.column(form.votes[name]) for name in ("at", "comment", "voter", "vote"))
    zid = table.column(form.votes["conversation"]) if "conversation" in form.votes else -1
    ids = [comment, voter, *([zid] if zid >= 0 else [])]
    votes: list[Vote] = []
    for line, cells in table.rows:
        value, moment = form.values.get(cells[vote]), number_of(cells[at])
        if value is None or moment is None or moment >= _LATEST or not all(number_of(cells[place]) is not None for place in ids):
            report.lose("vote-unread", f"{VOTES}:{line}", "a cell is no id, time or vote")
        else:
            votes.append(Vote(moment, line, cells[zid] if zid >= 0 else "", cells[comment], cells[voter], value))
    _note_misshapen(table, "vote-unread", report)
    votes.sort()
    return votes


def _groups(table: Table, report: ImportReport) -> dict[int, list[str]]:
    """The participants of each group; whoever has none is left out, which is what the platform means by it."""
    groups: dict[int, list[str]] = {}
    lines: dict[str, int] = {}
    for line, cells in table.named():
        participant, group = cells["participant"], cells["group-id"]
        number = number_of(group)
        if participant in lines:
            words = f"participant {participant} stands in line {lines[participant]} already"
            report.lose("participant-repeated", f"{GROUPS}:{line}", words)
        elif number_of(participant) is None or (group and (number is None or number > _MOST_GROUPS)):
            report.lose("group-unread", f"{GROUPS}:{line}", "a cell is no id or no number of a group up to 99")
        elif number is not None:
            groups.setdefault(number, []).append(participant)
        lines.setdefault(participant, line)
    _note_misshapen(table, "group-unread", report)
    report.note("column-left-out", f"{GROUPS}:1", "only group-id is recorded; the other columns follow from comments and votes")
    return dict(sorted(groups.items()))


def _summary(content: bytes, report: ImportReport) -> dict[str, str]:
    """The topic and the description. The file has no header: its first row is the first pair."""
    table = read_table(content, SUMMARY, ())
    named: dict[str, str] = {}
    for line, cells in [(1, table.columns), *table.rows]:
        match cells:
            case ["topic" | "conversation-description" as name, value]:
                named[name] = value
            case [name, *_]:
                report.note("row-left-out", f"{SUMMARY}:{line}", f"{name[:80]} is not recorded")
    _note_misshapen(table, "summary-unread", report)
    return named


def _are_ids(form: Form, said: dict[str, str], who: str) -> bool:
    return all(number_of(said[name]) is not None for name in ("comment", who, "conversation") if name in said)


def _note_misshapen(table: Table, code: str, report: ImportReport) -> None:
    for line in table.misshapen:
        report.lose(code, f"{table.name}:{line}", f"the row does not have the header's {len(table.columns)} cells")


def _note_left_out(table: Table, read: Sequence[str] | set[str], report: ImportReport) -> None:
    for column in table.columns:
        if column not in read and table.filled(column):
            report.note("column-left-out", f"{table.name}:1", f"{column} is not recorded")
