"""A short consultation in memory in which content is reported, hidden, limited, restored and erased, and an author suspended."""

from typing import Any

from tests.recorded import RecordedLog

OPINION, IDEA, ARGUMENT = "contribution/open-data", "contribution/free-wifi", "argument/costly"


def moderated() -> RecordedLog:
    """Ana's opinion is hidden by the office and restored by the court on appeal, Bob's idea stays in the trash, Max is suspended."""
    log = debate()
    moderate = _moderating(log)
    for person, motive in (("eve", "insult"), ("joe", "spam")):
        log.post("report.made", "participant", who=person, target=OPINION, motive=motive)
    moderate("case.opened", target=OPINION, origin="reports")
    moderate("content.hidden", target=OPINION, motive="insult", rule_ref="art-4", reason={"en": "Rude", "fr": "Grossier"})
    moderate("decision.notified", channel="email", target=OPINION)
    log.post("appeal.lodged", "participant", who="ana", target=OPINION, details={"en": "=A joke"})
    log.wait(hours=5)
    court = _moderating(log, "court")
    court("appeal.decided", target=OPINION, outcome="reversed", code="misread", reason={"en": "It is a joke"})
    court("content.restored", target=OPINION, because="appeal")
    moderate("content.limited", target=IDEA, motive="spam", trash="visible", until="2026-03-02T00:00:00.000Z", reason={"en": "Thrice"})
    moderate("report.dismissed", target=ARGUMENT, code="within_the_rules")
    moderate("participant.suspended", holder=log.aggregates.state(ARGUMENT).author, motive="spam", until="2026-03-02T00:00:00.000Z")  # type: ignore[attr-defined]  # an argument's
    log.wait(days=3)
    log.post("erasure.requested", "participant", who="ana", ref="r1", extent="content", target=OPINION, ground="withdrawn_consent")
    log.post("legal_hold.placed", ref="h1", code="lawsuit", target=IDEA)
    return log


def debate() -> RecordedLog:
    """A consultation that is open, with two contributions and an argument."""
    log = RecordedLog()
    log.post(
        "project.opened", title={"en": "A bill"}, owner={"en": "Town"}, languages=["en", "fr"], currency="EUR",
        time_zone="Europe/Paris", keys_destroyed_at="2030-01-01T00:00:00.000Z",
    )  # fmt: skip
    for client in ("office", "court"):
        log.post("role.granted", granted="moderator", client=client)
    for motive in ("insult", "spam"):
        log.post("motive.defined", ref=motive, name={"en": motive.title()})
    log.post("step.planned", step="debate", kind="consultation", title={"en": "Debate"}, accepts=["opinion", "idea"])
    log.post("step.stances_set", step="debate", scales={"opinion": "support"}, arguments_on=["opinion"])
    log.post("step.opened", step="debate")
    log.post(
        "contribution.submitted", "participant", who="ana", ref="open-data", step="debate", kind="opinion",
        title={"en": "Open the data"}, body={"en": "All of it."},
    )  # fmt: skip
    log.post("contribution.submitted", "participant", who="bob", ref="free-wifi", step="debate", kind="idea", title={"en": "Wifi"})
    log.post(
        "argument.submitted", "participant", who="max", ref="costly", step="debate", contribution="open-data", side="against",
        body={"en": "It costs."},
    )  # fmt: skip
    return log


def _moderating(log: RecordedLog, via: str = "office") -> Any:
    def moderate(name: str, **fields: Any) -> None:
        log.post(name, "moderator", via=via, **fields)

    return moderate
