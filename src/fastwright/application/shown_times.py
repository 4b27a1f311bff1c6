"""Whether of a naive UTC time only what needs no zone is taken: its day as text, or a span."""

from collections.abc import Iterator

from fastwright.application.fates import ENDS
from fastwright.codebase.codebase import Codebase
from fastwright.codebase.definitions import Function
from fastwright.codebase.values import External, Instance
from fastwright.source import surroundings
from fastwright.source.nodes import Node
from fastwright.source.syntax import (
    Assign,
    Attribute,
    BinaryOperation,
    Call,
    Expression,
    FormattedString,
    Name,
    Number,
    walk_all,
)

_CLOCK = External("datetime.datetime")
# So many variables are followed, one into the other.
_DEEPEST = 3


def is_only_shown(node: Expression, function: Function, codebase: Codebase, depth: int = 0) -> bool:
    """Tell whether what a time is used for needs no zone, also through variables."""
    inner: Node = node
    for outer in reversed(surroundings.around(function.body, node)):
        match outer:
            case Assign((Name(name),)):
                return depth < _DEEPEST and _is_name_shown(
                    name, outer.end, function, codebase, depth
                )
            case FormattedString():
                return True
            case BinaryOperation(_, "+" | "-" as sign, _):
                other = _other(outer, inner)
                if sign == "-" and _is_epoch(other, function, codebase):
                    return True
                if not _is_span(other, function, codebase):
                    return False
            case Attribute(Call(Attribute(_, "date")), "isoformat"):
                return True
            case Attribute(_, "date") | Call(Attribute(_, "date")):
                pass
            case Attribute(_, name):
                return name in ENDS and name != "timestamp"
            case _:
                return False
        inner = outer
    return False


def _other(operation: BinaryOperation, one: Node) -> Expression:
    return operation.right if operation.left == one else operation.left


def _is_name_shown(
    name: str, after: int, function: Function, codebase: Codebase, depth: int
) -> bool:
    """Tell whether a variable is used, and each time only to show what it holds."""
    if function.is_module:
        return False
    uses = list(_uses(name, after, function))
    return bool(uses) and (
        all(is_only_shown(each, function, codebase, depth + 1) for each in uses)
        or _is_only_start(uses, function)
    )


def _uses(name: str, after: int, function: Function) -> Iterator[Name]:
    for each in walk_all(function.body):
        if isinstance(each, Name) and each.id == name and each.start >= after:
            yield each


def _is_only_start(uses: list[Name], function: Function) -> bool:
    """Tell whether a time is what a call begins to count at, and only the span to it is left."""
    made = {}
    for statement in walk_all(function.body, Assign):
        match statement:
            case Assign((Name(end),), _, Call() as call):
                given = (*call.arguments, *(each.value for each in call.keywords))
                starts = [each for each in given if each in uses]
                made.update({each.start: (end, statement.end) for each in starts})
    spans = []
    for operation in walk_all(function.body, BinaryOperation):
        match operation:
            case BinaryOperation(left, "-", right) if right in uses:
                spans.append((left, right))
    others = {each.start for each in uses} - made.keys()
    ends = {each for end, after in made.values() for each in _uses(end, after, function)}
    return (
        bool(ends)
        and others == {right.start for _, right in spans}
        and ends == {left for left, _ in spans}
    )


def _is_epoch(node: Expression, function: Function, codebase: Codebase) -> bool:
    """Tell whether a time is written out, without a zone."""
    return (
        isinstance(node, Call)
        and bool(node.arguments)
        and not node.keywords
        and all(isinstance(each, Number) for each in node.arguments)
        and codebase.resolver.value(node.function, function) == _CLOCK
    )


def _is_span(node: Expression, function: Function, codebase: Codebase) -> bool:
    value = codebase.resolver.value(node, function)
    return isinstance(value, Instance) and value.of == "datetime.timedelta"
