"""A consultation in which people wrote, and were written about: what there is to erase."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

import orjson
import psycopg

from ledger.canonical import canonical
from ledger.events import COMMITTED
from ledger.events.privacy import ContentErased
from ledger.ports import Client, Entropy, KeyStore
from ledger.sealing import Disclosure, read_disclosure
from ledger.store.clock import SystemEntropy
from ledger.store.datastore import LedgerDatastore
from ledger.store.disclosures import Safe, WrappedKey
from ledger.store.eraser import Document as Posted
from ledger.store.eraser import Eraser
from ledger.store.erasure_order import ErasureOrder, ErasureOutcome
from ledger.store.key_keeper import KeyKeeper
from ledger.submit import Outcome
from tests.posting import TOWN, Document, Ledger, opening, organizer

BENCH, LAMP, WHY = "contribution/bench", "contribution/lamp", "argument/why"
JUDGE: Final = replace(TOWN, name="judge")
OF_BO: Final = {(6, "body"), (6, "collective_name"), (6, "fields"), (6, "location"), (6, "title"), (17, "reason")}
"""What is left to read once all of Ada's is erased: what Bo wrote, and why it was hidden."""
ABOUT_BENCH: Final = {(seq, name) for seq in (5, 11) for name in ("body", "fields", "location", "title")} | {
    (5, "collective_name"), (12, "reason"), (13, "details"), (15, "reason"), (16, "reason"),
}  # fmt: skip
OF_ADA: Final = ABOUT_BENCH | {(7, "body"), (9, "how"), (10, "details")}


def written(name: str, participant: str, /, schema: int = 1, **data: Any) -> Document:
    return {"type": f"{name}/{schema}", "channel": "web", "participant": participant, "data": data}


def contributed(ref: str, participant: str, step: str = "talk") -> Document:
    texts = {"title": {"fr": f"titre de {ref}"}, "body": {"fr": f"corps de {ref}, secret de {participant}"}}
    return written("contribution.submitted", participant, 2, ref=ref, step=step, kind="opinion", **texts)


def consultation() -> list[Document]:
    """The step `talk` is open: opinions, arguments, stances on both."""
    scales = {"opinion": "agree_mixed_disagree", "argument": "support"}
    return [
        opening(),
        organizer("motive.defined", ref="rude", name={"fr": "Injure"}),
        organizer("step.planned", step="talk", kind="consultation", title={"fr": "Débat"}, accepts=["opinion"]),
        organizer("step.stances_set", step="talk", scales=scales, arguments_on=["opinion"]),
        organizer("step.opened", step="talk"),
    ]


def talk() -> list[list[Document]]:
    """Ada contributes, argues, explains her stance, reports, appeals; Bo too has something to say. One request after another.

    Entries: 5 bench (ada), 6 lamp (bo), 7 why (ada), 8 stance (ada), 9 how (ada), 10 report (ada), 11 revised bench (ada), 12 hidden bench,
    13 appeal (ada), 14 a judge, 15 reversed, 16 restored, 17 hidden lamp.
    """
    return [
        consultation(),
        [contributed("bench", "ada"), contributed("lamp", "bo")],
        [written("argument.submitted", "ada", ref="why", step="talk", contribution="lamp", side="for", body={"fr": "argument d'ada"})],
        [
            written("stance.cast", "ada", step="talk", target=LAMP, value="agree", target_version=1),
            written("stance.explained", "ada", step="talk", target=LAMP, how={"fr": "nuance d'ada"}),
            written("report.made", "ada", target=LAMP, motive="rude", details={"fr": "plainte d'ada"}),
            written("contribution.revised", "ada", ref="bench", step="talk", title={"fr": "autre titre"}),
        ],
        [organizer("content.hidden", target=BENCH, motive="rude", reason={"fr": "motif contre ada"})],
        [written("appeal.lodged", "ada", target=BENCH, details={"fr": "recours d'ada"})],
    ]


def decided() -> list[Document]:
    """Another moderator reverses what was decided about Ada's bench; Bo's lamp is hidden."""
    return [
        organizer("appeal.decided", target=BENCH, outcome="reversed", code="no_insult", reason={"fr": "ada avait raison"}),
        organizer("content.restored", target=BENCH, because="appeal", reason={"fr": "ada rétablie"}),
    ]


def told(town: Ledger, ref: str) -> None:
    """The whole talk is posted."""
    for request in talk():
        town.post(ref, *request)
    town.post(ref, organizer("role.granted", granted="moderator", client="judge"))
    town.post(ref, *({**document, "role": "moderator"} for document in decided()), client=JUDGE)
    town.post(ref, organizer("content.hidden", target=LAMP, motive="rude", reason={"fr": "motif contre bo"}))


def eraser(town: Ledger, datastore: LedgerDatastore, keys: KeyStore | None = None, entropy: Entropy | None = None) -> Eraser:
    """Erases through the write path of the town."""

    def post(project: str, client: Client, documents: Sequence[Posted]) -> Sequence[Outcome]:
        posted = [orjson.loads(canonical(document)) for document in documents]
        return town.post(project, *posted, client=client, atomic=False).outcomes

    return Eraser(datastore, keys or town.keys, entropy or SystemEntropy(), post)


def erase(town: Ledger, ref: str, client: Client = TOWN, **order: Any) -> ErasureOutcome:
    """What was erased by this order."""
    with LedgerDatastore(town.conninfo, pool_size=1) as datastore:
        return eraser(town, datastore).erase(ref, client, ErasureOrder(**{"ground": "asked", **order}))


def keep(town: Ledger) -> None:
    """The keeper makes its round, without patience."""
    with LedgerDatastore(town.conninfo, pool_size=1) as datastore:
        KeyKeeper(datastore, town.keys, SystemEntropy()).round(patience_seconds=0)


def erased_places(outcome: ErasureOutcome) -> set[tuple[int, str]]:
    """Entries and fields that were erased by events."""
    return {(seq, name) for seq, names in outcome.entries for name in names or ()}


def opened(town: Ledger, ref: str) -> dict[tuple[int, str], Disclosure]:
    """Every text that can be decrypted, public or private, moderated or not; each opens a commitment of its entry."""
    entries = town.entries(ref)
    project = town.project(ref)
    safe = Safe(project.ref, project.origin, town.keys, SystemEntropy())
    found: dict[tuple[int, str], Disclosure] = {}
    for seq, name, key_name, ciphertext, epoch, wrapped in town.query(_OPENABLE, project.project_id):
        text = safe.opened(key_name, safe.unwrapped(WrappedKey(key_name, epoch, wrapped)), ciphertext)
        found[seq, name] = read_disclosure(text)
        assert found[seq, name].digest in orjson.loads(entries[seq])["data"]["_sd"]
    return found


_OPENABLE: Final = """
SELECT d.seq, d.name, d.key_name, d.ciphertext, k.epoch, k.wrapped FROM disclosures AS d JOIN subject_keys AS k USING (project_id, key_name)
WHERE d.project_id = %s ORDER BY d.seq, d.name"""


def words(town: Ledger, ref: str) -> str:
    """Everything that can be read of texts, in one string to search in."""
    return repr([disclosure.value for disclosure in opened(town, ref).values()])


def assert_explained(town: Ledger, ref: str) -> None:
    """The log is lawful; of every public commitment the text is there, or an event says that it is erased, and never both; and no row of a
    text or a key is left that serves nothing.
    """
    found = opened(town, ref)
    rows = town.query("SELECT seq, name FROM disclosures WHERE project_id = %s AND visibility <> 'sealed'", town.project(ref).project_id)
    assert {tuple(row) for row in rows} == found.keys(), "a text is kept that nobody can read"
    events = town.events(ref)
    erased = {
        (event.data.entry, digest) for event in events if isinstance(event.data, ContentErased) for digest in event.data.digests or ()
    }
    open_still = {(seq, disclosure.digest) for (seq, _), disclosure in found.items()}
    assert not erased & open_still
    public = [event for event in events if "public" in COMMITTED[event.type].values()]
    assert {(event.seq, digest) for event in public for digest in event.data.sd or ()} <= erased | open_still
    names = town.query(
        "SELECT key_name FROM subject_keys AS k WHERE project_id = %s AND NOT EXISTS "
        "(SELECT FROM disclosures AS d WHERE d.project_id = k.project_id AND d.key_name = k.key_name)",
        town.project(ref).project_id,
    )
    assert names == [], "a key is kept that opens nothing"


def copied(town: Ledger, ref: str) -> dict[str, list[tuple[Any, ...]]]:
    """What a dump of the database holds of the project's texts and keys."""
    project_id = town.project(ref).project_id
    return {table: town.query(f"SELECT * FROM {table} WHERE project_id = %s", project_id) for table in ("disclosures", "subject_keys")}


def put_back(town: Ledger, ref: str, copy: dict[str, list[tuple[Any, ...]]]) -> None:
    """The database holds again what it held when it was copied."""
    with psycopg.connect(town.conninfo) as connection:
        for table, rows in copy.items():
            connection.execute(f"DELETE FROM {table} WHERE project_id = %s".encode(), (town.project(ref).project_id,))
            for row in rows:
                connection.execute(f"INSERT INTO {table} VALUES ({', '.join(['%s'] * len(row))})".encode(), row)
