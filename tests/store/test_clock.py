"""The guard over the clock: what counts as a jump, and what it takes to go on."""

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from ledger.errors import ClockUnconfirmed
from ledger.store.clock import GuardedClock, Readings, SystemEntropy, instant

SECOND = 1_000_000_000
START = 1_772_000_000 * SECOND


@dataclass
class Machine:
    """A machine whose clocks go where a test sends them."""

    wall: int = START
    boot: int = 500 * SECOND
    name: str = "first boot"

    def passes(self, seconds: float) -> None:
        self.wall += int(seconds * SECOND)
        self.boot += int(seconds * SECOND)

    def is_set(self, seconds: float) -> None:
        self.wall += int(seconds * SECOND)

    def readings(self) -> Readings:
        return Readings(lambda: self.wall, lambda: self.boot, lambda: self.name)


@pytest.fixture
def machine() -> Machine:
    return Machine()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "clock" / "state.json"


def test_a_time_is_utc_with_milliseconds_rounded_down() -> None:
    assert instant(1_772_359_200_123_999_999) == "2026-03-01T10:00:00.123Z"


def test_times_follow_the_machine(machine: Machine, file: Path) -> None:
    clock = GuardedClock(file, machine.readings())
    first = clock.now()
    machine.passes(90_000)
    assert first == instant(START)
    assert clock.now() == instant(START + 90_000 * SECOND)


def test_a_small_step_back_gives_the_last_time_again(machine: Machine, file: Path) -> None:
    clock = GuardedClock(file, machine.readings())
    machine.passes(10)
    before = clock.now()
    machine.is_set(-0.5)
    assert clock.now() == before


@pytest.mark.parametrize(("seconds", "direction"), [(-2, "backwards"), (61, "forwards"), (86_400, "forwards"), (-86_400, "backwards")])
def test_a_jump_stops_the_time_until_it_is_confirmed(machine: Machine, file: Path, seconds: int, direction: str) -> None:
    clock = GuardedClock(file, machine.readings())
    clock.now()
    machine.is_set(seconds)
    with pytest.raises(ClockUnconfirmed) as refused:
        clock.now()
    assert (refused.value.direction, refused.value.seconds) == (direction, abs(seconds))
    machine.passes(5)
    with pytest.raises(ClockUnconfirmed):
        clock.now()
    clock.confirm()
    assert clock.now() == instant(machine.wall)


def test_setting_the_clock_forward_in_small_steps_is_one_jump(machine: Machine, file: Path) -> None:
    clock = GuardedClock(file, machine.readings())
    machine.is_set(40)
    clock.now()
    machine.passes(1000)
    machine.is_set(40)
    with pytest.raises(ClockUnconfirmed):
        clock.now()


def test_a_jump_back_is_seen_although_no_time_was_given_for_long(machine: Machine, file: Path) -> None:
    clock = GuardedClock(file, machine.readings())
    clock.now()
    machine.passes(10_000)
    machine.is_set(-600)
    with pytest.raises(ClockUnconfirmed):
        clock.now()


def test_a_restart_does_not_make_a_jump_unseen(machine: Machine, file: Path) -> None:
    clock = GuardedClock(file, machine.readings())
    machine.is_set(3600)
    with pytest.raises(ClockUnconfirmed):
        clock.now()
    machine.name = "second boot"
    machine.boot = 0
    again = GuardedClock(file, machine.readings())
    with pytest.raises(ClockUnconfirmed):
        again.now()
    again.confirm()
    assert again.now() == instant(machine.wall)


def test_a_jump_while_the_service_was_down_is_seen_at_its_start(machine: Machine, file: Path) -> None:
    GuardedClock(file, machine.readings()).now()
    machine.passes(60)
    machine.is_set(7200)
    with pytest.raises(ClockUnconfirmed):
        GuardedClock(file, machine.readings()).now()


def test_after_a_new_start_of_the_machine_time_must_only_have_gone_on(machine: Machine, file: Path) -> None:
    GuardedClock(file, machine.readings()).now()
    machine.name, machine.boot, machine.wall = "second boot", SECOND, START + 900_000 * SECOND
    assert GuardedClock(file, machine.readings()).now() == instant(machine.wall)
    machine.name, machine.wall = "third boot", START - 900 * SECOND
    with pytest.raises(ClockUnconfirmed):
        GuardedClock(file, machine.readings()).now()


def test_a_confirmation_reaches_the_other_processes(machine: Machine, file: Path) -> None:
    service, other, operator = (GuardedClock(file, machine.readings()) for _ in range(3))
    machine.is_set(3600)
    for clock in (service, other):
        with pytest.raises(ClockUnconfirmed):
            clock.now()
    operator.confirm()
    assert service.now() == other.now() == instant(machine.wall)
    machine.passes(100)
    assert service.now() == instant(machine.wall)


def test_a_process_that_saw_no_jump_does_not_undo_a_confirmation(machine: Machine, file: Path) -> None:
    idle, operator = GuardedClock(file, machine.readings()), GuardedClock(file, machine.readings())
    machine.is_set(-600)
    operator.confirm()
    machine.passes(100)
    assert idle.now() == instant(machine.wall)
    assert GuardedClock(file, machine.readings()).now() == instant(machine.wall)


def test_the_real_clocks_of_this_machine_agree(file: Path) -> None:
    clock = GuardedClock(file)
    first = clock.now()
    assert clock.now() >= first
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", first)


def test_entropy_gives_as_many_fresh_bytes_as_asked() -> None:
    assert len(SystemEntropy().bytes(48)) == 48
    assert SystemEntropy().bytes(16) != SystemEntropy().bytes(16)
