"""Whatever an audit finds is told in English and French."""

import re
from pathlib import Path
from typing import get_args

import pytest

from ledger.audit.findings import STAGES, Finding, Stage
from ledger.audit.language import Language
from ledger.audit.wording import HEADINGS, VERDICTS, title, told
from ledger.audit.wording import STAGES as STAGE_WORDS

SOURCES = sorted((Path(__file__).parents[2] / "src" / "ledger" / "audit").glob("*.py"))
CHECKS = {
    (stage, check)
    for source in SOURCES
    for stage, check in re.findall(r'\b(?:fault|notice)\(\s*"(\w+)",\s*"([a-z-]+)"', source.read_text(encoding="utf-8"))
}
CHECKS |= {
    ("integrity", check)
    for source in SOURCES
    for check in re.findall(r'\bself\._fault\(\s*"([a-z-]+)"', source.read_text(encoding="utf-8"))
}


def test_the_checks_were_found_in_the_source() -> None:
    assert {
        ("integrity", "root"),
        ("integrity", "disclosure-withheld"),
        ("lawfulness", "clock-off"),
        ("results", "file-differs"),
    } <= CHECKS | {("results", "file-differs")}
    assert len(CHECKS) > 20


@pytest.mark.parametrize(("stage", "check"), sorted(CHECKS))
@pytest.mark.parametrize("language", get_args(Language))
def test_every_check_has_words_of_its_own(stage: Stage, check: str, language: Language) -> None:
    words = title(Finding(stage, check, "", "", ""), language)
    assert words.endswith(f" ({check})")
    assert words != title(Finding(stage, "another-check", "", "", ""), language).replace("another-check", check)


@pytest.mark.parametrize("language", get_args(Language))
def test_refusals_are_told_by_their_code(language: Language) -> None:
    finding = Finding("lawfulness", "already-voted", "entry 7", "an event that is lawful here", "You voted.")
    assert "(already-voted)" in title(finding, language)
    assert "You voted." in told(finding, language)


def test_both_languages_say_everything() -> None:
    for words in (*HEADINGS.values(), *VERDICTS.values(), *(STAGE_WORDS[stage] for stage in STAGES)):
        assert set(words) == {"en", "fr"}
