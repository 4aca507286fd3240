"""One lawful story in the order it is posted: a small town's budget from the opening to the archive, every event type in it.

The OpenAPI document shows these submissions as examples, and the tests post all of them to a running service.
"""

from ledger.aggregates.digests import candidates_digest, rules_digest
from ledger.canonical import JsonValue
from ledger.rules.profile import Item
from ledger.rules.spec import RuleSpec

Submitted = dict[str, JsonValue]

PROJECT = "riverside-2026"
"""The project that the story is posted to."""
CLIENT = "town-hall"
"""The name of the API client that posts the story; it needs the roles organizer, participant, agent and guarantor."""

_CANDIDATES: tuple[tuple[str, int], ...] = (("shared-orchard", 1_800_000), ("cycle-track", 9_500_000), ("street-library", 650_000))
_RULES: dict[str, JsonValue] = {
    "rule": "greedy",
    "ballot": {"form": "approval", "min": 1, "max": 2},
    "score": {"by": "approvals"},
    "budget_minor": 10_000_000,
    "lottery": {"seed": "drawn at the town council of 2 March 2026: 4 8 15 16 23 42"},
}
_AMENDED_RULES: dict[str, JsonValue] = {**_RULES, "budget_minor": 10_500_000}
_RESULT_DIGEST = "LvcU5u4gfVCdUpnNL-k4u5AKNfs8hg2yaJzlq1ax3Mc"
"""Of the result that the story comes to; it depends on everything posted before, also on its order."""


def _title(english: str, french: str) -> JsonValue:
    return {"en": english, "fr": french}


def _organizer(name: str, /, **data: JsonValue) -> Submitted:
    return {"type": f"{name}/1", "role": "organizer", "channel": "web", "data": data}


def _author(name: str, participant: str, /, **data: JsonValue) -> Submitted:
    return {"type": f"{name}/1", "role": "participant", "channel": "web", "participant": participant, "data": data}


def _digest(rules: dict[str, JsonValue]) -> str:
    return rules_digest(RuleSpec.model_validate(rules, strict=False))


def _choices(*entries: int) -> dict[str, JsonValue]:
    items = [Item(position, ref, cost) for position, (ref, cost) in enumerate(_CANDIDATES)]
    return {"step": "vote", "candidates": candidates_digest(items), "rules": _digest(_AMENDED_RULES), "entries": list(entries)}


_OPENING: tuple[Submitted, ...] = (
    _organizer(
        "project.opened",
        title=_title("Participatory budget of Riverside 2026", "Budget participatif de Riverside 2026"),
        owner=_title("Town of Riverside", "Ville de Riverside"),
        languages=["en", "fr"],
        currency="EUR",
        time_zone="Europe/Paris",
        keys_destroyed_at="2099-12-31T00:00:00.000Z",
    ),
    _organizer("project.described", description=_title("Ten per cent of the works budget.", "Dix pour cent du budget des travaux.")),
    _organizer(
        "pledge.made",
        negotiable=_title("Everything the town may build on its own land.", "Tout ce que la ville peut bâtir sur ses terrains."),
        will_be_done=_title("The projects that win are built within two years.", "Les projets lauréats sont réalisés sous deux ans."),
        by="2099-06-30T00:00:00.000Z",
    ),
    _organizer("charter.adopted", digest="47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU"),
    _organizer("role.granted", granted="guarantor", person="judge-emerita"),
    _organizer("role.granted", granted="agent", client=CLIENT),
    _organizer("role.granted", granted="moderator", person="intern"),
    _organizer("role.revoked", revoked="moderator", person="intern"),
    _organizer("district.defined", ref="old-town", name=_title("Old Town", "Vieille ville"), inhabitants=4_200),
    _organizer("category.defined", ref="nature", name=_title("Nature", "Nature")),
    _organizer("envelope.defined", ref="whole", amount_minor=10_000_000),
    _organizer("meeting.held", ref="market-day", held_at="2026-01-17T09:30:00.000Z", attendance=38, place=_title("Market hall", "Halles")),
    {
        "type": "guarantor.stated/1",
        "role": "guarantor",
        "channel": "email",
        "participant": "judge-emerita",
        "data": {"text": _title("I have read the rules and find them fair.", "J'ai lu les règles et les trouve équitables.")},
    },
)

_IDEAS: tuple[Submitted, ...] = (
    _organizer("step.planned", step="ideas", kind="collection", title=_title("Your ideas", "Vos idées"), accepts=["proposal"]),
    _organizer("step.opened", step="ideas"),
    _author(
        "contribution.submitted",
        "resident-17",
        ref="shared-orchard",
        step="ideas",
        kind="proposal",
        external_ref="Idea No. 1",
        district="old-town",
        category="nature",
        cost_minor=1_500_000,
        title=_title("A shared orchard", "Un verger partagé"),
        body=_title("Forty trees behind the school.", "Quarante arbres derrière l'école."),
        location={"latitude": "45.7640", "longitude": "4.8357"},
    ),
    _author(
        "contribution.revised",
        "resident-17",
        ref="shared-orchard",
        step="ideas",
        cost_minor=1_800_000,
        title=_title("A shared orchard", "Un verger partagé"),
        body=_title("Fifty trees behind the school.", "Cinquante arbres derrière l'école."),
    ),
    _author(
        "contribution.submitted",
        "resident-23",
        ref="cycle-track",
        step="ideas",
        kind="proposal",
        cost_minor=9_500_000,
        title=_title("A cycle track", "Une piste cyclable"),
    ),
    _organizer(
        "contribution.submitted",
        ref="street-library",
        step="ideas",
        kind="proposal",
        cost_minor=650_000,
        meeting="market-day",
        title=_title("A street library", "Une boîte à livres"),
    ),
    _author(
        "contribution.submitted", "resident-42", ref="helipad", step="ideas", kind="proposal", title=_title("A helipad", "Un héliport")
    ),
    _author("contribution.withdrawn", "resident-42", ref="helipad", step="ideas", code="second_thoughts"),
    _organizer("step.closed", step="ideas"),
)

_PREPARATION: tuple[Submitted, ...] = (
    _organizer(
        "step.planned",
        step="vote",
        kind="ballot",
        title=_title("The vote", "Le vote"),
        has_roll=True,
        takes_paper=True,
    ),
    _organizer("step.rules_set", step="vote", secrecy="sealed", rules=_RULES),
    *(_organizer("proposal.selected", step="vote", ref=ref, criterion="feasible") for ref, _ in _CANDIDATES),
    _organizer("proposal.deselected", step="vote", ref="street-library", criterion="cost_unclear"),
    _organizer("proposal.selected", step="vote", ref="street-library", criterion="feasible", reason=_title("Costed anew.", "Rechiffré.")),
    _organizer("candidates.listed", step="vote", items=[{"ref": ref, "cost_minor": cost} for ref, cost in _CANDIDATES]),
    _organizer("candidates.sealed", step="vote"),
    _organizer("roll.listed", step="vote", participants=[f"resident-{number}" for number in range(10, 50)]),
    _organizer("roll.sealed", step="vote"),
    _organizer("step.opened", step="vote"),
    _organizer("step.rules_amended", step="vote", rules=_AMENDED_RULES, code="council_vote", reason=_title("+5 000 €", "+5 000 €")),
)

_VOTE: tuple[Submitted, ...] = (
    _author("ballot.cast", "resident-17", **_choices(0, 2)),
    _author("participant.described", "resident-17", step="vote", demographics={"age": "42"}),
    _author("ballot.cast", "resident-23", **_choices(1)),
    _author("ballot.replaced", "resident-23", **_choices(0, 1)),
    _author("ballot.cast", "resident-31", **_choices(2)),
    _author("ballot.withdrawn", "resident-31", step="vote", code="second_thoughts"),
    {
        "type": "attendance.marked/1",
        "role": "agent",
        "channel": "paper",
        "on_behalf_of": "resident-42",
        "data": {"step": "vote"},
    },
    {
        "type": "ballot.cast/1",
        "role": "agent",
        "channel": "paper",
        "on_behalf_of": "resident-42",
        "data": _choices(0),
    },
    _organizer("step.suspended", step="vote", code="power_cut", reason=_title("No power in town.", "Panne de courant.")),
    _organizer("step.resumed", step="vote"),
    _organizer("step.closed", step="vote"),
    _organizer("paper.closed", step="vote"),
    _organizer("ballots.disclosed", step="vote"),
)

_RESULT: tuple[Submitted, ...] = (
    _organizer("result.computed", step="vote"),
    _organizer("outcome.published", step="vote", selected=[0, 2], ballots_missing=[{"channel": "phone", "count": 3}]),
    _organizer("outcome.overridden", step="vote", position=1, funded=True, code="grant_received", reason=_title("A grant.", "Une aide.")),
    _organizer("result.certified", step="vote", digest=_RESULT_DIGEST, by_roles=["organizer", "guarantor"], quorum=2),
)

_SCHOOLS: tuple[Submitted, ...] = (
    _organizer(
        "step.planned",
        step="schools",
        kind="ballot",
        title=_title("The vote of the schools", "Le vote des écoles"),
        opens_at="2098-03-01T08:00:00.000Z",
        closes_at="2098-03-15T18:00:00.000Z",
    ),
    _organizer("step.rules_set", step="schools", secrecy="sealed", rules=_RULES),
    _organizer("results.embargoed", step="schools", until="2098-04-01T08:00:00.000Z"),
    _organizer("step.rescheduled", step="schools", closes_at="2098-03-22T18:00:00.000Z", code="holidays"),
    _organizer("step.closed_early", step="schools", code="schools_shut", reason=_title("It will not take place.", "N'aura pas lieu.")),
)

_END: tuple[Submitted, ...] = (
    _organizer("evaluation.published", digest="LPJNul-wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ"),
    _organizer("project.archived"),
)

STORY: tuple[Submitted, ...] = (*_OPENING, *_IDEAS, *_PREPARATION, *_VOTE, *_RESULT, *_SCHOOLS, *_END)
"""The submissions in order; each is admitted when all before it were."""


def example(event_type: str) -> Submitted:
    """The first submission of the story that has this event type (`name/schema`); every type has one."""
    return next(submitted for submitted in STORY if submitted["type"] == event_type)
