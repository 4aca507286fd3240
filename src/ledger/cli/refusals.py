"""How a verb says no: an error of the tree in one sentence on stderr, and an exit code; never a traceback."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console

from ledger.errors import LedgerError, Malformed

FAILED = 1
USAGE = 2


@contextmanager
def told() -> Iterator[None]:
    """Ends the process with 2 where what was typed is malformed, with 1 where an error of the tree says that it cannot be done."""
    try:
        yield
    except LedgerError as error:
        Console(stderr=True, highlight=False, soft_wrap=True).print(f"{error} [{error.code}]", markup=False)
        sys.exit(USAGE if isinstance(error, Malformed) else FAILED)
