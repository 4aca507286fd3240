"""How the embedded PostgreSQL is set up for the machine it is made on. Written once, into a file that an operator may edit."""

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

MIB = 1024 * 1024
_MEMORY_LIMITS = (Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"))


def fitting_settings(folder: Path) -> dict[str, str]:
    """Settings that suit the memory of this machine (or container) and the disk of the folder."""
    buffers = min(1024, max(128, _memory() // 8 // MIB))
    wal = min(4096, max(256, shutil.disk_usage(folder).free // 10 // MIB))
    return {
        # Appends are random in the index of streams: it has to stay in memory for as long as it can.
        "shared_buffers": f"{buffers}MB",
        # Each page is written whole into the WAL once per checkpoint, so checkpoints are few.
        "max_wal_size": f"{wal}MB",
        "min_wal_size": f"{min(512, wal // 2)}MB",
        "checkpoint_timeout": "15min",
        # Compressing those pages, of random names, takes far longer than writing them: appends fell to a fifth after each checkpoint.
        "wal_compression": "off",
        "wal_buffers": "16MB",
        # Acknowledged is durable.
        "fsync": "on",
        "full_page_writes": "on",
        "synchronous_commit": "on",
        "listen_addresses": "''",
        # Queries are short: compiling or sharing them out costs more than it gives, and plans stay the same from machine to machine.
        "jit": "off",
        "max_parallel_workers_per_gather": "0",
        "random_page_cost": "1.1",
        # Neither a statement nor a key value may get into the log: they name people's pseudonyms.
        "log_min_error_statement": "panic",
        "log_error_verbosity": "terse",
        "log_checkpoints": "off",
    }


def settings_file(settings: Mapping[str, str]) -> str:
    """The text of a configuration file with these settings."""
    lines = (f"{name} = {value}\n" for name, value in settings.items())
    return "# Written when the database was made; edit it and restart to change a setting.\n" + "".join(lines)


def _memory() -> int:
    """Bytes of memory that this process may count on: the machine's, or the container's if less."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    for file in _MEMORY_LIMITS:
        if file.is_file() and (limit := file.read_text().strip()).isdigit():
            memory = min(memory, int(limit))
    return memory
