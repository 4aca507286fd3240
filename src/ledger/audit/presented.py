"""What somebody presents as given to them by a log: a receipt, a refusal, a proof, or the whole answer to a post that holds such."""

from base64 import b64decode
from dataclasses import dataclass, field
from typing import Final

from ledger.canonical import JsonValue, parse
from ledger.errors import DuplicateKey, Malformed, MalformedNote, NotCanonical, NotJson
from ledger.tlog.note import Note, parse_note
from ledger.tlog.receipt import RECEIPT_HEADER, REFUSAL_HEADER, Receipt, Refusal, parse_receipt, parse_refusal
from ledger.tlog.tlog_proof import HEADER as PROOF_HEADER
from ledger.tlog.tlog_proof import TlogProof, parse_tlog_proof
from ledger.tlog.tree import HASH_SIZE

LARGEST: Final = 64 << 20
"""Bytes that are read, at most: more than an answer to the largest request with a refusal for each line."""
MOST: Final = 10_000
"""Statements, at most: as many as a request has submissions."""


@dataclass(frozen=True, slots=True)
class Presented:
    """Statements of a log, each with the note that is to be verified; nothing is verified yet."""

    receipts: list[tuple[Note, Receipt]] = field(default_factory=list)
    refusals: list[tuple[Note, Refusal]] = field(default_factory=list)
    proofs: list[TlogProof] = field(default_factory=list)
    lines: list[tuple[int, bytes]] = field(default_factory=list)
    """Of an answer: (seq, leaf hash) of what it says was recorded; unsigned by itself."""

    @property
    def count(self) -> int:
        """How many statements there are."""
        return len(self.receipts) + len(self.refusals) + len(self.proofs)

    def add(self, text: str) -> None:
        """Takes one statement, whatever its kind. Raises `MalformedNote`, `MalformedProof`."""
        # Tools for JSON and editors add line ends behind a text, or take the last one away. No statement has an empty last line.
        content = text.rstrip("\n").encode("utf-8", "surrogatepass") + b"\n"
        first = text.partition("\n")[0]
        if self.count >= MOST:
            raise MalformedNote(place="answer", why=f"it holds more than {MOST} statements")
        if first == PROOF_HEADER:
            self.proofs.append(parse_tlog_proof(content))
        elif first == RECEIPT_HEADER:
            note = parse_note(content)
            self.receipts.append((note, parse_receipt(note.text)))
        elif first == REFUSAL_HEADER:
            note = parse_note(content)
            self.refusals.append((note, parse_refusal(note.text)))
        else:
            known = ", ".join((RECEIPT_HEADER, REFUSAL_HEADER, PROOF_HEADER))
            raise MalformedNote(place="line 1", why=f"a statement begins with one of {known}")


def read_presented(content: bytes) -> Presented:
    """The statements in a file. Raises `Malformed` leaves where it is none, and no answer that holds any."""
    if len(content) > LARGEST:
        raise MalformedNote(place="file", why=f"it is longer than {LARGEST} bytes")
    presented = Presented()
    if content.lstrip()[:1] == b"{":
        _read_answer(content, presented)
    else:
        try:
            presented.add(content.decode("utf-8"))
        except UnicodeDecodeError as error:
            raise MalformedNote(place=f"byte {error.start}", why="this is not UTF-8") from None
    if not presented.count:
        raise MalformedNote(place="answer", why="it holds no receipt, no refusal and no proof")
    return presented


def _read_answer(content: bytes, presented: Presented) -> None:
    """The members of a 201 answer or of a problem document that are statements."""
    try:
        answer = parse(content.strip())
    except (NotJson, NotCanonical, DuplicateKey) as error:
        raise MalformedNote(place=error.place, why="this is not JSON as the service answers it") from None
    if not isinstance(answer, dict):
        raise MalformedNote(place="$", why="an answer is a JSON object")
    _add(answer.get("receipt"), "receipt", presented)
    proofs = answer.get("proofs")
    for place, proof in enumerate(proofs if isinstance(proofs, list) else ()):
        _add(proof, f"proofs[{place}]", presented)
    _add(answer.get("refusal"), "refusal", presented)
    events = answer.get("events")
    for place, event in enumerate(events if isinstance(events, list) else ()):
        if isinstance(event, dict):
            _read_line(event, f"events[{place}]", presented)


def _read_line(event: dict[str, JsonValue], place: str, presented: Presented) -> None:
    problem = event.get("problem")
    if isinstance(problem, dict):
        _add(problem.get("refusal"), f"{place}.problem.refusal", presented)
        return
    match event:
        case {"seq": int(seq), "leaf_hash": str(written)} if len(presented.lines) < MOST:
            try:
                leaf = b64decode(written, validate=True)
            except ValueError:
                leaf = b""
            if len(leaf) != HASH_SIZE or seq < 0:
                raise MalformedNote(place=f"{place}.leaf_hash", why=f"it is not the base64 of {HASH_SIZE} bytes")
            presented.lines.append((seq, leaf))


def _add(text: JsonValue, place: str, presented: Presented) -> None:
    if text is None:
        return
    if not isinstance(text, str):
        raise MalformedNote(place=place, why="a statement is a text")
    try:
        presented.add(text)
    except Malformed as error:
        raise MalformedNote(place=place, why=str(error)) from None
