"""The table `participation`: acts of people by day, step, kind and channel, without channels where these would point at somebody."""

from collections.abc import Iterator
from typing import Final

from ledger.projections.readings.participation_days import participation_of
from ledger.projections.readings.reading import Reading
from ledger.projections.tables.table import Cell, Column, Table

_ALL: Final = "*"
"""In place of a step or a channel: no reference and no channel is written so, and a cell of the key is not to be empty."""


def _rows(reading: Reading) -> Iterator[tuple[Cell, ...]]:
    for told in participation_of(reading.source):
        yield told.day, told.step or _ALL, told.act, told.kind, told.channel or _ALL, told.acts


PARTICIPATION = Table(
    "participation",
    "Participation by day and channel",
    "Participation par jour et par canal",
    "Acts by day, step, kind and channel; days without acts have no row. Channels are not told where they would point at somebody.",
    "Actes par jour, étape, type et canal ; un jour sans acte n'a pas de ligne. Le canal est tu quand il désignerait quelqu'un.",
    (
        Column(
            "day",
            "date",
            "Day",
            "Jour",
            "Day in UTC; of imported acts the one that the source states.",
            "Jour UTC ; pour un acte importé, celui qu'indique la source.",
        ),
        Column("step", "string", "Step", "Étape", "Reference of the step; `*` for reports, which name none.", "* pour les signalements."),
        Column(
            "act",
            "string",
            "Act",
            "Acte",
            "`contribution`, `contribution_change`, `argument`, `argument_change`, `stance`, `ballot`, `attendance` or `report`.",
            "Contribution, argument, prise de position (stance), bulletin (ballot), émargement (attendance), signalement (report).",
        ),
        Column(
            "kind",
            "string",
            "Kind",
            "Type",
            "Kind of the contribution, side of the argument, motive of the report, or what was done (`cast`, `changed`, …).",
            "Type de la contribution, sens de l'argument, motif du signalement, ou ce qui a été fait (cast, changed, …).",
        ),
        Column(
            "channel",
            "string",
            "Channel",
            "Canal",
            "How the acts reached the authority; `*` where all channels are told together.",
            "Voie par laquelle les actes sont parvenus ; * si tous les canaux sont réunis.",
        ),
        Column("acts", "integer", "Acts", "Actes", "How many there were.", "Nombre d'actes."),
    ),
    ("day", "step", "act", "kind", "channel"),
    _rows,
)
