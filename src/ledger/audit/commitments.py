"""What became of each commitment of a log: disclosed, or why not; only what nothing explains is a fault."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import Final, cast

from ledger.aggregates import Aggregates, check_choices
from ledger.aggregates.withholding import WITHHELD_TYPES
from ledger.audit.findings import Findings
from ledger.audit.unopened import ERASURES, Unopened
from ledger.canonical import JsonValue, canonical
from ledger.errors import ChoicesRefused, FileDamaged, LedgerError, MalformedDisclosure
from ledger.events import COMMITTED, Event
from ledger.events.ballot import SEALED_CHOICES, BallotChoices
from ledger.events.envelope import Visibility
from ledger.package.disclosure_lines import DisclosureLine, read_disclosure_line
from ledger.package.layout import DISCLOSURES
from ledger.package.zip_reader import PackageReader
from ledger.sealing import decode_text, digest_text, disclosure_digest, read_disclosure

LONGEST_DISCLOSURE: Final = 32 << 20
"""Bytes of a line, at most: more than the largest request holds."""
MOST_KNOWN: Final = 1 << 15
"""How many different choices are remembered."""
_CHOICES: Final = re.compile(rb'\["[A-Za-z0-9_-]{22}","entries",(\[[-0-9,\[\]]*\])\]')
"""The array of a disclosure as the ledger writes it, with a salt of 16 bytes."""
NOTHING: Final[Mapping[str, JsonValue]] = {}


class ShippedDisclosures:
    """The lines of `disclosures.jsonl`, taken entry by entry in the order of the log."""

    def __init__(self, reader: PackageReader, findings: Findings) -> None:
        self._findings = findings
        self._next: DisclosureLine | None = None
        self.count = 0
        self._lines = self._read(reader)
        self._advance()

    def of(self, seq: int) -> list[DisclosureLine]:
        """The lines about the entry `seq`; asked for in ascending order."""
        found: list[DisclosureLine] = []
        while self._next is not None and self._next.seq <= seq:
            if self._next.seq == seq:
                found.append(self._next)
            self._advance()
        return found

    def finish(self) -> None:
        """No line is about an entry that there is not."""
        while self._next is not None:
            self._findings.fault("integrity", "disclosure-misplaced", self._place(), "an entry of the log", f"entry {self._next.seq}")
            self._advance()

    def _advance(self) -> None:
        self._next = next(self._lines, None)

    def _read(self, reader: PackageReader) -> Iterator[DisclosureLine]:
        before: tuple[int, str] = (-1, "")
        try:
            for lines in reader.lines(DISCLOSURES, LONGEST_DISCLOSURE):
                for line in lines:
                    self.count += 1
                    try:
                        read = read_disclosure_line(line)
                    except MalformedDisclosure as error:
                        self._findings.fault("integrity", "disclosure-malformed", self._place(), "entry, name and disclosure", error.why)
                        continue
                    if (read.seq, read.name) <= before:
                        found = f"entry {read.seq}, {read.name}"
                        self._findings.fault("integrity", "disclosure-order", self._place(), "lines in the order of the log", found)
                        continue
                    before = (read.seq, read.name)
                    yield read
        except FileDamaged as error:
            self._findings.fault("reading", error.code, error.place, "a file that can be read back", error.why)

    def _place(self) -> str:
        return f"{DISCLOSURES} line {self.count}"


class Commitments:
    """The commitments of a log, judged entry by entry."""

    def __init__(self, findings: Findings) -> None:
        self._findings = findings
        self.statuses: Counter[str] = Counter()
        self.undisclosed: Counter[str] = Counter()
        """Step → commitments of its ballots that were not disclosed so far."""
        self._known: dict[tuple[str, bytes], JsonValue] = {}
        self._unopened = Unopened(findings, self.statuses)

    def finish(self, reader: PackageReader, aggregates: Aggregates) -> None:
        """What is not disclosed is explained by the whole log, or it is a fault. `aggregates` are the states at the end."""
        self._unopened.finish(reader, aggregates)

    def match(self, event: Event, shipped: list[DisclosureLine], aggregates: Aggregates) -> Mapping[str, JsonValue]:
        """The committed fields of the event that the lines disclose. `aggregates` are the states after the event."""
        sd = event.data.sd
        if event.type in ERASURES:
            self._unopened.note_erasure(event)
        if len(shipped) == 1 and isinstance(event.data, BallotChoices):
            known = self._known_choices(event.data, shipped[0])
            if known is not None:
                self.statuses["disclosed"] += 1
                return known
        if sd is None:
            for line in shipped:
                self._fault("disclosure-unmatched", event, line.name, "no disclosure: the entry commits to nothing", line.disclosure)
            return NOTHING
        fields = committed(event)
        disclosed: dict[str, JsonValue] = {}
        opened: set[str] = set()
        for line in shipped:
            self._open(event, line, fields, disclosed, opened)
        if len(sd) > 1 and (len(set(sd)) != len(sd) or list(sd) != sorted(sd)):
            self._fault("commitments-order", event, "_sd", "digests ascending, each once", " ".join(sd))
        if len(disclosed) < len(fields):
            self._explain(event, [name for name in fields if name not in disclosed], fields, set(sd) - opened)
        if event.type in WITHHELD_TYPES:
            self._unopened.note_shown(event, disclosed)
        if event.data.DIGESTED:
            self._compare_digests(event, disclosed)
        if isinstance(event.data, BallotChoices) and disclosed and self._possible(event, event.data, disclosed["entries"], aggregates):
            self._remember(event.data, shipped[0], disclosed)
        return disclosed

    def _open(
        self, event: Event, line: DisclosureLine, fields: Mapping[str, Visibility], disclosed: dict[str, JsonValue], opened: set[str]
    ) -> None:
        try:
            disclosure = read_disclosure(line.disclosure)
        except MalformedDisclosure as error:
            self._fault("disclosure-malformed", event, line.name, "salt, name and value", error.why)
            return
        if disclosure.digest not in (event.data.sd or ()) or disclosure.digest in opened:
            self._fault("disclosure-unmatched", event, line.name, "a digest that stands in the entry", disclosure.digest)
        elif disclosure.name != line.name or line.name not in fields:
            self._fault("disclosure-misnamed", event, line.name, ", ".join(fields), disclosure.name)
        elif fields[line.name] == "private":
            self._fault("disclosure-private", event, line.name, "a field that is never disclosed stays closed", "its disclosure")
        else:
            opened.add(disclosure.digest)
            disclosed[line.name] = disclosure.value
            self.statuses["disclosed"] += 1

    def _explain(self, event: Event, missing: list[str], fields: Mapping[str, Visibility], unopened: set[str]) -> None:
        """Some fields are not disclosed: why is known at once where that is their class, and else at the end of the log."""
        public: list[str] = []
        for name in missing:
            match fields[name]:
                case "private":
                    self.statuses["private"] += 1
                case "sealed":
                    # Whether it had to be disclosed is known when all ballots of the step are.
                    self.undisclosed[event.stream.split("/")[1]] += 1
                case "public":
                    public.append(name)
        if public:
            self._unopened.miss(event, public, unopened)

    def _compare_digests(self, event: Event, disclosed: Mapping[str, JsonValue]) -> None:
        """Where the digest of a text stands in clear, the text is the one that it is of."""
        for field, name in event.data.DIGESTED.items():
            if name in disclosed:
                value, stated = disclosed[name], getattr(event.data, field)
                digest = None if value is None else digest_text(sha256(canonical(value)).digest())
                if stated != digest:
                    self._fault("digest-differs", event, field, f"digest {digest}, of the {name} that is disclosed", str(stated))

    def _known_choices(self, data: BallotChoices, line: DisclosureLine) -> Mapping[str, JsonValue] | None:
        """The field that the line discloses, where all about it is usual and the same choices were found possible in this step before.

        Only the salt then differs from what was read before, so that digest and form are all that is left to look at.
        """
        try:
            form = _CHOICES.fullmatch(decode_text(line.disclosure))
        except MalformedDisclosure:
            return None
        if form is None or line.name != "entries" or data.sd != (disclosure_digest(line.disclosure),):
            return None
        known = self._known.get((data.step, form[1]))
        return None if known is None else {"entries": known}

    def _remember(self, data: BallotChoices, line: DisclosureLine, disclosed: Mapping[str, JsonValue]) -> None:
        form = _CHOICES.fullmatch(decode_text(line.disclosure))
        if form is not None:
            if len(self._known) >= MOST_KNOWN:
                self._known.clear()
            self._known[data.step, form[1]] = disclosed["entries"]

    def _possible(self, event: Event, data: BallotChoices, value: JsonValue, aggregates: Aggregates) -> bool:
        """True when the choices are possible in the step; a finding says what is wrong with others."""
        entries = as_entries(value)
        if entries is None:
            self._findings.fault(
                "lawfulness", "sealed-choices", f"entry {event.seq}", "positions, or pairs of position and value", str(value)
            )
            return False
        try:
            check_choices(entries, aggregates.step(data.step), aggregates.selection(data.step))
        except ChoicesRefused as error:
            self._findings.fault("lawfulness", "sealed-choices", f"entry {event.seq}", "choices that the step allows", str(error))
            return False
        except LedgerError as error:
            self._findings.fault("lawfulness", "sealed-choices", f"entry {event.seq}", "a step whose rules are known", str(error))
            return False
        return True

    def _fault(self, check: str, event: Event, name: str, expected: str, found: str) -> None:
        self._findings.fault("integrity", check, f"entry {event.seq}, field {name}", expected, found)


def committed(event: Event) -> Mapping[str, Visibility]:
    """The committed fields of an event by the schema that it was written in, and when each is disclosed."""
    return SEALED_CHOICES if isinstance(event.data, BallotChoices) else COMMITTED[event.type]


def as_entries(value: JsonValue) -> tuple[int, ...] | tuple[tuple[int, int], ...] | None:
    """The choices that a disclosed value states, or None where it is no list of positions or of pairs."""
    if not isinstance(value, list) or len(value) > 1000:
        return None
    if {*map(type, value)} <= {int}:
        positions = cast("list[int]", value)
        return tuple(positions) if not positions or min(positions) >= 0 else None
    pairs: list[tuple[int, int]] = []
    for entry in value:
        match entry:
            case [int(position), int(points)] if type(position) is int and type(points) is int and position >= 0:
                pairs.append((position, points))
            case _:
                return None
    return tuple(pairs)
