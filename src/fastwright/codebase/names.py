"""How names came to their values: the bindings that count at a place in the code."""

import sys

from fastwright.codebase.definitions import Class, Function, Scope
from fastwright.codebase.modules import Module
from fastwright.source.nodes import wrap
from fastwright.source.scopes import LIMIT, Binding, Form
from fastwright.source.syntax import Expression

# A position after everything: for names that are used where all of their scope has run.
END = sys.maxsize

_LIMITED = {Form.ITEM, Form.OTHER, Form.LAMBDA}


def bindings_of(name: str, scope: Scope) -> tuple[list[Binding], Scope] | None:
    """Return the bindings of a name in the nearest scope that has it, by Python's rules.

    Those of comprehensions and lambdas are left aside: see `inner`. None where only a parameter, a
    star import or a builtin can have the name: see `parameter_owner`.
    """
    current: Scope | None = scope
    while current is not None:
        own = _own(current, name)
        if own and (found := [each for each in own if not _is_limited(each)]):
            return found, current
        if isinstance(current, Function) and name in current.parameter_names:
            return None
        current = _outer(current)
    return None


def inner(name: str, scope: Scope, position: int) -> Binding | None:
    """Return the binding of a name by the innermost comprehension or lambda around a place.

    Only where there is one is it noted that the scope was looked into: who finds none goes on to
    `bindings_of`.
    """
    bindings = scope.unnoted_bindings.get(name)
    if not bindings:
        return None
    around = [
        each
        for each in bindings
        if _is_limited(each)
        and each[1] <= position < each[LIMIT]
        and not (each[2] and each[2][1] <= position < each[2][2])  # what it goes over is outside
    ]
    if not around:
        return None
    _own(scope, name)
    return max(around, key=_start)


def _start(binding: Binding) -> int:
    return int(binding[1])


def parameter_owner(name: str, scope: Scope) -> Function | None:
    """Return the function whose parameter a name is."""
    current: Scope | None = scope
    while current is not None:
        if isinstance(current, Function) and name in current.parameter_names:
            return current
        current = _outer(current)
    return None


def at(bindings: list[Binding], position: int) -> list[Binding]:
    """Return bindings in the order in which they count at a place: the nearest above it first.

    Those below come last: in a loop, or another function, they may have run already.
    """
    if len(bindings) == 1:
        return bindings
    below = [each for each in bindings if _bound_from(each) > position]
    return above(bindings, position) + below


def above(bindings: list[Binding], position: int) -> list[Binding]:
    """Return the bindings above a place, the nearest first."""
    return [each for each in reversed(bindings) if _bound_from(each) <= position]


def of_module(name: str, module: Module) -> list[Binding]:
    """Return the bindings of a name by a module's own code."""
    return [each for each in module.bound(name) if not _is_limited(each)]


def given(binding: Binding) -> Expression | None:
    """Return the expression that a binding gives to its name, as `name = expression` does."""
    if binding[0] in (Form.VALUE, Form.ANNOTATED) and binding[2] is not None:
        value: Expression = wrap(binding[2])
        return value
    return None


def is_rebound(bindings: list[Binding]) -> bool:
    """Tell whether a name gets values in ways that are not followed."""
    return any(each[0] == Form.OTHER for each in bindings)


def _is_limited(binding: Binding) -> bool:
    return binding[0] in _LIMITED and len(binding) > LIMIT


def _own(scope: Scope, name: str) -> list[Binding]:
    if isinstance(scope, Class):
        return scope.bound(name)
    return scope.module.bound(name) if scope.is_module else scope.details.bindings.get(name, [])


def _outer(scope: Scope) -> Scope | None:
    """Return the scope around: methods do not see the body of their class."""
    if isinstance(scope, Class):
        return scope.scope
    return scope.outer


def _bound_from(binding: Binding) -> int:
    """Return the offset from which a name has its value: that of `x = x + 1` still sees the old."""
    if binding[0] <= Form.UNPACKED and binding[2] is not None:
        return int(binding[2][2])
    return int(binding[1])
