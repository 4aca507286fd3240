"""The columns of Cap Collectif's full export of a consultation, in its order, and the names it gives to kinds, votes and flags."""

from collections.abc import Mapping
from typing import Final

_PREFIX: Final = "export_contribution_"
_CREATED: Final = ("created_at", "updated_at")
_TRASH: Final = ("trashed", "trashed_status", "trashed_at", "trashed_reason")
_VOTES: Final = ("votes_count", "votes_count_ok", "votes_count_mitige", "votes_count_nok")
_OF_OPINIONS: Final = (
    *("type", "id", "author_id", "author_type_name", "consultation_title", "section_title", "title", "body_text", *_CREATED, "url"),
    *("published", *_TRASH, *_VOTES, "arguments_count", "arguments_count_for", "arguments_count_against", "sources_count"),
    *("versions_count", "context_element_title", "context_element_body_text"),
)
_OF_OTHERS: Final[Mapping[str, tuple[str, ...]]] = {
    "votes": ("id", "related_id", "author_id", "value", "created_at"),
    "arguments": (
        *("related_id", "related_kind", "id", "author_id", "type", "body", *_CREATED, "url", "published", *_TRASH),
        "votes_count",
    ),
    "reportings": ("related_id", "related_kind", "id", "author_id", "type", "body", "created_at"),
    "sources": ("id", "related_id", "related_kind", "author_id", *_TRASH, "body", *_CREATED, "published", "votes_count"),
    "versions": ("id", "author_id", "title", "explanation", "body_text", *_CREATED, *_VOTES),
}
NAMES: Final = (*_OF_OPINIONS, *(f"{kind}_{name}" for kind, names in _OF_OTHERS.items() for name in names))
"""Every column without its prefix, in order."""
HEADER: Final = tuple(f"export_contributions_{name}" if name in _CREATED else _PREFIX + name for name in NAMES)
"""Every column as the platform writes it; the times of an opinion have another prefix than all others."""

OPINION: Final = "export_contribution_type_opinion"
OPINION_VOTE: Final = "export_contribution_type_opinion_vote"
VERSION: Final = "export_contribution_type_opinion_version"
VERSION_VOTE: Final = "export_contribution_type_opinion_version_vote"
ARGUMENT: Final = "export_contribution_type_argument"
SOURCE: Final = "export_contribution_type_opinion_source"
REPORTING: Final = "export_contribution_type_reporting"

VALUES: Final[Mapping[str, str]] = {
    "agree": "opinion.show.vote.ok",
    "mixed": "opinion.show.vote.mitige",
    "disagree": "opinion.show.vote.nok",
}
SIDES: Final[Mapping[str, str]] = {"for": "Pour", "against": "Contre"}
YES: Final = "Oui"
NO: Final = "Non"
