"""Submissions read from what was posted: strictly, and each fault with its place."""

from collections.abc import Callable, Sequence
from typing import Final

from pydantic import ValidationError

from ledger.canonical import parse
from ledger.errors import DuplicateKey, Malformed, NotCanonical, NotJson, SubmissionTooLarge
from ledger.events import SUBMISSION, Submission, malformed, present_submission
from ledger.events.upcasts import UPCASTS

LONGEST_SUBMISSION: Final = 256 * 1024
"""Bytes of one submission, at most."""

_validate: Callable[[bytes], Submission] = SUBMISSION.validator.validate_json


def read_submission(document: bytes, place: str = "$") -> Submission:
    """The submission that one JSON document writes. Raises `Malformed` leaves.

    `place` says where the document stands (`$[3]`, `line 4`); it stands in front of the place inside it, and is the error's `submission`.
    """
    if len(document) > LONGEST_SUBMISSION:
        # Not only for its own sake: the validator lists every fault of a list before the first can be named.
        raise _about(SubmissionTooLarge(place, len(document), LONGEST_SUBMISSION), place)
    try:
        posted = _validate(document)
    except ValidationError as error:
        root = place if place.startswith("$") else f"{place}: $"
        raise _about(malformed(error, root), place) from None
    # Each member brings a colon. As many colons as fields prove that no key stood twice (of which the validator keeps the last) and that
    # nothing was nested; any other document is read again, strictly.
    if document.count(b":") != len(posted.model_fields_set) + len(posted.data.model_fields_set):
        try:
            parse(document)
        except (DuplicateKey, NotCanonical, NotJson) as error:
            inner = error.place.removeprefix("$")
            error.place = f"{place}{inner}" if place.startswith("$") and inner != error.place else f"{place}: {error.place}"
            raise _about(error, place) from None
    return present_submission(posted) if posted.type in UPCASTS else posted


def read_submissions(documents: Sequence[bytes], places: Sequence[str], *, atomic: bool = True) -> list[Submission | Malformed]:
    """The submissions that JSON documents write. A malformed one raises; where not `atomic` its error stands in its place in the list."""
    read: list[Submission | Malformed] = []
    for document, place in zip(documents, places, strict=True):
        try:
            read.append(read_submission(document, place))
        except Malformed as error:
            if atomic:
                raise
            read.append(error)
    return read


def _about(error: Malformed, place: str) -> Malformed:
    error.submission = place
    return error
