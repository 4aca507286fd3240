"""Tallies, rankings and consensus: what is folded step by step is what a recount of all events finds."""

from collections import Counter
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.canonical import JsonValue
from ledger.events import Event
from ledger.events.argument import ArgumentRevised, ArgumentWithdrawn
from ledger.events.case import ContentRestored, ModerationDecision
from ledger.events.contribution import ContributionRevised, ContributionWithdrawn
from ledger.events.stance import StanceCast, StanceChanged, StanceEvent, StanceTaken, StanceWithdrawn
from ledger.projections.projection import Row
from ledger.projections.readings.consensus import agreements, clusterings, consensus_document
from ledger.projections.readings.ranking import Chosen, ranking_document
from ledger.projections.readings.tally import Tally, sides, tallies_of, tally_document
from ledger.projections.tallies import Tallies
from ledger.rules.scales import Ranking
from tests.projections.debating import TARGETS, Debate, debates
from tests.projections.folded import folded

Json = dict[str, JsonValue]


def about(event: Event, target: str) -> bool:
    """Whether the event is about the target or its case."""
    return event.stream in (target, f"case/{target}") or event.stream.rpartition("/")[0] == f"stance/{target}"


def recounted(events: list[Event], target: str) -> Json:
    """What a recount of the events about one target finds."""
    last: dict[str | None, tuple[str, int]] = {}
    casts, by_version = Counter[str](), dict[str, Counter[str]]()
    gone, decision, counted = "stands", None, True
    for event in events:
        match event.data:
            case StanceTaken(value=value, target_version=version):
                last[event.actor] = value, version
                casts[value] += 1
            case StanceWithdrawn():
                del last[event.actor]
            case ContributionWithdrawn() | ArgumentWithdrawn():
                gone = "withdrawn"
            case ModerationDecision(stances=stances):
                decision, counted = event.type.partition("/")[0].partition(".")[2], counted and stances == "counted"
            case ContentRestored():
                decision, counted = None, True
    for said, version in last.values():
        by_version.setdefault(str(version), Counter())[said] += 1
    told = [event.data for event in events]
    return {
        "by_version": {version: dict(values) for version, values in by_version.items()},
        "values": dict(Counter(value for value, _ in last.values())),
        "casts": dict(casts),
        "version": 1 + sum(isinstance(data, ContributionRevised | ArgumentRevised) for data in told),
        "participants": len({event.actor for event in events if isinstance(event.data, StanceEvent)}),
        "changes": sum(isinstance(data, StanceChanged) for data in told),
        "withdrawals": sum(isinstance(data, StanceWithdrawn) for data in told),
        "state": gone,
        "decision": decision,
        "counted": counted,
    }


def told_by(tally: Tally) -> Json:
    """The same of a tally."""
    document = tally_document(tally)
    names = ("version", "participants", "changes", "withdrawals", "state", "decision", "counted")
    return {
        "by_version": {str(version): {**tally.of_version(version)} for version in tally.versions},
        "values": {value: count for value, count in tally.values.items() if count},
        "casts": {value: count for value, count in tally.casts.items() if count},
        **{name: document[name] for name in names},
    }


@given(debates(), st.data())
def test_every_tally_is_that_of_a_recount_at_every_size(debate: Debate, data: st.DataObject) -> None:
    size = data.draw(st.integers(0, len(debate.events)))
    events = [event for event, _ in debate.events[:size]]
    tallies = {tally.target: tally for tally in tallies_of(debate.source(size))}
    assert set(tallies) == {target for target in TARGETS if any(event.stream == target for event in events)}
    for target, tally in tallies.items():
        assert told_by(tally) == recounted([event for event in events if about(event, target)], target)
        assert sum(tally.counts) == sum(tally.values.values()) == tally.counts.stances
        assert tally.row["changed_seq"] == max(event.seq for event in events if about(event, target) and event.type != "stance.explained/1")
        assert tally.current == sides(tally.of_version(tally.row["version"]))


@given(debates())
def test_every_event_leaves_the_row_it_was_given_alone(debate: Debate) -> None:
    rows: dict[str, Row | None] = {}
    for event, _ in debate.events:
        for key in Tallies().keys(event) if event.type in Tallies.handles else ():
            before = rows.get(key)
            written = repr(before)
            rows[key] = Tallies().apply(key, before, event, {})
            assert repr(before) == written


@given(debates())
def test_the_casts_are_all_the_times_anybody_said_anything(debate: Debate) -> None:
    taken = [event.data for event, _ in debate.events if isinstance(event.data, StanceTaken)]
    tallies = list(tallies_of(debate.source()))
    assert sum(sum(tally.casts.values()) for tally in tallies) == len(taken)
    assert sum(tally.row["participants"] for tally in tallies) == sum(isinstance(data, StanceCast) for data in taken)


def bill(ranking: Ranking = "net") -> Debate:
    """Three opinions: a with 3 for and 1 against, b with 1 mixed, c with nothing."""
    debate = Debate().begun(ranking)
    for ref, section in (("a", "s1"), ("b", "s1"), ("c", "s2")):
        debate.contribute(ref, section=section, text="bill")
    for who, value in (("ann", "agree"), ("bob", "agree"), ("cid", "agree"), ("dee", "disagree")):
        debate.say(who, "contribution/a", value)
    debate.say("ann", "contribution/b", "mixed")
    return debate


def ranks(debate: Debate, method: Ranking | None = None, chosen: Chosen | None = None) -> list[tuple[JsonValue, str]]:
    document = ranking_document(debate.source(), "debate", method, chosen)
    assert document is not None
    return [(target["rank"], str(target["target"])) for target in cast("list[Json]", document["targets"])]


def test_a_tally_tells_the_present_version_and_all_of_them() -> None:
    debate = bill()
    debate.revise("contribution/a")
    debate.say("ann", "contribution/a", "disagree", 2)
    [tally] = [tally for tally in tallies_of(debate.source()) if tally.ref == "a"]
    document = tally_document(tally)
    assert (document["positive"], document["neutral"], document["negative"], document["stances"]) == (2, 0, 2, 4)
    assert document["current"] == {"stances": 1, "positive": 0, "neutral": 0, "negative": 1}
    assert [cast("Json", told)["version"] for told in cast("list[JsonValue]", document["by_version"])] == [1, 2]
    assert document["values"] == {"agree": 2, "mixed": 0, "disagree": 2}
    assert document["casts"] == {"agree": 3, "mixed": 0, "disagree": 2}
    assert (document["participants"], document["changes"], document["withdrawals"]) == (4, 1, 0)


def test_the_declared_method_ranks_unless_another_is_asked_for() -> None:
    debate = bill("ratio")
    assert ranks(debate) == [(1, "contribution/a"), (2, "contribution/b"), (3, "contribution/c")]
    assert ranks(debate, "net") == [(1, "contribution/a"), (2, "contribution/b"), (2, "contribution/c")]
    document = ranking_document(debate.source(), "debate", "net")
    assert document is not None
    assert (document["method"], document["declared"], document["seq"]) == ("net", "ratio", len(debate.events) - 1)


def test_kinds_are_ranked_apart_and_a_choice_is_ranked_among_itself() -> None:
    debate = bill()
    debate.contribute("d", "amendment", section="s1", text="bill")
    debate.argue("x", "a", "for")
    debate.argue("y", "a", "against")
    debate.argue("z", "b", "for")
    debate.say("ann", "argument/y", "support")
    assert ranks(debate)[:4] == [(1, "contribution/d"), (1, "argument/y"), (2, "argument/x"), (2, "argument/z")]
    assert ranks(debate, chosen=Chosen(kind="argument", about="a")) == [(1, "argument/y"), (2, "argument/x")]
    assert ranks(debate, chosen=Chosen(kind="argument", about="a", side="for")) == [(1, "argument/x")]
    assert ranks(debate, chosen=Chosen(kind="opinion", section="s2")) == [(1, "contribution/c")]


@pytest.mark.parametrize("name", ["content.hidden", "content.limited"])
def test_a_target_whose_stances_do_not_count_has_no_rank_and_shows_both_totals(name: str) -> None:
    debate = bill()
    debate.moderate("contribution/a", name=name, stances="not_counted")
    assert ranks(debate) == [(1, "contribution/b"), (1, "contribution/c"), (None, "contribution/a")]
    document = ranking_document(debate.source(), "debate")
    assert document is not None
    assert (document["stances"], document["counted"]) == (5, 1)
    last = cast("list[Json]", document["targets"])[-1]
    assert (last["counted"], last["decision"], last["stances"], last["score"]) == (False, name.partition(".")[2], 4, None)
    debate.restore("contribution/a")
    assert ranks(debate)[0] == (1, "contribution/a")


def test_a_hidden_target_whose_stances_count_keeps_its_rank() -> None:
    debate = bill()
    debate.moderate("contribution/a")
    assert ranks(debate)[0] == (1, "contribution/a")


def test_what_no_longer_stands_has_no_rank_and_keeps_its_stances() -> None:
    debate = bill()
    debate.withdraw("contribution/a")
    debate.add("contribution.merged_into", {"ref": "b", "step": "debate", "into": "c"})
    debate.contribute("d")
    debate.add("contribution.split_into", {"ref": "d", "step": "debate", "parts": ["e", "f"]})
    assert ranks(debate) == [(1, "contribution/c"), (None, "contribution/a"), (None, "contribution/b"), (None, "contribution/d")]
    document = ranking_document(debate.source(), "debate")
    assert document is not None
    states = [(target["state"], target["stances"]) for target in cast("list[Json]", document["targets"])]
    assert states == [("stands", 0), ("withdrawn", 4), ("merged", 1), ("split", 0)]


def test_a_step_that_takes_no_stances_has_no_ranking_and_kinds_without_a_scale_have_no_tally() -> None:
    debate = bill()
    debate.contribute("note", "comment")
    assert ranking_document(debate.source(), "elsewhere") is None
    assert "contribution/note" not in [target for _, target in ranks(debate)]


def test_counts_without_acts_stand_beside_and_are_marked_unverifiable() -> None:
    debate = bill()
    debate.state("contribution/c", {"votes": 100, "agree": 90}, "counts_only")
    assert ranks(debate)[-1] == (2, "contribution/c")
    document = ranking_document(debate.source(), "debate")
    assert document is not None
    last = cast("list[Json]", document["targets"])[-1]
    told: JsonValue = {"import": "rua", "basis": "counts_only", "verifiable": False, "counts": {"agree": 90, "votes": 100}}
    assert (last["stances"], last["aggregates"]) == (0, [told])
    assert folded_aggregates(debate) == ["contribution/c/counts_only/rua"]


def folded_aggregates(debate: Debate) -> list[str]:
    return [key for key, _ in debate.source().rows("aggregates")]


def grouped(*sizes: int) -> Debate:
    """Groups of these sizes, of which all members agree with a, and the first of each group with b."""
    debate = Debate().begun()
    debate.contribute("a")
    debate.contribute("b")
    groups = {group: [f"{group}-{number}" for number in range(size)] for group, size in enumerate(sizes)}
    for people in groups.values():
        for who in people:
            debate.say(who, "contribution/a", "agree")
        debate.say(people[0], "contribution/b", "agree")
        debate.say(people[-1], "contribution/b", "mixed")
    debate.say("nobody's", "contribution/b", "disagree")
    return debate.group(groups)


def consensus(debate: Debate, ref: str = "k2") -> Json:
    document = consensus_document(debate.source(), "debate", ref)
    assert document is not None
    return document


def test_consensus_counts_the_members_of_each_group_and_nobody_else() -> None:
    document = consensus(grouped(5, 7))
    assert document["groups"] == [{"group": 0, "members": 5, "held_back": False}, {"group": 1, "members": 7, "held_back": False}]
    first, second = cast("list[Json]", document["targets"])
    # (5+1)/(5+2) · (7+1)/(7+2), and (1+1)/(2+2) twice.
    assert (first["target"], first["rank"], first["score"]) == ("contribution/a", 1, "16/21")
    assert (second["target"], second["rank"], second["score"], second["decimal"]) == ("contribution/b", 2, "1/4", "0.250000")
    assert cast("list[JsonValue]", second["groups"])[1] == {"stances": 2, "positive": 1, "neutral": 1, "negative": 0}


def test_a_group_of_four_is_held_back_with_the_next_smallest_and_the_exact_score() -> None:
    document = consensus(grouped(4, 9, 6))
    assert [cast("Json", group)["held_back"] for group in cast("list[JsonValue]", document["groups"])] == [True, False, True]
    first = cast("list[Json]", document["targets"])[0]
    assert [told is None for told in cast("list[JsonValue]", first["groups"])] == [True, False, True]
    assert (first["rank"], first["score"], first["decimal"]) == (1, None, "0.662878")


def test_of_a_small_group_that_is_alone_no_score_is_told_either() -> None:
    document = consensus(grouped(3))
    [first, _] = cast("list[Json]", document["targets"])
    assert (first["rank"], first["score"], first["decimal"], first["groups"]) == (1, None, None, [None])


def test_a_clustering_is_there_when_it_is_sealed() -> None:
    debate = Debate().begun()
    debate.add("clusters.listed", {"step": "debate", "ref": "k2", "group": 0, "members": [debate.person("ann")]})
    assert clusterings(debate.source()) == []
    assert consensus_document(debate.source(), "debate", "k2") is None


def test_clusterings_are_told_apart_by_step_and_name_and_list_their_members_in_parts() -> None:
    debate = grouped(5, 5).group({0: ["ann", "bob"], 7: ["cid"]}, "k2-later")
    source = debate.source()
    both = clusterings(source, "debate")
    assert [clustering.row["ref"] for clustering in both] == ["k2", "k2-later"]
    assert both[1].group_of == {debate.person("ann"): 0, debate.person("bob"): 0, debate.person("cid"): 7}
    assert (both[1].sizes, clusterings(source, "other"), len(clusterings(source, ref="k2"))) == ({0: 2, 7: 1}, [], 1)
    rows = dict(source.rows("clusters"))
    assert sum("members" in row for row in rows.values()) == 4


def test_a_target_that_does_not_count_has_no_rank_in_the_consensus() -> None:
    debate = grouped(5, 5)
    debate.moderate("contribution/a", stances="not_counted")
    [first, second] = agreements(debate.source(), clusterings(debate.source())[0])
    assert (first.rank, first.tally.ref, second.rank, second.tally.ref, second.score.exact) == (1, "b", None, "a", None)


def test_rows_are_folded_as_the_views_keep_them() -> None:
    debate = bill()
    debate.unsay("ann", "contribution/b")
    assert folded(Tallies(), debate)["contribution/b"] == {
        "seq": 5,
        "changed_seq": len(debate.events) - 1,
        "step": "debate",
        "kind": "opinion",
        "version": 1,
        "stances": {},
        "casts": {"mixed": 1},
        "participants": 1,
        "changes": 0,
        "withdrawals": 1,
        "text": "bill",
        "section": "s1",
    }
