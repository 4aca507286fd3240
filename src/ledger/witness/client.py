"""The other side of add-checkpoint: a log that asks one witness for a cosignature (C2SP tlog-witness)."""

from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic
from typing import Final
from urllib.parse import urlsplit

import httpx2

from ledger.errors import MalformedNote
from ledger.tlog.checkpoint import Checkpoint
from ledger.tlog.cosignature import LONGEST_ANSWER, parse_cosignatures
from ledger.tlog.lines import decimal
from ledger.tlog.note import Note, NoteSignature
from ledger.tlog.vkey import Vkey, cosigned_at
from ledger.tlog.witness import AddCheckpoint
from ledger.witness.judging import SIZE

CONNECT_SECONDS: Final = 3.0
ANSWER_SECONDS: Final = 5.0
"""From the request to the end of the answer, at most a little more than this: whoever sends a byte now and then is not waited for."""
_LONGEST_QUOTE: Final = 200
_HEADERS: Final = {"Content-Type": "text/plain; charset=utf-8", "Accept-Encoding": "identity"}

Prove = Callable[[int], tuple[bytes, ...]]
"""The old size → the consistency proof to the checkpoint that is shown."""


@dataclass(frozen=True, slots=True)
class Cosigned:
    """The witness cosigned; the line was verified. `at` is its time, Unix seconds."""

    line: NoteSignature
    at: int


@dataclass(frozen=True, slots=True)
class Ahead:
    """The witness has cosigned a greater size of this log than the checkpoint that it was shown."""

    seen: int


@dataclass(frozen=True, slots=True)
class Conflict:
    """The witness has cosigned another history: what it has seen does not begin the tree that it was shown."""

    seen: int
    why: str


@dataclass(frozen=True, slots=True)
class Uncosigned:
    """There is no cosignature now, for a reason that says nothing about the log. `seen` where the witness told a size."""

    why: str
    seen: int | None = None


Said = Cosigned | Ahead | Conflict | Uncosigned


class WitnessClient:
    """One witness of a policy. Keeps its connection between requests; close it."""

    def __init__(self, url: str, vkey: Vkey, answer_seconds: float = ANSWER_SECONDS) -> None:
        """`url` is the submission prefix, http or https."""
        self.vkey = vkey
        self._target = f"{url.rstrip('/')}/add-checkpoint"
        self._seconds = answer_seconds
        self._http = httpx2.Client(timeout=httpx2.Timeout(answer_seconds, connect=min(CONNECT_SECONDS, answer_seconds)))

    def close(self) -> None:
        """The connection is given up."""
        self._http.close()

    def show(self, note: Note, checkpoint: Checkpoint, old_size: int, prove: Prove) -> Said:
        """What the witness says to the checkpoint in `note`. `old_size` is what it is thought to have cosigned; it corrects us once."""
        # One that is ahead by what we remember is asked from what we have: it may be so no longer, and says so otherwise.
        old_size = min(old_size, checkpoint.size)
        said = self._ask(note, checkpoint, old_size, prove)
        if isinstance(said, Uncosigned) and said.seen is not None and said.seen != old_size:
            corrected = said.seen
            said = self._ask(note, checkpoint, corrected, prove)
            if isinstance(said, Uncosigned) and said.seen is None:
                return Uncosigned(said.why, corrected)
        return said

    def _ask(self, note: Note, checkpoint: Checkpoint, old_size: int, prove: Prove) -> Said:
        request = AddCheckpoint(old_size, prove(old_size) if 0 < old_size < checkpoint.size else (), note)
        try:
            status, media_type, body = self._post(request.encode())
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            return Uncosigned(f"it cannot be reached: {str(error)[:_LONGEST_QUOTE] or type(error).__name__}")
        return self._said(status, media_type, body, note, checkpoint, old_size)

    def _post(self, content: bytes) -> tuple[int, str, bytes]:
        """Status, media type and body of the answer; a body that is too long is cut behind what is read."""
        deadline = monotonic() + self._seconds
        body = b""
        with self._http.stream("POST", self._target, content=content, headers=_HEADERS) as answer:
            for part in answer.iter_raw():
                body += part
                if len(body) > LONGEST_ANSWER:
                    break
                if monotonic() > deadline:
                    raise httpx2.ReadTimeout("its answer takes too long")
            return answer.status_code, answer.headers.get("content-type", "").partition(";")[0].strip().lower(), body

    def _said(self, status: int, media_type: str, body: bytes, note: Note, checkpoint: Checkpoint, old_size: int) -> Said:
        if status == 200:
            return self._verified(body, note)
        quoted = body[:_LONGEST_QUOTE].decode("utf-8", "replace").strip()
        if status == 422:
            return Conflict(old_size, f"what it cosigned at size {old_size} does not begin this log (422 {quoted})")
        if status == 409:
            told = decimal(body.decode("ascii", "replace").removesuffix("\n")) if media_type == SIZE else None
            if told is None or told == old_size:
                if old_size == checkpoint.size:
                    return Conflict(old_size, f"it cosigned another root at size {old_size} (409 {quoted})")
                return Uncosigned(f"it answered 409 {quoted}")
            return Ahead(told) if told > checkpoint.size else Uncosigned(f"it has cosigned size {told}", told)
        return Uncosigned(f"it answered {status} {quoted}".strip())

    def _verified(self, body: bytes, note: Note) -> Said:
        """The cosignature of the key that is trusted; lines of other keys are passed over."""
        try:
            lines = parse_cosignatures(body)
        except MalformedNote as error:
            return Uncosigned(f"its answer is no cosignature: {error.place}: {error.why}")
        text = note.text.encode()
        for line in lines:
            if (line.name, line.key_id) == (self.vkey.name, self.vkey.key_id) and self.vkey.verifies(text, line.signature):
                return Cosigned(line, cosigned_at(line.signature))
        return Uncosigned("its answer has no valid cosignature of the key that the policy names")


def is_address(url: str) -> bool:
    """True when a witness can be asked at this URL of a policy."""
    try:
        parts = urlsplit(url)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        return False
