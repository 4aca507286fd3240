"""What stands in the way where witnesses have a say: too few of them cosigned, or one of them knows more than this ledger does."""

from dataclasses import dataclass
from typing import ClassVar

from ledger.errors.tree import Unavailable


@dataclass
class QuorumMissing(Unavailable):
    """Too few witnesses have cosigned a checkpoint of the ledger log that covers the result."""

    code: ClassVar[str] = "quorum-missing"
    message: ClassVar[str] = (
        "The result of step {step!r} cannot be certified yet: the policy asks for {quorum}, and cosigned have: {witnesses}. "
        "Send it again when more have."
    )
    step: str
    quorum: str
    witnesses: str


@dataclass
class LedgerBehindWitness(Unavailable):
    """A witness has cosigned more of the ledger log than this database holds."""

    code: ClassVar[str] = "ledger-behind-witness"
    message: ClassVar[str] = (
        "The witness {witness!r} has cosigned {seen} entries of the ledger log, this database has {size} of them: it was put back to an "
        "earlier state. Nothing is signed or recorded; put the newest backup of the database back (docs/problems/ledger-behind-witness.md)."
    )
    witness: str
    seen: int
    size: int


@dataclass
class WitnessStateDamaged(Unavailable):
    """A witness's file does not hold the checkpoint that it kept."""

    code: ClassVar[str] = "witness-state-damaged"
    message: ClassVar[str] = "The witness's file {file!r} does not hold the checkpoint that was kept in it: {why}. Put its backup back."
    file: str
    why: str
