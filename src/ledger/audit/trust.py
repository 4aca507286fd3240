"""What an auditor brings along, from where they trust it: keys, witnesses, authorities."""

from dataclasses import dataclass

from ledger.tlog.policy import Policy
from ledger.tlog.vkey import Vkey


@dataclass(frozen=True, slots=True)
class Trust:
    """What is believed without the package saying so. Nothing of it: the package is then only consistent in itself."""

    keys: tuple[Vkey, ...] = ()
    """Keys of the project's log."""
    ledger_keys: tuple[Vkey, ...] = ()
    """Keys of the ledger log."""
    policy: Policy | None = None
    """Who has to have witnessed the ledger log."""
    tsa_roots: bytes | None = None
    """Certificates of timestamp authorities, in PEM."""

    def keys_of_ledger(self, origin: str) -> tuple[Vkey, ...]:
        """The keys that are believed for the ledger log of this origin: those given, and those that the policy names."""
        named = self.policy.log_keys(origin) if self.policy is not None else ()
        return tuple(dict.fromkeys((*self.ledger_keys, *named)))
