"""Texts of a log, each opened once although many files of a package show it."""

from collections.abc import Mapping, Sequence
from typing import Final

import orjson

from ledger.canonical import JsonValue
from ledger.ports import ProjectLog
from ledger.projections.references import Place

ROOM: Final = 24 << 20
"""Bytes that texts may take; those for which none is left are opened each time."""
_AROUND: Final = 600
"""Bytes that the objects around a text take, about."""


class RememberedTexts:
    """What may be shown of the entries of a log, as it was when first asked for.

    Nothing is let go for something newer: every table asks for all texts in the same order, so that each would find the one before gone.
    Not for whoever has to learn of what is hidden or erased meanwhile: a package is given up where that happens.
    """

    def __init__(self, log: ProjectLog, room: int = ROOM) -> None:
        self._log = log
        self._room = room
        self._known: dict[int, dict[Place, JsonValue]] = {}

    def texts(self, seqs: Sequence[int]) -> Mapping[Place, JsonValue]:
        """See `ProjectLog.texts`."""
        known = self._known
        unknown = [seq for seq in seqs if seq not in known]
        shown = dict(self._log.texts(unknown)) if unknown else {}
        for seq in seqs:
            if seq in known:
                shown.update(known[seq])
        if unknown and self._room > 0:
            self._remember(unknown, shown)
        return shown

    def _remember(self, seqs: Sequence[int], shown: Mapping[Place, JsonValue]) -> None:
        found: dict[int, dict[Place, JsonValue]] = {seq: {} for seq in seqs}
        for place, text in shown.items():
            if place[0] in found:
                found[place[0]][place] = text
        for seq, texts in found.items():
            # Twice what is written: a character beyond Latin takes two bytes, and often one in writing.
            self._room -= _AROUND + sum(_AROUND + 2 * len(orjson.dumps(text)) for text in texts.values())
            if self._room < 0:
                return
            self._known[seq] = texts
