"""Which times of entries can be."""

import pytest

from ledger.aggregates import Aggregates
from ledger.audit.findings import Findings
from ledger.audit.moments import Moments
from ledger.events.project import EvaluationPublished
from ledger.events.report import ReportMade
from ledger.events.roll import AttendanceMarked
from ledger.events.stance import StanceCast
from tests.given import Post, digest, person, post
from tests.given import given as past

HOUR = "2026-03-01T10:00:00.000Z"


def checks(*moments: tuple[str, str]) -> list[str]:
    """What is found in a log with events at these times in these roles."""
    findings = Findings()
    judged = Moments(findings)
    history = past().history
    for at, role in moments:
        draft = post(EvaluationPublished, digest=digest("evaluation")) if role != "agent" else post(AttendanceMarked, step="vote")
        judged.consider(history.event(draft.posted(at=at, role=role, actor=person("ana"))))
    return [finding.check for finding in findings.listed]


@pytest.mark.parametrize(
    ("moments", "found"),
    [
        ([("2026-03-01T10:00:00.000Z", "organizer"), ("2026-03-01T10:00:00.000Z", "organizer")], []),
        ([("2026-03-01T10:00:00.001Z", "organizer"), ("2026-03-01T10:00:00.000Z", "organizer")], ["time-backwards"]),
        ([("2026-03-01T10:59:59.999Z", "organizer"), (HOUR, "participant"), ("2026-03-01T10:59:59.999Z", "system")], []),
        ([("2026-03-01T11:00:00.000Z", "organizer"), (HOUR, "participant")], ["time-backwards"]),
        ([(HOUR, "participant"), ("2026-03-01T09:59:59.999Z", "organizer")], ["time-backwards"]),
        ([("2026-03-01T10:00:01.000Z", "participant")], ["time-too-fine"]),
        ([("2026-03-01T10:00:01.000Z", "agent")], []),
        ([("2026-02-29T10:00:00.000Z", "organizer")], ["time-invalid"]),
        ([("2026-13-01T10:00:00.000Z", "organizer"), ("2026-03-01T10:00:00.000Z", "organizer")], ["time-invalid"]),
    ],
)
def test_times_are_judged_by_role_and_by_those_before(moments: list[tuple[str, str]], found: list[str]) -> None:
    assert checks(*moments) == found


@pytest.mark.parametrize(
    "draft",
    [
        post(StanceCast, step="talk", target="contribution/open-data", value="agree", target_version=1),
        post(ReportMade, target="contribution/open-data", motive="insult"),
    ],
    ids=["stance", "report"],
)
@pytest.mark.parametrize(("at", "found"), [(HOUR, []), ("2026-03-01T10:00:01.000Z", ["time-too-fine"])])
def test_what_somebody_did_is_dated_by_the_hour_also_where_an_agent_posts_it(draft: Post, at: str, found: list[str]) -> None:
    findings = Findings()
    Moments(findings).consider(past().history.event(draft.posted(at=at, role="agent")))
    assert [finding.check for finding in findings.listed] == found


def test_a_log_without_steps_is_not_overdue() -> None:
    findings = Findings()
    Moments(findings).finish(Aggregates())
    assert findings.listed == []
