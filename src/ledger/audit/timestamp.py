"""Whether a timestamp authority says that a text was there at a time (RFC 3161; docs/formats/witnesses.md).

Needs the `anchors` extra; where it is absent, nothing is checked, and that is what is said.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm

LONGEST_TIMESTAMP: Final = 1 << 16
"""Bytes of a response that are read; with a chain of certificates they are 5 000 or so."""

TimestampOutcome = Literal["anchored", "refuted", "not_checked"]

_DAMAGED: Final = (
    ValueError,
    TypeError,
    OverflowError,
    UnsupportedAlgorithm,
    x509.InvalidVersion,
    x509.DuplicateExtension,
    x509.UnsupportedGeneralNameType,
)
"""What the libraries raise for bytes that are no response, or hold a certificate that is none."""


@dataclass(frozen=True, slots=True)
class TimestampCheck:
    """What became of the check: `at` (UTC) when `anchored`, else `why`. `claimed` is a time that the response states and nobody proved."""

    outcome: TimestampOutcome
    at: datetime | None = None
    why: str = ""
    claimed: datetime | None = None


def check_timestamp(response: bytes, text: bytes, roots: bytes | None) -> TimestampCheck:
    """Whether `response`, a DER TimeStampResp, is over exactly `text`, and made by an authority under one of `roots` (PEM).

    Certificates are judged at the time the response states: what has expired since was good then. Without roots nothing is checked.
    """
    library = timestamp_library()
    if library is None:
        return TimestampCheck("not_checked", why="the library rfc3161-client is not installed (extra 'anchors')")
    if len(response) > LONGEST_TIMESTAMP:
        return TimestampCheck("refuted", why=f"it is longer than {LONGEST_TIMESTAMP} bytes")
    try:
        answer = library.decode_timestamp_response(response)
        claimed: datetime = answer.tst_info.gen_time
    except _DAMAGED as error:
        return TimestampCheck("refuted", why=f"it is no timestamp response: {error}")
    if not roots:
        return TimestampCheck("not_checked", why="no certificate of a timestamp authority was given", claimed=claimed)
    try:
        trusted = x509.load_pem_x509_certificates(roots)
    except _DAMAGED as error:
        return TimestampCheck("not_checked", why=f"the certificates given cannot be read: {error}", claimed=claimed)
    try:
        library.VerifierBuilder(roots=trusted).build().verify_message(answer, text)
    except (*_DAMAGED, library.VerificationError) as error:
        return TimestampCheck("refuted", why=str(error), claimed=claimed)
    return TimestampCheck("anchored", at=claimed)


def timestamp_library() -> Any | None:
    """The module `rfc3161_client`, or None where the `anchors` extra is not installed."""
    try:
        # Loaded when there is a timestamp, not before: most packages have none, and the audit runs without it.
        import rfc3161_client  # noqa: PLC0415
    except ImportError:
        return None
    return rfc3161_client
