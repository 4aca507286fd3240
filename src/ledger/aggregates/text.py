"""A text written together: its sections, and whether it is adopted (stream `text/<ref>`)."""

from dataclasses import dataclass, field

from ledger.aggregates.state import Law, State


@dataclass(slots=True)
class TextState(State):
    """What is known of a text: each section with the digest of its body (None where there is none), in the order of their adding."""

    step: str | None = None
    sections: dict[str, str | None] = field(default_factory=dict)
    adopted: bool = False

    def copy(self) -> "TextState":
        """See `State.copy`."""
        return TextState(self.version, self.step, dict(self.sections), self.adopted)


LAWS: tuple[Law, ...] = ()
