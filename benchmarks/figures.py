"""How figures are taken and told: in turns, so that a slow minute of the machine falls on all alike; as medians; with machine and date."""

import os
import platform
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from statistics import median


def machine() -> str:
    """The machine and the date, in one line."""
    processor = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        names = [
            line.partition(":")[2].strip() for line in cpuinfo.read_text(encoding="utf-8").splitlines() if line.startswith("model name")
        ]
        processor = names[0] if names else processor
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} × {processor}, {memory:.0f} GiB, {platform.system()} {platform.release()}, "
        f"Python {platform.python_version()}"
    )


def in_turns(rivals: Mapping[str, Callable[[], float]], rounds: int) -> dict[str, list[float]]:
    """What each rival measured, by name: all once, then all again, `rounds` times, each round in another order."""
    measured: dict[str, list[float]] = {name: [] for name in rivals}
    names = list(rivals)
    for turn in range(rounds):
        start = turn % len(names)
        for name in names[start:] + names[:start]:
            measured[name].append(rivals[name]())
    return measured


def report(title: str, unit: str, measured: Mapping[str, list[float]]) -> None:
    """Prints the median of each, and least and greatest."""
    print(f"\n{title} ({machine()})")
    for name, values in measured.items():
        print(f"  {name:<58} {median(values):>12,.0f} {unit}   ({min(values):,.0f} … {max(values):,.0f}, {len(values)} rounds)")


def ratio(measured: Mapping[str, list[float]], of: str, to: str, wanted: float) -> None:
    """Prints the median over rounds of one rival's figure over another's, beside what is wanted."""
    found = median(one / other for one, other in zip(measured[of], measured[to], strict=True))
    print(f"  {of} / {to}: {found:.2f} (wanted ≥ {wanted:g}: {'met' if found >= wanted else 'missed'})")
