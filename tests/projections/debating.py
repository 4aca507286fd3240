"""Histories of a step in which people take stances, for tests: written event by event, and drawn at random."""

from collections.abc import Iterable, Mapping

from hypothesis import strategies as st

from ledger.canonical import JsonValue
from ledger.events import Event
from tests.projections.history import DIGEST, History

SCALES: dict[str, JsonValue] = {
    "opinion": "agree_mixed_disagree",
    "amendment": "agree_mixed_disagree",
    "source": "like",
    "argument": "support",
}
PEOPLE = tuple(f"person {number}" for number in range(5))
TARGETS = ("contribution/a", "contribution/a-b", "contribution/a.", "contribution/s", "argument/a", "argument/z")
"""Names that begin with each other, so that an order by parts and an order by whole keys can differ."""


class Debate(History):
    """A history with a step `debate` that takes stances; who said what last is remembered, so that events name what they replace."""

    def __init__(self) -> None:
        super().__init__()
        self.last: dict[tuple[str, str], tuple[str | None, int | None]] = {}

    def begun(self, ranking: str = "net", **scales: JsonValue) -> "Debate":
        """The step is planned, says what it takes stances on, and opens."""
        self.opened()
        accepts: list[JsonValue] = ["opinion", "amendment", "source", "comment"]
        self.add("step.planned", {"step": "debate", "kind": "consultation", "title": {"en": "Debate"}, "accepts": accepts})
        told: dict[str, JsonValue] = {"step": "debate", "scales": scales or SCALES, "ranking": ranking, "arguments_on": ["opinion"]}
        self.add("step.stances_set", told)
        self.open_step("debate")
        return self

    def contribute(self, ref: str, kind: str = "opinion", step: str = "debate", **fields: JsonValue) -> Event:
        """Somebody contributes."""
        return self.add("contribution.submitted", {"ref": ref, "step": step, "kind": kind, **fields}, who=f"author of {ref}")

    def argue(self, ref: str, contribution: str, side: str = "for") -> Event:
        """Somebody argues."""
        said: dict[str, JsonValue] = {"ref": ref, "step": "debate", "contribution": contribution, "side": side}
        return self.add("argument.submitted", said, who=f"author of {ref}")

    def say(self, who: str, target: str, value: str, version: int = 1, *, channel: str = "web", claimed_at: str | None = None) -> Event:
        """Somebody takes a stance, or another one."""
        told: dict[str, JsonValue] = {"step": "debate", "target": target, "value": value, "target_version": version}
        name = "stance.cast"
        if (who, target) in self.last:
            name = "stance.changed"
            told |= self._old(who, target)
        self.last[who, target] = value, version
        event = self.add(name, told, who=who, role="participant", channel=channel)
        event.claimed_at = claimed_at
        return event

    def unsay(self, who: str, target: str, code: str | None = None) -> Event:
        """Somebody takes a stance back."""
        told: dict[str, JsonValue] = {"step": "debate", "target": target, **self._old(who, target)}
        self.last[who, target] = None, None
        return self.add("stance.withdrawn", told if code is None else {**told, "code": code}, who=who, role="participant")

    def explain(self, who: str, target: str, words: str | None = None) -> Event:
        """Somebody says more about a stance."""
        shown: dict[str, JsonValue] | None = None if words is None else {"how": {"en": words}}
        return self.add("stance.explained", {"step": "debate", "target": target}, who=who, role="participant", disclosed=shown)

    def revise(self, target: str) -> Event:
        """A target reads anew."""
        family, _, ref = target.partition("/")
        return self.add(f"{family}.revised", {"ref": ref, "step": "debate"}, who=f"author of {ref}")

    def moderate(self, target: str, *, name: str = "content.hidden", stances: str = "counted") -> Event:
        """A moderator decides against a target."""
        told: dict[str, JsonValue] = {"target": target, "motive": "insult", "stances": stances}
        if name == "content.limited":
            told["trash"] = "visible"
        return self.add(name, told, role="moderator")

    def restore(self, target: str) -> Event:
        """A moderator restores a target."""
        return self.add("content.restored", {"target": target, "because": "mistake"}, role="moderator")

    def withdraw(self, target: str) -> Event:
        """An author takes a target back."""
        family, _, ref = target.partition("/")
        return self.add(f"{family}.withdrawn", {"ref": ref, "step": "debate", "code": "no"}, who=f"author of {ref}")

    def state(self, target: str, counts: Mapping[str, int], basis: str = "published", ref: str = "rua") -> Event:
        """A source states counts of a target."""
        return self.add("aggregate.recorded", {"ref": ref, "target": target, "basis": basis, "counts": {**counts}})

    def group(self, groups: Mapping[int, Iterable[str]], ref: str = "k2") -> "Debate":
        """People are put into groups, and that is sealed."""
        for group, people in groups.items():
            members: list[JsonValue] = [*sorted(self.person(who) for who in people)]
            self.add("clusters.listed", {"step": "debate", "ref": ref, "group": group, "members": members})
        count = sum(len([*people]) for people in groups.values())
        told: dict[str, JsonValue] = {"method": "kmeans", "groups": len(groups), "count": count, "digest": DIGEST}
        self.add("clusters.sealed", {"step": "debate", "ref": ref, **told})
        return self

    def _old(self, who: str, target: str) -> dict[str, JsonValue]:
        value, version = self.last[who, target]
        return {} if value is None else {"old_value": value, "old_version": version}


@st.composite
def debates(draw: st.DrawFn) -> Debate:
    """A debate with everything that changes a stance or a tally."""
    debate = Debate().begun()
    for ref in ("a", "a-b", "a."):
        debate.contribute(ref, section="s1", text="bill")
    debate.contribute("s", "source", target="a")
    for ref in ("a", "z"):
        debate.argue(ref, "a", draw(st.sampled_from(("for", "against"))))
    versions = dict.fromkeys(TARGETS, 1)
    for _ in range(draw(st.integers(0, 30))):
        target, who = draw(st.sampled_from(TARGETS)), draw(st.sampled_from(PEOPLE))
        match draw(st.sampled_from(("say", "say", "say", "unsay", "explain", "revise", "hide", "restore", "withdraw"))):
            case "say":
                values = ("like",) if target.endswith("/s") else ("support",) if target[0] == "a" else ("agree", "mixed", "disagree")
                claimed = draw(st.sampled_from((None, "2019-10-07T15:00:00.000Z")))
                channel = draw(st.sampled_from(("web", "import")))
                version = draw(st.integers(1, versions[target]))
                debate.say(who, target, draw(st.sampled_from(values)), version, channel=channel, claimed_at=claimed)
            case "unsay" if debate.last.get((who, target), (None, None))[0] is not None:
                debate.unsay(who, target, draw(st.sampled_from((None, "second_thoughts"))))
            case "explain" if debate.last.get((who, target), (None, None))[0] is not None:
                debate.explain(who, target, draw(st.sampled_from((None, "because"))))
            case "revise":
                debate.revise(target)
                versions[target] += 1
            case "hide":
                name = draw(st.sampled_from(("content.hidden", "content.limited")))
                debate.moderate(target, name=name, stances=draw(st.sampled_from(("counted", "not_counted"))))
            case "restore":
                debate.restore(target)
            case "withdraw":
                debate.withdraw(target)
    return debate
