"""Witnesses: who cosigns checkpoints of others, asks others to cosign, and dates checkpoints (docs/formats/witnesses.md)."""
