"""Files that are whole or not there, and on the disk when a function returns: what was promised on their account can be relied on."""

import os
import secrets
from pathlib import Path


def make_folder(folder: Path) -> None:
    """The folder is there, for its owner alone, with its name on the disk."""
    for one in (*reversed(folder.parents), folder):
        if not one.exists():
            one.mkdir(mode=0o700, exist_ok=True)
            force(one.parent)


def replace_file(file: Path, content: bytes) -> None:
    """The file holds this content, at every moment either all of it or all of what it held before."""
    unfinished = _written(file, content)
    try:
        unfinished.replace(file)
    except OSError:
        unfinished.unlink()
        raise
    force(file.parent)


def make_file(file: Path, content: bytes) -> bool:
    """True when the file did not exist and holds this content now; of several that try, one succeeds."""
    unfinished = _written(file, content)
    try:
        os.link(unfinished, file)
    except FileExistsError:
        return False
    finally:
        unfinished.unlink()
    force(file.parent)
    return True


def force(folder: Path) -> None:
    """Returns when the names in the folder are on the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _written(file: Path, content: bytes) -> Path:
    """A file of another name beside it, readable by its owner alone, whose content is on the disk."""
    unfinished = file.with_name(f".{secrets.token_hex(8)}")
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as opened:
        opened.write(content)
        opened.flush()
        os.fsync(opened.fileno())
    return unfinished
