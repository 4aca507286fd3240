"""Keys in files outside the database, so that neither a dump nor a DBA can name people or sign the log.

    <folder>/project.<ref>/signing        a log's Ed25519 key with its name, written as `golang.org/x/mod/sumdb/note` writes it
                           signing.2 …    further ones, the greater number the newer; all that are there sign
                           signed         the rollback guard: the checkpoint that was signed last (`store.guard`)
                           closed         the log has ended: at what size, why, and which keys had signed it
                           author, report, step.<ref>      keys of pseudonyms
                           sealed.<step>, fingerprint      keys of sealed choices and of request fingerprints
                           epoch.<number>                  keys under which subjects' keys are wrapped

A key is written to a file of another name, forced to the disk, and only then linked to its own: a file in its place is whole, there is
never a second one, and whoever is given a key may rely on it, for its name has been forced to the disk too.
"""

import re
import secrets
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

import orjson
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger.canonical import canonical
from ledger.durable import destroy, force, put
from ledger.errors import InvalidField, KeyFileDamaged, KeyMissing, LogClosed, MalformedVkey
from ledger.ids import REF_PATTERN
from ledger.ports import Closing
from ledger.store.guard import keep_note, kept_note
from ledger.store.key_files import read_private, spelled
from ledger.store.signing import LogSigner
from ledger.tlog.vkey import Vkey, parse_vkey

KEY_BYTES: Final = 32
_SIGNING: Final = "signing"
_CLOSED: Final = "closed"
_PROJECT: Final = re.compile(REF_PATTERN)
_KEY_NAME: Final = re.compile(r"(author|report|fingerprint|(step|sealed)\.[A-Za-z0-9._~-]{1,64}|epoch\.[0-9]{1,9})\Z")
_EPOCH: Final = re.compile(r"epoch\.([0-9]{1,9})\Z")
_FURTHER: Final = re.compile(r"signing\.([1-9][0-9]{0,8})\Z")


class FileKeyStore:
    """See `ports.KeyStore`. Nothing is remembered between calls: a key that was destroyed is gone at once."""

    def __init__(self, folder: Path, random: Callable[[int], bytes] = secrets.token_bytes) -> None:
        """The key store in `folder`, which is made when the first key is."""
        self._folder = folder.expanduser().absolute()
        self._random = random

    def signer(self, project: str) -> LogSigner:
        """See `KeyStore.signer`."""
        signers = self.signers(project)
        if not signers:
            raise KeyMissing(project, _SIGNING)
        return signers[0]

    def signers(self, project: str) -> tuple[LogSigner, ...]:
        """See `KeyStore.signers`."""
        signers: list[LogSigner] = []
        for _, file in self._signing_files(project):
            with suppress(FileNotFoundError):  # retired since the folder was listed
                signers.append(_read_signer(file, read_private(file)))
        if not signers and self.closing(project) is None:
            raise KeyMissing(project, _SIGNING)
        return tuple(signers)

    def vkeys(self, project: str) -> tuple[Vkey, ...]:
        """See `KeyStore.vkeys`."""
        signers = self.signers(project)
        closing = None if signers else self.closing(project)
        if closing is None:
            return tuple(signer.vkey for signer in signers)
        return tuple(parse_vkey(vkey) for vkey in closing.vkeys)

    def make_signer(self, project: str, origin: str) -> LogSigner:
        """See `KeyStore.make_signer`."""
        if (closing := self.closing(project)) is not None:
            raise LogClosed(project, closing.code, closing.successor or "none")
        if not self._signing_files(project):
            put(self._file(project, _SIGNING), self._made(origin).written())
        _, file = self._signing_files(project)[0]
        signer = _read_signer(file, self._kept(file, project, _SIGNING))
        if signer.vkey.name != origin:
            raise KeyFileDamaged(str(file), f"the signing key of {origin}, but of {signer.vkey.name}")
        return signer

    def add_signer(self, project: str) -> LogSigner:
        """See `KeyStore.add_signer`."""
        made = self._made(self.signer(project).vkey.name)
        number = self._signing_files(project)[0][0] + 1
        while not put(self._file(project, f"{_SIGNING}.{number}"), made.written()):
            number += 1  # somebody else adds one at this moment
        return made

    def retire_signer(self, project: str, vkey: Vkey) -> None:
        """See `KeyStore.retire_signer`."""
        for _, file in self._signing_files(project):
            with suppress(FileNotFoundError):
                if _read_signer(file, read_private(file)).vkey == vkey:
                    destroy(file)
                    return
        raise KeyMissing(project, f"{_SIGNING} {vkey.key_id.hex()}")

    def signed(self, project: str) -> bytes | None:
        """See `KeyStore.signed`."""
        return kept_note(self._file(project, "signed"))

    def keep_signed(self, project: str, note: bytes) -> None:
        """See `KeyStore.keep_signed`."""
        keep_note(self._file(project, "signed"), note)

    def closing(self, project: str) -> Closing | None:
        """See `KeyStore.closing`."""
        file = self._file(project, _CLOSED)
        try:
            return _read_closing(file, read_private(file))
        except FileNotFoundError:
            return None

    def close_log(self, project: str, closing: Closing) -> None:
        """See `KeyStore.close_log`."""
        put(self._file(project, _CLOSED), canonical(closing.written()))

    def scope_key(self, project: str, scope: str) -> bytes:
        """See `KeyStore.scope_key`."""
        file = self._scope_file(project, scope)
        return _checked(file, self._read(file, project, scope))

    def make_scope_key(self, project: str, scope: str) -> bytes:
        """See `KeyStore.make_scope_key`."""
        file = self._scope_file(project, scope)
        if not file.exists():
            put(file, self._random(KEY_BYTES))
        return _checked(file, self._kept(file, project, scope))

    def destroy_scope_key(self, project: str, scope: str) -> None:
        """See `KeyStore.destroy_scope_key`."""
        try:
            destroy(self._scope_file(project, scope))
        except FileNotFoundError:
            raise KeyMissing(project, scope) from None

    def epochs(self, project: str) -> tuple[int, ...]:
        """See `KeyStore.epochs`."""
        return tuple(sorted(int(match[1]) for match in map(_EPOCH.match, self._names(project)) if match))

    def _made(self, origin: str) -> LogSigner:
        return LogSigner(origin, Ed25519PrivateKey.from_private_bytes(self._random(KEY_BYTES)))

    def _signing_files(self, project: str) -> list[tuple[int, Path]]:
        """Number and file of each key that signs, the newest first; none where there is none."""
        names = self._names(project)
        numbers = [int(match[1]) for match in map(_FURTHER.match, names) if match]
        found = [(number, self._file(project, f"{_SIGNING}.{number}")) for number in sorted(numbers, reverse=True)]
        return [*found, (1, self._file(project, _SIGNING))] if _SIGNING in names else found

    def _names(self, project: str) -> set[str]:
        folder = self._file(project, _SIGNING).parent
        try:
            return {file.name for file in folder.iterdir()}
        except (FileNotFoundError, NotADirectoryError):
            return set()

    def _scope_file(self, project: str, scope: str) -> Path:
        if not _KEY_NAME.match(scope):
            raise InvalidField("key", f"{scope!r} is not the name of a key")
        return self._file(project, scope)

    def _file(self, project: str, name: str) -> Path:
        if not _PROJECT.match(project) or "\n" in project:
            raise InvalidField("project", f"{project!r} is not a reference")
        return self._folder / spelled(f"project.{project}") / spelled(name)

    def _read(self, file: Path, project: str, name: str) -> bytes:
        try:
            return read_private(file)
        except FileNotFoundError:
            raise KeyMissing(project, name) from None

    def _kept(self, file: Path, project: str, name: str) -> bytes:
        """What a file holds that somebody, perhaps another process just now, put in its place: its name is on the disk on return."""
        content = self._read(file, project, name)
        force(file.parent)
        return content


def _checked(file: Path, content: bytes) -> bytes:
    if len(content) != KEY_BYTES:
        raise KeyFileDamaged(str(file), f"the {KEY_BYTES} bytes of a key")
    return content


def _read_signer(file: Path, content: bytes) -> LogSigner:
    signer = LogSigner.read(content)
    if signer is None:
        raise KeyFileDamaged(str(file), "an Ed25519 key with its name")
    return signer


def _read_closing(file: Path, content: bytes) -> Closing:
    try:
        closing = Closing.read(orjson.loads(content))
        for vkey in closing.vkeys:
            parse_vkey(vkey)
    except (ValueError, KeyError, TypeError, MalformedVkey):
        raise KeyFileDamaged(str(file), "the closing of a log") from None
    return closing
