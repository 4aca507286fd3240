"""The laws of the tree. Each returns its offences, one sentence each, beginning with the place; none means that the law is kept."""

import ast
import sys
from collections.abc import Iterable, Iterator, Sequence
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

from tests.architecture import tree
from tests.architecture.source import Import, SourceFile


def unknown_parts(files: Iterable[SourceFile]) -> list[str]:
    """Files that belong to no line of the tree."""
    return [
        f"{file.module}: `{file.part}` is not in the tree of the design" for file in files if file.part not in {*tree.ORDER, "__init__"}
    ]


def imports_against_the_order(files: Sequence[SourceFile]) -> list[str]:
    """Imports of a part that stands below, or that the part is kept apart from; the package's own `__init__` imports nothing of it."""
    return [
        f"{file.module}:{found.line}: `{file.part}` may not import `{part}`"
        for file, found, part in _inner_imports(files)
        if part not in {file.part, "__init__"} and (file.part, part) not in _allowed()
    ]


def imports_inside_functions(files: Sequence[SourceFile]) -> list[str]:
    """Imports of the package inside a function, where they could hide a cycle."""
    return [
        f"{file.module}:{found.line}: imports `{found.dotted}` inside a function"
        for file, found, _ in _inner_imports(files)
        if found.inside_function and file.part not in tree.LOADS_LATE
    ]


def cycles(files: Sequence[SourceFile]) -> list[str]:
    """Modules that import each other, also by way of others, also for types only."""
    modules = {file.module for file in files}
    graph: dict[str, set[str]] = {file.module: set() for file in files}
    for file, found, _ in _inner_imports(files):
        graph[file.module].add(found.dotted if found.dotted in modules else found.module)
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return [f"cycle: {' ← '.join(error.args[1])}"]
    return []


def impurities(files: Iterable[SourceFile]) -> list[str]:
    """Uses of clock, chance, environment, files or network where the tree is pure."""
    return [offence for file in files if file.part in tree.PURE | tree.READS_FILES for offence in _impurities(file)]


def floats(files: Iterable[SourceFile]) -> list[str]:
    """Float literals, conversions and mathematics where numbers are exact."""
    return [
        f"{file.module}:{line}: `{name}` makes a float"
        for file in files
        if file.part in tree.WITHOUT_FLOATS
        for name, line in (*_float_literals(file), *_float_names(file))
    ]


def packages_away_from_home(files: Iterable[SourceFile]) -> list[str]:
    """Imports of a package outside the parts that it belongs to."""
    return [
        f"{file.module}:{found.line}: only {', '.join(sorted(tree.HOMES[root]))} may import `{root}`"
        for file in files
        for found in file.imports
        for root in [found.module.partition(".")[0]]
        if root in tree.HOMES and file.part not in tree.HOMES[root]
    ]


def readings_of_the_environment(files: Iterable[SourceFile]) -> list[str]:
    """Places other than the settings that read or set environment variables, also through an option of the command line."""
    return [
        f"{file.module}:{line}: only the settings read the environment"
        for file in files
        if file.part not in tree.READS_ENVIRONMENT
        for line in sorted({*_environment_lines(file)})
    ]


def nameless_files(folders: Iterable[Path]) -> list[str]:
    """Python files and folders whose name says nothing of their subject."""
    return [
        f"{path}: a name that says nothing"
        for folder in folders
        for path in sorted(folder.rglob("*"))
        if (path.suffix == ".py" or path.is_dir()) and any(_says_nothing(path.stem.strip("_"), word) for word in tree.NAMELESS)
    ]


def long_files(folders: Iterable[Path]) -> list[str]:
    """Python files with more lines than a head holds."""
    lengths = ((path, path.read_bytes().count(b"\n")) for folder in folders for path in sorted(folder.rglob("*.py")))
    return [f"{path}: {length} lines, at most {tree.LONGEST_FILE}" for path, length in lengths if length > tree.LONGEST_FILE]


def _inner_imports(files: Sequence[SourceFile]) -> Iterator[tuple[SourceFile, Import, str]]:
    """Each import of the package itself with the part it reaches; `from ledger import VERSION` reaches `__init__`."""
    parts = {*tree.ORDER, *(file.part for file in files)}
    for file in files:
        package = file.module.partition(".")[0]
        for found in file.imports:
            root, _, rest = found.dotted.partition(".")
            part = rest.partition(".")[0]
            if root == package:
                yield file, found, part if part in parts or found.module != package else "__init__"


def _allowed() -> set[tuple[str, str]]:
    above = {(lower, upper) for place, lower in enumerate(tree.ORDER) for upper in tree.ORDER[:place]}
    return above - set(tree.KEPT_APART)


def _impurities(file: SourceFile) -> Iterator[str]:
    opens = file.part in tree.READS_FILES
    modules = tree.IMPURE_MODULES - (tree.FILE_MODULES if opens else frozenset())
    names = tree.IMPURE_NAMES - (tree.FILE_NAMES_OF_BUILTINS if opens else frozenset())
    packages = tree.FILE_READING_PACKAGES if opens else tree.PURE_PACKAGES
    package = file.module.partition(".")[0]
    for found in file.imports:
        root = found.module.partition(".")[0]
        if root in modules:
            yield f"{file.module}:{found.line}: `{file.part}` is pure and may not import `{root}`"
        elif root not in sys.stdlib_module_names and root not in {*packages, package}:
            yield f"{file.module}:{found.line}: `{file.part}` is pure and may not import the package `{root}`"
        elif found.dotted in names:
            yield f"{file.module}:{found.line}: `{file.part}` is pure and may not use `{found.dotted}`"
    for use in file.uses:
        makes_a_key = use.dotted.startswith("cryptography.") and use.dotted.rpartition(".")[2] in {"generate", "generate_key"}
        if _within(use.dotted, names) or makes_a_key:
            yield f"{file.module}:{use.line}: `{file.part}` is pure and may not use `{use.dotted}`"


def _float_literals(file: SourceFile) -> Iterator[tuple[str, int]]:
    for node in ast.walk(file.tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, float | complex):
            yield repr(node.value), node.lineno


def _float_names(file: SourceFile) -> Iterator[tuple[str, int]]:
    for node in ast.walk(file.tree):
        # Only a call: `isinstance(value, float)` is how floats are kept out.
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "float":
            yield "float()", node.lineno
    yield from ((use.dotted, use.line) for use in file.uses if use.dotted.startswith("math.") and use.dotted not in tree.INTEGER_MATH)


def _environment_lines(file: SourceFile) -> Iterator[int]:
    for use in file.uses:
        if _within(use.dotted, tree.ENVIRONMENT):
            yield use.line
    yield from (found.line for found in file.imports if found.dotted in tree.ENVIRONMENT)
    yield from (node.value.lineno for node in ast.walk(file.tree) if isinstance(node, ast.keyword) and node.arg == "envvar")


def _within(dotted: str, names: Iterable[str]) -> bool:
    return any(dotted == name or dotted.startswith(f"{name}.") for name in names)


def _says_nothing(stem: str, word: str) -> bool:
    return stem == word or stem.endswith(f"_{word}")
