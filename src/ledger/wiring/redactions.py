"""Redaction, from the parts of a ledger: looked at beforehand, posted like everything else, and seen through to its end."""

from dataclasses import dataclass

from ledger.canonical import canonical
from ledger.errors import LedgerError
from ledger.ports import Client
from ledger.projections.readings.ballot_step import ballot_steps
from ledger.projections.readings.redactions import RedactedEntry, resting_on
from ledger.store.epochs import rotate
from ledger.store.redaction_plan import RedactionPlan, plan_redaction
from ledger.submit import Intake, Posted, read_submissions
from ledger.wiring.ledger import Ledger


@dataclass(frozen=True, slots=True)
class RedactionOutcome:
    """A redaction that was carried out: the seq of its event, and the epoch that has begun since."""

    event: int
    epoch: int


class Redactions:
    """Carries out what a court ordered to be withheld."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def plan(self, ref: str, seq: int) -> tuple[RedactionPlan, tuple[str, ...]]:
        """What redacting the entry would withhold, and the steps whose results rest on it. Changes nothing.

        Raises `ProjectUnknown`, and as `plan_redaction` does.
        """
        project = self._ledger.project(ref)
        with self._ledger.datastore.connection() as connection:
            plan = plan_redaction(connection, project, seq)
        publisher = self._ledger.publisher(project)
        source = publisher.source(self._ledger.runner.catch_up(ref))
        entry = RedactedEntry(plan.entry, plan.stream, plan.type, "", -1)
        return plan, tuple(step.ref for step in ballot_steps(source) if resting_on(step, [entry]))

    def carry_out(self, intake: Intake, ref: str, client: Client, seq: int, authority: str, code: str) -> RedactionOutcome:
        """Withholds the entry. When this returns, no copy of the database from before opens what it committed to, and everything published
        is made without it. Raises what the event was refused with.
        """
        data = {"entry": seq, "authority": authority, "code": code}
        document = canonical({"type": "entry.redacted/1", "role": "organizer", "channel": "api", "data": data})
        [outcome] = intake.submit_now(ref, client, Posted(read_submissions([document], ["$"]), ["$"])).outcomes
        if isinstance(outcome, LedgerError):
            raise outcome
        ledger = self._ledger
        epoch = rotate(ledger.datastore, ledger.project(ref), ledger.keys, ledger.entropy)
        ledger.runner.catch_up(ref)
        return RedactionOutcome(outcome.seq, epoch)
