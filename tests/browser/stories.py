"""Packages of many kinds of logs, each made once: what the page makes anew of them has to be what stands in them."""

from collections.abc import Callable, Mapping
from functools import cache

from ledger.package.layout import FORMAT, FORMAT_2
from tests.bill import discussed
from tests.drawing_town import by_secrets, revealed, tied
from tests.drawn import BETWEEN_PARTIES
from tests.moderated import OPINION, debate, moderated
from tests.package.shapes import opened, shaped
from tests.recorded import EQUAL_SHARES, RecordedLog, town
from tests.redacted import redact
from tests.tamper.test_rewritten_logs import with_clock
from tests.vectors.formats_v1 import frozen_package, packed
from tests.voiced import voiced


def hidden() -> RecordedLog:
    """Content is hidden again, somebody is suspended twice and readmitted, a hold is lifted, a request is answered."""
    log = moderated()
    holder = log.aggregates.state("argument/costly").author  # type: ignore[attr-defined]  # an argument's
    log.post("content.hidden", "moderator", via="office", target=OPINION, motive="insult", stances="not_counted", reason={"fr": "=Encore"})
    for until in ("2026-03-20T00:00:00.000Z", "2026-03-30T00:00:00.000Z"):
        log.post("participant.suspended", "moderator", via="office", holder=holder, motive="spam", until=until, target=OPINION)
    log.post("participant.readmitted", "moderator", via="court", holder=holder, code="apology", reason={"en": 'Sorry, "really"'})
    log.post("legal_hold.lifted", ref="h1", code="over")
    log.erase(
        next(event.seq for event, _ in log._folded if event.stream == "contribution/free-wifi"), "title", request="r1", authority=None
    )
    return log


def changing() -> RecordedLog:
    """Dates and rules are changed at every time when they can be, and a step is stopped for a while."""
    log = debate()
    log.post("envelope.defined", ref="north", amount_minor=100_000)
    log.post("charter.adopted", digest="A" * 43)
    log.post("role.granted", granted="guarantor", client="court")
    log.post("role.revoked", revoked="moderator", client="court")
    for day in ("05", "06"):
        log.post("step.rescheduled", step="debate", closes_at=f"2026-03-{day}T12:00:00.000Z", code="late", reason={"en": "Late"})
    log.post("step.suspended", step="debate", code="outage")
    log.post("step.resumed", step="debate")
    log.post("step.closed_early", step="debate", code="storm", reason={"fr": "Tempête"})
    return log


def without_a_proposal() -> RecordedLog:
    """The entry in which a candidate came in is redacted."""
    log = town()
    redact(log, next(event.seq for event, _ in log._folded if event.type == "contribution.submitted/2"))
    return log


def busy(days: int = 12) -> RecordedLog:
    """Stances and reports of many days come in through several channels, of some days a few only; ballots are still cast."""
    log = debate()
    for number in range(days * 9):
        channel = ("web", "phone", "web", "sms")[number % 4] if number % 5 else "web"
        log.wait(hours=[1, 2, 5][number // 9 % 3])
        who = f"person {number}"
        log.post("stance.cast", "participant", channel=channel, who=who, step="debate", target=OPINION, value="support", target_version=1)
        if not number % 3:
            log.post("report.made", "participant", channel=channel, who=who, target=OPINION, motive=["insult", "spam"][number % 2])
    return log


def hardly_begun() -> RecordedLog:
    """Comments that go by numbers, without a stance."""
    log = opened()
    log.post("step.planned", step="talk", kind="consultation", title={"en": "Talk"}, accepts=["opinion"])
    log.post("step.stances_set", step="talk", scales={"opinion": "agree_pass_disagree"})
    log.post("step.opened", step="talk")
    for number in ("12", "3"):
        external = {"ref": f"comment-{number}", "external_ref": number}
        log.post("contribution.submitted", "participant", who="ana", step="talk", kind="opinion", **external)
    return log


def disputed() -> RecordedLog:
    """The authority announces what no ballot and no rule gives, overrides one decision, and takes a candidate back after the vote."""
    log = town()
    log.post("outcome.published", step="vote", selected=[1], outside_rule=[3], ballots_missing=[{"channel": "paper", "count": 2}])
    log.post("outcome.overridden", step="vote", position=2, funded=False, code="not_feasible")
    log.post("contribution.withdrawn", "participant", who="author of bench", ref="bench", step="ideas", code="second_thoughts")
    return log


LOGS: Mapping[str, Callable[[], RecordedLog]] = {
    "town": town,
    "sealed": lambda: town(sealed=True),
    "shares": lambda: town(rules=EQUAL_SHARES),
    "disputed": disputed,
    "shaped": shaped,
    "hardly begun": hardly_begun,
    "open": with_clock,
    "busy": busy,
    "moderated": moderated,
    "hidden": hidden,
    "changing": changing,
    "bill": discussed,
    "voiced": voiced,
    "redacted": without_a_proposal,
    "beacon": lambda: revealed(tied()),
    "secrets": lambda: by_secrets(tied(BETWEEN_PARTIES, commit=True)),
}
"""Name → a log."""
FROZEN: Mapping[str, str | None] = {"package": None, "package-2": FORMAT_2, "package-3": FORMAT}
"""Name → the layout of a frozen package, if it is not the first: of the story of every event type, and of earlier schemas."""
STORIES = (*LOGS, *FROZEN)


@cache
def story(name: str) -> bytes:
    """The package of this name."""
    if name in LOGS:
        return LOGS[name]().package()
    layout = FROZEN[name]
    return packed(frozen_package(name)) if layout is None else packed(frozen_package(name), layout, "0.0.1")
