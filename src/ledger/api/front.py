"""The outermost part of the application: posts of events go straight to where they are answered, everything else to FastAPI.

Posting is most of the work of a ledger, and what stands between the server and its handler (middlewares, routing, dependencies) costs as
much as reading a submission; measured: benchmarks/http_single.py.
"""

from collections.abc import Callable

from starlette.types import ASGIApp, Receive, Scope, Send

from ledger.api.incidents import recorded

_BEFORE, _AFTER = "/v1/projects/", "/events"


class Front:
    """An ASGI application."""

    def __init__(self, reading: ASGIApp, posting: ASGIApp, end_feeds: Callable[[], None]) -> None:
        """`posting` finds the project's reference in the scope, as `project`."""
        self._reading = reading
        self._posting = posting
        self.end_feeds = end_feeds
        """Ends what would go on for as long as somebody listens; a server calls it before it waits for its last answers."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See the ASGI specification."""
        if scope["type"] == "http" and scope["method"] == "POST":
            project = self.posted_to(scope["path"])
            if project is not None:
                scope["project"] = project
                await self._posting(scope, receive, send)
                return
        try:
            await self._reading(scope, receive, send)
        except Exception as error:  # the last place where anybody can hear of it
            if scope["type"] != "http":
                raise
            # Answered already where no answer had begun. Otherwise returning early lets the server break the connection off.
            if "ledger.recorded" not in scope:
                recorded(error, f"{scope['method']} {scope['path'][:200]}")

    @staticmethod
    def posted_to(path: str) -> str | None:
        """The project whose events stand at this path; None for every other path."""
        if path.startswith(_BEFORE) and path.endswith(_AFTER):
            project = path[len(_BEFORE) : -len(_AFTER)]
            if project and "/" not in project:
                return project
        return None
