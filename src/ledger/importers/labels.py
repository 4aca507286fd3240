"""References for what a file names in words: projects, districts, opinions, authors."""

import re

from ledger.ids import REF_PATTERN, mapped_ref


class Labels:
    """References of names of one kind, in the order in which they were first asked for. Two names never share one.

    A name that maps to a reference keeps it (docs/formats/requests.md); one that would be too long is numbered: `category-7`.
    """

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.refs: dict[str, str] = {}

    def ref(self, name: str) -> str:
        """The reference of a name, made now if it is new."""
        if name not in self.refs:
            mapped = mapped_ref(name)
            # `~` cannot come out of the mapping but as `~XX` in capitals, so a number of ours never meets a mapped name.
            self.refs[name] = mapped if re.match(REF_PATTERN, mapped) else f"{self.kind}~{len(self.refs) + 1}"
        return self.refs[name]
