"""Tokens and passwords that come with a request, and what the code compares them with."""

import re
from collections.abc import Iterator
from functools import partial

from fastwright.application.application import Application
from fastwright.application.entries import Role
from fastwright.codebase.codebase import Codebase
from fastwright.codebase.definitions import Function
from fastwright.codebase.values import External, Instance
from fastwright.source.syntax import (
    Attribute,
    Call,
    Comparison,
    Expression,
    Name,
    Parameter,
    walk_all,
)

_ENDPOINTS = (Role.ROUTE, Role.DEPENDENCY)
_SECRET = re.compile(r"(x_)?(token|api_key|apikey|password|passwd|secret|secret_key)")
# What FastAPI makes of a request's name and password.
_CREDENTIALS = {
    "fastapi.security.HTTPBasicCredentials",
    "fastapi.security.OAuth2PasswordRequestForm",
}


def compared_with(application: Application) -> Iterator[tuple[Expression, Function]]:
    """Yield what routes and dependencies compare a received secret with, and where they do."""
    codebase = application.codebase
    for entry in application.entries:
        if entry.role in _ENDPOINTS:
            function = entry.function
            question = "received secrets", function.module.path, function.key
            given = set(codebase.remembered(question, partial(_given, function, codebase)))
            for other, received in _comparisons(function, codebase) if given else ():
                if _is_secret(received, given, function, codebase):
                    yield other, function


def _given(function: Function, codebase: Codebase) -> tuple[str, ...]:
    """Return the parameters that are, or hold, tokens or passwords."""
    return tuple(each.name for each in function.parameters if _may_be(each, function, codebase))


def _may_be(parameter: Parameter, function: Function, codebase: Codebase) -> bool:
    """Tell whether a parameter is, or holds, a token or password."""
    if _SECRET.fullmatch(parameter.name):
        return True
    if parameter.annotation is None:
        return False
    described = codebase.resolver.annotated(parameter.annotation, function.outer or function)
    return isinstance(described, Instance) and described.of in _CREDENTIALS


def _comparisons(function: Function, codebase: Codebase) -> Iterator[tuple[Expression, Expression]]:
    """Yield the two sides of each comparison, either of them first."""
    for node in walk_all(function.body):
        match node:
            case Comparison((one, other), ("==" | "!=",)):
                yield from ((one, other), (other, one))
            case Call(called, (one, other)):
                value = codebase.resolver.value(called, function)
                if isinstance(value, External) and value.name.endswith(".compare_digest"):
                    yield from ((one, other), (other, one))


def _is_secret(node: Expression, given: set[str], function: Function, codebase: Codebase) -> bool:
    """Tell whether an expression is a token or password out of the given parameters."""
    match node:
        case Attribute(Name(owner), "password"):
            return owner in given
        case Call(Attribute(base, "encode")):
            return _is_secret(base, given, function, codebase)
        case Name(name) if name in given:
            return _SECRET.fullmatch(name) is not None
        case Name():
            origin = codebase.origin(node, function)
            return origin is not None and _is_secret(origin[0], given, function, codebase)
        case _:
            return False
