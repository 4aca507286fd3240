"""A person finds their own ballot with what their platform gave them, and sees that nobody used their name; nobody else learns anything."""

from typing import Any

import httpx2
import orjson
import pytest

from ledger.sealing import pseudonym, read_key
from ledger.tlog.tlog_proof import parse_tlog_proof
from tests.api.conftest import PROJECT, Town
from tests.posting import Document, ballot, ballot_step, organizer
from tests.serving import Service

PATH = f"/v1/projects/{PROJECT}"


def handed_out(town: Town, *participants: str, scope: str = "step/vote", key: str | None = None) -> list[str]:
    answer = ask_keys(town.service, {"scope": scope, "participants": participants}, key or town.key)
    assert answer.status_code == 200, answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert [line["participant"] for line in answer.json()["keys"]] == list(participants)
    return [line["k"] for line in answer.json()["keys"]]


def ask_keys(service: Service, order: Any, key: str, project: str = PROJECT) -> httpx2.Response:
    body = order if isinstance(order, bytes) else orjson.dumps(order)
    return service.http.post(f"/v1/projects/{project}/participant-keys", content=body, headers={"Authorization": f"Bearer {key}"})


def find(town: Town, k: str, step: str = "vote") -> Document:
    town.service.settle(PROJECT)
    answer = town.service.http.post(f"{PATH}/steps/{step}/my-ballot", content=orjson.dumps({"k": k}))
    assert answer.status_code == 200, answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert k not in answer.text
    told: Document = answer.json()
    return told


def test_while_a_vote_is_open_a_ballot_is_there_and_not_counted_yet(town: Town) -> None:
    recorded = town.post(ballot("anne", 0, 2)).json()["events"][0]
    [k] = handed_out(town, "anne")
    told = find(town, k)
    assert told["pseudonym"] == recorded["stream"].rpartition("/")[2]
    assert (told["status"], told["code"], told["on_roll"], told["attended"]) == ("not_yet_counted", "step_open", None, None)
    assert told["choices"] == "bench library"
    [entry] = told["entries"]
    assert (entry["seq"], entry["type"], entry["became"], entry["channel"]) == (recorded["seq"], "ballot.cast/1", "last", "web")
    assert (entry["via"], entry["role"], entry["by_somebody_else"]) == ("town-hall", "participant", False)
    proof = parse_tlog_proof(town.service.get(entry["proof"]).content)
    assert proof.index == recorded["seq"]


def test_a_name_that_nobody_used_is_told_to_be_unused_before_a_vote_too(town: Town) -> None:
    town.post(*ballot_step("later"))
    for step in ("vote", "later"):
        [k] = handed_out(town, "nobody", scope=f"step/{step}")
        told = find(town, k, step)
        assert (told["status"], told["entries"], told["choices"]) == ("nobody_used_this_name", [], None)


def test_what_was_replaced_or_taken_back_is_told_in_order(town: Town) -> None:
    town.post(ballot("bob", 0))
    town.post(ballot("bob", 1, name="ballot.replaced"))
    withdrawal = {"type": "ballot.withdrawn/1", "participant": "bob", "data": {"step": "vote", "code": "second_thoughts"}}
    town.post(withdrawal)
    [k] = handed_out(town, "bob")
    told = find(town, k)
    assert (told["status"], told["code"], told["choices"]) == ("not_counted", "withdrawn", None)
    assert [entry["became"] for entry in told["entries"]] == ["replaced", "withdrawn", "last"]
    town.post(ballot("bob", 2, name="ballot.replaced"))
    told = find(town, k)
    assert (told["status"], told["choices"], len(told["entries"])) == ("not_yet_counted", "library", 4)


def test_of_two_platforms_each_has_the_keys_of_its_own_people(town: Town) -> None:
    other = town.service.key("other-town", roles=frozenset({"organizer"}))
    [ours] = handed_out(town, "resident-17")
    [theirs] = handed_out(town, "resident-17", key=other)
    assert ours != theirs


def test_a_k_names_its_person_as_entries_do(town: Town) -> None:
    recorded = town.post(ballot("named", 0)).json()["events"][0]
    [k] = handed_out(town, "named")
    found = read_key(k)
    assert found is not None
    origin = f"127.0.0.1:{town.service.port}/p/{PROJECT}"
    assert recorded["stream"] == f"ballot/vote/{pseudonym(found, origin, 'step/vote')}"
    assert len(set(handed_out(town, "named", scope="author") + handed_out(town, "named", scope="report") + [k])) == 3


@pytest.mark.parametrize(
    ("order", "code"),
    [
        (b"not json", "not-json"),
        ({"scope": "step/vote", "participants": []}, "invalid-field"),
        ({"scope": "step/vote", "participants": ["x"] * 1001}, "invalid-field"),
        ({"scope": "everything", "participants": ["x"]}, "invalid-field"),
        ({"scope": "author", "participants": ["x"], "more": 1}, "invalid-field"),
        ({"scope": "step/nowhere", "participants": ["x"]}, "step-unknown"),
    ],
)
def test_an_order_of_another_form_or_for_nothing_is_refused(town: Town, order: Any, code: str) -> None:
    answer = ask_keys(town.service, order, town.key)
    assert answer.json()["code"] == code


def test_keys_are_for_clients_that_act_for_people_and_for_their_own_projects(town: Town) -> None:
    order = {"scope": "step/vote", "participants": ["anne"]}
    for key in (
        town.service.key("only-web", roles=frozenset({"participant", "moderator"})),
        town.service.key("reads-only", scopes=frozenset({"privacy:erase"})),
        town.service.key("elsewhere", projects=frozenset({"another"})),
    ):
        assert ask_keys(town.service, order, key).status_code == 403
    assert ask_keys(town.service, order, "nobody").status_code == 401
    assert ask_keys(town.service, order, town.key, "nowhere").json()["code"] == "project-unknown"
    assert ask_keys(town.service, order, town.service.key("desk", roles=frozenset({"agent"}))).status_code == 200


K = "0E4QbKArJ0VAeOeTGOcwY9Ml8sHbi82UHusCKvB-2-E"


@pytest.mark.parametrize(
    "body", [b"", b"{}", b"[]", b"null", orjson.dumps({"k": K[:-1]}), orjson.dumps({"k": K, "x": 1}), b'{"k": 7}', b"{" * 999]
)
def test_a_question_without_a_k_is_not_answered_and_not_repeated(town: Town, body: bytes) -> None:
    answer = town.service.http.post(f"{PATH}/steps/vote/my-ballot", content=body)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid-field")
    assert K[:20] not in answer.text


def test_a_k_in_an_address_is_refused_and_not_repeated(town: Town) -> None:
    for method, path in (("POST", f"?k={K}"), ("POST", f"?{K}=1")):
        answer = town.service.http.request(method, f"{PATH}/steps/vote/my-ballot{path}", content=orjson.dumps({"k": K}))
        assert (answer.status_code, answer.json()["code"]) == (422, "parameter-invalid")
        assert K not in answer.text
    assert town.service.get(f"{PATH}/steps/vote/my-ballot").status_code == 405


def test_a_longer_question_and_steps_without_ballots_are_no_questions(town: Town) -> None:
    for body, step, code in ((b"x" * 2000, "vote", "body-too-large"), (orjson.dumps({"k": K}), "ideas", "step-not-found")):
        assert town.service.http.post(f"{PATH}/steps/{step}/my-ballot", content=body).json()["code"] == code


def test_sealed_choices_are_not_told_before_all_are_disclosed(town: Town) -> None:
    town.post(*ballot_step("sealed", "sealed"), organizer("step.opened", step="sealed"))
    town.post(ballot("carol", 0, 1, step="sealed"), ballot("dan", 2, step="sealed"))
    town.post(ballot("dan", 1, step="sealed", name="ballot.replaced"))
    k, other = handed_out(town, "carol", "dan", scope="step/sealed")
    assert [(find(town, k, "sealed")[name]) for name in ("status", "code", "choices")] == ["not_yet_counted", "step_open", None]
    town.post(organizer("step.closed", step="sealed"))
    assert [(find(town, k, "sealed")[name]) for name in ("status", "code", "choices")] == ["not_yet_counted", "sealed", None]
    assert town.post(organizer("ballots.disclosed", step="sealed")).status_code == 201
    assert [(find(town, k, "sealed")[name]) for name in ("status", "code", "choices")] == ["counted", None, "bench orchard"]
    told = find(town, other, "sealed")
    assert (told["status"], told["choices"]) == ("counted", "orchard")
    assert [entry["became"] for entry in told["entries"]] == ["replaced", "last"]
    assert find(town, K, "sealed")["status"] == "nobody_used_this_name"


def test_once_its_key_is_destroyed_nobody_is_named_in_a_scope_and_a_k_still_finds(town: Town) -> None:
    town.post(*ballot_step("short"), organizer("step.opened", step="short"), ballot("eve", 0, step="short"))
    [k] = handed_out(town, "eve", scope="step/short")
    town.post(organizer("step.closed", step="short"))
    ended = town.post(organizer("scope_key.destroyed", scope="step/short", code="as_announced"))
    # The ledger may have done so by itself by now, as the step is over.
    assert ended.status_code in {201, 409}
    answer = ask_keys(town.service, {"scope": "step/short", "participants": ["eve"]}, town.key)
    assert (answer.status_code, answer.json()["code"]) == (409, "scope-destroyed")
    assert find(town, k, "short")["status"] == "counted"


def test_a_roll_says_who_may_vote_and_who_came_on_paper(town: Town) -> None:
    plan, *rest = ballot_step("rolled", has_roll=True, takes_paper=True)
    roll = organizer("roll.listed", step="rolled", participants=["frank", "grace", "heidi"])
    town.post(plan, *rest, roll, organizer("roll.sealed", step="rolled"), organizer("step.opened", step="rolled"))
    town.post(ballot("frank", 0, step="rolled"))
    came = {**organizer("attendance.marked", step="rolled"), "channel": "paper", "participant": "grace"}
    assert town.post(came).status_code == 201
    ks = handed_out(town, "frank", "grace", "heidi", "stranger", scope="step/rolled")
    told = [find(town, k, "rolled") for k in ks]
    assert [line["status"] for line in told] == ["not_yet_counted", "marked_present", "nobody_used_this_name", "nobody_used_this_name"]
    assert [line["on_roll"] for line in told] == [True, True, True, False]
    assert told[1]["attended"]["channel"] == "paper"
    for_frank = {**came, "participant": "frank"}
    assert town.post(for_frank).status_code == 201
    assert town.post(organizer("step.closed", step="rolled")).status_code == 201
    assert (find(town, ks[0], "rolled")["code"], town.post(organizer("paper.closed", step="rolled")).status_code) == ("paper_open", 201)
    told = [find(town, ks[0], "rolled")]
    assert [(line["status"], line["code"]) for line in told] == [("not_counted", "paper_attendance")]


def test_what_an_agent_keyed_for_somebody_is_told_to_them(town: Town) -> None:
    town.post(organizer("role.granted", granted="agent", client="town-hall"))
    town.post(*ballot_step("desk", takes_paper=True), organizer("step.opened", step="desk"))
    paper = {**ballot("ivan", 1, step="desk", channel="paper"), "role": "agent"}
    answer = town.post(paper)
    assert answer.status_code == 201, answer.text
    [k] = handed_out(town, "ivan", scope="step/desk")
    [entry] = find(town, k, "desk")["entries"]
    assert (entry["channel"], entry["role"], entry["by_somebody_else"]) == ("paper", "agent", True)
