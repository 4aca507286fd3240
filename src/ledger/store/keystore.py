"""Keys in files outside the database, so that neither a dump nor a DBA can name people or sign the log.

    <folder>/project.<ref>/signing        the log's Ed25519 key with its name, written as `golang.org/x/mod/sumdb/note` writes it
                           author, report, step.<ref>      keys of pseudonyms
                           sealed.<step>, fingerprint      keys of sealed choices and of request fingerprints
                           epoch.<number>                  keys under which subjects' keys are wrapped

A key is written to a file of another name, forced to the disk, and only then linked to its own: a file in its place is whole, there is
never a second one, and whoever is given a key may rely on it, for its name has been forced to the disk too. Capital letters in names
are written `=x`, because some file systems do not tell them from small ones.
"""

import os
import re
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger.errors import InvalidField, KeyFileDamaged, KeyFileExposed, KeyMissing
from ledger.ids import REF_PATTERN
from ledger.store.signing import LogSigner

KEY_BYTES: Final = 32
_PROJECT: Final = re.compile(REF_PATTERN)
_KEY_NAME: Final = re.compile(r"(author|report|fingerprint|(step|sealed)\.[A-Za-z0-9._~-]{1,64}|epoch\.[0-9]{1,9})\Z")
_EPOCH: Final = re.compile(r"epoch\.([0-9]{1,9})\Z")
_CAPITAL: Final = re.compile(r"[A-Z]")


class FileKeyStore:
    """See `ports.KeyStore`. Nothing is remembered between calls: a key that was destroyed is gone at once."""

    def __init__(self, folder: Path, random: Callable[[int], bytes] = secrets.token_bytes) -> None:
        """The key store in `folder`, which is made when the first key is."""
        self._folder = folder.expanduser().absolute()
        self._random = random

    def signer(self, project: str) -> LogSigner:
        """See `KeyStore.signer`."""
        file = self._file(project, "signing")
        return self._read_signer(file, self._read(file, project, "signing"))

    def signers(self, project: str) -> tuple[LogSigner, ...]:
        """See `KeyStore.signers`."""
        return (self.signer(project),)

    def make_signer(self, project: str, origin: str) -> LogSigner:
        """See `KeyStore.make_signer`."""
        file = self._file(project, "signing")
        if not file.exists():
            self._put(file, LogSigner(origin, Ed25519PrivateKey.from_private_bytes(self._random(KEY_BYTES))).written())
        signer = self._read_signer(file, self._kept(file, project, "signing"))
        if signer.vkey.name != origin:
            raise KeyFileDamaged(str(file), f"the signing key of {origin}, but of {signer.vkey.name}")
        return signer

    def scope_key(self, project: str, scope: str) -> bytes:
        """See `KeyStore.scope_key`."""
        file = self._scope_file(project, scope)
        return self._checked(file, self._read(file, project, scope))

    def make_scope_key(self, project: str, scope: str) -> bytes:
        """See `KeyStore.make_scope_key`."""
        file = self._scope_file(project, scope)
        if not file.exists():
            self._put(file, self._random(KEY_BYTES))
        return self._checked(file, self._kept(file, project, scope))

    def destroy_scope_key(self, project: str, scope: str) -> None:
        """See `KeyStore.destroy_scope_key`. What the disk itself keeps of a deleted file is not in our hands: encrypt it."""
        file = self._scope_file(project, scope)
        try:
            file.unlink()
        except FileNotFoundError:
            raise KeyMissing(project, scope) from None
        _force(file.parent)

    def epochs(self, project: str) -> tuple[int, ...]:
        """See `KeyStore.epochs`."""
        folder = self._file(project, "signing").parent
        found = (_EPOCH.match(file.name) for file in (folder.iterdir() if folder.is_dir() else ()))
        return tuple(sorted(int(match[1]) for match in found if match))

    def _scope_file(self, project: str, scope: str) -> Path:
        if not _KEY_NAME.match(scope):
            raise InvalidField("key", f"{scope!r} is not the name of a key")
        return self._file(project, scope)

    def _file(self, project: str, name: str) -> Path:
        if not _PROJECT.match(project) or "\n" in project:
            raise InvalidField("project", f"{project!r} is not a reference")
        return self._folder / _spelled(f"project.{project}") / _spelled(name)

    def _read(self, file: Path, project: str, name: str) -> bytes:
        try:
            with file.open("rb") as opened:
                mode = os.fstat(opened.fileno()).st_mode
                if mode & 0o077:
                    raise KeyFileExposed(str(file), f"{mode & 0o7777:04o}")
                return opened.read(4096)
        except (FileNotFoundError, NotADirectoryError):
            raise KeyMissing(project, name) from None

    def _kept(self, file: Path, project: str, name: str) -> bytes:
        """What a file holds that somebody, perhaps another process just now, put in its place: its name is on the disk on return."""
        content = self._read(file, project, name)
        _force(file.parent)
        return content

    def _checked(self, file: Path, content: bytes) -> bytes:
        if len(content) != KEY_BYTES:
            raise KeyFileDamaged(str(file), f"the {KEY_BYTES} bytes of a key")
        return content

    def _read_signer(self, file: Path, content: bytes) -> LogSigner:
        signer = LogSigner.read(content)
        if signer is None:
            raise KeyFileDamaged(str(file), "an Ed25519 key with its name")
        return signer

    def _put(self, file: Path, content: bytes) -> None:
        """Makes the file unless there is one: of several that try, one succeeds, and the others find its file."""
        for folder in (*reversed(file.parent.parents), file.parent):
            if not folder.exists():
                folder.mkdir(mode=0o700, exist_ok=True)
                _force(folder.parent)
        unfinished = file.with_name(f".{secrets.token_hex(8)}")
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as opened:
                opened.write(content)
                opened.flush()
                os.fsync(opened.fileno())
            try:
                os.link(unfinished, file)
            except FileExistsError:
                # Somebody else was faster; theirs is the key.
                return
        finally:
            unfinished.unlink()


def _spelled(name: str) -> str:
    return _CAPITAL.sub(lambda found: f"={found[0].lower()}", name)


def _force(folder: Path) -> None:
    """Returns when the names in the folder are on the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
