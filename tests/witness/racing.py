"""Processes that share the state of one witness: run as `python -m tests.witness.racing ACT FOLDER …`."""

import os
import signal
import sys
from pathlib import Path

from ledger.tlog.note import Note
from ledger.witness.judging import Witness
from ledger.witness.kept import KeptCheckpoints, Slot
from ledger.witness.key import WitnessKey
from ledger.witness.trusted import trusted_logs
from tests.witness.watched import LOG, ORIGIN, WatchedLog

ROUNDS = 150


def witness_in(folder: Path) -> Witness:
    """The witness of the tests, on this state."""
    return Witness(WitnessKey("witness.example", bytes([7]) * 32), trusted_logs([(ORIGIN, LOG.vkey)]), KeptCheckpoints(folder), lambda: 1)


def race(folder: Path, name: str, tree: WatchedLog) -> None:
    """Shows one history, as fast as it can, and prints each size that was cosigned."""
    witness = witness_in(folder)
    cosigned: list[int] = []
    old = 0
    while old < ROUNDS:
        answer = witness.add_checkpoint(tree.request(old, old + 1))
        if answer.status == 200:
            old += 1
            cosigned.append(old)
        elif answer.status == 409:
            old = int(answer.body)
        else:
            break  # the other history has got ahead: from here on nothing of this one is cosigned
    sys.stdout.write(f"{name} {' '.join(map(str, cosigned))}\n")


def store_and_die(folder: Path) -> None:
    """Is killed as soon as a checkpoint is on the disk, before anybody is answered."""

    def store(self: Slot, note: Note) -> None:
        stored(self, note)
        os.kill(os.getpid(), signal.SIGKILL)

    stored, Slot.store = Slot.store, store  # type: ignore[method-assign]  # this process is here to be killed
    witness_in(folder).add_checkpoint(WatchedLog(9).request(5, 9))


if __name__ == "__main__":
    act, folder = sys.argv[1], Path(sys.argv[2])
    if act == "race":
        race(folder, sys.argv[3], WatchedLog(ROUNDS, sys.argv[3], common=int(sys.argv[4])))
    else:
        store_and_die(folder)
