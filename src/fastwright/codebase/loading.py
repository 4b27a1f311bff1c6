"""Which modules run when one is imported: what it imports, with all packages around, and so on."""

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from fastwright.codebase.codebase import Codebase
from fastwright.codebase.definitions import CallSite, Function
from fastwright.codebase.modules import Module
from fastwright.codebase.names import given
from fastwright.codebase.values import Folder, ModuleValue, Text
from fastwright.source.scopes import Binding
from fastwright.source.syntax import (
    Attribute,
    Collection,
    Expression,
    If,
    Import,
    ImportFrom,
    Name,
    Statement,
    String,
    inner_statements,
)

_DYNAMIC = (
    "importlib.import_module",
    "importlib.util.spec_from_file_location",
    "builtins.__import__",
    "builtins.exec",
    "importlib.metadata.entry_points",
    "importlib_metadata.entry_points",
    "pkg_resources.iter_entry_points",
    "pkgutil.iter_modules",
    "pkgutil.walk_packages",
    "runpy.run_module",
    "runpy.run_path",
)


@dataclass(frozen=True, slots=True)
class Loaded:
    """The modules that an import runs; `is_complete` unless some are named at run time only."""

    modules: frozenset[Module]
    is_complete: bool


class Loading:
    """Follows imports, also those in functions, except what only type checkers see."""

    def __init__(self, codebase: Codebase) -> None:
        self._codebase = codebase
        self._by_path = {module.path: module for module in codebase.modules}
        self._is_known = codebase.knowledge.is_known_package
        self._dynamic: dict[Module, list[CallSite]] = {}
        for call in codebase.calls_to(*_DYNAMIC):
            self._dynamic.setdefault(call.function.module, []).append(call)

    def of(self, start: Module) -> Loaded:
        """Return what importing, or running, a module loads."""
        found = {start}
        pending = [start]
        is_complete = True
        for module in pending:
            named = list(self.imported(module))
            if module in self._dynamic:
                by_name = list(self._named(module))
                is_complete = is_complete and bool(by_name)
                named += by_name
            for each in named:
                for loaded in (each, *self._packages_around(each)):
                    if loaded not in found:
                        found.add(loaded)
                        pending.append(loaded)
        return Loaded(frozenset(found), is_complete)

    def at_import(self, start: Module) -> dict[Module, tuple[Module, ...]]:
        """Return the modules that run when one is imported, each with those that it names.

        What is imported in functions is left aside, as only their calls do it.
        """
        found: dict[Module, tuple[Module, ...]] = {}
        pending = [start, *self._packages_around(start)]
        for module in pending:
            if module not in found:
                named = dict.fromkeys(self._imported_by(module, _imports_in(module.body)))
                found[module] = tuple(each for each in named if each is not module)
                for each in named:
                    pending += [each, *self._packages_around(each)]
        return found

    def imported(self, module: Module) -> Iterator[Module]:
        """Yield the modules of the codebase that a module's own statements import."""
        yield from self._imported_by(module, _imports(module))

    def _imported_by(
        self, module: Module, nodes: Iterable[Import | ImportFrom]
    ) -> Iterator[Module]:
        for node in nodes:
            match node:
                case Import(names):
                    for alias in names:
                        yield from self._found(module, 0, alias.name, ())
                case ImportFrom(level, dotted, names):
                    yield from self._found(module, level, dotted, [each.name for each in names])

    def unknown(self, module: Module) -> Iterator[str]:
        """Yield the dotted names that a module imports, but not from any place that is known."""
        for node in _imports(module):
            match node:
                case Import(names):
                    imported = [(0, alias.name) for alias in names]
                case ImportFrom(level, dotted):
                    imported = [(level, dotted)]
            for level, dotted in imported:
                top = dotted.partition(".")[0]
                known = top in sys.stdlib_module_names or self._is_known(top)
                if not known and self._codebase.imports.find(module, level, dotted) is None:
                    yield dotted

    def _found(
        self, importer: Module, level: int, dotted: str, names: Iterable[str]
    ) -> Iterator[Module]:
        found = self._codebase.imports.find(importer, level, dotted)
        if found is None:
            return
        folder = found if isinstance(found, str) else found.folder
        if isinstance(found, Module):
            yield found
            if not found.is_package:
                return
            if "*" in names:
                yield from self._exported(found)
        for name in names:
            below = self._codebase.imports.below(folder, name)
            if isinstance(below, Module):
                yield below

    def _exported(self, package: Module) -> Iterator[Module]:
        """Yield the modules that `__all__` names; those in the package where it is worked out."""
        for binding in package.bound("__all__"):
            names = _listed(binding)
            if names is None:
                yield from (
                    each for each in self._codebase.modules if each.folder == package.folder
                )
            for name in names or ():
                below = self._codebase.imports.below(package.folder, name)
                if isinstance(below, Module):
                    yield below

    def _packages_around(self, module: Module) -> Iterator[Module]:
        folder = module.folder
        while package := self._by_path.get(f"{folder}/__init__.py"):
            yield package
            folder = folder.rpartition("/")[0]

    def _named(self, module: Module) -> Iterator[Module]:
        """Yield what is named by strings and packages where modules are imported by name.

        A package that is named stands for all that is in it.
        """
        for function in module.functions:
            for call in function.calls:
                for argument in call.node.arguments:
                    yield from self._by_name(argument, function)

    def _by_name(self, argument: Expression, scope: Function) -> Iterator[Module]:
        if isinstance(argument, Attribute) and argument.name in {"__path__", "__name__"}:
            argument = argument.value
        found: Module | str | None = None
        match self._codebase.resolver.value(argument, scope):
            case ModuleValue(named):
                found = named
            case Folder(path):
                found = path
            case Text(dotted) if dotted.replace(".", "").isidentifier():
                found = self._codebase.imports.find(scope.module, 0, dotted)
        if isinstance(found, Module) and not found.is_package:
            yield found
        elif found is not None:
            folder = found if isinstance(found, str) else found.folder
            yield from (each for each in self._codebase.modules if _is_below(each, folder))


def _is_below(module: Module, folder: str) -> bool:
    return module.path.startswith(f"{folder}/") and not module.is_test


def _imports(module: Module) -> Iterator[Import | ImportFrom]:
    for function in module.functions:
        if function.is_module or "import " in module.source(function.node):
            yield from _imports_in(function.body)


def _imports_in(body: Iterable[Statement]) -> Iterator[Import | ImportFrom]:
    for statement in body:
        match statement:
            case Import() | ImportFrom():
                yield statement
            case If(Name("TYPE_CHECKING") | Attribute(_, "TYPE_CHECKING"), _, otherwise):
                yield from _imports_in(otherwise)
            case _:
                yield from _imports_in(inner_statements(statement))


def _listed(binding: Binding) -> list[str] | None:
    """Return the strings of a list; None for what is no list of strings."""
    match given(binding):
        case Collection(_, items) if all(isinstance(each, String) for each in items):
            return [each.value for each in items if isinstance(each, String) and each.value]
    return None
