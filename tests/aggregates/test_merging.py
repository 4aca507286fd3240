"""Contributions become one with their authors' consent, or several; lineage is kept and has no cycle."""

from typing import Literal

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from ledger.errors import (
    ContributionMerged,
    ContributionSplit,
    ContributionUnknown,
    ContributionWithdrawn,
    LedgerError,
    MergedIntoItself,
    MergeNotAccepted,
    MergeNotProposed,
    NothingChanged,
    NotTheAuthor,
    PartTwice,
    PartUnrelated,
    StepClosed,
    StepNotOpen,
    StepSuspended,
    StepUnknown,
    TargetModerated,
    TargetOfOtherStep,
)
from ledger.events.contribution import (
    ContributionMergeAccepted,
    ContributionMergedInto,
    ContributionMergeProposed,
    ContributionMergeRefused,
    ContributionSplitInto,
)
from ledger.events.selection import ProposalSelected
from ledger.events.step import StepSuspended as Suspended
from tests.consultation import contributed, debating, hidden
from tests.given import Given, History, Post, person, post
from tests.town import closing, listed, opening, planned, withdrawn

TWO = (contributed("open-data", who="ana"), contributed("open-source", who="max"))
PARTS = (contributed("open-data"), *(contributed(ref, derived_from="open-data") for ref in ("a", "b")))


def proposed(ref: str = "open-data", into: str = "open-source", who: str = "max") -> Post:
    return post(ContributionMergeProposed, ref=ref, step="debate", into=into).posted(actor=person(who))


def accepted(ref: str = "open-data", into: str = "open-source", who: str = "ana") -> Post:
    return post(ContributionMergeAccepted, ref=ref, step="debate", into=into).posted(actor=person(who))


def declined(ref: str = "open-data", into: str = "open-source", who: str = "ana") -> Post:
    return post(ContributionMergeRefused, ref=ref, step="debate", into=into, code="too_different").posted(actor=person(who))


def merged(ref: str = "open-data", into: str = "open-source") -> Post:
    return post(ContributionMergedInto, ref=ref, step="debate", into=into).posted(role="moderator", actor=None)


def split(*parts: str, ref: str = "open-data", who: str = "ana") -> Post:
    return post(ContributionSplitInto, ref=ref, step="debate", parts=parts).posted(actor=person(who))


def merging() -> tuple[Post, ...]:
    """Ana's open-data went into Max's open-source."""
    return (*TWO, proposed(), accepted(), merged())


def parted() -> tuple[Post, ...]:
    """Ana's open-data was split into a and b."""
    return (*PARTS, split("a", "b"))


def test_a_contribution_goes_into_another_when_its_author_agreed() -> None:
    past = debating(*merging())
    assert past.now.contribution("open-data").merged_into == "open-source"
    assert past.now.contribution("open-source").merged_into is None
    debating(*TWO).when(merged()).refused(MergeNotAccepted, ref="open-data", into="open-source")
    debating(*TWO, proposed()).when(merged()).refused(MergeNotAccepted)


def test_a_merging_is_proposed_by_the_author_of_either_or_by_the_authority() -> None:
    past = debating(*TWO)
    past.when(proposed(who="max")).then()
    past.when(proposed(who="ana")).then()
    past.when(proposed().posted(role="moderator", actor=None)).then()
    past.when(proposed().posted(role="agent", by=person("eve"))).then()
    past.when(proposed(who="eve")).refused(NotTheAuthor, ref="open-data")
    past.when(proposed().posted(role="agent", actor=None)).refused(NotTheAuthor)


def test_nobody_speaks_for_what_has_no_author_but_the_authority() -> None:
    past = debating(contributed("open-data", meeting="town-hall").posted(role="agent", actor=None), TWO[1], proposed())
    past.when(accepted()).refused(NotTheAuthor)
    past.when(accepted().posted(role="agent", actor=None)).refused(NotTheAuthor)
    past.when(accepted().posted(role="organizer", actor=None)).then().when(merged()).then()


@pytest.mark.parametrize("draft", [accepted(), declined()])
def test_the_author_of_the_one_that_goes_answers_a_proposal(draft: Post) -> None:
    past = debating(*TWO, proposed())
    past.when(draft).then()
    past.when(draft.posted(actor=person("max"))).refused(NotTheAuthor)
    past.when(draft.posted(role="organizer", actor=None)).refused(NotTheAuthor)
    debating(*TWO).when(draft).refused(MergeNotProposed, ref="open-data", into="open-source")


def test_saying_it_again_changes_nothing() -> None:
    debating(*TWO, proposed()).when(proposed()).refused(NothingChanged)
    debating(*TWO, proposed(), accepted()).when(accepted()).refused(NothingChanged)


def test_who_agreed_may_change_their_mind_until_it_is_merged() -> None:
    past = debating(*TWO, proposed(), accepted(), declined())
    past.when(merged()).refused(MergeNotAccepted)
    past.when(accepted()).refused(MergeNotProposed)
    past.when(proposed()).then().when(accepted()).then().when(merged()).then()
    debating(*merging()).when(declined()).refused(ContributionMerged, into="open-source")


def test_consent_is_to_one_merging_only() -> None:
    past = debating(*TWO, contributed("free-software", who="eve"), proposed(), accepted())
    past.when(merged(into="free-software")).refused(MergeNotAccepted, into="free-software")


@pytest.mark.parametrize("draft", [proposed(), accepted(), merged()])
def test_what_is_merged_and_where_both_stand_and_can_be_seen(draft: Post) -> None:
    agreed = debating(*TWO, contributed("third"), proposed(), accepted())
    itself = draft.but(into="open-data")
    agreed.when(itself).refused(MergedIntoItself, ref="open-data")
    agreed.when(draft.but(into="nothing")).refused(ContributionUnknown, ref="nothing")
    agreed.when(draft.but(ref="nothing")).refused(ContributionUnknown, ref="nothing")
    for ref, who in (("open-data", "ana"), ("open-source", "max")):
        past = agreed.when(withdrawn(ref, step="debate").posted(actor=person(who))).then()
        past.when(draft).refused(ContributionWithdrawn, ref=ref)
        agreed.when(hidden(f"contribution/{ref}")).then().when(draft).refused(TargetModerated, target=f"contribution/{ref}")


@pytest.mark.parametrize("draft", [proposed("b", "open-data"), split("c", "d")])
def test_what_was_merged_takes_nothing_in(draft: Post) -> None:
    debating(*merging(), contributed("b", who="max")).when(draft).refused(ContributionMerged, ref="open-data", into="open-source")


@pytest.mark.parametrize("draft", [proposed("c", "open-data"), proposed("open-data", "c"), split("c", "d")])
def test_what_was_split_takes_nothing_in_and_goes_nowhere(draft: Post) -> None:
    debating(*parted(), contributed("c", who="max")).when(draft).refused(ContributionSplit, ref="open-data")


@pytest.mark.parametrize("draft", [declined(), proposed(), accepted(), merged()])
def test_a_merging_names_the_step_that_both_are_of(draft: Post) -> None:
    later = (planned("later", "consultation", accepts=("opinion",)), opening("later"), contributed("other", step="later"))
    past = debating(*TWO, *later, proposed())
    past.when(draft.but(step="later")).refused(TargetOfOtherStep, target="contribution/open-data", own="debate", step="later")
    past.when(draft.but(step="nowhere")).refused(StepUnknown)
    if draft.kind is not ContributionMergeRefused:
        past.when(draft.but(into="other")).refused(TargetOfOtherStep, target="contribution/other", own="later", step="debate")


@pytest.mark.parametrize("draft", [proposed(), accepted(), merged(), split("a", "b")])
def test_merging_and_splitting_end_with_the_step(draft: Post) -> None:
    past = debating(*TWO, proposed(), planned("later", "consultation"))
    past.when(draft.but(step="later")).refused(StepNotOpen)
    past.when(post(Suspended, step="debate", code="outage")).then().when(draft).refused(StepSuspended)
    past.when(closing("debate")).then().when(draft).refused(StepClosed)


def test_a_proposal_to_merge_is_refused_also_after_the_step_or_while_it_is_hidden() -> None:
    debating(*TWO, proposed(), hidden(), closing("debate")).when(declined()).then()
    debating().when(declined()).refused(ContributionUnknown)
    debating(*TWO, proposed(), withdrawn("open-data", step="debate")).when(declined()).refused(ContributionWithdrawn)
    debating(*parted()).when(declined()).refused(ContributionSplit)


def test_a_contribution_goes_on_as_parts_that_were_derived_from_it() -> None:
    past = debating(*PARTS, contributed("c"))
    assert past.when(split("a", "b")).then().now.contribution("open-data").split
    past.when(split("a", "c")).refused(PartUnrelated, part="c", ref="open-data")
    past.when(split("a", "a")).refused(PartTwice, part="a", ref="open-data")
    past.when(split("a", "nothing")).refused(ContributionUnknown, ref="nothing")
    past.when(withdrawn("b", step="debate")).then().when(split("a", "b")).refused(ContributionWithdrawn, ref="b")


def test_a_contribution_is_split_by_its_author_or_the_authority_while_it_can_be_seen() -> None:
    past = debating(*PARTS)
    past.when(split("a", "b", who="max")).refused(NotTheAuthor)
    past.when(split("a", "b").posted(role="moderator", actor=None)).then()
    past.when(hidden()).then().when(split("a", "b")).refused(TargetModerated)
    later = past.when(planned("later", "consultation")).then().when(opening("later")).then()
    later.when(split("a", "b").but(step="later")).refused(TargetOfOtherStep)


def test_what_became_part_of_others_is_not_put_on_a_ballot_paper() -> None:
    for draft in (listed("open-data"), post(ProposalSelected, step="vote", ref="open-data", criterion="jury")):
        debating(*merging(), planned()).when(draft).refused(ContributionMerged, ref="open-data", into="open-source")
        debating(*parted(), planned()).when(draft).refused(ContributionSplit, ref="open-data")


Act = tuple[Literal["merge", "split"], str, str]
REFS = ("r0", "r1", "r2", "r3", "r4")
ACTS: st.SearchStrategy[list[Act]] = st.lists(
    st.tuples(st.sampled_from(("merge", "split")), st.sampled_from(REFS), st.sampled_from(REFS)), max_size=12
)


def tried(past: History, *drafts: Post) -> None:
    """Records what is admitted, up to the first refusal."""
    for draft in drafts:
        event = past.event(draft)
        try:
            past.admit(event)
        except LedgerError:
            return
        past.record(event)


@for_all(ACTS)
def test_whatever_is_merged_and_split_lineage_ends_somewhere(acts: list[Act]) -> None:
    past = debating(*(contributed(ref) for ref in REFS)).history.branch()
    for number, (act, ref, other) in enumerate(acts):
        if act == "merge":
            tried(past, proposed(ref, other, who="ana"), accepted(ref, other), merged(ref, other))
        else:
            parts = (f"{ref}-{number}-a", f"{ref}-{number}-b")
            tried(past, *(contributed(part, derived_from=ref) for part in parts), split(*parts, ref=ref))
    for ref in REFS:
        seen = {ref}
        at = past.aggregates.contribution(ref)
        while at.merged_into is not None:
            assert not at.split
            assert at.merged_into not in seen, "a contribution goes into itself by way of others"
            seen.add(at.merged_into)
            at = past.aggregates.contribution(at.merged_into)


def test_a_chain_of_mergings_is_followed_to_its_end() -> None:
    past: Given = debating(*merging(), contributed("commons", who="eve"))
    past = past.when(proposed("open-source", "commons")).then().when(accepted("open-source", "commons", "max")).then()
    past = past.when(merged("open-source", "commons")).then()
    past.when(proposed("commons", "open-source", "eve")).refused(ContributionMerged, ref="open-source", into="commons")
