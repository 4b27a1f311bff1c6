"""Async databases, whose objects belong to an event loop: which requests surely use one."""

import re
from collections.abc import Collection, Iterable, Iterator

from fastwright.application.application import Application
from fastwright.application.overrides import overrides
from fastwright.application.routes import Route
from fastwright.codebase.definitions import Function
from fastwright.codebase.loading import Loading
from fastwright.codebase.modules import Module
from fastwright.codebase.resolver import Resolver
from fastwright.codebase.values import Coroutine, External, FunctionValue, Instance, Value
from fastwright.source.syntax import If, Return, walk_all

_PACKAGES = (
    "aiomysql.",
    "aiosqlite.",
    "asyncpg.",
    "beanie.",
    "databases.",
    "motor.",
    "odmantic.",
    "sqlalchemy.ext.asyncio.",
    "sqlmodel.ext.asyncio.",
    "tortoise.",
)
_MONGO = ("beanie.", "motor.", "odmantic.")
# What stands in for MongoDB in memory, and knows no event loop.
_MOCKS = ("mongomock.", "mongomock_motor.")
_MOCK_IMPORT = re.compile(rb"\b(?:import|from) +mongomock")
_REDIS = ("redis.asyncio.",)
# Makes what belongs to an event loop, where it is done at the top of a module.
_MAKERS = (
    "asyncpg.create_pool",
    "databases.Database",
    "motor.motor_asyncio.AsyncIOMotorClient",
    "pymongo.AsyncMongoClient",
    "redis.asyncio.Redis",
    "redis.asyncio.from_url",
    "sqlalchemy.ext.asyncio.create_async_engine",
)


def is_used(
    route: Route,
    application: Application,
    without: Collection[Function] = (),
    *,
    mongo_is_mocked: bool = False,
) -> bool:
    """Tell whether each request for a route uses an async database.

    `without` are dependencies that something else stands in for.
    """
    packages = tuple(each for each in _PACKAGES if not (mongo_is_mocked and each in _MONGO))
    functions = [each for each in application.functions_of(route) if each not in without]
    return any(_takes_one(each, packages, application) for each in functions) or any(
        _awaits(each, end, packages, application)
        for each, end in _surely_run(functions, application)
    )


def is_redis_used(route: Route, application: Application) -> bool:
    """Tell whether each request for a route uses Redis through its async client."""
    return any(
        _awaits(each, end, _REDIS, application)
        for each, end in _surely_run(application.functions_of(route), application)
    )


def is_shared(application: Application) -> bool:
    """Tell whether a module makes at import what belongs to the loop that uses it first.

    One that nothing imports is left aside.
    """
    making = [
        each.function.module
        for each in application.codebase.calls_to(*_MAKERS)
        if each.function.is_module
    ]
    if not making:
        return False
    loading = Loading(application.codebase)
    return any(_is_imported(each, loading, application) for each in dict.fromkeys(making))


def _is_imported(module: Module, loading: Loading, application: Application) -> bool:
    word = module.folder.rpartition("/")[2] if module.is_package else module.stem
    return any(
        module in loading.imported(each)
        for each in application.codebase.mentioning(word.encode())
        if each is not module
    )


def is_mongo_mocked(module: Module, application: Application) -> bool:
    """Tell whether tests, themselves or by what they call, put a database in memory for MongoDB."""
    codebase = application.codebase
    if not codebase.is_anywhere(_MOCK_IMPORT, b"mongomock", of_tests=True):
        return False
    tests = [module, *(each for each in codebase.modules if each.stem == "conftest")]
    for call in (call for each in tests for function in each.functions for call in function.calls):
        match codebase.target(call):
            case External(name) if name.startswith(_MOCKS):
                return True
            case FunctionValue(function):
                if any(name.startswith(_MOCKS) for _, name in codebase.library_calls(function)):
                    return True
    return False


def overridden(functions: Iterable[Function], application: Application) -> set[Function]:
    """Return the dependencies that some functions, or modules at import, override."""
    given = (
        application.codebase.resolver.value(each.dependency, function)
        for function in functions
        for each in overrides(function)
    )
    return {each.function for each in given if isinstance(each, FunctionValue)}


def is_overridden(function: Function, application: Application) -> bool:
    """Tell whether a function overrides what gives the async database by something else."""
    resolver = application.codebase.resolver
    for each in overrides(function):
        before = resolver.value(each.dependency, function)
        after = each.given and resolver.value(each.given, function)
        is_after = isinstance(after, FunctionValue) and _gives_one(after, resolver)
        if isinstance(before, FunctionValue) and _gives_one(before, resolver) and not is_after:
            return True
    return False


def _gives_one(value: FunctionValue, resolver: Resolver) -> bool:
    given = resolver.result(value, None, value.function)
    if isinstance(given, Coroutine):
        given = given.result
    found = [given, *given.arguments] if isinstance(given, Instance) else []
    return any(_is_one(each, _PACKAGES) for each in found)


def _takes_one(function: Function, packages: tuple[str, ...], application: Application) -> bool:
    for parameter in function.parameters:
        value: Value | None = application.dependencies.injected(parameter, function)
        if value is None and parameter.annotation is not None:
            outer = function.outer or function
            value = application.codebase.resolver.annotated(parameter.annotation, outer)
        if _is_one(value, packages):
            return True
    return False


def _is_one(value: Value | None, packages: tuple[str, ...]) -> bool:
    return isinstance(value, Instance) and str(value.of).startswith(packages)


def _surely_run(starts: list[Function], application: Application) -> Iterator[tuple[Function, int]]:
    """Yield the functions that run, each with where it may have returned, before others may."""
    pending = list(dict.fromkeys(starts))
    found = set(pending)
    for function in pending:
        end = _first_way_out(function)
        yield function, end
        for edge in application.codebase.graph.edges(function):
            if edge.to not in found and edge.node.start < end:
                found.add(edge.to)
                pending.append(edge.to)


def _first_way_out(function: Function) -> int:
    """Return where a function first returns under a condition, else its end."""
    returns = [
        found.start
        for each in walk_all(function.body, If)
        if isinstance(each, If)
        for found in walk_all((*each.body, *each.otherwise), Return)
    ]
    return min(returns, default=function.node.end)


def _awaits(
    function: Function, end: int, packages: tuple[str, ...], application: Application
) -> bool:
    """Tell whether a function awaits what packages do, above a certain place."""
    for call in function.calls:
        if call.is_awaited and call.node.start < end:
            target = application.codebase.target(call)
            if isinstance(target, External) and target.name.startswith(packages):
                return True
    return False
