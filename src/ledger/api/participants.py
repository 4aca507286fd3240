"""What belongs to one person: the `k` that their platform hands them, and what became of their ballot (docs/formats/http.md, "One's own").

Whoever has a `k` needs no login, and nobody hears of it: it comes in a body, is kept nowhere, and no answer is kept either.
"""

from collections.abc import Callable, Sequence
from typing import Any, Final

import orjson
from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from ledger.api.bodies import JSON, whole_json
from ledger.api.library import Library
from ledger.api.parameters import ProjectRef, StepRef
from ledger.api.security import Doorkeeper, Turnstile
from ledger.errors import InvalidField, ParameterInvalid
from ledger.ports import Client
from ledger.projections.readings.my_ballot import read_line, stream_of
from ledger.sealing import pseudonym, read_key
from ledger.submit import KeysOrder, check_may_hand_out, read_keys_order

KEYS: Final = "/v1/projects/{project}/participant-keys"
MY_BALLOT: Final = "/v1/projects/{project}/steps/{step}/my-ballot"
_LONGEST_QUESTION: Final = 1024
_NOT_KEPT: Final = {"Cache-Control": "no-store"}

HandOut = Callable[[str, Client, KeysOrder], Sequence[tuple[str, str]]]
"""(participant, k) of the client's people in one scope of a project, or raises why not; may block."""


class Participants:
    """Who may have the `k` of people handed out, and who hands it out."""

    def __init__(self, hand_out: HandOut, doorkeeper: Doorkeeper, turnstile: Turnstile, body_limit: int) -> None:
        """`body_limit` is in bytes."""
        self._hand_out = hand_out
        self._doorkeeper = doorkeeper
        self._turnstile = turnstile
        self._body_limit = body_limit

    async def keys(self, request: Request, project: str) -> dict[str, object]:
        """The answer to an order; raises what it is refused for."""
        authorization = request.headers.get("authorization")
        client = await self._doorkeeper.client(None if authorization is None else authorization.encode("latin-1"))
        self._turnstile.pass_through(client.name)
        _refuse_parameters(request)
        check_may_hand_out(client, project)
        order = read_keys_order(await whole_json(request, self._body_limit))
        found = await run_in_threadpool(self._hand_out, project, client, order)
        return {"project": project, "scope": order.scope, "keys": [{"participant": subject, "k": k} for subject, k in found]}


class _Question(BaseModel):
    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")

    k: str


def participants_router(participants: Participants, library: Library) -> APIRouter:
    """Both routes."""
    router = APIRouter(tags=["participants"])

    async def participant_keys(request: Request, project: ProjectRef) -> Response:
        return Response(orjson.dumps(await participants.keys(request, project)), 200, _NOT_KEPT, JSON)

    async def my_ballot(request: Request, project: ProjectRef, step: StepRef) -> Response:
        _refuse_parameters(request)
        k = _read_question(await whole_json(request, _LONGEST_QUESTION))
        return Response(orjson.dumps(await run_in_threadpool(_found, library, project, step, k)), 200, _NOT_KEPT, JSON)

    shared: dict[str, Any] = {"methods": ["POST"], "response_class": Response, "response_model": None}
    router.add_api_route(
        KEYS,
        participant_keys,
        summary="Have the keys of one's people, to hand to them",
        description="With its `k` a person finds what is theirs in the scope, and sees that nobody used their name. The API key needs the "
        "scope `events:write` and the role agent or organizer.",
        responses={200: {"description": "In the order asked for.", "content": {JSON: {"schema": KEYS_SCHEMA}}}},
        openapi_extra={"requestBody": {"required": True, "content": {JSON: _ORDER}}, "security": [{"apiKey": []}]},
        operation_id="participant_keys",
        **shared,
    )
    router.add_api_route(
        MY_BALLOT,
        my_ballot,
        summary="Find one's own ballot",
        description="For whoever has a `k` of the step, without a login. Nothing of the question is kept.",
        responses={200: {"description": "What became of it.", "content": {JSON: {"schema": BALLOT_SCHEMA}}}},
        openapi_extra={"requestBody": {"required": True, "content": {JSON: _QUESTION}}},
        operation_id="my_ballot",
        **shared,
    )
    return router


def _found(library: Library, project: str, step: str, k: bytes) -> dict[str, object]:
    shelf = library.shelf(project)
    publisher, size = shelf.publisher, shelf.publisher.size()
    actor = pseudonym(k, publisher.origin, f"step/{step}")
    seqs = [seq for seq in shelf.log.stream(stream_of(step, actor)) if seq < size]
    lines = [read_line(entry) for seq in seqs for _, entry in shelf.log.entries(seq, seq + 1)]
    told = publisher.my_ballot(step, actor, lines, size)
    for entry in told["entries"] if isinstance(told["entries"], list) else ():
        if isinstance(entry, dict):
            entry["proof"] = f"/v1/projects/{project}/proof/inclusion?index={entry['seq']}"
    return {"project": project, "seq": size - 1, **told}


def _read_question(body: bytes) -> bytes:
    """The `k` in it. What was sent is not repeated, whatever is wrong with it."""
    try:
        k = read_key(_Question.model_validate_json(body).k)
    except ValidationError:
        raise InvalidField("$", "it is a JSON object with 'k' and nothing else") from None
    if k is None:
        raise InvalidField("$.k", "a k is 43 characters of base64url")
    return k


def _refuse_parameters(request: Request) -> None:
    for name in request.query_params:
        # A `k` in an address would stand in logs and histories; the value is not repeated either.
        raise ParameterInvalid("k" if name == "k" else "query", "nothing is asked for in the address; send it in the body")


def _object(**members: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "required": list(members), "properties": members, "additionalProperties": False}


_TEXT: Final = {"type": "string"}
_SEQ: Final = {"type": "integer", "description": "Its place in the log."}
_K: Final = {"type": "string", "pattern": "^[A-Za-z0-9_-]{43}$", "description": "32 bytes in base64url."}
KEYS_SCHEMA: dict[str, Any] = {
    "title": "ParticipantKeys",
    **_object(project=_TEXT, scope=_TEXT, keys={"type": "array", "items": _object(participant=_TEXT, k=_K)}),
}
_ENTRY: Final = _object(seq=_SEQ, type=_TEXT, became={"enum": ["last", "replaced", "withdrawn"]}, proof=_TEXT)
BALLOT_SCHEMA: dict[str, Any] = {
    "title": "MyBallot",
    **_object(
        project=_TEXT,
        seq={"type": "integer", "description": "The last entry that the answer reflects."},
        step=_TEXT,
        pseudonym={"type": "string", "description": "The name by which the person stands in this step."},
        status={"enum": ["counted", "not_counted", "not_yet_counted", "marked_present", "nobody_used_this_name"]},
        code={"type": ["string", "null"], "description": "Why it is not counted, or not yet (docs/formats/pseudonyms.md)."},
        on_roll={"type": ["boolean", "null"], "description": "null where the step has no roll."},
        attended={"oneOf": [{"type": "null"}, _object(seq=_SEQ, channel=_TEXT)]},
        choices={
            "type": ["string", "null"],
            "description": "Of the last ballot, as in the table `ballots`; null while they are not public.",
        },
        entries={
            "type": "array",
            "description": "Everything that was recorded of this ballot, ascending.",
            "items": {
                **_ENTRY,
                "properties": {
                    **_ENTRY["properties"],
                    "at": _TEXT,
                    "channel": _TEXT,
                    "via": _TEXT,
                    "role": _TEXT,
                    "by_somebody_else": {"type": "boolean", "description": "Posted by an agent or an authority, for the person."},
                    "redacted": {"type": "string", "description": "The authority by whose order nothing more is told of it."},
                },
            },
        },
    ),
}
_ORDER: dict[str, Any] = {
    "schema": KeysOrder.model_json_schema(),
    "example": {"scope": "step/vote", "participants": ["resident-17", "resident-18"]},
}
_QUESTION: dict[str, Any] = {"schema": _object(k=_K), "example": {"k": "0E4QbKArJ0VAeOeTGOcwY9Ml8sHbi82UHusCKvB-2-E"}}
