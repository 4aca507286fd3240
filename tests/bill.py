"""A bill discussed in memory, of which every reading has something to show: versions, lineage, answers, threads, moderation and erasure."""

from typing import Any

from ledger.events import Event, read_event
from tests.recorded import RecordedLog

OPINION, HIDDEN, ERASED = "contribution/open-data", "contribution/rude", "contribution/private"


def discussed() -> RecordedLog:
    """The bill `bill` with four sections, opinions on it, and what became of them; the step is still open."""
    log = RecordedLog()
    log.post(
        "project.opened", title={"en": "A bill", "fr": "Une loi"}, owner={"en": "Town"}, languages=["en", "fr"], currency="EUR",
        time_zone="Europe/Paris", keys_destroyed_at="2030-01-01T00:00:00.000Z",
    )  # fmt: skip
    log.post("motive.defined", ref="insult", name={"en": "Insult"})
    kinds = ["opinion", "amendment", "comment", "proposal"]
    log.post("step.planned", step="debate", kind="consultation", title={"en": "Debate"}, accepts=kinds)
    log.post(
        "step.stances_set",
        step="debate",
        scales={"opinion": "agree_mixed_disagree", "argument": "support"},
        arguments_on=["opinion"],
    )
    _bill(log)
    log.post("step.opened", step="debate")
    _opinions(log)
    _arguments(log)
    _answers(log)
    log.post("content.hidden", target=HIDDEN, motive="insult", rule_ref="art-4", reason={"en": "Rude"})
    log.erase(_submitted(log, ERASED).seq, "title", "body")
    return log


def says(log: RecordedLog, ref: str, who: str, kind: str = "opinion", **fields: Any) -> Event:
    """Somebody contributes to the debate."""
    return log.post("contribution.submitted", "participant", who=who, ref=ref, step="debate", kind=kind, **fields)


def argues(log: RecordedLog, ref: str, who: str, side: str, parent: str | None = None, on: str = "open-data") -> Event:
    """Somebody argues about an opinion."""
    body = {"en": f"Because {ref}"}
    fields: dict[str, Any] = {} if parent is None else {"parent": parent}
    return log.post("argument.submitted", "participant", who=who, ref=ref, step="debate", contribution=on, side=side, body=body, **fields)


def supports(log: RecordedLog, who: str, argument: str) -> None:
    """Somebody supports an argument."""
    log.post("stance.cast", "participant", who=who, step="debate", target=f"argument/{argument}", value="support", target_version=1)


def _bill(log: RecordedLog) -> None:
    log.post("text.published", ref="bill", step="debate", title={"en": "The bill", "fr": "La loi"})
    for section, parent in (("title-1", None), ("title-2", None), ("art-1", "title-1"), ("art-2", "title-1")):
        body = {"en": f"Old {section}"} if parent else None
        fields: dict[str, Any] = {} if parent is None else {"parent": parent, "body": body}
        log.post("section.added", ref="bill", section=section, title={"en": section.title()}, **fields)


def _opinions(log: RecordedLog) -> None:
    says(
        log, "open-data", "ana", text="bill", section="art-1", title={"en": "Open the data"}, body={"en": "All of it.\nSoon."},
        fields={"age": "42"},
    )  # fmt: skip
    log.post(
        "contribution.revised", "participant", who="ana", ref="open-data", step="debate", title={"en": "Open the data"},
        body={"en": "Most of it.\nSoon.", "fr": "Presque tout."}, fields={"age": "43"},
    )  # fmt: skip
    says(log, "rude", "bob", text="bill", section="art-1", title={"en": "Rude"}, body={"en": "Very rude"})
    says(log, "private", "cy", text="bill", section="art-2", title={"en": "Private"}, body={"en": "My address"})
    says(log, "same", "dee", text="bill", section="art-1", title={"en": "The same"})
    log.post("contribution.merge_proposed", ref="same", step="debate", into="open-data", reason={"en": "Alike"})
    log.post("contribution.merge_accepted", "participant", who="dee", ref="same", step="debate", into="open-data")
    log.post("contribution.merged_into", ref="same", step="debate", into="open-data")
    says(log, "two-things", "eve", text="bill", title={"en": "Two things"})
    for part in ("one-thing", "another-thing"):
        says(log, part, "eve", text="bill", derived_from="two-things", title={"en": part})
    log.post("contribution.split_into", ref="two-things", step="debate", parts=["one-thing", "another-thing"])
    says(log, "regretted", "fay", title={"en": "Regretted"})
    log.post("contribution.withdrawn", "participant", who="fay", ref="regretted", step="debate", code="second_thoughts")
    says(log, "by-us", "gus", collective="association", collective_name={"en": "=Friends of data"}, title={"en": "By us"})
    log.post("contribution.formalised_with", ref="by-us", step="debate", service="legal-desk")
    log.post("contribution.attached", "participant", who="gus", ref="by-us", step="debate", media_type="application/pdf", size_bytes=9,
             name="plan.pdf", digest="A" * 43)  # fmt: skip


def _arguments(log: RecordedLog) -> None:
    argues(log, "cheap", "hal", "for")
    argues(log, "fair", "ida", "for")
    argues(log, "costly", "jon", "against")
    argues(log, "not-so", "kim", "for", parent="costly")
    argues(log, "really", "leo", "for", parent="not-so")
    for who in ("ana", "bob"):
        supports(log, who, "fair")
    supports(log, "cy", "costly")
    log.post("argument.revised", "participant", who="hal", ref="cheap", step="debate", body={"en": "Because cheap, truly"})
    log.post("argument.withdrawn", "participant", who="leo", ref="really", step="debate", code="second_thoughts", reason={"en": "No"})


def _answers(log: RecordedLog) -> None:
    log.wait(days=3)
    log.post("contribution.answered", ref="open-data", step="debate", code="noted", body={"en": "We think about it."})
    log.wait(days=4)
    log.post("contribution.answered", ref="open-data", step="debate", code="retained", body={"en": "=Yes"})
    log.post(
        "section.amended", ref="bill", section="art-1", because_of=["open-data", "same"], body={"en": "New art-1"}, reason={"en": "Heard"}
    )
    log.wait(days=2)


def _submitted(log: RecordedLog, target: str) -> Event:
    return next(event for _, entry in log.entries(0, log.size()) if (event := read_event(entry)).stream == target)
