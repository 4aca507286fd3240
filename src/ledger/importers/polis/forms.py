"""The two forms of comments.csv and votes.csv: the columns of each, and the sign of their votes.

The export of a conversation writes 1 for agree. That is certain from the data: counted over all rows, 1 and -1 are the agrees and
disagrees that the same export publishes of each comment, for all 567 comments of the three published conversations that the tests read.
A dump of the platform's own tables writes -1 for agree, and publishes no counts to hold that against. It follows from the program that
makes the first form out of the second, which multiplies each vote by -1 (github.com/compdemocracy/polis,
math/src/polismath/darwin/export.clj, `get-corrected-conversation-votes`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from ledger.rules.scales import StanceValue


@dataclass(frozen=True, slots=True)
class Form:
    """A form: what each column is called in it, by the names of the readers here."""

    comments: Mapping[str, str]
    votes: Mapping[str, str]
    values: Mapping[str, StanceValue]
    """A cell of the column of votes → the stance."""
    kept: Mapping[str, str]
    """Columns of comments that become fields, each with the cell that says nothing worth keeping."""
    derived: frozenset[str] = frozenset()
    """Columns that say again what another one says."""


EXPORTED: Final = Form(
    comments={
        "at": "timestamp",
        "comment": "comment-id",
        "author": "author-id",
        "moderated": "moderated",
        "body": "comment-body",
        "agrees": "agrees",
        "disagrees": "disagrees",
    },
    votes={"at": "timestamp", "comment": "comment-id", "voter": "voter-id", "vote": "vote"},
    values={"1": "agree", "0": "pass", "-1": "disagree"},
    kept={},
    derived=frozenset({"datetime"}),
)
"""The export of one conversation."""

DUMPED: Final = Form(
    comments={"at": "created", "comment": "tid", "conversation": "zid", "author": "pid", "moderated": "mod", "body": "txt"},
    votes={"at": "created", "comment": "tid", "conversation": "zid", "voter": "pid", "vote": "vote"},
    values={"-1": "agree", "0": "pass", "1": "disagree"},
    kept={"active": "t", "is_meta": "f", "is_seed": "f", "tweet_id": "", "quote_src_url": ""},
)
"""A dump of the platform's tables, of one conversation or several. A `pid` is a person within one of them."""

FORMS: Final = (EXPORTED, DUMPED)
