"""A package of many ballots: how long it takes to write and to verify, and how much memory that needs, at two sizes."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter

from benchmarks.figures import machine

SIZES = (250_000, 1_000_000)
"""Ballots. Memory that is the same at both does not grow with their number."""

EXPORT = """
import resource, sys
from pathlib import Path
from time import perf_counter
from benchmarks.generated_log import GeneratedLog
from ledger.exports import export_package
folder, ballots, sealed = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3] == "sealed"
log = GeneratedLog(folder, ballots, sealed=sealed)
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
start = perf_counter()
with (folder / "export.zip").open("wb") as out:
    export_package(log, log.source, log.vouchers(), out)
print(perf_counter() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


def run(rounds: int) -> None:
    """Prints the figures: an export once for each size and secrecy, its verification as often as there are rounds."""
    print(f"\nexport and verification ({machine()})")
    for secrecy in ("open", "sealed"):
        for ballots in SIZES:
            with tempfile.TemporaryDirectory() as folder:
                _one(Path(folder), ballots, secrecy, rounds)


def _one(folder: Path, ballots: int, secrecy: str, rounds: int) -> None:
    told = subprocess.run([sys.executable, "-c", EXPORT, str(folder), str(ballots), secrecy], capture_output=True, text=True, check=True)
    seconds, growth = map(float, told.stdout.split())
    package = folder / "export.zip"
    size = package.stat().st_size / 1e6
    print(
        f"  {ballots:>9,} {secrecy:<6} export  {seconds:>6.1f} s   {growth / 1024:>5.0f} MB beyond the projections   {size:,.0f} MB written"
    )
    runs = [verified(package) for _ in range(rounds)]
    seconds, peak = median(taken for taken, _ in runs), max(peak for _, peak in runs)
    print(f"  {ballots:>9,} {secrecy:<6} verify  {seconds:>6.1f} s   {peak / 1024:>5.0f} MB at most")


def verified(package: Path) -> tuple[float, int]:
    """Seconds and kilobytes at most that `ledger verify` takes; raises `RuntimeError` where it does not verify."""
    start = perf_counter()
    command = [sys.executable, "-c", "from ledger.cli import main; main()", "verify", str(package), "--json"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError("the package does not verify")
    return perf_counter() - start, usage.ru_maxrss
