"""The table `timeline`: every event of the process in words, with flags where an observer has to look."""

from collections.abc import Iterator
from typing import cast

from ledger.projections.readings.ballot_step import ballot_steps
from ledger.projections.readings.reading import Reading
from ledger.projections.source import Source
from ledger.projections.tables.table import Cell, Column, Table


def flags(source: Source) -> dict[int, list[str]]:
    """Seq → flags of the event there, in the order they were set. docs/formats/tables.md lists them."""
    found: dict[int, list[str]] = {}
    for _, row in source.rows("steps"):
        for flag in cast("list[dict[str, object]]", row["flags"]):
            found.setdefault(cast("int", flag["seq"]), []).append(cast("str", flag["flag"]))
    for step in ballot_steps(source):
        for candidate in step.candidates:
            if step.over and candidate.withdrawn_seq is not None and candidate.item.position in step.withdrawn_after:
                marks = found.setdefault(candidate.withdrawn_seq, [])
                if "withdrawn_after_close" not in marks:
                    marks.append("withdrawn_after_close")
    return found


def _rows(reading: Reading) -> Iterator[tuple[Cell, ...]]:
    marked = flags(reading.source)
    for _, row in reading.source.rows("timeline"):
        seq = cast("int", row["seq"])
        told = [cast("str | None", row[name]) for name in ("at", "type", "step", "ref", "role", "via", "en", "fr", "code")]
        yield (seq, *told, reading.words(row["reason"]) or None, " ".join(marked.get(seq, ())) or None)


TIMELINE = Table(
    "timeline",
    "Timeline",
    "Chronologie",
    "Every event of the process, in the order of the log; those of single people are left out.",
    "Tous les événements du processus, dans l'ordre du registre, sauf ceux d'une seule personne.",
    (
        Column("seq", "integer", "Seq", "Rang", "Where the event stands in the log.", "Rang de l'événement dans le registre."),
        Column(
            "at",
            "datetime",
            "At",
            "Date",
            "Time of the ledger, in UTC; of participants' events the hour only.",
            "Heure du registre, en UTC ; à l'heure près pour les événements des participants.",
        ),
        Column("type", "string", "Type", "Type", "Type and schema of the event.", "Type et schéma de l'événement."),
        Column("step", "string", "Step", "Étape", "The step that it belongs to.", "Étape concernée."),
        Column(
            "ref",
            "string",
            "Reference",
            "Référence",
            "The contribution, district, category, envelope or meeting that it is about.",
            "Ce dont il s'agit.",
        ),
        Column("role", "string", "Role", "Rôle", "In which role it was posted.", "Rôle au titre duquel il a été déposé."),
        Column("via", "string", "Client", "Client", "Which client posted it.", "Client qui l'a déposé."),
        Column("what_en", "string", "What happened", "Ce qui s'est passé (anglais)", "One sentence in English.", "En anglais."),
        Column("what_fr", "string", "What happened (French)", "Ce qui s'est passé", "The same in French.", "En français."),
        Column("code", "string", "Code", "Code", "The reason as a code.", "Le motif, sous forme de code."),
        Column(
            "reason",
            "string",
            "Reason",
            "Motif",
            "The reason or statement in words, where it may be shown.",
            "Le motif ou la déclaration en toutes lettres, quand il peut être montré.",
            free=True,
        ),
        Column(
            "flags",
            "string",
            "Flags",
            "Signalements",
            "What an observer has to look at; listed below.",
            "Ce qu'un observateur doit regarder.",
        ),
    ),
    ("seq",),
    _rows,
)
