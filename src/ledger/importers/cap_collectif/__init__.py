"""Consultations in Cap Collectif's event-level export: one row per opinion, version, vote, argument, source and report."""
