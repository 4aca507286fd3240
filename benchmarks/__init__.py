"""Figures of this ledger, each beside what it is compared to, measured in one run, in turns, as medians."""
