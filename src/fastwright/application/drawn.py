"""Drawn values: what the server makes up at random, such as a first password."""

from collections.abc import Iterator

from fastwright.codebase import arguments
from fastwright.codebase.codebase import Codebase
from fastwright.codebase.definitions import Function
from fastwright.codebase.values import External, FunctionValue
from fastwright.source.nodes import wrap
from fastwright.source.scopes import Form
from fastwright.source.syntax import (
    Await,
    BinaryOperation,
    Call,
    Collection,
    Conditional,
    Expression,
    Name,
    walk,
)

_RANDOM = ("secrets.", "random.", "os.urandom", "uuid.uuid4")
_DEEPEST = 6  # names, functions and callers followed, one after the other


def is_drawn(
    node: Expression, function: Function, codebase: Codebase, depth: int = _DEEPEST
) -> bool:
    """Tell whether a value is made up at random, whichever way it comes here."""
    match node:
        case Await(inner):
            return is_drawn(inner, function, codebase, depth)
        case BinaryOperation(_, "or" | "and") | Conditional():
            return False  # it may be what somebody sent
        case _ if any(_is_random(each, function, codebase) for each in walk(node)):
            return True
        case Name() | Call() if depth:
            sources = list(_sources(node, function, codebase))
            return bool(sources) and all(
                each is not None and is_drawn(each, scope, codebase, depth - 1)
                for each, scope in sources
            )
    return False


def _is_random(node: object, function: Function, codebase: Codebase) -> bool:
    if not isinstance(node, Call):
        return False
    called = codebase.resolver.value(node.function, function)
    return isinstance(called, External) and called.name.startswith(_RANDOM)


def _sources(
    node: Name | Call, function: Function, codebase: Codebase
) -> Iterator[tuple[Expression | None, Function]]:
    """Yield what a variable was given, or what a function returns; None where it is unknown."""
    if isinstance(node, Call):
        yield from _returned(node, None, function, codebase)
        return
    bindings = function.details.bindings.get(node.id, ())
    for binding in bindings:
        match binding:
            case (Form.VALUE | Form.ANNOTATED, _, (*_,) as raw, *_):
                yield wrap(raw), function
            case (Form.UNPACKED, _, (*_,) as raw, int(position), *_):
                yield from _returned(wrap(raw), position, function, codebase)
            case _:
                yield None, function
    if node.id in function.parameter_names:
        if bindings:
            yield None, function
        for call in codebase.calls_of(function):
            yield arguments.passed(call.node, node.id, function), call.function


def _returned(
    node: Expression, position: int | None, function: Function, codebase: Codebase
) -> Iterator[tuple[Expression | None, Function]]:
    """Yield what a called function returns, or what stands there at a position."""
    call = node.value if isinstance(node, Await) else node
    called = codebase.resolver.value(call.function, function) if isinstance(call, Call) else None
    if not isinstance(called, FunctionValue):
        yield None, function
        return
    for raw in called.function.details.returns:
        match wrap(raw):
            case Expression() as value if position is None:
                yield value, called.function
            case Collection(_, items) if position is not None and position < len(items):
                yield items[position], called.function
            case _:
                yield None, called.function
