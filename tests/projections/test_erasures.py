"""What the erasure register tells, and what it keeps to itself."""

from ledger.canonical import JsonValue
from ledger.projections.erasures import Erasures
from ledger.projections.readings.erasure_register import WHAT, erasure_register
from tests.projections.folded import folded
from tests.projections.history import DIGEST, History, actor

Json = dict[str, JsonValue]
NOW = "2026-03-02T00:00:00.000Z"


def erasing() -> History:
    """A request answered by two erasures, one erasure by authority, one request that waits, a hold that ended, a key that is gone."""
    history = History().opened()
    asked: Json = {"ref": "r1", "extent": "participant", "ground": "withdrawn_consent"}
    history.add("erasure.requested", asked, who="ann", role="participant", at="2026-03-01T08:30:00.000Z")
    waiting: Json = {"ref": "r2", "extent": "content", "target": "contribution/lamp", "ground": "minor"}
    history.add("erasure.requested", waiting, who="bob", role="participant", at="2026-03-01T09:00:00.000Z")
    history.add("legal_hold.placed", {"ref": "h1", "code": "lawsuit", "target": "contribution/lamp"}, at="2026-03-01T09:00:00.000Z")
    for entry, at in ((5, "10:00:00"), (7, "10:00:10")):
        erased: Json = {"entry": entry, "erased": "contribution/tree", "digests": [DIGEST], "ground": "withdrawn_consent", "request": "r1"}
        history.add("content.erased", erased, at=f"2026-03-01T{at}.000Z")
    order: Json = {"entry": 9, "erased": "argument/a1", "digests": [DIGEST, "B" * 43], "ground": "court", "authority": "order-7"}
    history.add("content.erased", order)
    history.add("legal_hold.lifted", {"ref": "h1", "code": "settled"}, role="guarantor", at="2026-03-01T12:00:00.000Z")
    history.add("scope_key.destroyed", {"scope": "step/ideas", "code": "announced"})
    withheld: Json = {"entry": 4, "stream": "contribution/tree", "type": "contribution.revised/1", "version": 2, "leaf_hash": DIGEST}
    history.add("entry.redacted", {**withheld, "authority": "order-8", "code": "defamation"})
    return history


def lines(history: History, size: int | None = None, what: str | None = None) -> list[Json]:
    return list(erasure_register(folded(Erasures(), history, size).items(), NOW, what))


def test_every_erasure_tells_where_how_much_and_on_what_ground() -> None:
    told = lines(erasing(), what="erasure")
    assert [(line["entry"], line["stream"], line["fields"], line["ground"], line["request"], line["authority"]) for line in told] == [
        (5, "contribution/tree", 1, "withdrawn_consent", "r1", None),
        (7, "contribution/tree", 1, "withdrawn_consent", "r1", None),
        (9, "argument/a1", 2, "court", None, "order-7"),
    ]


def test_a_request_has_waited_until_its_first_erasure_or_waits_still() -> None:
    answered, waiting = lines(erasing(), what="request")
    assert (answered["ref"], answered["state"], answered["entries"], answered["seconds"]) == ("r1", "answered", 2, 7200)
    assert answered["changed_seq"] == 5
    assert (waiting["ref"], waiting["state"], waiting["entries"], waiting["seconds"]) == ("r2", "waiting", 0, 15 * 3600)
    assert (waiting["extent"], waiting["target"], waiting["ground"]) == ("content", "contribution/lamp", "minor")


def test_nobody_who_asked_for_an_erasure_is_named() -> None:
    told = str(lines(erasing())) + str(folded(Erasures(), erasing()))
    assert actor("ann") not in told
    assert actor("bob") not in told


def test_a_hold_stands_until_it_is_lifted() -> None:
    [line] = lines(erasing(), what="legal_hold")
    assert (line["ref"], line["ground"], line["state"], line["end_code"], line["seconds"]) == (
        "h1",
        "lawsuit",
        "lifted",
        "settled",
        3 * 3600,
    )
    [before] = lines(erasing(), size=4, what="legal_hold")
    assert (before["state"], before["ended_at"], before["seconds"]) == ("standing", None, 15 * 3600)


def test_a_destroyed_key_is_told_by_its_scope() -> None:
    [line] = lines(erasing(), what="key_destroyed")
    assert (line["scope"], line["ground"], line["seq"]) == ("step/ideas", "announced", 8)


def test_all_lines_have_the_same_fields_and_come_by_the_keys_of_their_rows() -> None:
    told = lines(erasing())
    assert len({tuple(line) for line in told}) == 1
    assert [line["what"] for line in told] == ["erasure"] * 3 + ["legal_hold", "key_destroyed", "redaction"] + ["request"] * 2
    assert {str(line["what"]) for line in told} == set(WHAT.values())


def test_what_answers_nothing_leaves_no_row() -> None:
    history = History().opened()
    erased: Json = {"entry": 0, "erased": "argument/a1", "digests": [DIGEST], "ground": "court", "request": "unknown"}
    event = history.add("content.erased", erased)
    lifted = history.add("legal_hold.lifted", {"ref": "unknown", "code": "no"})
    projection = Erasures()
    assert projection.apply("request/unknown", None, event, {}) is None
    assert projection.apply("hold/unknown", None, lifted, {}) is None


def test_a_redaction_tells_which_entry_is_withheld_and_on_whose_order() -> None:
    [line] = lines(erasing(), what="redaction")
    told = {name: line[name] for name in ("entry", "stream", "ground", "authority", "request", "fields")}
    assert told == {
        "entry": 4,
        "stream": "contribution/tree",
        "ground": "defamation",
        "authority": "order-8",
        "request": None,
        "fields": None,
    }
