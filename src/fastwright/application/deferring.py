"""Defers an expression: puts a function in its place that gives its value anew at each call."""

import re

from fastwright.codebase.codebase import Codebase
from fastwright.codebase.definitions import Class, Function
from fastwright.codebase.modules import Module
from fastwright.codebase.values import External, FunctionValue
from fastwright.source import surroundings
from fastwright.source.edits import Edit, apply
from fastwright.source.nodes import Node
from fastwright.source.scopes import Form
from fastwright.source.syntax import (
    Attribute,
    BinaryOperation,
    Call,
    Expression,
    FormattedString,
    Name,
    Subscript,
    walk,
)

_NO_ARGUMENTS = re.compile(rb"\(\s*\)")
# Functions whose parameters, where they have any, are for nobody who calls them without.
_PLAIN = ("datetime.", "random.", "secrets.", "time.", "uuid.")
_CONVERSIONS = {f"builtins.{name}" for name in ("float", "int", "round", "str")}
_LASTING = {Form.VALUE, Form.ANNOTATED, Form.IMPORTED, Form.FUNCTION, Form.CLASS}


def defer(
    value: Expression, made: Call, definition: Class | None, module: Module, codebase: Codebase
) -> Edit | None:
    """Return the edit that defers `value`, which holds the call `made`; None where it is not sure.

    `definition` is the class in whose body it stands. The function that a call without arguments
    calls is given itself; anything else becomes a lambda.
    """
    scope = definition or module.top
    if value == made and _takes_nothing(made, module):
        called = codebase.resolver.value(made.function, scope)
        if _is_plain(called, codebase):
            return Edit(module.path, made.function.end, made.end, "")
    if not _is_understood(value, made, scope, codebase):
        return None
    if not means_the_same_later(value, definition, module):
        return None
    return module.insert(value.start, "lambda: ")


def means_the_same_later(node: Node, definition: Class | None, module: Module) -> bool:
    """Tell whether the names of an expression mean the same when a lambda asks for them.

    It does not see those of the class around it, and sees what a module's name was given last.
    """
    for each in walk(node):
        if isinstance(each, Name):
            bindings = module.bound(each.id)
            if definition is not None and definition.bound(each.id):
                return False
            if bindings and (len(bindings) > 1 or bindings[0][0] not in _LASTING):
                return False
    return definition is None or definition.scope.is_module


def class_around(node: Node, module: Module) -> Class | None:
    """Return the innermost class of a module in which something stands."""
    around = [each for each in module.classes if surroundings.holds([each.node], node)]
    return max(around, key=lambda each: each.node.start, default=None)


def fits(module: Module, start: int, edits: tuple[Edit, ...], widest: int) -> bool:
    """Tell whether the lines from the one of an offset on are short enough after edits."""
    first = module.line_start(start)
    last = module.line_end(max(each.end for each in edits))
    moved = [Edit(e.path, e.start - first, e.end - first, e.text) for e in edits]
    new = apply(module.text_between(first, last), moved).decode("utf-8", "replace")
    return all(len(line) <= widest for line in new.splitlines())


def _takes_nothing(made: Call, module: Module) -> bool:
    return bool(_NO_ARGUMENTS.fullmatch(module.text_between(made.function.end, made.end)))


def _is_plain(called: object, codebase: Codebase) -> bool:
    match called:
        case External(name):
            return name.startswith(_PLAIN)
        case FunctionValue(function, receiver):
            is_bare = receiver is None and not list(codebase.decorators(function))
            return is_bare and not function.parameters and function.owner is None
        case _:
            return False


def _is_understood(
    value: Expression, made: Call, scope: Function | Class, codebase: Codebase
) -> bool:
    """Tell whether a value is surely worked out of what a call gives, and nothing else happens."""
    inner: Node = made
    for outer in reversed(surroundings.around([value], made)):
        match outer:
            case Attribute() | BinaryOperation() | FormattedString():
                pass
            case Subscript(held) if held == inner:
                pass
            case Call(called) if called == inner and isinstance(called, Attribute):
                pass  # a method of it
            case Call(called):
                target = codebase.resolver.value(called, scope)
                if not (isinstance(target, External) and target.name in _CONVERSIONS):
                    return False
            case _:
                return False
        inner = outer
    return True
