"""Fields that platforms may leave out because they follow from the events before."""

from typing import Any

from ledger.aggregates.aggregates import Aggregates
from ledger.aggregates.clustering import clustering_of, sealed_fields
from ledger.aggregates.digests import candidates_digest, rules_digest, sections_digest
from ledger.aggregates.stance import old_stance, stance_of
from ledger.aggregates.step import rescheduled_fields
from ledger.aggregates.text import text_of
from ledger.events import EventData
from ledger.events.clustering import ClustersSealed
from ledger.events.result import ResultComputed
from ledger.events.selection import CandidatesSealed
from ledger.events.stance import StanceChanged, StanceWithdrawn
from ledger.events.step import RollSealed, StepRescheduled, StepRulesAmended, StepRulesSet
from ledger.events.text import SectionAmended, TextAdopted


def filled(data: EventData, aggregates: Aggregates, actor: str | None = None) -> EventData:
    """The data with every absent field filled that follows from states alone; what was given stays, and admission judges it.

    Left to whoever has keys or ballots: the digests of keys (`scope_keys`, `step_key`), winners and digest of a result, count and root of a
    disclosure.
    """
    follows = _follows(data, aggregates, actor)
    absent = {name: value for name, value in follows.items() if getattr(data, name) is None and value is not None}
    return data.model_copy(update=absent) if absent else data


def _follows(data: EventData, aggregates: Aggregates, actor: str | None) -> dict[str, Any]:
    match data:
        case StepRulesSet() | StepRulesAmended():
            return {"digest": rules_digest(data.rules)}
        case StepRescheduled():
            return dict(rescheduled_fields(data, aggregates.step(data.step)))
        case RollSealed():
            roll = aggregates.roll(data.step)
            return {"count": len(roll.members), "root": roll.current_root()}
        case CandidatesSealed():
            items = aggregates.selection(data.step).items
            return {"count": len(items), "digest": candidates_digest(items)}
        case ResultComputed():
            step = aggregates.step(data.step)
            return {"rule": None if step.rules is None else step.rules.rule_id, "cut_off": step.cut_off}
    return _follows_in_consultation(data, aggregates, actor)


def _follows_in_consultation(data: EventData, aggregates: Aggregates, actor: str | None) -> dict[str, Any]:
    match data:
        case SectionAmended():
            return {"old_digest": text_of(aggregates, data.ref).sections.get(data.section)}
        case TextAdopted():
            return {"digest": sections_digest(text_of(aggregates, data.ref).sections)}
        case StanceChanged() | StanceWithdrawn():
            return dict(old_stance(stance_of(aggregates, data.stream(actor))))
        case ClustersSealed():
            return dict(sealed_fields(clustering_of(aggregates, data.step, data.ref)))
    return {}
