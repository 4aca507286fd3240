"""Digests that events cite: of a list of candidates, of rules, of a roll, of a text, of a clustering (docs/formats/digests.md)."""

from base64 import urlsafe_b64encode
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256

from ledger.canonical import canonical
from ledger.rules.profile import Item
from ledger.rules.spec import RuleSpec
from ledger.tlog.tree import leaf_hash, tree_root


def candidates_digest(items: Sequence[Item]) -> str:
    """The digest of a list of candidates, in the order of their positions."""
    return _digest([_line(item) for item in items])


def rules_digest(rules: RuleSpec) -> str:
    """The digest of rules: of every option, defaults included."""
    return _digest(rules.model_dump(mode="json", exclude_none=True))


def roll_root(members: Iterable[str]) -> str:
    """The RFC 6962 root over the members' pseudonyms in ascending order; a leaf is the pseudonym's ASCII characters."""
    return _text(tree_root([leaf_hash(member.encode("ascii")) for member in sorted(members)]))


def sections_digest(sections: Mapping[str, str | None]) -> str:
    """The digest of a text: of its sections in the order of their adding, each with the digest of its body, or None where it has none."""
    return _digest([[section, digest] for section, digest in sections.items()])


def clusters_digest(groups: Mapping[str, int]) -> str:
    """The digest of a clustering, member → group: of the pairs in ascending order of the members."""
    return _digest([[member, group] for member, group in sorted(groups.items())])


def _line(item: Item) -> dict[str, str | int]:
    line: dict[str, str | int] = {"ref": item.ref, "cost_minor": item.cost_minor}
    if item.district is not None:
        line["district"] = item.district
    if item.category is not None:
        line["category"] = item.category
    return line


def _digest(value: object) -> str:
    return _text(sha256(canonical(value)).digest())


def _text(digest: bytes) -> str:
    return urlsafe_b64encode(digest).rstrip(b"=").decode()
