"""A scope that is over loses its key, whatever is interrupted, and whoever comes later is told so."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from ledger.errors import KeyMissing, ScopeDestroyed
from ledger.store.keystore import FileKeyStore
from tests.contracts.memory_keys import MemoryKeyStore
from tests.posting import Ledger, ballot, ledger, organizer, vote_opened
from tests.store.talking import keep, told


@pytest.fixture(scope="module")
def town(database: str) -> Iterator[Ledger]:
    with ledger(database) as running:
        yield running


def test_a_scope_that_is_over_loses_its_key_and_says_so(database: str, tmp_path: Path) -> None:
    keys = FileKeyStore(tmp_path / "keys")
    with ledger(database, keys=keys) as one, ledger(database, keys=keys) as other:
        one.post("over", *vote_opened(secrecy="sealed"), ballot("ada", 0))
        other.post("over", ballot("bo", 0))
        one.post("over", organizer("step.closed", step="vote"))
        one.post("over", organizer("scope_key.destroyed", scope="step/vote", code="as_announced"))
        with pytest.raises(KeyMissing):
            keys.scope_key("over", "step.vote")
        for town in (one, other):
            with pytest.raises(ScopeDestroyed):
                town.post("over", ballot("cy", 0))
        one.post("over", organizer("ballots.disclosed", step="vote"))
        assert keys.scope_key("over", "sealed.vote")
    with ledger(database, keys=keys) as new, pytest.raises(ScopeDestroyed) as refused:
        new.post("over", ballot("cy", 0))
    assert refused.value.scope == "step/vote"


@pytest.mark.parametrize("scope", ["author", "report", "step/talk"])
def test_a_destruction_that_was_interrupted_is_finished_by_the_keeper(town: Ledger, scope: str) -> None:
    ref, name = f"unfinished-{scope[0]}", scope.replace("/", ".")
    told(town, ref)
    town.post(ref, organizer("step.closed", step="talk"))
    town.post(ref, organizer("scope_key.destroyed", scope=scope, code="as_announced"))
    town.keys.make_scope_key(ref, name)  # as if it were still there
    with pytest.raises(ScopeDestroyed):
        town.post(ref, organizer("scope_key.destroyed", scope=scope, code="again"))
    keep(town)
    with pytest.raises(KeyMissing):
        town.keys.scope_key(ref, name)
    keep(town)


class Stubborn(MemoryKeyStore):
    """A key store that has trouble with its disk when it is to destroy something."""

    def destroy_scope_key(self, project: str, scope: str) -> None:
        raise OSError("read-only file system")


def test_a_disk_that_keeps_a_key_does_not_take_the_answer_back(database: str, caplog: pytest.LogCaptureFixture) -> None:
    keys = Stubborn()
    with ledger(database, keys=keys) as stuck:
        told(stuck, "stuck")
        answer = stuck.post("stuck", organizer("scope_key.destroyed", scope="report", code="as_announced"))
        assert len(answer.outcomes) == 1
        assert keys.scope_key("stuck", "report")
        keep(stuck)
        assert caplog.text.count("stuck") > 1, "the keeper tried again"
