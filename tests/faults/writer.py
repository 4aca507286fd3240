"""A process that posts ballots until it is killed, and says of each which seq it was given: `python -m tests.faults.writer …`."""

import sys
from pathlib import Path

from ledger.store.keystore import FileKeyStore
from tests.posting import ballot, ledger, seqs


def main(conninfo: str, keys: str, project: str, name: str, count: int) -> None:
    """Posts `count` requests, of one ballot and of many by turns."""
    with ledger(conninfo, keys=FileKeyStore(Path(keys))) as town:
        for number in range(count):
            voters = [f"{name} {number} {other}" for other in range(1 if number % 3 else 150)]
            answer = town.post(project, *(ballot(voter, number % 3) for voter in voters), key=f"{name} {number}")
            # One write of one line: a killed process leaves whole lines or none.
            sys.stdout.write(f"{number} {seqs(answer)[0]} {seqs(answer)[-1]}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3], sys.argv[4], int(sys.argv[5]))
