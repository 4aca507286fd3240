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

Collective = Literal["association", "class", "workshop_table", "council", "company", "institution", "other"]
"""The kinds of author that is not one person."""

StanceTarget = Literal[
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
    "argument",
]
"""What people can take a stance on: contributions by kind, and arguments."""
