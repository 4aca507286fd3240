"""References of the projects of a `.pb` file."""

import re

from ledger.errors import ForeignFileDamaged
from ledger.ids import REF_PATTERN, mapped_ref


def project_refs(ids: list[str], place: str) -> dict[str, str]:
    """Id → reference of every project; raises where an id is too long to be one."""
    refs = {identity: mapped_ref(identity) for identity in ids}
    for identity, ref in refs.items():
        if not re.match(REF_PATTERN, ref):
            raise ForeignFileDamaged(place, f"the project id {identity[:80]!r} is too long to be a reference")
    return refs
