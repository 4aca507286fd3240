"""A participatory budget of an invented town, the same at every run: what `ledger demo` posts.

Rivebelle: 2 600 people on the roll, of whom 2 000 vote; 600 000 € for thirty projects in five districts. The ballots follow from a
fixed seed: people prefer projects of their own district, some vote again, a few take their ballot back, 280 vote on paper.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Any

Submission = dict[str, Any]

PROJECT = "rivebelle-2026"
IDEAS = "ideas"
VOTE = "vote"
SEED = 20260314
BUDGET_MINOR = 600_000_00
MEMBERS = 2_600
VOTERS = 2_000
PAPER_VOTERS = 280

DISTRICTS = {
    "centre": ("Centre", "Centre"),
    "les-quais": ("Les Quais", "Riverside"),
    "la-butte": ("La Butte", "The Hill"),
    "saint-roch": ("Saint-Roch", "Saint-Roch"),
    "les-prairies": ("Les Prairies", "Meadows"),
}
CATEGORIES = {
    "nature": ("Nature en ville", "Nature in town"),
    "mobility": ("Mobilités", "Getting about"),
    "youth": ("Jeunesse", "Youth"),
    "culture": ("Culture", "Culture"),
    "solidarity": ("Solidarités", "Solidarity"),
}

PROPOSALS: tuple[tuple[str, str, int, str, str, str], ...] = (
    ("un-verger-partage", "nature", 18_000, "les-prairies", "Un verger partagé aux Prairies", "A shared orchard in the Meadows"),
    (
        "pistes-des-quais",
        "mobility",
        145_000,
        "les-quais",
        "Une piste cyclable continue sur les quais",
        "An unbroken cycle track along the quays",
    ),
    ("cour-oasis", "youth", 88_000, "centre", "Une cour d'école à l'ombre", "A schoolyard in the shade"),
    ("bibliotheque-de-rue", "culture", 6_500, "centre", "Dix boîtes à livres", "Ten street libraries"),
    ("skatepark", "youth", 132_000, "les-prairies", "Un skatepark couvert", "A covered skatepark"),
    (
        "jardin-des-sens",
        "solidarity",
        47_000,
        "saint-roch",
        "Un jardin des sens à la maison de retraite",
        "A sensory garden at the care home",
    ),
    ("place-pietonne", "mobility", 120_000, "centre", "La place du Marché sans voitures", "A market square without cars"),
    ("place-parking", "mobility", 95_000, "centre", "La place du Marché avec un parking réduit", "A market square with fewer car parks"),
    ("abris-velos", "mobility", 32_000, "la-butte", "Des abris à vélos devant les immeubles", "Bicycle shelters at the estates"),
    ("ruches", "nature", 9_000, "la-butte", "Des ruches municipales", "Municipal beehives"),
    ("local-associatif", "solidarity", 76_000, "saint-roch", "Un local pour les associations", "A room for the associations"),
    ("cinema-plein-air", "culture", 22_000, "les-quais", "Le cinéma en plein air tout l'été", "Open-air cinema all summer"),
    ("fontaines", "nature", 28_000, "centre", "Douze fontaines à boire", "Twelve drinking fountains"),
    ("pedibus", "youth", 11_000, "saint-roch", "Un pédibus pour l'école Saint-Roch", "A walking bus for Saint-Roch school"),
    ("fresque", "culture", 15_000, "la-butte", "Une fresque par les collégiens", "A mural by the pupils"),
    ("toits-frais", "solidarity", 64_000, "les-prairies", "Peindre en blanc les toits des logements", "White roofs for the homes"),
    ("berges", "nature", 158_000, "les-quais", "Rendre les berges au public", "Giving the river banks back"),
    ("scene-ouverte", "culture", 38_000, "saint-roch", "Une scène ouverte au parc", "An open stage in the park"),
    ("bancs", "solidarity", 12_500, "la-butte", "Un banc tous les deux cents mètres", "A bench every two hundred metres"),
    ("ludotheque", "youth", 41_000, "les-prairies", "Une ludothèque itinérante", "A travelling toy library"),
    ("compost", "nature", 14_000, "saint-roch", "Compost au pied des immeubles", "Compost at the foot of the blocks"),
    ("passage-protege", "mobility", 26_000, "les-quais", "Traverser sans crainte au pont Neuf", "A safe crossing at the new bridge"),
    ("atelier-velo", "mobility", 19_500, "centre", "Un atelier vélo solidaire", "A solidarity bicycle workshop"),
    ("epicerie", "solidarity", 58_000, "les-quais", "Une épicerie solidaire", "A solidarity grocery"),
    ("mare", "nature", 24_000, "la-butte", "Une mare pédagogique", "A pond to learn from"),
    ("salle-de-musique", "culture", 97_000, "les-prairies", "Une salle de répétition", "A rehearsal room"),
    ("terrain-basket", "youth", 54_000, "la-butte", "Refaire le terrain de basket", "A new basketball court"),
    ("numerique", "solidarity", 21_000, "centre", "Un guichet d'aide numérique", "A desk for help with screens"),
    ("arbres", "nature", 49_000, "saint-roch", "Deux cents arbres rue des Tanneurs", "Two hundred trees in Tanner Street"),
    ("orgue", "culture", 110_000, "les-quais", "Restaurer l'orgue de Barbarie", "Restoring the street organ"),
    ("telepherique", "mobility", 590_000, "la-butte", "Un téléphérique vers la Butte", "A cable car up the Hill"),
)
"""Reference, category, cost in euros, district, title in French and in English. The last one is withdrawn before the vote."""

WITHDRAWN = "telepherique"


@dataclass(frozen=True, slots=True)
class Citation:
    """What a ballot cites: the digests of the sealed list and of the rules, as the ledger recorded them."""

    candidates: str
    rules: str


def organizer(event_type: str, /, **data: Any) -> Submission:
    """A submission of the town hall."""
    return {"type": event_type, "role": "organizer", "channel": "web", "data": data}


def opening() -> list[Submission]:
    """The project, its districts and categories, and the client's right to key paper ballots."""
    title = {"fr": "Budget participatif de Rivebelle 2026", "en": "Rivebelle participatory budget 2026"}
    owner = {"fr": "Ville de Rivebelle", "en": "Town of Rivebelle"}
    return [
        organizer(
            "project.opened/1",
            title=title,
            owner=owner,
            languages=["fr", "en"],
            currency="EUR",
            time_zone="Europe/Paris",
            keys_destroyed_at="2031-12-31T00:00:00.000Z",
        ),
        *(organizer("district.defined/1", ref=ref, name={"fr": fr, "en": en}) for ref, (fr, en) in DISTRICTS.items()),
        *(organizer("category.defined/1", ref=ref, name={"fr": fr, "en": en}) for ref, (fr, en) in CATEGORIES.items()),
        organizer("role.granted/1", granted="agent", client="demo"),
        organizer("step.planned/1", step=IDEAS, kind="collection", title={"fr": "Vos idées", "en": "Your ideas"}, accepts=["proposal"]),
        organizer("step.opened/1", step=IDEAS),
    ]


def contributions() -> list[Submission]:
    """The thirty-one proposals, each by somebody, and the end of the collection."""
    posted = [
        {
            "type": "contribution.submitted/1",
            "channel": "web",
            "participant": f"author-{number}",
            "data": {
                "ref": ref,
                "step": IDEAS,
                "kind": "proposal",
                "district": district,
                "category": category,
                "cost_minor": cost * 100,
                "title": {"fr": fr, "en": en},
                "body": {"fr": f"{fr}, proposé par les habitants du quartier {DISTRICTS[district][0]}."},
                "location": {"latitude": f"45.{7000 + 37 * number}", "longitude": f"3.{1000 + 53 * number}"},
            },
        }
        for number, (ref, category, cost, district, fr, en) in enumerate(PROPOSALS)
    ]
    withdrawal = organizer(
        "contribution.withdrawn/1", ref=WITHDRAWN, step=IDEAS, code="not_feasible", reason={"fr": "Le coût dépasse le budget de la ville."}
    )
    return [*posted, withdrawal, organizer("step.closed/1", step=IDEAS)]


def candidates() -> list[Submission]:
    """What stands on the ballot paper, in the order of the proposals."""
    items = [
        {"ref": ref, "cost_minor": cost * 100, "district": district, "category": category}
        for ref, category, cost, district, _, _ in PROPOSALS
        if ref != WITHDRAWN
    ]
    return [organizer("candidates.listed/1", step=VOTE, items=items), organizer("candidates.sealed/1", step=VOTE)]


def vote_planned() -> list[Submission]:
    """The vote, with paper and a roll, and its rules."""
    rules = {
        "rule": "greedy",
        "ballot": {"form": "approval", "min": 1, "max": 5},
        "score": {"by": "approvals"},
        "budget_minor": BUDGET_MINOR,
        "unaffordable": {"then": "skip"},
        "threshold": {"on": "votes", "comparison": ">=", "number": 100},
        "exclusive_sets": [{"members": ["place-pietonne", "place-parking"]}, {"members": ["pistes-des-quais", "berges"]}],
        "lottery": {"seed": "Rivebelle 2026, tirage du 14 mars"},
    }
    return [
        organizer("step.planned/1", step=VOTE, kind="ballot", title={"fr": "Le vote", "en": "The vote"}, has_roll=True, takes_paper=True),
        organizer("step.rules_set/2", step=VOTE, rules=rules, secrecy="sealed"),
    ]


def roll() -> list[Submission]:
    """Everybody who may vote, in lists of 260, and the seal on them."""
    people = [f"person-{number:04d}" for number in range(MEMBERS)]
    lists = [people[start : start + 260] for start in range(0, MEMBERS, 260)]
    return [*(organizer("roll.listed/1", step=VOTE, participants=part) for part in lists), organizer("roll.sealed/1", step=VOTE)]


def ballots(cited: Citation) -> Iterator[Submission]:
    """2 000 ballots on the web and on paper, then 60 second thoughts and 12 withdrawals."""
    chance = Random(SEED)  # noqa: S311 - an invented town needs no secrets
    places = [index for index in range(len(PROPOSALS)) if PROPOSALS[index][0] != WITHDRAWN]
    appeal = {place: chance.lognormvariate(0, 0.7) for place in places}
    homes = list(DISTRICTS)
    voters = chance.sample(range(MEMBERS), VOTERS)
    on_paper = set(voters[:PAPER_VOTERS])
    chance.shuffle(voters)
    for person in voters:
        choices = _choices(chance, appeal, homes[person % len(homes)])
        yield _ballot("ballot.cast/1", person, choices, cited, paper=person in on_paper)
    on_the_web = [person for person in voters if person not in on_paper]
    for person in on_the_web[:60]:
        yield _ballot("ballot.replaced/1", person, _choices(chance, appeal, homes[person % len(homes)]), cited, paper=False)
    for person in on_the_web[60:72]:
        data = {"step": VOTE, "code": "changed_my_mind"}
        yield {"type": "ballot.withdrawn/1", "channel": "web", "participant": f"person-{person:04d}", "data": data}


def unlawful(cited: Citation) -> list[tuple[str, Submission]]:
    """Three ballots that nobody should be able to cast, and what they are."""
    voter = next(one["participant"] for one in ballots(cited) if "participant" in one)
    dear = {"step": VOTE, "candidates": cited.candidates, "rules": cited.rules, "entries": [0, 1, 2, 3, 4, 5]}
    stranger = {"type": "ballot.cast/1", "channel": "web", "participant": "a-stranger", "data": {**dear, "entries": [0]}}
    again = {"type": "ballot.cast/1", "channel": "web", "participant": voter, "data": {**dear, "entries": [0]}}
    six = {"type": "ballot.replaced/1", "channel": "web", "participant": voter, "data": dear}
    return [
        ("Somebody who is not on the roll:", stranger),
        ("A second ballot of one person:", again),
        ("Six choices where five are allowed:", six),
    ]


def closing() -> list[Submission]:
    """The end of the vote."""
    return [organizer("step.closed/1", step=VOTE), organizer("paper.closed/1", step=VOTE)]


def _choices(chance: Random, appeal: dict[int, float], home: str) -> list[int]:
    """Up to five places on the ballot paper; one ballot in a hundred is blank."""
    if chance.random() < 0.01:
        return []
    wanted = chance.choice((2, 3, 3, 4, 5, 5))
    weights = [weight * (3.0 if PROPOSALS[place][3] == home else 1.0) for place, weight in appeal.items()]
    return sorted(set(chance.choices(list(appeal), weights, k=wanted)))


def _ballot(kind: str, person: int, choices: list[int], cited: Citation, *, paper: bool) -> Submission:
    data = {"step": VOTE, "candidates": cited.candidates, "rules": cited.rules, "entries": choices}
    subject = f"person-{person:04d}"
    if paper:
        return {"type": kind, "role": "agent", "channel": "paper", "on_behalf_of": subject, "data": data}
    return {"type": kind, "channel": "web", "participant": subject, "data": data}
