"""Whether a function only computes or reads, so that nothing is different after it."""

import re

from fastwright.codebase.codebase import Codebase
from fastwright.codebase.definitions import CallSite, Function
from fastwright.codebase.values import ClassValue, External, FunctionValue
from fastwright.source.syntax import (
    Assign,
    Attribute,
    AugmentedAssign,
    Call,
    Collection,
    Comprehension,
    Delete,
    Dict,
    Expression,
    Name,
    String,
    Subscript,
    walk_all,
)

# Libraries that change nothing but what they are given.
_PURE = tuple(
    f"{each}."
    for each in (
        *("builtins", "collections", "copy", "datetime", "decimal", "enum", "fastapi", "functools"),
        *("hashlib", "hmac", "itertools", "json", "logging", "math", "operator", "pydantic"),
        *("random", "re", "secrets", "starlette", "statistics", "string", "time", "uuid"),
    )
)
_IMPURE = {
    "builtins.exec",
    "builtins.eval",
    "builtins.open",
    "builtins.setattr",
    "builtins.delattr",
}
_FILLS = {
    *("add", "append", "appendleft", "clear", "discard", "extend", "insert", "pop", "popitem"),
    *("remove", "setdefault", "update", "put", "put_nowait", "set"),
}
# Methods of whatever it is that only read, or change a text, date or list of one's own.
_READS = {
    *("close", "copy", "count", "cursor", "debug", "error", "exception", "info", "warning"),
    *("fetchall", "fetchmany", "fetchone", "format", "get", "isoformat", "items", "join", "keys"),
    *("lower", "lstrip", "replace", "round", "rollback", "rstrip", "sort", "split", "startswith"),
    *("endswith", "strip", "strftime", "title", "total_seconds", "upper", "values", "model_dump"),
    *("dict", "date", "connect", "text"),
}
_SELECT = re.compile(r"(?i)\s*(?:SELECT|WITH)\b(?!.*\b(?:DELETE|INSERT|UPDATE)\b)", re.DOTALL)


def is_all(start: Function, codebase: Codebase) -> bool:
    """Tell whether all that a function runs is known, and none of it leaves anything behind."""
    return all(
        _keeps_to_itself(each, codebase)
        and all(_is_harmless(call, codebase) for call in each.calls)
        for each in codebase.graph.reached(start)
    )


def _is_harmless(call: CallSite, codebase: Codebase) -> bool:
    called = call.node.function
    if call.last_name in _FILLS and isinstance(called, Attribute):
        return _is_own(called.value, call.function, codebase)
    match codebase.target(call):
        case FunctionValue() | ClassValue():
            return True
        case External(name) if name.startswith(_PURE):
            return name not in _IMPURE and ".BackgroundTasks." not in name
    if call.last_name == "execute" and call.node.arguments:
        return _is_select(call.node.arguments[0], call.function)
    return call.last_name in _READS


def _is_select(node: Expression, function: Function) -> bool:
    """Tell whether a statement that is run only reads, as far as it is written out."""
    match node:
        case String(text):
            return _SELECT.match(text or "") is not None
        case Call(_, (inner,)):
            return _is_select(inner, function)
        case Name(name):
            given = [
                each.value
                for each in walk_all(function.body, Assign)
                if isinstance(each, Assign)
                and any(isinstance(to, Name) and to.id == name for to in each.targets)
            ]
            return bool(given) and all(each and _is_select(each, function) for each in given)
    return False


def _keeps_to_itself(function: Function, codebase: Codebase) -> bool:
    """Tell whether a function fills or changes only lists and dicts that it has made."""
    for each in walk_all(function.body, Assign, AugmentedAssign, Delete):
        targets: tuple[Expression, ...] = ()
        match each:
            case Assign(targets) | Delete(targets):
                pass
            case AugmentedAssign(target):
                targets = (target,)
        for target in targets:
            is_part = isinstance(target, Attribute | Subscript)
            if is_part and not _is_own(target, function, codebase):
                return False
    return True


def _is_own(node: Expression, function: Function, codebase: Codebase) -> bool:
    """Tell whether a function itself made the list or dict that it fills."""
    while isinstance(node, Attribute | Subscript):
        node = node.value
    origin = codebase.origin(node, function) if isinstance(node, Name) else None
    return (
        origin is not None
        and origin[1] is function
        and isinstance(origin[0], Collection | Comprehension | Dict)
    )
