"""Contributions become one, or several: merged with the author's consent, or split, with their lineage kept."""

from ledger.aggregates.state import Law

LAWS: tuple[Law, ...] = ()
