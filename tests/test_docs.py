"""The docs say what is there: every link leads somewhere, every error has its page, every term its French one."""

import re
from pathlib import Path

import pytest

from ledger import errors
from ledger.errors import LedgerError

ROOT = Path(__file__).parents[1]
PAGES = sorted([ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").rglob("*.md")])
LEAVES = {
    leaf.code: leaf
    for leaf in vars(errors).values()
    if isinstance(leaf, type) and issubclass(leaf, LedgerError) and "code" in vars(leaf) and leaf is not LedgerError
}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_between_pages_leads_to_a_file(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text()):
        if not target.startswith(("http:", "https:")):
            assert (page.parent / target).exists(), f"{page}: {target}"


def test_every_error_has_a_page_and_every_page_an_error() -> None:
    pages = {page.stem for page in (ROOT / "docs" / "problems").glob("*.md")} - {"README"}
    assert pages == set(LEAVES)


@pytest.mark.parametrize("code", LEAVES)
def test_the_page_of_an_error_begins_with_its_code_and_says_what_to_do(code: str) -> None:
    text = (ROOT / "docs" / "problems" / f"{code}.md").read_text()
    assert text.startswith(f"# {code}\n")
    assert "what to do" in text.lower()


def test_every_term_of_the_glossary_has_its_french_term_and_words_to_avoid() -> None:
    terms = [line for line in (ROOT / "docs" / "glossary.md").read_text().splitlines() if line.startswith("- **")]
    assert len(terms) > 40
    for term in terms:
        assert re.search(r"\*French\*: .+\. \*Avoid\*: .+\.$", term), term


def test_a_code_is_in_kebab_case_and_belongs_to_one_class() -> None:
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", code) for code in LEAVES)
    classes = [leaf for leaf in vars(errors).values() if isinstance(leaf, type) and "code" in vars(leaf) and leaf is not LedgerError]
    assert len(classes) == len(LEAVES)
