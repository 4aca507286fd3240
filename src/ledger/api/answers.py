"""What a client hears about what it posted (docs/formats/http.md, "Receipts")."""

from base64 import b64encode
from collections.abc import Sequence
from typing import Any, NamedTuple

import orjson

from ledger.api.problems import problem
from ledger.submit import Receipted, Recorded


class Waited(NamedTuple):
    """What somebody who waited for proofs gets: one for each entry made, or None where they did not come in time."""

    proofs: Sequence[str] | None


def receipt_document(project: str, receipted: Receipted, docs_url: str, waited: Waited | None = None) -> bytes:
    """The answer to a post: the signed receipt, and of each submission, in order, where it stands or why it does not."""
    events = [
        _recorded(outcome) if isinstance(outcome, Recorded) else {"problem": problem(outcome, docs_url)} for outcome in receipted.outcomes
    ]
    receipt = None if receipted.receipt is None else receipted.receipt.decode()
    document: dict[str, Any] = {"project": project, "receipt": receipt, "events": events}
    if waited is not None:
        document |= {"proofs_pending": True} if waited.proofs is None else {"proofs": waited.proofs}
    return orjson.dumps(document, default=str)


def _recorded(outcome: Recorded) -> dict[str, object]:
    return {
        "seq": outcome.seq,
        "stream": outcome.stream,
        "version": outcome.version,
        "type": outcome.type,
        "leaf_hash": b64encode(outcome.leaf_hash).decode(),
    }


RECEIPT_SCHEMA: dict[str, Any] = {
    "title": "Receipt",
    "type": "object",
    "required": ["project", "receipt", "events"],
    "properties": {
        "project": {"type": "string"},
        "receipt": {
            "type": ["string", "null"],
            "description": "A signed note: the log's promise for the entries made (docs/formats/log.md); null where none was.",
        },
        "proofs": {
            "type": "array",
            "description": "With `wait=checkpoint`: for each entry made, in order, a C2SP tlog-proof@v1.",
            "items": {"type": "string"},
        },
        "proofs_pending": {
            "const": True,
            "description": "With `wait=checkpoint`: no checkpoint came in time; ask for `…/proof/inclusion?index=` later.",
        },
        "events": {
            "type": "array",
            "description": "One for each submission, in order.",
            "items": {
                "oneOf": [
                    {
                        "title": "Recorded",
                        "type": "object",
                        "required": ["seq", "stream", "version", "type", "leaf_hash"],
                        "properties": {
                            "seq": {"type": "integer", "description": "Its place in the log."},
                            "stream": {"type": "string"},
                            "version": {"type": "integer", "description": "Its place in the stream, from 1; what If-Match takes."},
                            "type": {"type": "string"},
                            "leaf_hash": {"type": "string", "description": "SHA-256 of 0x00 and the entry, base64."},
                        },
                        "additionalProperties": False,
                    },
                    {
                        "title": "NotRecorded",
                        "type": "object",
                        "description": "Only with `atomic=false`.",
                        "required": ["problem"],
                        "properties": {"problem": {"$ref": "#/components/schemas/Problem"}},
                        "additionalProperties": False,
                    },
                ]
            },
        },
    },
}
