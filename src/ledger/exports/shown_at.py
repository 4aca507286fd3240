"""What of the log's disclosures belongs into a package of an earlier size."""

from collections.abc import Iterator, Mapping, Sequence

from ledger.canonical import JsonValue, parse
from ledger.ports import ProjectLog
from ledger.projections.readings.ballot_step import ballot_steps
from ledger.projections.source import Source

CHOICES = "entries"
"""The field of a ballot that is sealed."""


class LogAtSize:
    """See `ProjectLog`: a log as it is shown in a package of an earlier size, without choices that were still sealed at that size.

    The log itself shows what may be shown now. Between a checkpoint and the making of its package a step's choices may have been
    disclosed; a package that ends before that must not hold them. Only then are entries read beside the disclosures.
    """

    def __init__(self, log: ProjectLog, source: Source) -> None:
        """`source` shows the projections at the size of the package."""
        self._log = log
        self._size = source.size
        self._sealed = {step.ref for step in ballot_steps(source) if step.sealed and step.row["disclosed"] is None}

    def size(self) -> int:
        """See `ProjectLog.size`."""
        return self._size

    def visibility_size(self) -> int:
        """See `ProjectLog.visibility_size`: of the log as it is now."""
        return self._log.visibility_size()

    def redaction_size(self) -> int:
        """See `ProjectLog.redaction_size`: of the log as it is now."""
        return self._log.redaction_size()

    def entries(self, start: int, stop: int) -> Iterator[tuple[int, bytes]]:
        """See `ProjectLog.entries`."""
        return self._log.entries(start, stop)

    def disclosures(self, start: int, stop: int) -> Iterator[tuple[int, str, str]]:
        """See `ProjectLog.disclosures`."""
        entries = self._log.entries(start, stop) if self._sealed else iter(())
        for seq, name, text in self._log.disclosures(start, stop):
            if not self._sealed or name != CHOICES or _step(entries, seq) not in self._sealed:
                yield seq, name, text

    def texts(self, seqs: Sequence[int]) -> Mapping[tuple[int, str], JsonValue]:
        """See `ProjectLog.texts`; sealed choices are not among them."""
        return self._log.texts(seqs)


def _step(entries: Iterator[tuple[int, bytes]], seq: int) -> str:
    """The step that the entry at `seq` names; the entries before it are passed over."""
    for place, entry in entries:
        if place == seq:
            match parse(entry):
                case {"data": {"step": str(step)}}:
                    return step
    raise AssertionError(f"a ballot's choices are disclosed at {seq}, where no ballot is")
