"""Async databases, whose objects belong to an event loop: which requests surely use one."""

from collections.abc import Iterator

from fastwright.application.application import Application
from fastwright.application.overrides import overrides
from fastwright.application.routes import Route
from fastwright.codebase.definitions import Function
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


def is_used(route: Route, application: Application) -> bool:
    """Tell whether each request for a route uses an async database."""
    functions = application.functions_of(route)
    return any(_takes_one(each, application) for each in functions) or any(
        _awaits(each, end, _PACKAGES, application)
        for each, end in _surely_run(functions, application)
    )


def is_redis_used(route: Route, application: Application) -> bool:
    """Tell whether each request for a route uses Redis through its async client."""
    return any(
        _awaits(each, end, _REDIS, application)
        for each, end in _surely_run(application.functions_of(route), application)
    )


def is_shared(application: Application) -> bool:
    """Tell whether a module makes at import what belongs to the loop that uses it first."""
    return any(each.function.is_module for each in application.codebase.calls_to(*_MAKERS))


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
    return any(map(_is_one, found))


def _takes_one(function: Function, application: Application) -> bool:
    for parameter in function.parameters:
        value: Value | None = application.dependencies.injected(parameter, function)
        if value is None and parameter.annotation is not None:
            outer = function.outer or function
            value = application.codebase.resolver.annotated(parameter.annotation, outer)
        if _is_one(value):
            return True
    return False


def _is_one(value: Value | None) -> bool:
    return isinstance(value, Instance) and str(value.of).startswith(_PACKAGES)


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
