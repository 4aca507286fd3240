"""Files of keys: whole or absent, forced to the disk with their names, and read by their owner alone."""

import os
import re
import secrets
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


def put(file: Path, content: bytes) -> bool:
    """The file is there, and on the disk: made now, or by somebody who was faster, whose content stands then. True when it is ours."""
    unfinished = _written(file, content)
    try:
        os.link(unfinished, file)
    except FileExistsError:
        return False
    finally:
        unfinished.unlink()
        force(file.parent)
    return True


def replace(file: Path, content: bytes) -> None:
    """The file holds this and nothing else, on the disk. At no moment, not even after a crash, is there no file or half of one."""
    unfinished = _written(file, content)
    try:
        unfinished.replace(file)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
    force(file.parent)


def destroy(file: Path) -> None:
    """The file is gone, on the disk too. Raises `FileNotFoundError`. What the disk itself keeps of it is not in our hands: encrypt it."""
    file.unlink()
    force(file.parent)


def force(folder: Path) -> None:
    """Returns when the names in the folder are on the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _written(file: Path, content: bytes) -> Path:
    """A file of another name beside it that holds the content, on the disk; the folders on the way are made."""
    for folder in (*reversed(file.parent.parents), file.parent):
        if not folder.exists():
            folder.mkdir(mode=0o700, exist_ok=True)
            force(folder.parent)
    unfinished = file.with_name(f".{secrets.token_hex(8)}")
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as opened:
        opened.write(content)
        opened.flush()
        os.fsync(opened.fileno())
    return unfinished
