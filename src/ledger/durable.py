"""Files that are whole or not there, and on the disk when a function returns: what was promised on their account can be relied on.

They are readable by their owner alone. A file is written under another name, forced to the disk, and only then linked or moved to its own.
"""

import os
import secrets
from pathlib import Path


def make_folder(folder: Path) -> None:
    """The folder is there, for its owner alone, with its name on the disk."""
    for one in (*reversed(folder.parents), folder):
        if not one.exists():
            one.mkdir(mode=0o700, exist_ok=True)
            force(one.parent)


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
    make_folder(file.parent)
    unfinished = file.with_name(f".{secrets.token_hex(8)}")
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as opened:
        opened.write(content)
        opened.flush()
        os.fsync(opened.fileno())
    return unfinished
