"""Digests: of the bytes that docs/formats/digests.md says."""

import json
from base64 import urlsafe_b64encode
from hashlib import sha256
from pathlib import Path

from ledger.aggregates import Aggregates, candidates_digest, filled, roll_root, rules_digest
from ledger.events.result import ResultComputed
from ledger.events.selection import Candidate, CandidatesSealed
from ledger.events.step import RollSealed, StepRulesSet
from ledger.rules.profile import Item
from ledger.rules.spec import RuleSpec
from tests.given import digest, person
from tests.town import RULES


def text(value: bytes) -> str:
    return urlsafe_b64encode(value).decode().rstrip("=")


def jcs(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def test_candidates_are_hashed_as_they_stand_in_their_events() -> None:
    candidates = (
        Candidate(ref="bench", cost_minor=5),
        Candidate(ref="park", district="north"),
        Candidate(ref="x", cost_minor=1, category="green"),
    )
    items = [Item(place, c.ref, c.cost_minor, c.district, c.category) for place, c in enumerate(candidates)]
    lines = [candidate.model_dump(exclude_none=True) for candidate in candidates]
    assert candidates_digest(items) == text(sha256(jcs(lines)).digest())
    assert candidates_digest(items[::-1]) != candidates_digest(items)


def test_a_known_list_of_candidates_has_a_known_digest() -> None:
    line = b'[{"cost_minor":1800000,"district":"old-town","ref":"shared-orchard"},{"cost_minor":0,"ref":"bench"}]'
    items = [Item(0, "shared-orchard", 1_800_000, "old-town"), Item(1, "bench", 0)]
    assert candidates_digest(items) == text(sha256(line).digest())
    assert line.decode() in (Path(__file__).parents[2] / "docs" / "formats" / "digests.md").read_text()


def test_rules_are_hashed_with_every_option_even_those_left_out() -> None:
    assert rules_digest(RULES) == text(sha256(jcs(RULES.model_dump(mode="json", exclude_none=True))).digest())
    short = RuleSpec.model_validate_json(RULES.model_dump_json(exclude={"version", "unaffordable", "exclusive_sets", "ties", "revotes"}))
    assert rules_digest(short) == rules_digest(RULES)


def test_the_root_of_a_roll_is_the_rfc_6962_root_of_its_pseudonyms_ascending() -> None:
    def leaf(member: str) -> bytes:
        return sha256(b"\0" + member.encode()).digest()

    def node(left: bytes, right: bytes) -> bytes:
        return sha256(b"\1" + left + right).digest()

    first, second, third = sorted(person(name) for name in ("ana", "max", "zoe"))
    expected = node(node(leaf(first), leaf(second)), leaf(third))
    assert roll_root([third, first, second]) == text(expected)
    assert roll_root([first]) == text(leaf(first))


def test_what_is_given_is_not_filled_and_what_does_not_follow_stays_absent() -> None:
    given_digest = StepRulesSet(step="vote", rules=RULES, secrecy="open", digest=digest("given"))
    assert filled(given_digest, Aggregates()) is given_digest
    unknown = ResultComputed(step="vote")
    assert filled(unknown, Aggregates()) is unknown


def test_filling_reads_blank_states_without_changing_them() -> None:
    aggregates = Aggregates()
    assert filled(RollSealed(step="vote"), aggregates) == RollSealed(step="vote", count=0, root=roll_root([]))
    assert filled(CandidatesSealed(step="vote"), aggregates) == CandidatesSealed(step="vote", count=0, digest=candidates_digest([]))
    assert aggregates.states == {}
    assert aggregates.roll("vote") == aggregates.roll("other")
