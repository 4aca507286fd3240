"""Whom the embedded PostgreSQL runs as. It refuses to run as root; a ledger that is started by root gives it an account of its own."""

import logging
import os
import pwd
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile

from ledger.errors import EmbeddedFailed

ACCOUNT = "ledger-postgres"
_USERADD = ("--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent", "--shell", "/bin/false", ACCOUNT)
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Account:
    """The account that owns the database's files. `uid` is None where this is whoever runs the ledger."""

    uid: int | None = None
    gid: int | None = None

    def run(self, step: str, command: Sequence[str]) -> str:
        """What a PostgreSQL program printed, run as this account. Raises `EmbeddedFailed` with its last words when it fails.

        It sees no variables of the environment: a `PGDATA` or `PGPORT` meant for another server would mislead it.
        """
        # A file, not a pipe: the server that pg_ctl leaves behind would hold a pipe open for ever.
        with TemporaryFile("w+", encoding="utf-8", errors="replace") as output:
            groups: list[int] | None = None if self.uid is None else []
            try:
                ended = subprocess.run(  # noqa: S603 (a program of the installed wheel, without a shell)
                    command,
                    check=False,
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=output,
                    env={"LC_ALL": "C"},
                    cwd="/",
                    user=self.uid,
                    group=self.gid,
                    extra_groups=groups,
                )
            except OSError as error:
                raise EmbeddedFailed(step, f"{command[0]} cannot be run: {error.strerror}") from error
            output.seek(0)
            printed = output.read()
        if ended.returncode != 0:
            raise EmbeddedFailed(step, " ".join(printed.split())[-500:])
        return printed

    def give(self, folder: Path) -> None:
        """Makes the folder this account's, with the way to it open to be walked (not listed)."""
        if self.uid is not None and self.gid is not None:
            os.chown(folder, self.uid, self.gid)
            self.open_way(folder)

    def open_way(self, file: Path) -> None:
        """Lets this account walk through the folders above the file, where root had closed them to all others."""
        if self.uid is None:
            return
        for folder in file.parents:
            found = folder.stat()
            if not found.st_mode & 0o001 and found.st_uid != self.uid:
                _LOG.warning("%s: opened for others to pass through (not to list), because PostgreSQL does not run as root", folder)
                folder.chmod(found.st_mode & 0o7777 | 0o001)


def account_for(folder: Path) -> Account:
    """The account that the database in this folder belongs to, or will belong to. Root makes one when there is none."""
    if os.geteuid() != 0:
        return Account()
    if folder.exists() and (found := folder.stat()).st_uid != 0:
        return Account(found.st_uid, found.st_gid)
    try:
        entry = pwd.getpwnam(ACCOUNT)
    except KeyError:
        Account().run(
            f"given the account {ACCOUNT}", (shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin") or "useradd", *_USERADD)
        )
        entry = pwd.getpwnam(ACCOUNT)
    return Account(entry.pw_uid, entry.pw_gid)
