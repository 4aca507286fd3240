"""A large election from its file to its result: 61 668 ballots on 83 projects, as large as Warsaw's of 2026.

The limit beside the import is reading the file alone; beside the first result, the same result asked for again.
"""

import tempfile
from functools import partial
from itertools import count
from pathlib import Path
from random import Random
from time import perf_counter

from benchmarks.figures import in_turns, report
from ledger.cli.in_process import IntakePosting
from ledger.importers.pabulib.importing import import_election
from ledger.importers.pabulib.options import Options
from ledger.importers.pabulib.reading import read_pb
from ledger.importers.pabulib.submissions import VOTE, Election
from ledger.importers.report import ImportReport
from ledger.projections import PROJECTIONS
from ledger.publish import Counts, Publisher
from ledger.settings import Settings
from ledger.store.views import PostgresViews
from ledger.submit import Intake
from ledger.wiring import Ledger, open_ledger

BALLOTS = 61_668
PROJECTS = 83
_NUMBERS = count(1)


def run(rounds: int) -> None:
    """Measures and prints."""
    with tempfile.TemporaryDirectory(prefix="ledger-") as folder:
        path = Path(folder) / "election.pb"
        path.write_text(_election())
        with open_ledger(Settings(data_dir=Path(folder) / "data", database_url=None)) as ledger, ledger.writing() as intake:
            imports = {
                "import, from the file to the recorded result": partial(_import, ledger, intake, path),
                "reading the file alone": partial(_read, path),
            }
            report("import of an election, in process", "ms", in_turns(imports, rounds))
            project = f"election-{next(_NUMBERS) - 1}"
            results = {
                "result with margins and counterfactuals, first time": partial(_result, ledger, project, None),
                "the same, asked for again": partial(_result, ledger, project, Counts()),
            }
            report("result of an election", "ms", in_turns(results, rounds))


def _election() -> str:
    """A file with a fixed seed: up to five approvals on a ballot, popular projects first, costs that leave something over."""
    chance = Random(61_668)
    weights = [1 / (place + 2) for place in range(PROJECTS)]
    keys = {
        "budget": 24_186_815,
        "vote_type": "approval",
        "rule": "greedy-threshold",
        "max_length": 5,
        "min_project_score_threshold": 3000,
        "currency": "PLN",
        "num_votes": BALLOTS,
    }
    meta = "META\nkey;value\n" + "".join(f"{key};{value}\n" for key, value in keys.items())
    projects = "".join(f"{place};{chance.randrange(20_000, 4_900_000)};Project {place}\n" for place in range(PROJECTS))
    votes = "".join(
        f"{voter};{','.join(map(str, sorted(set(chance.choices(range(PROJECTS), weights, k=5)))))}\n" for voter in range(BALLOTS)
    )
    return f"{meta}PROJECTS\nproject_id;cost;name\n{projects}VOTES\nvoter_id;vote\n{votes}"


def _import(ledger: Ledger, intake: Intake, path: Path) -> float:
    project = f"election-{next(_NUMBERS)}"
    start = perf_counter()
    election = Election(read_pb(path), Options(), ImportReport(path.name, project))
    import_election(election, IntakePosting(ledger, intake, project), path.read_bytes(), lambda answered: None)
    return (perf_counter() - start) * 1000


def _read(path: Path) -> float:
    start = perf_counter()
    read_pb(path)
    return (perf_counter() - start) * 1000


def _result(ledger: Ledger, project: str, counts: Counts | None) -> float:
    """Milliseconds; with `counts` the count is there already."""
    found = ledger.project(project)
    views = PostgresViews(ledger.datastore, found.project_id, [projection.name for projection in PROJECTIONS])
    publisher = Publisher(found.ref, found.origin, ledger.log(found), views, counts or Counts())
    if counts is not None:
        publisher.result(VOTE, publisher.size())
    start = perf_counter()
    publisher.result(VOTE, publisher.size())
    return (perf_counter() - start) * 1000
