"""The database's own files made anew, so that nothing is left in them of what was deleted.

PostgreSQL keeps the bytes of a row that was deleted until something else is written over them, in the pages of its table and in the
write-ahead log. What a redacted entry said in clear can be read there, as no key was ever needed for it. Tables are therefore written anew
(VACUUM FULL), and the segments of the write-ahead log from before are removed and not used again.

Meanwhile nobody reads or writes the tables, for some seconds for each million entries. Out of reach are dumps, archives of the write-ahead
log, standbys, snapshots of the disk, and blocks that a file system has not written over: whoever runs the database sees to those.
"""

from typing import Final

import psycopg
from psycopg.errors import InsufficientPrivilege

_TABLES: Final = ("events", "view_rows", "disclosures", "subject_keys", "pg_catalog.pg_statistic")
_WITHOUT_REUSE: Final = "ALTER SYSTEM SET wal_recycle = off"
_AS_BEFORE: Final = "ALTER SYSTEM RESET wal_recycle"
_RELOAD: Final = "SELECT pg_reload_conf()"


def scrub(conninfo: str) -> tuple[str, ...]:
    """Writes the tables and the write-ahead log anew; returns what could not be done for want of a privilege, in words.

    Waits for whoever is reading or writing, and they wait for it.
    """
    left: list[str] = []
    with psycopg.connect(conninfo, autocommit=True) as connection:
        for table in _TABLES:
            try:
                connection.execute(f"VACUUM (FULL) {table}".encode())
            except InsufficientPrivilege:
                left.append(f"the table {table} (its owner has to: VACUUM FULL {table})")
        try:
            connection.execute(_WITHOUT_REUSE)
            try:
                connection.execute(_RELOAD)
                # The first checkpoint begins in a segment in which nothing older stands; the second removes those before it.
                connection.execute("SELECT pg_switch_wal()")
                connection.execute("CHECKPOINT")
                connection.execute("CHECKPOINT")
            finally:
                connection.execute(_AS_BEFORE)
                connection.execute(_RELOAD)
        except InsufficientPrivilege:
            left.append("the write-ahead log (a superuser has to: wal_recycle off, pg_switch_wal(), CHECKPOINT twice)")
    return tuple(left)
