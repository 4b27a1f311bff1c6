"""Whether a function only computes or reads, so that nothing is different after it."""

import re
from collections.abc import Iterator

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
        *("asyncio", "contextvars", "sqlalchemy.func"),
    )
)
_IMPURE = {
    "builtins.exec",
    "builtins.eval",
    "builtins.open",
    "builtins.setattr",
    "builtins.delattr",
    "asyncio.create_subprocess_exec",
    "asyncio.create_subprocess_shell",
    "asyncio.open_connection",
    "asyncio.open_unix_connection",
}
_OPENS = ("sqlalchemy.orm.Session", "sqlalchemy.ext.asyncio.AsyncSession")
# What a statement that only reads begins with.
_SELECTS = ("sqlalchemy.select", "sqlmodel.select", "sqlmodel.sql.expression.select")
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
    *("dict", "date", "connect", "text", "run_in_executor"),
    # Of queries, their results and columns.
    *("all", "asc", "between", "desc", "distinct", "exists", "filter", "filter_by", "first"),
    *("group_by", "having", "ilike", "in_", "is_", "is_not", "isnot", "label", "like", "limit"),
    *("mappings", "offset", "one", "one_or_none", "options", "order_by", "outerjoin", "query"),
    *("scalar", "scalar_one", "scalar_one_or_none", "scalars", "select_from", "subquery"),
    *("unique", "where"),
}
# Methods that run a statement, where they are given one.
_RUNS = {"exec", "execute", "scalar", "scalars"}
_SELECT = re.compile(r"(?i)\s*(?:SELECT|WITH)\b(?!.*\b(?:DELETE|INSERT|UPDATE)\b)", re.DOTALL)


def is_all(start: Function, codebase: Codebase) -> bool:
    """Tell whether all that a function runs is known, and none of it leaves anything behind.

    So is what it hands on to be run, in a thread, say.
    """
    seen: set[Function] = set()
    pending = [start]
    while pending:
        for each in codebase.graph.reached(pending.pop()):
            if each in seen:
                continue
            seen.add(each)
            if not _keeps_to_itself(each, codebase):
                return False
            for call in each.calls:
                if not _is_harmless(call, codebase):
                    return False
                pending += _handed_on(call, codebase)
    return True


def _handed_on(call: CallSite, codebase: Codebase) -> Iterator[Function]:
    """Yield the functions that are passed to be run."""
    for each in (*call.node.arguments, *(keyword.value for keyword in call.node.keywords)):
        if isinstance(each, Name | Attribute):
            match codebase.resolver.value(each, call.function):
                case FunctionValue(function):
                    yield function


def _is_harmless(call: CallSite, codebase: Codebase) -> bool:
    called = call.node.function
    if call.last_name in _FILLS and isinstance(called, Attribute):
        return _is_own(called.value, call.function, codebase)
    match codebase.target(call):
        case FunctionValue() | ClassValue():
            return True
        case External(name) if codebase.is_a(name, *_OPENS):
            return True
        case External(name) if name.startswith(_PURE) or name in _SELECTS:
            return name not in _IMPURE and ".BackgroundTasks." not in name
    if call.last_name in _RUNS and call.node.arguments:
        return _is_select(call.node.arguments[0], call.function, codebase)
    return call.last_name in _READS


def _is_select(
    node: Expression, function: Function, codebase: Codebase, seen: frozenset[str] = frozenset()
) -> bool:
    """Tell whether a statement that is run only reads, as far as it is written out.

    What was made of a name that is `seen` is judged by what else the name was given.
    """
    match node:
        case String(text):
            return _SELECT.match(text or "") is not None
        case Call(called, arguments):
            match codebase.resolver.value(called, function):
                case External(name) if name in _SELECTS:
                    return True
            match called:
                case Attribute(Call() as statement):
                    return _is_select(statement, function, codebase, seen)
                case Attribute(Name() as base) if _is_select(base, function, codebase, seen):
                    return True
            return bool(arguments) and _is_select(arguments[0], function, codebase, seen)
        case Name(name):
            given = [
                each.value
                for each in walk_all(function.body, Assign)
                if isinstance(each, Assign)
                and any(isinstance(to, Name) and to.id == name for to in each.targets)
            ]
            again = seen | {name}
            return name in seen or (
                bool(given)
                and all(each and _is_select(each, function, codebase, again) for each in given)
            )
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
            if is_part and not (
                _is_own(target, function, codebase) or _is_in_memory(target, function)
            ):
                return False
    return True


def _is_in_memory(target: Expression, function: Function) -> bool:
    """Tell whether a key of an object's `__dict__` is set, of which no session gets to know."""
    match target:
        case Subscript(Name(name)):
            given = [
                each.value
                for each in walk_all(function.body, Assign)
                if isinstance(each, Assign)
                and any(isinstance(to, Name) and to.id == name for to in each.targets)
            ]
            return bool(given) and all(map(_is_inside, given))
        case Subscript(base):
            return _is_inside(base)
    return False


def _is_inside(node: Expression | None) -> bool:
    match node:
        case Attribute(Name(name), "__dict__"):
            return name not in {"cls", "self"}
    return False


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
