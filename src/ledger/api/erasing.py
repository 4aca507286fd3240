"""The erasure of texts, as whoever answers to people asks for it (docs/formats/http.md, "Erasure")."""

from collections.abc import Callable
from typing import Any, Final

import orjson
from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from ledger.api.bodies import JSON, whole_json
from ledger.api.parameters import ProjectRef
from ledger.api.security import Doorkeeper, Turnstile
from ledger.errors import ParameterInvalid
from ledger.ports import Client
from ledger.submit import ErasureOrder, ErasureOutcome, read_order

PATH: Final = "/v1/projects/{project}/erasures"

Erase = Callable[[str, Client, ErasureOrder], ErasureOutcome]
"""Erases from a project what a client orders, or raises why not; may take long."""


class Erasing:
    """Who may order an erasure, and who carries it out."""

    def __init__(self, erase: Erase, doorkeeper: Doorkeeper, turnstile: Turnstile, body_limit: int) -> None:
        """`body_limit` is in bytes."""
        self._erase = erase
        self._doorkeeper = doorkeeper
        self._turnstile = turnstile
        self._body_limit = body_limit

    async def answer(self, request: Request, project: str) -> ErasureOutcome:
        """What was erased. Raises what the order is refused for."""
        authorization = request.headers.get("authorization")
        client = await self._doorkeeper.client(None if authorization is None else authorization.encode("latin-1"))
        self._turnstile.pass_through(client.name)
        for name in request.query_params:
            raise ParameterInvalid(name[:100], "there is no such parameter")
        order = read_order(await whole_json(request, self._body_limit))
        return await run_in_threadpool(self._erase, project, client, order)


def erasures_router(erasing: Erasing) -> APIRouter:
    """The route by which erasures are ordered."""
    router = APIRouter(tags=["privacy"])

    async def erase(request: Request, project: ProjectRef) -> Response:
        outcome = await erasing.answer(request, project)
        return Response(orjson.dumps(erasure_document(outcome)), 200, {"Cache-Control": "no-store"}, JSON)

    router.add_api_route(
        PATH,
        erase,
        methods=["POST"],
        summary="Erase a field, a content, or all that a person wrote",
        description="Destroys the disclosures and what could open a copy of them; entries, commitments and counts stay. The API key needs "
        "the scope `privacy:erase` and the role organizer.",
        response_class=Response,
        response_model=None,
        responses={200: {"description": "Erased, and recorded.", "content": {JSON: {"schema": OUTCOME_SCHEMA}}}},
        openapi_extra={"requestBody": {"required": True, "content": {JSON: _ORDER}}, "security": [{"apiKey": []}]},
        operation_id="erase",
    )
    return router


def erasure_document(outcome: ErasureOutcome) -> dict[str, Any]:
    """What was erased, as it is answered and printed."""
    return {
        "project": outcome.project,
        "entries": [{"entry": seq, "fields": None if names is None else list(names)} for seq, names in outcome.entries],
        "private": outcome.private,
        "requests": list(outcome.requests),
        "epoch": outcome.epoch,
        "scopes_without_key": list(outcome.scopes_without_key),
    }


OUTCOME_SCHEMA: dict[str, Any] = {
    "title": "Erased",
    "type": "object",
    "required": ["project", "entries", "private", "requests", "epoch", "scopes_without_key"],
    "properties": {
        "project": {"type": "string"},
        "entries": {
            "type": "array",
            "description": "Entries of which something was erased, ascending.",
            "items": {
                "type": "object",
                "required": ["entry", "fields"],
                "properties": {
                    "entry": {"type": "integer", "description": "The seq of the entry."},
                    "fields": {"type": ["array", "null"], "items": {"type": "string"}, "description": "null: all that were left."},
                },
                "additionalProperties": False,
            },
        },
        "private": {"type": "integer", "description": "Texts that were never to be disclosed, and are gone without an event."},
        "requests": {"type": "array", "items": {"type": "string"}, "description": "Requests recorded because none was named."},
        "epoch": {"type": "integer", "description": "The epoch that began since: copies of the database from before open nothing."},
        "scopes_without_key": {
            "type": "array",
            "items": {"type": "string"},
            "description": "Scopes whose key is destroyed; nobody can find out any more what is whose in them.",
        },
    },
    "additionalProperties": False,
}

_ORDER: dict[str, Any] = {
    "schema": ErasureOrder.model_json_schema(),
    "examples": {
        "person": {"summary": "All that a person wrote", "value": {"participant": "resident-17", "ground": "consent_withdrawn"}},
        "content": {
            "summary": "One content, and what was decided about it",
            "value": {"target": "contribution/shared-orchard", "ground": "unlawful", "authority": "court-order-12"},
        },
        "field": {
            "summary": "A field of one entry",
            "value": {"entry": 17, "fields": ["location"], "ground": "too_precise", "request": "letter-of-2-march"},
        },
    },
}
