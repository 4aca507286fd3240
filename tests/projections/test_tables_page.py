"""docs/formats/tables.md describes exactly the tables that there are."""

import re
from pathlib import Path

import pytest

from ledger.canonical import JsonValue
from ledger.projections.steps import Steps
from ledger.projections.tables import TABLES, Table
from ledger.projections.tables.proposals import PROPOSALS
from tests.projections.history import RULES, History

PAGE = (Path(__file__).parents[2] / "docs" / "formats" / "tables.md").read_text()


@pytest.mark.parametrize("table", (*TABLES, PROPOSALS), ids=lambda table: table.name)
def test_the_page_lists_the_columns_of_a_table_in_order_with_their_meaning(table: Table) -> None:
    section = PAGE.partition(f"## `{table.name}.csv`\n")[2].partition("\n## ")[0]
    described = re.findall(r"^\| `(\w+)`( \\\*)? \| (string|integer|boolean|datetime|date) \| (.+) \|$", section, re.MULTILINE)
    assert described == [(column.name, r" \*" if column.free else "", column.type, column.description_en) for column in table.columns]


def test_the_page_explains_every_flag() -> None:
    history = History().opened()
    for step, plan in {"a": {"opens_at": "2026-04-01T00:00:00.000Z", "closes_at": "2026-04-02T00:00:00.000Z"}, "b": {}}.items():
        history.planned(step, submitted=step == "a", **plan)  # type: ignore[arg-type]  # fields of the plan
        history.open_step(step)
        history.add("step.suspended", {"step": step, "code": "outage"})
        history.add("step.rescheduled", {"step": step, "closes_at": "2026-04-03T00:00:00.000Z", "code": "holiday"})
        history.amend(step, 5)
        history.add(
            "step.closed" if step == "a" else "step.closed_early", {"step": step} if step == "a" else {"step": step, "code": "flood"}
        )
        history.amend(step, 6)
    known: dict[str, JsonValue] = {**RULES, "ties": ["lot"], "lottery": {"beacon": {"round": 1}}}
    history.planned("c", rules=known, submitted=False).open_step("c").close_step("c")
    found = set()
    for _, row in history.source().rows(Steps.name):
        assert isinstance(row["flags"], list)
        found |= {str(flag["flag"]) for flag in row["flags"] if isinstance(flag, dict)}
    explained = set(re.findall(r"^\| `(\w+)` \| [a-z]", PAGE.partition("Flags, set apart")[2].partition("\n## ")[0], re.MULTILINE))
    assert explained == found | {"withdrawn_after_close"}
