"""Several writers in one consultation: what each admits depends on what the other recorded a moment ago, own streams too."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import orjson
import pytest

from ledger.aggregates.digests import clusters_digest
from ledger.errors import (
    AggregateAlreadyRecorded,
    AlreadyReported,
    AlreadySubmitted,
    AuthorSuspended,
    DecisionInForce,
    ImportFinished,
    JudgeUnfit,
    LedgerError,
    StanceAlreadyTaken,
    StanceNotTaken,
    TargetModerated,
    TargetVersionUnknown,
)
from ledger.events import Submission
from ledger.ports import Client
from ledger.store.desk import own_streams
from ledger.store.requests import Request
from ledger.store.sealer import Draft
from ledger.submit import Receipted, Recorded
from tests.posting import TOWN, Document, Ledger, ledger, opening, organizer, posted, seqs

OPINIONS = tuple(f"opinion-{number}" for number in range(8))
SCALES = {"opinion": "agree_pass_disagree", "argument": "support"}


@pytest.fixture(scope="module")
def writers(database: str) -> Iterator[tuple[Ledger, Ledger]]:
    """Two writers that know of each other only by the database and the keys."""
    with ledger(database) as one, ledger(database, keys=one.keys) as two:
        yield one, two


def said(who: str, name: str, /, *, role: str = "participant", **data: Any) -> Document:
    schema = 2 if name == "contribution.submitted" else 1
    return {"type": f"{name}/{schema}", "role": role, "channel": "web", "participant": who, "data": data}


def contributed(ref: str, who: str = "author") -> Document:
    return said(who, "contribution.submitted", ref=ref, step="talk", kind="opinion", title={"fr": ref}, body={"fr": "Parce que."})


def argued(ref: str = "costly", who: str = "author") -> Document:
    return said(who, "argument.submitted", ref=ref, step="talk", contribution=OPINIONS[0], side="against", body={"fr": "Cher."})


def cast(who: str, value: str = "agree", opinion: int = 0) -> Document:
    return said(who, "stance.cast", step="talk", target=f"contribution/{OPINIONS[opinion]}", value=value, target_version=1)


def changed(who: str, value: str) -> Document:
    return said(who, "stance.changed", step="talk", target=f"contribution/{OPINIONS[0]}", value=value, target_version=1)


def uncast(who: str) -> Document:
    return said(who, "stance.withdrawn", step="talk", target=f"contribution/{OPINIONS[0]}")


def moderated(who: str, name: str, /, **data: Any) -> Document:
    return said(who, name, role="moderator", target=f"contribution/{OPINIONS[0]}", **data)


def conversation() -> list[Document]:
    """A project with an opinion conversation that is open, and eight opinions in it."""
    return [
        opening(),
        organizer("role.granted", granted="moderator", client=TOWN.name),
        organizer("motive.defined", ref="insult", name={"fr": "Injure"}),
        organizer("step.planned", step="talk", kind="deliberation", title={"fr": "Conversation"}, accepts=["opinion"]),
        organizer("step.stances_set", step="talk", scales=SCALES, arguments_on=["opinion"]),
        organizer("step.opened", step="talk"),
        *(contributed(ref) for ref in OPINIONS),
    ]


BEGUN = 6 + len(OPINIONS)
"""Events of a conversation before anybody took a stance."""


def attempt(town: Ledger, ref: str, *documents: Document) -> Receipted | LedgerError:
    try:
        return town.post(ref, *documents)
    except LedgerError as error:
        return error


def last_data(town: Ledger, ref: str) -> dict[str, Any]:
    data: dict[str, Any] = orjson.loads(town.entries(ref)[-1])["data"]
    return data


def test_a_second_stance_of_one_person_is_refused_whoever_takes_it(writers: tuple[Ledger, Ledger]) -> None:
    one, two = writers
    one.post("second", *conversation())
    one.post("second", cast("zoe"))
    for town in writers:
        with pytest.raises(StanceAlreadyTaken):
            town.post("second", cast("zoe", "disagree"))
    two.post("second", cast("zoe", "disagree", opinion=1))
    assert len(one.events("second")) == BEGUN + 2


def test_of_stances_taken_at_once_one_of_each_person_is_recorded(writers: tuple[Ledger, Ledger]) -> None:
    writers[0].post("at-once", *conversation())

    def take(number: int) -> Receipted | LedgerError:
        return attempt(writers[number % 2], "at-once", cast(f"person {number // 4}", ("agree", "pass", "disagree")[number % 3]))

    with ThreadPoolExecutor(8) as callers:
        answers = list(callers.map(take, range(160)))
    assert sum(isinstance(answer, Receipted) for answer in answers) == 40
    assert {type(answer) for answer in answers} == {Receipted, StanceAlreadyTaken}
    assert len(writers[0].events("at-once")) == BEGUN + 40


def test_who_took_a_stance_elsewhere_is_found_in_a_large_batch(writers: tuple[Ledger, Ledger]) -> None:
    one, two = writers
    one.post("batch", *conversation())
    two.post("batch", cast("person 700", opinion=700 % 8))
    stances = [cast(f"person {number}", opinion=number % 8) for number in range(1000)]
    with pytest.raises(StanceAlreadyTaken) as refused:
        one.post("batch", *stances)
    assert refused.value.submission == "line 701"
    assert len(one.entries("batch")) == BEGUN + 1
    answer = one.post("batch", *stances, atomic=False)
    assert [number for number, outcome in enumerate(answer.outcomes) if not isinstance(outcome, Recorded)] == [700]
    assert len(one.events("batch")) == BEGUN + 1000


def test_a_batch_of_a_thousand_stances_reads_the_streams_of_its_targets_only(writers: tuple[Ledger, Ledger]) -> None:
    one, _ = writers
    one.post("few", *conversation())
    drafts = sealed_drafts(one, "few", *(cast(f"person {number}", opinion=number % 8) for number in range(1000)))
    targets = {f"contribution/{ref}" for ref in OPINIONS}
    request = Request("few", TOWN, drafts)
    assert own_streams([request], read_all=False) == targets | {f"case/{target}" for target in targets}
    assert len(own_streams([request], read_all=True)) == 16 + 1000


def sealed_drafts(town: Ledger, ref: str, *documents: Document) -> list[Draft]:
    desk = town.sequencer.desk(ref)
    assert desk is not None
    drafts = []
    for number, submission in enumerate(posted(*documents).submissions):
        assert isinstance(submission, Submission)
        draft = Draft(submission, f"line {number}")
        assert desk.sealer.seal(draft, TOWN, desk.folded, desk.folded.committed)
        drafts.append(draft)
    return drafts


def test_a_change_is_filled_from_what_another_writer_recorded(writers: tuple[Ledger, Ledger]) -> None:
    one, two = writers
    one.post("filled", *conversation(), cast("zoe"))
    two.post("filled", changed("zoe", "pass"))
    assert last_data(one, "filled")["old_value"] == "agree"
    one.post("filled", uncast("zoe"))
    assert (last_data(one, "filled")["old_value"], last_data(one, "filled")["old_version"]) == ("pass", 1)
    two.post("filled", changed("zoe", "disagree"))
    assert "old_value" not in last_data(one, "filled")
    with pytest.raises(StanceNotTaken):
        two.post("filled", changed("bo", "agree"))
    assert [event.version for event in one.events("filled")[BEGUN:]] == [1, 2, 3, 4]


def test_a_change_is_filled_anew_when_its_turn_is_tried_again(writers: tuple[Ledger, Ledger]) -> None:
    one, two = writers
    one.post("again", *conversation(), cast("zoe"))
    two.post("again", cast("bo"))
    answer = one.post("again", changed("zoe", "pass"), cast("bo"), changed("zoe", "disagree"), atomic=False)
    assert [type(outcome) for outcome in answer.outcomes] == [Recorded, StanceAlreadyTaken, Recorded]
    assert last_data(one, "again")["old_value"] == "pass"
    one.events("again")


def test_a_version_that_another_writer_made_can_be_addressed_at_once(writers: tuple[Ledger, Ledger]) -> None:
    one, two = writers
    one.post("version", *conversation())
    second = said("zoe", "stance.cast", step="talk", target=f"contribution/{OPINIONS[0]}", value="pass", target_version=2)
    with pytest.raises(TargetVersionUnknown):
        two.post("version", second)
    one.post("version", said("author", "contribution.revised", ref=OPINIONS[0], step="talk", title={"fr": "Autrement"}))
    two.post("version", second)
    one.events("version")


def test_a_decision_that_another_writer_recorded_is_in_force_at_once(writers: tuple[Ledger, Ledger]) -> None:
    one, two = writers
    one.post("decided", *conversation())
    two.post("decided", cast("zoe"))
    one.post("decided", moderated("mona", "content.hidden", motive="insult"))
    for draft in (cast("bo"), changed("zoe", "pass"), said("author", "contribution.revised", ref=OPINIONS[0], step="talk")):
        with pytest.raises(TargetModerated):
            two.post("decided", draft)
    with pytest.raises(DecisionInForce):
        two.post("decided", moderated("max", "content.limited", motive="insult", trash="visible"))
    two.post("decided", uncast("zoe"))
    two.post("decided", said("author", "appeal.lodged", target=f"contribution/{OPINIONS[0]}", details={"fr": "À tort."}))
    with pytest.raises(JudgeUnfit):
        one.post("decided", moderated("mona", "appeal.decided", outcome="upheld", code="right"))
    one.post("decided", moderated("jude", "appeal.decided", outcome="reversed", code="wrong"))
    two.post("decided", moderated("jude", "content.restored", because="appeal"))
    one.post("decided", cast("bo"), changed("zoe", "pass"))
    assert len(two.events("decided")) == BEGUN + 8


def test_a_suspension_that_another_writer_recorded_holds_at_once(writers: tuple[Ledger, Ledger]) -> None:
    one, two = writers
    one.post("suspended", *conversation())
    suspension = {"person": "author", "until": "2026-04-01T00:00:00.000Z", "motive": "insult"}
    two.post("suspended", {**organizer("participant.suspended", **suspension), "role": "moderator"})
    for draft in (contributed("more"), argued(), said("author", "contribution.revised", ref=OPINIONS[0], step="talk")):
        with pytest.raises(AuthorSuspended):
            one.post("suspended", draft)
    one.post("suspended", contributed("somebody-elses", "ana"), cast("author"))
    one.post("suspended", {**organizer("participant.readmitted", person="author", code="apology"), "role": "moderator"})
    two.post("suspended", contributed("more"), argued())
    assert len(one.events("suspended")) == BEGUN + 6


def test_what_is_first_of_its_stream_is_first_once(writers: tuple[Ledger, Ledger]) -> None:
    one, two = writers
    started = organizer("import.started", ref="archive", format="polis", file_digest="A" * 43)
    report = said("zoe", "report.made", target=f"contribution/{OPINIONS[0]}", motive="insult", details={"fr": "Voyez."})
    one.post("first", *conversation(), argued(), report, started)
    with pytest.raises(AlreadySubmitted):
        two.post("first", contributed(OPINIONS[0]))
    with pytest.raises(AlreadySubmitted):
        two.post("first", argued())
    with pytest.raises(AlreadyReported):
        two.post("first", report)
    stated = organizer(
        "aggregate.recorded", ref="archive", target=f"contribution/{OPINIONS[0]}", basis="published", counts={"agree": 3}
    )  # fmt: skip
    two.post("first", stated)
    with pytest.raises(AggregateAlreadyRecorded):
        one.post("first", stated)
    one.post("first", organizer("import.finished", ref="archive"))
    with pytest.raises(ImportFinished):
        two.post("first", stated)
    assert len(one.events("first")) == BEGUN + 5


def test_a_clustering_names_people_as_their_stances_do(writers: tuple[Ledger, Ledger]) -> None:
    one, two = writers
    one.post("groups", *conversation(), cast("zoe"), cast("bo"))
    two.post("groups", organizer("clusters.listed", step="talk", ref="pca", group=1, participants=["zoe", "bo"]))
    one.post("groups", organizer("clusters.sealed", step="talk", ref="pca", method="k_means"))
    people = [event.actor for event in one.events("groups")[BEGUN : BEGUN + 2]]
    assert last_data(two, "groups") == {
        "step": "talk",
        "ref": "pca",
        "method": "k_means",
        "groups": 1,
        "count": 2,
        "digest": clusters_digest({str(person): 1 for person in people}),
    }


def test_an_agent_takes_stances_for_others_and_not_over_them(writers: tuple[Ledger, Ledger]) -> None:
    one, two = writers
    one.post("agents", *conversation(), organizer("role.granted", granted="agent", client="ambassadors"))
    ambassadors = Client("ambassadors", TOWN.namespace, TOWN.scopes, TOWN.roles)
    for_zoe = {**cast("ambassador"), "role": "agent", "on_behalf_of": "zoe", "channel": "in_person"}
    (seq,) = seqs(two.post("agents", for_zoe, client=ambassadors))
    with pytest.raises(StanceAlreadyTaken):
        one.post("agents", cast("zoe"))
    one.post("agents", changed("zoe", "pass"))
    events = one.events("agents")
    assert events[seq].actor == events[-1].actor
    assert events[seq].by is not None
    assert events[seq].at == "2026-03-01T10:00:00.000Z", "who was helped when is told to the hour, too"
    with pytest.raises(LedgerError) as refused:
        two.post("agents", {**changed("ambassador", "agree"), "role": "agent", "on_behalf_of": "zoe"}, client=ambassadors)
    assert refused.value.code == "agent-may-not-replace"
