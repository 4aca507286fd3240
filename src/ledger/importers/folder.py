"""A format that is several files in one folder, and the bytes that stand for all of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

from ledger.errors import ForeignFileDamaged


@dataclass(frozen=True, slots=True)
class Folder:
    """The files of a folder that the format knows, by name."""

    name: str
    files: Mapping[str, bytes]

    def content(self, file: str) -> bytes:
        """The bytes of a file that has to be there; raises `ForeignFileDamaged` where it is not."""
        if file not in self.files:
            raise ForeignFileDamaged(f"{self.name}/{file}", "is not in the folder")
        return self.files[file]

    @property
    def listing(self) -> bytes:
        """What `sha256sum` prints for the files in the order of their names. Its own SHA-256 is the digest of the whole."""
        return "".join(f"{sha256(content).hexdigest()}  {file}\n" for file, content in sorted(self.files.items())).encode()
