"""The files of a package: which there may be, and whether each hashes to what `datapackage.json` states of it."""

from collections.abc import Iterable

from ledger import VERSION
from ledger.audit.comparison import first_difference
from ledger.audit.findings import Findings, Stage
from ledger.canonical import JsonValue, parse
from ledger.errors import DuplicateKey, FileDamaged, NotCanonical, NotJson
from ledger.package.layout import (
    FORMAT,
    FORMAT_1,
    FORMAT_2,
    LEDGER_CHECKPOINT,
    MANIFEST,
    MANIFEST_SIGNATURE,
    READMES,
    TABLES_OF,
    VERIFIER,
    WITHOUT_LEDGER_LOG,
    csv_of,
    parquet_of,
)
from ledger.package.manifest import Sealing, known_tables, manifest, stated_files, stated_format, stated_version
from ledger.package.readme import readme
from ledger.package.verifier_page import verifier_page
from ledger.package.zip_reader import PackageReader
from ledger.package.zip_writer import WrittenFile
from ledger.projections.readings.reading import Reading

LARGEST_MANIFEST = 64 << 20


class Manifest:
    """What `datapackage.json` states. Read before anything is compared, judged when every file was read."""

    def __init__(self, reader: PackageReader, findings: Findings) -> None:
        self._reader = reader
        self._findings = findings
        self.document: JsonValue = None
        self.stated: dict[str, tuple[int, str]] = {}
        try:
            self.document = parse(reader.whole(MANIFEST, LARGEST_MANIFEST))
        except FileDamaged as error:
            findings.fault("reading", error.code, MANIFEST, "a file that can be read back", error.why)
        except (NotJson, NotCanonical, DuplicateKey) as error:
            findings.fault("integrity", "manifest", MANIFEST, "JSON", str(error))
        else:
            stated = stated_files(self.document)
            if stated is None:
                findings.fault("integrity", "manifest", MANIFEST, "`files` with length and SHA-256 of each", "another form")
            self.stated = stated or {}
            self._check_format()

    @property
    def version(self) -> str | None:
        """The version of the ledger that wrote the package, as it says."""
        return stated_version(self.document)

    @property
    def layout(self) -> str:
        """The format that the package states; where it states none that is known, the one whose files it has."""
        stated = stated_format(self.document)
        if stated is not None and stated in TABLES_OF:
            return stated
        if LEDGER_CHECKPOINT in self._reader:
            return FORMAT
        return FORMAT_1 if all(csv_of(table) in self._reader for table in TABLES_OF[FORMAT_1]) else FORMAT_2

    def _check_format(self) -> None:
        stated = stated_format(self.document)
        if stated not in TABLES_OF:
            self._findings.fault("integrity", "package-format", MANIFEST, " or ".join(TABLES_OF), stated or "no format")

    def holds(self, name: str) -> bool:
        """True when the file was read and is as stated."""
        digest = self._reader.digests.get(name)
        return digest is not None and self.stated.get(name) == (self._reader.members[name].size, digest)

    def check_digests(self) -> None:
        """Every file but this one is stated, with the length and digest that it has; files not read before are read now."""
        for name in self._reader.members:
            if name == MANIFEST or (name == MANIFEST_SIGNATURE and self.layout not in WITHOUT_LEDGER_LOG):
                continue
            stated = self.stated.get(name)
            if stated is None:
                self._findings.fault("integrity", "file-unstated", name, f"its SHA-256 in {MANIFEST}", "nothing")
                continue
            digest = self._digest(name)
            found = (self._reader.members[name].size, digest)
            if digest is not None and found != stated:
                self._findings.fault("integrity", "file-digest", name, f"{stated[0]} bytes, SHA-256 {stated[1]}", f"{found[0]}, {digest}")
        for name in self.stated:
            if name not in self._reader:
                self._findings.fault("integrity", "file-missing", name, f"the file that {MANIFEST} states", "no such file")

    def _digest(self, name: str) -> str | None:
        if name in self._reader.damaged:
            return None  # told when it was first read
        if name not in self._reader.digests:
            try:
                for _ in self._reader.chunks(name):
                    pass
            except FileDamaged as error:
                self._findings.fault("reading", error.code, error.place, "a file that can be read back", error.why)
                return None
        return self._reader.digests[name]


def check_names(reader: PackageReader, possible: set[str], needed: Iterable[str], findings: Findings) -> None:
    """Every name is one that a package may have, and every file that belongs to it is there."""
    for name in reader.members:
        if name not in possible:
            findings.fault("integrity", "file-unknown", name, "only files that docs/formats/package.md names", "a file of this name")
    for name in needed:
        if name not in reader:
            findings.fault("integrity", "file-missing", name, "a file that every such package has", "no such file")


def check_descriptions(reader: PackageReader, sealing: Sealing, reading: Reading, stated: Manifest, findings: Findings) -> None:
    """The pages for people and the meaning of the columns read as this version writes them; another version may word them otherwise."""
    if stated.version != VERSION or stated.layout != FORMAT:
        why = f"the package says that version {stated.version} wrote it as {stated.layout}, and this is {VERSION}, which writes {FORMAT}"
        findings.left_out("results", "descriptions", f"the wording of README and datapackage.json, and what {VERIFIER} does", why)
        return
    compare(reader, VERIFIER, [verifier_page()], findings, "integrity")
    for language, name in READMES.items():
        compare(reader, name, [readme(language, sealing.origin, sealing.size, sealing.root)], findings, "integrity")
    if all(name in reader.digests for name in known_tables()):
        unstated = (MANIFEST, MANIFEST_SIGNATURE)
        # In the order in which they are stated: a package that was packed again may hold them in another. What is not stated comes last.
        names = (name for name in dict.fromkeys((*stated.stated, *reader.digests)) if name in reader.digests and name not in unstated)
        files = [WrittenFile(name, reader.members[name].size, reader.digests[name]) for name in names]
        parquet = any(parquet_of(name) in reader for name in known_tables())
        compare(reader, MANIFEST, [manifest(sealing, reading, files, parquet=parquet)], findings, "integrity")


def compare(reader: PackageReader, name: str, expected: Iterable[bytes], findings: Findings, stage: Stage = "results") -> None:
    """The file of the package reads as expected, or a finding names the first line that differs."""
    if name not in reader:
        findings.fault(stage, "file-missing", name, "a file that follows from the entries", "no such file")
        return
    try:
        difference = first_difference(expected, reader.chunks(name))
    except FileDamaged as error:
        findings.fault("reading", error.code, error.place, "a file that can be read back", error.why)
        return
    if difference is not None:
        absent = "no such line"
        findings.fault(stage, "file-differs", f"{name} line {difference.line}", difference.expected or absent, difference.found or absent)
