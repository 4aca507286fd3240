"""The public tables of an export, one per file. `TABLES` lists them; docs/formats/tables.md describes every column.

`TABLES_1` are those of packages of layout 1, which are read for ever and written no more (docs/formats/package.md).
"""

from ledger.projections.tables.aggregates import AGGREGATES
from ledger.projections.tables.answers import ANSWERS
from ledger.projections.tables.arguments import ARGUMENTS
from ledger.projections.tables.ballots import BALLOTS
from ledger.projections.tables.budget_result import BUDGET_RESULT
from ledger.projections.tables.changes import CHANGES
from ledger.projections.tables.consensus import CONSENSUS
from ledger.projections.tables.contributions import CONTRIBUTIONS
from ledger.projections.tables.erasures import ERASURES
from ledger.projections.tables.moderation import MODERATION
from ledger.projections.tables.participation import PARTICIPATION
from ledger.projections.tables.proposals import PROPOSALS
from ledger.projections.tables.sections import SECTIONS
from ledger.projections.tables.stances import STANCES
from ledger.projections.tables.table import Cell, Column, Table
from ledger.projections.tables.tallies import TALLIES
from ledger.projections.tables.timeline import TIMELINE
from ledger.projections.tables.turnout import TURNOUT
from ledger.projections.tables.versions import VERSIONS

TABLES_1: tuple[Table, ...] = (BALLOTS, BUDGET_RESULT, PROPOSALS, TIMELINE, TURNOUT)
"""By name."""
TABLES: tuple[Table, ...] = (
    AGGREGATES,
    ANSWERS,
    ARGUMENTS,
    BALLOTS,
    BUDGET_RESULT,
    CHANGES,
    CONSENSUS,
    CONTRIBUTIONS,
    ERASURES,
    MODERATION,
    PARTICIPATION,
    SECTIONS,
    STANCES,
    TALLIES,
    TIMELINE,
    TURNOUT,
    VERSIONS,
)
"""By name."""

__all__ = ["TABLES", "TABLES_1", "Cell", "Column", "Table"]
