"""Sealing makes the names and commitments of the formats, and refuses keys that the log does not commit to."""

from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.aggregates import Aggregates
from ledger.errors import FieldDiffers, KeyMissing, KeyNotCommitted, StepUnknown
from ledger.events import Event
from ledger.events.posted import read_submission
from ledger.sealing import commit, decode_text, participant_key, pseudonym, read_disclosure
from ledger.store.clock import SystemEntropy
from ledger.store.pseudonyms import ScopeNames
from ledger.store.sealer import Draft, Sealer, commit_choices
from tests.contracts.memory_keys import MemoryKeyStore
from tests.posting import HOST, TOWN, Document, ballot, organizer, proposal

ORIGIN = f"{HOST}/p/town"
TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=80)


@given(key=st.binary(min_size=32, max_size=32), namespace=TEXT, subjects=st.lists(TEXT, max_size=5), scope=TEXT)
def test_names_made_fast_are_the_names_of_the_format(key: bytes, namespace: str, subjects: list[str], scope: str) -> None:
    names = ScopeNames(key, ORIGIN, scope)
    for subject in subjects:
        assert names.pseudonym(namespace, subject) == pseudonym(participant_key(key, namespace, subject), ORIGIN, scope)


POSITIONS = st.integers(0, 999_999)


CHOICES = st.lists(POSITIONS, max_size=9) | st.lists(st.tuples(POSITIONS, st.integers(-99, 99)), max_size=9)


@given(salt=st.binary(min_size=16, max_size=16), entries=CHOICES)
def test_choices_committed_fast_are_the_commitments_of_the_format(salt: bytes, entries: list[Any]) -> None:
    plain = commit("entries", orjson.loads(orjson.dumps(entries)), salt)
    assert commit_choices(tuple(entries), salt) == (plain.text, plain.digest)


@pytest.fixture
def keys() -> MemoryKeyStore:
    kept = MemoryKeyStore()
    kept.make_signer("town", ORIGIN)
    for scope in ("author", "report"):
        kept.make_scope_key("town", scope)
    return kept


@pytest.fixture
def sealer(keys: MemoryKeyStore) -> Sealer:
    return Sealer("town", ORIGIN, keys, SystemEntropy())


def sealed(sealer: Sealer, document: Document, committed: dict[str, str] | None = None) -> tuple[Draft, Event]:
    draft = Draft(read_submission(orjson.dumps(document)), "$")
    sealer.seal_now(draft, TOWN, Aggregates(), committed or {})
    assert draft.event is not None
    return draft, draft.event


def test_every_committed_field_is_a_digest_also_an_absent_one(sealer: Sealer) -> None:
    draft, event = sealed(sealer, proposal("bench", "ada", location={"latitude": "45.75"}, body={"fr": "Un banc"}))
    opened = [read_disclosure(field.text) for field in draft.opened]
    assert {field.name: field.value for field in opened} == {
        "title": {"fr": "bench"},
        "body": {"fr": "Un banc"},
        "location": {"latitude": "45.75"},
        "fields": None,
        "collective_name": None,
    }
    assert event.data.sd == tuple(sorted(field.digest for field in opened))
    assert {field.visibility for field in draft.opened} == {"public"}
    assert event.data.clear() == {"ref": "bench", "step": "ideas", "kind": "proposal", "cost_minor": 40_000, "_sd": event.data.sd}


def test_the_same_text_is_never_committed_to_alike(sealer: Sealer) -> None:
    digests = {digest for _ in range(20) for digest in sealed(sealer, proposal("bench", "ada"))[1].data.sd or ()}
    assert len(digests) == 100


def test_the_digest_of_a_sections_body_is_that_of_the_documentation(sealer: Sealer) -> None:
    article: dict[str, Any] = {"ref": "bill", "section": "article-1", "title": {"fr": "Article 1"}}
    known = {**article, "body": {"fr": "Les données sont ouvertes."}}
    expected = "xa5IdUpeGkaBUFyxkdtn36GtB0aE_GGl4uW9xO2Z-pc"
    for stated in ({}, {"digest": expected}):
        _, event = sealed(sealer, organizer("section.added", **known, **stated))
        assert event.data.clear() == {"ref": "bill", "section": "article-1", "digest": expected, "_sd": event.data.sd}
    _, heading = sealed(sealer, organizer("section.added", **article))
    assert "digest" not in heading.data.clear()
    for said in (known, article):
        with pytest.raises(FieldDiffers):
            sealed(sealer, organizer("section.added", **said, digest="A" * 43))


def test_somebody_who_acts_for_nobody_else_is_the_actor_and_without_participant_there_is_none(sealer: Sealer) -> None:
    _, event = sealed(sealer, proposal("bench", "ada"))
    assert event.actor is not None
    assert event.by is None
    _, represented = sealed(sealer, {**proposal("bench", "clerk"), "on_behalf_of": "ada", "role": "agent"})
    assert represented.actor == event.actor
    assert represented.by == sealed(sealer, proposal("bench", "clerk"))[1].actor
    document = organizer("step.closed", step="vote")
    assert sealed(sealer, document)[1].actor is None


def test_no_key_is_made_for_a_step_that_nobody_planned(sealer: Sealer, keys: MemoryKeyStore) -> None:
    with pytest.raises(StepUnknown):
        sealed(sealer, ballot("ada", 0, step="invented"))
    with pytest.raises(KeyMissing):
        keys.scope_key("town", "step.invented")


def test_another_key_than_the_one_committed_to_is_refused_until_the_right_one_is_back(keys: MemoryKeyStore) -> None:
    right = ScopeNames(keys.scope_key("town", "author"), ORIGIN, "author")
    committed = {"author": right.key_digest}
    name = sealed(Sealer("town", ORIGIN, keys, SystemEntropy()), proposal("a", "ada"), committed)[1].actor
    other = MemoryKeyStore()
    other.make_scope_key("town", "author")
    sealer = Sealer("town", ORIGIN, other, SystemEntropy())
    with pytest.raises(KeyNotCommitted):
        sealed(sealer, proposal("a", "ada"), committed)
    other.destroy_scope_key("town", "author")
    with pytest.raises(KeyMissing):
        sealed(sealer, proposal("a", "ada"), committed)
    sealer = Sealer("town", ORIGIN, keys, SystemEntropy())
    assert sealed(sealer, proposal("a", "ada"), committed)[1].actor == name


def test_the_examples_of_the_formats_are_what_is_made() -> None:
    formats = Path(__file__).parents[2] / "docs" / "formats"
    pseudonyms, commitments = ((formats / f"{page}.md").read_text() for page in ("pseudonyms", "commitments"))
    k = participant_key(bytes(range(32)), "town", "resident-17")
    made = commit("entries", [1, 4], bytes(range(16)))
    for scope in ("step/vote", "author"):
        assert f"`{pseudonym(k, 'ledger.example/p/budget-2026', scope)}`" in pseudonyms
    assert f"`{k.hex()}`" in pseudonyms
    for value in (made.text, made.digest, decode_text(made.text).decode()):
        assert f"`{value}`" in commitments
