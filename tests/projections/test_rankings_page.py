"""docs/formats/rankings.md names exactly what rankings, consensus and differences tell."""

import re
from pathlib import Path
from typing import cast

from ledger.canonical import JsonValue
from ledger.projections.readings.consensus import consensus_document
from ledger.projections.readings.published_differences import NAMES, published_differences
from ledger.projections.readings.ranking import ranking_document
from ledger.rules.scales import SCALES
from tests.projections.debating import Debate

PAGE = (Path(__file__).parents[2] / "docs" / "formats" / "rankings.md").read_text()
Json = dict[str, JsonValue]


def section(heading: str, level: str = "##") -> str:
    return PAGE.partition(f"\n{level} {heading}\n")[2].partition("\n## ")[0]


def named(text: str) -> list[str]:
    """The names in the first cells of the tables of a section."""
    cells = re.findall(r"^\| (`.+?`) \|", text, re.MULTILINE)
    return [name for cell in cells for name in re.findall(r"`(\w+)`", cell)]


def debated() -> Debate:
    debate = Debate().begun()
    debate.contribute("a")
    debate.say("ann", "contribution/a", "agree")
    debate.state("contribution/a", {"votes": 2})
    return debate.group({0: ["ann"]})


def test_every_field_of_a_ranking_is_explained_in_order() -> None:
    document = ranking_document(debated().source(), "debate")
    assert document is not None
    [target] = cast("list[Json]", document["targets"])
    assert named(section("What is ranked")) == [*document, *target]


def test_every_field_of_a_consensus_is_named() -> None:
    document = consensus_document(debated().source(), "debate", "k2")
    assert document is not None
    [target] = cast("list[Json]", document["targets"])
    text = section("Group-informed consensus")
    assert all(f"`{name}`" in text for name in {*document, *target})


def test_every_count_that_can_be_stated_says_what_it_is_compared_with() -> None:
    assert named(section("Published counts", "###")) == list(NAMES)
    [difference] = published_differences(debated().source())
    assert all(f"`{name}`" in section("Published counts", "###") for name in difference.json())


def test_every_scale_stands_with_the_side_of_each_value() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (\w*) ?\| (\w*) ?\| (\w*) ?\|$", section("The three counts"), re.MULTILINE)
    told = {
        scale: {value: side for side, value in zip(("positive", "neutral", "negative"), values, strict=True) if value}
        for scale, *values in rows
    }
    assert told == SCALES
