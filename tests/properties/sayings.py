"""What is said in a small consultation, act by act: what random histories on a real ledger are made of.

Who wrote a content can be told from its reference: `ana-1` is Ana's. Whatever a person writes, or a moderator writes about them, bears a
mark with their name, so that it can be looked for after it was erased.
"""

from collections.abc import Callable
from typing import Any, Final, NamedTuple

from ledger.ports import Client
from tests.posting import TOWN, Document, ballot, opening, organizer, preparation

PEOPLE: Final = ("ana", "bob", "cyd")
OPINIONS: Final = ("ana-1", "bob-1", "cyd-1", "ana-2", "bob-2")
ARGUMENTS: Final = ("bob-a", "cyd-a", "ana-a")
CONTENTS: Final = (*(f"contribution/{ref}" for ref in OPINIONS), *(f"argument/{ref}" for ref in ARGUMENTS))
JUDGE: Final = Client("judge", TOWN.namespace, TOWN.scopes, TOWN.roles)
SCALES: Final = {
    "opinion": "agree_mixed_disagree", "amendment": "agree_mixed_disagree", "idea": "support", "comment": "up_down", "source": "like",
    "argument": "support",
}  # fmt: skip


class Act(NamedTuple):
    """A submission, and the client that posts it."""

    document: Document
    client: Client = TOWN

    def __repr__(self) -> str:
        """As it is shown in an example that fails."""
        envelope = {name: value for name, value in self.document.items() if name not in {"type", "data", "channel"}}
        return f"{self.document['type']}({self.document['data']}, {envelope}, by {self.client.name})"


def mark(who: str) -> str:
    """What tells in a text that it is of this person, or about them."""
    return f"<{who}>"


def author_of(name: str) -> str:
    """Whose a content is, by its reference or its stream."""
    return name.rpartition("/")[2].partition("-")[0]


def words(what: str, who: str) -> dict[str, str]:
    """A text of somebody, or about them."""
    return {"fr": f"{what} {mark(who)}"}


def said(name: str, who: str | None, role: str = "participant", client: Client = TOWN, /, **data: Any) -> Act:
    """Somebody acts; fields that are None are left out."""
    schema = 2 if name == "contribution.submitted" else 1
    present = {field: value for field, value in data.items() if value is not None}
    document: Document = {"type": f"{name}/{schema}", "role": role, "channel": "web", "data": present}
    return Act(document if who is None else {**document, "participant": who}, client)


def authority(name: str, /, **data: Any) -> Act:
    """The organizer acts, as a client."""
    return said(name, None, "organizer", **data)


def moderation(name: str, target: str, client: Client = TOWN, /, **data: Any) -> Act:
    """A moderator acts, as a client."""
    return said(name, None, "moderator", client, target=target, **data)


def contributed(ref: str, subject: dict[str, Any] | None = None) -> Act:
    """Somebody contributes; without a subject it is an opinion on nothing but itself."""
    who, about = author_of(ref), subject or {"kind": "opinion"}
    return said("contribution.submitted", who, ref=ref, step="talk", **about, title=words("titre", who), body=words("corps", who))


def revised(ref: str, who: str | None = None) -> Act:
    """The author, or somebody else, revises a contribution or an argument."""
    writer = who or author_of(ref)
    return said(f"{_family(ref)}.revised", writer, ref=ref, step="talk", body=words("mieux dit", writer))


def withdrawn(ref: str, who: str | None = None) -> Act:
    """The author, or somebody else, takes a contribution or an argument back."""
    writer = who or author_of(ref)
    return said(f"{_family(ref)}.withdrawn", writer, ref=ref, step="talk", code="regret", reason=words("regret", writer))


def _family(ref: str) -> str:
    return "argument" if ref in ARGUMENTS else "contribution"


def attached(ref: str) -> Act:
    """The author attaches a document."""
    document = {"media_type": "text/plain", "size_bytes": 9, "name": f"note {mark(author_of(ref))}", "digest": "A" * 43}
    return said("contribution.attached", author_of(ref), ref=ref, step="talk", **document)


def answered(ref: str, code: str) -> Act:
    """The authority answers a contribution."""
    return authority("contribution.answered", ref=ref, step="talk", code=code, body={"fr": "Merci."})


def argued(ref: str, contribution: str, side: str = "against") -> Act:
    """Somebody argues."""
    body = words("argument", author_of(ref))
    return said("argument.submitted", author_of(ref), ref=ref, step="talk", contribution=contribution, side=side, body=body)


def cast(who: str, target: str, value: str, version: int = 1) -> Act:
    """Somebody takes a stance."""
    return said("stance.cast", who, step="talk", target=target, value=value, target_version=version)


def changed(who: str, target: str, value: str, version: int = 1) -> Act:
    """Somebody takes another stance, or the same again."""
    return said("stance.changed", who, step="talk", target=target, value=value, target_version=version)


def uncast(who: str, target: str) -> Act:
    """Somebody takes their stance back."""
    return said("stance.withdrawn", who, step="talk", target=target)


def explained(who: str, target: str) -> Act:
    """Somebody says more about their stance."""
    return said("stance.explained", who, step="talk", target=target, how=words("nuance", who))


def reported(who: str, target: str, motive: str = "insult") -> Act:
    """Somebody reports a content."""
    return said("report.made", who, target=target, motive=motive, details=words("plainte", who))


def decided(target: str, decision: str, stances: str, outcome: str, steps: int) -> list[Act]:
    """The first steps of the moderation of a content, from the case to its end, with an appeal in between."""
    who = author_of(target)
    fate: dict[str, Any] = {"motive": "insult", "rule_ref": "art-4", "stances": stances, "reason": words("contre", who)}
    if decision != "hidden":
        fate["trash"] = decision
    because = "appeal" if outcome == "reversed" else "mistake"
    return [
        moderation("case.opened", target, origin="reports"),
        moderation("content.hidden" if decision == "hidden" else "content.limited", target, **fate),
        moderation("decision.notified", target),
        said("appeal.lodged", who, target=target, details=words("recours", who)),
        moderation("appeal.decided", target, JUDGE, outcome=outcome, code="reread", reason=words("au sujet de", who)),
        moderation("content.restored", target, JUDGE, because=because, reason=words("rendu à", who)),
    ][:steps]


def restored(target: str, because: str) -> Act:
    """The first moderator restores a content."""
    return moderation("content.restored", target, because=because)


def judged_by_the_moderator(target: str) -> Act:
    """The first moderator decides on an appeal, perhaps against their own decision."""
    return moderation("appeal.decided", target, outcome="upheld", code="right")


def dismissed(target: str) -> Act:
    """The reports of a content lead to nothing."""
    return moderation("report.dismissed", target, code="fine")


def suspended(who: str, until: str) -> Act:
    """An author is suspended."""
    return said("participant.suspended", None, "moderator", person=who, until=until, motive="spam", reason=words("contre", who))


def readmitted(who: str) -> Act:
    """An author is readmitted."""
    return said("participant.readmitted", None, "moderator", person=who, code="apology")


def merged(ref: str, into: str, steps: int) -> list[Act]:
    """The first steps of a merge: proposed, accepted by its author, carried out; and refused, when it is too late."""
    pair = {"ref": ref, "step": "talk", "into": into}
    return [
        said("contribution.merge_proposed", None, "moderator", **pair, reason={"fr": "Pareils."}),
        said("contribution.merge_accepted", author_of(ref), **pair),
        said("contribution.merged_into", None, "moderator", **pair),
        said("contribution.merge_refused", author_of(ref), **pair, code="no"),
    ][:steps]


def split(ref: str, parts: tuple[str, ...]) -> list[Act]:
    """Parts are contributed that come from a contribution, which then goes on as these."""
    derived = {"kind": "opinion", "derived_from": ref}
    last = said("contribution.split_into", author_of(ref), ref=ref, step="talk", parts=list(parts))
    return [*(contributed(part, derived) for part in parts), last]


def begun() -> list[Document]:
    """A consultation that is open: two motives, a moderator beside the town's own, a bill of two articles, and a few voices."""
    acts = [
        authority("role.granted", granted="moderator", client=TOWN.name),
        authority("role.granted", granted="moderator", client=JUDGE.name),
        authority("role.granted", granted="agent", client=TOWN.name),
        *(authority("motive.defined", ref=motive, name={"fr": motive}) for motive in ("insult", "spam")),
        authority("step.planned", step="talk", kind="consultation", title={"fr": "Débat"}, accepts=[*list(SCALES)[:-1], "question"]),
        authority("step.stances_set", step="talk", scales=SCALES, arguments_on=["opinion", "amendment"]),
        authority("text.published", ref="bill", step="talk", title={"fr": "Projet"}),
        *(
            authority("section.added", ref="bill", section=section, title={"fr": section}, body={"fr": f"texte de {section}"})
            for section in ("art-1", "art-2")
        ),
        authority("step.opened", step="talk"),
        *(contributed(ref) for ref in OPINIONS[:3]),
        *(argued(ref, "ana-1") for ref in ARGUMENTS[:2]),
        *(cast(who, "contribution/ana-1", value) for who, value in (("bob", "agree"), ("cyd", "disagree"))),
    ]
    return [opening(), *(act.document for act in acts)]


def hidden() -> list[Document]:
    """The same, but Ana's opinion was reported and hidden, and she has appealed."""
    acts = (
        reported("bob", "contribution/ana-1"),
        moderation("content.hidden", "contribution/ana-1", motive="insult", reason=words("contre", "ana")),
        said("appeal.lodged", "ana", target="contribution/ana-1", details=words("recours", "ana")),
    )
    return [*begun(), *(act.document for act in acts)]


def beside_a_vote() -> list[Document]:
    """The same as at first, and a vote with sealed choices that is open."""
    return [*begun(), *preparation(secrecy="sealed")[1:], organizer("step.opened", step="vote"), ballot("ana", 0), ballot("bob", 1, 2)]


BEGINNINGS: Final[dict[str, Callable[[], list[Document]]]] = {
    "a-consultation": begun,
    "a-hidden-opinion": hidden,
    "beside-a-sealed-vote": beside_a_vote,
}
"""Pasts to begin with, so that every part of a process is reached."""
