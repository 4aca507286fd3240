"""Who witnessed a checkpoint, as a policy has it (docs/formats/witnesses.md)."""

from dataclasses import dataclass

from ledger.tlog.note import Note, verified_by
from ledger.tlog.policy import Policy
from ledger.tlog.vkey import Vkey, cosigned_at


@dataclass(frozen=True, slots=True)
class Cosigner:
    """A witness of the policy that cosigned. `at` is the Unix time, in seconds, that it says it did."""

    name: str
    """As the policy calls it; where the name is not UTF-8, with \\xNN in it."""
    vkey: Vkey
    at: int


@dataclass(frozen=True, slots=True)
class Witnessed:
    """Who of a policy's witnesses cosigned a checkpoint, in the order of the policy, and whether they are enough."""

    cosigners: tuple[Cosigner, ...]
    quorum_met: bool
    quorum_asked: bool
    """False when the policy's quorum is `none`, which is always met."""

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the witnesses that cosigned."""
        return tuple(cosigner.name for cosigner in self.cosigners)


def cosigners(note: Note, policy: Policy) -> Witnessed:
    """Who cosigned `note` under `policy`. A bad signature under the name and id of a witness makes all of them worthless, as notes have it.

    Nothing is said about the log's own signature: that is for whoever knows its key. Of several cosignatures of one witness the first time
    counts, by which the checkpoint was there.
    """
    signed = frozenset(verified_by(note, [witness.vkey for witness in policy.witnesses]))
    found = tuple(
        Cosigner(witness.label, witness.vkey, _first_time(note, witness.vkey)) for witness in policy.witnesses if witness.vkey in signed
    )
    return Witnessed(found, policy.quorum_met(signed), policy.asks_for_witnesses)


def _first_time(note: Note, vkey: Vkey) -> int:
    """Every signature of a key that `verified_by` names is good, so each of the times is what the witness said."""
    of_the_key = [line.signature for line in note.signatures if (line.name, line.key_id) == (vkey.name, vkey.key_id)]
    return min(cosigned_at(signature) for signature in of_the_key)
