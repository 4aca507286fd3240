"""What the tables of contributions, versions and arguments have in common: how moderation and erasure are told in them."""

from collections.abc import Collection
from typing import Final, cast

from ledger.canonical import JsonValue
from ledger.projections.projection import Row
from ledger.projections.tables.table import Cell, Column

MODERATION: Final = (
    Column(
        "moderation",
        "string",
        "Moderation",
        "Modération",
        "The decision in force: `hidden`, `limited_visible` (in a readable trash) or `limited_invisible`.",
        "Décision en vigueur : hidden (masqué), limited_visible (corbeille lisible) ou limited_invisible.",
    ),
    Column("motive", "string", "Motive", "Motif", "Declared motive of that decision.", "Motif déclaré de cette décision."),
)
ERASED: Final = Column(
    "erased",
    "string",
    "Erased",
    "Effacé",
    "Which of its texts were erased (`title`, `body`, …), set apart by blanks; not told while moderation withholds them.",
    "Textes effacés (title, body, …), séparés par des espaces ; non communiqué tant que la modération les retient.",
)


def cell(row: Row, name: str) -> Cell:
    """A field of a row that is a cell as it stands."""
    return cast("Cell", row[name])


def moderation_cells(decision: JsonValue) -> tuple[Cell, Cell]:
    """The cells of `MODERATION` for the decision in force in a row, or none."""
    match decision:
        case {"decision": str(decided), "trash": str(trash), "motive": str(motive)}:
            return f"{decided}_{trash}", motive
        case {"decision": str(decided), "motive": str(motive)}:
            return decided, motive
    return None, None


def listed(names: Collection[JsonValue]) -> Cell:
    """Names set apart by blanks; nothing where there are none."""
    return " ".join(map(str, names)) or None


def erased_entries(row: Row) -> set[JsonValue]:
    """The seqs of the entries of a content from which something was erased."""
    return {erasure["entry"] for erasure in cast("list[dict[str, JsonValue]]", row["erased"])}
