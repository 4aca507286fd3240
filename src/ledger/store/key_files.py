"""Files of keys: how they are called, and that nobody reads them but their owner."""

import os
import re
from pathlib import Path
from typing import Final

from ledger.errors import KeyFileExposed

_CAPITAL: Final = re.compile(r"[A-Z]")
_LONGEST: Final = 65_536


def spelled(name: str) -> str:
    """The name of a file: capital letters are written `=x`, because some file systems do not tell them from small ones."""
    return _CAPITAL.sub(lambda found: f"={found[0].lower()}", name)


def read_private(file: Path) -> bytes:
    """What the file holds. Raises `FileNotFoundError`, and `KeyFileExposed` where others may read it."""
    try:
        with file.open("rb") as opened:
            mode = os.fstat(opened.fileno()).st_mode
            if mode & 0o077:
                raise KeyFileExposed(str(file), f"{mode & 0o7777:04o}")
            return opened.read(_LONGEST)
    except NotADirectoryError:
        raise FileNotFoundError(str(file)) from None
