"""Whether the choices of a ballot are possible in a step: asked at intake, in admission, and when sealed ballots are disclosed."""

from collections.abc import Sequence
from typing import TypeAlias, cast

from ledger.aggregates.selection import SelectionState
from ledger.aggregates.step import StepState
from ledger.errors import CandidatesNotSealed, ChoicesRefused, RulesMissing
from ledger.rules import profile
from ledger.rules.choices import Check, checker

Entries: TypeAlias = Sequence[int] | Sequence[tuple[int, int]]


def check_choices(entries: Entries, step: StepState, selection: SelectionState) -> None:
    """Returns when the choices are possible; raises `ChoicesRefused`, or what the step still lacks before that can be said.

    Too few choices are possible: such a ballot is recorded, and not counted, with a reason.
    """
    check = step.check or _check_of(step, selection)
    fault = check(cast("profile.Entries", entries))
    if fault is not None:
        raise ChoicesRefused(step.ref, fault.code, fault.place)


def _check_of(step: StepState, selection: SelectionState) -> Check:
    if step.rules is None:
        raise RulesMissing(step.ref)
    if selection.digest is None:
        raise CandidatesNotSealed(step.ref)
    check = checker(step.rules.ballot, selection.items)
    if step.opened_seq is not None:  # before, other rules may still be set
        step.check = check
    return check
