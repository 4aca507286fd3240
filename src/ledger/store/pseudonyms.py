"""The pseudonyms of one scope, made fast: the same names as `ledger.sealing` makes, with the keyed states of HMAC prepared once."""

from binascii import b2a_base64
from collections.abc import Iterable
from hashlib import sha256
from typing import Any

from ledger.aggregates import Aggregates
from ledger.errors import KeyMissing, ScopeDestroyed, StepUnknown
from ledger.ports import KeyStore
from ledger.sealing import digest_text

_INNER = bytes(value ^ 0x36 for value in range(256))
_OUTER = bytes(value ^ 0x5C for value in range(256))
_INNER_REST = b"\x36" * 32
_OUTER_REST = b"\x5c" * 32
_URL_SAFE = bytes.maketrans(b"+/", b"-_")


class ScopeNames:
    """Names people within one scope of one log. `key_digest` is the SHA-256 of the scope's key, as events commit to it."""

    __slots__ = ("_inner", "_message", "_namespaces", "_outer", "key_digest")

    def __init__(self, key: bytes, origin: str, scope: str) -> None:
        self.key_digest = digest_text(sha256(key).digest())
        # HMAC (RFC 2104) of keys of 32 bytes, half a block: the two padded blocks are hashed once here instead of for every person.
        self._inner = sha256(key.translate(_INNER) + _INNER_REST)
        self._outer = sha256(key.translate(_OUTER) + _OUTER_REST)
        self._namespaces = dict[str, Any]()
        self._message = _INNER_REST + f"actor/v1\0{origin}\0{scope}".encode()

    def pseudonym(self, namespace: str, subject: str) -> str:
        """The person's name in the scope, as `pseudonym(participant_key(…), …)` makes it."""
        started = self._namespaces.get(namespace)
        if started is None:
            started = self._inner.copy()
            started.update(namespace.encode() + b"\0")
            self._namespaces[namespace] = started
        inner = started.copy()
        inner.update(subject.encode())
        outer = self._outer.copy()
        outer.update(inner.digest())
        k = outer.digest()
        tag = sha256(k.translate(_OUTER) + _OUTER_REST + sha256(k.translate(_INNER) + self._message).digest()).digest()
        return b2a_base64(tag[:17], newline=False)[:22].translate(_URL_SAFE).decode()


def scope_key(keys: KeyStore, project: str, scope: str, states: Aggregates) -> bytes:
    """The key of a scope, by states that may lag behind the log; made now where a step waits to be opened, as its roll is listed before.

    Raises `ScopeDestroyed`, `StepUnknown`, `KeyMissing`.
    """
    if scope in states.project.destroyed:
        raise ScopeDestroyed(scope)
    name = key_name_of(scope)
    if not scope.startswith("step/"):
        return keys.scope_key(project, name)
    step = states.step(scope[5:])
    if step.status == "unplanned":
        raise StepUnknown(scope[5:])  # no key is made for a name that anybody can invent
    # Made once only: without it nobody may vote.
    return keys.make_scope_key(project, name) if step.opened_seq is None else keys.scope_key(project, name)


def key_name_of(scope: str) -> str:
    """What the key store calls the key of a scope: `step.<ref>` for `step/<ref>`, else as the scope."""
    return scope.replace("/", ".", 1)


def destroy_scope_keys(keys: KeyStore, project: str, scopes: Iterable[str]) -> None:
    """The keys that make pseudonyms in these scopes are gone, also where they were before. A step's sealed choices keep their key."""
    for scope in scopes:
        try:
            keys.destroy_scope_key(project, key_name_of(scope))
        except KeyMissing:
            continue
