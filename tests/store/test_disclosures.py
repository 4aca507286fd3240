"""What is kept out of entries: stored encrypted, shown to whom it may be shown now, gone once its key is."""

from collections.abc import Iterator

import orjson
import psycopg
import pytest

from ledger.errors import ChoicesRefused, KeyMissing, KeyNotCommitted
from ledger.sealing import read_disclosure
from ledger.store.clock import SystemEntropy
from ledger.store.disclosures import StoredDisclosures
from tests.posting import Ledger, ballot, ledger, organizer, preparation, proposal, vote_opened


@pytest.fixture(scope="module")
def town(database: str) -> Iterator[Ledger]:
    with ledger(database) as running:
        yield running


def shown(town: Ledger, ref: str, start: int = 0, stop: int = 1 << 40) -> list[tuple[int, str, object]]:
    """What may be shown now; each disclosure opens a commitment of its entry."""
    read = StoredDisclosures(town.keys, SystemEntropy())
    entries = town.entries(ref)
    with psycopg.connect(town.conninfo) as connection:
        found = list(read.between(connection, town.project(ref), start, stop))
    for seq, name, text in found:
        assert read_disclosure(text).digest in orjson.loads(entries[seq])["data"]["_sd"]
        assert read_disclosure(text).name == name
    return [(seq, name, read_disclosure(text).value) for seq, name, text in found]


def execute(town: Ledger, sql: str, *parameters: object) -> None:
    with psycopg.connect(town.conninfo, autocommit=True) as connection:
        connection.execute(sql.encode(), parameters)


def test_public_texts_are_shown_in_order_and_stand_nowhere_in_clear(town: Ledger) -> None:
    town.post("texts", *preparation()[:3], proposal("bench", "ada", body={"fr": "Un banc au soleil"}))
    town.post("texts", organizer("step.suspended", step="ideas", code="flood", reason={"fr": "Inondation"}))
    assert shown(town, "texts") == [
        (3, "body", {"fr": "Un banc au soleil"}),
        (3, "collective_name", None),
        (3, "fields", None),
        (3, "location", None),
        (3, "title", {"fr": "bench"}),
        (4, "reason", {"fr": "Inondation"}),
    ]
    assert [row[:2] for row in shown(town, "texts", 4, 9)] == [(4, "reason")]
    tables = ("disclosures", "subject_keys", "events", "requests")
    values = [value for table in tables for row in town.query(f"SELECT * FROM {table}") for value in row]
    stored = b"".join(value for value in values if isinstance(value, bytes))
    assert b"Inondation" not in stored
    assert b"soleil" not in stored
    assert b"author of bench" not in stored


def test_texts_of_a_person_have_a_key_of_their_own_and_official_ones_the_institutions(town: Ledger) -> None:
    town.post("keys", *preparation()[:3], proposal("a", "ada"), proposal("b", "ada"), proposal("c", "bo"))
    town.post("keys", {**proposal("d", "clerk"), "role": "organizer"}, organizer("step.suspended", step="ideas", code="flood"))
    project_id = town.project("keys").project_id
    names = town.query("SELECT key_name FROM subject_keys WHERE project_id = %s", project_id)
    actors = {orjson.loads(entry)["actor"] for entry in town.entries("keys")[3:7]}
    assert {name for (name,) in names} == {*(f"subject/{actor}" for actor in actors), "institution"}
    assert len(actors) == 3, "what an organizer brings in for somebody is theirs"


def test_what_was_erased_is_gone_and_the_rest_stays(town: Ledger) -> None:
    town.post("erased", *preparation()[:3], proposal("a", "ada"), proposal("b", "bo"))
    ada = orjson.loads(town.entries("erased")[3])["actor"]
    execute(town, "DELETE FROM subject_keys WHERE key_name = %s", f"subject/{ada}")
    assert {seq for seq, _, _ in shown(town, "erased")} == {4}
    execute(town, "DELETE FROM disclosures WHERE key_name = %s", f"subject/{ada}")
    assert {seq for seq, _, _ in shown(town, "erased")} == {4}
    town.post("erased", proposal("c", "ada"))
    assert {seq for seq, _, _ in shown(town, "erased")} == {4, 5}


def test_with_the_epochs_key_every_key_under_it_is_gone(town: Ledger) -> None:
    town.post("epochs", *preparation()[:3], proposal("a", "ada"))
    town.keys.make_scope_key("epochs", "epoch.2")
    town.post("epochs", proposal("b", "bo"))
    town.keys.destroy_scope_key("epochs", "epoch.1")
    assert {seq for seq, _, _ in shown(town, "epochs", 4)} == {4}
    with pytest.raises(KeyMissing):
        shown(town, "epochs")


def test_sealed_choices_are_shown_once_all_are_disclosed_and_only_the_last_of_each(town: Ledger) -> None:
    town.post("secret", *vote_opened(secrecy="sealed"))
    town.post("secret", ballot("ada", 0), ballot("bo", 1), ballot("cy", 2))
    withdrawal = {**ballot("cy"), "type": "ballot.withdrawn/1", "data": {"step": "vote", "code": "regret"}}
    town.post("secret", ballot("ada", 2, 1, name="ballot.replaced"), withdrawal)
    before = shown(town, "secret")
    assert "entries" not in [name for _, name, _ in before]
    town.post("secret", organizer("step.closed", step="vote"))
    assert shown(town, "secret") == before
    town.post("secret", organizer("ballots.disclosed", step="vote"))
    assert [row for row in shown(town, "secret") if row[1] == "entries"] == [(13, "entries", [1]), (15, "entries", [2, 1])]


def test_the_choices_of_one_step_say_nothing_of_another(town: Ledger) -> None:
    documents = preparation(secrecy="sealed")
    second = [dict(document, data={**document["data"], "step": "runoff"}) for document in documents[7:]]
    town.post("two", *documents, organizer("step.opened", step="vote"), *second, organizer("step.opened", step="runoff"))
    town.post("two", ballot("ada", 0), ballot("ada", 1, step="runoff"), organizer("step.closed", step="vote"))
    town.post("two", organizer("ballots.disclosed", step="vote"))
    assert [row for row in shown(town, "two") if row[1] == "entries"] == [(17, "entries", [0])]


def test_sealed_choices_are_checked_before_they_are_sealed(town: Ledger) -> None:
    town.post("checked", *vote_opened(secrecy="sealed"))
    with pytest.raises(ChoicesRefused) as refused:
        town.post("checked", ballot("ada", 0), ballot("bo", 0, 0))
    assert (refused.value.fault, refused.value.submission) == ("repeated-position", "line 2")
    with pytest.raises(ChoicesRefused):  # also where the step opens in the same request
        town.post("checked-at-its-turn", *vote_opened(secrecy="sealed"), ballot("ada", 7))


def test_a_ciphertext_opens_only_in_its_log_and_with_its_key(town: Ledger) -> None:
    for ref in ("one", "other"):
        town.post(ref, *preparation()[:3], proposal("a", "ada"))
    mine, theirs = (town.project(ref).project_id for ref in ("one", "other"))
    execute(
        town,
        "UPDATE disclosures AS d SET ciphertext = o.ciphertext FROM disclosures AS o "
        "WHERE d.project_id = %s AND o.project_id = %s AND d.name = o.name",
        mine,
        theirs,
    )
    with pytest.raises(KeyNotCommitted):
        shown(town, "one")
    execute(town, "UPDATE subject_keys SET wrapped = overlay(wrapped placing '\\x00' from 20) WHERE project_id = %s", theirs)
    with pytest.raises(KeyNotCommitted):
        shown(town, "other")


def test_no_nonce_is_used_twice(town: Ledger) -> None:
    town.post("nonces", *vote_opened(secrecy="sealed"))
    town.post("nonces", *(ballot(f"voter {number}", 0) for number in range(400)))
    nonces = town.query(
        "SELECT substr(ciphertext, 1, 12) FROM disclosures JOIN projects USING (project_id) WHERE ref = 'nonces' "
        "UNION ALL SELECT substr(wrapped, 1, 12) FROM subject_keys"
    )
    assert len(nonces) == len(set(nonces)) > 400
