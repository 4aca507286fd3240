"""Foreign files become submissions. One package per format, one name in `IMPORTERS`, one command of `ledger import`."""

from typing import Final

IMPORTERS: Final = ("pabulib", "cap-collectif", "republique-numerique", "polis", "decide-madrid", "decidim", "consul")
"""The formats that are read."""
