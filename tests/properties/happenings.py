"""Anything that anybody may try in a small town: the events that random histories are made of, lawful and not."""

from typing import Any

from hypothesis import strategies as st

from ledger.aggregates import LEDGER, Aggregates
from ledger.events import project as project_facts
from ledger.events import result as result_facts
from ledger.events import roll as roll_facts
from ledger.events import selection as selection_facts
from ledger.events import step as step_facts
from ledger.events.participant import ParticipantDescribed
from ledger.rules.ballot_form import ApprovalForm
from ledger.rules.spec import RuleSpec, ScoreBy
from tests.given import PLATFORM, Post, digest, person, post
from tests.town import (  # fmt: skip
    PROJECTS,
    RULES,
    certified,
    closing,
    computed,
    defined,
    disclosed,
    granted,
    ideas,
    listed,
    opened,
    opening,
    planned,
    prepared,
    revised,
    revote,
    roll_listed,
    rules_set,
    sealed_vote,
    submitted,
    unvote,
    vote,
    voting,
    withdrawn,
)

PEOPLE = ("ana", "max", "zoe")
STEPS = st.sampled_from(("vote", "vote", "vote", "ideas", "unheard-of"))
PLACES = st.sampled_from(("ideas", "ideas", "vote"))
REFS = st.sampled_from((*PROJECTS, "helipad"))
TIMES = st.integers(1, 12).map(lambda hours: f"2026-03-02T{hours:02}:00:00.000Z")
DATES = st.none() | TIMES
NAMES = st.sampled_from(PEOPLE)
UNDECLARED = RuleSpec(rule="undeclared", ballot=ApprovalForm(), score=ScoreBy(by="approvals"))
RULE_SPECS = st.sampled_from((RULES, RULES.model_copy(update={"budget_minor": 1}), RULES.model_copy(update={"max_winners": 1}), UNDECLARED))
ENTRIES = st.sampled_from(((0,), (1,), (2,), (2, 1), (0, 2), (), (0, 0), (3,), (0, 1, 2), ((0, 1),)))
POSITIONS = st.lists(st.integers(0, 3), max_size=3).map(tuple)

_AGENT = granted("agent", client=PLATFORM)
BEGINNINGS: dict[str, tuple[Post, ...]] = {
    "nothing": (),
    "an-open-project": (opened(), _AGENT),
    "open-ideas": ideas()[:-1],
    "a-planned-vote": (*ideas(), planned(has_roll=True)),
    "a-prepared-vote": (*prepared(takes_paper=True), _AGENT),
    "an-open-vote": (*voting(), _AGENT),
    "a-sealed-vote-with-a-roll": (*voting(secrecy="sealed", roll=("ana", "max"), takes_paper=True), _AGENT),
    "a-closed-vote": (*voting(secrecy="sealed"), sealed_vote(), closing()),
    "a-computed-result": (*voting(agent_may_replace=True), vote("ana"), vote("max"), closing(), computed()),
}
"""Pasts to begin with, so that every part of a process is reached."""


def _of(kind: Any, **fields: st.SearchStrategy[Any]) -> st.SearchStrategy[Post]:
    return st.fixed_dictionaries(fields).map(lambda values: post(kind, **values))


OF_PROJECTS = st.one_of(
    st.sampled_from((opened(), *defined())),
    st.builds(granted, st.sampled_from(("agent", "organizer", "system")), client=st.sampled_from(("hotline", LEDGER))),
    st.builds(granted, st.sampled_from(("guarantor", "moderator")), holder=NAMES.map(person)),
    _of(project_facts.RoleRevoked, revoked=st.sampled_from(("organizer", "agent")), client=st.sampled_from((PLATFORM, "hotline"))),
    _of(project_facts.EnvelopeDefined, ref=REFS, amount_minor=st.just(5), district=st.sampled_from((None, "north", "south"))),
)
OF_STEPS = st.one_of(
    st.builds(planned, STEPS, st.sampled_from(("ballot", "collection")), opens_at=DATES, closes_at=DATES),
    st.builds(planned, STEPS, has_roll=st.booleans(), takes_paper=st.booleans(), agent_may_replace=st.booleans()),
    st.builds(planned, STEPS, st.just("collection"), accepts=st.just(("proposal",))),
    st.builds(rules_set, RULE_SPECS, st.sampled_from(("open", "sealed")), STEPS),
    _of(step_facts.StepRulesAmended, step=STEPS, rules=RULE_SPECS, code=st.just("council")),
    st.builds(opening, STEPS),
    st.builds(closing, STEPS),
    _of(step_facts.StepRescheduled, step=STEPS, opens_at=DATES, closes_at=DATES, code=st.just("holidays")),
    _of(step_facts.StepSuspended, step=STEPS, code=st.just("outage")),
    _of(step_facts.StepResumed, step=STEPS),
    _of(step_facts.StepClosedEarly, step=STEPS, code=st.just("flood")),
    _of(step_facts.PaperClosed, step=STEPS),
    _of(step_facts.ResultsEmbargoed, step=STEPS, until=TIMES),
    _of(step_facts.RollSealed, step=STEPS),
    st.just(disclosed()),
)
OF_CONTRIBUTIONS = st.one_of(
    st.builds(submitted, REFS, step=PLACES, district=st.sampled_from((None, "north", "south")), derived_from=st.none() | REFS),
    st.builds(revised, REFS, step=PLACES),
    st.builds(withdrawn, REFS, PLACES),
)
OF_CANDIDATES = st.one_of(
    _of(selection_facts.ProposalSelected, step=STEPS, ref=REFS, criterion=st.just("feasible")),
    _of(selection_facts.ProposalDeselected, step=STEPS, ref=REFS, criterion=st.just("too_dear")),
    st.lists(REFS, min_size=1, max_size=3).map(lambda refs: listed(*refs)),
    _of(selection_facts.CandidatesSealed, step=STEPS),
    st.lists(NAMES, min_size=1, max_size=3, unique=True).map(lambda names: roll_listed(*names)),
    st.builds(lambda name: post(roll_facts.AttendanceMarked, step="vote").posted(actor=person(name)), NAMES),
)
OF_BALLOTS = st.one_of(
    st.builds(vote, NAMES, ENTRIES),
    st.builds(sealed_vote, NAMES),
    st.builds(revote, NAMES, ENTRIES),
    st.builds(lambda name: revote(name, None, sd=(digest(name),)), NAMES),
    st.builds(unvote, NAMES),
    st.builds(lambda name: vote(name, rules=digest("other rules")), NAMES),
    st.builds(lambda name: post(ParticipantDescribed, step="vote").posted(role="participant", actor=person(name)), NAMES),
)
OF_RESULTS = st.one_of(
    st.builds(computed, st.none() | POSITIONS),
    _of(result_facts.OutcomePublished, step=STEPS, selected=POSITIONS, outside_rule=POSITIONS),
    _of(result_facts.OutcomeOverridden, step=STEPS, position=st.integers(0, 3), funded=st.booleans(), code=st.just("grant")),
    st.builds(certified, st.sampled_from(("result", "another")), st.sampled_from((("organizer",), ("guarantor",)))),
)
_ODD_WAYS: tuple[dict[str, Any], ...] = (
    {"channel": "paper"},
    {"role": "agent"},
    {"role": "agent", "channel": "paper"},
    {"role": "organizer"},
    {"role": "system", "via": LEDGER},
    {"via": "hotline"},
    {"by": person("zoe")},
    {"by": person("zoe"), "mandate_ref": "m-1"},
    {"actor": None},
    {"envelope": {"version": 7}},
)
WAYS: st.SearchStrategy[dict[str, Any]] = st.integers(0, 3).flatmap(lambda luck: st.sampled_from(_ODD_WAYS) if luck == 3 else st.just({}))
"""How it is posted: mostly as it should be."""


def onward(states: Aggregates) -> tuple[Post, ...]:
    """What could lawfully be done next so that the vote comes about and ends, at least one thing as long as it has not ended."""
    ideas, vote, selection, roll = states.step("ideas"), states.step("vote"), states.selection("vote"), states.roll("vote")
    if not states.project.version:
        return (opened(),)
    if not states.project.districts:
        return defined()
    if ideas.status != "closed":
        return _collecting(states)
    if vote.status == "unplanned":
        return (planned(), planned(takes_paper=True), planned(has_roll=True, takes_paper=True, agent_may_replace=True))
    if vote.status == "planned":
        missing = [] if vote.rules else [rules_set(), rules_set(secrecy="sealed")]
        standing = [ref for ref in PROJECTS if ref not in selection.positions and not states.contribution(ref).withdrawn]
        if selection.digest is None:
            missing += [listed(ref) for ref in standing] or [post(selection_facts.CandidatesSealed, step="vote")]
        if vote.has_roll and vote.roll_count is None:
            missing += [roll_listed(name) for name in PEOPLE if person(name) not in roll.members] or [
                post(step_facts.RollSealed, step="vote")
            ]
        return tuple(missing) or (opening(),)
    return _ending(states)


def _collecting(states: Aggregates) -> tuple[Post, ...]:
    ideas = states.step("ideas")
    if ideas.status == "unplanned":
        return (planned("ideas", "collection", accepts=("proposal",)),)
    if ideas.status == "planned":
        return (opening("ideas"),)
    if ideas.status == "suspended":
        return (post(step_facts.StepResumed, step="ideas"),)
    return tuple(submitted(ref) for ref in PROJECTS if not states.contribution(ref).version) or (closing("ideas"),)


def _ending(states: Aggregates) -> tuple[Post, ...]:
    vote, result = states.step("vote"), states.result("vote")
    if vote.status == "suspended":
        return (post(step_facts.StepResumed, step="vote"),)
    if vote.status == "open":
        who = [name for name in PEOPLE if not vote.has_roll or person(name) in states.roll("vote").members]
        marked = tuple(post(roll_facts.AttendanceMarked, step="vote").posted(actor=person(name)) for name in who if vote.has_roll)
        suspended = post(step_facts.StepSuspended, step="vote", code="outage")
        return (*(plausible_ballot(states, name, (1,)) for name in who), *marked, suspended, closing())
    if not vote.over:
        return (post(step_facts.PaperClosed, step="vote"),)
    if vote.secrecy == "sealed" and not vote.disclosed:
        return (disclosed(),)
    undeclared = vote.rules is not None and vote.rules.rule == "undeclared"
    return (certified(),) if result.digest and not result.certified else (computed(None if undeclared else (0,)),)


def plausible_ballot(states: Aggregates, name: str, entries: tuple[Any, ...]) -> Post:
    """What the person could post to vote now: cast or replaced, in clear or committed."""
    choices: dict[str, Any] = {"entries": entries}
    if states.step("vote").secrecy == "sealed":
        choices = {"entries": None, "sd": (digest(f"{name} {entries}"),)}
    return (revote if states.ballot("vote", person(name)).version else vote)(name, **choices)
