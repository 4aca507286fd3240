"""Following a ledger from outside: new checkpoints, hidden projects, evidence that others can check (docs/formats/monitoring.md)."""
