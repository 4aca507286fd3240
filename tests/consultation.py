"""A consultation on a bill, event by event: the past that specifications about what people say begin with.

The client posts in every role. Contributions are Ana's unless said otherwise, arguments Max's.
"""

from typing import Any

from ledger.events.argument import ArgumentRevised, ArgumentSubmitted, ArgumentWithdrawn
from ledger.events.case import ContentHidden, ContentRestored
from ledger.events.contribution import ContributionRevised, ContributionSubmitted
from ledger.events.kinds import ContributionKind
from ledger.events.project import MotiveDefined
from ledger.events.step import StepStancesSet
from ledger.events.suspension import ParticipantReadmitted, ParticipantSuspended
from ledger.events.text import SectionAdded, SectionAmended, TextAdopted, TextPublished
from tests.given import PLATFORM, Given, Post, digest, given, person, post
from tests.town import defined, granted, opened, opening, planned

EVERY_KIND: tuple[ContributionKind, ...] = (
    "proposal", "opinion", "amendment", "counter_proposal", "idea", "initiative", "gem", "challenge", "question", "answer", "source",
    "comment",
)  # fmt: skip
SOON = "2026-03-02T12:00:00.000Z"
"""A day after the time of every event."""


def stances_set(step: str = "debate", **fields: Any) -> Post:
    """It is said what a step takes stances on and arguments about."""
    scales = {"opinion": "agree_mixed_disagree", "amendment": "agree_mixed_disagree", "source": "like", "argument": "support"}
    return post(StepStancesSet, step=step, scales=scales, arguments_on=("opinion", "amendment")).but(**fields)


def before(*more: Post) -> tuple[Post, ...]:
    """The project is open, roles and a motive are there, and a step for every kind of contribution is planned."""
    return (
        opened(),
        *defined(),
        *(granted(role, client=PLATFORM) for role in ("agent", "moderator")),
        post(MotiveDefined, ref="insult", name={"fr": "Injure"}),
        planned("debate", "consultation", accepts=EVERY_KIND),
        *more,
    )


def debate(*more: Post) -> tuple[Post, ...]:
    """The step is open, and takes stances on opinions, amendments, sources and arguments."""
    return (*before(stances_set()), opening("debate"), *more)


def debating(*more: Post) -> Given:
    """The past of `debate`."""
    return given(*debate(*more))


def contributed(ref: str = "open-data", kind: str = "opinion", who: str = "ana", **fields: Any) -> Post:
    """Somebody contributes."""
    return post(ContributionSubmitted, ref=ref, step="debate", kind=kind).but(**fields).posted(actor=person(who))


def reworded(ref: str = "open-data", who: str = "ana", **fields: Any) -> Post:
    """Somebody revises a contribution."""
    return post(ContributionRevised, ref=ref, step="debate").but(**fields).posted(actor=person(who))


def argued(ref: str = "costly", contribution: str = "open-data", side: str = "against", who: str = "max", **fields: Any) -> Post:
    """Somebody argues."""
    return post(ArgumentSubmitted, ref=ref, step="debate", contribution=contribution, side=side).but(**fields).posted(actor=person(who))


def rephrased(ref: str = "costly", who: str = "max", step: str = "debate") -> Post:
    """Somebody revises an argument."""
    return post(ArgumentRevised, ref=ref, step=step).posted(actor=person(who))


def unargued(ref: str = "costly", who: str = "max", step: str = "debate") -> Post:
    """Somebody withdraws an argument."""
    return post(ArgumentWithdrawn, ref=ref, step=step, code="second_thoughts").posted(actor=person(who))


def hidden(target: str = "contribution/open-data") -> Post:
    """A moderator hides content."""
    return post(ContentHidden, target=target, motive="insult").posted(role="moderator")


def restored(target: str = "contribution/open-data") -> Post:
    """A moderator restores content."""
    return post(ContentRestored, target=target, because="mistake").posted(role="moderator")


def suspended(who: str = "ana", until: str = SOON) -> Post:
    """A moderator suspends somebody."""
    return post(ParticipantSuspended, holder=person(who), until=until, motive="insult").posted(role="moderator")


def readmitted(who: str = "ana") -> Post:
    """A moderator readmits somebody."""
    return post(ParticipantReadmitted, holder=person(who), code="apology").posted(role="moderator")


def published(ref: str = "bill", **fields: Any) -> Post:
    """A text is put up."""
    return post(TextPublished, ref=ref).but(**fields)


def section(section: str = "article-1", *, body: str | None = "as tabled", ref: str = "bill", **fields: Any) -> Post:
    """A section is added; `body` stands for its wording."""
    return post(SectionAdded, ref=ref, section=section, digest=None if body is None else digest(body)).but(**fields)


def amended(section: str = "article-1", *, body: str | None = "as amended", ref: str = "bill", **fields: Any) -> Post:
    """A section reads anew."""
    return post(SectionAmended, ref=ref, section=section, digest=None if body is None else digest(body)).but(**fields)


def adopted(ref: str = "bill", **fields: Any) -> Post:
    """A text is adopted."""
    return post(TextAdopted, ref=ref).but(**fields)
