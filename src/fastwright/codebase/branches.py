"""Branches that a call rules out: `if refresh:` where a function is called with `refresh=False`."""

from fastwright.codebase import arguments
from fastwright.codebase.calls import Edge
from fastwright.codebase.definitions import Function
from fastwright.source import surroundings
from fastwright.source.nodes import Node
from fastwright.source.syntax import (
    BinaryOperation,
    Call,
    Comparison,
    Constant,
    Expression,
    If,
    Name,
    Parameter,
    Raise,
    Return,
    UnaryOperation,
    walk,
)

_TRUTH = {"True": True, "False": False, "None": False}


def given(edge: Edge) -> dict[str, str]:
    """Return the parameters that a call gives `True`, `False` or `None`, or leaves at that.

    Background tasks that are handed on count as `True`, unless the caller may have none itself.
    """
    call, function = edge.node, edge.to
    if not isinstance(call, Call) or not _has_branches(function):
        return {}
    if arguments.unpacks(call):
        return {}
    rebound = function.details.bindings
    offset = int(function.owner is not None)
    found: dict[str, str] = {}
    for position, parameter in enumerate(function.parameters):
        value = call.keyword(parameter.name)
        if value is None and (
            parameter.form == "keyword" or position >= len(call.arguments) + offset
        ):
            value = parameter.default
        elif value is None and not offset:
            value = call.arguments[position]
        if parameter.name in rebound:
            continue
        if isinstance(value, Constant) and value.text in _TRUTH:
            found[parameter.name] = value.text
        elif isinstance(value, Name) and _are_tasks(value.id, parameter, edge.caller):
            found[parameter.name] = "True"
    return found


def rules_out(values: dict[str, str], node: Node, function: Function) -> bool:
    """Tell whether a place in a function is not reached with these values of its parameters."""
    if not values:
        return False
    for statement in function.body:
        if statement.end > node.start:
            break
        if isinstance(statement, If) and _holds(statement.test, values) and _leaves(statement):
            return True
    for each in surroundings.around(function.body, node):
        if isinstance(each, If):
            holds = _holds(each.test, values)
            if holds is False and any(_is_in(node, inner) for inner in each.body):
                return True
            if holds is True and any(_is_in(node, inner) for inner in each.otherwise):
                return True
    return False


def is_never_run(node: Node, function: Function) -> bool:
    """Tell whether a place stands behind `if False` or `if TYPE_CHECKING`."""
    return rules_out({"TYPE_CHECKING": "False"}, node, function)


def _are_tasks(name: str, parameter: Parameter, caller: Function) -> bool:
    """Tell whether background tasks are passed: whoever has them for sure got them of FastAPI."""
    annotation = parameter.annotation
    if annotation is None or not any(
        isinstance(each, Name) and each.id == "BackgroundTasks" for each in walk(annotation)
    ):
        return False
    own = next((each for each in caller.parameters if each.name == name), None)
    return own is None or isinstance(own.annotation, Name)  # which says nothing of None


def _has_branches(function: Function) -> bool:
    """Tell whether the word `if` is anywhere in a function."""
    return function.module.mentions(b"if") if function.is_module else function.has_branches


def _leaves(statement: If) -> bool:
    return isinstance(statement.body[-1], Return | Raise) if statement.body else False


def _holds(test: Expression, values: dict[str, str]) -> bool | None:
    match test:
        case Constant(text) if text in _TRUTH:
            return _TRUTH[text]
        case Name(name) if name in values:
            return _TRUTH[values[name]]
        case UnaryOperation("not", operand):
            inner = _holds(operand, values)
            return None if inner is None else not inner
        case Comparison((Name(name), Constant("None")), ("is" | "is not" as operator,)):
            return None if name not in values else (values[name] == "None") == (operator == "is")
        case BinaryOperation(left, "and" | "or" as operator, right):
            found = {_holds(left, values), _holds(right, values)}
            decisive = operator == "or"
            if decisive in found:
                return decisive
            return None if None in found else not decisive
    return None


def _is_in(node: Node, outer: Node) -> bool:
    return bool(outer.start <= node.start < outer.end)
