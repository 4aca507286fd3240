"""The threads of comments: what each answers, with every parent before its answers; and whether the hierarchy says the same."""

from collections.abc import Iterator, Sequence
from typing import Final

from ledger.importers.decide_madrid.reading import COMMENTS, HIERARCHY, NO_PARENT, Placed, Row
from ledger.importers.report import ImportReport

_NOWHERE: Final = "no comment"


def threaded(comments: Sequence[Row], proposals: Sequence[Row], report: ImportReport) -> Iterator[tuple[Row, str | None]]:
    """Each comment on a proposal that is there, with the id of the comment that it answers, None where it answers none that is there.

    The order is that of the file, but for comments that stand before what they answer: they follow it at once.
    """
    known = {proposal.cells["id"] for proposal in proposals}
    placed = [comment for comment in comments if _is_placed(comment, known, report)]
    by_id = {comment.cells["id"]: comment for comment in placed}
    told: set[str] = set()
    waiting: dict[str, list[Row]] = {}
    for comment in placed:
        parent = _parent(comment, by_id, report)
        if parent is not None and parent not in told:
            waiting.setdefault(parent, []).append(comment)
            continue
        yield from _with_answers(comment, parent, waiting, told)
    for comment in placed:
        if comment.cells["id"] not in told:
            # It answers itself, by way of others: the thread is cut before the one that stands first.
            report.lose("parent-circular", f"{COMMENTS}:{comment.line}", f"comment {comment.cells['id']} answers itself in the end")
            yield from _with_answers(comment, None, waiting, told)


def compare(comments: Sequence[Row], hierarchy: Sequence[Placed], report: ImportReport) -> None:
    """Notes comments that stand in one of the files only, and those that stand elsewhere in the other."""
    by_id = {comment.cells["id"]: comment for comment in comments}
    seen: set[str] = set()
    for placed in hierarchy:
        seen.add(placed.comment)
        comment, place = by_id.get(placed.comment), f"{HIERARCHY}:{placed.line}"
        if comment is None:
            report.lose("comment-missing", place, f"comment {placed.comment} of proposal {placed.proposal} has no row in {COMMENTS}")
        elif (placed.proposal, placed.parent) != (comment.cells["proposalId"], comment.cells["parentId"]):
            words = f"comment {placed.comment} of proposal {placed.proposal} answers {_named(placed.parent)} here, and in {COMMENTS}:"
            of = f"{comment.line} {_named(comment.cells['parentId'])} of proposal {comment.cells['proposalId']}, which is what is recorded"
            report.note("hierarchy-differs", place, words + of)
    for identity, comment in by_id.items():
        if identity not in seen:
            report.note("hierarchy-missing", f"{COMMENTS}:{comment.line}", f"comment {identity} has no row in {HIERARCHY}")


def _with_answers(comment: Row, parent: str | None, waiting: dict[str, list[Row]], told: set[str]) -> Iterator[tuple[Row, str | None]]:
    """The comment and whatever waited for it, in the order of the file."""
    ready = [(comment, parent)]
    while ready:
        one, answered = ready.pop()
        identity = one.cells["id"]
        if identity not in told:
            told.add(identity)
            yield one, answered
            ready.extend((waiter, identity) for waiter in reversed(waiting.pop(identity, [])))


def _is_placed(comment: Row, proposals: set[str], report: ImportReport) -> bool:
    if comment.cells["proposalId"] in proposals:
        return True
    words = f"comment {comment.cells['id']} on proposal {comment.cells['proposalId']}, which did not come in"
    report.lose("target-not-imported", f"{COMMENTS}:{comment.line}", words)
    return False


def _parent(comment: Row, by_id: dict[str, Row], report: ImportReport) -> str | None:
    """The comment that it answers; None where it answers the proposal, or what is not there or on another proposal, which is reported."""
    identity, parent = comment.cells["id"], comment.cells["parentId"]
    place = f"{COMMENTS}:{comment.line}"
    if parent == NO_PARENT:
        return None
    if parent not in by_id:
        report.lose("parent-missing", place, f"comment {identity} answers {parent[:80]}, which is not in the file")
    elif by_id[parent].cells["proposalId"] != comment.cells["proposalId"]:
        report.lose("parent-of-other-proposal", place, f"comment {identity} answers {parent}, which is on another proposal")
    else:
        return parent
    return None


def _named(parent: str) -> str:
    return _NOWHERE if parent == NO_PARENT else parent[:80]
