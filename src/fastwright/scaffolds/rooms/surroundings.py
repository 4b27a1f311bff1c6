"""The part of a codebase that belongs to one application: its modules, and what they are called."""

from collections.abc import Iterable
from functools import cached_property
from itertools import takewhile
from pathlib import Path

from fastwright.application.application import Application
from fastwright.application.dependencies import Dependency
from fastwright.application.folders import is_aside, upward
from fastwright.application.models import Model
from fastwright.application.routers import Router
from fastwright.application.routes import Route
from fastwright.codebase.loading import Loading
from fastwright.codebase.modules import Module
from fastwright.scaffolds.room import Place, Symbol
from fastwright.scaffolds.rooms.given import Given
from fastwright.scaffolds.rooms.naming import Naming, dotted
from fastwright.source.nodes import Node


class Surroundings:
    """What readers of a room look at."""

    def __init__(self, application: Application, root: Path, given: Given, chosen: Router) -> None:
        self.application = application
        self.codebase = application.codebase
        self.root = root
        self.given = given
        self.chosen = chosen

    @cached_property
    def modules(self) -> list[Module]:
        """Return the modules that the application loads, without tests and revisions.

        Where some are loaded by names that are worked out, all that lie around it count.
        """
        start = self.chosen.scope.module
        loaded = Loading(self.codebase).of(start)
        found = set(loaded.modules)
        if not loaded.is_complete or len(found) == 1:
            top = "/".join(start.folder.split("/")[: self._depth(start)])
            found |= {each for each in self.codebase.own_modules if _is_below(each, top)}
        return [
            each
            for each in self.codebase.own_modules
            if each in found and not each.is_migration and not is_aside(each)
        ]

    @cached_property
    def folder(self) -> str:
        """Return the folder that all of the application's modules lie in."""
        return _shared({each.folder for each in self.modules})

    @cached_property
    def source(self) -> str:
        """Return the folder that the application's modules are named from."""
        for modules in (self.modules, self._beside, self.tests):
            found = Naming(self.codebase, modules).source
            if found is not None:
                return found
        return self._above_packages(self.chosen.scope.module)

    @cached_property
    def test_source(self) -> str | None:
        """Return the folder that tests name modules from."""
        return Naming(self.codebase, self.tests).source

    @cached_property
    def is_relative(self) -> bool:
        """Tell whether modules import each other with dots."""
        return Naming(self.codebase, self.modules).is_relative

    @cached_property
    def tests(self) -> list[Module]:
        """Return the modules of tests, those that lie nearest to the application's routes."""
        tests = [each for each in self.codebase.modules if each.is_test]
        served = {each.function.module.folder for each in self.routes}
        shared = _shared({self.chosen.scope.module.folder, *served})
        for folder in upward(shared):
            found = [each for each in tests if _is_below(each, folder)]
            if any(each.stem.startswith("test") for each in found):
                return found
        return []

    @cached_property
    def routes(self) -> list[Route]:
        """Return the routes that the application serves."""
        return self.application.routes_of(self.chosen)

    @cached_property
    def dependencies(self) -> list[Dependency]:
        """Return every dependency that is written in the application's modules."""
        own = set(self.modules)
        return [
            each
            for each in self.application.written_dependencies
            if (each.user.module if each.user else each.scope.module) in own
        ]

    @cached_property
    def tables(self) -> list[Model]:
        """Return the models with a table that the application loads."""
        own = set(self.modules)
        return [each for each in self.application.tables if each.definition.module in own]

    def symbol(self, module: Module, name: str) -> Symbol:
        """Return how something of a module is imported."""
        return Symbol(dotted(module, self.source), name)

    def place(self, module: Module, node: Node) -> Place:
        """Return where something stands."""
        return Place(module.path, module.place(node).line)

    @property
    def _beside(self) -> Iterable[Module]:
        """Return what imports the application's modules, and is neither of them nor a test."""
        own = set(self.modules)
        return [each for each in self.codebase.own_modules if each not in own]

    def _depth(self, start: Module) -> int:
        """Return how many folders lead to the outermost package around a module."""
        return len(list(filter(None, self._above_packages(start).split("/")))) + 1

    def _above_packages(self, module: Module) -> str:
        packages = {each.folder for each in self.codebase.modules if each.is_package}
        for folder in upward(module.folder):
            if folder not in packages:
                return folder
        return ""


def _shared(folders: Iterable[str]) -> str:
    """Return the innermost folder that all of these lie in."""
    split = [each.split("/") for each in folders]
    same = takewhile(lambda each: len(set(each)) == 1, zip(*split, strict=False))
    return "/".join(each[0] for each in same)


def _is_below(module: Module, folder: str) -> bool:
    return not folder or module.folder == folder or module.folder.startswith(f"{folder}/")
