"""Who witnessed a certified result stands beside it; of those of the first schema, nothing does."""

from typing import cast

from ledger.canonical import JsonValue
from ledger.projections.readings.reading import read
from ledger.projections.readings.result_document import result_document
from ledger.projections.wording import sentences
from tests.projections.history import DIGEST, WIRE_TYPES, History

WITNESSED: dict[str, JsonValue] = {"policy": DIGEST, "size": 9, "witnesses": ["witness.north.example", "witness.south.example"]}
CERTIFIED: dict[str, JsonValue] = {"step": "vote", "digest": DIGEST, "by_roles": ["organizer"], "quorum": 1}


def history() -> History:
    told = History().opened().planned().open_step()
    told.vote("ann", [0])
    return told.close_step()


def certified(told: History) -> dict[str, JsonValue]:
    reading = read(told.source())
    document = result_document(reading, reading.results["vote"])
    [found] = cast("list[dict[str, JsonValue]]", cast("dict[str, JsonValue]", document["beside"])["certified"])
    return found


def test_a_result_says_who_witnessed_it() -> None:
    told = history()
    event = told.add("result.certified", {**CERTIFIED, "witnessed": WITNESSED})
    assert certified(told)["witnessed"] == WITNESSED
    english, french = sentences(event)
    assert english == f"The result with digest {DIGEST} was certified, witnessed by witness.north.example, witness.south.example"
    assert french.endswith("devant témoins : witness.north.example, witness.south.example")


def test_a_result_that_nobody_witnessed_says_so() -> None:
    told = history()
    event = told.add("result.certified", CERTIFIED)
    assert certified(told)["witnessed"] is None
    assert sentences(event)[0] == f"The result with digest {DIGEST} was certified"


def test_a_result_of_the_first_schema_is_shown_as_it_was_shown_then() -> None:
    told = history()
    event = told.add("result.certified", CERTIFIED)
    event.type = "result.certified/1"
    assert WIRE_TYPES["result.certified"] == "result.certified/2"
    assert "witnessed" not in certified(told)
