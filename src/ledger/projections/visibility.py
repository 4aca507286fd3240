"""What moderation and erasure say on the row of a content: the decision in force, and which of its entries were erased.

No text is touched here: whether one may be shown is found out when rows are read.
"""

from collections.abc import Mapping
from typing import Final

from ledger.canonical import JsonValue
from ledger.events import Event
from ledger.events.case import ContentHidden, ContentLimited, ContentRestored
from ledger.events.privacy import ContentErased
from ledger.projections.projection import Row, Texts

JUDGING: Final = (ContentHidden, ContentLimited, ContentRestored, ContentErased)
"""The events that say it."""
UNJUDGED: Final[Mapping[str, JsonValue]] = {"moderation": None, "moderated": False, "erased": []}
"""The fields of a row that nobody moderated or erased from. `moderated` stays true once there was a decision."""


def judged_content(event: Event) -> tuple[str, str] | None:
    """(first word, reference) of the stream that the event moderates or erases from: ("argument", "a7"); None for other events.

    An erasure names the stream of the erased entry, which may be a text's or a case's.
    """
    match event.data:
        case ContentHidden(target=stream) | ContentLimited(target=stream) | ContentRestored(target=stream):
            pass
        case ContentErased(erased=str(stream)):
            pass
        case _:
            return None
    family, _, ref = stream.partition("/")
    return family, ref


def judged(row: Row, event: Event, texts: Texts) -> Row:
    """The fields of the row that such an event changes; none for other events."""
    match event.data:
        case ContentHidden() as hidden:
            return {"moderation": _decision(event, hidden, texts, trash=None), "moderated": True}
        case ContentLimited() as limited:
            return {"moderation": _decision(event, limited, texts, trash=limited.trash), "moderated": True}
        case ContentRestored():
            return {"moderation": None}
        case ContentErased(entry=entry, ground=ground):
            erasure: dict[str, JsonValue] = {"entry": entry, "seq": event.seq, "at": event.at, "ground": ground}
            before = row["erased"]
            return {"erased": [*(before if isinstance(before, list) else ()), erasure]}
    return {}


def _decision(event: Event, data: ContentHidden | ContentLimited, texts: Texts, trash: str | None) -> JsonValue:
    return {
        "decision": "hidden" if isinstance(data, ContentHidden) else "limited",
        "trash": trash,
        "motive": data.motive,
        "rule_ref": data.rule_ref,
        "until": data.until,
        "stances": data.stances,
        "since_seq": event.seq,
        "since_at": event.at,
        "reason": texts.get("reason"),
    }
