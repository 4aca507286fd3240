"""A consultation in the columns of Cap Collectif's full export, so that programs for that can read it: one row per act.

A step has the file where it takes stances on contributions by agree, mixed and disagree. docs/formats/package.md says what its rows hold.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Final, cast

from ledger.package import cap_collectif_columns as columns
from ledger.package.csv_table import guarded
from ledger.package.delimited import delimited, wall_clock
from ledger.projections.projection import Row
from ledger.projections.readings.reading import Reading
from ledger.projections.readings.tally import declared_by
from ledger.projections.tallies import TallyRow
from ledger.rules.scales import Scale

SCALE: Final[Scale] = "agree_mixed_disagree"
_SIDES: Final = {"ok": "agree", "mitige": "mixed", "nok": "disagree"}
Cells = dict[str, str]


def cap_collectif_files(reading: Reading) -> Iterator[tuple[str, Iterator[bytes]]]:
    """(name, bytes in pieces) of the file of every step that has one; nothing is read before a file is."""
    declared = declared_by(reading.source)
    for ref, step in reading.source.rows("steps"):
        kinds = declared[ref].kinds_on(SCALE) if ref in declared else frozenset()
        if kinds:
            yield f"cap-collectif/{ref}.csv", delimited(Debate(reading, ref, step, kinds).lines())


class Debate:
    """One step. What is counted and what belongs together is found out first; texts are looked up as they are written."""

    def __init__(self, reading: Reading, ref: str, step: Row, kinds: frozenset[str]) -> None:
        self._reading, self._source, self._ref, self._step, self._kinds = reading, reading.source, ref, step, kinds

    def lines(self) -> Iterator[tuple[str, ...]]:
        """Opinions with their versions below them, then arguments, sources, reports and votes, each by reference."""
        yield columns.HEADER
        for part in (self._opinions, self._arguments, self._sources, self._reports, self._votes):
            for cells in part():
                yield tuple(map(cells.get, columns.NAMES, _NOTHING))

    @cached_property
    def _contents(self) -> dict[str, str | None]:
        """Reference → the opinion that it is a version of, None of opinions, for all that is voted on."""
        rows = [row for row in self._of_step("contributions") if row["kind"] in self._kinds]
        opinions = frozenset(str(row["ref"]) for row in rows if row["kind"] != "amendment" or row["target"] is None)
        return {str(row["ref"]): _version_of(row, opinions) for row in rows}

    @cached_property
    def _argued(self) -> dict[str, tuple[str, str]]:
        """Reference → (contribution, side) of the arguments on these contents."""
        rows = (row for row in self._of_step("arguments") if row["contribution"] in self._contents)
        return {str(row["ref"]): (str(row["contribution"]), str(row["side"])) for row in rows}

    @cached_property
    def _sourced(self) -> dict[str, str]:
        """Reference → contribution of the sources for these contents."""
        rows = (row for row in self._of_step("contributions") if row["kind"] == "source" and row["ref"] not in self._contents)
        return {str(row["ref"]): str(row["target"]) for row in rows if row["target"] in self._contents}

    @cached_property
    def _tallies(self) -> dict[str, Counter[str]]:
        """Target → value → people whose stance it is now, on whichever version of its text."""
        found: dict[str, Counter[str]] = {}
        for target, row in self._source.unresolved("tallies"):
            told = cast("TallyRow", row)
            if told["step"] == self._ref:
                found[target] = Counter()
                for values in told["stances"].values():
                    found[target].update(values)
        return found

    @cached_property
    def _titles(self) -> dict[str, str]:
        """`<text>` and `<text>/<section>` → title."""
        return {key: self._reading.words(row["title"]) for key, row in self._source.rows("texts")}

    def _of_step(self, projection: str) -> Iterator[Row]:
        return (row for _, row in self._source.unresolved(projection) if row["step"] == self._ref)

    def _opinions(self) -> Iterator[Cells]:
        """Rows of versions are kept until their opinion comes; their texts are not among what is kept."""
        versions: dict[str, list[Row]] = {}
        for row in self._of_step("contributions"):
            about = self._contents.get(str(row["ref"]))
            if about is not None:
                versions.setdefault(about, []).append(row)
        arguments = Counter(self._argued.values())
        sources = Counter(self._sourced.values())
        for _, row in self._source.shown(("", row) for row in self._below(versions)):
            ref = str(row["ref"])
            if self._contents[ref] is not None:
                yield self._version(row)
                continue
            sides = (arguments[ref, "for"], arguments[ref, "against"])
            counts = {"arguments": sum(sides), "sources": sources[ref], "versions": len(versions.get(ref, ()))}
            counted = {f"{name}_count": str(count) for name, count in counts.items()}
            yield {
                **self._opinion(row),
                **self._counts(f"contribution/{ref}", ""),
                **counted,
                **dict(zip(("arguments_count_for", "arguments_count_against"), map(str, sides), strict=True)),
            }

    def _below(self, versions: Mapping[str, list[Row]]) -> Iterator[Row]:
        for row in self._of_step("contributions"):
            ref = str(row["ref"])
            if ref in self._contents and self._contents[ref] is None:
                yield row
                yield from versions.get(ref, ())

    def _opinion(self, row: Row) -> Cells:
        text, section = str(row["text"]), f"{row['text']}/{row['section']}"
        return {
            "type": columns.OPINION,
            "id": str(row["ref"]),
            "author_id": str(row["author"] or ""),
            "author_type_name": str(row["collective"] or ""),
            "consultation_title": guarded(self._titles.get(text) or self._reading.words(self._step["title"])),
            "section_title": guarded(self._titles.get(section, "")),
            "title": self._filled(row, "title"),
            "body_text": guarded(self._reading.words(row["body"])),
            "created_at": _created(row),
            "published": columns.YES,
            **self._trash(row, ""),
        }

    def _version(self, row: Row) -> Cells:
        return {
            "type": columns.VERSION,
            "versions_id": str(row["ref"]),
            "versions_author_id": str(row["author"] or ""),
            "versions_title": self._filled(row, "title"),
            "versions_body_text": guarded(self._reading.words(row["body"])),
            "versions_created_at": _created(row),
            **self._counts(f"contribution/{row['ref']}", "versions_"),
        }

    def _arguments(self) -> Iterator[Cells]:
        rows = (("", row) for row in self._of_step("arguments") if row["ref"] in self._argued)
        for _, row in self._source.shown(rows):
            about = str(row["contribution"])
            said = {
                **self._about("arguments_", about),
                "arguments_id": self._argument_id(str(row["ref"])),
                "arguments_type": columns.SIDES.get(str(row["side"]), ""),
                "arguments_votes_count": str(self._tallies.get(f"argument/{row['ref']}", Counter()).total()),
            }
            yield {"type": columns.ARGUMENT, **said, **self._written(row, "arguments_")}

    def _sources(self) -> Iterator[Cells]:
        rows = (("", row) for row in self._of_step("contributions") if row["ref"] in self._sourced)
        for _, row in self._source.shown(rows):
            said = {
                **self._about("sources_", str(row["target"])),
                "sources_id": str(row["ref"]),
                "sources_votes_count": str(self._tallies.get(f"contribution/{row['ref']}", Counter()).total()),
            }
            yield {"type": columns.SOURCE, **said, **self._written(row, "sources_")}

    def _written(self, row: Row, prefix: str) -> Cells:
        return {
            f"{prefix}author_id": str(row["author"] or ""),
            f"{prefix}body": self._filled(row, "body"),
            f"{prefix}created_at": _created(row),
            f"{prefix}published": columns.YES,
            **self._trash(row, prefix),
        }

    def _reports(self) -> Iterator[Cells]:
        """A row for each report; who made it, when, and in which words is not told."""
        for target, row in self._source.unresolved("moderation"):
            family, _, ref = target.partition("/")
            known = ref in self._argued if family == "argument" else ref in self._contents or ref in self._sourced
            if not known or family == "suspension":
                continue
            about = {"reportings_related_id": self._argument_id(ref), "reportings_related_kind": family}
            if family == "contribution":
                about = self._about("reportings_", ref)
            for motive, count in sorted(cast("dict[str, int]", row["reports"]).items()):
                for number in range(1, count + 1):
                    identity = f"{row['seq']}-{motive}-{number}"
                    yield {"type": columns.REPORTING, **about, "reportings_id": identity, "reportings_type": motive}

    def _votes(self) -> Iterator[Cells]:
        """A row for each person and content, with the stance as it is now."""
        for stance in self._source.stances(self._ref):
            family, _, ref = stance.target.partition("/")
            if family == "contribution" and ref in self._contents and stance.value in columns.VALUES:
                yield {
                    "type": columns.OPINION_VOTE if self._contents[ref] is None else columns.VERSION_VOTE,
                    "votes_id": str(stance.seq),
                    "votes_related_id": ref,
                    "votes_author_id": stance.actor,
                    "votes_value": columns.VALUES[str(stance.value)],
                    "votes_created_at": wall_clock(stance.claimed_hour or stance.hour),
                }

    def _about(self, prefix: str, ref: str) -> Cells:
        kind = "source" if ref in self._sourced else "opinion" if self._contents[ref] is None else "version"
        return {f"{prefix}related_id": ref, f"{prefix}related_kind": kind}

    def _argument_id(self, ref: str) -> str:
        """Its reference; its target where a contribution has the same reference, since the columns do not tell them apart."""
        return f"argument/{ref}" if ref in self._contents or ref in self._sourced else ref

    def _counts(self, target: str, prefix: str) -> Cells:
        tally = self._tallies.get(target, Counter())
        sides = {f"{prefix}votes_count_{side}": str(tally[value]) for side, value in _SIDES.items()}
        return {f"{prefix}votes_count": str(tally.total()), **sides}

    def _filled(self, row: Row, name: str) -> str:
        """The text of a cell that such a row always fills; where there is none to be shown, why, in brackets."""
        text = self._reading.words(row[name])
        if text:
            return guarded(text)
        moderation = row["moderation"]
        if isinstance(moderation, dict) and moderation["trash"] != "visible":
            return f"[hidden: {moderation['motive']}]"
        return "[erased]" if row["erased"] else str(row["ref"])

    def _trash(self, row: Row, prefix: str) -> Cells:
        moderation = row["moderation"]
        if not isinstance(moderation, dict):
            return {f"{prefix}trashed": columns.NO}
        reason = self._reading.words(moderation["reason"])
        return {
            f"{prefix}trashed": columns.YES,
            f"{prefix}trashed_status": str(moderation["trash"] or "invisible"),
            f"{prefix}trashed_at": wall_clock(str(moderation["since_at"])),
            f"{prefix}trashed_reason": guarded(": ".join(filter(None, (str(moderation["motive"]), reason)))),
        }


_NOTHING: Final = ("",) * len(columns.NAMES)


def _version_of(row: Row, opinions: frozenset[str]) -> str | None:
    """The opinion that an amendment is a version of; one of a section, or of another amendment, stands for itself."""
    return str(row["target"]) if row["kind"] == "amendment" and row["target"] in opinions else None


def _created(row: Row) -> str:
    return wall_clock(str(row["claimed_at"] or row["submitted_at"]))
