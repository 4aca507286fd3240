"""Sixty changes of a small package, one bit or one file each: the page and the command line come to the same verdict on every one."""

from base64 import b64encode
from pathlib import Path
from typing import Any, Final

from ledger.audit import Trust, verify
from tests.browser.browsing import Verifier
from tests.tamper.mutating import StoredPackage, bits_of, flipped
from tests.tamper.small_log import small_log, small_package
from tests.tamper.tampering import packed, restate, unpacked
from tests.tamper.test_every_bit_of_the_files import DERIVED
from tests.tamper.test_every_bit_of_the_zip import headers_of

_ALL: Final = """async ([vkey, zips]) => {
  const file = (text) => new Blob([Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))]);
  const found = [];
  for (const zip of zips) {
    const asked = { file: file(zip), name: "export.zip", vkeys: [vkey], ledgerVkeys: [], policy: null, older: null };
    const { verdict, findings } = await verifyPackage(FACTS, asked);
    found.push([verdict, findings.filter(({ severity }) => severity === "fault").map(({ place }) => place)]);
  }
  return found;
}"""


def changed(folder: Path) -> dict[str, bytes]:
    """What was changed → the package then."""
    data = small_package(small_log())
    files = unpacked(data)
    package = StoredPackage(files, folder)
    made: dict[str, bytes] = {}
    evidence = [name for name in files if not name.startswith(DERIVED) and name != "verify.html"]
    for name in evidence:
        for bit in list(bits_of(files[name], 3, lines=False, always=True))[1:3]:
            made[f"bit {bit} of {name}, stated anew"] = packed({**files, **package.restated(name, flipped(files[name], bit))})
    for name in ("verify.html", "results/v.json", "tables/ballots.csv", "README.en.txt"):
        made[f"bit 99 of {name}"] = packed({**files, name: flipped(files[name], 99)})
    headers = sorted(headers_of(data))
    for place in headers[:: len(headers) // 12]:
        made[f"bit of byte {place} of the zip"] = flipped(data, 8 * place + place % 8)
    for place in range(200, len(data), len(data) // 6):
        made[f"bit of the data at {place}"] = flipped(data, 8 * place + 3)
    for name in ("log/vkey", "ledger/entries.ndjson", "disclosures.jsonl", "datapackage.sig", "polis/i/votes.csv", "log/checkpoint"):
        made[f"{name} missing"] = packed({other: content for other, content in files.items() if other != name})
    earlier = unpacked(small_package(small_log(counted=False)))
    for name in ("log/checkpoint", "ledger/entries.ndjson", "events.ndjson", "log/vkey"):
        made[f"{name} of an earlier export"] = packed(restate({**files, name: earlier[name]}))
    made["cut short"] = data[: len(data) // 2]
    return made


def test_the_page_and_the_command_line_come_to_the_same_verdict_on_every_change(verifier: Verifier, tmp_path: Path) -> None:
    packages = changed(tmp_path)
    assert len(packages) >= 60
    vkey = small_log().signer.vkey
    sent = [b64encode(package).decode() for package in packages.values()]
    found: list[Any] = verifier.call(_ALL, [str(vkey), sent])
    path = tmp_path / "export.zip"
    verdicts = set()
    for (what, package), (verdict, places) in zip(packages.items(), found, strict=True):
        path.write_bytes(package)
        report = verify(path, trust=Trust(keys=(vkey,)))
        assert verdict == report.verdict, (what, places, report.findings)
        assert bool(places) == (verdict != "verified"), what
        assert all(places)
        verdicts.add(verdict)
    assert verdicts == {"verified", "failed", "unreadable"}
