"""The log that the story of every event type makes with keys, time and salts that are the same in every run.

`python -m tests.vectors.story_log CONNINFO` prints its entries. What it printed when schemas were new is frozen in `events`.
"""

import sys

from ledger.api.examples import STORY
from ledger.store.counting import Computed
from tests.posting import ledger

PROJECT = "story"
_SINCE = "SELECT entry FROM events JOIN projects USING (project_id) WHERE ref = %s AND seq >= %s ORDER BY seq"


class CountedEntropy:
    """Bytes that follow from how many were asked for before."""

    def __init__(self) -> None:
        self._asked = 0

    def bytes(self, count: int) -> bytes:
        self._asked += 1
        return self._asked.to_bytes(count, "big")


def story_entries(conninfo: str) -> list[bytes]:
    """The entries, in order, each as it was when it was recorded: one of them is redacted later. The database is a fresh one."""
    data = next(one["data"] for one in STORY if one["type"] == "result.certified/2")
    assert isinstance(data, dict)
    certified = str(data["digest"])
    with ledger(conninfo, entropy=CountedEntropy(), compute=lambda project, step, cut_off: Computed((0, 2), certified)) as town:
        entries: list[bytes] = []
        for submission in STORY:
            town.post(PROJECT, submission)
            entries += [bytes(entry) for (entry,) in town.query(_SINCE, PROJECT, len(entries))]
        return entries


if __name__ == "__main__":
    sys.stdout.buffer.write(b"\n".join(story_entries(sys.argv[1])) + b"\n")
