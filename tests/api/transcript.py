"""Requests and expected answers as readable text.

    # A sentence that says what is shown.
    > POST /v1/projects/$PROJECT/events
    > Authorization: Bearer $KEY
    >
    > {"type": "ballot.cast/2", "data": {}}
    < 422
    < code: unknown-event-type
    < header Content-Type: application/problem+json

A line `< name: value` is a member of the answer's JSON (`a.b` goes into objects); `< header Name: value` a header. Words in capitals
after `$` are put in by the test. A file may hold several exchanges; each begins with its sentence.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import httpx2
import orjson


@dataclass
class Exchange:
    """One request and what is expected of its answer."""

    sentence: str
    lines: list[str] = field(default_factory=list)
    status: int = 0
    expected: list[tuple[str, str]] = field(default_factory=list)

    def request(self, words: Mapping[str, str]) -> tuple[str, str, dict[str, str], bytes]:
        """Method, path, headers and body."""
        filled = [_filled(line, words) for line in self.lines]
        method, path = filled[0].split(" ")
        blank = filled.index("") if "" in filled else len(filled)
        headers = dict(line.split(": ", 1) for line in filled[1:blank])
        return method, path, headers, "\n".join(filled[blank + 1 :]).encode()

    def check(self, answer: httpx2.Response, words: Mapping[str, str]) -> None:
        """The answer is as expected."""
        assert answer.status_code == self.status, f"{self.sentence}: {answer.status_code} {answer.text[:500]}"
        for name, value in self.expected:
            wanted = _filled(value, words)
            found = answer.headers.get(name[7:]) if name.startswith("header ") else _member(answer.content, name)
            assert found == wanted, f"{self.sentence}: {name} is {found!r}"


def read_transcript(file: Path) -> list[Exchange]:
    """The exchanges of a file, in order."""
    exchanges: list[Exchange] = []
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        match line[:1]:
            case "#":
                exchanges.append(Exchange(line[1:].strip()))
            case ">":
                exchanges[-1].lines.append(line[2:])
            case "<" if line[2:].isdigit():
                exchanges[-1].status = int(line[2:])
            case "<":
                name, _, value = line[2:].partition(": ")
                exchanges[-1].expected.append((name, value))
            case _:
                assert not line, f"{file.name}:{number}: not a line of a transcript"
    assert exchanges and all(exchange.lines and exchange.status for exchange in exchanges), f"{file.name} has an unfinished exchange"
    return exchanges


def _filled(line: str, words: Mapping[str, str]) -> str:
    return re.sub(r"\$([A-Z]+)", lambda match: words[match[1]], line)


def _member(content: bytes, path: str) -> str:
    value = orjson.loads(content)
    for name in path.split("."):
        value = value[int(name)] if isinstance(value, list) else value[name]
    return value if isinstance(value, str) else orjson.dumps(value).decode()
