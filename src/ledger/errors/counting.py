"""What can go wrong when ballots are counted."""

from dataclasses import dataclass
from typing import ClassVar

from ledger.errors.tree import Unavailable


@dataclass
class EnginesDisagree(Unavailable):
    """Two independent counts of one rule gave different winners; neither is published."""

    code: ClassVar[str] = "engines-disagree"
    message: ClassVar[str] = "Two independent counts of {rule} differ (share {share}); no result is published until the fault is found."
    rule: str
    share: str
