"""Facts about an argument for or against a contribution (stream `argument/<ref>`)."""

from typing import ClassVar, Literal

from ledger.events.envelope import EventData
from ledger.ids import Code, ExternalRef, LongTexts, Ref, Titles

Stand = Literal["for", "against"]


class ArgumentEvent(EventData):
    """A fact of the stream `argument/<ref>`."""

    SCOPE: ClassVar[str | None] = "author"

    ref: Ref
    step: Ref

    def stream(self, actor: str | None) -> str:
        """`argument/<ref>`: one per argument."""
        return f"argument/{self.ref}"


class ArgumentSubmitted(ArgumentEvent):
    """Somebody argues for or against a contribution; `parent` is the argument that this one answers."""

    TYPE: ClassVar[str] = "argument.submitted"
    COMMITTED = {"body": "public"}
    WITHHELD: ClassVar[bool] = True

    contribution: Ref
    side: Stand
    parent: Ref | None = None
    external_ref: ExternalRef | None = None
    meeting: Ref | None = None
    body: LongTexts


class ArgumentRevised(ArgumentEvent):
    """The argument reads anew, as its next version."""

    TYPE: ClassVar[str] = "argument.revised"
    COMMITTED = {"body": "public"}
    WITHHELD: ClassVar[bool] = True

    body: LongTexts


class ArgumentWithdrawn(ArgumentEvent):
    """The argument is taken back, by its author or by the authority."""

    TYPE: ClassVar[str] = "argument.withdrawn"
    COMMITTED = {"reason": "public"}

    code: Code
    reason: Titles | None = None
