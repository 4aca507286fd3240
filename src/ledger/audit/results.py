"""What is published follows from the entries: every table and result is made again and compared, every computed result counted again."""

from dataclasses import dataclass
from typing import cast

from ledger.audit.beacon import check_lotteries
from ledger.audit.files import Manifest, check_descriptions, check_names, compare
from ledger.audit.findings import Findings
from ledger.canonical import JsonValue
from ledger.errors import FileDamaged
from ledger.package.layout import TABLES_OF, csv_of, fixed_names, parquet_of, possible_names
from ledger.package.manifest import Sealing
from ledger.package.parquet import arrow, differing_cell
from ledger.package.progress import Progress
from ledger.package.publication import files_of
from ledger.package.zip_reader import PackageReader
from ledger.projections.readings.outcomes import StepResult
from ledger.projections.readings.reading import Reading
from ledger.projections.readings.result_document import short_result
from ledger.rules.counting import compute

LARGEST_PACKED_PARQUET = 256 << 20


@dataclass(frozen=True, slots=True)
class Published:
    """What is compared: the package, what its checkpoint states, and what the entries say."""

    reader: PackageReader
    sealing: Sealing
    reading: Reading
    proven: tuple[int, ...] = ()
    """The entries of the ledger log that are in the package, by index."""
    unreplayable: frozenset[str] = frozenset()
    """Steps whose results rest on redacted entries."""


def check_results(published: Published, stated: Manifest, findings: Findings, progress: Progress) -> None:
    """Every file that follows from the entries is in the package as it follows, and nothing else is."""
    reader, reading = published.reader, published.reading
    check_computed(reading, findings, published.unreplayable)
    check_lotteries(reading, findings)
    derived: list[str] = []
    for name, expected in files_of(reading, published.sealing.root, stated.layout):
        progress(name, 0, 0)
        derived.append(name)
        compare(reader, name, expected, findings)
    stated.check_digests()
    _check_parquet(published, stated, findings, progress)
    size, layout = published.sealing.size, stated.layout
    parquet = [parquet_of(csv_of(table)) for table in TABLES_OF[layout]]
    # One that is missing among others was taken out: a server writes all of them or none.
    needed = [*fixed_names(size, layout), *(parquet if any(name in reader for name in parquet) else ())]
    check_names(reader, possible_names(size, derived, layout, published.proven), needed, findings)
    check_descriptions(reader, published.sealing, reading, stated, findings)


def check_computed(reading: Reading, findings: Findings, unreplayable: frozenset[str] = frozenset()) -> None:
    """Every `result.computed` states what counting the ballots gives, but for steps of which not all is known any more."""
    for result in reading.results.values():
        if result.step.ref in unreplayable:
            continue
        for said in cast("list[dict[str, JsonValue]]", cast("dict[str, JsonValue]", result.step.row)["computed"]):
            place = f"entry {said['seq']}, result of step {result.step.ref}"
            if not isinstance(result, StepResult):
                findings.fault("results", "result-too-early", place, "no result before the ballots can be counted", str(said["digest"]))
                continue
            outcome = result.count.outcome
            winners = None if outcome.winners is None else list(outcome.winners)
            if said["winners"] != winners:
                findings.fault("results", "result-winners", place, f"winners {winners}", f"winners {said['winners']}")
            if said["digest"] != result.count.digest:
                findings.fault("results", "result-digest", place, f"digest {result.count.digest}", f"digest {said['digest']}")


def check_every_run(reading: Reading) -> None:
    """Raises `EnginesDisagree` unless the slow reference repeats every run of every count."""
    for result in reading.counted():
        count = result.count
        compute(result.step.rules, count.counted.profile, withdrawn=count.withdrawn, exact=True, every_run=True)


def certified_steps(reading: Reading) -> dict[str, tuple[str, ...]]:
    """Step whose result was certified → the witnesses that the log says stood by it, none where it names none."""
    certified: dict[str, tuple[str, ...]] = {}
    for ref, result in reading.results.items():
        for said in cast("list[dict[str, JsonValue]]", cast("dict[str, JsonValue]", result.step.row)["certified"]):
            witnessed = cast("dict[str, JsonValue]", said.get("witnessed") or {})
            certified[ref] = tuple(cast("list[str]", witnessed.get("witnesses", [])))
    return certified


def summaries(reading: Reading) -> list[JsonValue]:
    """What was counted, in short, by step."""
    return [short_result(result) for result in reading.counted()]


def _check_parquet(published: Published, stated: Manifest, findings: Findings, progress: Progress) -> None:
    """Each Parquet file holds the rows of its table. One that does not hash to what is stated is a finding already, and is not opened."""
    tables = [table for table in TABLES_OF[stated.layout] if stated.holds(parquet_of(csv_of(table)))]
    if not tables:
        return
    library = arrow()
    if library is None:
        why = "the `parquet` extra is not installed; the same values as CSV were checked"
        findings.left_out("results", "parquet", f"the values in {len(tables)} Parquet files", why)
        return
    for table in tables:
        name = parquet_of(csv_of(table))
        progress(name, 0, 0)
        try:
            with published.reader.seekable(name, LARGEST_PACKED_PARQUET) as file:
                difference = differing_cell(table, published.reading, file, name, library)
        except FileDamaged as error:
            findings.fault("reading", error.code, error.place, "a file that can be read back", error.why)
            continue
        if difference is not None:
            place, expected, found = difference
            findings.fault("results", "parquet-differs", f"{name}, {place}", expected, found)
