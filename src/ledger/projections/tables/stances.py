"""The table `stances`: every stance as it is now, by target and pseudonym.

Channels are not among the columns: with few people in one of them they would point at somebody. They are told in `participation`.
"""

from collections.abc import Iterator
from typing import Final

from ledger.projections.readings.reading import Reading
from ledger.projections.stances import stance_of
from ledger.projections.tables.table import Cell, Column, Table
from ledger.rules.scales import SIDE_OF

_SIDES: Final = {str(value): str(side) for value, side in SIDE_OF.items()}


def _rows(reading: Reading) -> Iterator[tuple[Cell, ...]]:
    for key, row in reading.source.rows("stances"):
        stance = stance_of(key, row)
        language, words = reading.worded(row.get("explained"))
        value, side = stance.value, None if stance.value is None else _SIDES[stance.value]
        said = (stance.step, stance.target, stance.actor, stance.seq, value, side, stance.target_version, stance.hour, stance.claimed_hour)
        yield *said, stance.revision, stance.code, language or None, words or None


STANCES = Table(
    "stances",
    "Stances",
    "Prises de position",
    "Every stance as it is now, by target and pseudonym; those taken back keep their row.",
    "Chaque prise de position en son dernier état, par objet puis pseudonyme ; une position retirée garde sa ligne.",
    (
        Column("step", "string", "Step", "Étape", "Reference of the step.", "Référence de l'étape."),
        Column(
            "target",
            "string",
            "Target",
            "Objet",
            "What it is about: contribution/<reference> or argument/<reference>.",
            "Ce dont il s'agit : contribution/<référence> ou argument/<référence>.",
        ),
        Column(
            "pseudonym",
            "string",
            "Pseudonym",
            "Pseudonyme",
            "Name of the person within this step; it cannot be joined with that of another step.",
            "Nom de la personne dans cette étape, sans lien possible avec celui d'une autre étape.",
        ),
        Column("seq", "integer", "Seq", "Rang", "Where its first event stands in the log.", "Rang du premier événement dans le registre."),
        Column(
            "value", "string", "Value", "Valeur", "Value of the scale; empty where it was taken back.", "Vide si la position a été retirée."
        ),
        Column(
            "side",
            "string",
            "Side",
            "Sens",
            "`positive`, `neutral` or `negative` (docs/formats/rankings.md).",
            "positive, neutral ou negative (docs/formats/rankings.md).",
        ),
        Column(
            "target_version",
            "integer",
            "Version",
            "Version",
            "Version of the text that it addressed; 1 = as submitted.",
            "Version du texte concernée ; 1 = telle que déposée.",
        ),
        Column("hour", "datetime", "Hour", "Heure", "The hour of the event, in UTC.", "L'heure de l'événement, en UTC."),
        Column(
            "claimed_hour",
            "datetime",
            "Claimed hour",
            "Heure déclarée",
            "The hour that an import states for it, in UTC; nobody can verify it.",
            "L'heure déclarée par un import, en UTC ; invérifiable.",
        ),
        Column(
            "revision",
            "integer",
            "Revision",
            "Révision",
            "How many events this stance has: 1 = taken once.",
            "Nombre d'événements de cette position : 1 = prise une seule fois.",
        ),
        Column("code", "string", "Code", "Code", "Why it was taken back, where that was said.", "Pourquoi elle a été retirée, si indiqué."),
        Column("language", "string", "Language", "Langue", "Of the explanation shown here.", "Langue de l'explication affichée."),
        Column(
            "explanation",
            "string",
            "Explanation",
            "Explication",
            "What the person last said about it, where it may be shown.",
            "Ce que la personne en a dit en dernier, si cela peut être montré.",
            free=True,
        ),
    ),
    ("target", "pseudonym"),
    _rows,
)
