"""An event-sourced ledger for citizen participation: what happened, what follows from it, and how to check both."""
