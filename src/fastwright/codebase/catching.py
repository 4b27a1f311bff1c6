"""Whether an exception that is raised at a place would be caught again in the same function."""

from fastwright.codebase.codebase import Codebase
from fastwright.codebase.definitions import Class, Function
from fastwright.codebase.values import ClassValue, External
from fastwright.source import surroundings
from fastwright.source.nodes import Node
from fastwright.source.syntax import (
    Attribute,
    Call,
    Collection,
    Expression,
    Handler,
    Name,
    Raise,
    Return,
    Try,
    With,
    walk_all,
)


def may_be_caught(
    node: Node, raised: Class | str | None, function: Function, codebase: Codebase
) -> bool:
    """Tell whether what is raised at a node may not leave the function; `raised` is its class.

    A handler that raises the same again lets it through.
    """
    for around in surroundings.around(function.body, node):
        match around:
            case With(items) if any(_suppresses(each.value) for each in items):
                return True
            case Try(body, handlers, _, final):
                if any(isinstance(each, Return) for each in walk_all(final)):
                    return True
                if surroundings.holds(body, node) and _is_held(
                    handlers, raised, function, codebase
                ):
                    return True
    return False


def _suppresses(entered: Expression) -> bool:
    match entered:
        case Call(Name("suppress") | Attribute(_, "suppress")):
            return True
    return False


def _is_held(
    handlers: tuple[Handler, ...],
    raised: Class | str | None,
    function: Function,
    codebase: Codebase,
) -> bool:
    for handler in handlers:
        if _may_take(handler.type, raised, function, codebase):
            match handler.body:
                case (*_, Raise(None)):
                    if _is_sure(handler.type, raised, function, codebase):
                        return False
                case _:
                    return True
    return False


def _may_take(
    kind: Expression | None, raised: Class | str | None, function: Function, codebase: Codebase
) -> bool:
    match kind:
        case None:
            return True
        case Collection(_, items):
            return any(_may_take(each, raised, function, codebase) for each in items)
    match codebase.resolver.value(kind, function):
        case External(name):
            return raised is None or codebase.is_a(raised, name)
        case ClassValue(definition) if isinstance(raised, Class):
            return definition in codebase.resolver.lineage(raised)
        case ClassValue():
            return raised is None
    return True


def _is_sure(
    kind: Expression | None, raised: Class | str | None, function: Function, codebase: Codebase
) -> bool:
    """Tell whether a handler takes it for certain, so that no later one is asked."""
    match kind:
        case None:
            return True
        case Collection(_, items):
            return any(_is_sure(each, raised, function, codebase) for each in items)
    value = codebase.resolver.value(kind, function)
    return value is not None and _may_take(kind, raised, function, codebase) and raised is not None
