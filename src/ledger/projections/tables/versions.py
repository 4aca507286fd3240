"""The table `versions`: what every version of a contribution or an argument says, where it may be shown."""

from collections.abc import Iterator, Mapping
from typing import cast

from ledger.canonical import JsonValue, canonical_trusted
from ledger.projections.projection import Row
from ledger.projections.readings.reading import Reading
from ledger.projections.readings.unshown_fields import with_erased
from ledger.projections.readings.versions import FAMILIES, withheld
from ledger.projections.references import Place
from ledger.projections.source import Source
from ledger.projections.tables.contents import ERASED, MODERATION, cell, listed, moderation_cells
from ledger.projections.tables.proposals import PROPOSALS
from ledger.projections.tables.table import Cell, Column, Table


def _rows(reading: Reading) -> Iterator[tuple[Cell, ...]]:
    source = reading.source
    judged = _moderated(source)

    def suspects(row: Row) -> Mapping[str, Place]:
        target = str(row["target"])
        if not row["erased_seqs"] or withheld({"moderation": judged.get(target)}):
            return {}
        return {name: (cast("int", row["seq"]), name) for name in FAMILIES[target.partition("/")[0]][1]}

    target: JsonValue = None
    version = 0
    for _, row, erased in with_erased(source, source.unresolved("versions"), suspects):
        version = version + 1 if row["target"] == target else 1
        target = row["target"]
        title, body = reading.worded(row["title"]), reading.worded(row["body"])
        location: Mapping[str, JsonValue] = row["location"] if isinstance(row["location"], Mapping) else {}
        yield (
            cell(row, "target"),
            version,
            *(cell(row, name) for name in ("seq", "at", "claimed_at", "author", "role")),
            title[0] or body[0] or None,
            title[1] or None,
            body[1] or None,
            *(cast("Cell", location.get(name)) for name in ("latitude", "longitude", "address")),
            canonical_trusted(row["fields"]).decode() if row["fields"] else None,
            *moderation_cells(judged.get(str(target))),
            listed(erased),
        )


def _moderated(source: Source) -> dict[str, JsonValue]:
    """Target → the decision in force against it."""
    found: dict[str, JsonValue] = {}
    for family, (projection, _) in FAMILIES.items():
        for ref, row in source.unresolved(projection):
            if row["moderation"] is not None:
                found[f"{family}/{ref}"] = row["moderation"]
    return found


_TEXTS = tuple(
    column for column in PROPOSALS.columns if column.name in ("language", "title", "body", "latitude", "longitude", "address", "fields")
)

VERSIONS = Table(
    "versions",
    "Versions",
    "Versions",
    "Every version of the text of contributions and arguments, by target and version.",
    "Chaque version du texte des contributions et des arguments, par objet et version.",
    (
        Column(
            "target",
            "string",
            "Target",
            "Objet",
            "Whose text it is: contribution/ref or argument/ref.",
            "Objet dont c'est le texte : contribution/ref ou argument/ref.",
        ),
        Column("version", "integer", "Version", "Version", "1 = as submitted.", "1 = au dépôt."),
        Column("seq", "integer", "Seq", "Rang", "Where the event stands in the log.", "Rang de l'événement dans le registre."),
        Column(
            "at",
            "datetime",
            "At",
            "Date",
            "Time of the ledger, in UTC; of participants' events the hour only.",
            "Heure du registre, en UTC ; à l'heure près pour les événements des participants.",
        ),
        Column(
            "claimed_at",
            "datetime",
            "Time claimed",
            "Date déclarée",
            "When it was written, as the platform says; in UTC.",
            "Date de rédaction selon la plateforme ; en UTC.",
        ),
        Column(
            "author",
            "string",
            "Author",
            "Auteur",
            "Pseudonym in the scope of authors; empty where nobody is named.",
            "Pseudonyme parmi les auteurs.",
        ),
        Column("role", "string", "Role", "Rôle", "In which role it was posted.", "Rôle au titre duquel elle a été déposée."),
        *_TEXTS,
        *MODERATION,
        ERASED,
    ),
    ("target", "version"),
    _rows,
)
