"""The OpenAPI document: what FastAPI knows of the reading routes, and beside it what it cannot know.

Added here are the posting of events (a schema and an example of every event type, from the models that read them), the problems (every
error of the tree under its status), and the security scheme.
"""

from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from ledger.api import bodies
from ledger.api.erasing import PATH as ERASURES
from ledger.api.examples import example
from ledger.api.participants import KEYS, MY_BALLOT
from ledger.api.problems import MEDIA_TYPE, status_of
from ledger.errors import LedgerError
from ledger.events import EVENTS, SUBMISSION
from ledger.submit import MOST_SUBMISSIONS

Document = dict[str, Any]

READING = (404, 405, 422, 500, 503)
"""Statuses of problems that every reading route can answer with."""
POSTING = (401, 403, 404, 405, 409, 412, 413, 415, 422, 429, 500, 503)

ASKING = (404, 405, 413, 415, 422, 500, 503)
"""Of a question that comes in a body."""
ERASING = (401, 403, 404, 405, 409, 413, 415, 422, 429, 500, 503)

_SCHEMAS = "#/components/schemas/{model}"


def openapi(app: FastAPI, posting: Document) -> Document:
    """The document of the service. `posting` is the operation of the path that FastAPI does not route, without bodies and problems."""
    document: Document = get_openapi(
        title=app.title, version=app.version, summary=app.summary, description=app.description, routes=app.routes, tags=app.openapi_tags
    )
    components = document.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    schemas.pop("HTTPValidationError", None)
    schemas.pop("ValidationError", None)
    schemas.update(_submissions())
    schemas["Problem"] = _PROBLEM
    components["responses"] = {f"Problem{status}": _problem_response(codes) for status, codes in sorted(_codes().items())}
    components["securitySchemes"] = {"apiKey": {"type": "http", "scheme": "bearer", "description": "An API key: `ledger keys create`."}}
    for path in document["paths"].values():
        for operation in path.values():
            operation["responses"].update(_problems(READING))
    document["paths"][ERASURES]["post"]["responses"].update(_problems(ERASING))
    document["paths"][KEYS]["post"]["responses"].update(_problems(ERASING))
    document["paths"][MY_BALLOT]["post"]["responses"].update(_problems(ASKING))
    events = document["paths"]["/v1/projects/{project}/events"]
    events["post"] = {
        **posting,
        "requestBody": _request_body(),
        "responses": {**posting["responses"], **_problems(POSTING)},
        "security": [{"apiKey": []}],
    }
    return document


def leaves(error: type[LedgerError] = LedgerError) -> Iterator[type[LedgerError]]:
    """Every class of the error tree that has a code of its own, parents before children."""
    if "code" in vars(error) and error is not LedgerError:
        yield error
    for child in error.__subclasses__():
        yield from leaves(child)


def _codes() -> dict[int, list[str]]:
    """Status → codes of the errors that are answered with it."""
    codes: dict[int, list[str]] = {}
    for leaf in leaves():
        codes.setdefault(status_of(leaf)[0], []).append(leaf.code)
    return codes


def _problems(statuses: tuple[int, ...]) -> Document:
    return {str(status): {"$ref": f"#/components/responses/Problem{status}"} for status in statuses}


def _problem_response(codes: list[str]) -> Document:
    return {
        "description": "A problem document (RFC 9457). Codes: " + ", ".join(f"`{code}`" for code in sorted(codes)) + ".",
        "content": {
            MEDIA_TYPE: {
                "schema": {"allOf": [{"$ref": "#/components/schemas/Problem"}, {"properties": {"code": {"enum": sorted(codes)}}}]},
            }
        },
    }


def _submissions() -> Document:
    """The schemas of everything that can be posted: `Submission`, and the models it is made of."""
    generated = SUBMISSION.json_schema(ref_template=_SCHEMAS)
    schemas: Document = {name: _postable(schema) for name, schema in generated.pop("$defs").items()}
    for event in EVENTS:
        schemas[f"Post{event.__name__}"]["examples"] = [example(event.wire_type())]
    schemas["Submission"] = {"description": "One event, as a platform posts it.", **generated}
    return schemas


def _postable(schema: Document) -> Document:
    """The schema without the fields that only the ledger writes (they take nothing but null)."""
    if "properties" in schema:
        schema["properties"] = {name: field for name, field in schema["properties"].items() if field.get("type") != "null"}
    return schema


def _request_body() -> Document:
    one: Document = {"$ref": _SCHEMAS.format(model="Submission")}
    examples = {event.wire_type(): {"summary": _first_line(event), "value": example(event.wire_type())} for event in EVENTS}
    return {
        "required": True,
        "description": "One submission or several, at most 10 000 and 16 MiB (docs/formats/requests.md).",
        "content": {
            bodies.JSON: {
                "schema": {"anyOf": [one, {"type": "array", "items": one, "minItems": 1, "maxItems": MOST_SUBMISSIONS}]},
                "examples": examples,
            },
            bodies.NDJSON: {"schema": {"type": "string", "description": "One submission per line."}},
            bodies.CLOUDEVENT: {"schema": _CLOUDEVENT},
            bodies.CLOUDEVENTS: {"schema": {"type": "array", "items": _CLOUDEVENT, "minItems": 1, "maxItems": MOST_SUBMISSIONS}},
        },
    }


def _first_line(event: type) -> str:
    return (event.__doc__ or "").partition("\n")[0]


_PROBLEM: Document = {
    "title": "Problem",
    "description": "A problem document (RFC 9457). The fields of the error stand beside these members.",
    "type": "object",
    "required": ["type", "title", "status", "detail", "code"],
    "properties": {
        "type": {"type": "string", "format": "uri", "description": "The page about this code."},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What is wrong here, for people."},
        "code": {"type": "string", "description": "What is wrong, for programs; stable."},
        "place": {"type": "string", "description": "Where in the body, as a JSON path or a line."},
        "refusal": {
            "type": "string",
            "description": "Of a refused post: a signed note, the log's statement that it refused this (docs/formats/log.md).",
        },
    },
    "additionalProperties": True,
}

_CLOUDEVENT: Document = {
    "description": "A CloudEvent 1.0 whose `type` and `data` are a submission's; see docs/formats/requests.md.",
    "type": "object",
    "required": ["specversion", "id", "source", "type", "data"],
    "properties": {
        "specversion": {"const": "1.0"},
        "id": {"type": "string", "minLength": 1},
        "source": {"type": "string", "minLength": 1},
        "type": {"type": "string", "minLength": 1},
        "time": {"type": "string", "format": "date-time"},
        "role": {"type": "string"},
        "channel": {"type": "string"},
        "participant": {"type": "string"},
        "onbehalfof": {"type": "string"},
        "mandateref": {"type": "string"},
        "data": {"type": "object"},
    },
}
