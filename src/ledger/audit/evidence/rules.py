"""Which two entries of a ledger log cannot both stand in it, whatever else does (see `ledger.aggregates.ledger_log`)."""

from ledger.audit.language import Words
from ledger.events import Event
from ledger.events.ledger_log import (
    VIA,
    FollowingEvent,
    KeyAdded,
    KeyRetired,
    LogCheckpointed,
    LogClosed,
    LoggedEvent,
    LogOpened,
)


def contradiction(earlier: Event | None, later: Event) -> Words | None:
    """Why the two cannot both stand in one ledger log, in words; None where they can. With no `earlier`: why the one cannot stand there."""
    if earlier is None:
        return _alone(later)
    if earlier.seq >= later.seq:
        return None
    first, second = earlier.data, later.data
    if not isinstance(first, LoggedEvent) or not isinstance(second, LoggedEvent):
        return None
    if (
        isinstance(first, LogOpened)
        and isinstance(second, LogOpened)
        and (first.project == second.project or first.origin == second.origin)
    ):
        return _told(
            earlier,
            later,
            f"open one log twice: {first.origin} ({first.project}) and {second.origin} ({second.project})",
            f"ouvrent deux fois un même journal : {first.origin} ({first.project}) et {second.origin} ({second.project})",
        )
    if first.project != second.project:
        return None
    if first.origin != second.origin:
        return _told(earlier, later, "name one project's log differently", "nomment différemment le journal d'un même projet")
    if isinstance(first, LogClosed):
        return _told(earlier, later, f"go on with {first.origin} after its end", f"poursuivent {first.origin} après sa fin")
    return _chain(earlier, later, second) or _sizes(earlier, later, first, second) or _keys(earlier, later, first, second)


def _alone(event: Event) -> Words | None:
    if (event.role, event.via, event.actor) == ("system", VIA, None) and event.stream == event.data.stream(None):
        return None
    return {
        "en": f"Entry {event.seq} of the ledger log was not written by the ledger itself.",
        "fr": f"L'inscription {event.seq} du journal du registre n'a pas été écrite par le registre lui-même.",
    }


def _chain(earlier: Event, later: Event, second: LoggedEvent) -> Words | None:
    """The later entry skips the earlier: it names an entry before it as the one that it follows."""
    if isinstance(second, FollowingEvent) and second.previous < earlier.seq:
        return _told(
            earlier,
            later,
            f"do not follow on each other: the second says that it follows entry {second.previous}",
            f"ne se suivent pas : la seconde dit suivre l'inscription {second.previous}",
        )
    return None


def _sizes(earlier: Event, later: Event, first: LoggedEvent, second: LoggedEvent) -> Words | None:
    if not isinstance(first, LogCheckpointed) or not isinstance(second, (LogCheckpointed, LogClosed)):
        return None
    shrunk = second.size < first.size or (second.size == first.size and (isinstance(second, LogCheckpointed) or second.root != first.root))
    if not shrunk:
        return None
    return _told(
        earlier,
        later,
        f"state {first.size} and then {second.size} entries of {first.origin}: a log only grows",
        f"énoncent {first.size} puis {second.size} inscriptions de {first.origin} : un journal ne fait que croître",
    )


def _keys(earlier: Event, later: Event, first: LoggedEvent, second: LoggedEvent) -> Words | None:
    again = isinstance(second, KeyAdded) and (
        (isinstance(first, (KeyAdded, KeyRetired)) and first.vkey == second.vkey)
        or (isinstance(first, LogOpened) and first.vkey == second.vkey)
    )
    twice = isinstance(first, KeyRetired) and isinstance(second, KeyRetired) and first.vkey == second.vkey
    if again or twice:
        return _told(earlier, later, "add or retire one key twice", "ajoutent ou retirent deux fois une même clé")
    return None


def _told(earlier: Event, later: Event, english: str, french: str) -> Words:
    return {
        "en": f"Entries {earlier.seq} and {later.seq} of the ledger log {english}.",
        "fr": f"Les inscriptions {earlier.seq} et {later.seq} du journal du registre {french}.",
    }
