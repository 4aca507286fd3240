"""Every file of a package that follows from the entries and their disclosures: made by the service, rebuilt by the auditor."""

from collections.abc import Iterator

from ledger.package.cap_collectif_file import cap_collectif_files
from ledger.package.csv_table import csv_file
from ledger.package.decidim_file import decidim_files
from ledger.package.layout import FORMAT, FORMAT_1, TABLES_OF, csv_of
from ledger.package.pabulib_file import is_budget_ballot, pabulib_file
from ledger.package.polis_file import polis_files
from ledger.package.result_file import result_file
from ledger.projections.readings.outcomes import Pending, StepResult
from ledger.projections.readings.reading import Reading, read
from ledger.projections.readings.result_document import result_document
from ledger.projections.source import Source

Files = Iterator[tuple[str, Iterator[bytes]]]


def derived_files(source: Source, root: str | None = None, *, exact: bool = False) -> Files:
    """(name, bytes in pieces) of every derived file, names ascending; docs/formats/package.md lists them.

    Each file is to be read before the next is asked for. `root`: of the tree at this size in base64, where results shall name it.
    `exact`: see `ledger.rules.counting.compute`.
    """
    return files_of(read(source, exact=exact), root)


def files_of(reading: Reading, root: str | None = None, layout: str = FORMAT) -> Files:
    """The same from a reading that was made already, as a package of this format has them."""
    yield from sorted(_in_other_shapes(reading, layout), key=lambda file: file[0])
    results = {f"results/{ref}.json": result for ref, result in reading.results.items()}
    for name in sorted(results):
        yield name, _result(reading, results[name], root)
    for table in TABLES_OF[layout]:
        yield csv_of(table), csv_file(table, reading)


def _in_other_shapes(reading: Reading, layout: str) -> Files:
    """Files in the shapes of other platforms, none of which is read before it is asked for."""
    for ref, result in reading.results.items():
        if isinstance(result, StepResult) and is_budget_ballot(result):
            yield f"pabulib/{ref}.pb", pabulib_file(reading, result)
    if layout != FORMAT_1:
        yield from cap_collectif_files(reading)
        yield from decidim_files(reading)
        yield from polis_files(reading)


def _result(reading: Reading, result: StepResult | Pending, root: str | None) -> Iterator[bytes]:
    yield result_file(result_document(reading, result, root))
