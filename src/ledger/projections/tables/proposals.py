"""The table `proposals` of packages of layout 1: every contribution, the withdrawn ones too, with its texts where they may be shown."""

from collections.abc import Iterator, Mapping
from typing import cast

from ledger.canonical import JsonValue, canonical_trusted
from ledger.projections.projection import Row
from ledger.projections.readings.reading import Reading
from ledger.projections.tables.table import Cell, Column, Table


def _rows(reading: Reading) -> Iterator[tuple[Cell, ...]]:
    for _, row in reading.source.rows("contributions"):
        language, title = reading.worded(row["title"])
        location: Mapping[str, JsonValue] = row["location"] if isinstance(row["location"], Mapping) else {}
        yield (
            *(_cell(row, name) for name in ("ref", "external_ref", "kind", "step", "district", "category", "cost_minor")),
            None if row["cost_minor"] is None else reading.currency,
            *(_cell(row, name) for name in ("state", "author")),
            language or None,
            title or None,
            reading.words(row["body"]) or None,
            *(cast("Cell", location.get(name)) for name in ("latitude", "longitude", "address")),
            canonical_trusted(row["fields"]).decode() if row["fields"] else None,
            *(_cell(row, name) for name in ("derived_from", "meeting", "revision", "submitted_seq", "submitted_at", "revised_seq")),
            *(_cell(row, name) for name in ("withdrawn_seq", "withdrawn_at", "withdrawn_code")),
            reading.words(row["withdrawn_reason"]) or None,
            " ".join(cast("list[str]", row["selected_in"])) or None,
        )


def _cell(row: Row, name: str) -> Cell:
    return cast("Cell", row[name])


PROPOSALS = Table(
    "proposals",
    "Proposals",
    "Propositions",
    "Every contribution, by reference.",
    "Toutes les contributions, par référence.",
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
        Column("kind", "string", "Kind", "Type", "What kind of contribution it is.", "Type de contribution."),
        Column("step", "string", "Step", "Étape", "Step it was submitted in.", "Étape du dépôt."),
        Column("district", "string", "District", "Quartier", "Reference of the district.", "Référence du quartier."),
        Column("category", "string", "Category", "Catégorie", "Reference of the category.", "Référence de la catégorie."),
        Column("cost_minor", "integer", "Cost", "Coût", "Stated cost in minor units.", "Coût annoncé, en unités mineures."),
        Column("currency", "string", "Currency", "Monnaie", "ISO 4217 code.", "ISO 4217 code."),
        Column("state", "string", "State", "État", "`submitted` or `withdrawn`.", "submitted (déposée) ou withdrawn (retirée)."),
        Column(
            "author",
            "string",
            "Author",
            "Auteur",
            "Pseudonym in the scope of authors; empty where nobody is named.",
            "Pseudonyme parmi les auteurs.",
        ),
        Column(
            "language",
            "string",
            "Language",
            "Langue",
            "Of the texts shown here: the first of the project's languages that they have.",
            "Celle des textes montrés ici.",
        ),
        Column("title", "string", "Title", "Titre", "Its title, where it may be shown.", "Quand il peut être montré.", free=True),
        Column("body", "string", "Body", "Texte", "Its text, where it may be shown.", "Quand il peut être montré.", free=True),
        Column("latitude", "string", "Latitude", "Latitude", "WGS 84, decimal degrees.", "WGS 84, degrés décimaux."),
        Column("longitude", "string", "Longitude", "Longitude", "WGS 84, decimal degrees.", "WGS 84, degrés décimaux."),
        Column("address", "string", "Address", "Adresse", "The place in words.", "Le lieu en toutes lettres.", free=True),
        Column(
            "fields",
            "string",
            "Fields",
            "Champs",
            "Further fields of the platform, as a JSON object.",
            "Autres champs, en JSON.",
            free=True,
        ),
        Column("derived_from", "string", "Derived from", "Issue de", "Contribution it grew from.", "Contribution d'origine."),
        Column("meeting", "string", "Meeting", "Réunion", "Meeting it comes from.", "Réunion d'origine."),
        Column(
            "revision", "integer", "Revision", "Révision", "Version of its stream; 1 = as submitted.", "Celle des textes ; 1 = la première."
        ),
        Column(
            "submitted_seq", "integer", "Submitted (seq)", "Dépôt (rang)", "Where the event stands in the log.", "Rang dans le registre."
        ),
        Column(
            "submitted_at",
            "datetime",
            "Submitted",
            "Dépôt",
            "In UTC; of participants' events the hour only.",
            "En UTC ; à l'heure près pour les participants.",
        ),
        Column(
            "revised_seq",
            "integer",
            "Revised (seq)",
            "Modification (rang)",
            "Where the last revision stands in the log.",
            "Celui de la dernière modification.",
        ),
        Column(
            "withdrawn_seq", "integer", "Withdrawn (seq)", "Retrait (rang)", "Where the event stands in the log.", "Rang dans le registre."
        ),
        Column("withdrawn_at", "datetime", "Withdrawn", "Retrait", "When it was withdrawn, in UTC.", "En UTC."),
        Column("withdrawn_code", "string", "Withdrawal code", "Code de retrait", "The reason as a code.", "Le motif, sous forme de code."),
        Column(
            "withdrawn_reason",
            "string",
            "Withdrawal reason",
            "Motif de retrait",
            "The reason in words, where it may be shown.",
            "Quand il peut être montré.",
            free=True,
        ),
        Column(
            "selected_in",
            "string",
            "Selected in",
            "Retenue pour",
            "Ballot steps that it goes on to, set apart by blanks.",
            "Étapes de vote où elle figure.",
        ),
    ),
    ("ref",),
    _rows,
)
