"""Formats that are folders: which of their files are there."""

from collections.abc import Sequence
from pathlib import Path

from ledger.cli.importing.posting import content_of
from ledger.errors import ForeignFileDamaged
from ledger.importers.folder import Folder


def folder_at(path: Path, names: Sequence[str]) -> Folder:
    """The files of these names that the folder has; raises `ForeignFileDamaged` where it is none, or one cannot be read."""
    if not path.is_dir():
        raise ForeignFileDamaged(str(path), "is no folder")
    return Folder(path.resolve().name, {name: content_of(path / name) for name in names if (path / name).exists()})
