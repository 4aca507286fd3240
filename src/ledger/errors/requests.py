"""What is wrong with a request as a whole: its size, its form, or who asks."""

from dataclasses import dataclass
from typing import ClassVar

from ledger.errors.tree import Forbidden, LedgerError, Malformed, NotFound, TooLarge, TooMany, Unauthenticated, Unavailable, Unsupported


@dataclass
class BodyTooLarge(TooLarge):
    """The body of a request is longer than the limit."""

    code: ClassVar[str] = "body-too-large"
    message: ClassVar[str] = "The body is longer than {limit} bytes; send the submissions in several requests."
    limit: int


@dataclass
class TooManySubmissions(TooLarge):
    """One request holds more submissions than the limit."""

    code: ClassVar[str] = "too-many-submissions"
    message: ClassVar[str] = "The request holds {count} submissions, at most {limit} are taken at once; send them in several requests."
    count: int
    limit: int


@dataclass
class MediaTypeUnknown(Unsupported):
    """The body is of a media type that is not read here."""

    code: ClassVar[str] = "media-type-unknown"
    message: ClassVar[str] = "A body of type {media_type!r} is not read here; send one of {known}."
    media_type: str
    known: str


@dataclass
class EncodingUnknown(Unsupported):
    """The body is compressed, and none is read here."""

    code: ClassVar[str] = "encoding-unknown"
    message: ClassVar[str] = "A body with Content-Encoding {encoding!r} is not read here; send it as it is."
    encoding: str


@dataclass
class ParameterInvalid(Malformed):
    """A part of the address or a header has a value that cannot be."""

    code: ClassVar[str] = "parameter-invalid"
    message: ClassVar[str] = "{parameter}: {why}."
    parameter: str
    why: str


@dataclass
class PageNotFound(NotFound):
    """No resource has this address."""

    code: ClassVar[str] = "page-not-found"
    message: ClassVar[str] = "There is nothing at {path}; the addresses of this service are listed at /openapi.json."
    path: str


@dataclass
class ProjectUnknown(NotFound):
    """No project of this name was opened here."""

    code: ClassVar[str] = "project-unknown"
    message: ClassVar[str] = "There is no project {project!r} here; posting project.opened to its events makes one."
    project: str


@dataclass
class CheckpointMissing(NotFound):
    """The log has no checkpoint yet."""

    code: ClassVar[str] = "checkpoint-missing"
    message: ClassVar[str] = "No checkpoint of project {project!r} is signed yet; the first one comes within seconds of the opening."
    project: str


@dataclass
class PackagesBusy(Unavailable):
    """As many packages are being made as the service makes at once."""

    code: ClassVar[str] = "packages-busy"
    message: ClassVar[str] = "{most} packages are being made already; ask again when one of them is done."
    most: int


@dataclass
class FeedBusy(Unavailable):
    """As many follow the feed as the service serves at once."""

    code: ClassVar[str] = "feed-busy"
    message: ClassVar[str] = "{most} follow the feed already; read the pages of events instead, or come back later."
    most: int


@dataclass
class MethodNotAllowed(Malformed):
    """The resource is there and does not take this method."""

    code: ClassVar[str] = "method-not-allowed"
    message: ClassVar[str] = "{method} is not taken at {path}; try {allowed}."
    method: str
    path: str
    allowed: str


@dataclass
class ApiKeyMissing(Unauthenticated):
    """Writing takes an API key and none was sent."""

    code: ClassVar[str] = "api-key-missing"
    message: ClassVar[str] = "Send the API key as 'Authorization: Bearer <key>'; 'ledger keys create' makes one."


@dataclass
class ApiKeyUnknown(Unauthenticated):
    """The API key is of nobody, or was revoked."""

    code: ClassVar[str] = "api-key-unknown"
    message: ClassVar[str] = "No client has this API key, or it was revoked; 'ledger keys list' shows which there are."


@dataclass
class ScopeMissing(Forbidden):
    """The API key does not allow this."""

    code: ClassVar[str] = "scope-missing"
    message: ClassVar[str] = "The API key of {client!r} does not have the scope {scope!r} for project {project!r}."
    client: str
    scope: str
    project: str


@dataclass
class RateExceeded(TooMany):
    """The client asked more often than its limit allows."""

    code: ClassVar[str] = "rate-exceeded"
    message: ClassVar[str] = "{client!r} may make {limit} requests per second; wait a second and go on."
    client: str
    limit: int


@dataclass
class Unforeseen(LedgerError):
    """Something failed that should not have; what, stands in the operator's log under the same incident."""

    code: ClassVar[str] = "unforeseen"
    message: ClassVar[str] = "Something failed that was not foreseen; the operator finds it in the log as {incident!r}."
    incident: str
