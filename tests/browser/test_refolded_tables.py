"""Tables of contributions and stances are the same from the page and from Python, for logs drawn at random, unlawful ones among them."""

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledger.aggregates.contributing import ABOUT_ANOTHER
from ledger.canonical import JsonValue
from ledger.projections.readings.published_differences import NAMES
from ledger.rules.rankings import RANKINGS, Counts, ranked
from ledger.rules.scales import SCALES
from tests.browser.browsing import Verifier
from tests.browser.refolding import Told, made_in_python, made_in_the_page
from tests.consultation import (
    EVERY_KIND,
    adopted,
    amended,
    argued,
    contributed,
    debate,
    hidden,
    published,
    rephrased,
    restored,
    reworded,
    section,
    unargued,
)
from tests.given import given as past
from tests.projections.debating import PEOPLE, TARGETS, Debate, debates
from tests.projections.history import DIGEST, History
from tests.projections.test_unlawful_contents import soups

TABLES = ("contributions", "arguments", "sections", "versions", "answers", "aggregates", "tallies", "consensus")
WORDS = st.sampled_from([{"fr": "Été", "en": "Summer"}, {"de": "=1+1", "ar": "\u0645\u0627"}, {"fr": 'A "b", c\r\nd'}, {"en": ""}, None])
TEXTS: st.SearchStrategy[Any] = st.fixed_dictionaries(
    {},
    optional={
        **dict.fromkeys(("title", "body", "reason", "collective_name", "how"), WORDS),
        "location": st.sampled_from([None, {"latitude": "48.1"}, {"longitude": "-2.5", "address": "+12, rue"}]),
        "fields": st.sampled_from([None, {}, {"b": "1", "a": "\U0001f600"}]),
    },
)
"""Any of the texts that an event may have, in any of its states: shown, left out, and not shown."""


@st.composite
def shown_soups(draw: st.DrawFn) -> History:
    """Contributions, arguments and texts in any order; each of their texts shown or not."""
    history = draw(soups())
    if draw(st.booleans()):
        history.opened()
    history.events = [(event, draw(TEXTS)) for event, _ in history.events]
    return history


def erased() -> History:
    """Of contributions and arguments one version is erased, the other not, or a reason; each stands under every decision, or none."""
    history = History().opened()
    step: dict[str, JsonValue] = {"step": "debate"}
    for number, decision in enumerate([None, "hidden", "visible", "invisible"]):
        for family, about in (("contribution", {"kind": "opinion"}), ("argument", {"contribution": "c0", "side": "for"})):
            ref, stream = f"{family[0]}{number}", f"{family}/{family[0]}{number}"
            for name, more in (("submitted", about), ("revised", {}), ("withdrawn", {"code": "gone"})):
                shown: dict[str, JsonValue] = {} if name == "revised" else {"title": {"en": ref}, "body": {"en": name}, "location": None}
                event = history.add(f"{family}.{name}", {"ref": ref, **step, **more}, who=ref, disclosed=shown)
                if name != "submitted":
                    history.add("content.erased", {"entry": event.seq, "erased": stream, "digests": [DIGEST], "ground": "law"})
            if decision == "hidden":
                history.add("content.hidden", {"target": stream, "motive": "spam"})
            elif decision is not None:
                history.add("content.limited", {"target": stream, "motive": "spam", "trash": decision})
    return history


def proposed_twice() -> History:
    """A merge is refused, proposed again, and refused again; another is refused once."""
    history = History().opened()
    for ref in ("a", "b", "c"):
        history.add("contribution.submitted", {"ref": ref, "step": "debate", "kind": "opinion"}, who=ref)
    for into, acts in (("b", ("proposed", "refused", "proposed", "refused")), ("c", ("proposed", "proposed", "refused"))):
        for act in acts:
            code = {"code": "no"} if act == "refused" else {}
            history.add(f"contribution.merge_{act}", {"ref": "a", "step": "debate", "into": into, **code})
    return history


@st.composite
def counted_debates(draw: st.DrawFn) -> Debate:
    """Stances of a debate, groups of those who took them, and what a source states of it."""
    debate = draw(debates())
    method, scale = draw(st.sampled_from(sorted(RANKINGS))), draw(st.sampled_from([*SCALES, None]))
    if draw(st.booleans()):
        scales: dict[str, Any] = {} if scale is None else {"opinion": scale, "argument": "support"}
        debate.add("step.stances_set", {"step": draw(st.sampled_from(["debate", "other"])), "scales": scales, "ranking": method})
    for ref in draw(st.lists(st.sampled_from(["k2", "k2-b", "k."]), max_size=3, unique=True)):
        crowd = [*PEOPLE, *(f"stranger {number}" for number in range(draw(st.integers(0, 12))))]
        groups: dict[int, list[str]] = {}
        for who in crowd:
            groups.setdefault(draw(st.sampled_from([0, 2, 10])), []).append(who)
        debate.group(groups, ref)
    for target in draw(st.lists(st.sampled_from([*TARGETS, "contribution/nobody"]), max_size=4)):
        counts = draw(st.dictionaries(st.sampled_from(NAMES), st.integers(0, 9), min_size=1, max_size=4))
        debate.state(target, counts, draw(st.sampled_from(["published", "counts_only"])), draw(st.sampled_from(["rua", "old"])))
    return debate


def drawn(verifier: Verifier, histories: list[Any]) -> None:
    """The page makes the tables of all of these as Python does."""
    logs: list[Told] = [history.events for history in histories]
    for log, found in zip(logs, made_in_the_page(verifier, TABLES, logs), strict=True):
        assert found == made_in_python(TABLES, log)


MANY = settings(max_examples=8, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example])


@MANY
@given(histories=st.lists(shown_soups(), min_size=1, max_size=12))
def test_contents_of_logs_that_nobody_admitted_are_told_as_in_python(verifier: Verifier, histories: list[History]) -> None:
    drawn(verifier, histories)


@MANY
@given(histories=st.lists(counted_debates(), min_size=1, max_size=6))
def test_stances_are_tallied_ranked_and_grouped_as_in_python(verifier: Verifier, histories: list[Debate]) -> None:
    drawn(verifier, histories)


def test_erasures_and_decisions_and_merges_proposed_again_are_told_as_in_python(verifier: Verifier) -> None:
    drawn(verifier, [erased(), proposed_twice()])


_RANKED = """([method, targets]) => {
  const valued = targets.map(([target, positive, neutral, negative]) => {
    return { target, ...rankedValue(method, { positive, neutral, negative, stances: positive + neutral + negative }) };
  });
  return inRanks(valued).map(({ rank, target, score }) => [rank, target, score.exact, score.decimal]);
}"""
NUMBERS = st.one_of(st.integers(0, 12), st.integers(0, 2**40))


@settings(max_examples=150)
@given(method=st.sampled_from(sorted(RANKINGS)), counts=st.lists(st.tuples(NUMBERS, NUMBERS, NUMBERS), max_size=40))
def test_every_ranking_is_that_of_python_to_the_last_digit(verifier: Verifier, method: Any, counts: list[tuple[int, int, int]]) -> None:
    targets = {f"contribution/{place:x}": Counts(*told) for place, told in enumerate(counts)}
    expected = [[entry.rank, entry.target, entry.score.exact, entry.score.decimal] for entry in ranked(method, targets)]
    assert verifier.call(_RANKED, [method, [[target, *told] for target, told in targets.items()]]) == expected


def test_every_kind_of_contribution_is_told_as_in_python(verifier: Verifier) -> None:
    about: dict[str, str] = dict.fromkeys({*ABOUT_ANOTHER, "amendment"}, "open-data")
    more = [contributed(f"{kind}-1", kind, target=about.get(kind)) for kind in EVERY_KIND if kind != "opinion"]
    text = (published(), section(), section("article-2"), contributed(), amended(because_of=("open-data",)), adopted())
    said = (*more, argued(), rephrased(), reworded(), hidden(), restored(), hidden("argument/costly"), unargued())
    log: Told = [(event, {"title": {"fr": event.type}, "body": None}) for event in past(*debate(*text, *said)).history.events]
    [found] = made_in_the_page(verifier, TABLES, [log])
    assert found == made_in_python(TABLES, log)
    assert found["contributions"].count("\n") == 1 + len(EVERY_KIND)
