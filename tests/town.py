"""A small town's participatory budget, event by event: the past that specifications begin with."""

from typing import Any

from ledger.events.ballot import BallotCast, BallotReplaced, BallotWithdrawn
from ledger.events.contribution import ContributionRevised, ContributionSubmitted, ContributionWithdrawn
from ledger.events.project import CategoryDefined, DistrictDefined, MeetingHeld, ProjectOpened, RoleGranted, ScopeKeys
from ledger.events.result import ResultCertified, ResultComputed
from ledger.events.roll import RollListed
from ledger.events.selection import Candidate, CandidatesListed, CandidatesSealed
from ledger.events.step import BallotsDisclosed, PaperClosed, RollSealed, StepClosed, StepOpened, StepPlanned, StepRulesSet
from ledger.rules.ballot_form import ApprovalForm
from ledger.rules.spec import Lottery, RuleSpec, ScoreBy
from tests.given import Post, digest, person, post

RULES = RuleSpec(
    rule="greedy",
    ballot=ApprovalForm(min=1, max=2),
    score=ScoreBy(by="approvals"),
    budget_minor=100_000,
    lottery=Lottery(seed="drawn in public"),
)
PROJECTS = ("bench", "orchard", "library")


def opened(**fields: Any) -> Post:
    """The project opens."""
    return post(
        ProjectOpened,
        title={"fr": "Budget participatif"},
        owner={"fr": "Ville"},
        languages=("fr",),
        currency="EUR",
        time_zone="Europe/Paris",
        keys_destroyed_at="2030-01-01T00:00:00.000Z",
        scope_keys=ScopeKeys(author=digest("author"), report=digest("report")),
    ).but(**fields)


def granted(role: str, **holder: str) -> Post:
    """A client or a person gets a role."""
    return post(RoleGranted, granted=role, **holder)


def defined() -> tuple[Post, ...]:
    """A district, a category, a meeting."""
    return (
        post(DistrictDefined, ref="north", name={"fr": "Nord"}),
        post(CategoryDefined, ref="green", name={"fr": "Nature"}),
        post(MeetingHeld, ref="town-hall", held_at="2026-02-01T18:00:00.000Z", attendance=40),
    )


def planned(step: str = "vote", kind: str = "ballot", **fields: Any) -> Post:
    """A step is planned."""
    return post(StepPlanned, step=step, kind=kind, title={"fr": "Étape"}, **fields)


def opening(step: str = "vote", **fields: Any) -> Post:
    """The organizer opens a step."""
    return post(StepOpened, step=step, step_key=digest(f"key of {step}")).but(**fields)


def closing(step: str = "vote") -> Post:
    """The organizer closes a step."""
    return post(StepClosed, step=step)


def submitted(ref: str = "bench", **fields: Any) -> Post:
    """Ana submits a proposal in the step of ideas."""
    return post(ContributionSubmitted, ref=ref, step="ideas", kind="proposal").but(**fields)


def revised(ref: str = "bench", **fields: Any) -> Post:
    """Ana revises her proposal."""
    return post(ContributionRevised, ref=ref, step="ideas").but(**fields)


def withdrawn(ref: str = "bench", step: str = "ideas") -> Post:
    """Ana withdraws her proposal."""
    return post(ContributionWithdrawn, ref=ref, step=step, code="second_thoughts")


def listed(*refs: str, step: str = "vote") -> Post:
    """Candidates are listed, each for 100.00 more than the one before."""
    return post(CandidatesListed, step=step, items=tuple(Candidate(ref=ref, cost_minor=10_000 * (n + 1)) for n, ref in enumerate(refs)))


def rules_set(rules: RuleSpec = RULES, secrecy: str = "open", step: str = "vote") -> Post:
    """The rules of a step are set."""
    return post(StepRulesSet, step=step, rules=rules, secrecy=secrecy)


def roll_listed(*names: str, step: str = "vote") -> Post:
    """People are put on the roll."""
    return post(RollListed, step=step, members=tuple(sorted(person(name) for name in names)))


def ideas() -> tuple[Post, ...]:
    """The project is open, and three proposals were submitted in a step that is closed again."""
    return (
        opened(),
        *defined(),
        planned("ideas", "collection", accepts=("proposal",)),
        opening("ideas"),
        *(submitted(ref) for ref in PROJECTS),
        closing("ideas"),
    )


def prepared(*, secrecy: str = "open", rules: RuleSpec = RULES, roll: tuple[str, ...] = (), **fields: Any) -> tuple[Post, ...]:
    """A vote on the three proposals is planned, with rules, candidates sealed, and a roll of these people if there are any."""
    members = (roll_listed(*roll), post(RollSealed, step="vote")) if roll else ()
    return (
        *ideas(),
        planned(has_roll=bool(roll), **fields),
        rules_set(rules, secrecy),
        listed(*PROJECTS),
        post(CandidatesSealed, step="vote"),
        *members,
    )


def voting(**fields: Any) -> tuple[Post, ...]:
    """The vote is open; see `prepared`."""
    return (*prepared(**fields), opening())


def vote(name: str = "ana", entries: tuple[Any, ...] | None = (0,), **fields: Any) -> Post:
    """Somebody casts a ballot in clear."""
    return post(BallotCast, step="vote", entries=entries, **fields).posted(actor=person(name))


def sealed_vote(name: str = "ana") -> Post:
    """Somebody casts a ballot whose choices are a commitment."""
    return vote(name, None, sd=(digest(f"choices of {name}"),))


def revote(name: str = "ana", entries: tuple[Any, ...] | None = (1,), **fields: Any) -> Post:
    """Somebody replaces their ballot."""
    return post(BallotReplaced, step="vote", entries=entries, **fields).posted(actor=person(name))


def unvote(name: str = "ana") -> Post:
    """Somebody withdraws their ballot."""
    return post(BallotWithdrawn, step="vote", code="second_thoughts").posted(actor=person(name))


def paper_closing() -> Post:
    """The keying of paper ballots ends."""
    return post(PaperClosed, step="vote")


def disclosed(count: int = 0) -> Post:
    """The sealed choices are disclosed."""
    return post(BallotsDisclosed, step="vote", count=count, root=digest("root"))


def computed(winners: tuple[int, ...] | None = (0, 1)) -> Post:
    """The result is computed."""
    return post(ResultComputed, step="vote", winners=winners, digest=digest("result"))


def certified(of: str = "result", by_roles: tuple[str, ...] = ("organizer",)) -> Post:
    """The result is certified."""
    return post(ResultCertified, step="vote", digest=digest(of), by_roles=by_roles, quorum=1)
