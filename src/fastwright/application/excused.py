"""Excused traces: ways to a call that blocks which are not gone, or not more than once."""

from collections.abc import Iterator

from fastwright.application import kept
from fastwright.codebase import arguments
from fastwright.codebase.calls import Edge
from fastwright.codebase.codebase import Codebase
from fastwright.codebase.definitions import Class, Function, Scope
from fastwright.codebase.values import Instance
from fastwright.codebase.witnesses import Trace
from fastwright.source import surroundings
from fastwright.source.nodes import wrap
from fastwright.source.scopes import Form
from fastwright.source.syntax import (
    Assign,
    Attribute,
    BinaryOperation,
    Call,
    Comparison,
    Constant,
    Expression,
    If,
    Name,
    Raise,
    Return,
    walk_all,
)

_SYNC = "sqlalchemy.orm.Session"
_ASYNC = "sqlalchemy.ext.asyncio.AsyncSession"


def is_excused(trace: Trace, codebase: Codebase) -> bool:
    """Tell whether a way to a call that blocks is not gone whenever it could be.

    That is a file that is kept for each key, what needs an attribute that the object was not made
    with, what comes after an answer to the very question that the caller asked, and a method of a
    sync session where an async one is handed over.
    """
    return (
        kept.is_kept(trace, codebase)
        or _lacks_attribute(trace, codebase)
        or _is_answered_before(trace)
        or _is_async_session(trace, codebase)
    )


def _lacks_attribute(trace: Trace, codebase: Codebase) -> bool:
    """Tell whether what leads on depends on an attribute that the object was not given."""
    nodes = [*(edge.node for edge in trace.edges[1:]), trace.site.node]
    return any(
        _is_left_out(name, trace.edges[: position + 1], codebase)
        for position, edge in enumerate(trace.edges)
        for name in _needed(nodes[position], edge.to)
    )


def _needed(node: Expression, function: Function) -> Iterator[str]:
    """Yield the attributes of its object that a method needs to be set to get to a place."""
    receiver = _receiver(function)
    if receiver is None:
        return
    for each in surroundings.around(function.body, node):
        if isinstance(each, If) and surroundings.holds(each.body, node):
            yield from _asked_for(each.test, receiver)


def _receiver(function: Function) -> str | None:
    has_one = function.owner is not None and bool(function.parameters)
    return function.parameters[0].name if has_one else None


def _asked_for(test: Expression, receiver: str) -> Iterator[str]:
    match test:
        case Attribute(Name(owner), name) if owner == receiver:
            yield name
        case Comparison((Attribute(Name(owner), name), Constant("None")), ("is not",)):
            if owner == receiver:
                yield name
        case BinaryOperation(left, "and", right):
            yield from _asked_for(left, receiver)
            yield from _asked_for(right, receiver)


def _is_left_out(name: str, way: tuple[Edge, ...], codebase: Codebase) -> bool:
    """Tell whether the object of the last method is made without an attribute, which is None."""
    for edge in reversed(way):
        match edge.node:
            case Call(Attribute(base)):
                value = codebase.resolver.value(base, edge.caller)
            case _:
                return False
        if isinstance(base, Name) and base.id == _receiver(edge.caller):
            continue  # a method of the same object
        if isinstance(value, Instance) and isinstance(value.of, Class) and value.made:
            return _is_made_without(name, value.of, *value.made)
        return False
    return False


def _is_made_without(name: str, made: Class, call: Call, scope: Scope) -> bool:
    if call.arguments or any(each.name in {None, name} for each in call.keywords):
        return False
    if not isinstance(scope, Function) or _is_set(name, scope) or any(made.assigned(name)):
        return False
    return any(
        binding[0] == Form.ANNOTATED and binding[2] is not None and _is_none(wrap(binding[2]))
        for binding in made.bound(name)
    )


def _is_set(name: str, function: Function) -> bool:
    return any(
        isinstance(target, Attribute) and target.name == name
        for each in walk_all(function.body, Assign)
        if isinstance(each, Assign)
        for target in each.targets
    )


def _is_none(node: Expression) -> bool:
    return isinstance(node, Constant) and node.text == "None"


def _is_answered_before(trace: Trace) -> bool:
    """Tell whether a function is called only where it returns early: both ask the same."""
    nodes = [*(edge.node for edge in trace.edges[1:]), trace.site.node]
    return any(
        asked in set(_answered(edge, nodes[position]))
        for position, edge in enumerate(trace.edges)
        for asked in _asked(edge)
    )


def _asked(edge: Edge) -> Iterator[tuple[str, str]]:
    """Yield the questions of which the answer leads to a call: what is called, of which name."""
    for each in surroundings.around(edge.caller.body, edge.node):
        match each:
            case If(Call(Name(question), (Name(of),)), body):
                if surroundings.holds(body, edge.node):
                    yield question, of


def _answered(edge: Edge, node: Expression) -> Iterator[tuple[str, str]]:
    """Yield the questions to which a function returns before a place, about what it is passed."""
    if not isinstance(edge.node, Call):
        return
    for statement in edge.to.body:
        match statement:
            case If(Call(Name(question), (Name(of),)), (*_, Return() | Raise())):
                given = arguments.passed(edge.node, of, edge.to)
                if statement.end <= node.start and isinstance(given, Name):
                    yield question, given.id


def _is_async_session(trace: Trace, codebase: Codebase) -> bool:
    """Tell whether an async session is handed to what calls it a sync one."""
    if not trace.edges or not codebase.knowledge.is_subclass(
        trace.site.name.rpartition(".")[0], _SYNC
    ):
        return False
    match trace.site.node:
        case Call(Attribute(Name(root) | Attribute(Name(root)))):
            if root not in trace.site.function.parameter_names:
                return False
        case _:
            return False
    edge = trace.edges[0]
    return any(
        isinstance(value := codebase.resolver.value(each, edge.caller), Instance)
        and codebase.is_a(value.of, _ASYNC)
        for each in _handed(edge, codebase)
    )


def _handed(edge: Edge, codebase: Codebase) -> Iterator[Expression]:
    """Yield the names that a call passes, and those with which its object was made there."""
    if not isinstance(edge.node, Call):
        return
    calls = [edge.node]
    if isinstance(edge.node.function, Attribute):
        value = codebase.resolver.value(edge.node.function.value, edge.caller)
        if isinstance(value, Instance) and value.made and value.made[1] is edge.caller:
            calls.append(value.made[0])
    for call in calls:
        given = (*call.arguments, *(each.value for each in call.keywords))
        yield from (each for each in given if isinstance(each, Name))
