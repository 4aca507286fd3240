"""Which redacted entries a result would have rested on. What is left of them is told by the projection `erasures`."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple, cast

from ledger.canonical import JsonValue
from ledger.projections.erasures import REDACTED
from ledger.projections.readings.ballot_step import BallotStep
from ledger.projections.source import Source


class RedactedEntry(NamedTuple):
    """A redacted entry, the order that withholds it, and the seq of the event that says so."""

    entry: int
    stream: str
    type: str
    authority: str
    seq: int

    def json(self) -> dict[str, JsonValue]:
        """What a result says of it: not whose it was."""
        return {"entry": self.entry, "type": self.type, "authority": self.authority, "seq": self.seq}


def redacted_entries(source: Source) -> list[RedactedEntry]:
    """Every redacted entry, ascending."""
    rows = (row for key, row in source.unresolved("erasures") if key.startswith(f"{REDACTED}/"))
    return [
        RedactedEntry(cast("int", row["entry"]), str(row["stream"]), str(row["type"]), str(row["authority"]), cast("int", row["seq"]))
        for row in rows
    ]


def resting_on(step: BallotStep, redacted: Iterable[RedactedEntry]) -> list[RedactedEntry]:
    """Those on which the result of the step would rest: ballots of it, and what was said of the contributions that are its candidates."""
    candidates = {f"contribution/{item.ref}" for item in step.items}
    return [entry for entry in redacted if entry.stream.startswith(f"ballot/{step.ref}/") or entry.stream in candidates]


def touched_ballots(step: str, redacted: Sequence[RedactedEntry]) -> frozenset[str]:
    """The people, by their pseudonyms, of whose ballots in the step something is redacted."""
    prefix = f"ballot/{step}/"
    return frozenset(entry.stream.removeprefix(prefix) for entry in redacted if entry.stream.startswith(prefix))
