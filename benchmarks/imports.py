"""Real consultations from their files to a verified package, by the commands that an operator runs; the largest over HTTP as well.

The limit beside each import is reading its files alone with the `csv` module. What is not beside this repository (../shared/data) is left
out, and said so. Times are those of whole commands: starting the interpreter takes about half a second of each.
"""

import csv
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter, sleep

import httpx2

from benchmarks.figures import machine
from benchmarks.measured import measured_service
from ledger.store.embedded import EmbeddedPostgres
from ledger.store.migrate import migrate

SHARED = Path(__file__).parents[1] / ".." / "shared" / "data"
IMPORTS = (
    ("pabulib", "pabulib/Poland_Warszawa_2021_Ursynow.pb"),
    ("cap-collectif", "rua/rua-fonctionnement_sections2-3.csv"),
    ("republique-numerique", "republique_numerique/opinions_odd_ids.jsonl"),
    ("decide-madrid", "decide_madrid_2019"),
    ("polis", "polis/15-per-hour-seattle"),
    ("polis", "polis/scoop-hivemind.biodiversity"),
    ("polis", "polis/vtaiwan.uberx"),
    ("polis", "polis/yoronchizu2024"),
)
"""Formats, and files or folders."""
OVER_HTTP = ("polis", "polis/yoronchizu2024")
OPTIONS = {"pabulib": ("--exclusive", "459,1687,2150=2150")}
"""What a file says in words only."""
_LOOK_SECONDS = 0.05
_COLUMNS = (
    *(("events", 8), ("import s", 9), ("events/s", 9), ("MB", 5), ("csv ms", 7)),
    *(("export s", 9), ("MB", 5), ("verify s", 9), ("MB", 5)),
)


@dataclass(frozen=True, slots=True)
class Taken:
    """What a command took, and what it printed."""

    seconds: float
    peak_mb: float
    printed: bytes


def run(rounds: int) -> None:
    """Measures and prints."""
    print(f"\nreal consultations, whole commands ({machine()})")
    print(f"  {'':<42} {' '.join(f'{name:>{width}}' for name, width in _COLUMNS)}")
    with tempfile.TemporaryDirectory(prefix="ledger-") as folder, EmbeddedPostgres(Path(folder)) as postgres:
        migrate(postgres.url)
        environment = {"LEDGER_DATA_DIR": folder, "LEDGER_DATABASE_URL": postgres.url, "PATH": "/usr/bin:/bin"}
        for number, (form, name) in enumerate(IMPORTS):
            if (SHARED / name).exists():
                _one(form, SHARED / name, f"project-{number}", environment, rounds)
            else:
                print(f"  {name:<42} is not here")
    form, name = OVER_HTTP
    if (SHARED / name).exists():
        with measured_service() as service:
            _over_http(form, SHARED / name, f"http://127.0.0.1:{service.port}", service.key)


def _one(form: str, path: Path, project: str, environment: dict[str, str], rounds: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        package = Path(folder) / "package.zip"
        imports = [
            _ledger("import", form, str(path), "--project", f"{project}-{turn}", "--json", *OPTIONS.get(form, ()), environment=environment)
            for turn in range(rounds)
        ]
        exported = _ledger("export", f"{project}-0", "--out", str(package), environment=environment)
        verified = _ledger("verify", str(package), "--json", environment=environment)
    events = sum(json.loads(imports[0].printed)["recorded"].values())
    seconds, peak = median(one.seconds for one in imports), max(one.peak_mb for one in imports)
    read = median(_read(path) for _ in range(rounds))
    print(
        f"  {path.name[:42]:<42} {events:>8,} {seconds:>9.2f} {events / seconds:>9,.0f} {peak:>5.0f} {read * 1000:>7.0f} "
        f"{exported.seconds:>9.2f} {exported.peak_mb:>5.0f} {verified.seconds:>9.2f} {verified.peak_mb:>5.0f}"
    )


def _over_http(form: str, path: Path, url: str, key: str) -> None:
    """The import as a platform posts it, then what a reader waits for: the views, a package of them, and its verification."""
    project, environment = "posted", {"PATH": "/usr/bin:/bin"}
    done = _ledger("import", form, str(path), "--project", project, "--json", "--url", url, "--api-key", key, environment=environment)
    events = sum(json.loads(done.printed)["recorded"].values())
    print(f"\n{path.name} over HTTP, {events:,} events ({machine()})")
    print(
        f"  import                                  {done.seconds:>6.2f} s   {events / done.seconds:,.0f} events/s   {done.peak_mb:.0f} MB"
    )
    views = f"{url}/v1/projects/{project}"
    with httpx2.Client(timeout=600) as reader, tempfile.TemporaryDirectory() as folder:
        with _told("views there after another"):
            while reader.get(views).json()["seq"] + 1 < events:
                sleep(_LOOK_SECONDS)
        step = reader.get(views).json()["steps"][0]["ref"]
        for view in (f"/steps/{step}/ranking", "/participation", "/contributions"):
            with _told(f"GET {view}"):
                reader.get(f"{views}{view}").raise_for_status()
        package = Path(folder) / "package.zip"
        with _told("GET /export"):
            package.write_bytes(reader.get(f"{views}/export").raise_for_status().content)
        verified = _ledger("verify", str(package), "--json", environment=environment)
        print(f"  verify                                  {verified.seconds:>6.2f} s   {verified.peak_mb:.0f} MB")


@contextmanager
def _told(what: str) -> Iterator[None]:
    start = perf_counter()
    yield
    print(f"  {what:<38}  {perf_counter() - start:>6.2f} s")


def _ledger(*arguments: str, environment: dict[str, str]) -> Taken:
    """What a command took; raises `RuntimeError` where it fails."""
    start = perf_counter()
    command = [sys.executable, "-c", "from ledger.cli import main; main()", *arguments]
    with tempfile.TemporaryFile() as out:
        process = subprocess.Popen(command, env=environment, stdout=out, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        printed = out.read()
    if process.returncode:
        raise RuntimeError(f"{' '.join(arguments[:2])}: {printed.decode(errors='replace')[-2000:]}")
    return Taken(perf_counter() - start, usage.ru_maxrss / 1024, printed)


def _read(path: Path) -> float:
    """Seconds that it takes to read the files as CSV, whatever they are."""
    csv.field_size_limit(1 << 24)
    start = perf_counter()
    for file in sorted(path.glob("*.csv")) if path.is_dir() else [path]:
        with file.open(newline="", encoding="utf-8-sig") as lines:
            for _ in csv.reader(lines):
                pass
    return perf_counter() - start
