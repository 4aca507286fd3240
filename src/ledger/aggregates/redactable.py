"""Which entries can be redacted: those without which the rest of the log can still be judged.

What people did and said can be. Refused are the opening of the project, its roles and its names, the steps, the ballot papers, the rolls,
the results and the stream `privacy`: without one of these nothing after it could be judged, and an operator who invents an order could
blind every check at once. The decisions that hide a content are refused because redacting them would show it again.
"""

import re
from typing import Final

from ledger.events import EVENTS, EventData
from ledger.events.argument import ArgumentEvent
from ledger.events.ballot import BallotEvent
from ledger.events.case import CaseEvent, ContentHidden, ContentLimited, ContentRestored
from ledger.events.clustering import ClusteringEvent
from ledger.events.contribution import ContributionEvent
from ledger.events.imported import ImportEvent
from ledger.events.participant import ParticipantDescribed
from ledger.events.project import CharterAdopted, EvaluationPublished, GuarantorStated, PledgeMade, ProjectDescribed
from ledger.events.report import ReportMade
from ledger.events.stance import StanceEvent
from ledger.events.suspension import SuspensionEvent
from ledger.events.text import TextEvent

_REF, _PERSON, _TARGET = r"[A-Za-z0-9._~-]{1,64}", r"[A-Za-z0-9_-]{22}", r"(contribution|argument)/[A-Za-z0-9._~-]{1,64}"
_NAMES: Final = {
    "project": "",
    "text": f"/{_REF}",
    "contribution": f"/{_REF}",
    "argument": f"/{_REF}",
    "stance": f"/{_TARGET}/{_PERSON}",
    "clustering": f"/{_REF}/{_REF}",
    "report": f"/{_TARGET}/{_PERSON}",
    "case": f"/{_TARGET}",
    "suspension": f"/{_PERSON}",
    "import": f"/{_REF}",
    "ballot": f"/{_REF}/{_PERSON}",
    "participant": f"/{_REF}/{_PERSON}",
}
_KINDS: Final[tuple[tuple[str, tuple[type[EventData], ...]], ...]] = (
    ("project", (ProjectDescribed, PledgeMade, CharterAdopted, EvaluationPublished, GuarantorStated)),
    ("text", (TextEvent,)),
    ("contribution", (ContributionEvent,)),
    ("argument", (ArgumentEvent,)),
    ("stance", (StanceEvent,)),
    ("clustering", (ClusteringEvent,)),
    ("report", (ReportMade,)),
    ("case", (CaseEvent,)),
    ("suspension", (SuspensionEvent,)),
    ("import", (ImportEvent,)),
    ("ballot", (BallotEvent,)),
    ("participant", (ParticipantDescribed,)),
)
_SHOWS_OR_HIDES: Final = (ContentHidden, ContentLimited, ContentRestored)

REDACTABLE: Final = {
    wire_type: kind
    for kind, classes in _KINDS
    for event in EVENTS
    if issubclass(event, classes) and not issubclass(event, _SHOWS_OR_HIDES)
    for wire_type in event.wire_types()
}
"""Wire type that can be redacted → the kind of stream that it is of."""
_STREAMS: Final = {kind: re.compile(f"{kind}{name}") for kind, name in _NAMES.items()}


def is_stream_of(stream: str, wire_type: str) -> bool:
    """True when an entry of this type, which can be redacted, can be in the stream."""
    return _STREAMS[REDACTABLE[wire_type]].fullmatch(stream) is not None
