"""What something is told by, in plain values: they are the same for the same in the next review."""

from fastwright.codebase.definitions import Class, Function
from fastwright.codebase.values import (
    ClassValue,
    Coroutine,
    Entered,
    External,
    FunctionValue,
    Instance,
    ModuleValue,
    TypeExpression,
)


def plain(told: object) -> object:
    """Return plain values that are equal where what was given is; it may be nested."""
    match told:
        case None | bool() | int() | str() | bytes():
            return told
        case tuple():
            return tuple([plain(each) for each in told])
        case frozenset():
            return tuple(sorted([plain(each) for each in told], key=repr))
        case Function() | Class():
            return type(told).__name__, told.module.path, told.key
    return _of_value(told)


def _of_value(told: object) -> tuple[object, ...]:
    match told:
        case Instance(of, arguments):
            return "Instance", plain(of), plain(arguments)
        case ClassValue(definition):
            return "ClassValue", plain(definition)
        case Coroutine(result) | Entered(result):
            return type(told).__name__, plain(result)
        case FunctionValue(function, receiver):
            return "FunctionValue", plain(function), plain(receiver)
        case External(name):
            return "External", name
        case ModuleValue(module):
            return "ModuleValue", module.path
        case TypeExpression(node, scope):
            return "TypeExpression", plain(scope), scope.module.source(node)
    return type(told).__name__, repr(told)
