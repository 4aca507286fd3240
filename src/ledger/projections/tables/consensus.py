"""The table `consensus`: what each group of a clustering says of each target, and the group-informed consensus that follows."""

from collections.abc import Iterator
from typing import cast

from ledger.projections.readings.consensus import agreements, clusterings
from ledger.projections.readings.reading import Reading
from ledger.projections.tables.table import Cell, Column, Table


def _rows(reading: Reading) -> Iterator[tuple[Cell, ...]]:
    for clustering in clusterings(reading.source):
        named = (cast("str", clustering.row["step"]), cast("str", clustering.row["ref"]))
        sizes, hidden = clustering.sizes, clustering.held_back
        for rank, tally, groups, score in agreements(reading.source, clustering):
            for (group, members), counts in zip(sizes.items(), groups, strict=True):
                told: tuple[Cell, ...] = (None,) * 4 if counts is None else (counts.stances, *counts)
                yield *named, tally.target, rank, score.exact, score.decimal, group, members, group in hidden, *told


CONSENSUS = Table(
    "consensus",
    "Consensus by group",
    "Consensus par groupe",
    "Stances on each target by group of a recorded clustering; by clustering, kind, rank, target and group. Groups below 5 are held back.",
    "Positions sur chaque objet par groupe d'une partition inscrite ; par partition, type, rang, objet, groupe. Moins de 5 membres : tu.",
    (
        Column("step", "string", "Step", "Étape", "Reference of the step.", "Référence de l'étape."),
        Column("clustering", "string", "Clustering", "Partition", "Reference of the clustering.", "Référence de la partition en groupes."),
        Column(
            "target",
            "string",
            "Target",
            "Objet",
            "What it is about: contribution/<reference> or argument/<reference>.",
            "Ce dont il s'agit : contribution/<référence> ou argument/<référence>.",
        ),
        Column(
            "rank",
            "integer",
            "Rank",
            "Rang",
            "Place by group-informed consensus among its kind; equals share it.",
            "Rang par consensus entre groupes, parmi celles de son type ; partagé en cas d'égalité.",
        ),
        Column(
            "score",
            "string",
            "Score",
            "Score",
            "The exact product over all groups, as num/den; empty where a group is held back.",
            "Le produit exact sur tous les groupes, en num/den ; vide si un groupe est tu.",
        ),
        Column(
            "decimal",
            "string",
            "Decimal",
            "Décimal",
            "The score to six places, rounded down; empty where it would give away a group.",
            "Le score à six décimales, par défaut ; vide s'il révélait un groupe.",
        ),
        Column("group", "integer", "Group", "Groupe", "Number of the group.", "Numéro du groupe."),
        Column("members", "integer", "Members", "Membres", "People in the group.", "Personnes du groupe."),
        Column("held_back", "boolean", "Held back", "Tu", "True where the counts of the group are not told.", "Vrai si ce groupe est tu."),
        Column("stances", "integer", "Stances", "Positions", "Members who have a stance on it.", "Membres ayant une position."),
        Column("positive", "integer", "For", "Pour", "Those for it.", "Ceux qui sont pour."),
        Column(
            "neutral", "integer", "In between", "Entre les deux", "Those in between, or who passed.", "Ceux qui sont mitigés, ou passent."
        ),
        Column("negative", "integer", "Against", "Contre", "Those against it.", "Ceux qui sont contre."),
    ),
    ("step", "clustering", "target", "group"),
    _rows,
)
