"""Auditors read logs that nobody admitted: whatever stands in them, in whatever order, they fold, and files come out or a plain no."""

import contextlib
from collections.abc import Mapping
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from ledger.canonical import JsonValue
from ledger.errors import LedgerError
from ledger.package.publication import derived_files
from ledger.projections.readings.outcomes import compute_result
from tests.projections.history import DIGEST, OPENED, RULES, History, actor

STEPS = st.sampled_from(["vote", "north"])
POSITIONS = st.integers(0, 12)
LISTS = st.lists(POSITIONS, max_size=4)
REFS = st.sampled_from(["lamp", "tree", "bench", "nobody"])
TARGETS = st.sampled_from(["contribution/lamp", "contribution/nobody", "argument/tree"])
HOLDERS = st.one_of(st.none(), st.just(actor("ann")))
AT = st.sampled_from(["2026-03-01T00:10:00.000Z", "2026-19-39T29:00:00.000Z"])
"""The one may have passed, and the other does not exist."""
ENTRIES: st.SearchStrategy[JsonValue] = st.one_of(LISTS, st.lists(st.lists(st.integers(0, 9), min_size=2, max_size=2), max_size=3))
SHARES = {"utility": "cost", "completion": "add1", "increment_minor": 100, "start": "integral", "comparison": "satisfaction"}
RULE_SETS: tuple[Mapping[str, Any], ...] = (
    RULES,
    {**RULES, "rule": "equal-shares", "equal_shares": SHARES},
    {**RULES, "threshold": {"on": "votes", "comparison": ">=", "ratio": "1/2", "of": "enrolled"}},
    {**RULES, "ballot": {"form": "cumulative", "sum": 9}, "score": {"by": "points"}},
    {**RULES, "exclusive_sets": [{"members": ["lamp", "nobody"]}], "budget_minor": 50_000},
    {"rule": "undeclared", "ballot": {"form": "ranked"}, "score": {"by": "borda"}},
    {"rule": "greedy", "ballot": {"form": "score", "min_score": 0, "max_score": 3}, "score": {"by": "approvals"}},
)
ITEMS = st.lists(st.fixed_dictionaries({"ref": REFS, "cost_minor": st.integers(0, 90_000)}), min_size=1, max_size=4)
ACTS: dict[str, dict[str, st.SearchStrategy[Any]]] = {
    "project.opened": {name: st.just(value) for name, value in OPENED.items()},
    "project.described": {"description": st.just({"en": "Anew"})},
    "step.planned": {
        "step": STEPS,
        "kind": st.just("ballot"),
        "title": st.just({"en": "T"}),
        "has_roll": st.booleans(),
        "takes_paper": st.booleans(),
    },
    "step.rules_set": {"step": STEPS, "rules": st.sampled_from(RULE_SETS), "secrecy": st.sampled_from(["open", "sealed"])},
    "step.rules_amended": {"step": STEPS, "rules": st.sampled_from(RULE_SETS), "code": st.just("cut")},
    "step.opened": {"step": STEPS},
    "step.closed": {"step": STEPS},
    "paper.closed": {"step": STEPS},
    "ballots.disclosed": {"step": STEPS},
    "roll.sealed": {"step": STEPS},
    "candidates.listed": {"step": STEPS, "items": ITEMS},
    "candidates.sealed": {"step": STEPS},
    "contribution.submitted": {
        "step": STEPS,
        "ref": REFS,
        "kind": st.just("proposal"),
        "external_ref": st.sampled_from(["=1", "a;b", "x"]),
    },
    "contribution.revised": {"step": STEPS, "ref": REFS},
    "contribution.withdrawn": {"step": STEPS, "ref": REFS, "code": st.just("gone")},
    "proposal.selected": {"step": STEPS, "ref": REFS, "criterion": st.just("fit")},
    "outcome.published": {"step": STEPS, "selected": LISTS, "outside_rule": LISTS},
    "outcome.overridden": {"step": STEPS, "position": POSITIONS, "funded": st.booleans(), "code": st.just("no")},
    "result.computed": {"step": STEPS},
    "ballot.cast": {"step": STEPS, "candidates": st.just(DIGEST), "rules": st.just(DIGEST), "entries": ENTRIES},
    "ballot.replaced": {"step": STEPS, "candidates": st.just(DIGEST), "rules": st.just(DIGEST)},
    "ballot.withdrawn": {"step": STEPS, "code": st.just("mind")},
    "attendance.marked": {"step": STEPS},
    "step.rescheduled": {"step": STEPS, "closes_at": AT, "code": st.just("moved")},
    "step.suspended": {"step": STEPS, "code": st.just("outage")},
    "step.resumed": {"step": STEPS},
    "step.closed_early": {"step": STEPS, "code": st.just("flood")},
    "role.granted": {"granted": st.just("moderator"), "client": REFS},
    "role.revoked": {"revoked": st.just("moderator"), "client": REFS},
    "argument.submitted": {"step": STEPS, "ref": REFS, "contribution": REFS, "side": st.sampled_from(["for", "against"])},
    "stance.cast": {"step": STEPS, "target": TARGETS, "value": st.sampled_from(["up", "agree"]), "target_version": st.integers(1, 3)},
    "stance.withdrawn": {"step": STEPS, "target": TARGETS},
    "report.made": {"target": TARGETS, "motive": st.just("spam")},
    "case.opened": {"target": TARGETS, "origin": st.just("reports")},
    "content.hidden": {"target": TARGETS, "motive": st.just("spam"), "until": AT},
    "content.limited": {"target": TARGETS, "motive": st.just("spam"), "trash": st.just("visible")},
    "decision.notified": {"target": TARGETS},
    "appeal.lodged": {"target": TARGETS},
    "appeal.decided": {"target": TARGETS, "outcome": st.just("reversed"), "code": st.just("no")},
    "content.restored": {"target": TARGETS, "because": st.just("appeal")},
    "report.dismissed": {"target": TARGETS, "code": st.just("fine")},
    "participant.suspended": {"holder": HOLDERS, "until": AT, "motive": st.just("spam")},
    "participant.readmitted": {"holder": HOLDERS, "code": st.just("no")},
    "erasure.requested": {"ref": REFS, "extent": st.just("participant"), "ground": st.just("law")},
    "content.erased": {
        "entry": st.integers(0, 40),
        "erased": st.one_of(st.none(), TARGETS),
        "digests": st.just([DIGEST]),
        "ground": st.just("law"),
        "request": st.one_of(st.none(), REFS),
    },
    "scope_key.destroyed": {"scope": st.sampled_from(["author", "step/vote"]), "code": st.just("due")},
    "legal_hold.placed": {"ref": REFS, "code": st.just("suit")},
    "legal_hold.lifted": {"ref": REFS, "code": st.just("over")},
}
PLAIN_NO = (LedgerError, AssertionError)
"""What counting may answer to rules that were never checked: an error of the tree, or that something cannot be."""
OF_PEOPLE = ("ballot.", "attendance.", "contribution.", "argument.", "stance.", "report.made", "appeal.lodged", "erasure.")


@st.composite
def soups(draw: st.DrawFn) -> History:
    """Events of every kind in any order, most of which no ledger would have admitted."""
    history = History()
    if draw(st.booleans()):
        history.opened().planned("vote", rules=draw(st.sampled_from(RULE_SETS))).open_step("vote")
    for _ in range(draw(st.integers(0, 25))):
        name = draw(st.sampled_from(sorted(ACTS)))
        said = {field: draw(values) for field, values in ACTS[name].items()}
        who = draw(st.sampled_from(["ann", "bob"])) if name.startswith(OF_PEOPLE) else None
        shown = {"entries": draw(ENTRIES)} if name == "ballot.replaced" and draw(st.booleans()) else None
        history.add(name, said, who=who, channel=draw(st.sampled_from(["web", "paper"])), disclosed=shown)
    return history


@given(soups())
def test_no_log_however_unlawful_breaks_the_files_made_from_it(history: History) -> None:
    source = history.source()
    with contextlib.suppress(*PLAIN_NO):
        for _, pieces in derived_files(source):
            for piece in pieces:
                assert isinstance(piece, bytes)
    for step in ("vote", "north"):
        with contextlib.suppress(*PLAIN_NO):
            compute_result(source, step)
