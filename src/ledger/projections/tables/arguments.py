"""The table `arguments`: every argument for or against a contribution, with its text where it may be shown."""

from collections.abc import Iterator, Mapping
from typing import Final, cast

from ledger.projections.projection import Row
from ledger.projections.readings.reading import Reading
from ledger.projections.readings.unshown_fields import with_erased
from ledger.projections.readings.versions import withheld
from ledger.projections.references import Place
from ledger.projections.tables.contents import ERASED, MODERATION, cell, erased_entries, listed, moderation_cells
from ledger.projections.tables.table import Cell, Column, Table

_BEFORE: Final = ("ref", "external_ref", "contribution", "step", "side", "parent", "state", "author", "meeting")
_AFTER: Final = ("texts", "seq", "submitted_at", "claimed_at", "revised_seq", "withdrawn_seq", "withdrawn_at", "withdrawn_code")


def _rows(reading: Reading) -> Iterator[tuple[Cell, ...]]:
    source = reading.source
    for _, row, erased in with_erased(source, source.unresolved("arguments"), _suspects):
        language, body = reading.worded(row["body"])
        yield (
            *(cell(row, name) for name in _BEFORE),
            language or None,
            body or None,
            *(cell(row, name) for name in _AFTER),
            reading.words(row["withdrawn_reason"]) or None,
            *moderation_cells(row["moderation"]),
            cell(row, "moderated"),
            listed(erased),
        )


def _suspects(row: Row) -> Mapping[str, Place]:
    entries = erased_entries(row)
    last, gone = cast("list[int]", row["versions"])[-1], cast("int", row["withdrawn_seq"])
    places: dict[str, Place] = {"withdrawn_reason": (gone, "reason")}
    if not withheld(row):
        places["body"] = (last, "body")
    return {column: place for column, place in places.items() if place[0] in entries}


ARGUMENTS = Table(
    "arguments",
    "Arguments",
    "Arguments",
    "Every argument, by reference.",
    "Tous les arguments, par référence.",
    (
        Column("ref", "string", "Reference", "Référence", "Its reference in the ledger.", "Référence dans le registre."),
        Column(
            "external_ref",
            "string",
            "Shown reference",
            "Référence affichée",
            "Its reference as people see it, where that is another.",
            "Affichée, si différente.",
            free=True,
        ),
        Column("contribution", "string", "Contribution", "Contribution", "What it is about.", "Contribution sur laquelle il porte."),
        Column("step", "string", "Step", "Étape", "Step it was submitted in.", "Étape du dépôt."),
        Column("side", "string", "Side", "Sens", "`for` or `against`.", "for (pour) ou against (contre)."),
        Column("parent", "string", "Parent", "Argument parent", "Argument that it answers.", "Argument auquel il répond."),
        Column("state", "string", "State", "État", "`submitted` or `withdrawn`.", "submitted (déposé) ou withdrawn (retiré)."),
        Column(
            "author",
            "string",
            "Author",
            "Auteur",
            "Pseudonym in the scope of authors; empty where nobody is named.",
            "Pseudonyme parmi les auteurs.",
        ),
        Column("meeting", "string", "Meeting", "Réunion", "Meeting it comes from.", "Réunion d'origine."),
        Column(
            "language",
            "string",
            "Language",
            "Langue",
            "Of the text shown here: the first of the project's languages that it has.",
            "Celle du texte montré ici.",
        ),
        Column("body", "string", "Body", "Texte", "Its text, where it may be shown.", "Quand il peut être montré.", free=True),
        Column("texts", "integer", "Versions", "Versions", "How many versions its text has.", "Nombre de versions de son texte."),
        Column("seq", "integer", "Submitted (seq)", "Dépôt (rang)", "Where the event stands in the log.", "Rang dans le registre."),
        Column(
            "submitted_at",
            "datetime",
            "Submitted",
            "Dépôt",
            "In UTC; of participants' events the hour only.",
            "En UTC ; à l'heure près pour les participants.",
        ),
        Column(
            "claimed_at",
            "datetime",
            "Time claimed",
            "Date déclarée",
            "When it was made, as the platform says; in UTC.",
            "Date de dépôt selon la plateforme ; en UTC.",
        ),
        Column(
            "revised_seq",
            "integer",
            "Revised (seq)",
            "Modification (rang)",
            "Where the last revision stands in the log.",
            "Celui de la dernière modification.",
        ),
        Column("withdrawn_seq", "integer", "Withdrawn (seq)", "Retrait (rang)", "Where the event stands in the log.", "Rang du retrait."),
        Column("withdrawn_at", "datetime", "Withdrawn", "Retrait", "When it was withdrawn, in UTC.", "En UTC."),
        Column("withdrawn_code", "string", "Withdrawal code", "Code de retrait", "The reason as a code.", "Motif, sous forme de code."),
        Column(
            "withdrawn_reason",
            "string",
            "Withdrawal reason",
            "Motif de retrait",
            "The reason in words, where it may be shown.",
            "Quand il peut être montré.",
            free=True,
        ),
        *MODERATION,
        Column(
            "moderated",
            "boolean",
            "Moderated",
            "A été modéré",
            "Whether there ever was a decision against it.",
            "Vrai s'il y a eu une décision à son encontre, même levée.",
        ),
        ERASED,
    ),
    ("ref",),
    _rows,
)
