"""The kinds of contribution."""

from typing import Literal

ContributionKind = Literal[
    "proposal",
    "opinion",
    "amendment",
    "counter_proposal",
    "idea",
    "initiative",
    "gem",
    "challenge",
    "question",
    "answer",
    "source",
    "comment",
]
