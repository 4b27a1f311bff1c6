"""Strings that the code puts together, of settings too as they are by default."""

from fastwright.codebase.codebase import Codebase
from fastwright.codebase.definitions import Function, Scope
from fastwright.codebase.values import Text
from fastwright.source.syntax import (
    BinaryOperation,
    Call,
    Expression,
    FormattedString,
    Name,
    String,
)

_DEEPEST = 8


def read(node: Expression | None, scope: Scope, codebase: Codebase, depth: int = 0) -> str | None:
    """Return a string, "" where there is no expression, None where it cannot be told."""
    if node is None:
        return ""
    if depth > _DEEPEST:
        return None
    value = codebase.resolver.value(node, scope)
    if isinstance(value, Text):
        return value.value
    match node:
        case String(str() as text):
            return text
        case FormattedString(parts):
            return _joined(parts, scope, codebase, depth)
        case Name(name) if (default := _default(name, scope)) is not None:
            return read(default, scope, codebase, depth + 1)
        case BinaryOperation(left, "+", right):
            return _joined((left, right), scope, codebase, depth)
        case Call(_, (), ()) | Call():
            default = node.keyword("default") or next(iter(node.arguments), None)
            return read(default, scope, codebase, depth + 1) if default is not None else None
    origin = codebase.origin(node, scope)
    if origin is None or origin[0] == node:
        return None
    return read(*origin, codebase, depth + 1)


def _default(name: str, scope: Scope) -> Expression | None:
    """Return what a parameter is where nobody gives it."""
    parameters = scope.parameters if isinstance(scope, Function) else ()
    return next((each.default for each in parameters if each.name == name), None)


def _joined(
    parts: tuple[Expression, ...], scope: Scope, codebase: Codebase, depth: int
) -> str | None:
    found = [read(each, scope, codebase, depth + 1) for each in parts]
    return None if None in found else "".join(each for each in found if each)
