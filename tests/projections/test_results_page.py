"""docs/formats/results.md says what a result is: its reasons, its fields, and how its digests are made by hand."""

import json
import re
from base64 import urlsafe_b64encode
from hashlib import sha256
from pathlib import Path
from typing import Any, get_args

import pytest

from ledger.canonical import JsonValue
from ledger.projections.readings.counting import Reason
from ledger.projections.readings.outcomes import StepResult
from ledger.projections.readings.reading import read
from ledger.projections.readings.result_document import result_document, short_result
from tests.projections.history import DIGEST, RULES, History, actor

PAGE = (Path(__file__).parents[2] / "docs" / "formats" / "results.md").read_text()


def section(title: str) -> str:
    return PAGE.partition(f"## {title}\n")[2].partition("\n## ")[0]


def named(text: str) -> set[str]:
    """Names in the first column of a table."""
    cells = re.findall(r"^\| (`.+?`) \|", text, re.MULTILINE)
    return {name for cell in cells for name in re.findall(r"`(\w+)`", cell)}


def voted(form: str = "approval") -> History:
    ballot: dict[str, JsonValue] = {"form": form}
    history = History().opened().planned(rules={**RULES, "ballot": ballot}).open_step()
    for number, entries in enumerate(([2, 0], [0, 2], [1], [], [1])):
        history.vote(f"{number}", list(entries))
    history.add("contribution.withdrawn", {"ref": "fountain", "step": "vote", "code": "doubled"}, who="ann")
    return history.close_step()


def result_of(history: History) -> StepResult:
    result = read(history.source()).results["vote"]
    assert isinstance(result, StepResult)
    return result


def test_every_reason_is_explained_in_the_order_in_which_they_are_looked_for() -> None:
    listed = re.findall(r"^\| `(\w+)` \| its|^\| `(\w+)` \| ", section("Which ballots count"), re.MULTILINE)
    assert ["replaced", *(first or second for first, second in listed)] == list(get_args(Reason))


def test_every_field_of_both_forms_is_described() -> None:
    history = voted()
    reading, result = read(history.source()), result_of(history)
    assert named(section("Short form")) == {"seq", *short_result(result)}
    pending = History().opened().planned(rules={**RULES, "ties": ["lot"], "lottery": {"parties": ["a", "b"]}})
    waiting = read(pending.source())
    order: dict[str, JsonValue] = {"entry": 9, "authority": "court-7", "code": "defamation", "leaf_hash": DIGEST, "version": 1}
    history.add("entry.redacted", {**order, "type": "ballot.cast/1", "stream": f"ballot/vote/{actor('0')}"})
    withheld = read(history.source())
    fields = {*result_document(reading, result, "root"), *result_document(waiting, waiting.results["vote"])}
    fields |= {*result_document(withheld, withheld.results["vote"])}
    assert named(section("Full form")) == fields
    for name in result_document(reading, result)["totals"]:  # type: ignore[union-attr]  # an object
        assert f"`{name}`" in section("Full form")


def test_the_example_of_the_short_form_has_its_fields() -> None:
    example = json.loads(re.findall(r"```json\n(.+?)```", section("Short form"), re.DOTALL)[0])
    assert example["steps"][0].keys() == short_result(result_of(voted())).keys()


def digest(domain: str, body: bytes) -> str:
    return urlsafe_b64encode(sha256(domain.encode() + b"\n" + body).digest()).decode().rstrip("=")


def plain(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


@pytest.mark.parametrize(
    ("form", "lines"),
    [("approval", [b"[0,2] 2\n", b"[1] 2\n", b"[] 1\n"]), ("ranked", [b"[0,2] 1\n", b"[1] 2\n", b"[2,0] 1\n", b"[] 1\n"])],
)
def test_the_digest_follows_by_hand_as_the_page_says(form: str, lines: list[bytes]) -> None:
    result = result_of(voted(form))
    ballots = digest("ledger-ballots/v1", b"".join(lines))
    cut_off = result.step.cut_off
    inputs = {"ballots": ballots, "candidates": DIGEST, "cut_off": cut_off, "enrolled": None, "withdrawn": [3]}
    outcome = result.count.outcome.to_json()
    rules = result.step.rules.model_dump(mode="json", exclude_none=True)
    body = plain({"inputs": digest("ledger-inputs/v1", plain(inputs)), "outcome": outcome, "rules": rules})
    assert digest("ledger-outcome/v1", body) == result.count.digest
