"""A short consultation in memory in which people take stances, with counts that the platform it came from published."""

from tests.moderated import debate
from tests.recorded import RecordedLog

OPINION = "contribution/open-data"


def voiced() -> RecordedLog:
    """Seven people say something about an opinion; one says it twice, one takes it back, and the platform counted every row."""
    log = debate()
    people = [f"person {number}" for number in range(7)]
    for who in people:
        log.post("stance.cast", "participant", who=who, step="debate", target=OPINION, value="support", target_version=1)
    log.post("stance.explained", "participant", who=people[0], step="debate", target=OPINION, how={"en": "For my children"})
    log.post("stance.changed", "participant", who=people[1], step="debate", target=OPINION, value="support", target_version=1)
    log.post("stance.withdrawn", "participant", who=people[2], step="debate", target=OPINION, code="second_thoughts")
    log.post("import.started", ref="old", format="cap-collectif", file_digest="A" * 43)
    log.post("aggregate.recorded", ref="old", target=OPINION, basis="published", counts={"votes": 8, "support": 6, "arguments": 2})
    log.post("aggregate.recorded", ref="old", target=OPINION, basis="counts_only", counts={"votes": 99})
    log.post("import.finished", ref="old")
    return log


DIFFERENCES = [
    {
        "target": OPINION,
        "ref": "open-data",
        "import": "old",
        "count": "votes",
        "published": 8,
        "replayed": 6,
        "replayed_all_rows": 8,
    },
    {
        "target": OPINION,
        "ref": "open-data",
        "import": "old",
        "count": "arguments",
        "published": 2,
        "replayed": 1,
        "replayed_all_rows": None,
    },
]
"""What an audit finds between what was published and what the log comes to."""
