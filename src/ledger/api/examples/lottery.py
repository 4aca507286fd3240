"""The part of the story in which ties are broken by a lot that nobody can know while people vote: between parties, and by a beacon."""

from ledger.aggregates.digests import candidates_digest, rules_digest
from ledger.api.examples.posting import Submitted, organizer, person, words
from ledger.canonical import JsonValue
from ledger.rules.lot import commitment_of, round_after
from ledger.rules.profile import Item
from ledger.rules.spec import RuleSpec

_SECRETS: dict[str, str] = {
    "mayor": "Yl5BfwO2nWm0X4dS9tqk7Hc1ZrJgE6uPaVQe8sLi3No",
    "opposition": "3fVqQe0zKp7wTtR5bYcXj1MhUu9oGd2sLx8nAi6rWEk",
}
"""Each party keeps its own until the vote is over."""
_FIRST_RULES: dict[str, JsonValue] = {
    "rule": "greedy",
    "ballot": {"form": "choose_one"},
    "score": {"by": "approvals"},
    "budget_minor": 1_800_000,
    "ties": ["lot"],
    "lottery": {"parties": list(_SECRETS)},
}
_CANDIDATES = (Item(0, "shared-orchard", 1_800_000), Item(1, "street-library", 650_000))


def _chosen(position: int) -> dict[str, JsonValue]:
    rules = rules_digest(RuleSpec.model_validate(_FIRST_RULES, strict=False))
    return {"step": "first", "candidates": candidates_digest(_CANDIDATES), "rules": rules, "entries": [position]}


def _committed(party: str, secret: str) -> Submitted:
    return organizer("lottery.committed", step="first", party=party, commitment=commitment_of("first", party, secret))


def _drawn(day: int) -> JsonValue:
    """The lottery of the schools: a beacon after this day's closing, and should it stay away, public numbers five days later."""
    return {
        "beacon": {"round": round_after(f"2098-03-{day}T20:00:00.000Z")},
        "fallback": {"numbers": [{"name": "Loto", "date": f"2098-03-{day + 5}"}]},
        "fallback_after": f"2098-03-{day + 2}T12:00:00.000Z",
    }


DRAWN: tuple[Submitted, ...] = (
    organizer("step.planned", step="first", kind="ballot", title=words("What comes first", "Par quoi commencer")),
    organizer("step.rules_set", step="first", secrecy="open", rules=_FIRST_RULES),
    organizer("candidates.listed", step="first", items=[{"ref": item.ref, "cost_minor": item.cost_minor} for item in _CANDIDATES]),
    organizer("candidates.sealed", step="first"),
    *(_committed(party, secret) for party, secret in _SECRETS.items()),
    organizer("step.opened", step="first"),
    person("ballot.cast", "resident-17", **_chosen(0)),
    person("ballot.cast", "resident-23", **_chosen(1)),
    organizer("step.closed", step="first"),
    *(organizer("lottery.revealed", step="first", secret={"party": party, "secret": secret}) for party, secret in _SECRETS.items()),
)
"""A tie between two projects, which the secrets of two parties break."""


def schools(rules: dict[str, JsonValue]) -> tuple[Submitted, ...]:
    """A vote under these rules whose ties a beacon is to break; its closing moves, the lottery with it, and then it does not take place."""
    return (
        organizer(
            "step.planned",
            step="schools",
            kind="ballot",
            title=words("The vote of the schools", "Le vote des écoles"),
            opens_at="2098-03-01T08:00:00.000Z",
            closes_at="2098-03-15T18:00:00.000Z",
        ),
        organizer("step.rules_set", step="schools", secrecy="sealed", rules={**rules, "lottery": _drawn(15)}),
        organizer("results.embargoed", step="schools", until="2098-04-01T08:00:00.000Z"),
        organizer("step.rescheduled", step="schools", closes_at="2098-03-22T18:00:00.000Z", lottery=_drawn(22), code="holidays"),
        organizer("step.closed_early", step="schools", code="schools_shut", reason=words("It will not take place.", "N'aura pas lieu.")),
    )
