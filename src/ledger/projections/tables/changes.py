"""The table `changes`: every change of rules, dates, scales, roles and motives, with what held before and after."""

from collections.abc import Iterator
from typing import cast

from ledger.canonical import JsonValue, canonical_trusted
from ledger.projections.readings.change_register import change_register
from ledger.projections.readings.reading import Reading
from ledger.projections.tables.table import Cell, Column, Table


def _rows(reading: Reading) -> Iterator[tuple[Cell, ...]]:
    for line in change_register(reading.source.rows("changes")):
        yield (
            *(cast("Cell", line[name]) for name in ("seq", "at", "what", "step", "ref", "phase")),
            _written(line["old"]),
            _written(line["new"]),
            cast("Cell", line["code"]),
            reading.words(line["reason"]) or None,
            cast("Cell", line["role"]),
            cast("Cell", line["via"]),
        )


def _written(value: JsonValue) -> str | None:
    return None if value is None else canonical_trusted(value).decode()


CHANGES = Table(
    "changes",
    "Changes of rules and dates",
    "Changements de règles et de dates",
    "Every rule and date that was announced or changed, in the order of the log, with what held before and what holds after.",
    "Toutes les règles et dates annoncées ou modifiées, dans l'ordre du registre, avec l'ancienne et la nouvelle valeur.",
    (
        Column("seq", "integer", "Seq", "Rang", "Where the event stands in the log.", "Rang de l'événement dans le registre."),
        Column("at", "datetime", "At", "Date", "Time of the ledger, in UTC.", "Heure du registre, en UTC."),
        Column(
            "what",
            "string",
            "What",
            "Quoi",
            "`dates`, `rules`, `stances`, `suspension`, `embargo`, `roles`, `motive`, `envelope` or `charter`.",
            "Dates, règles (rules), échelles (stances), suspension, embargo, rôles (roles), motif (motive), enveloppe ou charte (charter).",
        ),
        Column("step", "string", "Step", "Étape", "The step; empty where it is about the whole project.", "Vide pour tout le projet."),
        Column(
            "ref",
            "string",
            "Reference",
            "Référence",
            "The holder of roles (a pseudonym, or `client:` and its name), the motive or the envelope.",
            "Titulaire des rôles (pseudonyme, ou client: et son nom), motif ou enveloppe.",
        ),
        Column(
            "phase",
            "string",
            "Phase",
            "Phase",
            "Where the step stood: `planned`, `open` or `closed`.",
            "Où en était l'étape : planned (annoncée), open (ouverte) ou closed (close).",
        ),
        Column(
            "old",
            "string",
            "Before",
            "Avant",
            "What differs, as it was: a JSON object; empty where there was nothing.",
            "Ce qui diffère, tel qu'il était : un objet JSON ; vide s'il n'y avait rien.",
        ),
        Column("new", "string", "After", "Après", "The same as it is from here on.", "Le même, tel qu'il est désormais."),
        Column("code", "string", "Code", "Code", "The reason as a code.", "Le motif, sous forme de code."),
        Column(
            "reason",
            "string",
            "Reason",
            "Motif",
            "The reason in words, where it may be shown.",
            "Le motif en toutes lettres, quand il peut être montré.",
            free=True,
        ),
        Column("role", "string", "Role", "Rôle", "In which role it was posted.", "Rôle au titre duquel il a été déposé."),
        Column("via", "string", "Client", "Client", "Which client posted it.", "Client qui l'a déposé."),
    ),
    ("seq",),
    _rows,
)
