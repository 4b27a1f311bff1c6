"""Batches: loops over groups of items, of which each round asks for all of a group at once."""

from collections.abc import Iterator, Sequence

from fastwright.application.loops import Loop, iterable, target
from fastwright.codebase import arguments
from fastwright.codebase.definitions import CallSite, Function
from fastwright.source.nodes import Node
from fastwright.source.syntax import (
    Assign,
    Attribute,
    Call,
    Collection,
    Comprehension,
    Expression,
    For,
    Name,
    Subscript,
    walk,
    walk_all,
)

# Methods and functions that are given many values or rows.
_TAKES_MANY = {"any_", "in_", "values"}

# Calls that lead to a query one after the other, each with the function that it runs.
Way = Sequence[tuple[Expression, Function]]


def is_batch(way: Way, sent: CallSite, loop: Loop) -> bool:
    """Tell whether a query that a loop leads to, itself or by a way, is given a whole group."""
    groups = set(_groups(loop))
    for node, function in way:
        groups = (
            {
                name
                for name, given in (arguments.by_parameter(node, function) if groups else ())
                if isinstance(given, Name) and given.id in groups
            }
            if isinstance(node, Call)
            else set()
        )
    return bool(groups) and _takes(sent.node, groups, sent.function)


def _groups(loop: Loop) -> Iterator[str]:
    """Yield the names that hold many items in each round: what a dict has for a key."""
    match target(loop), iterable(loop):
        case Collection(_, (_, Name(name))), Call(Attribute(_, "items"), ()):
            yield name
    keys = {each.id for each in walk(target(loop)) if isinstance(each, Name)}
    body = loop.body if isinstance(loop, For) else ()
    for each in walk_all(body, Assign):
        match each:
            case Assign((Name(name),), _, Subscript(Name(), (key,))) if _mentions(key, keys):
                yield name
            case Assign((Name(name),), _, Call(Attribute(Name(), "get"), (key, *_))):
                if _mentions(key, keys):
                    yield name
            case Assign((Name(name),), _, Comprehension(_, _, clauses)):
                if isinstance(clauses[0].iterable, Attribute) and _mentions(
                    clauses[0].iterable, keys
                ):
                    yield name
            case Assign((Name(key), *_)) if _mentions_any(each, keys):
                keys.add(key)


def _mentions_any(assign: Assign, keys: set[str]) -> bool:
    return assign.value is not None and _mentions(assign.value, keys)


def _takes(node: Call, groups: set[str], function: Function) -> bool:
    """Tell whether a query takes one of some groups as many values or rows."""
    for each in _expanded(node, function):
        match each:
            case Call(Attribute(_, name) | Name(name), (first, *_)) if name in _TAKES_MANY:
                if _mentions(first, groups):
                    return True
    return False


def _expanded(node: Node, function: Function) -> Iterator[Node]:
    """Yield the nodes of an expression, and of what its names were given before, each once."""
    given: dict[str, list[Expression]] = {}
    for assign in walk_all(function.body, Assign):
        match assign:
            case Assign((Name(name),), _, Expression() as value):
                given.setdefault(name, []).append(value)
    pending = [node]
    while pending:
        root = pending.pop()
        for each in walk(root):
            yield each
            if isinstance(each, Name):
                values = given.pop(each.id, [])
                pending += [value for value in values if value.end <= root.start]
                given[each.id] = [value for value in values if value.end > root.start]


def _mentions(node: Node, names: set[str]) -> bool:
    return any(isinstance(each, Name) and each.id in names for each in walk(node))
