"""Formats of which several files are imported together."""

from collections.abc import Sequence
from pathlib import Path

from ledger.cli.importing.posting import content_of
from ledger.errors import ImportOptionInvalid
from ledger.importers.folder import Folder


def files_at(paths: Sequence[Path], title: str | None) -> Folder:
    """The files by name; the whole is called by the title, else by the first of the names.

    Raises `ForeignFileDamaged` where one cannot be read, `ImportOptionInvalid` where two have the same name.
    """
    named = {path.name: path for path in sorted(paths, key=lambda path: path.name)}
    if len(named) < len(paths):
        raise ImportOptionInvalid("FILE", "two files have the same name, and a report could not tell them apart")
    return Folder(title or next(iter(named)), {name: content_of(path) for name, path in named.items()})
