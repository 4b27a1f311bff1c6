"""What comes first when an application is put together: routes, inclusions and mounts."""

from collections.abc import Iterable, Iterator

from fastwright.codebase.codebase import Codebase
from fastwright.codebase.definitions import Class, Function, Scope
from fastwright.codebase.loading import Loading
from fastwright.codebase.modules import Module
from fastwright.codebase.names import END
from fastwright.source.syntax import Call, If, Match, Statement, Try, inner_statements

# So many callers a function is followed up to.
_HIGHEST = 6

# Where something happens: a call, and the function or class it stands in.
Event = tuple[Call, Scope]
_At = tuple[Function, int]


class Order:
    """Tells whether one event is sure to have happened before another does."""

    def __init__(self, codebase: Codebase) -> None:
        self._codebase = codebase
        self._loading = Loading(codebase)
        self._places: dict[tuple[Module, int], tuple[_At, ...]] = {}
        self._loaded: dict[Module, frozenset[Module]] = {}

    def is_before(self, event: Event, other: Event, home: Module) -> bool:
        """Tell whether `event` always happens, and before `other`; `home` makes their router.

        False too where it is not known.
        """
        others = dict(self._of(other))
        for function, start in self._of(event):
            if function in others:
                end = others[function]
                return start < end and not _may_be_skipped(_around(function, start), start, end)
            if _may_be_skipped(_around(function, start), start, END):
                return False
            if function is home.top:
                return self._runs_after(home, list(others)[-1])
        return False

    def _of(self, event: Event) -> tuple[_At, ...]:
        """Return where an event happens, then where its function is called if only in one place."""
        call, scope = event
        key = scope.module, call.start
        if key not in self._places:
            self._places[key] = tuple(self._upward(call, scope))
        return self._places[key]

    def _upward(self, call: Call, scope: Scope) -> Iterator[_At]:
        function, start = (scope.scope if isinstance(scope, Class) else scope), call.start
        for _ in range(_HIGHEST):
            yield function, start
            calls = self._codebase.calls_of(function)
            if function.is_module or len(calls) != 1:
                return
            function, start = calls[0].function, calls[0].node.start

    def _runs_after(self, home: Module, function: Function) -> bool:
        """Tell whether all of a module has run before a function elsewhere does."""
        if not function.is_module:
            return all(call.function is not home.top for call in self._codebase.calls_of(function))
        if home not in self._loaded:
            self._loaded[home] = self._loading.of(home).modules
        return function.module not in self._loaded[home]


def _around(function: Function, start: int) -> tuple[Statement, ...]:
    """Return the statements of a function, of a module's own code only the one at an offset."""
    if not function.is_module:
        return function.body
    statement = function.module.statement_at(start)
    return () if statement is None else (statement,)


def _may_be_skipped(body: Iterable[Statement], start: int, other: int) -> bool:
    """Tell whether what is at `start` is in a branch that `other` does not stand in."""
    for statement in body:
        if statement.start <= start < statement.end:
            branch = _branch(statement, start)
            if branch is not None and not branch[0] <= other < branch[1]:
                return True
            return _may_be_skipped(inner_statements(statement), start, other)
    return False


def _branch(statement: Statement, start: int) -> tuple[int, int] | None:
    """Return from where to where the branch goes that an offset is in."""
    branches: list[tuple[Statement, ...]] = []
    match statement:
        case If(_, body, otherwise):
            branches = [body, otherwise]
        case Match(_, cases):
            branches = [case.body for case in cases]
        case Try(body, handlers, otherwise):
            branches = [body, otherwise, *(handler.body for handler in handlers)]
    for branch in branches:
        if branch and branch[0].start <= start < branch[-1].end:
            return branch[0].start, branch[-1].end
    return None
