"""The laws of the tree see what they forbid, on small trees that break them, and let pass what they allow."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from tests.architecture import laws
from tests.architecture.source import SourceFile, read_package

Law = Callable[[Sequence[SourceFile]], list[str]]


def package(folder: Path, sources: dict[str, str]) -> tuple[SourceFile, ...]:
    root = folder / "ledger"
    for name, source in {"__init__.py": "", **sources}.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source)
    return read_package(root)


BROKEN: list[tuple[Law, str, str, str]] = [
    (laws.unknown_parts, "votes.py", "", "ledger.votes: `votes` is not in the tree"),
    (laws.unknown_parts, "votes/count.py", "", "ledger.votes.count: `votes` is not in the tree"),
    (
        laws.imports_against_the_order,
        "rules/greedy.py",
        "from ledger.events import Entry",
        "ledger.rules.greedy:1: `rules` may not import `events`",
    ),
    (laws.imports_against_the_order, "rules/greedy.py", "import ledger.api", "`rules` may not import `api`"),
    (laws.imports_against_the_order, "rules/greedy.py", "from ledger import store", "`rules` may not import `store`"),
    (laws.imports_against_the_order, "rules/greedy.py", "from ..events import Entry", "`rules` may not import `events`"),
    (laws.imports_against_the_order, "rules/__init__.py", "from .. import events", "`rules` may not import `events`"),
    (
        laws.imports_against_the_order,
        "rules/greedy.py",
        "def f():\n    from ledger import events",
        "greedy:2: `rules` may not import `events`",
    ),
    (laws.imports_against_the_order, "api/app.py", "from ledger.store import recorder", "`api` may not import `store`"),
    (laws.imports_against_the_order, "portal/pages.py", "import ledger.store.views", "`portal` may not import `store`"),
    (laws.imports_against_the_order, "__init__.py", "from ledger.errors import Refused", "ledger:1: `__init__` may not import `errors`"),
    (laws.imports_against_the_order, "store/views.py", "from ledger.votes import x", "`store` may not import `votes`"),
    (
        laws.imports_inside_functions,
        "store/views.py",
        "def f():\n    import ledger.events",
        "views:2: imports `ledger.events` inside a function",
    ),
    (
        laws.imports_inside_functions,
        "store/views.py",
        "class A:\n    async def f(self):\n        from ledger import ids",
        "views:3: imports",
    ),
    (laws.impurities, "tlog/tree.py", "import os", "ledger.tlog.tree:1: `tlog` is pure and may not import `os`"),
    (laws.impurities, "events/step.py", "import os.path", "`events` is pure and may not import `os`"),
    (laws.impurities, "ids.py", "import uuid\nmake = uuid.uuid4", "ledger.ids:2: `ids` is pure and may not use `uuid.uuid4`"),
    (laws.impurities, "ids.py", "from uuid import uuid4 as new\nmake = lambda: new().hex", "may not use `uuid.uuid4`"),
    (laws.impurities, "sealing.py", "from secrets import token_bytes", "may not import `secrets`"),
    (
        laws.impurities,
        "aggregates/step.py",
        "from datetime import UTC, datetime\nnow = datetime.now(UTC).isoformat()",
        "step:2: `aggregates` is pure",
    ),
    (laws.impurities, "aggregates/step.py", "import datetime as dt\ntoday = dt.date.today()", "may not use `datetime.date.today`"),
    (laws.impurities, "rules/greedy.py", "def f(path):\n    with open(path) as file:\n        return file.read()", "may not use `open`"),
    (laws.impurities, "rules/greedy.py", "class A:\n    open: bool\n\ndef f(path): return open(path)", "greedy:4: `rules` is pure"),
    (laws.impurities, "rules/greedy.py", "import requests", "may not import the package `requests`"),
    (laws.impurities, "ports.py", "from threading import Lock", "may not import `threading`"),
    (laws.impurities, "audit/replay.py", "from os import environ", "may not import `os`"),
    (laws.impurities, "audit/replay.py", "from time import monotonic", "may not import `time`"),
    (laws.impurities, "package/reader.py", "import tempfile", "may not import `tempfile`"),
    (
        laws.impurities,
        "tlog/note.py",
        "from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey\nkey = Ed25519PrivateKey.generate()",
        "note:2: `tlog` is pure and may not use `cryptography",
    ),
    (laws.floats, "projections/budget.py", "share = 0.5", "ledger.projections.budget:1: `0.5` makes a float"),
    (laws.floats, "events/step.py", "def f(x): return float(x)", "`float()` makes a float"),
    (laws.floats, "aggregates/ballot.py", "from math import sqrt\nroot = sqrt(2)", "`math.sqrt` makes a float"),
    (laws.packages_away_from_home, "publish.py", "import psycopg", "ledger.publish:1: only store may import `psycopg`"),
    (laws.packages_away_from_home, "wiring.py", "from fastapi import FastAPI", "only api, portal may import `fastapi`"),
    (
        laws.packages_away_from_home,
        "exports/zip.py",
        "def f():\n    from eventsourcing.domain import event",
        "only store may import `eventsourcing`",
    ),
    (
        laws.readings_of_the_environment,
        "store/embedded.py",
        "import os\nhome = os.environ.get('HOME')",
        "ledger.store.embedded:2: only the settings",
    ),
    (laws.readings_of_the_environment, "wiring.py", "from os import environ", "ledger.wiring:1: only the settings"),
    (
        laws.readings_of_the_environment,
        "wiring.py",
        "from os import getenv as read\nhome = read('HOME')",
        "ledger.wiring:2: only the settings",
    ),
    (
        laws.readings_of_the_environment,
        "cli/serve.py",
        "import typer\nurl = typer.Option(envvar='URL')",
        "ledger.cli.serve:2: only the settings",
    ),
]


@pytest.mark.parametrize(("law", "name", "source", "offence"), BROKEN)
def test_a_broken_law_is_seen_at_its_place(law: Law, name: str, source: str, offence: str, tmp_path: Path) -> None:
    assert any(offence in found for found in law(package(tmp_path, {name: source})))


ALLOWED: list[tuple[Law, str, str]] = [
    (laws.unknown_parts, "rules/greedy.py", ""),
    (
        laws.imports_against_the_order,
        "events/step.py",
        "from ledger.rules import RULES\nfrom ledger.events.envelope import Event\nfrom . import kinds",
    ),
    (laws.imports_against_the_order, "package/manifest.py", "from ledger import VERSION\nimport ledger"),
    (laws.imports_against_the_order, "cli/serve.py", "from ledger import settings, wiring"),
    (laws.imports_inside_functions, "cli/serve.py", "def serve():\n    from ledger import wiring"),
    (laws.imports_inside_functions, "store/views.py", "def f():\n    import json"),
    (laws.impurities, "rules/greedy.py", "def f(open, input):\n    return open + input"),
    (
        laws.impurities,
        "aggregates/step.py",
        "from datetime import datetime, timedelta\ndef f(clock): return clock.now() + timedelta(hours=1)",
    ),
    (
        laws.impurities,
        "package/reader.py",
        "import io, zipfile\nfrom pathlib import Path\ndef f(p: Path): return zipfile.ZipFile(open(p, 'rb'))",
    ),
    (laws.impurities, "store/views.py", "import os, time, random, requests"),
    (laws.impurities, "canonical.py", "import orjson, hashlib, json\nfrom pydantic import BaseModel"),
    (laws.floats, "canonical.py", "from math import gcd\ndef f(x): return isinstance(x, float) or gcd(x, 2)"),
    (laws.floats, "rules/shares.py", "filter = 0.5"),
    (laws.packages_away_from_home, "store/recorder.py", "import eventsourcing.postgres, psycopg"),
    (laws.readings_of_the_environment, "settings.py", "import os\nhome = os.environ['HOME']"),
    (laws.readings_of_the_environment, "store/embedded.py", "import os\nos.fsync(3)"),
]


@pytest.mark.parametrize(("law", "name", "source"), ALLOWED)
def test_what_is_allowed_passes(law: Law, name: str, source: str, tmp_path: Path) -> None:
    assert law(package(tmp_path, {name: source})) == []


def test_a_cycle_between_files_is_seen_also_by_way_of_a_third(tmp_path: Path) -> None:
    broken = package(
        tmp_path,
        {
            "rules/__init__.py": "from ledger.rules.greedy import greedy",
            "rules/greedy.py": "from ledger.rules.ballots import Ballots",
            "rules/ballots.py": "from ledger.rules import greedy, RULES",
        },
    )
    [offence] = laws.cycles(broken)
    assert all(name in offence for name in ("ledger.rules.greedy", "ledger.rules.ballots"))


def test_a_file_that_imports_its_own_package_is_a_cycle(tmp_path: Path) -> None:
    broken = package(
        tmp_path, {"rules/__init__.py": "from ledger.rules.greedy import greedy", "rules/greedy.py": "from ledger.rules import RULES"}
    )
    assert len(laws.cycles(broken)) == 1


def test_a_package_may_gather_its_files(tmp_path: Path) -> None:
    kept = {
        "rules/__init__.py": "from ledger.rules.greedy import greedy",
        "rules/greedy.py": "from ledger.rules import ties",
        "rules/ties.py": "",
    }
    assert laws.cycles(package(tmp_path, kept)) == []


def test_a_name_that_says_nothing_is_seen(tmp_path: Path) -> None:
    for name in ("utils.py", "_helpers.py", "ballot_utils.py", "ballots.py", "common/count.py", "utils.txt", "__init__.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    named = {Path(offence.partition(":")[0]).name for offence in laws.nameless_files([tmp_path])}
    assert named == {"utils.py", "_helpers.py", "ballot_utils.py", "common"}


def test_a_file_is_too_long_from_its_351st_line_on(tmp_path: Path) -> None:
    (tmp_path / "long.py").write_text("x = 1\n" * 351)
    (tmp_path / "fitting.py").write_text("x = 1\n" * 350)
    [offence] = laws.long_files([tmp_path])
    assert "long.py: 351 lines" in offence
