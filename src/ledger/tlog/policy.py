"""Who has to have cosigned a checkpoint before it is believed (C2SP tlog-policy): logs, witnesses, groups of them, and a quorum.

The file is read as bytes. Names are opaque octets, and mean nothing outside it.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Final

from ledger.errors import MalformedPolicy, MalformedVkey
from ledger.tlog.lines import decimal
from ledger.tlog.vkey import SignatureType, Vkey, parse_vkey

MAX_POLICY_SIZE: Final = 1 << 18
"""Bytes of a policy file that are read at most."""
MAX_DEFINED: Final = 256
"""Logs, witnesses and groups that a policy may define, each; the specification asks for 32 at least."""

NO_QUORUM: Final = b"none"
"""The name that a quorum line uses where nobody needs to cosign."""

_BLANK: Final = re.compile(rb"[ \t]+")
_FORBIDDEN: Final = re.compile(rb"[\x00-\x08\x0b-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class PolicyLog:
    """A log whose checkpoints are believed; the name of its key is its origin. `url` is empty where the policy gives none."""

    vkey: Vkey
    url: str


@dataclass(frozen=True, slots=True)
class PolicyWitness:
    """A witness, by the name that the policy calls it. `url` is what its requests are sent under, empty where the policy gives none."""

    name: bytes
    vkey: Vkey
    url: str

    @property
    def label(self) -> str:
        """The name as it can be shown."""
        return shown(self.name)


@dataclass(frozen=True, slots=True)
class PolicyGroup:
    """Witnesses and groups, of which `threshold` have to have witnessed a checkpoint for the group to have."""

    name: bytes
    threshold: int
    members: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Policy:
    """What a policy file says, each kind of line in the order of the file; groups only name what stands before them."""

    logs: tuple[PolicyLog, ...]
    witnesses: tuple[PolicyWitness, ...]
    groups: tuple[PolicyGroup, ...]
    quorum: bytes

    @property
    def asks_for_witnesses(self) -> bool:
        """False when the quorum is `none`: a checkpoint that nobody cosigned is then good enough."""
        return self.quorum != NO_QUORUM

    def quorum_met(self, cosigners: Iterable[Vkey]) -> bool:
        """True when a checkpoint that these keys cosigned is cosigned enough; keys that are not of the policy count for nothing."""
        if not self.asks_for_witnesses:
            return True
        keys = frozenset(cosigners)
        witnessed = {witness.name for witness in self.witnesses if witness.vkey in keys}
        for group in self.groups:
            if sum(member in witnessed for member in group.members) >= group.threshold:
                witnessed.add(group.name)
        return self.quorum in witnessed

    @property
    def asked(self) -> str:
        """The quorum in words: `2 of (town, paper, 1 of (north, south))`, or `nobody`."""
        told = {witness.name: witness.label for witness in self.witnesses}
        for group in self.groups:
            told[group.name] = f"{group.threshold} of ({', '.join(told[member] for member in group.members)})"
        return told[self.quorum] if self.asks_for_witnesses else "nobody"

    def log_keys(self, origin: str) -> tuple[Vkey, ...]:
        """The keys that the policy trusts for the log of this origin; none where it does not list the log."""
        return tuple(log.vkey for log in self.logs if log.vkey.name == origin)


def parse_policy(content: bytes) -> Policy:
    """The policy that the bytes of a file state; raises `MalformedPolicy` with the line for anything else."""
    if len(content) > MAX_POLICY_SIZE:
        raise MalformedPolicy(place="policy", why=f"it is longer than {MAX_POLICY_SIZE} bytes")
    *lines, rest = content.split(b"\n")
    if rest:
        raise MalformedPolicy(place=f"line {len(lines) + 1}", why="the line does not end")
    reading = _Reading()
    for number, line in enumerate(lines, 1):
        reading.place = f"line {number}"
        reading.read(line)
    reading.place = "policy"
    return reading.policy()


def shown(octets: bytes) -> str:
    """Octets of a policy as text: UTF-8, and \\xNN where they are none."""
    return octets.decode("utf-8", "backslashreplace")


@dataclass(slots=True)
class _Reading:
    """What the lines so far define. `place` is the line that is being read."""

    place: str = "line 1"
    logs: dict[bytes, PolicyLog] = field(default_factory=dict)
    """By the public key: two lines with one key are two names for one log."""
    witnesses: dict[bytes, PolicyWitness] = field(default_factory=dict)
    groups: list[PolicyGroup] = field(default_factory=list)
    defined: set[bytes] = field(default_factory=set)
    listed: set[bytes] = field(default_factory=set)
    """Names that are a member of a group: nobody is twice, so nobody counts twice."""
    quorum: bytes | None = None

    def read(self, line: bytes) -> None:
        found = _FORBIDDEN.search(line)
        if found is not None:
            raise self._wrong(f"the octet {found.group()[0]:02X} cannot stand in a policy")
        words = [word for word in _BLANK.split(line) if word]
        if not words or words[0].startswith(b"#"):
            return
        readers: dict[bytes, Callable[[list[bytes]], None]] = {
            b"log": self._log,
            b"witness": self._witness,
            b"group": self._group,
            b"quorum": self._quorum,
        }
        reader = readers.get(words[0])
        if reader is None:
            raise self._wrong(f"a line begins with log, witness, group, quorum or #, not with {shown(words[0][:40])!r}")
        reader(words[1:])

    def policy(self) -> Policy:
        if self.quorum is None:
            raise self._wrong("it has no quorum line")
        return Policy(tuple(self.logs.values()), tuple(self.witnesses.values()), tuple(self.groups), self.quorum)

    def _log(self, words: list[bytes]) -> None:
        if len(words) not in {1, 2}:
            raise self._wrong("a log line is `log <vkey> [<url>]`")
        vkey = self._vkey(words[0], SignatureType.ED25519)
        if vkey.public_key in self.logs:
            raise self._wrong("another log line has this key already")
        self._room(len(self.logs), "logs")
        self.logs[vkey.public_key] = PolicyLog(vkey, shown(words[1]) if words[1:] else "")

    def _witness(self, words: list[bytes]) -> None:
        if len(words) not in {2, 3}:
            raise self._wrong("a witness line is `witness <name> <vkey> [<url>]`")
        vkey = self._vkey(words[1], SignatureType.COSIGNATURE)
        if vkey.public_key in self.witnesses:
            raise self._wrong("another witness line has this key already")
        self._room(len(self.witnesses), "witnesses")
        self._define(words[0])
        self.witnesses[vkey.public_key] = PolicyWitness(words[0], vkey, shown(words[2]) if words[2:] else "")

    def _group(self, words: list[bytes]) -> None:
        if len(words) < 3:
            raise self._wrong("a group line is `group <name> all|any|<k> <name>...`")
        name, asked, *members = words
        for member in members:
            if member not in self.defined:
                raise self._wrong(f"no line before defines {shown(member)!r}")
            if member in self.listed:
                raise self._wrong(f"{shown(member)!r} is a member of a group already")
            self.listed.add(member)
        threshold = {b"all": len(members), b"any": 1}.get(asked) or decimal(shown(asked))
        if threshold is None or not 1 <= threshold <= len(members):
            raise self._wrong(f"a group of {len(members)} asks for all, any, or a number from 1 to {len(members)}")
        self._room(len(self.groups), "groups")
        self._define(name)
        self.groups.append(PolicyGroup(name, threshold, tuple(members)))

    def _quorum(self, words: list[bytes]) -> None:
        if len(words) != 1:
            raise self._wrong("a quorum line is `quorum <name>`")
        if self.quorum is not None:
            raise self._wrong("another quorum line stands before it")
        if words[0] != NO_QUORUM and words[0] not in self.defined:
            raise self._wrong(f"no line before defines {shown(words[0])!r}")
        self.quorum = words[0]

    def _vkey(self, word: bytes, asked: SignatureType) -> Vkey:
        try:
            vkey = parse_vkey(word.decode("utf-8"))
        except UnicodeDecodeError:
            raise self._wrong("the key is not UTF-8") from None
        except MalformedVkey as error:
            raise self._wrong(f"the key cannot be read: {error.why}") from None
        if vkey.type is not asked:
            needed = "a cosignature key (type 04)" if asked is SignatureType.COSIGNATURE else "a plain Ed25519 key (type 01)"
            raise self._wrong(f"this line needs {needed}")
        return vkey

    def _define(self, name: bytes) -> None:
        if name == NO_QUORUM or name in self.defined:
            raise self._wrong(f"the name {shown(name)!r} is taken")
        self.defined.add(name)

    def _room(self, count: int, what: str) -> None:
        if count >= MAX_DEFINED:
            raise self._wrong(f"more than {MAX_DEFINED} {what} are not read")

    def _wrong(self, why: str) -> MalformedPolicy:
        return MalformedPolicy(place=self.place, why=why)
