"""Questions about an application that several good forms ask."""

from collections.abc import Iterator
from typing import Any

from fastwright.application.application import Application
from fastwright.application.models import Model
from fastwright.application.routes import Route
from fastwright.codebase.definitions import CallSite, Class, Function
from fastwright.codebase.values import ClassValue, External, Instance
from fastwright.source.syntax import Raise, walk_all


def handed_to_threads(application: Application, name: str) -> Iterator[Function]:
    """Yield the functions that what routes reach passes to a call."""
    for call in application.codebase.calls_to(name):
        if call.function in application.served:
            yield from application.codebase.graph.functions_passed(call)


def library_calls(application: Application, start: Function) -> Iterator[str]:
    """Yield what a function and all that it runs call of libraries."""
    for function in application.codebase.graph.reached(start):
        for call in function.calls:
            called = application.codebase.target(call)
            if isinstance(called, External):
                yield called.name


def raised(statement: Raise, function: Function, application: Application) -> object:
    value = statement.value and application.codebase.resolver.value(statement.value, function)
    if isinstance(value, Instance) and isinstance(value.of, str):
        return External(value.of)
    return value


def raises_own(function: Function, application: Application) -> bool:
    """Tell whether a function raises an exception class of the codebase."""
    return any(
        isinstance(each, Raise) and isinstance(raised(each, function, application), ClassValue)
        for each in walk_all(function.body)
    )


def is_decorated(function: Function, application: Application, name: str) -> bool:
    return any(
        application.codebase.resolver.value(getattr(each, "function", each), function.module.top)
        == External(name)
        for each in function.decorators
    )


def fields_with(application: Application, keyword: str) -> Iterator[str]:
    """Yield the names of fields whose `Field` is given a keyword."""
    for model in application.models.all:
        for field in model.own_fields:
            call: Any = field.default
            if any(each.name == keyword for each in getattr(call, "keywords", ())):
                yield field.name


def writing_routes(application: Application) -> list[Route]:
    return [each for each in application.routes if each.methods & {"POST", "PUT", "PATCH"}]


def route_of(method: str, path: str, application: Application) -> Route:
    (found,) = (each for each in application.routes if each.path == path and method in each.methods)
    return found


def model_of(annotation: Any, function: Function, application: Application) -> Model | None:
    value = annotation and application.codebase.resolver.annotated(annotation, function)
    of = value.of if isinstance(value, Instance) else None
    return application.models.of(of) if isinstance(of, Class) else None


def answer_of(route: Route, application: Application) -> Model | None:
    declared = route.keyword("response_model") or route.function.node.returns
    return model_of(declared, route.function, application)


def argument(call: CallSite, position: int, application: Application) -> object:
    """Return what a call is given at a position."""
    node = call.node.arguments[position]
    return application.codebase.resolver.value(node, call.function)
