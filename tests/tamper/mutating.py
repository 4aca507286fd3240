"""Packages in which one bit differs, made about as fast as they are judged. `EVERY_BIT=1` in the environment asks for all of them.

Without it a test takes a share of the bits: evenly spread over the file, all eight places in a byte by turns, and at least one in every
line. Which ones follows from the file alone, so every run takes the same.
"""

import io
import os
import struct
import zipfile
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Final
from zlib import crc32

from ledger.audit import Report, Trust, verify
from ledger.package.ledger_extract import signature_text
from ledger.package.zip_directory import read_directory
from ledger.tlog.checkpoint import Checkpoint, parse_checkpoint
from ledger.tlog.note import parse_note, sign_note
from tests.tlog.keys import KnownSigner

ALL: Final = os.environ.get("EVERY_BIT") == "1"
_LOCAL_CRC: Final = 14
"""Where a local header has the checksum."""
_CENTRAL: Final = struct.Struct("<4s12x4s8x3H8xL")
_CENTRAL_CRC: Final = 16
_CENTRAL_SIZE: Final = 46


def flipped(content: bytes, bit: int) -> bytes:
    """The content with this bit turned, counted from the lowest of the first byte."""
    turned = bytearray(content)
    turned[bit // 8] ^= 1 << bit % 8
    return bytes(turned)


def bits_of(content: bytes, most: int, *, lines: bool = True, always: bool = False) -> Iterator[int]:
    """About `most` of the bits, and with `lines` one in the middle of every line; each where `ALL` are asked for, unless `always`."""
    total = 8 * len(content)
    whole = (ALL and not always) or total <= most
    step = 1 if whole else total // most | 1  # odd: so that the place within the byte differs from one to the next
    chosen = set(range(0, total, step))
    if lines and step > 1:
        start = 0
        for number, line in enumerate(content.split(b"\n")):
            if line:
                chosen.add(8 * (start + len(line) // 2) + number % 8)
            start += len(line) + 1
    yield from sorted(chosen)


def line_of(content: bytes, bit: int) -> int:
    """The line, counted from 1, in which the bit is."""
    return content.count(b"\n", 0, bit // 8) + 1


def stored(files: Mapping[str, bytes]) -> bytes:
    """A zip of these files as they are: sooner made than one that is packed."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def signature_over(manifest: bytes, about: Checkpoint) -> bytes:
    """The `datapackage.sig` that whoever has the log's first key makes for this manifest."""
    return sign_note(signature_text(about.origin, about.size, sha256(manifest).digest()), [KnownSigner(about.origin)]).encode()


class StoredPackage:
    """A package whose files lie in the zip as they are, so that one of them can be exchanged for another of the same length at once."""

    def __init__(self, files: Mapping[str, bytes], folder: Path) -> None:
        self.files = dict(files)
        self.path = folder / "export.zip"
        self._zip = stored(files)
        self._starts = {member.name: member.start for member in read_directory(io.BytesIO(self._zip), "zip")}
        self._checksums = dict(_checksums(self._zip))
        self.about: Checkpoint = parse_checkpoint(parse_note(files["log/checkpoint"]).text)

    def judged(self, changes: Mapping[str, bytes], trust: Trust) -> Report:
        """The report on the package with these files instead, each as long as the one in its place; the zip is right in itself."""
        changed = bytearray(self._zip)
        for name, content in changes.items():
            assert len(content) == len(self.files[name]), name
            changed[self._starts[name] : self._starts[name] + len(content)] = content
            for place in self._checksums[name]:
                struct.pack_into("<L", changed, place, crc32(content))
        self.path.write_bytes(changed)
        return verify(self.path, trust=trust)

    def restated(self, name: str, content: bytes) -> dict[str, bytes]:
        """This file instead, and the manifest and its signature as the ledger itself would write them around it."""
        manifest = self.files["datapackage.json"]
        if name == "datapackage.sig":
            return {name: content}
        if name == "datapackage.json":
            manifest = content
        else:
            stated, now = (sha256(one).hexdigest().encode() for one in (self.files[name], content))
            same = list(self.files.values()).count(self.files[name])
            assert stated in manifest
            # Of files that are alike, as two empty ones, only this one's line; otherwise wherever it is stated.
            manifest = manifest.replace(stated, now) if same == 1 else _restated_line(manifest, name.encode(), stated, now)
        changes = {name: content, "datapackage.json": manifest}
        if "datapackage.sig" in self.files:
            changes["datapackage.sig"] = signature_over(manifest, self.about)
        return changes


def _restated_line(manifest: bytes, name: bytes, stated: bytes, now: bytes) -> bytes:
    at = manifest.index(stated, manifest.index(b'"%b":' % name, manifest.index(b'"files":')))
    return manifest[:at] + now + manifest[at + len(stated) :]


def _checksums(data: bytes) -> Iterator[tuple[str, tuple[int, int]]]:
    """Name → the two places in the zip that state the checksum of the file."""
    at = data.index(b"PK\x01\x02", struct.unpack_from("<L", data, data.rindex(b"PK\x05\x06") + 16)[0])
    while data[at : at + 4] == b"PK\x01\x02":
        _, _, name_length, extra, comment, header = _CENTRAL.unpack_from(data, at)
        name = data[at + _CENTRAL_SIZE : at + _CENTRAL_SIZE + name_length].decode("ascii")
        yield name, (header + _LOCAL_CRC, at + _CENTRAL_CRC)
        at += _CENTRAL_SIZE + name_length + extra + comment
