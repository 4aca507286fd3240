"""Ports that fail once, at a chosen call: before it has taken effect, or after."""

from collections.abc import Callable
from typing import Any, Literal

Side = Literal["before", "after"]


class Faults:
    """Counts the calls of all ports wrapped by it, and makes one of them fail."""

    def __init__(self) -> None:
        self.calls = 0
        self._at: tuple[int, Side] | None = None
        self.failed: str | None = None

    def fail_at(self, at: int, side: Side) -> None:
        self.calls, self._at, self.failed = 0, (at, side), None

    def wrap(self, port: Any) -> Any:
        return _Port(port, self)

    def call(self, name: str, function: Callable[..., Any], *arguments: Any) -> Any:
        self.calls += 1
        fails = self._at is not None and self._at[0] == self.calls
        side = self._at[1] if self._at is not None else "before"
        if fails:
            self._at, self.failed = None, name
            if side == "before":
                raise OSError(f"{name} failed before it began")
        answer = function(*arguments)
        if fails:
            raise OSError(f"{name} failed after it was done")
        return answer


class _Port:
    def __init__(self, port: Any, faults: Faults) -> None:
        self._port = port
        self._faults = faults

    def __getattr__(self, name: str) -> Any:
        function = getattr(self._port, name)
        return lambda *arguments: self._faults.call(name, function, *arguments)
