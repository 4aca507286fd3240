"""Packages made from a project's log and its projections, streamed to whoever asks."""

from ledger.exports.export import export_package

__all__ = ["export_package"]
