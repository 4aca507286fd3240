"""The scales that people take a stance on, and the side that each value of them stands for.

Every scale has three sides at most, so that three counts say everything about every target: for, between, against.
"""

from typing import Final, Literal

Scale = Literal["agree_mixed_disagree", "agree_pass_disagree", "support", "up_down", "like", "continue"]
StanceValue = Literal["agree", "mixed", "disagree", "pass", "support", "up", "down", "like", "continue"]
Side = Literal["positive", "neutral", "negative"]
Ranking = Literal["net", "ratio", "wilson", "controversy"]
"""What targets are ordered by (docs/formats/rankings.md)."""

SCALES: Final[dict[Scale, dict[StanceValue, Side]]] = {
    "agree_mixed_disagree": {"agree": "positive", "mixed": "neutral", "disagree": "negative"},
    "agree_pass_disagree": {"agree": "positive", "pass": "neutral", "disagree": "negative"},
    "support": {"support": "positive"},
    "up_down": {"up": "positive", "down": "negative"},
    "like": {"like": "positive"},
    "continue": {"continue": "positive"},
}
"""Scale → its values, each with its side."""

SIDE_OF: Final[dict[StanceValue, Side]] = {value: side for values in SCALES.values() for value, side in values.items()}
"""The side that a value stands for, which is the same in every scale."""
