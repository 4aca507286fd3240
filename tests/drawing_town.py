"""A vote in September 2023 that ends in a tie, and the lot that breaks it: a log in memory."""

from collections.abc import Mapping
from typing import Any, Final

from ledger.rules.spec import Lottery
from tests.drawn import BEACON, ROUND, SECRETS, SIGNATURE, as_json, commitments
from tests.recorded import RecordedLog

CLOSES: Final = "2023-09-15T10:00:00.000Z"
REFS: Final = ("lamp", "tree", "bench")
BY_ROUND: Final[Mapping[str, Any]] = {"beacon": {"round": ROUND, "signature": SIGNATURE}}
BY_NUMBERS: Final[Mapping[str, Any]] = {"numbers": [{"name": "Lotto", "date": "2023-09-17", "numbers": [41, 3, 7]}]}


def rules(lottery: Lottery) -> dict[str, Any]:
    """A rule that pays for one candidate only, the first by lot of those with as many votes."""
    return {
        "rule": "greedy", "ballot": {"form": "choose_one"}, "score": {"by": "approvals"}, "budget_minor": 100, "ties": ["lot"],
        "lottery": as_json(lottery),
    }  # fmt: skip


def tied(lottery: Lottery = BEACON, *, commit: bool = False, secrecy: str = "open", takes_paper: bool = False) -> RecordedLog:
    """The vote is over: each candidate has one vote, and the lot is not drawn."""
    log = RecordedLog(start="2023-09-10T08:00:00.000Z")
    log.post(
        "project.opened", title={"en": "Town"}, owner={"en": "Town"}, languages=["en"], currency="EUR", time_zone="Europe/Paris",
        keys_destroyed_at="2030-01-01T00:00:00.000Z",
    )  # fmt: skip
    log.post("step.planned", step="ideas", kind="collection", title={"en": "Ideas"}, accepts=["proposal"])
    log.post("step.opened", step="ideas")
    for ref in REFS:
        log.post("contribution.submitted", "participant", who=ref, ref=ref, step="ideas", kind="proposal", title={"en": ref})
    log.post("step.closed", step="ideas")
    log.post("step.planned", step="vote", kind="ballot", title={"en": "Vote"}, closes_at=CLOSES, takes_paper=takes_paper)
    log.post("step.rules_set", step="vote", rules=rules(lottery), secrecy=secrecy)
    log.post("candidates.listed", step="vote", items=[{"ref": ref, "cost_minor": 100} for ref in REFS])
    log.post("candidates.sealed", step="vote")
    if commit:
        for party, commitment in commitments().items():
            log.post("lottery.committed", step="vote", party=party, commitment=commitment)
    log.post("step.opened", step="vote")
    for position, ref in enumerate(REFS):
        log.post("ballot.cast", "participant", who=f"voter for {ref}", step="vote", entries=[position])
    log.until(CLOSES)
    log.post("step.closed", "system", step="vote")
    log.wait(days=3)
    return log


def revealed(log: RecordedLog, part: Mapping[str, Any] = BY_ROUND) -> RecordedLog:
    """The lot is drawn from this, and the result computed."""
    log.post("lottery.revealed", step="vote", **part)
    log.post("result.computed", step="vote")
    return log


def by_secrets(log: RecordedLog) -> RecordedLog:
    """The parties reveal, and the result is computed."""
    for party, secret in SECRETS.items():
        log.post("lottery.revealed", step="vote", secret={"party": party, "secret": secret})
    log.post("result.computed", step="vote")
    return log
