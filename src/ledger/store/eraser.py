"""Erasure as people ask for it: one field, one content, or all that a person wrote, whatever entries that is.

A person is known by another name in each scope, and the log must not tell that two of them are one person's. So what became public in
different scopes is erased by requests of their own; and what was never to be disclosed at all (what they reported, what is known of them)
is destroyed without an event, because no commitment of it waits to be explained.

Each part can be done again: what is erased already is passed over, what is left is erased.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, Final

from psycopg import Connection

from ledger.aggregates.privacy import privacy_of
from ledger.canonical import JsonValue
from ledger.errors import AlreadyErased, KeyMissing, LegalHoldStands, NothingToErase, ProjectUnknown, RequestUnknown, RoleNotHeld
from ledger.ports import Client, Entropy, KeyStore
from ledger.store.authored import Found, authored, names_in_scopes, of_streams, under_keys
from ledger.store.datastore import LedgerDatastore
from ledger.store.disclosures import Safe
from ledger.store.epochs import rotate
from ledger.store.erasing import carry_out, drop_empty_keys
from ledger.store.erasure_order import ErasureOrder, ErasureOutcome
from ledger.store.folded import Folded
from ledger.store.projects import Project, find_project, lock_head
from ledger.store.requests import Outcome, Recorded

AT_ONCE: Final = 1000
"""Entries erased by one request."""

Document = dict[str, JsonValue]
Post = Callable[[str, Client, Sequence[Document]], Sequence[Outcome]]
"""Posts submissions to a project for a client, each for itself; what became of each."""
Progress = Callable[[int, int], None]
"""Told how many entries of how many are erased."""


@dataclass(slots=True)
class _Plan:
    """What is to be erased: entries with their fields in groups that stand in no relation in the log, and what goes without an event."""

    entries: list[list[tuple[int, tuple[str, ...] | None]]] = field(default_factory=list)
    """The first group follows from the basis that the order names, each other one from a request of its own."""
    streams: list[str] = field(default_factory=list)
    private: list[tuple[int, str]] = field(default_factory=list)
    key_names: list[str] = field(default_factory=list)
    scopes_without_key: tuple[str, ...] = ()


class Eraser:
    """Erases from any project of a ledger."""

    def __init__(self, datastore: LedgerDatastore, keys: KeyStore, entropy: Entropy, post: Post) -> None:
        self._datastore = datastore
        self._keys = keys
        self._entropy = entropy
        self._post = post

    def erase(self, ref: str, client: Client, order: ErasureOrder, progress: Progress = lambda done, total: None) -> ErasureOutcome:
        """Erases what is ordered, begins a new epoch, and tells what was erased. Raises `Refused` leaves before anything is erased,
        `ProjectUnknown`, and `KeyMissing` where the names of people cannot be made for want of a key that was not destroyed.

        The client's namespace is where the participants' references live. May take long.
        """
        with self._datastore.connection() as connection:
            project = find_project(connection, ref)
            if project is None:
                raise ProjectUnknown(ref[:64])
            states = Folded(project)
            states.catch_up(connection)
            if not states.project.holds("organizer", client.name, None):
                raise RoleNotHeld("organizer", client.name)
            if order.request is not None and order.request not in privacy_of(states).requests:
                raise RequestUnknown(order.request)
            try:
                plan = self._plan(connection, project, states, client, order)
            except KeyMissing:
                # Perhaps the key was destroyed since the states were read; the event that says so came before that.
                states.catch_up(connection)
                plan = self._plan(connection, project, states, client, order)
        _check_holds(states, plan.streams)
        erased: list[tuple[int, tuple[str, ...] | None]] = []
        requests: list[str] = []
        total = sum(map(len, plan.entries))
        for place, group in enumerate(plan.entries):
            basis = self._basis(ref, client, order, is_first=place == 0, requests=requests)
            for start in range(0, len(group), AT_ONCE):
                lot = group[start : start + AT_ONCE]
                erased += self._erase_lot(ref, client, lot, {"ground": order.ground, **basis}, tolerant=order.entry is None)
                progress(len(erased), total)
        self._erase_private(project, plan)
        epoch = rotate(self._datastore, project, self._keys, self._entropy)
        return ErasureOutcome(ref, tuple(sorted(erased)), len(plan.private), tuple(requests), epoch, plan.scopes_without_key)

    def _plan(self, connection: Connection[Any], project: Project, states: Folded, client: Client, order: ErasureOrder) -> _Plan:
        if order.entry is not None:
            # One event, which says itself what is wrong with it.
            return _Plan([[(order.entry, order.fields)]])
        if order.target is not None:
            found = of_streams(connection, project, [order.target, f"case/{order.target}"])
            if not found:
                raise NothingToErase(order.target)
            return _Plan([_by_entry(found)], [row.stream for row in found])
        return self._plan_of_people(connection, project, states, client.namespace, order.people)

    def _plan_of_people(
        self, connection: Connection[Any], project: Project, states: Folded, namespace: str, people: Sequence[str]
    ) -> _Plan:
        by_scope, without_key = names_in_scopes(states, self._keys, namespace, people)
        authors = by_scope.get("author", [])
        scope_of = {f"subject/{actor}": scope for scope, actors in by_scope.items() for actor in actors}
        wrote = under_keys(connection, project, list(scope_of))
        targets = authored(connection, project, authors)
        about = of_streams(connection, project, [*(f"case/{target}" for target in targets), *(f"suspension/{actor}" for actor in authors)])
        theirs = [row for row in of_streams(connection, project, targets) if row.actor in set(authors)]
        groups: dict[str, list[Found]] = {"author": [row for row in (*about, *theirs) if row.visibility == "public"]}
        for row in wrote:
            if row.visibility == "public":
                groups.setdefault(scope_of[row.key_name], []).append(row)
        private = sorted({(row.seq, row.name) for row in wrote if row.visibility == "private"})
        entries = [_by_entry(groups[scope]) for scope in ("author", *sorted(groups.keys() - {"author"}))]
        if not (any(entries) or private):
            raise NothingToErase("what the people named wrote")
        return _Plan(entries, [row.stream for row in (*wrote, *about, *theirs)], private, list(scope_of), without_key)

    def _basis(self, ref: str, client: Client, order: ErasureOrder, *, is_first: bool, requests: list[str]) -> Document:
        """What the erasures of a group follow from: what was ordered, or a request that is recorded now."""
        if is_first and order.request is not None:
            return {"request": order.request}
        if is_first and order.authority is not None:
            return {"authority": order.authority}
        named = f"erasure-{self._entropy.bytes(8).hex()}"
        data: Document = {"ref": named, "extent": order.extent, "ground": order.ground}
        if order.target is not None:
            data["target"] = order.target
        for outcome in self._post(ref, client, [_document("erasure.requested/1", data)]):
            if not isinstance(outcome, Recorded):
                raise outcome
        requests.append(named)
        return {"request": named}

    def _erase_lot(
        self, ref: str, client: Client, lot: Sequence[tuple[int, tuple[str, ...] | None]], why: Document, *, tolerant: bool
    ) -> Iterator[tuple[int, tuple[str, ...] | None]]:
        """Those of the entries that were erased now; when `tolerant`, what somebody else has erased meanwhile is passed over."""
        documents = []
        for entry, names in lot:
            data: Document = {"entry": entry, **why}
            if names is not None:
                data["fields"] = list(names)
            documents.append(_document("content.erased/1", data))
        for erased, outcome in zip(lot, self._post(ref, client, documents), strict=True):
            if isinstance(outcome, Recorded):
                yield erased
            elif not (tolerant and isinstance(outcome, AlreadyErased)):
                raise outcome

    def _erase_private(self, project: Project, plan: _Plan) -> None:
        """What was never to be disclosed is destroyed, and every key under which nothing is left."""
        if not plan.key_names:
            return
        safe = Safe(project.ref, project.origin, self._keys, self._entropy)
        with self._datastore.connection() as connection, connection.transaction():
            lock_head(connection, project.project_id)
            states = Folded(project)
            states.catch_up(connection)
            _check_holds(states, plan.streams)
            carry_out(connection, project.project_id, safe, plan.private, [], ())
            drop_empty_keys(connection, project.project_id, plan.key_names)


def _check_holds(states: Folded, streams: Iterable[str]) -> None:
    """Returns when no legal hold covers any of the streams; raises `LegalHoldStands`."""
    privacy = privacy_of(states)
    for stream in streams:
        if (hold := privacy.hold_on(stream)) is not None:
            raise LegalHoldStands(hold, stream)


def _by_entry(rows: Iterable[Found]) -> list[tuple[int, tuple[str, ...] | None]]:
    """The entries, ascending, with the fields of each."""
    places = sorted({(row.seq, row.name) for row in rows})
    return [(seq, tuple(name for _, name in group)) for seq, group in groupby(places, key=lambda place: place[0])]


def _document(wire_type: str, data: Document) -> Document:
    return {"type": wire_type, "role": "organizer", "channel": "api", "data": data}
