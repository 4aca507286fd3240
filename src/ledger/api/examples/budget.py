"""The first part of the story: a small town's budget, from the opening of the project to the certified result."""

from ledger.aggregates.digests import candidates_digest, rules_digest
from ledger.api.examples.lottery import DRAWN, schools
from ledger.api.examples.posting import Submitted, by_agent, of, organizer, person, words
from ledger.canonical import JsonValue
from ledger.rules.profile import Item
from ledger.rules.spec import RuleSpec

CLIENT = "town-hall"
"""The name of the API client that posts the story; it needs every role that a client can have."""

_CANDIDATES: tuple[tuple[str, int], ...] = (("shared-orchard", 1_800_000), ("cycle-track", 9_500_000), ("street-library", 650_000))
_RULES: dict[str, JsonValue] = {
    "rule": "greedy",
    "ballot": {"form": "approval", "min": 1, "max": 2},
    "score": {"by": "approvals"},
    "budget_minor": 10_000_000,
    "lottery": {"seed": "drawn at the town council of 2 March 2026: 4 8 15 16 23 42"},
}
_AMENDED_RULES: dict[str, JsonValue] = {**_RULES, "budget_minor": 10_500_000}
_RESULT_DIGEST = "eHpZcWEznDaKasnDHtGzdVzqiH1dafdaqWYiHcE0gxg"
"""Of the result that the story comes to; it depends on everything posted before, also on its order."""


def _digest(rules: dict[str, JsonValue]) -> str:
    return rules_digest(RuleSpec.model_validate(rules, strict=False))


def _choices(*entries: int) -> dict[str, JsonValue]:
    items = [Item(position, ref, cost) for position, (ref, cost) in enumerate(_CANDIDATES)]
    return {"step": "vote", "candidates": candidates_digest(items), "rules": _digest(_AMENDED_RULES), "entries": list(entries)}


_OPENING: tuple[Submitted, ...] = (
    organizer(
        "project.opened",
        title=words("Participatory budget of Riverside 2026", "Budget participatif de Riverside 2026"),
        owner=words("Town of Riverside", "Ville de Riverside"),
        languages=["en", "fr"],
        currency="EUR",
        time_zone="Europe/Paris",
        keys_destroyed_at="2099-12-31T00:00:00.000Z",
    ),
    organizer(
        "project.continued",
        origin="ledger.example/p/riverside-2026-draft",
        checkpoint="ledger.example/p/riverside-2026-draft\n7\n1HYpCTAi3NXkvcS5ju9nVQO4a1OjGvjnXSZUsF1wpCk=\n",
        code="compromised",
    ),
    organizer("project.described", description=words("Ten per cent of the works budget.", "Dix pour cent du budget des travaux.")),
    organizer(
        "pledge.made",
        negotiable=words("Everything the town may build on its own land.", "Tout ce que la ville peut bâtir sur ses terrains."),
        will_be_done=words("The projects that win are built within two years.", "Les projets lauréats sont réalisés sous deux ans."),
        by="2099-06-30T00:00:00.000Z",
    ),
    organizer("charter.adopted", digest="47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU"),
    organizer("role.granted", granted="guarantor", person="judge-emerita"),
    organizer("role.granted", granted="agent", client=CLIENT),
    organizer("role.granted", granted="moderator", person="intern"),
    organizer("role.revoked", revoked="moderator", person="intern"),
    organizer("district.defined", ref="old-town", name=words("Old Town", "Vieille ville"), inhabitants=4_200),
    organizer("category.defined", ref="nature", name=words("Nature", "Nature")),
    organizer("envelope.defined", ref="whole", amount_minor=10_000_000),
    organizer("meeting.held", ref="market-day", held_at="2026-01-17T09:30:00.000Z", attendance=38, place=words("Market hall", "Halles")),
    of(
        "guarantor.stated",
        "guarantor",
        channel="email",
        participant="judge-emerita",
        text=words("I have read the rules and find them fair.", "J'ai lu les règles et les trouve équitables."),
    ),
)

_IDEAS: tuple[Submitted, ...] = (
    organizer("step.planned", step="ideas", kind="collection", title=words("Your ideas", "Vos idées"), accepts=["proposal"]),
    organizer("step.opened", step="ideas"),
    person(
        "contribution.submitted",
        "resident-17",
        ref="shared-orchard",
        step="ideas",
        kind="proposal",
        external_ref="Idea No. 1",
        district="old-town",
        category="nature",
        cost_minor=1_500_000,
        title=words("A shared orchard", "Un verger partagé"),
        body=words("Forty trees behind the school.", "Quarante arbres derrière l'école."),
        location={"latitude": "45.7640", "longitude": "4.8357"},
    ),
    person(
        "contribution.revised",
        "resident-17",
        ref="shared-orchard",
        step="ideas",
        cost_minor=1_800_000,
        title=words("A shared orchard", "Un verger partagé"),
        body=words("Fifty trees behind the school.", "Cinquante arbres derrière l'école."),
    ),
    person(
        "contribution.submitted",
        "resident-23",
        ref="cycle-track",
        step="ideas",
        kind="proposal",
        cost_minor=9_500_000,
        title=words("A cycle track", "Une piste cyclable"),
    ),
    organizer(
        "contribution.submitted",
        ref="street-library",
        step="ideas",
        kind="proposal",
        cost_minor=650_000,
        meeting="market-day",
        title=words("A street library", "Une boîte à livres"),
    ),
    person("contribution.submitted", "resident-42", ref="helipad", step="ideas", kind="proposal", title=words("A helipad", "Un héliport")),
    person("contribution.withdrawn", "resident-42", ref="helipad", step="ideas", code="second_thoughts"),
    organizer("step.closed", step="ideas"),
)

_PREPARATION: tuple[Submitted, ...] = (
    organizer(
        "step.planned",
        step="vote",
        kind="ballot",
        title=words("The vote", "Le vote"),
        has_roll=True,
        takes_paper=True,
    ),
    organizer("step.rules_set", step="vote", secrecy="sealed", rules=_RULES),
    *(organizer("proposal.selected", step="vote", ref=ref, criterion="feasible") for ref, _ in _CANDIDATES),
    organizer("proposal.deselected", step="vote", ref="street-library", criterion="cost_unclear"),
    organizer("proposal.selected", step="vote", ref="street-library", criterion="feasible", reason=words("Costed anew.", "Rechiffré.")),
    organizer("candidates.listed", step="vote", items=[{"ref": ref, "cost_minor": cost} for ref, cost in _CANDIDATES]),
    organizer("candidates.sealed", step="vote"),
    organizer("roll.listed", step="vote", participants=[f"resident-{number}" for number in range(10, 50)]),
    organizer("roll.sealed", step="vote"),
    organizer("step.opened", step="vote"),
    organizer("step.rules_amended", step="vote", rules=_AMENDED_RULES, code="council_vote", reason=words("+5 000 €", "+5 000 €")),
)

_VOTE: tuple[Submitted, ...] = (
    person("ballot.cast", "resident-17", **_choices(0, 2)),
    person("participant.described", "resident-17", step="vote", demographics={"age": "42"}),
    person("ballot.cast", "resident-23", **_choices(1)),
    person("ballot.replaced", "resident-23", **_choices(0, 1)),
    person("ballot.cast", "resident-31", **_choices(2)),
    person("ballot.withdrawn", "resident-31", step="vote", code="second_thoughts"),
    by_agent("attendance.marked", "resident-42", step="vote"),
    by_agent("ballot.cast", "resident-42", **_choices(0)),
    organizer("step.suspended", step="vote", code="power_cut", reason=words("No power in town.", "Panne de courant.")),
    organizer("step.resumed", step="vote"),
    organizer("step.closed", step="vote"),
    organizer("paper.closed", step="vote"),
    organizer("ballots.disclosed", step="vote"),
)

_RESULT: tuple[Submitted, ...] = (
    organizer("result.computed", step="vote"),
    organizer("outcome.published", step="vote", selected=[0, 2], ballots_missing=[{"channel": "phone", "count": 3}]),
    organizer("outcome.overridden", step="vote", position=1, funded=True, code="grant_received", reason=words("A grant.", "Une aide.")),
    organizer("result.certified", step="vote", digest=_RESULT_DIGEST, by_roles=["organizer", "guarantor"], quorum=2),
)

BUDGET: tuple[Submitted, ...] = (*_OPENING, *_IDEAS, *_PREPARATION, *_VOTE, *_RESULT, *DRAWN, *schools(_RULES))
"""The submissions in order."""
