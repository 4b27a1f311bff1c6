"""The functions that are dependencies, of whatever writes them down."""

from collections.abc import Iterable, Iterator
from typing import Any

from fastwright.application.dependencies import Dependencies, Dependency
from fastwright.codebase.codebase import Codebase
from fastwright.codebase.definitions import Function
from fastwright.source.cells import Cells

_MARKERS = ("Depends", "Security")

# A function, by its path and key.
_Place = tuple[str, str]
_Places = tuple[_Place, ...]


class Provided:
    """Finds the functions that FastAPI runs for dependencies, module by module."""

    def __init__(self, codebase: Codebase, dependencies: Dependencies) -> None:
        self._codebase = codebase
        self._dependencies = dependencies
        # By a module's path, with the names of what makes dependencies.
        self._written = Cells("written", self._find_written)
        self._taken = Cells("taken", self._find_taken)

    @property
    def cells(self) -> tuple[Cells[Any, Any], ...]:
        """Return what a later review may take as it is."""
        return self._written, self._taken

    def functions(self, starts: Iterable[Function]) -> Iterator[Function]:
        """Yield what dependencies run that are written anywhere, or that functions lead to."""
        index = self._codebase.index
        names = sorted(index.also_called(_MARKERS))
        paths = sorted(module.path for module in index.modules_with(names))
        written = [each for path in paths for each in self._at(self._written.row((path, *names)))]
        yield from written
        pending = [*starts, *written]
        seen: set[Function] = set()
        for function in pending:
            if function not in seen and not function.module.is_test:
                seen.add(function)
                found = self._at(self._taken.row((function.module.path, function.key)))
                yield from found
                pending += found

    def _find_written(self, question: tuple[str, ...]) -> _Places:
        path, *names = question
        module = self._codebase.by_path[path]
        calls = [call for name in names for call in module.calls_with(name)]
        found = (self._dependencies.read(call.node, call.function) for call in calls)
        return self._places(each for each in found if each is not None)

    def _find_taken(self, place: _Place) -> _Places:
        return self._places(self._dependencies.of_function(self._function(place)))

    def _places(self, dependencies: Iterable[Dependency]) -> _Places:
        functions = (self._dependencies.functions(each) for each in dependencies)
        return tuple((each.module.path, each.key) for found in functions for each in found)

    def _at(self, places: Iterable[_Place]) -> list[Function]:
        return list(map(self._function, places))

    def _function(self, place: _Place) -> Function:
        path, key = place
        return self._codebase.by_path[path].function(key)
