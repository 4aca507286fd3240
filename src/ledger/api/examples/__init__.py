"""One lawful story in the order it is posted, every event type in it: a town's budget, a debate on its rules, and what is erased of both.

The OpenAPI document shows these submissions as examples, and the tests post all of them to a running service.
"""

from ledger.api.examples.budget import BUDGET, CLIENT
from ledger.api.examples.debate import DEBATE, DEBATE_END
from ledger.api.examples.ending import ARCHIVE, IMPORT, privacy
from ledger.api.examples.moderation import MODERATION
from ledger.api.examples.posting import Submitted

PROJECT = "riverside-2026"
"""The project that the story is posted to."""

_UNTIL_ARCHIVED = (*BUDGET, *DEBATE, *MODERATION, *DEBATE_END, *IMPORT, *ARCHIVE)

STORY: tuple[Submitted, ...] = (*_UNTIL_ARCHIVED, *privacy(_UNTIL_ARCHIVED))
"""The submissions in order; each is admitted when all before it were."""

__all__ = ["CLIENT", "PROJECT", "STORY", "Submitted", "example"]


def example(event_type: str) -> Submitted:
    """The first submission of the story that has this event type (`name/schema`); every type has one."""
    return next(submitted for submitted in STORY if submitted["type"] == event_type)
