"""What an operator can set. The only place where the environment is read; every field is documented in the README."""

import os
from pathlib import Path
from typing import Annotated

from pydantic import Field, StringConstraints
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Settings of one process, from variables named `LEDGER_…`."""

    model_config = SettingsConfigDict(env_prefix="LEDGER_", frozen=True, extra="ignore")

    data_dir: Path = Path(".ledger")
    """Folder of the embedded database and of the keys."""

    keys_dir: Path | None = None
    """Folder of the keys, where it is not `keys` in the data folder. Keep its backups apart from the database's."""

    database_url: str | None = None
    """Connection string of a PostgreSQL 15 or later; without it the embedded one in the data folder is used."""

    origin: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9.:_-]{1,200}$")] = "127.0.0.1:8000"
    """Host (and port) under which the ledger is reached. A project's log is named `<origin>/p/<project>`, for ever."""

    docs_url: str = "https://participation-ledger.example/docs"
    """Prefix of the pages that problem documents link to: `<docs_url>/problems/<code>.md`."""

    body_limit: Annotated[int, Field(gt=0)] = 16 * 1024 * 1024
    """Bytes of a request's body, at most."""

    requests_per_second: Annotated[int, Field(ge=0)] = 0
    """Posts that one API client may make per second to each serving process; 0 means no limit."""

    witness_policy: Path | None = None
    """A C2SP tlog-policy file: the witnesses that are asked to cosign the ledger log, and how many a certified result needs."""

    tsa_url: Annotated[str, StringConstraints(pattern=r"^https?://")] | None = None
    """A timestamp authority (RFC 3161) that is asked to date the ledger log, once an hour at most and when a step closes."""

    tsa_roots: Path | None = None
    """Certificates (PEM) that the authority's timestamps have to lead to; without them a timestamp is kept as it comes, unverified."""

    @property
    def keys(self) -> Path:
        """The folder of the keys."""
        return self.keys_dir if self.keys_dir is not None else self.data_dir / "keys"


def child_environment(**settings: str) -> dict[str, str]:
    """The environment for a process that this one starts: its own, with these settings of the ledger and no others."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LEDGER_")}
    return {**kept, **{f"LEDGER_{name.upper()}": value for name, value in settings.items()}}
