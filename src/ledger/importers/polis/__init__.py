"""Conversations held with Polis, in both forms in which their comments and votes are published."""
