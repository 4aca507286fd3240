"""The stances of several steps are read once for all of them, and read the same where they are too many to be kept."""

from collections.abc import Iterator

import pytest

from ledger.package.stances_by_step import MOST_KEPT, StancesByStep, Taken
from ledger.projections.folding import FoldedSource
from ledger.projections.stances import Stance
from tests.package.shapes import shaped


@pytest.fixture(scope="module")
def source() -> FoldedSource:
    return shaped().source


@pytest.mark.parametrize("most", [MOST_KEPT, 1])
def test_each_step_has_its_stances_in_their_order_however_many_are_kept(
    source: FoldedSource, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected: dict[str, list[Taken]] = {}
    for of in source.stances():
        expected.setdefault(of.step, []).append(Taken(of.target, of.actor, of.value, of.claimed_hour or of.hour))
    assert len(expected) > 1
    passes: list[str | None] = []

    def counted(step: str | None = None) -> Iterator[Stance]:
        passes.append(step)
        return FoldedSource.stances(source, step)

    monkeypatch.setattr(source, "stances", counted)
    stances = StancesByStep(source, expected, most)
    for _ in range(2):
        assert {step: [*stances.of(step)] for step in expected} == expected
    assert passes == ([None] if most > 1 else [None, *expected, *expected])


def test_a_step_that_was_not_named_has_none(source: FoldedSource) -> None:
    assert [*StancesByStep(source, ()).of("elsewhere")] == []
