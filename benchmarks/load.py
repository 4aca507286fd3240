"""Requests over many connections, as fast as the answers come: by `wrk` where it is installed, else by a client in Python.

The Python client takes some of the processor from the service beside it, so its figures are lower, and ratios nearer to 1.
"""

import asyncio
import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from time import perf_counter

_NUMBERS = count(1)


@dataclass(frozen=True, slots=True)
class Post:
    """What is posted where. `@` in the body becomes a word that no request had before."""

    port: int
    path: str
    body: str
    headers: tuple[tuple[str, str], ...] = ()
    media_type: str = "application/json"

    def request(self, body: str) -> bytes:
        """The bytes of one HTTP request with this body."""
        lines = [f"POST {self.path} HTTP/1.1", f"Host: 127.0.0.1:{self.port}", f"Content-Type: {self.media_type}"]
        lines += [f"{name}: {value}" for name, value in self.headers]
        content = body.encode()
        return "\r\n".join([*lines, f"Content-Length: {len(content)}", "", ""]).encode() + content


def name_of_client() -> str:
    """Which client makes the requests."""
    return "wrk" if shutil.which("wrk") else "a client in Python; install wrk for truer figures"


def answered_per_second(post: Post, connections: int, seconds: int) -> float:
    """How many requests a second are answered with 2xx; raises `RuntimeError` when any is answered otherwise."""
    prefix = f"n{next(_NUMBERS)}-"
    if shutil.which("wrk"):
        return _by_wrk(post, connections, seconds, prefix)
    return asyncio.run(_by_python(post, connections, seconds, prefix))


_LUA = """
local before, after = [==[%s]==], [==[%s]==]
local prefix, number, thread = "%s", 0, 0
function setup(made) thread = thread + 1; made:set("which", thread) end
function init() wrk.method = "POST"; %s end
function request()
  number = number + 1
  return wrk.format(nil, nil, nil, before .. prefix .. which .. "-" .. number .. after)
end
"""


def _by_wrk(post: Post, connections: int, seconds: int, prefix: str) -> float:
    before, found, after = post.body.partition("@")
    if not found:
        raise ValueError("the body has no @")
    headers = "".join(f'wrk.headers["{name}"] = "{value}"; ' for name, value in (*post.headers, ("Content-Type", post.media_type)))
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "post.lua"
        script.write_text(_LUA % (before, after, prefix, headers), encoding="utf-8")
        url = f"http://127.0.0.1:{post.port}{post.path}"
        command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "-s", str(script), url]
        told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    rate = re.search(r"Requests/sec:\s+([0-9.]+)", told)
    if rate is None or "Non-2xx" in told or "Socket errors" in told:
        raise RuntimeError(f"{post.path} did not answer everything with 2xx:\n{told}")
    return float(rate[1])


async def _by_python(post: Post, connections: int, seconds: int, prefix: str) -> float:
    numbers = count()
    deadline = perf_counter() + seconds

    async def ask() -> int:
        reader, writer = await asyncio.open_connection("127.0.0.1", post.port)
        answered = 0
        try:
            while perf_counter() < deadline:
                writer.write(post.request(post.body.replace("@", f"{prefix}{next(numbers)}")))
                head = await reader.readuntil(b"\r\n\r\n")
                length = re.search(rb"(?i)content-length: *([0-9]+)", head)
                answer = await reader.readexactly(int(length[1]) if length else 0)
                if not head.startswith(b"HTTP/1.1 2"):
                    raise RuntimeError(f"{post.path} answered {head.splitlines()[0]!r}: {answer[:500]!r}")
                answered += 1
        finally:
            writer.close()
        return answered

    start = perf_counter()
    total = sum(await asyncio.gather(*(ask() for _ in range(connections))))
    return total / (perf_counter() - start)
