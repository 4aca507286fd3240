"""The public tables of an export, one per file. `TABLES` lists them; docs/formats/tables.md describes every column."""

from ledger.projections.tables.ballots import BALLOTS
from ledger.projections.tables.budget_result import BUDGET_RESULT
from ledger.projections.tables.proposals import PROPOSALS
from ledger.projections.tables.table import Cell, Column, Table
from ledger.projections.tables.timeline import TIMELINE
from ledger.projections.tables.turnout import TURNOUT

TABLES: tuple[Table, ...] = (BALLOTS, BUDGET_RESULT, PROPOSALS, TIMELINE, TURNOUT)
"""By name."""

__all__ = ["TABLES", "Cell", "Column", "Table"]
