"""An argument: what it is about, whose it is, whether it still stands (stream `argument/<ref>`)."""

from dataclasses import dataclass

from ledger.aggregates.state import Law, State


@dataclass(slots=True)
class ArgumentState(State):
    """What is known of an argument. `texts` counts its versions: 1 as submitted."""

    contribution: str = ""
    step: str = ""
    author: str | None = None
    texts: int = 0
    withdrawn: bool = False


LAWS: tuple[Law, ...] = ()
