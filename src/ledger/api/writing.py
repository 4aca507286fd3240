"""The posting of events: a request becomes submissions, the intake records them, the answer is a receipt or a signed refusal.

Written against ASGI itself, without routing and dependencies in between: see `ledger.api.front`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final
from urllib.parse import parse_qsl

from starlette.types import Receive, Scope, Send

from ledger.api.answers import RECEIPT_SCHEMA, Waited, receipt_document
from ledger.api.bodies import WHOLE, Body, read_body
from ledger.api.incidents import recorded
from ledger.api.problems import problem_response
from ledger.api.security import Doorkeeper, Turnstile
from ledger.api.waiting import MOST_PROOFS, Waiting
from ledger.errors import BodyTooLarge, Conflict, EncodingUnknown, Forbidden, LedgerError, Malformed, ParameterInvalid, Refused
from ledger.ids import REF_PATTERN
from ledger.submit import Intake, Posted, Receipted, Recorded, read_submissions

_REF: Final = re.compile(REF_PATTERN)
_KEY: Final = re.compile(r"[\x21-\x7e]{1,255}\Z")
_VERSION: Final = re.compile(r'(?:W/)?"?(0|[1-9][0-9]{0,8})"?\Z')
_JSON: Final = (b"content-type", b"application/json")
_REPLAYED: Final = (b"idempotent-replayed", b"true")
_PARAMETERS: Final[Mapping[str, tuple[str, ...]]] = {"atomic": ("true", "false"), "wait": ("checkpoint",)}
SIGNED: Final = (Malformed, Refused, Conflict, Forbidden)
"""Kinds of errors that a refusal is signed for: what was posted was judged. Nobody's request, a busy or failing service, is not."""

Headers = Mapping[bytes, bytes]


@dataclass(slots=True)
class _Asked:
    """A request on its way. `body` is None until all of it has come, from a client that is known."""

    project: str
    body: bytes | None = None
    lines: Body | None = None
    """The submissions in it, where each stands for itself."""
    waits: bool = False
    """Its proofs are asked for."""


class Posting:
    """`POST /v1/projects/{project}/events`, as an ASGI application; the project stands in the scope."""

    def __init__(
        self, intake: Intake, waiting: Waiting, doorkeeper: Doorkeeper, turnstile: Turnstile, body_limit: int, docs_url: str
    ) -> None:
        """`body_limit` is in bytes."""
        self._intake = intake
        self._waiting = waiting
        self._doorkeeper = doorkeeper
        self._turnstile = turnstile
        self._body_limit = body_limit
        self._docs_url = docs_url

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers with a receipt or a problem; a client that goes away before its body has come is not answered."""
        asked = _Asked(scope["project"])
        try:
            receipted = await self._receipted(asked, scope, receive)
            if receipted is None:
                return
            waited = await self._waited(asked.project, receipted) if asked.waits else None
            content = receipt_document(asked.project, receipted, self._docs_url, waited)
        except LedgerError as error:
            await problem_response(error, self._docs_url)(scope, receive, send)
            return
        except Exception as error:  # noqa: BLE001  # a fault of ours: the client hears that there was one, the log which
            await problem_response(recorded(error, f"POST {scope['path'][:200]}"), self._docs_url)(scope, receive, send)
            return
        headers = [_JSON, (b"content-length", b"%d" % len(content))]
        if receipted.replayed:
            headers.append(_REPLAYED)
        await send({"type": "http.response.start", "status": 201 if receipted.receipt is not None else 200, "headers": headers})
        await send({"type": "http.response.body", "body": content})

    async def _waited(self, project: str, receipted: Receipted) -> Waited:
        try:
            return Waited(await self._waiting.proofs(project, [made for made in receipted.outcomes if isinstance(made, Recorded)]))
        except Exception as error:  # noqa: BLE001  # everything is recorded, and has to be said so, whatever keeps the proofs
            recorded(error, "wait=checkpoint")
            return Waited(None)

    async def _receipted(self, asked: _Asked, scope: Scope, receive: Receive) -> Receipted | None:
        """What became of the request, refusals signed; None when the client went away. Raises what all of it is refused for."""
        try:
            receipted = await self._record(asked, scope, receive)
        except SIGNED as error:
            if asked.body is not None:
                await self._intake.refuse(asked.project, [(error, asked.body)])
            raise
        if receipted is not None and asked.lines is not None and asked.body is not None:
            places, lines, body = asked.lines.places, asked.lines, asked.body
            refused = [
                (outcome, body if places[index] == WHOLE else lines.line(index))
                for index, outcome in enumerate(receipted.outcomes)
                if isinstance(outcome, SIGNED)
            ]
            if refused:
                await self._intake.refuse(asked.project, refused, receipted.unix_seconds)
        return receipted

    async def _record(self, asked: _Asked, scope: Scope, receive: Receive) -> Receipted | None:
        """What became of the request; None when the client went away. Raises what it is refused for."""
        headers: Headers = dict(scope["headers"])
        client = await self._doorkeeper.client(headers.get(b"authorization"))
        self._turnstile.pass_through(client.name)
        if not _REF.match(asked.project):
            raise ParameterInvalid("project", "a reference has 1 to 64 characters of A-Z a-z 0-9 . _ ~ -")
        content = asked.body = await self._content(headers, receive)
        if content is None:
            return None
        query = scope["query_string"]
        atomic, asked.waits = _options(query) if query else (True, False)
        if b"content-encoding" in headers:
            raise EncodingUnknown(headers[b"content-encoding"].decode("latin-1")[:40])
        body = read_body(content, headers.get(b"content-type", b"").decode("latin-1"), headers)
        if asked.waits and len(body.documents) > MOST_PROOFS:
            raise ParameterInvalid("wait", f"proofs of {MOST_PROOFS} submissions can be waited for, these are {len(body.documents)}")
        if not atomic:
            asked.lines = body
        key = _idempotency_key(headers) or body.key
        posted = Posted(
            read_submissions(body.documents, body.places, atomic=atomic),
            body.places,
            body_digest=sha256(content).digest() if key is not None else b"",
            key=key,
            expected_version=_expected_version(headers),
            atomic=atomic,
        )
        return await self._intake.submit(asked.project, client, posted)

    async def _content(self, headers: Headers, receive: Receive) -> bytes | None:
        """The whole body; None when the client went away. Raises `BodyTooLarge` as soon as it is known to be."""
        declared = headers.get(b"content-length", b"0")
        if not declared.isdigit() or int(declared) > self._body_limit:
            raise BodyTooLarge(self._body_limit)
        message = await receive()
        if not message.get("more_body"):
            return message["body"] if message["type"] == "http.request" else None
        parts = [message["body"]]
        size = len(parts[0])
        while message.get("more_body"):
            message = await receive()
            if message["type"] != "http.request":
                return None
            parts.append(message["body"])
            size += len(message["body"])
            if size > self._body_limit:
                raise BodyTooLarge(self._body_limit)
        return b"".join(parts)


def _options(query: bytes) -> tuple[bool, bool]:
    """Whether the request is atomic, and whether it waits for its proofs."""
    given: dict[str, str] = {}
    for name, value in parse_qsl(query.decode("latin-1"), keep_blank_values=True):
        known = _PARAMETERS.get(name)
        if known is None:
            raise ParameterInvalid(name[:100], "there is no such parameter")
        if value not in known:
            raise ParameterInvalid(name, f"it is {' or '.join(map(repr, known))}")
        given.setdefault(name, value)
    return given.get("atomic") != "false", "wait" in given


def _idempotency_key(headers: Headers) -> str | None:
    given = headers.get(b"idempotency-key")
    if given is None:
        return None
    key = given.decode("latin-1")
    if not _KEY.match(key):
        raise ParameterInvalid("Idempotency-Key", "a key has 1 to 255 printable ASCII characters without spaces")
    return key


def _expected_version(headers: Headers) -> int | None:
    given = headers.get(b"if-match")
    if given is None:
        return None
    match = _VERSION.match(given.decode("latin-1"))
    if match is None:
        raise ParameterInvalid("If-Match", 'it is the version of the stream, as in "7"; "0" where nothing of it happened yet')
    return int(match[1])


def posting_operation() -> dict[str, Any]:
    """The operation in the OpenAPI document, without its body and its problems."""

    def header(name: str, description: str, schema: dict[str, Any]) -> dict[str, Any]:
        return {"name": name, "in": "header", "required": False, "description": description, "schema": schema}

    receipt = {"content": {"application/json": {"schema": RECEIPT_SCHEMA}}}
    return {
        "tags": ["entries"],
        "summary": "Post what happened",
        "description": "Records one submission or several. `project.opened` posted to a new reference makes the project.",
        "operationId": "post_events",
        "parameters": [
            {"name": "project", "in": "path", "required": True, "schema": {"type": "string", "pattern": REF_PATTERN}},
            {
                "name": "atomic",
                "in": "query",
                "required": False,
                "description": "`false`: each submission stands for itself, and is answered by itself.",
                "schema": {"type": "boolean", "default": True},
            },
            {
                "name": "wait",
                "in": "query",
                "required": False,
                "description": f"`checkpoint`: the answer comes with proofs, {MOST_PROOFS} at most, once a checkpoint covers the entries.",
                "schema": {"enum": ["checkpoint"]},
            },
            header("Idempotency-Key", "The same key with the same body records nothing twice.", {"type": "string", "maxLength": 255}),
            header("If-Match", "The version of the one stream written to, in quotes.", {"type": "string"}),
        ],
        "responses": {
            "201": {"description": "Recorded, and on disk.", **receipt},
            "200": {"description": "With `atomic=false`: nothing of it was recorded, for these reasons.", **receipt},
        },
    }
