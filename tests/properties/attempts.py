"""Anything that anybody may try in a small consultation, lawful and not, in the proportions that make histories go somewhere."""

from dataclasses import replace
from typing import Any, Final

import orjson
from hypothesis import strategies as st

from ledger.ports import Client
from tests.posting import TOWN, Document, ballot
from tests.properties import sayings
from tests.properties.sayings import ARGUMENTS, CONTENTS, OPINIONS, PEOPLE, Act, authority

DAYS: Final = tuple(f"2026-03-{day:02}T12:00:00.000Z" for day in (1, 2, 4))
"""Times that come while things happen: every history begins on the first of March."""
STRANGER: Final = Client("stranger", "elsewhere", TOWN.scopes, TOWN.roles)
NAMES = st.sampled_from(PEOPLE)
REFS = st.sampled_from(OPINIONS)
ARGUED = st.sampled_from(ARGUMENTS)
TARGETS = st.sampled_from(CONTENTS)
SOON = st.sampled_from(DAYS)
OTHERS = st.sampled_from((None, None, None, *PEOPLE))
"""Mostly whoever the content is of."""
_SUBJECTS: st.SearchStrategy[dict[str, Any]] = st.sampled_from((
    {"kind": "opinion"},
    {"kind": "opinion", "text": "bill", "section": "art-1"},
    {"kind": "amendment", "text": "bill", "section": "art-2"},
    {"kind": "amendment", "target": "bob-1"},
    {"kind": "idea", "derived_from": "ana-1", "location": {"address": "place du marché"}},
    {"kind": "comment", "target": "ana-1"},
    {"kind": "comment", "target": "ana-1", "reply_to": "cyd-1"},
    {"kind": "source", "target": "bob-1"},
    {"kind": "question"},
    {"kind": "gem"},
    {"kind": "amendment"},
    {"kind": "opinion", "section": "art-1"},
    {"kind": "opinion", "text": "bill", "section": "art-9"},
    {"kind": "opinion", "district": "north"},
    {"kind": "opinion", "meeting": "monday"},
))  # fmt: skip
_VERSIONS = st.sampled_from((1, 1, 1, 2))
_TAKERS = st.sampled_from(("bob", "cyd"))
"""Who took a stance on Ana's opinion at the beginning."""
_FIRST = st.just("contribution/ana-1")
_THERE = st.sampled_from((*CONTENTS[:3], *CONTENTS[5:7]))
"""What is there from the beginning."""

OF_CONTRIBUTIONS = st.one_of(
    st.builds(sayings.contributed, ref=REFS, subject=_SUBJECTS),
    st.builds(sayings.argued, ref=ARGUED, contribution=REFS, side=st.sampled_from(("for", "against"))),
    st.builds(sayings.revised, ref=st.sampled_from((*OPINIONS, *ARGUMENTS)), who=OTHERS),
    st.builds(sayings.withdrawn, ref=st.sampled_from((*OPINIONS, *ARGUMENTS)), who=OTHERS),
    st.builds(sayings.attached, ref=REFS),
    st.builds(sayings.answered, ref=REFS, code=st.sampled_from(("retained", "noted"))),
)
_AGREEING = st.sampled_from(("agree", "mixed", "disagree"))
OF_STANCES = st.one_of(
    st.builds(sayings.cast, who=NAMES, target=st.sampled_from(CONTENTS[:5]), value=_AGREEING, version=_VERSIONS),
    st.builds(sayings.cast, who=NAMES, target=st.sampled_from(CONTENTS[5:]), value=st.just("support"), version=_VERSIONS),
    st.builds(sayings.cast, who=NAMES, target=TARGETS, value=st.sampled_from(("support", "up", "like"))),
    st.builds(sayings.changed, who=_TAKERS, target=_FIRST, value=_AGREEING, version=_VERSIONS),
    st.builds(sayings.changed, who=NAMES, target=TARGETS, value=_AGREEING),
    st.builds(sayings.uncast, who=_TAKERS, target=_FIRST | TARGETS),
    st.builds(sayings.explained, who=_TAKERS, target=_FIRST | TARGETS),
)
OF_REPORTS = st.builds(sayings.reported, who=NAMES, target=TARGETS, motive=st.sampled_from(("insult", "spam", "boredom")))
DECISIONS = st.builds(
    sayings.decided,
    target=_THERE | TARGETS,
    decision=st.sampled_from(("hidden", "visible", "invisible")),
    stances=st.sampled_from(("counted", "not_counted")),
    outcome=st.sampled_from(("reversed", "upheld")),
    steps=st.sampled_from((2, 4, 5, 6)),
)
OF_MODERATION = st.one_of(
    st.builds(sayings.restored, target=_THERE, because=st.sampled_from(("mistake", "appeal", "expired"))),
    st.builds(sayings.judged_by_the_moderator, target=_THERE),
    st.builds(sayings.dismissed, target=_THERE),
    st.builds(sayings.suspended, who=NAMES, until=SOON),
    st.builds(sayings.readmitted, who=NAMES),
)
LINEAGE = st.one_of(
    st.builds(sayings.merged, ref=REFS, into=REFS, steps=st.integers(1, 4)),
    st.builds(sayings.split, ref=REFS, parts=st.sampled_from((("ana-2", "bob-2"), ("bob-2", "cyd-1"), ("ana-2",)))),
)


def _authority(name: str, /, **fields: st.SearchStrategy[Any]) -> st.SearchStrategy[Act]:
    return st.builds(authority, st.just(name), **fields)


OF_TEXTS = st.one_of(
    _authority(
        "section.amended",
        ref=st.just("bill"),
        section=st.sampled_from(("art-1", "art-2", "art-9")),
        because_of=st.sampled_from((["ana-1"], ["bob-1", "ana-1"], [])),
        body=st.just({"fr": "texte amendé"}),
    ),
    st.just(authority("section.added", ref="bill", section="art-3", parent="art-1", title={"fr": "art-3"})),
)
ENDING = st.one_of(
    st.just(authority("text.adopted", ref="bill")),
    _authority("step.closed", step=st.sampled_from(("talk", "later", "vote"))),
    _authority(
        "scope_key.destroyed",
        scope=st.sampled_from(("report", "step/talk", "step/later", "author")),
        code=st.just("announced"),
    ),
    st.just(sayings.said("guarantor.stated", None, "guarantor", text={"fr": "Rien à dire."})),
)
"""What ends more than it begins."""
_STEPS = st.sampled_from(("talk", "later", "vote"))
OF_STEPS = st.one_of(
    _authority("step.opened", step=_STEPS),
    _authority("step.resumed", step=_STEPS),
    _authority(
        "step.planned",
        step=st.just("later"),
        kind=st.just("collection"),
        title=st.just({"fr": "Après"}),
        opens_at=st.none() | SOON,
        closes_at=st.none() | SOON,
        accepts=st.just(["idea"]),
    ),
    st.just(authority("step.stances_set", step="later", scales={"idea": "like"})),
    _authority("step.rescheduled", step=st.just("talk"), closes_at=SOON, code=st.just("holidays")),
    st.just(authority("step.suspended", step="talk", code="storm", reason={"fr": "Tempête"})),
)


def voted(who: str, name: str, entries: tuple[int, ...]) -> Act:
    """Somebody casts a ballot, or replaces theirs."""
    return Act(ballot(who, *entries, name=name))


OF_VOTES = st.one_of(
    st.builds(
        voted,
        who=NAMES,
        name=st.sampled_from(("ballot.cast", "ballot.replaced")),
        entries=st.sampled_from(((0,), (1, 2), (7,))),
    ),
    st.just(authority("results.embargoed", step="vote", until=DAYS[2])),
    st.just(authority("ballots.disclosed", step="vote")),
    st.just(authority("result.computed", step="vote")),
)
OF_IMPORTS = st.one_of(
    st.just(authority("import.started", ref="archive", format="polis", file_digest="A" * 43)),
    _authority(
        "aggregate.recorded",
        ref=st.just("archive"),
        target=TARGETS,
        basis=st.sampled_from(("counts_only", "published")),
        counts=st.sampled_from(({"agree": 3}, {"votes": 1, "agree": 1})),
    ),
    st.just(authority("import.finished", ref="archive")),
    _authority(
        "clusters.listed",
        step=st.just("talk"),
        ref=st.just("pca"),
        group=st.integers(0, 1),
        participants=st.lists(NAMES, min_size=1, max_size=3, unique=True),
    ),
    st.just(authority("clusters.sealed", step="talk", ref="pca", method="k_means")),
)


def asked(ref: str, who: str) -> Act:
    """Somebody asks that what they wrote be erased."""
    return sayings.said("erasure.requested", who, ref=ref, extent="participant", ground="withdrawn")


def erased(entry: int, fields: list[str] | None, basis: dict[str, str]) -> Act:
    """A platform erases from one entry."""
    return authority("content.erased", entry=entry, fields=fields, ground="asked", **basis)


_HOLDS = st.sampled_from(("h-1", "h-2"))
OF_PRIVACY = st.one_of(
    st.builds(asked, ref=st.sampled_from(("r-1", "r-2")), who=NAMES),
    st.builds(
        erased,
        entry=st.integers(0, 40),
        fields=st.sampled_from((None, None, ["title"], ["body"], ["body", "title"], ["reason"], ["entries"])),
        basis=st.sampled_from(({"authority": "court"}, {"authority": "court"}, {"request": "r-1"}, {})),
    ),
    _authority("legal_hold.placed", ref=_HOLDS, target=st.none() | TARGETS, code=st.just("lawsuit")),
    _authority("legal_hold.lifted", ref=_HOLDS, code=st.just("over")),
)
OF_COURTS = _authority("entry.redacted", entry=st.integers(0, 40), authority=st.just("court-9"), code=st.just("defamation"))
SINGLE = st.one_of(OF_CONTRIBUTIONS, OF_STANCES, OF_REPORTS, OF_MODERATION, OF_TEXTS, OF_STEPS, OF_VOTES, OF_IMPORTS, OF_PRIVACY)
SINGLE |= ENDING
SEVERAL = st.one_of(DECISIONS, LINEAGE, st.lists(SINGLE, min_size=2, max_size=5))

_ODD_WAYS: tuple[dict[str, Any], ...] = (
    {"role": "organizer"},
    {"role": "moderator"},
    {"role": "guarantor"},
    {"role": "agent", "on_behalf_of": "cyd"},
    {"role": "participant", "on_behalf_of": "cyd"},
    {"on_behalf_of": "cyd", "mandate_ref": "m-1"},
    {"claimed_at": DAYS[0]},
    {"claimed_at": "2026-02-30T99:00:00.000Z"},
    {"channel": "import", "claimed_at": "2026-02-01T12:30:00.000Z"},
    {"channel": "smoke"},
    {"participant": ""},
    {"participant": "zoe"},
    {"type": "contribution.imagined/1"},
    {"data": {}},
    {"data": []},
    {"extra": 1},
)


def odd(act: Act, way: dict[str, Any]) -> Act:
    """The act, posted in another way than it should be."""
    return Act({**_unmarked(act), **way}, act.client)


def foreign(act: Act, client: Client) -> Act:
    """The act, posted by another client."""
    return Act(_unmarked(act), client)


def _unmarked(act: Act) -> Document:
    """What is posted, without marks in its texts, and a new content under a reference that is nobody's: whose it is, nobody can tell now.

    Else a moderator would write about the content as of the person whose name its reference bears.
    """
    document: Document = orjson.loads(orjson.dumps(act.document).replace(b"<", b"("))
    if document["type"] in {"contribution.submitted/2", "argument.submitted/1"} and isinstance(document["data"], dict):
        document["data"]["ref"] = "odd-1"
    return document


_CLIENTS = st.sampled_from((
    STRANGER,
    replace(TOWN, name="reader", scopes=frozenset()),
    replace(TOWN, name="elsewhere", projects=frozenset({"other"})),
))  # fmt: skip
NOT_AS_IT_SHOULD_BE: st.SearchStrategy[Act] = st.builds(odd, act=SINGLE, way=st.sampled_from(_ODD_WAYS)) | st.builds(
    foreign, act=SINGLE, client=_CLIENTS
)
"""Posted in a way that is mostly not allowed, or by a client that mostly may not."""
