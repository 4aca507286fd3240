"""What moderation keeps back: the texts of a content while a decision that withholds it stands.

The service asks before it shows a text, the auditor when a text is not there; both ask here.
"""

from typing import Final

from ledger.aggregates.case import CaseState
from ledger.aggregates.state import States
from ledger.events import EVENTS
from ledger.events.case import CaseEvent
from ledger.events.privacy import PrivacyEvent

WITHHELD_TYPES: Final = frozenset(wire_type for event in EVENTS if event.WITHHELD for wire_type in event.wire_types())
"""Wire types whose committed fields are the content itself: what is said of it (a reason, an answer) is never withheld."""
VISIBILITY_TYPES: Final = frozenset(
    wire_type for event in EVENTS if issubclass(event, (CaseEvent, PrivacyEvent)) for wire_type in event.wire_types()
)
"""Wire types of events after which other texts of earlier entries may be shown than before."""


def case_of(stream: str) -> str:
    """The stream of the case about a content, which is named by its own stream."""
    return f"case/{stream}"


def withholds(stream: str, wire_type: str, states: States) -> bool:
    """True while the committed fields of an event of this type, in this stream, are not to be shown."""
    return wire_type in WITHHELD_TYPES and is_withheld(stream, states)


def is_withheld(stream: str, states: States) -> bool:
    """True while the content of this stream is hidden, or in a trash that nobody can read."""
    case = states.state(case_of(stream))
    return isinstance(case, CaseState) and case.withheld
