"""The dependency that gives a session of the database."""

import re
from collections.abc import Iterator

from fastwright.codebase.definitions import Function
from fastwright.codebase.values import FunctionValue
from fastwright.scaffolds.room import Injected, Place, Symbol, Unknown
from fastwright.scaffolds.rooms.injections import Injection, Injections
from fastwright.scaffolds.rooms.surroundings import Surroundings
from fastwright.scaffolds.rooms.symbols import find

_ASYNC = "sqlalchemy.ext.asyncio.AsyncSession"
_SYNC = "sqlalchemy.orm.Session"
# The names by which they are imported.
_TYPES = {
    "sqlmodel.ext.asyncio.session.AsyncSession": (
        Symbol("sqlmodel.ext.asyncio.session", "AsyncSession"),
        True,
    ),
    "sqlalchemy.ext.asyncio.AsyncSession": (
        Symbol("sqlalchemy.ext.asyncio", "AsyncSession"),
        True,
    ),
    "sqlmodel.Session": (Symbol("sqlmodel", "Session"), False),
    "sqlalchemy.orm.Session": (Symbol("sqlalchemy.orm", "Session"), False),
}
_FLAG = "--session app.database:get_db"
_SOUGHT = "a dependency that gives a session of SQLAlchemy or SQLModel to routes"
_WRITES = {"POST", "PUT", "PATCH", "DELETE"}
_YIELDS = re.compile(r"^\s+yield\b", re.MULTILINE)
_COMMITS = re.compile(r"\.begin\(\)|\.commit\(\)")
# A dependency that is used at least so many times as often as another one is the usual one.
_USUAL = 1.5


class Session:
    """A session's dependency, where it stands, and whether it is async."""

    def __init__(self, injected: Injected, place: Place, *, is_async: bool) -> None:
        self.injected = injected
        self.place = place
        self.is_async = is_async


def session(around: Surroundings, injections: Injections) -> Session | Unknown:
    """Return the session that routes write with; of several that are as good, none."""
    if around.given.session:
        return _given(around, injections, around.given.session)
    found = injections.that(lambda each: _type(each, around) is not None)
    found = [each for each in found if injections.symbol(each) is not None]
    found = found or list(_not_injected(around, injections))
    chosen = found[0] if len(found) == 1 else _usual(found, around)
    if chosen is None:
        shown = {str(injections.symbol(each)): injections.place(each) for each in found}
        return Unknown("session", _SOUGHT, _FLAG, shown)
    return _read(chosen, around, injections)


def _not_injected(around: Surroundings, injections: Injections) -> Iterator[Injection]:
    """Yield functions that could be such a dependency, where routes have none."""
    for module in around.modules:
        for function in module.functions[1:]:
            at_top = function.outer is not None and function.outer.is_module
            if at_top and function.owner is None and not function.parameters:
                injection = injections.of(function)
                if _YIELDS.search(function.text) and _type(injection, around) is not None:
                    yield injection


def _usual(found: list[Injection], around: Surroundings) -> Injection | None:
    """Return the one that most routes use that write; that of more routes breaks a tie."""
    writing = {each.function for each in around.routes if each.methods & _WRITES}
    for among in (writing, None):
        counted = sorted(
            ((_uses(each, among), index) for index, each in enumerate(found)), reverse=True
        )
        if counted and counted[0][0] > _USUAL * (counted[1][0] if len(counted) > 1 else 0):
            return found[counted[0][1]]
    return None


def _uses(injection: Injection, among: set[Function] | None) -> int:
    return sum(among is None or each.user in among for each in injection.uses)


def _read(chosen: Injection, around: Surroundings, injections: Injections) -> Session:
    kind = _type(chosen, around) or _SYNC
    symbol, is_async = _TYPES[kind]
    function = injections.symbol(chosen)
    injected = Injected(
        injections.alias(chosen), function, symbol, commits=_commits(chosen.function)
    )
    return Session(injected, injections.place(chosen), is_async=is_async)


def _type(injection: Injection, around: Surroundings) -> str | None:
    """Return which session comes, by what most parameters say that take it."""
    for of, _ in injection.gives.most_common():
        for name in _TYPES:
            if around.codebase.is_a(of, name):
                return name
    return None


def _commits(function: Function) -> bool:
    """Tell whether a dependency commits what was done, when the request is over."""
    return _COMMITS.search(function.text) is not None


def _given(around: Surroundings, injections: Injections, symbol: Symbol) -> Session | Unknown:
    module, name = find(symbol, "--session", around.codebase)
    value = around.codebase.resolver.module_member(module, name.partition(".")[0])
    for part in name.split(".")[1:]:
        value = around.codebase.resolver.member(value, part)
    if not isinstance(value, FunctionValue):
        return Unknown("session", f"a function that {symbol} is", _FLAG)
    found = injections.of(value.function)
    is_async = value.function.is_async
    kind = _type(found, around) or (_ASYNC if is_async else _SYNC)
    injected = Injected(
        injections.alias(found), symbol, _TYPES[kind][0], commits=_commits(value.function)
    )
    return Session(injected, injections.place(found), is_async=_TYPES[kind][1])
