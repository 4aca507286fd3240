"""The rules of a ballot step: set before the opening, after it amended in amounts of money only (stream `step/<step>`)."""

from ledger.aggregates.digests import rules_digest
from ledger.aggregates.lottery_dates import WRONG_DATES, check_drawn_after
from ledger.aggregates.project import check_places, project_of
from ledger.aggregates.state import Law, States, law
from ledger.aggregates.step import StepState, ballot_step
from ledger.errors import (
    AmendmentTooWide,
    CategoryUnknown,
    DistrictUnknown,
    FieldDiffers,
    NothingChanged,
    RulesFrozen,
    RuleUndefined,
    StepHasNoRoll,
    StepNotOpen,
    StepOfOtherKind,
    StepUnknown,
)
from ledger.events import Event
from ledger.events.step import StepRulesAmended, StepRulesSet
from ledger.rules.combinations import check_spec
from ledger.rules.spec import Envelopes, RuleSpec


def _admit_set(event: Event, data: StepRulesSet, state: StepState, states: States) -> None:
    ballot_step(states, data.step)
    if state.status != "planned":
        raise RulesFrozen(data.step)
    _check(data, state, states)
    check_drawn_after(data.step, data.rules, state.closes_at, event.at)


def _check(data: StepRulesSet | StepRulesAmended, step: StepState, states: States) -> None:
    """The rules are defined, name what is defined, and have the digest that the event states."""
    rules = data.rules
    check_spec(rules)
    if rules.envelopes is not None:
        project = project_of(states)
        for envelope in rules.envelopes.envelopes:
            if rules.envelopes.by == "district":
                check_places(project, envelope.key, None)
            else:
                check_places(project, None, envelope.key)
    if _refers_to_roll(rules) and not step.has_roll:
        raise StepHasNoRoll(data.step)
    digest = rules_digest(rules)
    if data.digest != digest:
        raise FieldDiffers("digest", digest, data.digest)


def _refers_to_roll(rules: RuleSpec) -> bool:
    """True when a share of those enrolled decides something."""
    threshold, quorum = rules.threshold, rules.quorum
    return (threshold is not None and threshold.of == "enrolled") or (quorum is not None and quorum.ratio is not None)


def _set(event: Event, data: StepRulesSet, state: StepState, states: States) -> None:
    state.rules = state.latest = data.rules
    state.rules_digest = data.digest
    state.secrecy = data.secrecy


def _admit_amended(event: Event, data: StepRulesAmended, state: StepState, states: States) -> None:
    ballot_step(states, data.step)
    if state.rules is None or state.opened_seq is None:
        raise StepNotOpen(data.step)
    _check(data, state, states)
    options = _amended_beyond_money(state.rules, data.rules)
    if options:
        raise AmendmentTooWide(data.step, options)
    if data.rules == state.latest:
        raise NothingChanged(event.type)


def _amended_beyond_money(before: RuleSpec, after: RuleSpec) -> tuple[str, ...]:
    """The options other than amounts of money in which two rules differ, in the order they are declared."""
    changed = [name for name in RuleSpec.model_fields if getattr(before, name) != getattr(after, name)]
    return tuple(
        name
        for name in changed
        if name != "budget_minor" and not (name == "envelopes" and _only_amounts_differ(before.envelopes, after.envelopes))
    )


def _only_amounts_differ(before: Envelopes | None, after: Envelopes | None) -> bool:
    """True when both divide the money alike: an envelope may come or go, but no minimum of votes may change or come."""
    if before is None or after is None or (before.by, before.kind) != (after.by, after.kind):
        return False
    minimum = {envelope.key: envelope.min_votes for envelope in before.envelopes}
    return all(envelope.min_votes == minimum.get(envelope.key) for envelope in after.envelopes)


def _amend(event: Event, data: StepRulesAmended, state: StepState, states: States) -> None:
    """After the closing the amendment is kept beside the rules that the result follows from."""
    state.latest = data.rules
    if state.status != "closed":
        state.rules = data.rules
        state.rules_digest = data.digest


LAWS: tuple[Law, ...] = (
    law(
        StepRulesSet,
        _admit_set,
        _set,
        StepUnknown,
        StepOfOtherKind,
        RulesFrozen,
        RuleUndefined,
        DistrictUnknown,
        CategoryUnknown,
        StepHasNoRoll,
        FieldDiffers,
        *WRONG_DATES,
    ),
    law(
        StepRulesAmended,
        _admit_amended,
        _amend,
        StepUnknown,
        StepOfOtherKind,
        StepNotOpen,
        RuleUndefined,
        DistrictUnknown,
        CategoryUnknown,
        StepHasNoRoll,
        FieldDiffers,
        AmendmentTooWide,
        NothingChanged,
    ),
)
