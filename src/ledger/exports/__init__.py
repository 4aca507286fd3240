"""Packages made from a project's log and its projections, streamed to whoever asks."""

from ledger.exports.export import Vouchers, export_package
from ledger.exports.shown_at import LogAtSize

__all__ = ["LogAtSize", "Vouchers", "export_package"]
