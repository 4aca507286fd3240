"""What was erased, and what may not be (stream `privacy`)."""

from dataclasses import dataclass, field

from ledger.aggregates.state import Law, State


@dataclass(slots=True)
class PrivacyState(State):
    """Requests and holds by name; which digests of which entry are erased; scopes whose key is destroyed."""

    requests: set[str] = field(default_factory=set)
    holds: dict[str, str | None] = field(default_factory=dict)
    """Hold → the target that it protects; None = everything."""
    erased: dict[int, frozenset[str]] = field(default_factory=dict)
    destroyed: set[str] = field(default_factory=set)

    def copy(self) -> "PrivacyState":
        """See `State.copy`."""
        return PrivacyState(self.version, set(self.requests), dict(self.holds), dict(self.erased), set(self.destroyed))


LAWS: tuple[Law, ...] = ()
