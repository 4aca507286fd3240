"""What evidence proves: looked at without the network, and without belief in who made the file.

`proven` is what two statements of the ledger's own, signed by its keys, cannot both be true of. `testimony` is what only the one who
watched can know (a page that was not there, an answer that did not come): whatever is signed in it is checked, the rest is told.
`unfounded` is evidence whose statements are not the ledger's, or do not contradict each other.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from ledger.audit.evidence.document import Evidence, Exhibit
from ledger.audit.evidence.rules import contradiction
from ledger.audit.language import Words
from ledger.errors import LedgerError, MalformedNote, MalformedProof, MalformedVkey
from ledger.events import Event
from ledger.events.ledger_log import LogCheckpointed, LogClosed, read_ledger_event
from ledger.sealing import digest_text
from ledger.tlog.checkpoint import Checkpoint, signed_checkpoint
from ledger.tlog.note import parse_note
from ledger.tlog.tlog_proof import parse_tlog_proof
from ledger.tlog.tree import leaf_hash
from ledger.tlog.vkey import Vkey, parse_vkey

Verdict = Literal["proven", "testimony", "unfounded"]


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a piece of evidence comes to; `because` says it by language."""

    verdict: Verdict
    because: Words
    keys_from_evidence: bool
    """The keys came with the file: whoever made it may have made them."""


_TESTIMONY: Final[Words] = {
    "en": "What is signed here is genuine; that it was so is what the one who watched says. Ask the ledger the same, and keep its answer.",
    "fr": "Ce qui est signé ici est authentique ; que cela se soit passé ainsi, seul celui qui observait le dit. Interrogez le registre "
    "de même, et conservez sa réponse.",
}


def judge(evidence: Evidence, trusted: Sequence[Vkey] = ()) -> Judgement:
    """What the evidence proves. With `trusted` keys only what they signed counts; without, the keys in the file are used. Never raises."""
    vkeys = list(trusted) or _vkeys(evidence)
    own = not trusted
    try:
        notes = [_checkpoint(text, vkeys) for text in evidence.notes]
        exhibits = [_proven(exhibit, evidence.ledger, vkeys) for exhibit in evidence.exhibits]
    except _Unfounded as error:
        return Judgement("unfounded", error.because, own)
    found = _fork(notes) or _fork_of_entry(notes, exhibits) or _broken(exhibits)
    if found is not None:
        return Judgement("proven", found, own)
    if evidence.kind in {"fork", "beyond-end", "rule-broken"}:
        because: Words = {
            "en": "The statements in this file can all be true: they do not contradict each other.",
            "fr": "Les déclarations de ce fichier peuvent être toutes vraies : elles ne se contredisent pas.",
        }
        return Judgement("unfounded", because, own)
    return Judgement("testimony", _TESTIMONY, own)


class _Unfounded(Exception):
    def __init__(self, because: Words) -> None:
        super().__init__(because["en"])
        self.because = because


def _vkeys(evidence: Evidence) -> list[Vkey]:
    found: list[Vkey] = []
    for text in evidence.vkeys:
        try:
            found.append(parse_vkey(text))
        except MalformedVkey:
            continue  # it can have signed nothing; whatever was to be proven by it is not
    return found


def _checkpoint(text: str, vkeys: list[Vkey]) -> Checkpoint:
    try:
        checkpoint = signed_checkpoint(parse_note(text.encode()), vkeys, extensions=True)
    except (MalformedNote, UnicodeEncodeError) as error:
        raise _Unfounded(
            {
                "en": f"A checkpoint in this file cannot be read: {error}",
                "fr": f"Un point de contrôle de ce fichier est illisible : {error}",
            }
        ) from None
    if checkpoint is None:
        raise _Unfounded(
            {
                "en": "A checkpoint in this file is not signed by the ledger's keys.",
                "fr": "Un point de contrôle de ce fichier n'est pas signé par les clés du registre.",
            }
        )
    return checkpoint


def _proven(exhibit: Exhibit, ledger: str, vkeys: list[Vkey]) -> Event:
    """The event of an entry that is proven to stand in the ledger log, at its own index."""
    try:
        proof = parse_tlog_proof(exhibit.proof)
        checkpoint = signed_checkpoint(proof.checkpoint, vkeys, extensions=True)
        event = read_ledger_event(exhibit.entry)
    except (MalformedProof, MalformedNote) as error:
        raise _Unfounded({"en": f"A proof cannot be read: {error}", "fr": f"Une preuve est illisible : {error}"}) from None
    except LedgerError as error:
        raise _Unfounded({"en": f"An entry cannot be read: {error}", "fr": f"Une inscription est illisible : {error}"}) from None
    if checkpoint is None or checkpoint.origin != ledger or not proof.verifies(leaf_hash(exhibit.entry), vkeys) or proof.index != event.seq:
        raise _Unfounded(
            {
                "en": f"Entry {event.seq} is not proven to stand in the ledger log that the keys sign.",
                "fr": f"Il n'est pas prouvé que l'inscription {event.seq} figure au journal du registre que les clés signent.",
            }
        )
    return event


def _fork(notes: list[Checkpoint]) -> Words | None:
    for place, first in enumerate(notes):
        for second in notes[place + 1 :]:
            if first.origin == second.origin and first.size == second.size and first.root != second.root:
                return _two_histories(first.origin, first.size)
    return None


def _fork_of_entry(notes: list[Checkpoint], exhibits: list[Event]) -> Words | None:
    """A project's checkpoint against what the ledger log states of that log."""
    for event in exhibits:
        data = event.data
        if isinstance(data, (LogCheckpointed, LogClosed)):
            for note in notes:
                if note.origin != data.origin:
                    continue
                if note.size == data.size and digest_text(note.root) != data.root:
                    return _two_histories(note.origin, note.size)
                if isinstance(data, LogClosed) and note.size > data.size:
                    return _beyond_its_end(note, data.size)
    return None


def _two_histories(origin: str, size: int) -> Words:
    return {
        "en": f"The ledger signed two different histories of {origin} with {size} entries each. "
        "One of them was shown to some people, the other to others.",
        "fr": f"Le registre a signé deux histoires différentes de {origin}, de {size} inscriptions chacune. "
        "L'une a été montrée à certains, l'autre à d'autres.",
    }


def _beyond_its_end(note: Checkpoint, size: int) -> Words:
    return {
        "en": f"The ledger signed {note.size} entries of {note.origin}, which had ended with {size}.",
        "fr": f"Le registre a signé {note.size} inscriptions de {note.origin}, qui s'était achevé avec {size}.",
    }


def _broken(exhibits: list[Event]) -> Words | None:
    for place, earlier in enumerate(exhibits):
        found = contradiction(None, earlier)
        if found is not None:
            return found
        for later in exhibits[place + 1 :]:
            found = contradiction(earlier, later)
            if found is not None:
                return found
    return None
