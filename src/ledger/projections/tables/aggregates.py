"""The table `aggregates`: counts that a source states, one a row, beside what the log comes to where the acts are in it."""

from collections.abc import Iterator
from typing import cast

from ledger.projections.readings.published_differences import replays
from ledger.projections.readings.reading import Reading
from ledger.projections.tables.table import Cell, Column, Table


def _rows(reading: Reading) -> Iterator[tuple[Cell, ...]]:
    compared = {cast("int", row["seq"]): replayed for row, replayed in replays(reading.source)}
    for _, row in reading.source.unresolved("aggregates"):
        seq, counts = cast("int", row["seq"]), cast("dict[str, int]", row["counts"])
        head = cast("tuple[Cell, ...]", (row["target"], row["basis"], row["import"]))
        for name in sorted(counts):
            replayed: tuple[Cell, Cell] = compared[seq][name] if seq in compared else (None, None)
            yield *head, name, counts[name], cast("bool", row["verifiable"]), *replayed, seq


AGGREGATES = Table(
    "aggregates",
    "Stated counts",
    "Comptages déclarés",
    "Counts that a source states of a target, by target, basis, import and count. They are part of no tally.",
    "Comptages qu'une source déclare pour un objet, par objet, base, import et comptage. Ils n'entrent dans aucun décompte.",
    (
        Column(
            "target",
            "string",
            "Target",
            "Objet",
            "What it is about: contribution/<reference> or argument/<reference>.",
            "Ce dont il s'agit : contribution/<référence> ou argument/<référence>.",
        ),
        Column(
            "basis",
            "string",
            "Basis",
            "Base",
            "`published`: the acts are in the log; `counts_only`: they are not.",
            "published : les actes sont au registre ; counts_only : ils n'y sont pas.",
        ),
        Column("import", "string", "Import", "Import", "Reference of the import.", "Référence de l'import."),
        Column("count", "string", "Count", "Comptage", "What is counted.", "Ce qui est compté."),
        Column("stated", "integer", "Stated", "Déclaré", "The number that the source states.", "Le nombre déclaré par la source."),
        Column(
            "verifiable",
            "boolean",
            "Verifiable",
            "Vérifiable",
            "False where there are no acts in the log from which it could follow.",
            "Faux si aucun acte du registre ne permet de le vérifier.",
        ),
        Column(
            "replayed",
            "integer",
            "Replayed",
            "Rejoué",
            "What the acts in the log come to, of each person the last one.",
            "Ce que donnent les actes du registre, le dernier de chaque personne.",
        ),
        Column(
            "replayed_all_rows",
            "integer",
            "Replayed, all rows",
            "Rejoué, toutes lignes",
            "The same with every change counted as one more; empty for counts of other things than stances.",
            "De même, chaque changement compté en plus ; vide si ce ne sont pas des positions.",
        ),
        Column("seq", "integer", "Seq", "Rang", "Where the event stands in the log.", "Rang de l'événement dans le registre."),
    ),
    ("target", "basis", "import", "count"),
    _rows,
)
