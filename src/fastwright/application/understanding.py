"""How much of an application was understood: for `--model`, and the closing line of a review."""

from collections.abc import Iterable, Iterator
from typing import Any

from fastwright.application.application import Application
from fastwright.application.dependencies import Dependency
from fastwright.application.models import Model
from fastwright.application.routers import Router
from fastwright.application.routes import Route
from fastwright.codebase.definitions import Class, Function
from fastwright.codebase.modules import Module
from fastwright.codebase.values import ClassValue, External, FunctionValue, Instance, Value
from fastwright.source.nodes import Node
from fastwright.source.places import Step

Document = dict[str, Any]
# A function, by its path and key, with how many calls it makes and how many are not resolved.
Counted = tuple[str, str, int, int]


def summary(application: Application) -> dict[str, int]:
    """Return the counts of what was read.

    `calls` are those that routes reach and whose last name is defined in the codebase;
    `unresolved` of them could not be followed.
    """
    codebase = application.codebase
    return {
        "files": len(codebase.modules),
        "lines": sum(module.lines for module in codebase.modules),
        "functions": sum(len(module.functions) - 1 for module in codebase.own_modules),
        "routes": len(application.routes),
        **total(counted(application)),
    }


def total(found: Iterable[Counted]) -> dict[str, int]:
    """Return how many calls were counted, each function's once."""
    functions = set(found)
    calls = sum(calls for _, _, calls, _ in functions)
    unresolved = sum(unresolved for *_, unresolved in functions)
    return {"calls": calls, "resolved": calls - unresolved, "unresolved": unresolved}


def counted(application: Application) -> Iterator[Counted]:
    """Yield for all that routes reach how many calls are of a name that the codebase defines."""
    codebase = application.codebase

    def count(function: Function) -> Counted:
        habit = codebase.habits.of(function)
        return function.module.path, function.key, habit.calls, habit.unresolved

    for start in application.each_start():
        yield from map(count, application.reached([start]))


def unknowns(application: Application) -> list[Step]:
    """Return what is put together in ways that reading alone cannot follow."""
    included = [
        _step(call.function.module, call.node, "includes a router that could not be followed")
        for call in application.routers.unknown
    ]
    registered = [
        _step(scope.module, call, "registers a route in a way that could not be followed")
        for scope, call in application.unknown_routes
    ]
    return included + registered


def unresolved(application: Application) -> Iterator[Step]:
    """Yield the calls that `summary` counts as unresolved, each once, by path and line."""
    reached = application.reached(application.starts)
    for function in sorted(reached, key=lambda each: (each.module.path, each.node.start)):
        for call in application.codebase.habits.unresolved(function):
            called = " ".join(function.module.source(call.node.function).split())
            yield _step(
                function.module, call.node, f"calls `{called}`, which could not be followed"
            )


def model(application: Application) -> Document:
    """Return what was understood, as plain values for JSON.

    Paths, prefixes and providers that could not be read are null; every place is `path:line`.
    """
    entrypoint = application.entrypoint
    return {
        "entrypoint": entrypoint and _at(entrypoint.scope.module, entrypoint.call),
        "applications": [_router(each) for each in application.routers.all if each.is_application],
        "routers": [_router(each) for each in application.routers.all if not each.is_application],
        "routes": [_route(each, application) for each in application.routes],
        "entries": [
            {
                "function": entry.function.qualified_name,
                "role": str(entry.role),
                "async": entry.function.is_async,
                "at": _at(entry.function.module, entry.function.node),
            }
            for entry in application.entries
        ],
        "schemas": [_model(each) for each in application.schemas],
        "tables": [{**_model(each), "table": each.table_name} for each in application.tables],
        "settings": [_model(each) for each in application.settings],
        "migrations": [
            {
                "environment": each.module.path,
                "settings": each.ini_path,
                "revisions": [
                    {"revision": one.identifier, "parents": one.parents, "path": one.module.path}
                    for one in each.revisions
                ],
            }
            for each in application.migrations.environments
        ],
        "unknown": [_shown(step) for step in unknowns(application)],
        "unresolved": [_shown(step) for step in unresolved(application)],
        "summary": summary(application),
    }


def _router(router: Router) -> Document:
    return {
        "at": _at(router.scope.module, router.call),
        "prefix": router.prefix,
        "includes": [
            {
                "router": _at(each.child.scope.module, each.child.call),
                "prefix": each.prefix,
                "mount": each.is_mount,
                "at": _at(each.scope.module, each.call),
            }
            for each in router.includes
        ],
    }


def _route(route: Route, application: Application) -> Document:
    return {
        "methods": sorted(route.methods),
        "path": route.path,
        "paths": [registration.path for registration in route.registrations],
        "function": route.function.qualified_name,
        "async": route.function.is_async,
        "at": _at(route.function.module, route.function.node),
        "dependencies": [_dependency(each) for each in application.dependencies_of(route)],
    }


def _dependency(dependency: Dependency) -> Document:
    return {
        "parameter": dependency.parameter.name if dependency.parameter else None,
        "provided": _provided(dependency.provided),
        "security": dependency.is_security,
        "at": _at(dependency.scope.module, dependency.call),
    }


def _provided(value: Value | None) -> str | None:
    match value:
        case FunctionValue(function):
            return f"{function.module.path}:{function.qualified_name}"
        case ClassValue(definition) | Instance(Class() as definition):
            return f"{definition.module.path}:{definition.qualified_name}"
        case External(name) | Instance(str() as name):
            return name
        case _:
            return None


def _model(shown: Model) -> Document:
    module = shown.definition.module
    return {
        "name": shown.definition.qualified_name,
        "at": _at(module, shown.definition.node),
        "fields": list(shown.fields),
    }


def _shown(step: Step) -> Document:
    return {"path": step.path, "line": step.line, "text": step.text}


def _at(module: Module, node: Node) -> str:
    place = module.place(node)
    return f"{place.path}:{place.line}"


def _step(module: Module, node: Node, text: str) -> Step:
    return module.place(node).step(text)
