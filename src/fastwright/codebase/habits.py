"""What there is to say of a function in a few words: most edits leave that as it is."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from fastwright.codebase.definitions import CallSite, Function
from fastwright.source import parts
from fastwright.source.cells import Cells
from fastwright.source.notes import note, unnoted
from fastwright.source.scopes import Form
from fastwright.source.syntax import Declaration, If, Name, walk, walk_all

if TYPE_CHECKING:
    from fastwright.codebase.codebase import Codebase

# Builtins that go over all of what they are given.
ITERATING = {f"builtins.{each}" for each in ("dict", "list", "set", "sorted", "sum", "tuple")}

_NAME = "habits"
# A function, by its path and key.
_Place = tuple[str, str]


class Habit(NamedTuple):
    """What a function does, in plain values.

    `libraries` are the dotted names of what it calls that takes time, is awaited, or goes over
    what it is given; `calls` are those of names that the codebase defines.
    """

    libraries: tuple[str, ...]
    runs_others: bool
    # Whether it goes over something, or enters something that is not async.
    goes_over: bool
    calls_in_loops: bool
    keeps_global: bool
    calls: int
    unresolved: int


class Habits:
    """The habits of functions. Who looks at one is touched only by what changes it."""

    def __init__(self, codebase: "Codebase") -> None:
        self._codebase = codebase
        self.cells: Cells[_Place, tuple[object, ...]] = Cells(_NAME, self._find)
        self._known: dict[Function, tuple[Habit, tuple[object, ...]]] = {}

    def of(self, function: Function) -> Habit:
        """Return the habit of a function."""
        habit, part = self._known.get(function) or self._look(function)
        note(part)
        return habit

    def runs_others(self, function: Function) -> bool:
        """Tell whether a function runs others of the codebase; noted only where it does not."""
        habit, part = self._known.get(function) or self._look(function)
        if not habit.runs_others:
            note(part)
        return habit.runs_others

    def unresolved(self, function: Function) -> list[CallSite]:
        """Return the calls of names that the codebase defines which could not be followed."""
        target = self._codebase.target
        return [call for call in self._defined(function) if target(call) is None]

    def _defined(self, function: Function) -> list[CallSite]:
        return [call for call in function.calls if self._codebase.defines(call.last_name)]

    def _look(self, function: Function) -> tuple[Habit, tuple[object, ...]]:
        place = function.module.path, function.key
        row = unnoted(self.cells.row, place)
        found = self._known[function] = Habit._make(row), (parts.ROW, _NAME, place)
        return found

    def _find(self, place: _Place) -> tuple[object, ...]:
        codebase = self._codebase
        function = codebase.function(*place)
        details = function.details
        return tuple(
            Habit(
                libraries=tuple(sorted(set(self._telling(function)))),
                runs_others=bool(codebase.graph.found(function)),
                goes_over=any(
                    binding[0] == Form.ITEM and not binding[3]
                    for bindings in details.bindings.values()
                    for binding in bindings
                )
                or not all(is_async for _, is_async in details.entered),
                calls_in_loops=any(call.is_in_loop and call.runs_here for call in function.calls),
                keeps_global=_keeps_global(function),
                calls=len(self._defined(function)),
                unresolved=len(self.unresolved(function)),
            )
        )

    def _telling(self, function: Function) -> Iterator[str]:
        knowledge = self._codebase.knowledge
        for _, name in self._codebase.library_calls(function):
            takes_time = knowledge.blocking(name) or knowledge.cpu(name)
            if takes_time or knowledge.is_coroutine(name) or name in ITERATING:
                yield name


def _keeps_global(function: Function) -> bool:
    """Tell whether a function asks whether a global that it sets has been set."""
    declared: set[str] = set()
    for statement in function.body:
        match statement:
            case Declaration("global", declared_names):
                declared.update(declared_names)
    if not declared:
        return False
    return any(_asks_for(node, declared) for node in walk_all(function.body))


def _asks_for(node: object, declared: set[str]) -> bool:
    match node:
        case If(test):
            return any(isinstance(each, Name) and each.id in declared for each in walk(test))
    return False
