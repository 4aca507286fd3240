"""The composition root: from settings to the parts of a ledger, ready for work. Only here does everything know everything."""

from ledger.wiring.duties import keeping, web_app
from ledger.wiring.ledger import Ledger, guarded_clock, open_database, open_ledger
from ledger.wiring.packages import sign_what_grew, write_package
from ledger.wiring.witnesses import settle_with_witnesses

__all__ = [
    "Ledger",
    "guarded_clock",
    "keeping",
    "open_database",
    "open_ledger",
    "settle_with_witnesses",
    "sign_what_grew",
    "web_app",
    "write_package",
]
