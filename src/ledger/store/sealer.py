"""From a submission to an event: people become pseudonyms, committed fields become digests, keys are committed to.

Sealing needs no turn in the log: whoever posts does it, before the sequencer is asked. Only a ballot of a step that is not open yet, as far
as this process knows, waits for its turn, because only the opening fixes whether ballots are sealed.
"""

from binascii import b2a_base64
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import partial
from hashlib import sha256
from typing import Any, Final, NamedTuple, TypeVar, cast

from ledger.aggregates import Aggregates, check_choices
from ledger.canonical import canonical, canonical_trusted
from ledger.errors import FieldDiffers, KeyMissing, KeyNotCommitted, Refused, StepUnknown
from ledger.events import BY_TYPE, ENTRY_DATA, Event, EventData, Submission
from ledger.events.ballot import BallotChoices
from ledger.events.envelope import Visibility
from ledger.events.project import ProjectOpened, ScopeKeys
from ledger.events.step import StepOpened
from ledger.ports import Client, Entropy, KeyStore
from ledger.sealing import SALT_BYTES, commit, digest_text
from ledger.store.pseudonyms import ScopeNames, scope_key

V = TypeVar("V")

CHOICES: Final = frozenset(wire_type for wire_type, data in BY_TYPE.items() if issubclass(data, BallotChoices))
"""Types with choices. Asked by name, because asking a model for its class is slow, and every ballot is asked."""

_URL_SAFE = bytes.maketrans(b"+/", b"-_")


class Opened(NamedTuple):
    """A committed field opened, to be stored encrypted beside its entry."""

    name: str
    visibility: Visibility
    text: str


@dataclass(slots=True)
class Draft:
    """A submission on its way. `event` is None until it is sealed; `place` is where it stood in the body."""

    submission: Submission
    place: str
    event: Event | None = None
    opened: list[Opened] = field(default_factory=list)
    counted_at: int | None = None
    """The cut-off that count, root, winners or digest in the data were computed at; None where nothing was."""
    unfilled: EventData | None = None
    """The sealed data before its turn filled in what follows from the states then."""
    erases: tuple[tuple[int, str], ...] = ()
    """Seq and field name of the disclosures that the event destroys."""
    refusal: Refused | None = None
    """Why it is refused at its turn, as was found when it was looked at before."""


class Sealer:
    """Seals what is posted to one project."""

    def __init__(self, project: str, origin: str, keys: KeyStore, entropy: Entropy) -> None:
        self.project = project
        self.origin = origin
        self._keys = keys
        self._entropy = entropy
        self._names: dict[str, ScopeNames] = {}

    def seal(self, draft: Draft, client: Client, states: Aggregates, committed: dict[str, str]) -> bool:
        """True when the draft has its event; False when it has to wait for its turn: its step is not open yet, or a key is missing.

        `states` may lag behind the log. Raises `ChoicesRefused` for a sealed ballot that could not be counted, `KeyNotCommitted`.
        """
        posted = draft.submission
        data = posted.data
        if posted.type in CHOICES and states.step(cast("BallotChoices", data).step).opened_seq is None:
            return False
        try:
            self.seal_now(draft, client, states, committed)
        except (StepUnknown, KeyMissing):
            return False  # a key may have been destroyed by an event that is not known here yet
        return True

    def seal_now(self, draft: Draft, client: Client, states: Aggregates, committed: dict[str, str]) -> None:
        """The draft has its event, sealed by `states`; at its turn these are those of the log.

        Raises `StepUnknown`, `ScopeDestroyed`, `KeyMissing`, and as `seal` does.
        """
        posted = draft.submission
        data = posted.data
        actor = by = None
        person = posted.participant if posted.on_behalf_of is None else posted.on_behalf_of
        if person is not None:
            scope = data.SCOPE or "author"
            if scope == "step":
                scope = f"step/{data.step}"  # type: ignore[attr-defined]  # events of that scope name their step
            actor = self._scope(scope, states, committed).pseudonym(client.namespace, person)
            if posted.on_behalf_of is not None and posted.participant is not None:
                by = self._scope("author", states, committed).pseudonym(client.namespace, posted.participant)
        draft.opened = []
        if posted.type in CHOICES:
            data = self._seal_choices(draft, cast("BallotChoices", data), states)
        elif data.COMMITTED or data.PSEUDONYMISED or data.POSTED_ONLY:
            data = self._seal_fields(draft, data, client, states, committed)
        draft.event = Event(
            posted.type,
            data,
            data.stream(actor),
            posted.role,
            posted.channel,
            client.name,
            self.origin,
            "",
            actor,
            by,
            posted.mandate_ref,
            posted.claimed_at,
        )

    def forget(self, scopes: Iterable[str]) -> None:
        """Nobody's name in these scopes can be made here any more: their keys are destroyed."""
        for scope in scopes:
            self._names.pop(scope, None)

    def key_commitments(self, data: EventData, states: Aggregates) -> EventData:
        """The data with the digests of the keys that an opening commits to. Keys that this makes are durable when it returns.

        Raises `FieldDiffers` where the platform states another digest.
        """
        match data:
            case ProjectOpened() if not states.project.version:
                keys = ScopeKeys(author=self._made("author"), report=self._made("report"))
                return data.model_copy(update={"scope_keys": _unless_other("scope_keys", data.scope_keys, keys)})
            case StepOpened() if states.step(data.step).status == "planned":
                key = self._made(f"step.{data.step}")
                self._made(f"sealed.{data.step}")
                return data.model_copy(update={"step_key": _unless_other("step_key", data.step_key, key)})
        return data

    def _made(self, name: str) -> str:
        return digest_text(sha256(self._keys.make_scope_key(self.project, name)).digest())

    def _scope(self, scope: str, states: Aggregates, committed: dict[str, str]) -> ScopeNames:
        """The names of a scope, whose key is the one that the log commits to, where it does already."""
        names = self._names.get(scope)
        if names is None:
            names = self._names[scope] = ScopeNames(scope_key(self._keys, self.project, scope, states), self.origin, scope)
        if names.key_digest != committed.get(scope, names.key_digest):
            # Not kept: the operator may have put the right key back by the next request.
            self._names.pop(scope, None)
            raise KeyNotCommitted(self.project, scope)
        return names

    def _seal_choices(self, draft: Draft, data: BallotChoices, states: Aggregates) -> EventData:
        """The ballot as it is in an open step; in a sealed one with its choices as a commitment.

        They are checked here: until all are disclosed nobody else can.
        """
        entries = data.entries
        step = states.step(data.step)
        if entries is None or step.secrecy != "sealed":
            return data
        selection = states.selection(data.step)
        if data.rules == step.rules_digest and data.candidates == selection.digest:
            check_choices(entries, step, selection)  # a ballot that cites anything else is refused for that, at its turn
        text, digest = commit_choices(entries, self._entropy.bytes(SALT_BYTES))
        draft.opened.append(Opened("entries", "sealed", text))
        sealed: Any = ENTRY_DATA[draft.submission.type]
        if data.unknown_entries is not None:
            sealed = partial(sealed, unknown_entries=data.unknown_entries)
        return cast("EventData", sealed(step=data.step, candidates=data.candidates, rules=data.rules, sd=(digest,)))

    def _seal_fields(self, draft: Draft, data: EventData, client: Client, states: Aggregates, committed: dict[str, str]) -> EventData:
        """The data with commitments and pseudonyms in place of the fields that its class says."""
        hidden = {*data.COMMITTED, *data.PSEUDONYMISED, *data.POSTED_ONLY}
        fields: dict[str, Any] = {
            name: value for name in type(data).model_fields if name not in hidden and (value := getattr(data, name)) is not None
        }
        plain = data.model_dump(mode="json", include=set(data.COMMITTED), exclude_none=True)
        digests = []
        for name, visibility in data.COMMITTED.items():
            disclosure = commit(name, plain.get(name), self._entropy.bytes(SALT_BYTES))
            draft.opened.append(Opened(name, visibility, disclosure.text))
            digests.append(disclosure.digest)
        if digests:
            fields["sd"] = tuple(sorted(digests))
        for name, of in data.DIGESTED.items():
            digest = digest_text(sha256(canonical(plain[of])).digest()) if of in plain else None
            if fields.get(name, digest) != digest:
                raise FieldDiffers(name, digest, fields[name])
            if digest is not None:
                fields[name] = digest
        for name, instead in data.PSEUDONYMISED.items():
            subjects = getattr(data, name)
            if subjects is not None:
                scope = f"step/{data.step}" if data.SCOPE == "step" else data.SCOPE or "author"  # type: ignore[attr-defined]  # see above
                pseudonym = self._scope(scope, states, committed).pseudonym
                if isinstance(subjects, str):
                    fields[instead] = pseudonym(client.namespace, subjects)
                else:
                    fields[instead] = tuple(sorted(pseudonym(client.namespace, subject) for subject in subjects))
        return ENTRY_DATA[draft.submission.type](**fields)


def commit_choices(entries: Any, salt: bytes) -> tuple[str, str]:
    """Text and digest of `commit("entries", entries, salt)`, for choices that a model has held to the subset of JSON already."""
    name = b2a_base64(salt, newline=False)[:22].translate(_URL_SAFE).decode()
    text = b2a_base64(canonical_trusted([name, "entries", entries]), newline=False).rstrip(b"=").translate(_URL_SAFE)
    return text.decode(), b2a_base64(sha256(text).digest(), newline=False)[:43].translate(_URL_SAFE).decode()


def _unless_other(name: str, given: V | None, right: V) -> V:
    if given is not None and given != right:
        raise FieldDiffers(name, str(right), str(given))
    return right
