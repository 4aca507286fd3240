"""What of the log's disclosures belongs into a package of an earlier size."""

from collections.abc import Iterator

from ledger.canonical import parse
from ledger.ports import ProjectLog
from ledger.projections.ballot_step import ballot_steps
from ledger.projections.source import Source

CHOICES = "entries"
"""The field of a ballot that is sealed."""


def shown_at(source: Source, log: ProjectLog, size: int) -> Iterator[tuple[int, str, str]]:
    """The disclosures of the entries below `size`, as `ProjectLog.disclosures`, without choices that were still sealed at that size.

    The log shows what may be shown now. Between a checkpoint and the making of its package a step's choices may have been disclosed; a
    package that ends before that must not hold them. Only then are the entries read beside the disclosures.
    """
    sealed = {step.ref for step in ballot_steps(source) if step.sealed and step.row["disclosed"] is None}
    entries = log.entries(0, size) if sealed else iter(())
    for seq, name, text in log.disclosures(0, size):
        if not sealed or name != CHOICES or _step(entries, seq) not in sealed:
            yield seq, name, text


def _step(entries: Iterator[tuple[int, bytes]], seq: int) -> str:
    """The step that the entry at `seq` names; the entries before it are passed over."""
    for place, entry in entries:
        if place == seq:
            match parse(entry):
                case {"data": {"step": str(step)}}:
                    return step
    raise AssertionError(f"a ballot's choices are disclosed at {seq}, where no ballot is")
