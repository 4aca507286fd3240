"""Which logs a witness watches, and by which keys it knows each."""

from collections.abc import Iterable, Mapping

from ledger.errors import InvalidField, MalformedVkey
from ledger.tlog.policy import Policy
from ledger.tlog.vkey import SignatureType, Vkey, parse_vkey

TrustedLogs = Mapping[str, tuple[Vkey, ...]]
"""Origin → the keys that may sign its checkpoints."""


def logs_of_policy(policy: Policy) -> list[tuple[str, Vkey]]:
    """The logs of a tlog-policy file; the name of a key there is the origin of its log."""
    return [(log.vkey.name, log.vkey) for log in policy.logs]


def read_log(text: str, place: str) -> tuple[str, Vkey]:
    """The log that `<vkey>` names, or `<origin> <vkey>` where the log signs under another name; the origin may have spaces.

    Raises `InvalidField` at `place`.
    """
    origin, _, written = text.strip().rpartition(" ")
    try:
        vkey = parse_vkey(written)
    except MalformedVkey as error:
        raise InvalidField(place, f"{error.place}: {error.why}") from None
    if vkey.type is not SignatureType.ED25519:
        raise InvalidField(place, "a log has a plain Ed25519 key (type 01); this is the key of a witness")
    return origin.strip() or vkey.name, vkey


def read_log_list(content: bytes, place: str) -> list[tuple[str, Vkey]]:
    """The logs of a list, one a line as `read_log` reads them; empty lines and lines that begin with # are passed over."""
    try:
        lines = content.decode("utf-8").split("\n")
    except UnicodeDecodeError:
        raise InvalidField(place, "it is not UTF-8") from None
    return [
        read_log(line, f"{place}, line {number}")
        for number, line in enumerate(lines, 1)
        if line.strip() and not line.lstrip().startswith("#")
    ]


def trusted_logs(logs: Iterable[tuple[str, Vkey]]) -> TrustedLogs:
    """The keys by origin; a log whose keys change is listed with several. Ascending by origin."""
    found: dict[str, dict[Vkey, None]] = {}
    for origin, vkey in logs:
        found.setdefault(origin, {})[vkey] = None
    return {origin: tuple(vkeys) for origin, vkeys in sorted(found.items())}
