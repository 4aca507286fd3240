"""A source tree as the architecture test reads it: files, what they import, and which outside names they use."""

import ast
import builtins
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Import:
    """`module` is what the statement loads; `name` is what it takes out of it, or None for `import module`."""

    module: str
    name: str | None
    line: int
    inside_function: bool

    @property
    def dotted(self) -> str:
        """Module and name together, as in `os.environ`."""
        return self.module if self.name is None else f"{self.module}.{self.name}"


@dataclass(frozen=True, slots=True)
class Use:
    """A name read in an expression, resolved through the imports of its file: `datetime.datetime.now`, `open`."""

    dotted: str
    line: int


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One Python file; `module` is its dotted name and `part` the line of the tree it belongs to: `rules` for `ledger.rules.greedy`."""

    module: str
    part: str
    tree: ast.Module
    imports: tuple[Import, ...]
    uses: tuple[Use, ...]


def read_package(folder: Path) -> tuple[SourceFile, ...]:
    """Every Python file of the package in `folder`, by path ascending; the package's own `__init__` has the part `__init__`."""
    return tuple(_read(folder, path) for path in sorted(folder.rglob("*.py")))


def _read(folder: Path, path: Path) -> SourceFile:
    names = (folder.name, *path.relative_to(folder).with_suffix("").parts)
    is_package = names[-1] == "__init__"
    reader = _Reader(package=".".join(names[:-1]))
    tree = ast.parse(path.read_bytes(), filename=str(path))
    reader.visit(tree)
    return SourceFile(".".join(names[:-1] if is_package else names), names[1], tree, tuple(reader.imports), reader.resolved_uses())


@dataclass
class _Reader(ast.NodeVisitor):
    """Collects in one walk; names are resolved afterwards, because a function may read what is imported below it."""

    package: str
    scopes: list[type[ast.AST]] = field(default_factory=list)
    imports: list[Import] = field(default_factory=list)
    aliases: dict[str, str] = field(default_factory=dict)
    bound: set[str] = field(default_factory=set)
    read: list[Use] = field(default_factory=list)

    def resolved_uses(self) -> tuple[Use, ...]:
        """The names read that come from an import or, unless the file binds them itself, from the builtins."""
        found = []
        for use in self.read:
            first, dot, rest = use.dotted.partition(".")
            if first in self.aliases:
                found.append(Use(self.aliases[first] + dot + rest, use.line))
            elif hasattr(builtins, first) and first not in self.bound:
                found.append(use)
        return tuple(found)

    def visit_Import(self, node: ast.Import) -> None:
        for alias in node.names:
            self.imports.append(Import(alias.name, None, node.lineno, ast.FunctionDef in self.scopes))
            first = alias.name.partition(".")[0]
            self.aliases[alias.asname or first] = alias.name if alias.asname else first

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        above = ".".join(self.package.split(".")[: 1 - node.level or None]) if node.level else ""
        module = ".".join(part for part in (above, node.module) if part)
        for alias in node.names:
            self.imports.append(Import(module, alias.name, node.lineno, ast.FunctionDef in self.scopes))
            self.aliases[alias.asname or alias.name] = f"{module}.{alias.name}"

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        self._visit_scope(node, ast.FunctionDef)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> None:
        self._visit_scope(node, ast.FunctionDef)

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self._visit_scope(node, ast.ClassDef)

    def visit_arg(self, node: ast.arg) -> None:
        self.bound.add(node.arg)
        self.generic_visit(node)

    def visit_Name(self, node: ast.Name) -> None:
        if isinstance(node.ctx, ast.Load):
            self.read.append(Use(node.id, node.lineno))
        elif self.scopes[-1:] != [ast.ClassDef]:  # a field called `open` does not hide the builtin from the functions of the file
            self.bound.add(node.id)

    def visit_Attribute(self, node: ast.Attribute) -> None:
        names, root = [node.attr], node.value
        while isinstance(root, ast.Attribute):
            names.append(root.attr)
            root = root.value
        if isinstance(root, ast.Name):
            self.read.append(Use(".".join([root.id, *reversed(names)]), node.lineno))
        else:
            self.visit(root)

    def _visit_scope(self, node: ast.AST, kind: type[ast.AST]) -> None:
        self.scopes.append(kind)
        self.generic_visit(node)
        self.scopes.pop()
