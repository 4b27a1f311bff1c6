"""Bounds: whether something that a loop goes over can only ever have a few items."""

from collections.abc import Iterator

from fastwright.application.models import SETTINGS
from fastwright.codebase import names
from fastwright.codebase.codebase import Codebase
from fastwright.codebase.definitions import Class, Function
from fastwright.codebase.values import Instance
from fastwright.source.nodes import Node, wrap
from fastwright.source.scopes import Form
from fastwright.source.syntax import (
    Attribute,
    Call,
    Collection,
    Comparison,
    Constant,
    Dict,
    Expression,
    If,
    Name,
    Number,
    Raise,
    Return,
    Slice,
    Subscript,
    walk,
    walk_all,
)

# So many items are few: what is done for each of them does not grow.
_FEW = 100
_CONTAINERS = {"dict", "list", "set", "deque", "defaultdict"}
_LENGTHS = ("max_length", "max_items")


def is_bounded(over: Expression, function: Function, codebase: Codebase) -> bool:
    """Tell whether a loop goes over a few: by a slice, a refusal before it, a schema, settings."""
    if not isinstance(over, Name | Attribute | Subscript):
        return False
    return (
        _is_sliced(over, function, codebase)
        or _is_refused(over, function, codebase)
        or _is_declared(over, function, codebase)
        or _is_setting(over, function, codebase)
    )


def is_few(most: Expression, function: Function, codebase: Codebase) -> bool:
    """Tell whether a number is small as the code has it, by itself or by a `min` with one."""
    origin = codebase.origin(most, function)
    match origin and origin[0]:
        case Number(text):
            return text.isdigit() and int(text) <= _FEW
        case Call(Name("min"), numbers):
            return any(is_few(each, function, codebase) for each in numbers)
    return False


def _is_sliced(over: Expression, function: Function, codebase: Codebase) -> bool:
    match over:
        case Subscript(_, (Slice((end,)) as part,)):
            is_first = function.module.source(part).lstrip().startswith(":")
            return is_first and is_few(end, function, codebase)
    return False


def _is_refused(over: Expression, function: Function, codebase: Codebase) -> bool:
    """Tell whether a function refuses more items than a few before it goes over them."""
    source = function.module.source
    for statement in walk_all(function.body, If):
        match statement:
            case If(test, (*_, Raise() | Return())) if statement.end <= over.start:
                for each in walk(test):
                    match each:
                        case Comparison((Call(Name("len"), (counted,)), most), (">" | ">=",)) if (
                            source(counted) == source(over) and is_few(most, function, codebase)
                        ):
                            return True
    return False


def _is_declared(over: Expression, function: Function, codebase: Codebase) -> bool:
    """Tell whether a parameter, or a field of a schema, says how many items it takes at most."""
    for each in _declarations(over, function, codebase):
        for node in walk(each):
            if isinstance(node, Call):
                for name in _LENGTHS:
                    most = node.keyword(name)
                    if isinstance(most, Number) and most.text.isdigit() and int(most.text) <= _FEW:
                        return True
    return False


def _declarations(over: Expression, function: Function, codebase: Codebase) -> Iterator[Expression]:
    match over:
        case Name(name):
            for parameter in function.parameters:
                if parameter.name == name:
                    yield from filter(None, (parameter.annotation, parameter.default))
        case Attribute(base, name):
            value = codebase.resolver.value(base, function)
            if isinstance(value, Instance) and isinstance(value.of, Class):
                for binding in value.of.bound(name):
                    if binding[0] == Form.ANNOTATED:
                        yield from (wrap(raw) for raw in binding[2:4] if raw is not None)


def _is_setting(over: Expression, function: Function, codebase: Codebase) -> bool:
    """Tell whether it is what the process was started with, not what comes with a request."""
    match over:
        case Name(name):
            found = names.bindings_of(name, function)
            if found is None or found[1] is function:
                return False
            origin = codebase.origin(over, function)
            if origin is None or not (isinstance(origin[1], Function) and origin[1].is_module):
                return False
            return not _is_empty(origin[0])
        case Attribute(base):
            value = codebase.resolver.value(base, function)
            return isinstance(value, Instance) and codebase.is_a(value.of, *SETTINGS)
    return False


def _is_empty(node: Node) -> bool:
    """Tell whether something begins empty, to be filled while the process runs."""
    match node:
        case Collection(_, items):
            return not items
        case Dict(pairs):
            return not pairs
        case Call(Name(name) | Attribute(_, name)):
            return name[:1].isupper() or name in _CONTAINERS
    return isinstance(node, Constant)
