"""A lawful log of any number of ballots, written to disk without a database: what an export and its verification are measured on.

The frame (project, proposals, step, result) goes through the same admission as everywhere; ballots are written straight, because they are
known to be lawful, and the verification will say so. Voters choose among 30 proposals, popular ones more often; 2 % vote again.
"""

from base64 import urlsafe_b64encode
from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from random import Random

from ledger.canonical import JsonValue
from ledger.events import ENTRY_DATA, Event
from ledger.events.envelope import entry_bytes
from ledger.package.disclosure_lines import disclosure_lines, read_disclosure_line
from ledger.sealing import commit, digest_text
from ledger.tlog.checkpoint import Checkpoint
from ledger.tlog.note import sign_note
from ledger.tlog.tree import Frontier
from tests.recorded import PLATFORM, RecordedLog
from tests.tlog.keys import KnownSigner

PROPOSALS = 30
MOST_CHOICES = 5
_AT_ONCE = 4096


class GeneratedLog(RecordedLog):
    """See `ledger.ports.ProjectLog`: entries and sealed choices in files of `folder`."""

    def __init__(self, folder: Path, ballots: int, *, sealed: bool) -> None:
        super().__init__("ledger.example/p/generated")
        self._events = _Entries(folder / "entries")
        self.stored = self._events  # type: ignore[assignment]  # a list of entries that lies on disk
        self._choices = folder / "choices"
        self._first_ballot = 0
        self._counted = Frontier()
        self._random = Random(2026)  # nothing is secret here
        self._prepare(sealed)
        self._first_ballot = self.size()
        with self._choices.open("wb") as choices:
            for entry in self._ballots(ballots, sealed):
                choices.write(entry)
        self._finish(sealed)

    def entries(self, start: int, stop: int) -> Iterator[tuple[int, bytes]]:
        """See `ProjectLog.entries`."""
        yield from self._events.read(start, stop)

    def disclosures(self, start: int, stop: int) -> Iterator[tuple[int, str, str]]:
        """See `ProjectLog.disclosures`."""
        yield from super().disclosures(start, min(stop, self._first_ballot))
        with self._choices.open("rb") as choices:
            for line in choices:
                yield read_disclosure_line(line[:-1])
        yield from super().disclosures(max(start, self._first_ballot), stop)

    def checkpoint(self, size: int | None = None, signers: Sequence[KnownSigner] = ()) -> bytes:
        """See `RecordedLog.checkpoint`; at the present size only."""
        if size is not None and size != self.size():
            raise AssertionError("of a generated log there is one checkpoint, the last")
        return sign_note(Checkpoint(self.origin, self.size(), self._events.root()).text, signers or self.signers).encode()

    def _prepare(self, sealed: bool) -> None:
        self.post(
            "project.opened", title={"en": "Generated"}, owner={"en": "Nobody"}, languages=["en"], currency="EUR",
            time_zone="Europe/Paris", keys_destroyed_at="2030-01-01T00:00:00.000Z",
        )  # fmt: skip
        self.post("step.planned", step="ideas", kind="collection", title={"en": "Ideas"}, accepts=["proposal"])
        self.post("step.opened", step="ideas")
        refs = [f"p{number:02d}" for number in range(PROPOSALS)]
        for number, ref in enumerate(refs):
            self.post(
                "contribution.submitted", "participant", who=ref, ref=ref, step="ideas", kind="proposal",
                cost_minor=10_000 * (number + 1), title={"en": f"Proposal {number}"},
            )  # fmt: skip
        self.post("step.closed", step="ideas")
        rules = {
            "rule": "greedy", "ballot": {"form": "approval", "max": MOST_CHOICES}, "score": {"by": "approvals"},
            "budget_minor": 1_000_000, "unaffordable": {"then": "skip"}, "ties": ["lower_cost", "more_votes", "list_order"],
        }  # fmt: skip
        self.post("step.planned", step="vote", kind="ballot", title={"en": "Vote"})
        self.post("step.rules_set", step="vote", rules=rules, secrecy="sealed" if sealed else "open")
        items = [{"ref": ref, "cost_minor": 10_000 * (number + 1)} for number, ref in enumerate(refs)]
        self.post("candidates.listed", step="vote", items=items)
        self.post("candidates.sealed", step="vote")
        self.post("step.opened", step="vote")

    def _ballots(self, count: int, sealed: bool) -> Iterator[bytes]:
        """Writes the ballots; gives the lines of their disclosures, where sealed."""
        at = f"{self.wait(hours=1)[:13]}:00:00.000Z"
        cited = {"candidates": self.aggregates.selection("vote").digest, "rules": self.aggregates.step("vote").rules_digest, "step": "vote"}
        cast, replaced = ENTRY_DATA["ballot.cast/1"], ENTRY_DATA["ballot.replaced/1"]
        again = count // 50
        for number in range(count):
            repeats = number >= count - again
            voter = number - (count - again) if repeats else number
            actor = urlsafe_b64encode(sha256(b"voter %d" % voter).digest()[:17])[:22].decode()
            entries = self._marks()
            seq = self.size()
            fields: dict[str, object] = {**cited, "entries": entries}
            disclosed: dict[str, JsonValue] = {}
            if sealed:
                disclosure = commit("entries", list(entries), sha256(b"salt %d" % seq).digest()[:16])
                fields = {**cited, "sd": (disclosure.digest,)}
                if repeats or voter >= again:
                    disclosed = {"entries": list(entries)}
                    yield from disclosure_lines([(seq, "entries", disclosure.text)])
            data = (replaced if repeats else cast).model_construct(**fields)
            stream = f"ballot/vote/{actor}"
            version = 2 if repeats else 1
            event = Event(
                data.wire_type(), data, stream, "participant", "web", PLATFORM, self.origin, at, actor, seq=seq, version=version
            )  # fmt: skip
            entry = entry_bytes(event)
            self._events.append(entry)
            if repeats or voter >= again:
                self._counted.append(sha256(b"\0" + entry).digest())
            self.source.feed(event, disclosed)

    def _marks(self) -> tuple[int, ...]:
        """Between 0 and 5 proposals; those at the head of the list are chosen more often."""
        random = self._random.random
        return tuple({int(PROPOSALS * random() ** 2) for _ in range(int(random() * (MOST_CHOICES + 1)))})

    def _finish(self, sealed: bool) -> None:
        self.wait(days=1)
        self.post("step.closed", step="vote")
        if sealed:
            self.post("ballots.disclosed", step="vote", count=self._counted.size, root=digest_text(self._counted.root()))
        self.post("result.computed", step="vote")
        self.post("outcome.published", step="vote", selected=list(self.source_winners()))
        self._events.close()

    def source_winners(self) -> tuple[int, ...]:
        """The winners that were computed."""
        steps = dict(self.source.rows("steps"))
        computed = steps["vote"]["computed"]
        return tuple(computed[-1]["winners"])  # type: ignore[index, call-overload]  # by the projection a list of objects

    def _disclose(self, step: str) -> None:
        """The choices were folded when they were cast."""


class _Entries:
    """Entries in a file, one per line."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = path.open("wb")
        self._count = 0
        self._waiting: list[bytes] = []
        self._tree = Frontier()

    def __len__(self) -> int:
        return self._count

    def append(self, entry: bytes) -> None:
        self._waiting.append(entry)
        self._count += 1
        if len(self._waiting) == _AT_ONCE:
            self._flush()

    def root(self) -> bytes:
        return self._tree.root()

    def close(self) -> None:
        self._flush()
        self._file.close()

    def read(self, start: int, stop: int) -> Iterator[tuple[int, bytes]]:
        with self._path.open("rb") as file:
            for seq, line in enumerate(file):
                if seq >= stop:
                    return
                if seq >= start:
                    yield seq, line[:-1]

    def _flush(self) -> None:
        if self._waiting:
            self._tree.extend([sha256(b"\0" + entry).digest() for entry in self._waiting])
            self._file.write(b"\n".join(self._waiting) + b"\n")
            self._waiting.clear()
