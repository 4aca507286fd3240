"""Erasure, from the parts of a ledger: what is ordered is posted through the intake like everything else."""

from collections.abc import Sequence
from dataclasses import replace

from ledger.canonical import canonical
from ledger.ports import Client
from ledger.store.eraser import Document, Eraser, Progress
from ledger.submit import WRITE, ErasureOrder, ErasureOutcome, Intake, Outcome, Posted, check_may_erase, read_submissions
from ledger.wiring.ledger import Ledger


class Erasures:
    """Carries out what people ask to be erased. See `ledger.api.erasing.Erase`."""

    def __init__(self, ledger: Ledger, intake: Intake) -> None:
        self._intake = intake
        self._eraser = Eraser(ledger.datastore, ledger.keys, ledger.entropy, self._post)

    def erase(self, project: str, client: Client, order: ErasureOrder, progress: Progress = lambda done, total: None) -> ErasureOutcome:
        """See `Eraser.erase`. Raises `ScopeMissing` and `RoleBeyondKey` where the client's key does not allow it."""
        check_may_erase(client, project)
        # What it takes to erase is posted with the same key, and erasing includes that.
        return self._eraser.erase(project, replace(client, scopes=client.scopes | {WRITE}), order, progress)

    def _post(self, project: str, client: Client, documents: Sequence[Document]) -> Sequence[Outcome]:
        places = [f"$[{place}]" for place in range(len(documents))]
        posted = Posted(read_submissions([canonical(document) for document in documents], places), places, atomic=False)
        return self._intake.submit_now(project, client, posted).outcomes
