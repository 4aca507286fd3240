"""A project whose steps have files in the shapes of other platforms: a debate on a bill, a conversation, a box of proposals."""

import csv
from io import StringIO
from typing import Any

from ledger.events import Event, read_event
from ledger.package.publication import derived_files
from tests.recorded import RecordedLog

DEBATE, TALK, BOX = "cap-collectif/debate.csv", "polis/talk/", "decidim/box.csv"


def shaped() -> RecordedLog:
    """All three, with second thoughts, moderation, an erased opinion, answers and a clustering."""
    log = opened()
    debate(log)
    talk(log)
    box(log)
    return log


def opened() -> RecordedLog:
    """A project in two languages, with a motive, a category and a meeting."""
    log = RecordedLog()
    log.post(
        "project.opened", title={"en": "A bill", "fr": "Une loi"}, owner={"en": "Town"}, languages=["en", "fr"], currency="EUR",
        time_zone="Europe/Paris", keys_destroyed_at="2030-01-01T00:00:00.000Z",
    )  # fmt: skip
    log.post("project.described", description={"en": "=What do you think?"})
    log.post("motive.defined", ref="insult", name={"en": "Insult"})
    log.post("category.defined", ref="green", name={"en": "Green", "fr": "Vert"})
    log.post("meeting.held", ref="hall", held_at="2026-02-01T10:00:00.000Z", attendance=12)
    return log


def debate(log: RecordedLog) -> None:
    """Opinions `first`, `rude`, `gone`, an amendment of the first and one of a section; arguments, a source, a report and votes."""
    _step(log, "debate", ["opinion", "amendment", "source"], {"opinion": "agree_mixed_disagree", "amendment": "agree_mixed_disagree"})
    log.post("text.published", ref="bill", step="debate", title={"en": "The bill"})
    log.post("section.added", ref="bill", section="s1", title={"en": "Section 1"})
    log.post("step.opened", step="debate")
    _says(log, "debate", "first", "opinion", "ana", title={"en": "=Open it"}, body={"en": "All,\nof it."}, text="bill", section="s1")
    _says(log, "debate", "rude", "opinion", "bob", title={"en": "Rude"}, body={"en": "Very rude."})
    _says(log, "debate", "gone", "opinion", "cy", title={"en": "Private"}, body={"en": "Too private."})
    _says(log, "debate", "a-wording", "amendment", "bob", title={"en": "Shorter"}, body={"en": "Open."}, target="first")
    _says(log, "debate", "section-wording", "amendment", "cy", title={"en": "Longer"}, text="bill", section="s1")
    _says(log, "debate", "survey", "source", "cy", body={"en": "See the survey."}, target="a-wording")
    for ref, on, side in (("why", "first", "for"), ("first", "first", "against"), ("short", "a-wording", "for")):
        log.post(
            "argument.submitted",
            "participant",
            who="dee",
            ref=ref,
            step="debate",
            contribution=on,
            side=side,
            body={"en": f"Because {ref}"},
        )
    for who, ref, value in (
        ("ana", "first", "agree"), ("bob", "first", "mixed"), ("cy", "first", "disagree"), ("dee", "first", "agree"),
        ("ana", "a-wording", "agree"), ("ana", "rude", "disagree"), ("ana", "gone", "agree"),
    ):  # fmt: skip
        stance(log, "debate", who, ref, value)
    again(log, "debate", "dee", "first", "disagree")
    log.post("stance.withdrawn", "participant", who="bob", step="debate", target="contribution/first")
    for who in ("ana", "cy"):
        log.post("report.made", "participant", who=who, target="contribution/rude", motive="insult")
    log.post("content.hidden", target="contribution/rude", motive="insult", reason={"en": "Rude"})
    log.post("content.limited", target="argument/why", motive="insult", trash="visible")
    [submitted] = [event for event in events(log) if event.stream == "contribution/gone"]
    log.erase(submitted.seq)


def talk(log: RecordedLog) -> None:
    """Comments `yes`, `no` and `rude`, one of nobody; six votes of three people, of whom one changes a vote and one takes one back."""
    _step(log, "talk", ["opinion"], {"opinion": "agree_pass_disagree"})
    log.post("step.opened", step="talk")
    _says(log, "talk", "yes", "opinion", "ana", body={"en": "@Yes, please"})
    _says(log, "talk", "no", "opinion", "bob", title={"en": "No"}, body={"en": "Never"})
    log.post("contribution.submitted", ref="seed", step="talk", kind="opinion", body={"en": "Perhaps"})
    _says(log, "talk", "rude-2", "opinion", "bob", body={"en": "Rude"})
    for who, ref, value in (
        ("ana", "yes", "agree"), ("bob", "yes", "disagree"), ("bob", "no", "agree"), ("cy", "yes", "pass"), ("cy", "no", "agree"),
        ("cy", "rude-2", "agree"),
    ):  # fmt: skip
        stance(log, "talk", who, ref, value)
    log.wait(hours=2)
    again(log, "talk", "bob", "yes", "agree")
    log.post("stance.withdrawn", "participant", who="cy", step="talk", target="contribution/no")
    log.post("content.hidden", target="contribution/rude-2", motive="insult")
    log.post("content.hidden", target="contribution/no", motive="insult")
    log.post("content.restored", target="contribution/no", because="mistake")
    casts = [event for event in events(log) if event.stream.startswith("stance/contribution/yes/")]
    members = sorted({event.actor for event in casts if event.actor is not None})
    log.post("clusters.listed", step="talk", ref="k", group=0, members=members[:2])
    log.post("clusters.listed", step="talk", ref="k", group=1, members=members[2:])
    log.post("clusters.sealed", step="talk", ref="k", method="kmeans")


def box(log: RecordedLog) -> None:
    """Proposals `lamp`, answered, `tree`, withdrawn, and `bench` from a meeting; an amendment, a comment and supports."""
    _step(log, "box", ["proposal", "amendment", "comment"], {"proposal": "support"})
    log.post("step.opened", step="box")
    _says(
        log, "box", "lamp", "proposal", "ana", title={"fr": "Lampes", "de": "Lampen"}, body={"en": "More; light"}, category="green",
        cost_minor=120_050, external_ref="-L 1", location={"latitude": "-3.7", "longitude": "40.4", "address": "Plaza"},
    )  # fmt: skip
    _says(log, "box", "tree", "proposal", "bob", title={"de": "Baum"})
    log.post("contribution.submitted", ref="bench", step="box", kind="proposal", title={"en": "Bench"}, meeting="hall", derived_from="tree")
    _says(log, "box", "warm-lamp", "amendment", "bob", title={"en": "Warm lamps"}, target="lamp")
    _says(log, "box", "c1", "comment", "cy", body={"en": "Good"}, target="lamp")
    stance(log, "box", "ana", "lamp", "support")
    stance(log, "box", "bob", "lamp", "support")
    log.post("contribution.answered", ref="lamp", step="box", code="adapted", body={"en": "With fewer"})
    log.post("contribution.answered", ref="bench", step="box", code="noted")
    log.post("contribution.withdrawn", "participant", who="bob", ref="tree", step="box", code="second_thoughts")


def stance(log: RecordedLog, step: str, who: str, ref: str, value: str) -> None:
    """Somebody takes a stance on a contribution as it was submitted."""
    log.post("stance.cast", "participant", who=who, step=step, target=f"contribution/{ref}", target_version=1, value=value)


def again(log: RecordedLog, step: str, who: str, ref: str, value: str) -> None:
    """Somebody takes another stance on it."""
    log.post("stance.changed", "participant", who=who, step=step, target=f"contribution/{ref}", target_version=1, value=value)


def events(log: RecordedLog) -> list[Event]:
    """The events of the log."""
    return [read_event(entry) for _, entry in log.entries(0, log.size())]


def rows(log: RecordedLog, name: str, delimiter: str = ",") -> list[dict[str, str]]:
    """The rows of a derived file by column."""
    [content] = [b"".join(pieces) for found, pieces in derived_files(log.source) if found == name]
    return list(csv.DictReader(StringIO(content.decode(), newline=""), delimiter=delimiter))


def names(log: RecordedLog) -> list[str]:
    """The names of the derived files that are no tables."""
    return [name for name, _ in derived_files(log.source) if not name.startswith("tables/")]


def _step(log: RecordedLog, ref: str, accepts: list[str], scales: dict[str, str]) -> None:
    log.post("step.planned", step=ref, kind="consultation", title={"en": f"={ref.title()}"}, accepts=accepts)
    log.post("step.stances_set", step=ref, scales=scales, arguments_on=[kind for kind in accepts if kind in {"opinion", "amendment"}])


def _says(log: RecordedLog, step: str, ref: str, kind: str, who: str, **said: Any) -> None:
    log.post("contribution.submitted", "participant", who=who, ref=ref, step=step, kind=kind, **said)
