"""A text: a tree of sections, amended because of contributions, adopted once and for all."""

import json
from base64 import urlsafe_b64encode
from hashlib import sha256

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from ledger.aggregates.digests import sections_digest
from ledger.aggregates.text import TextState
from ledger.errors import (
    ContributionUnknown,
    FieldDiffers,
    FieldMissing,
    NothingChanged,
    RefTaken,
    SectionUnknown,
    StepUnknown,
    TextAdopted,
    TextUnknown,
)
from tests.consultation import adopted, amended, contributed, debating, hidden, published, section
from tests.given import Given, Post, digest
from tests.town import withdrawn

HEADING = section("title-1", body=None)


def bill(*more: Post) -> Given:
    return debating(published(step="debate"), HEADING, section("article-1", parent="title-1"), *more)


def of_text(now: Given) -> TextState:
    state = now.now.state("text/bill")
    assert isinstance(state, TextState)
    return state


def test_a_text_is_published_once_and_for_a_step_that_is_planned() -> None:
    debating().when(published()).then()
    debating().when(published(step="nowhere")).refused(StepUnknown, step="nowhere")
    bill().when(published()).refused(RefTaken, kind="text", ref="bill")


def test_a_section_stands_under_one_that_exists_so_the_sections_are_a_tree() -> None:
    past = bill()
    assert of_text(past.when(section("article-2", parent="title-1")).then()).sections.keys() == {"title-1", "article-1", "article-2"}
    past.when(section("article-2", parent="title-2")).refused(SectionUnknown, text="bill", section="title-2")
    past.when(section("article-2", parent="article-2")).refused(SectionUnknown, text="bill", section="article-2")


def test_a_section_is_added_once() -> None:
    bill().when(section("article-1")).refused(RefTaken, kind="section", ref="article-1")
    bill().when(published("other")).then().when(section("article-1", ref="other")).then()


def test_a_section_may_have_a_heading_only() -> None:
    assert of_text(bill()).sections["title-1"] is None
    assert of_text(bill().when(amended("title-1")).then(old_digest=None)).sections["title-1"] == digest("as amended")


@pytest.mark.parametrize("draft", [section("article-9"), amended(), adopted()])
def test_only_a_text_that_was_published_has_sections(draft: Post) -> None:
    debating().when(draft).refused(TextUnknown, text="bill")


def test_an_amendment_says_what_the_section_read_before() -> None:
    past = bill()
    later = past.when(amended()).then(old_digest=digest("as tabled")).when(amended(body="final")).then(old_digest=digest("as amended"))
    assert of_text(later).sections["article-1"] == digest("final")
    past.when(amended(old_digest=digest("something else"))).refused(FieldDiffers, field="old_digest", expected=digest("as tabled"))
    past.when(amended("title-1", old_digest=digest("something"))).refused(FieldDiffers, field="old_digest", expected=None)
    past.when(amended("article-7")).refused(SectionUnknown, section="article-7")


def test_an_amendment_states_the_digest_of_the_new_wording_which_is_another() -> None:
    bill().when(amended(body=None)).refused(FieldMissing, field="digest")
    bill().when(amended(body="as tabled")).refused(NothingChanged)


def test_an_amendment_names_the_contributions_it_follows_whatever_became_of_them() -> None:
    past = bill(contributed("a"), contributed("b"), hidden("contribution/a"), withdrawn("b", step="debate"))
    past.when(amended(because_of=("a", "b"))).then()
    past.when(amended(because_of=("a", "nobody-said-it"))).refused(ContributionUnknown, ref="nobody-said-it")


def test_the_adoption_states_a_digest_of_every_section_in_order() -> None:
    past = bill(amended())
    pairs = [["title-1", None], ["article-1", digest("as amended")]]
    expected = urlsafe_b64encode(sha256(json.dumps(pairs, separators=(",", ":")).encode()).digest()).decode().rstrip("=")
    past.when(adopted()).then(digest=expected)
    past.when(adopted(digest=digest("another bill"))).refused(FieldDiffers, field="digest", expected=expected)


@pytest.mark.parametrize("draft", [section("article-9"), amended(), adopted()])
def test_nothing_changes_a_text_after_its_adoption(draft: Post) -> None:
    bill(adopted()).when(draft).refused(TextAdopted, text="bill")


def test_the_known_text_of_the_documentation_has_its_known_digest() -> None:
    article = urlsafe_b64encode(sha256('{"fr":"Les données sont ouvertes."}'.encode()).digest()).decode().rstrip("=")
    assert article == "xa5IdUpeGkaBUFyxkdtn36GtB0aE_GGl4uW9xO2Z-pc"
    assert sections_digest({"title-1": None, "article-1": article}) == "Dvkk9tsQ6KdbOX6iY1vF81sruDyCOKCcOgy1o8GINjI"


BODIES = st.none() | st.sampled_from([digest("x"), digest("y")])


@for_all(st.lists(st.tuples(st.sampled_from("abcd"), BODIES), unique_by=lambda pair: pair[0]), st.data())
def test_any_other_order_or_wording_is_another_text(pairs: list[tuple[str, str | None]], data: st.DataObject) -> None:
    other = data.draw(st.permutations(pairs) | st.lists(st.tuples(st.sampled_from("abcd"), BODIES), unique_by=lambda pair: pair[0]))
    assert (sections_digest(dict(pairs)) == sections_digest(dict(other))) == (pairs == list(other))


def test_a_copy_of_a_text_changes_without_its_original() -> None:
    state = of_text(bill())
    state.copy().sections["article-2"] = None
    assert "article-2" not in state.sections
