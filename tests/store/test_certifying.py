"""Whom a certified result names as its witnesses, and what it does not say."""

from ledger.events.envelope import ENTRY_LIMIT
from ledger.events.result import LONGEST_NAME, MOST_NAMED
from ledger.store.certifying import fill_witnessed, named
from ledger.store.sealer import Draft
from ledger.tlog.vkey import SignatureType, Vkey
from tests.posting import opening, organizer, posted


def keys(count: int, name: str) -> list[Vkey]:
    return [Vkey(f"{name}{number}"[:LONGEST_NAME], bytes([number]) * 32, SignatureType.COSIGNATURE) for number in range(count)]


def test_witnesses_are_named_in_their_order_and_as_many_as_fit() -> None:
    few = keys(3, "witness.example/")
    assert named(few) == tuple(vkey.name for vkey in few)
    assert named(keys(100, "w")) == tuple(f"w{number}" for number in range(MOST_NAMED))
    endless = named(keys(100, "é" * (LONGEST_NAME - 3)))
    assert 0 < len(endless) < MOST_NAMED
    assert sum(len(name.encode()) for name in endless) < ENTRY_LIMIT / 2


def test_without_a_policy_a_certification_names_nobody() -> None:
    drafts = [
        Draft(submission, "line 1")
        for submission in posted(organizer("result.certified", step="vote", digest="A" * 43, by_roles=["organizer"], quorum=1)).submissions
        if not isinstance(submission, Exception)
    ]
    assert fill_witnessed(drafts, "town", None) == []
    assert drafts[0].submission.data.witnessed is None  # type: ignore[attr-defined]  # it is a certification


def test_what_certifies_nothing_is_left_alone() -> None:
    drafts = [Draft(submission, "line 1") for submission in posted(opening()).submissions if not isinstance(submission, Exception)]
    before = drafts[0].submission
    assert fill_witnessed(drafts, "town", None) == []
    assert drafts[0].submission is before
