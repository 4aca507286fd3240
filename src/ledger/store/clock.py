"""The ledger's time, and the guard over it: after a jump of the machine's clock nothing is dated until an operator confirms the time.

Two readings are compared. The wall clock can be set by anybody with the right to; the boot clock only counts on (through sleep too, and
NTP slows or hastens both alike), so their difference changes when, and only when, the wall clock is set.

- Backwards: the wall clock lost more than a second on the boot clock, or reads more than a second less than a time given before.
- Forwards: since the machine started, or the time was last confirmed, the wall clock gained more than a minute on the boot clock.

What is kept in a file (outside PostgreSQL, so that restoring a dump does not reset it): the latest time given, the difference that holds
for this boot of the machine, whether a jump awaits confirmation, and how often the time was confirmed, by which processes that share the
file hear of it. A crash loses at most the seconds since the file was written last; the database still keeps times from decreasing.
"""

import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock, local
from typing import NamedTuple

import orjson

from ledger.errors import ClockUnconfirmed

_SECOND = 1_000_000_000
BACKWARDS_ALLOWED = _SECOND
"""Nanoseconds. What lies below is what NTP does at a start; the last time is given again until the clock has caught up."""
FORWARDS_ALLOWED = 60 * _SECOND
_REMEMBER_EVERY = 30 * _SECOND
_BLOCK = 4096
_EMPTY = memoryview(b"")


def _boot_clock() -> int:
    """Nanoseconds since some moment before the start of the machine, counted through sleep where the system has such a clock."""
    which: int | None = getattr(time, "CLOCK_BOOTTIME", getattr(time, "CLOCK_MONOTONIC", None))
    return time.monotonic_ns() if which is None else time.clock_gettime_ns(which)


def _boot_name() -> str:
    """What tells one boot of the machine from another. Where the system has no name for it, a boot is the process."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:
        return f"process {os.getpid()} of {time.time_ns() - time.monotonic_ns()}"


@dataclass(frozen=True, slots=True)
class Readings:
    """Where the two clocks, and the name of the machine's boot, are read. Tests bring their own."""

    wall: Callable[[], int] = time.time_ns
    boot: Callable[[], int] = _boot_clock
    boot_name: Callable[[], str] = _boot_name


class _Known(NamedTuple):
    """What the file says."""

    boot: str
    difference: int
    latest: int
    jumped: int
    """Nanoseconds of a jump that awaits confirmation, negative when backwards; 0 when none does."""
    confirmed: int
    """How often the time was confirmed."""


class SystemEntropy:
    """Randomness from the operating system. See `ledger.ports.Entropy`.

    Drawn for a thread in blocks of 4 KiB, each byte handed out once: asking the system lets other threads run, and getting the interpreter
    back takes a thousand times as long as the question, which salts and nonces ask for every ballot.
    """

    def __init__(self) -> None:
        self._forget()
        # A child process must not hand out what its parent does.
        if sys.platform != "win32":
            os.register_at_fork(after_in_child=self._forget)

    def bytes(self, count: int) -> bytes:
        """See `Entropy.bytes`."""
        block: memoryview = getattr(self._mine, "block", _EMPTY)
        if len(block) < count:
            block = memoryview(os.urandom(max(_BLOCK, count)))
        self._mine.block = block[count:]
        return block[:count].tobytes()

    def _forget(self) -> None:
        self._mine = local()


class GuardedClock:
    """The machine's clock under guard. See `ledger.ports.Clock`. Several processes may share one file, and threads one clock."""

    def __init__(self, file: Path, readings: Readings = Readings()) -> None:
        self._file = file
        self._readings = readings
        self._boot = readings.boot_name()
        self._lock = Lock()
        self._remembered = 0
        self._known = self._start()
        self._write(self._known)

    def now(self) -> str:
        """See `Clock.now`. Never less than a time given before by this object; milliseconds, rounded down."""
        with self._lock:
            wall = self._readings.wall()
            if self._jump(wall):
                self._hear_of_confirmation()
            jumped = self._jump(wall)
            if jumped:
                if not self._known.jumped:
                    # Durable before anyone hears of it: a restart must not make the jump unseen.
                    self._write(self._known._replace(jumped=jumped))
                raise ClockUnconfirmed("backwards" if jumped < 0 else "forwards", abs(jumped) // _SECOND)
            self._known = self._known._replace(latest=max(wall, self._known.latest))
            if wall - self._remembered > _REMEMBER_EVERY:
                self._hear_of_confirmation()
                self._write(self._known)
            return instant(self._known.latest)

    def confirm(self) -> None:
        """The time that the machine shows now is right, an operator says; it may be less than times given before."""
        with self._lock:
            self._hear_of_confirmation()
            wall = self._readings.wall()
            self._write(_Known(self._boot, wall - self._readings.boot(), wall, 0, self._known.confirmed + 1))

    def _start(self) -> _Known:
        wall = self._readings.wall()
        kept = self._read()
        if kept is None:
            return _Known(self._boot, wall - self._readings.boot(), wall, 0, 0)
        if kept.boot == self._boot:
            return kept
        # The machine was started anew: that time went on is all that can be known. A jump still awaits its confirmation.
        return kept._replace(boot=self._boot, difference=wall - self._readings.boot())

    def _jump(self, wall: int) -> int:
        """By how many nanoseconds the wall clock jumped, negative when backwards; 0 when it did not."""
        known = self._known
        if known.jumped:
            return known.jumped
        gained = wall - self._readings.boot() - known.difference
        if gained > FORWARDS_ALLOWED or gained < -BACKWARDS_ALLOWED:
            return gained
        return wall - known.latest if wall < known.latest - BACKWARDS_ALLOWED else 0

    def _hear_of_confirmation(self) -> None:
        """Takes what the file says where another process has confirmed the time since."""
        kept = self._read()
        if kept is not None and kept.confirmed > self._known.confirmed:
            self._known = kept if kept.boot == self._boot else self._start()

    def _read(self) -> _Known | None:
        try:
            kept = orjson.loads(self._file.read_bytes())
        except FileNotFoundError:
            return None
        return _Known(kept["boot"], kept["difference"], kept["latest"], kept["jumped"], kept["confirmed"])

    def _write(self, known: _Known) -> None:
        """The file says `known`: written beside it, synced, and put in its place, so that a crash leaves the old or the new."""
        self._known = known
        self._remembered = known.latest
        self._file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        beside = self._file.with_name(f"{self._file.name}.{os.getpid()}")
        with beside.open("wb") as file:
            file.write(orjson.dumps(known._asdict()))
            file.flush()
            os.fsync(file.fileno())
        beside.replace(self._file)


def instant(nanoseconds: int) -> str:
    """A time since 1970 as an `Instant`, rounded down to the millisecond."""
    seconds, rest = divmod(nanoseconds, _SECOND)
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%S}.{rest // 1_000_000:03d}Z"
