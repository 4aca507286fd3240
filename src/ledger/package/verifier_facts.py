"""What the browser verifier knows of events, as JSON: it is told by the classes themselves, so that the two cannot part.

For each wire type: what its data may hold as a reduced JSON Schema with all defaults, the committed fields, and who may post it.
"""

from typing import Final

from pydantic import BaseModel

from ledger import VERSION
from ledger.aggregates import PERMITTED
from ledger.aggregates.aggregates import AGGREGATES
from ledger.aggregates.redactable import REDACTABLE
from ledger.aggregates.withholding import WITHHELD_TYPES
from ledger.canonical import JsonValue, canonical
from ledger.events import BY_THE_HOUR, COMMITTED, ENTRY_DATA, EVENTS, EventData
from ledger.events.envelope import ENTRY_LIMIT, Entry
from ledger.events.ledger_log import LEDGER_EVENTS
from ledger.events.readings import entry_data_model
from ledger.events.redacted import Redacted
from ledger.events.upcasts import UPCASTS
from ledger.package.cap_collectif_columns import HEADER, NAMES
from ledger.package.layout import READMES
from ledger.package.readme import readme_pattern
from ledger.projections.tables import TABLES, TABLES_1
from ledger.projections.wording import patterns
from ledger.rules.scales import SCALES, SIDE_OF

_WORDS_ONLY: Final = frozenset({"title", "description", "discriminator"})
"""Members of a schema that decide nothing: a form is told apart by the constant that it has."""


def verifier_facts() -> bytes:
    """The facts as canonical JSON."""
    former = {upcast.former.wire_type(): entry_data_model(upcast.former) for upcast in UPCASTS.values()}
    models = {**ENTRY_DATA, **former}
    classes = {
        **{event.wire_type(): event for event in EVENTS},
        **{upcast.former.wire_type(): upcast.former for upcast in UPCASTS.values()},
    }
    shared: dict[str, JsonValue] = {}
    events: dict[str, JsonValue] = {wire_type: _event(classes[wire_type], models[wire_type], shared) for wire_type in sorted(models)}
    logged: dict[str, JsonValue] = {
        event.wire_type(): {"committed": {}, "data": _schema(entry_data_model(event), shared)} for event in LEDGER_EVENTS
    }
    streams: dict[str, JsonValue] = {aggregate.prefix: aggregate.is_shared for aggregate in AGGREGATES}
    scales: dict[str, JsonValue] = {name: {str(value): side for value, side in values.items()} for name, values in SCALES.items()}
    in_order: dict[str, JsonValue] = {name: [*map(str, values)] for name, values in SCALES.items()}
    sentences: dict[str, JsonValue] = {wire_type: [*pattern] for wire_type, pattern in patterns().items()}
    facts: dict[str, JsonValue] = {
        "version": VERSION,
        "cap_collectif": {"header": [*HEADER], "names": [*NAMES]},
        "entry_limit": ENTRY_LIMIT,
        "envelope": _schema(Entry, shared),
        "events": events,
        "ledger_events": logged,
        "models": shared,
        "pages": {name: readme_pattern(language) for language, name in READMES.items()},
        "redacted": _schema(Redacted, shared),
        "scale_values": in_order,
        "scales": scales,
        "sentences": sentences,
        "stance_values": [[str(value), side] for value, side in SIDE_OF.items()],
        "streams": streams,
        "columns": {table.name: [[column.name, column.free] for column in table.columns] for table in (*TABLES_1, *TABLES)},
        "tables": {"1": [table.name for table in TABLES_1], "2": [table.name for table in TABLES]},
    }
    return canonical(facts)


def _event(event: type[EventData], model: type[BaseModel], shared: dict[str, JsonValue]) -> JsonValue:
    wire_type = event.wire_type()
    permitted: list[JsonValue] = [*sorted(PERMITTED.get(wire_type, frozenset()))]
    pseudonymised: list[JsonValue] = [*sorted(event.PSEUDONYMISED.values())]
    return {
        "by_the_hour": wire_type in BY_THE_HOUR,
        "committed": dict(COMMITTED[wire_type]),
        "data": _schema(model, shared),
        "digested": dict(event.DIGESTED),
        "permitted": permitted,
        "redactable": REDACTABLE.get(wire_type),
        "present": UPCASTS[wire_type].present.wire_type() if wire_type in UPCASTS else wire_type,
        "pseudonymised": pseudonymised,
        "scope": event.SCOPE,
        "withheld": wire_type in WITHHELD_TYPES,
    }


def _schema(model: type[BaseModel], shared: dict[str, JsonValue]) -> JsonValue:
    """The schema of the model without words; models that it refers to are put into `shared`."""
    schema = model.model_json_schema(by_alias=True, ref_template="{model}")
    for name, inner in schema.pop("$defs", {}).items():
        # One of the data models of an entry is called EventData; nothing refers to it but the envelope, whose data are read by type.
        shared[name] = _bare(inner)
    return _bare(schema)


def _bare(schema: JsonValue) -> JsonValue:
    if isinstance(schema, list):
        return [_bare(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    bare: dict[str, JsonValue] = {}
    for name, value in schema.items():
        if name in {"properties", "patternProperties"} and isinstance(value, dict):
            bare[name] = {field: _bare(inner) for field, inner in value.items()}
        elif name in {"default", "enum", "const", "required"}:
            bare[name] = value
        elif name not in _WORDS_ONLY:
            bare[name] = _bare(value)
    return bare
