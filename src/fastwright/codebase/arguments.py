"""Which argument of a call is for which parameter of a function of the codebase."""

from collections.abc import Iterator

from fastwright.codebase import members
from fastwright.codebase.definitions import Function
from fastwright.source.syntax import Call, Expression, Starred


def passed(call: Call, name: str, function: Function) -> Expression | None:
    """Return what a call passes for a parameter; None where that is nothing, or cannot be told."""
    names = _positional(function)
    if name in names:
        return call.argument(names.index(name), name)
    return call.keyword(name)


def by_parameter(call: Call, function: Function) -> Iterator[tuple[str, Expression]]:
    """Yield what a call passes, with the names of the parameters that take it."""
    yield from zip(_positional(function), call.arguments, strict=False)
    yield from ((each.name, each.value) for each in call.keywords if each.name is not None)


def unpacks(call: Call) -> bool:
    """Tell whether a call passes `*` or `**`, of which nobody knows what they hold."""
    return any(isinstance(each, Starred) for each in call.arguments) or any(
        each.name is None for each in call.keywords
    )


def _positional(function: Function) -> list[str]:
    """Return the parameters that positions may fill: without the object of a method."""
    names = [each.name for each in function.parameters if each.form in {"positional", "plain"}]
    is_bound = function.owner is not None and not members.is_static(function)
    return names[1:] if is_bound else names
