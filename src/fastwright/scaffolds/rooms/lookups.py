"""The dependency of a project that gives the row which a path names."""

import re
from dataclasses import dataclass

from fastwright.application.models import Model
from fastwright.codebase.definitions import Function
from fastwright.codebase.values import FunctionValue
from fastwright.scaffolds.room import Asks, Injected, Symbol
from fastwright.scaffolds.rooms.injections import Injection, Injections
from fastwright.scaffolds.rooms.surroundings import Surroundings

_REFUSES = re.compile(r"\braise\b|404|NOT_FOUND")
# What gives only some rows, or gives them to some users only.
_SOME = re.compile(
    r"(?i)own|admin|author|edit|modif|delet|creat|updat|permi|allow|manag|member|super|current"
    r"|self|my_|draft|publish|active|optional|none"
)
_SESSION = re.compile(r"(?i)session|\bdb")
_DEEPEST = 6


@dataclass(frozen=True, slots=True)
class Lookup:
    """A dependency, what its parameter in a path is called, and whom it lets in."""

    injected: Injected
    parameter: str
    asks: Asks


def lookup(
    around: Surroundings, injections: Injections, model: Model, entity: str, found: Symbol
) -> Lookup | None:
    """Return what gives one of a model's rows, or refuses; None where nothing does for all alike.

    `found` is the model as it is imported.
    """
    names = {f"{entity}_{each}" for each in ("id", "uuid", "uid", "pk")} | {"id", "uuid"}
    for each in injections.that(lambda each: each.gives.most_common(1)[:1] != []):
        given, _ = each.gives.most_common(1)[0]
        function = injections.symbol(each)
        if given != model.definition or function is None or not _is_for_all(each):
            continue
        parameters = _open_parameters(each.function, around)
        if parameters is not None and len(parameters) == 1 and parameters[0] in names:
            injected = Injected(injections.alias(each), function, found)
            return Lookup(injected, parameters[0], _asks(each, around))
    return None


def _is_for_all(injection: Injection) -> bool:
    function = injection.function
    return _REFUSES.search(function.text) is not None and not _SOME.search(function.name)


def _open_parameters(function: Function, around: Surroundings, depth: int = 0) -> list[str] | None:
    """Return what a request gives to a dependency and those below; None where it is not known."""
    if depth > _DEEPEST:
        return None
    dependencies = around.application.dependencies
    found: list[str] = []
    for parameter in function.parameters:
        dependency = dependencies.of_parameter(parameter, function)
        if dependency is None:
            found.append(parameter.name)
        elif isinstance(dependency.provided, FunctionValue):
            below = _open_parameters(dependency.provided.function, around, depth + 1)
            if below is None:
                return None
            found += below
    return found


def _asks(injection: Injection, around: Surroundings) -> Asks:
    """Tell whom a lookup lets in, by what it asks for beside a session."""
    function = injection.function
    dependencies = around.application.dependencies
    injected = (dependencies.of_parameter(each, function) for each in function.parameters)
    types = (
        function.module.source(each.parameter.annotation)
        for each in injected
        if each is not None and each.parameter is not None and each.parameter.annotation is not None
    )
    return Asks.NOBODY if all(map(_SESSION.search, types)) else Asks.SOMEBODY
