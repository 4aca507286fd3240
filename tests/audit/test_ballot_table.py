"""Packed states are what unpacked ones would be."""

from base64 import urlsafe_b64encode
from hashlib import sha256

from hypothesis import given
from hypothesis import strategies as st

from ledger.aggregates import Aggregates, BallotState
from ledger.audit.ballot_table import AuditedAggregates, find

steps = st.sampled_from(["vote", "other"])
actors = st.integers(0, 30).map(lambda number: urlsafe_b64encode(sha256(str(number).encode()).digest())[:22].decode())
changes = st.lists(st.tuples(steps, actors, st.booleans(), st.booleans()), max_size=200)


@given(changes, st.sampled_from([0, 1, 10_000]))
def test_a_table_of_packed_ballots_is_a_table_of_ballots(changes: list[tuple[str, str, bool, bool]], expected: int) -> None:
    packed, plain = AuditedAggregates(expected), Aggregates()
    for step, actor, withdrawn, by_agent in changes:
        for aggregates in (packed, plain):
            state = aggregates.writable(f"ballot/{step}/{actor}")
            assert isinstance(state, BallotState)
            state.version += 1
            state.withdrawn, state.by_agent = withdrawn, by_agent
        assert packed.ballot(step, actor) == plain.ballot(step, actor)
    for step, actor, _, _ in changes:
        assert packed.ballot(step, actor) == plain.ballot(step, actor)
    assert packed.ballot("vote", "a" * 22) == BallotState()


def test_a_match_across_two_records_is_none() -> None:
    first, second = b"a" * 22 + b"\0\0\0\0\4", b"b" * 22 + b"\0\0\0\0\4"
    straddling = (first + second)[5:27]
    shelf = bytearray(first + second + straddling + b"\0\0\0\0\x08")
    assert find(shelf, b"b" * 22) == 27
    assert find(shelf, straddling) == 54
    assert find(shelf, b"c" * 22) == -1
