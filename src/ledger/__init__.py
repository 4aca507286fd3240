"""An event-sourced ledger for citizen participation: what happened, what follows from it, and how to check both."""

from typing import Final

VERSION: Final = "0.1.0"
"""Of the distribution; stated in every package."""
