"""The table `contributions`: every contribution, whatever became of it, with its texts where they may be shown."""

from collections.abc import Iterator, Mapping
from typing import Final, cast

from ledger.canonical import JsonValue, canonical_trusted
from ledger.projections.contributions import TEXTS
from ledger.projections.projection import Row
from ledger.projections.readings.reading import Reading
from ledger.projections.readings.unshown_fields import with_erased
from ledger.projections.readings.versions import withheld
from ledger.projections.references import Place
from ledger.projections.tables.contents import ERASED, MODERATION, cell, erased_entries, listed, moderation_cells
from ledger.projections.tables.proposals import PROPOSALS
from ledger.projections.tables.table import Cell, Column, Table

_BEFORE: Final = ("ref", "external_ref", "kind", "step", "text", "section", "target", "reply_to", "district", "category", "cost_minor")
_AFTER: Final = ("derived_from", "meeting", "revision", "texts", "submitted_seq", "submitted_at", "claimed_at", "revised_seq")
_WITHDRAWN: Final = ("withdrawn_seq", "withdrawn_at", "withdrawn_code")


def _rows(reading: Reading) -> Iterator[tuple[Cell, ...]]:
    source = reading.source
    for _, row, erased in with_erased(source, source.unresolved("contributions"), _suspects):
        title, body = reading.worded(row["title"]), reading.worded(row["body"])
        location: Mapping[str, JsonValue] = row["location"] if isinstance(row["location"], Mapping) else {}
        answer: Mapping[str, JsonValue] = row["answer"] if isinstance(row["answer"], Mapping) else {}
        yield (
            *(cell(row, name) for name in _BEFORE),
            None if row["cost_minor"] is None else reading.currency,
            *(cell(row, name) for name in ("state", "author", "collective")),
            reading.words(row["collective_name"]) or None,
            title[0] or body[0] or None,
            title[1] or None,
            body[1] or None,
            *(cast("Cell", location.get(name)) for name in ("latitude", "longitude", "address")),
            canonical_trusted(row["fields"]).decode() if row["fields"] else None,
            *(cell(row, name) for name in _AFTER),
            *(cell(row, name) for name in _WITHDRAWN),
            reading.words(row["withdrawn_reason"]) or None,
            *_lineage(row),
            *(cast("Cell", answer.get(name)) for name in ("code", "seq")),
            cell(row, "answers"),
            *_elsewhere(row),
            *moderation_cells(row["moderation"]),
            cell(row, "moderated"),
            listed(erased),
        )


def _lineage(row: Row) -> tuple[Cell, ...]:
    proposed = [proposal["into"] for proposal in _list(row, "merge_proposals") if proposal["state"] in ("proposed", "accepted")]
    return (
        listed(proposed) if row["merged_into"] is None else None,
        cell(row, "merged_into"),
        cell(row, "merged_seq"),
        listed(cast("list[JsonValue]", row["absorbed"])),
        listed(cast("list[JsonValue]", row["split_into"])),
        cell(row, "split_seq"),
    )


def _elsewhere(row: Row) -> tuple[Cell, ...]:
    services = dict.fromkeys(help_["service"] for help_ in _list(row, "formalised_with"))
    sections = dict.fromkeys(f"{led['text']}/{led['section']}" for led in _list(row, "led_to"))
    return (
        listed(cast("list[JsonValue]", row["selected_in"])),
        listed([*sections]),
        listed([*services]),
        len(cast("list[JsonValue]", row["attachments"])),
    )


def _suspects(row: Row) -> Mapping[str, Place]:
    entries = erased_entries(row)
    if not entries:
        return {}
    first, last, gone = (
        cast("int", seq) for seq in (row["submitted_seq"], cast("list[JsonValue]", row["versions"])[-1], row["withdrawn_seq"])
    )
    places: dict[str, Place] = {} if withheld(row) else {name: (last, name) for name in TEXTS}
    if not withheld(row):
        places["collective_name"] = (first, "collective_name")
    places["withdrawn_reason"] = (gone, "reason")
    return {column: place for column, place in places.items() if place[0] in entries}


def _list(row: Row, name: str) -> list[dict[str, JsonValue]]:
    return cast("list[dict[str, JsonValue]]", row[name])


_SAME: Final = {column.name: column for column in PROPOSALS.columns}
"""Columns that mean what they meant in the table of layout 1."""


CONTRIBUTIONS = Table(
    "contributions",
    "Contributions",
    "Contributions",
    "Every contribution, by reference.",
    "Toutes les contributions, par référence.",
    (
        *(_SAME[name] for name in ("ref", "external_ref", "kind", "step")),
        Column("text", "string", "Text", "Texte concerné", "Text that it is about.", "Texte sur lequel elle porte."),
        Column("section", "string", "Section", "Section", "Section of that text.", "Section de ce texte."),
        Column("target", "string", "Target", "Objet", "Contribution that it is about.", "Contribution sur laquelle elle porte."),
        Column("reply_to", "string", "Reply to", "Réponse à", "Comment that it answers.", "Commentaire auquel elle répond."),
        *(_SAME[name] for name in ("district", "category", "cost_minor", "currency")),
        Column(
            "state",
            "string",
            "State",
            "État",
            "`submitted`, `withdrawn`, `merged` or `split`.",
            "submitted (déposée), withdrawn (retirée), merged (fusionnée) ou split (scindée).",
        ),
        _SAME["author"],
        Column(
            "collective",
            "string",
            "Collective author",
            "Auteur collectif",
            "What kind of author it is, where that is not one person.",
            "Type d'auteur, s'il ne s'agit pas d'une personne.",
        ),
        Column(
            "collective_name",
            "string",
            "Name of the collective",
            "Nom du collectif",
            "Its name, where it may be shown.",
            "Quand il peut être montré.",
            free=True,
        ),
        *(_SAME[name] for name in ("language", "title", "body", "latitude", "longitude", "address", "fields", "derived_from", "meeting")),
        _SAME["revision"],
        Column(
            "texts",
            "integer",
            "Versions",
            "Versions",
            "How many versions its text has; stances address one of them.",
            "Nombre de versions de son texte ; chaque position porte sur l'une d'elles.",
        ),
        *(_SAME[name] for name in ("submitted_seq", "submitted_at")),
        Column(
            "claimed_at",
            "datetime",
            "Time claimed",
            "Date déclarée",
            "When it was made, as the platform says; in UTC.",
            "Date de dépôt selon la plateforme ; en UTC.",
        ),
        *(_SAME[name] for name in ("revised_seq", "withdrawn_seq", "withdrawn_at", "withdrawn_code", "withdrawn_reason")),
        Column(
            "merge_proposed",
            "string",
            "Merge proposed",
            "Fusion proposée",
            "Contributions that it is proposed to merge it into, set apart by blanks.",
            "Contributions dans lesquelles sa fusion est proposée, séparées par des espaces.",
        ),
        Column("merged_into", "string", "Merged into", "Fusionnée dans", "Contribution it went into.", "Contribution qui l'a reprise."),
        Column("merged_seq", "integer", "Merged (seq)", "Fusion (rang)", "Where the event stands in the log.", "Rang dans le registre."),
        Column(
            "absorbed",
            "string",
            "Absorbed",
            "A repris",
            "Contributions that went into it, set apart by blanks; no stance moved.",
            "Contributions fusionnées dans celle-ci, séparées par des espaces ; sans transfert de voix.",
        ),
        Column(
            "split_into",
            "string",
            "Split into",
            "Scindée en",
            "Contributions that it goes on as, set apart by blanks.",
            "Contributions qui en sont issues, séparées par des espaces.",
        ),
        Column("split_seq", "integer", "Split (seq)", "Scission (rang)", "Where the event stands in the log.", "Rang dans le registre."),
        Column(
            "answer",
            "string",
            "Answer",
            "Réponse",
            "Code of the last answer: `retained`, `adapted`, `rejected` or `noted`.",
            "Code de la dernière réponse : retained (retenue), adapted (adaptée), rejected (rejetée) ou noted (notée).",
        ),
        Column(
            "answered_seq", "integer", "Answered (seq)", "Réponse (rang)", "Where that answer stands in the log.", "Rang dans le registre."
        ),
        Column("answers", "integer", "Answers", "Réponses", "How many answers it had.", "Nombre de réponses reçues."),
        _SAME["selected_in"],
        Column(
            "led_to",
            "string",
            "Led to",
            "A conduit à",
            "Sections that were amended because of it, as text/section, set apart by blanks.",
            "Sections modifiées en raison de celle-ci, sous la forme texte/section, séparées par des espaces.",
        ),
        Column(
            "formalised_with",
            "string",
            "Formalised with",
            "Formalisée avec",
            "Services that helped to bring it into form, set apart by blanks.",
            "Services qui ont aidé à la formaliser, séparés par des espaces.",
        ),
        Column(
            "attachments", "integer", "Attachments", "Pièces jointes", "How many documents belong to it.", "Nombre de documents joints."
        ),
        *MODERATION,
        Column(
            "moderated",
            "boolean",
            "Moderated",
            "A été modérée",
            "Whether there ever was a decision against it.",
            "Vrai s'il y a eu une décision à son encontre, même levée.",
        ),
        ERASED,
    ),
    ("ref",),
    _rows,
)
