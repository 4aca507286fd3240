"""Tables as the page makes them from events alone, without a package around them: so logs that nobody admitted can be looked at, too."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

from ledger.canonical import JsonValue
from ledger.events import COMMITTED, Event
from ledger.events.envelope import entry_bytes
from ledger.package.csv_table import csv_file
from ledger.projections.folding import FoldedSource
from ledger.projections.readings.reading import read
from ledger.projections.tables import TABLES
from tests.browser.browsing import Verifier

Told: TypeAlias = Sequence[tuple[Event, Mapping[str, JsonValue]]]
"""Events in the order of a log, each with its disclosed fields."""

_MADE = """([logs, tables]) => logs.map((log) => {
  const types = new EventTypes(FACTS);
  const fields = new Map(log.map(([, disclosed], seq) => [seq, disclosed]));
  const replay = Object.assign(Object.create(Replay.prototype), {
    ballots: new Ballots(), rows: new StepRows(), stances: new StanceRows(), contents: new Contents(), folds: new Folds(), currency: "",
    shippedChoices: new Map(), attendance: new Map(), admission: { consider: () => true },
    commitments: { match: ({ seq }) => fields.get(seq) },
  });
  for (const [entry] of log) replay.fold(types.read(JSON.parse(entry)));
  return tables.map((table) => [...tableLines(table, TABLE_ROWS.get(table)(replay, []))].join("\\n") + "\\n");
})"""


def made_in_the_page(verifier: Verifier, tables: Sequence[str], logs: Iterable[Told]) -> list[dict[str, str]]:
    """Table → its text, for each log. All of them are made in one call."""
    found: list[list[str]] = verifier.call(_MADE, [[entries_of(log) for log in logs], list(tables)])
    return [dict(zip(tables, texts, strict=True)) for texts in found]


def made_in_python(tables: Sequence[str], log: Told) -> dict[str, str]:
    """Table → its text, as a package has it."""
    source = FoldedSource(log[0][0].log if log else "")
    for event, fields in log:
        source.feed(event, _committed(event, fields))
    reading = read(source)
    return {table.name: b"".join(csv_file(table, reading)).decode() for table in TABLES if table.name in tables}


def entries_of(log: Told) -> list[JsonValue]:
    """What the page is given of a log: the text of each entry, and its disclosed fields."""
    return [[entry_bytes(event).decode(), _committed(event, fields)] for event, fields in log]


def _committed(event: Event, fields: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    return {name: fields[name] for name in COMMITTED[event.type] if name in fields}
