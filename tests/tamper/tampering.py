"""What somebody does to a package who wants other people to believe something else."""

import io
import json
import zipfile
from collections.abc import Callable, Mapping
from hashlib import sha256
from pathlib import Path

from ledger.audit import Report, Trust, verify
from ledger.audit.findings import Finding
from ledger.package.ledger_extract import signature_text
from ledger.tlog.note import sign_note
from ledger.tlog.vkey import Vkey
from tests.tlog.keys import KnownSigner

Change = Callable[[bytes], bytes] | bytes | None
"""What becomes of a file: a function of its content, other content, or nothing."""


def unpacked(package: bytes) -> dict[str, bytes]:
    """The files of a package, by name."""
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(files: Mapping[str, bytes]) -> bytes:
    """A zip of these files as any program would write it."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def changed(package: bytes, changes: Mapping[str, Change], *, restated: bool = True) -> bytes:
    """The package with these files changed; `restated`: and `datapackage.json` says so, as a careful forger sees to."""
    files = unpacked(package)
    for name, change in changes.items():
        if change is None:
            del files[name]
        else:
            files[name] = change if isinstance(change, bytes) else change(files[name])
    return packed(restate(files) if restated else files)


def restate(files: dict[str, bytes]) -> dict[str, bytes]:
    """The files with lengths and digests in `datapackage.json` as they now are, signed anew by whoever has the log's first key."""
    document = json.loads(files["datapackage.json"])
    names = [name for name in document["files"] if name in files] + [
        name for name in files if name not in document["files"] and name not in {"datapackage.json", "datapackage.sig"}
    ]
    document["files"] = {name: {"bytes": len(files[name]), "sha256": sha256(files[name]).hexdigest()} for name in names}
    for resource in document.get("resources", ()):
        if resource["path"] in files:
            resource["bytes"] = len(files[resource["path"]])
            resource["hash"] = f"sha256:{sha256(files[resource['path']]).hexdigest()}"
    content = (json.dumps(document, indent=2, ensure_ascii=False) + "\n").encode()
    if "datapackage.sig" not in files:
        return {**files, "datapackage.json": content}
    origin, size = document["ledger"]["origin"], document["ledger"]["size"]
    signature = sign_note(signature_text(origin, size, sha256(content).digest()), [KnownSigner(origin)])
    return {**files, "datapackage.json": content, "datapackage.sig": signature.encode()}


def judged(folder: Path, package: bytes, vkey: Vkey | None = None, older: bytes | None = None) -> Report:
    """The report on a package."""
    path = folder / "export.zip"
    path.write_bytes(package)
    earlier = None
    if older is not None:
        earlier = folder / "older.zip"
        earlier.write_bytes(older)
    return verify(path, trust=Trust(() if vkey is None else (vkey,)), older=earlier)


def faults(report: Report) -> dict[str, Finding]:
    """The first finding of each check that is a fault."""
    found: dict[str, Finding] = {}
    for finding in report.findings:
        if finding.severity == "fault":
            found.setdefault(finding.check, finding)
    return found


def line_changed(number: int, old: bytes, new: bytes) -> Callable[[bytes], bytes]:
    """A change of one line, counted from 1, in a file of lines."""

    def change(content: bytes) -> bytes:
        lines = content.split(b"\n")
        assert old in lines[number - 1], lines[number - 1]
        lines[number - 1] = lines[number - 1].replace(old, new, 1)
        return b"\n".join(lines)

    return change
