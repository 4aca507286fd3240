"""Proposals in the columns of Decidim's open data, so that programs for that can read them.

A step has the file where it accepts proposals. docs/formats/package.md says what each column holds.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Final, cast

from ledger.package.csv_table import guarded
from ledger.package.delimited import delimited, wall_clock
from ledger.projections.projection import Row
from ledger.projections.readings.currency import major
from ledger.projections.readings.reading import Reading
from ledger.projections.readings.tally import declared_by
from ledger.projections.tallies import TallyRow
from ledger.rules.scales import SIDE_OF

DELIMITER: Final = ";"
_KINDS: Final = ("proposal", "amendment")
_BY_LANGUAGE: Final = ("taxonomies/name", "title", "body", "answer", "original_proposal/title")
"""Columns that there is one of for each language of the project."""
_NAMES: Final = (
    *("id", "author/id", "author/name", "author/url", "taxonomies/ids", "taxonomies/name", "participatory_space/id"),
    *("participatory_space/url", "component/id", "title", "body", "address", "latitude", "longitude", "state", "state_published_at"),
    *("reference", "answer", "answered_at", "votes", "likes/total_count", "likes/user_endorsements", "comments", "attachments"),
    *("follows_count", "published_at", "url", "meeting_urls", "related_proposals", "is_amend", "original_proposal/title"),
    *("original_proposal/url", "withdrawn", "withdrawn_at", "created_at", "updated_at", "created_in_meeting", "coauthorships_count"),
    *("cost", "cost_report", "execution_period"),
)
_STATES: Final = {"retained": "accepted", "adapted": "accepted", "rejected": "rejected", "noted": "noted"}
_UNANSWERED: Final = "not_answered"
_POSITIVE: Final = frozenset(value for value, side in SIDE_OF.items() if side == "positive")
Cells = dict[str, str]


def decidim_files(reading: Reading) -> Iterator[tuple[str, Iterator[bytes]]]:
    """(name, bytes in pieces) of the file of every step that has one; nothing is read before a file is."""
    for ref, step in reading.source.rows("steps"):
        if "proposal" in cast("list[str]", step["accepts"]):
            yield f"decidim/{ref}.csv", delimited(_Proposals(reading, ref).lines(), DELIMITER)


class _Proposals:
    """The proposals of one step, and the amendments of them."""

    def __init__(self, reading: Reading, ref: str) -> None:
        self._reading, self._ref = reading, ref
        self._languages = reading.languages or ("en",)

    def lines(self) -> Iterator[tuple[str, ...]]:
        """By reference."""
        columns = [column for name in _NAMES for column in (self._columns(name) if name in _BY_LANGUAGE else (name,))]
        yield tuple(columns)
        source = self._reading.source
        mine = (pair for pair in source.unresolved("contributions") if pair[1]["step"] == self._ref and pair[1]["kind"] in _KINDS)
        for _, row in source.shown(mine):
            cells = {**self._written(row), **self._became(row), **self._counted(row)}
            yield tuple(cells.get(column, "") for column in columns)

    def _columns(self, name: str) -> tuple[str, ...]:
        return tuple(f"{name}/{language}" for language in self._languages)

    def _texts(self, name: str, texts: object) -> Cells:
        """The text in each language of the project; one that is in none of these stands in the first column."""
        told = texts if isinstance(texts, Mapping) else {}
        if told and not any(language in told for language in self._languages):
            told = {self._languages[0]: self._reading.words(told)}
        return {f"{name}/{language}": guarded(cast("str", told.get(language, ""))) for language in self._languages}

    def _written(self, row: Row) -> Cells:
        location: Mapping[str, object] = row["location"] if isinstance(row["location"], Mapping) else {}
        at = wall_clock(str(row["claimed_at"] or row["submitted_at"]))
        category = row["category"]
        return {
            "id": str(row["ref"]),
            "author/id": str(row["author"] or ""),
            "taxonomies/ids": str(category or ""),
            **self._texts("taxonomies/name", self._categories.get(str(category))),
            "participatory_space/id": guarded(self._reading.source.origin),
            "component/id": self._ref,
            **self._texts("title", row["title"]),
            **self._texts("body", row["body"]),
            "address": guarded(str(location.get("address") or "")),
            "latitude": str(location.get("latitude") or ""),
            "longitude": str(location.get("longitude") or ""),
            "reference": guarded(str(row["external_ref"] or row["ref"])),
            "published_at": at,
            "created_at": at,
            "url": self._url(row["ref"]),
            "meeting_urls": str(row["meeting"] or ""),
            "related_proposals": self._url(row["derived_from"]),
            "is_amend": _truth(row["kind"] == "amendment"),
            "original_proposal/url": self._url(row["target"]) if row["kind"] == "amendment" else "",
            "created_in_meeting": _truth(row["meeting"] is not None),
            "coauthorships_count": str(int(row["author"] is not None)),
            "cost": "" if row["cost_minor"] is None else major(cast("int", row["cost_minor"]), self._reading.currency),
        }

    def _became(self, row: Row) -> Cells:
        """What was answered, and whether it was taken back. An answer of the ledger has one time, of which the state is as well."""
        answer = row["answer"] if isinstance(row["answer"], Mapping) else {}
        state = _STATES.get(str(answer.get("code")), _UNANSWERED)
        at = wall_clock(str(answer.get("at") or ""))
        return {
            "state": state,
            "state_published_at": at,
            **self._texts("answer", answer.get("body")),
            "answered_at": at,
            "withdrawn": _truth(row["withdrawn_at"] is not None),
            "withdrawn_at": wall_clock(str(row["withdrawn_at"] or "")),
        }

    def _counted(self, row: Row) -> Cells:
        """Votes only where the step takes stances: counts that nothing stands behind have no column that would say so."""
        votes = str(self._votes.get(f"contribution/{row['ref']}", 0)) if row["kind"] in self._voted_on else ""
        attachments = len(cast("list[object]", row["attachments"]))
        return {"votes": votes, "comments": str(self._comments[str(row["ref"])]), "attachments": str(attachments)}

    def _url(self, ref: object) -> str:
        """The name of a contribution under that of its log; it identifies, and leads nowhere."""
        return "" if ref is None else f"{self._reading.source.origin}/contribution/{ref}"

    @cached_property
    def _categories(self) -> dict[str, object]:
        """Reference → names."""
        rows = (pair for pair in self._reading.source.rows("project") if pair[0].startswith("category/"))
        return {key.partition("/")[2]: row["name"] for key, row in rows}

    @cached_property
    def _voted_on(self) -> frozenset[str]:
        declared = declared_by(self._reading.source).get(self._ref)
        return frozenset() if declared is None else frozenset(declared.scales)

    @cached_property
    def _votes(self) -> dict[str, int]:
        """Target → people who are for it now, on whichever version of its text."""
        rows = ((target, cast("TallyRow", row)) for target, row in self._reading.source.unresolved("tallies"))
        return {
            target: sum(count for values in row["stances"].values() for value, count in values.items() if value in _POSITIVE)
            for target, row in rows
            if row["step"] == self._ref
        }

    @cached_property
    def _comments(self) -> Counter[str]:
        """Reference → how many comments are about it."""
        rows = (row for _, row in self._reading.source.unresolved("contributions") if row["kind"] == "comment")
        return Counter(str(row["target"]) for row in rows)


def _truth(holds: bool) -> str:
    return "true" if holds else "false"
