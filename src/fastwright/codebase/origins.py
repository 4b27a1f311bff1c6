"""Follows a name to the expression that it was given."""

from collections.abc import Iterator

from fastwright.codebase import names
from fastwright.codebase.definitions import Class, Scope
from fastwright.codebase.modules import Module
from fastwright.codebase.resolver import Resolver
from fastwright.codebase.values import ClassValue, Instance, ModuleValue
from fastwright.source.nodes import Raw, wrap
from fastwright.source.scopes import Binding, Form
from fastwright.source.syntax import (
    Attribute,
    BinaryOperation,
    Collection,
    Expression,
    Name,
    Starred,
)

_LONGEST = 20  # steps from name to name; more is taken for a circle

Origin = tuple[Expression, Scope]


def follow(node: Expression, scope: Scope, resolver: Resolver) -> Origin | None:
    """Return the expression behind a name or attribute, and where it stands.

    What is neither a name nor an attribute is its own origin.
    """
    *_, last = trail(node, scope, resolver)
    return None if isinstance(last[0], Name | Attribute) else last


def trail(node: Expression, scope: Scope, resolver: Resolver) -> Iterator[Origin]:
    """Yield an expression, what it was given where it is a name or attribute, and so on.

    The last may be a name or attribute of which the origin is not known.
    """
    found: Origin | None = node, scope
    for _ in range(_LONGEST):
        if found is None:
            return
        yield found
        match found:
            case (Name(name) as at, where):
                found = _of_name(name, at.start, where, resolver)
            case (Attribute(base, name), where):
                found = _of_attribute(base, name, where, resolver)
            case _:
                return


def items(
    node: Expression, scope: Scope, resolver: Resolver, around: tuple[Raw, ...] = ()
) -> Iterator[Origin]:
    """Yield the items of a list or tuple that is written out, here or where its name is bound.

    `around` are the lists that it is a part of: one may name itself, as `a = a + [b]` does.
    """
    if any(node.raw is each for each in around):
        return
    around = (*around, node.raw)
    match node:
        case Collection(_, written):
            for item in written:
                if isinstance(item, Starred):
                    yield from items(item.value, scope, resolver, around)
                else:
                    yield item, scope
        case BinaryOperation(left, "+", right):
            yield from items(left, scope, resolver, around)
            yield from items(right, scope, resolver, around)
        case Name() | Attribute():
            origin = follow(node, scope, resolver)
            if origin is not None:
                yield from items(*origin, resolver, around)


def _of_name(name: str, position: int, scope: Scope, resolver: Resolver) -> Origin | None:
    found = names.bindings_of(name, scope)
    if found is None or names.inner(name, scope, position):
        return None
    bindings, where = found
    if where is not scope:
        position = names.END
    if names.is_rebound(bindings):
        return None
    return _of_binding(names.at(bindings, position)[0], where, resolver)


def _of_attribute(base: Expression, name: str, scope: Scope, resolver: Resolver) -> Origin | None:
    match resolver.value(base, scope):
        case ModuleValue(module):
            return _in_module(module, name, resolver)
        case ClassValue(definition) | Instance(Class() as definition):
            for each in resolver.lineage(definition):
                if isinstance(each, Class) and (bound := each.bound(name)):
                    return _of_binding(bound[-1], each, resolver)
            return _of_assigned(definition, name, resolver)
    return None


def _of_assigned(definition: Class, name: str, resolver: Resolver) -> Origin | None:
    """Return what methods give to an attribute, where there is only one such statement."""
    assigned = [
        (binding, method)
        for each in resolver.lineage(definition)
        if isinstance(each, Class)
        for method, binding in each.assigned(name)
    ]
    return _of_binding(*assigned[0], resolver) if len(assigned) == 1 else None


def _in_module(module: Module, name: str, resolver: Resolver) -> Origin | None:
    bindings = names.of_module(name, module)
    return _of_binding(bindings[-1], module.top, resolver) if bindings else None


def _of_binding(binding: Binding, where: Scope, resolver: Resolver) -> Origin | None:
    """Return what a binding gives to its name, through any number of imports; not in a circle."""
    for _ in range(_LONGEST):
        match binding[0]:
            case Form.VALUE | Form.ANNOTATED if binding[2] is not None:
                return wrap(binding[2]), where
            case Form.IMPORTED if binding[4] is not None:
                found = resolver.module_of(where.module, binding[2], binding[3])
                bindings = names.of_module(binding[4], found) if found else []
                if found is None or not bindings:
                    return None
                binding, where = bindings[-1], found.top
            case _:
                return None
    return None
