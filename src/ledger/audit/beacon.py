"""Whether the rounds of a beacon that lots were drawn from are the beacon's (drand quicknet: BLS signatures over BLS12-381, RFC 9380).

Needs the `lottery` extra, which has no wheels for Python 3.13 and later; where it is absent, nothing is checked, and that is what is said.
The public key of the network is part of the library. Nothing is asked of the network.
"""

import re
from collections.abc import Iterator
from typing import Any, Final

from ledger.audit.findings import Findings
from ledger.projections.projection import Row
from ledger.projections.readings.drawing import RevealRow, reveals_of
from ledger.projections.readings.reading import Reading

_SIGNATURE: Final = re.compile(r"[0-9a-f]{96}")


def verify_round(number: int, signature: str) -> bool | None:
    """True where this is the signature of quicknet's round `number`, in lower-case hex; None where the library is not installed."""
    library = drand_library()
    if library is None:
        return None
    if not _SIGNATURE.fullmatch(signature):
        return False
    try:
        library.verify_quicknet(number, signature)
    except (ValueError, OverflowError):
        return False
    return True


def drand_library() -> Any | None:
    """The module `drand_verify`, which ships no types; None where the `lottery` extra is not installed."""
    try:
        # Loaded when a package has a round in it, not before: it is optional, and 5 MB of compiled code.
        import drand_verify  # noqa: PLC0415
    except ImportError:
        return None
    return drand_verify


def check_lotteries(reading: Reading, findings: Findings) -> None:
    """Every round of a beacon has the beacon's signature. What numbers other lotteries drew, no package can prove, and that is said."""
    unverified = drawings = 0
    for ref, reveal in _reveals(reading):
        beacon = reveal.get("beacon")
        if beacon is not None:
            genuine = verify_round(beacon["round"], beacon["signature"])
            if genuine is None:
                unverified += 1
            elif not genuine:
                place = f"entry {reveal['seq']}, lottery of step {ref}"
                expected = f"the signature of round {beacon['round']} of drand's quicknet"
                findings.fault("results", "beacon-signature", place, expected, beacon["signature"])
        drawings += len(reveal.get("numbers", ()))
    if unverified:
        why = "the library drand-verify is not installed (extra 'lottery'; Python 3.12 or earlier)"
        findings.left_out("results", "beacon", f"the signatures of {unverified} rounds of a beacon", why)
    if drawings:
        why = "they are compared with what those lotteries published, by whoever wants to know"
        findings.left_out("results", "lottery-numbers", f"the numbers of {drawings} drawings of public lotteries", why)


def _reveals(reading: Reading) -> Iterator[tuple[str, RevealRow]]:
    """Also those of steps whose rules have no lottery drawn, which no ledger admitted."""
    rows: Iterator[tuple[str, Row]] = reading.source.rows("steps")
    return ((ref, reveal) for ref, row in rows for reveal in reveals_of(row))
