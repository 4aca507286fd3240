"""Fields that platforms may leave out because they follow from the events before."""

from typing import Any

from ledger.aggregates.aggregates import Aggregates
from ledger.aggregates.digests import candidates_digest, rules_digest, sections_digest
from ledger.aggregates.step import old_dates
from ledger.aggregates.text import text_of
from ledger.events import EventData
from ledger.events.result import ResultComputed
from ledger.events.selection import CandidatesSealed
from ledger.events.step import RollSealed, StepRescheduled, StepRulesAmended, StepRulesSet
from ledger.events.text import SectionAmended, TextAdopted


def filled(data: EventData, aggregates: Aggregates) -> EventData:
    """The data with every absent field filled that follows from states alone; what was given stays, and admission judges it.

    Left to whoever has keys or ballots: the digests of keys (`scope_keys`, `step_key`), winners and digest of a result, count and root of a
    disclosure.
    """
    absent = {name: value for name, value in _follows(data, aggregates).items() if getattr(data, name) is None and value is not None}
    return data.model_copy(update=absent) if absent else data


def _follows(data: EventData, aggregates: Aggregates) -> dict[str, Any]:
    match data:
        case StepRulesSet() | StepRulesAmended():
            return {"digest": rules_digest(data.rules)}
        case StepRescheduled():
            return dict(old_dates(data, aggregates.step(data.step)))
        case RollSealed():
            roll = aggregates.roll(data.step)
            return {"count": len(roll.members), "root": roll.current_root()}
        case CandidatesSealed():
            items = aggregates.selection(data.step).items
            return {"count": len(items), "digest": candidates_digest(items)}
        case ResultComputed():
            step = aggregates.step(data.step)
            return {"rule": None if step.rules is None else step.rules.rule_id, "cut_off": step.cut_off}
        case SectionAmended():
            return {"old_digest": text_of(aggregates, data.ref).sections.get(data.section)}
        case TextAdopted():
            return {"digest": sections_digest(text_of(aggregates, data.ref).sections)}
    return {}
