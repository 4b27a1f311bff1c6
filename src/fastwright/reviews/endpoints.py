"""Narrows a review to one endpoint: its route, its dependencies, and all functions they reach."""

import difflib
from collections.abc import Iterable, Iterator

from fastwright.application.application import Application
from fastwright.application.dependencies import Dependency as Injected
from fastwright.application.routes import Route
from fastwright.codebase.definitions import Function
from fastwright.codebase.values import ClassValue, External
from fastwright.errors import UnknownRouteError
from fastwright.practice import Finding, Place, Step
from fastwright.reviews.review import Dependency, Endpoint
from fastwright.source.syntax import Attribute, Name

_LONGEST_NAME = 72


def find(application: Application, asked: str) -> tuple[Route, ...]:
    """Return the routes of `POST /posts`, or of a path whatever the method.

    Several applications of one codebase may have such a route. Raises `UnknownRouteError`, which
    suggests the nearest route, where none has.
    """
    method, _, path = asked.strip().rpartition(" ")
    method, path = method.strip().upper(), path.strip()
    found = tuple(
        route
        for route in application.routes
        if path in _paths(route) and (not method or method in route.methods)
    )
    if found:
        return found
    known = sorted(
        f"{each} {path}"
        for route in application.routes
        for each in route.methods
        for path in _paths(route)
    )
    near = difflib.get_close_matches(f"{method or 'GET'} {path}", known, n=1, cutoff=0.4)
    raise UnknownRouteError(
        f"There is no route “{asked}” among the {len(application.routes)} that were found.",
        suggestion=near[0] if near else None,
    )


def within(
    application: Application, routes: Iterable[Route], findings: Iterable[Finding]
) -> list[Finding]:
    """Return the findings that stand in what the routes reach, or at their own registration."""
    spans: dict[str, list[tuple[int, int]]] = {}
    for route in routes:
        module, call = route.scope.module, route.call
        registration = (module.position(call.start)[0], module.position(call.end)[0])
        spans.setdefault(module.path, []).append(registration)
        for function in _reached(application, route):
            place = function.module.place(function.node)
            start, _ = function.module.position(function.node.start)
            spans.setdefault(place.path, []).append((start, place.end_line))
        for dependency in application.dependency_tree(route):
            place = dependency.scope.module.place(dependency.call)
            spans.setdefault(place.path, []).append((place.line, place.end_line))
    return [
        each
        for each in findings
        if any(start <= each.at.line <= end for start, end in spans.get(each.at.path, ()))
    ]


def describe(application: Application, route: Route) -> Endpoint:
    """Return an endpoint with its dependency tree, and with what stayed unknown in its reach."""
    reached = _reached(application, route)
    codebase = application.codebase
    own = {each.name for each in codebase.functions} | {each.name for each in codebase.classes}
    unknown = [step for each in reached for step in _unknown(application, each, own)]
    return Endpoint(
        methods=tuple(sorted(route.methods)),
        path=route.path or "an unknown path",
        name=route.function.qualified_name,
        at=route.place,
        dependencies=tuple(_tree(application, application.dependencies_of(route), ())),
        reached=len(reached),
        unknown=tuple(sorted(unknown, key=lambda step: (step.path, step.line))),
    )


def _paths(route: Route) -> set[str]:
    registered = {each.path for each in route.registrations if each.path is not None}
    return registered or ({route.path} if route.path is not None else set())


def _reached(application: Application, route: Route) -> list[Function]:
    found = (each for each in application.reached_from(route) if not each.is_module)
    return sorted(found, key=lambda each: (each.module.path, each.index))


def _tree(
    application: Application, dependencies: Iterable[Injected], above: tuple[Function, ...]
) -> Iterator[Dependency]:
    for each in dependencies:
        functions = application.dependencies.functions(each)
        below: list[Dependency] = []
        for function in functions:
            if function not in above:
                further = application.dependencies.of_function(function)
                below += _tree(application, further, (*above, function))
        yield Dependency(_name(each), _place(functions), tuple(below))


def _name(dependency: Injected) -> str:
    """Return what is injected, as it is written in the code, on one line."""
    provider = dependency.call.argument(0, "dependency")
    match provider, dependency.provided:
        case None, ClassValue(definition):  # `Depends()` takes it from the annotation
            return definition.name
        case None, External(name):
            return name.rpartition(".")[2]
    source = dependency.scope.module.source(provider or dependency.call)
    written = " ".join(source.split())
    return written if len(written) <= _LONGEST_NAME else f"{written[:_LONGEST_NAME]}…"


def _place(functions: tuple[Function, ...]) -> Place | None:
    return functions[0].module.place(functions[0].node) if functions else None


def _unknown(application: Application, function: Function, own: set[str]) -> Iterator[Step]:
    """Yield the calls in a function that may go on into the codebase, who knows where."""
    codebase = application.codebase
    for call in function.calls:
        match call.node.function:
            case Name(name) | Attribute(_, name):
                is_own = name in own
            case _:
                is_own = False
        if is_own and codebase.target(call) is None:
            line, _ = function.module.position(call.node.start)
            text = " ".join(function.module.source(call.node.function).split())
            yield Step(function.module.path, line, f"`{text}()` could not be followed")
