"""Loops over items: what is run once for each, as often as there are."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from fastwright.application import bounds, single_rows
from fastwright.application.models import SCHEMA
from fastwright.codebase import arguments
from fastwright.codebase.codebase import Codebase
from fastwright.codebase.definitions import CallSite, Function
from fastwright.codebase.names import given
from fastwright.codebase.values import ClassValue, Instance
from fastwright.source import surroundings
from fastwright.source.nodes import Node
from fastwright.source.syntax import (
    Assign,
    Attribute,
    Call,
    Collection,
    Comparison,
    Comprehension,
    Constant,
    Dict,
    Expression,
    For,
    Handler,
    If,
    Match,
    Name,
    Number,
    Raise,
    Return,
    Simple,
    Starred,
    Statement,
    String,
    Subscript,
    Try,
    UnaryOperation,
    While,
    With,
)

# Functions that only arrange what they go over.
_ARRANGERS = {"enumerate", "list", "reversed", "set", "sorted", "tuple", "zip"}
# The fields of classes, tables and their columns: as many as the code says.
_FIELDS = {
    *("__annotations__", "__fields__", "columns", "constraints", "indexes", "model_fields"),
    *("sorted_tables", "tables"),
}
_VIEWS = {"items", "keys", "values"}
# Many items at a time, or the same thing tried again.
_NO_ITEM = re.compile(
    r"^(?:cls|klass|model_class)$|(?:^|_)(?:attempt|batch|chunk|page|partition|retry|try|window)\d*$"
)
_NO_ITEMS = re.compile(
    r"(?:^|_)(?:attempts|batch(?:es|ed)|chunk(?:s|ed)|pages|paginate|partition(?:s|ed)?|retries|tries|"
    r"windows)$"
)
# Functions that do a whole job for an item, of which a query is the least part.
_JOB = re.compile(
    r"_*(?:crawl|download|generate|infer|inference|learn|process|retry|run|scrape|send|sync"
    r"|synchroni[sz]e|transcribe|upload)(?:_|$)"
)
_SESSIONS = (
    "sqlalchemy.orm.Session",
    "sqlalchemy.ext.asyncio.AsyncSession",
    "sqlalchemy.Connection",
    "sqlalchemy.ext.asyncio.AsyncConnection",
    "asyncpg.Connection",
)
# Arguments of a `range` without a step, which makes batches.
_START_AND_END = 2

Loop = For | Comprehension


def around(call: CallSite, codebase: Codebase) -> Loop | None:
    """Return the innermost loop of which every item makes the call; None where there is none.

    Left aside are loops that wait, retry, go by batches or over a few items, or that stand in for
    what has failed, and calls after which the loop ends or that are made once for each key.
    """
    nodes = surroundings.path(call.function.body, call.node)
    if any(map(_is_endless, nodes)) or _stands_in(nodes) or _is_kept(nodes):
        return None
    if _is_filled_in(nodes, call.function):
        return None
    for position in range(len(nodes) - 1, -1, -1):
        loop = nodes[position]
        match loop:
            case For(item, over, body):
                repeats = surroundings.holds(body, call.node)
                repeats = repeats and not _ends_after(nodes[position:])
            case Comprehension(_, _, clauses):
                item, over = clauses[0].target, clauses[0].iterable
                repeats = not surroundings.holds([over], call.node)
            case _:
                continue
        if (
            repeats
            and _goes_over_items(item, over, call.function, codebase)
            and not (_is_chosen(nodes[position:]) and _are_fields(over, call.function, codebase))
            and not single_rows.finds_one(over, call.function, codebase)
        ):
            return loop
    return None


def is_job(function: Function) -> bool:
    """Tell whether a function's name says that it does a whole job for an item."""
    return _JOB.match(function.name) is not None


def iterable(loop: Loop) -> Expression:
    """Return what a loop goes over."""
    return loop.iterable if isinstance(loop, For) else loop.clauses[0].iterable


def target(loop: Loop) -> Expression:
    """Return what a loop binds."""
    return loop.target if isinstance(loop, For) else loop.clauses[0].target


def blocks(node: Node) -> Iterator[tuple[Statement, ...]]:
    """Yield the statements that a statement holds, block by block."""
    match node:
        case For() | If():
            yield node.body
            yield node.otherwise
        case With():
            yield node.body
        case Try():
            yield node.body
            yield node.otherwise
            yield node.final
            yield from (handler.body for handler in node.handlers)
        case Match():
            yield from (case.body for case in node.cases)


def _stands_in(nodes: Sequence[Node]) -> bool:
    """Tell whether a loop stands in an `except`: it does one by one what failed at once."""
    handlers = [each for each in nodes if isinstance(each, Handler)]
    return bool(handlers) and any(
        isinstance(each, For | Comprehension) for each in nodes[nodes.index(handlers[0]) :]
    )


def _is_kept(nodes: Sequence[Node]) -> bool:
    """Tell whether what is fetched is put where the code looks before: once for each key."""
    looked: set[str] = set()
    for each in nodes:
        match each:
            case If(Comparison((_, kept), ("not in",))):
                looked.add(_last_name(kept))
            case Assign((Subscript(kept), *_)) if _last_name(kept) in looked - {""}:
                return True
    return False


def _is_filled_in(nodes: Sequence[Node], function: Function) -> bool:
    """Tell whether a call is made for what lacks a value only, which it is given: once for each."""
    source = function.module.source
    for each in nodes:
        match each:
            case If(UnaryOperation("not", Attribute() as lacking), body) | If(
                Comparison((Attribute() as lacking, Constant("None")), ("is",)), body
            ):
                for statement in body:
                    match statement:
                        case Assign((Attribute() as given_to, *_)):
                            if source(given_to) == source(lacking):
                                return True
    return False


def _ends_after(nodes: Sequence[Node]) -> bool:
    """Tell whether a loop, the first of `nodes`, ends after what is run, the last of them."""
    for parent, child in pairwise(nodes):
        for block in blocks(parent):
            if child in block and any(map(_is_end, block[block.index(child) :])):
                return True
    return False


def _is_endless(node: Node) -> bool:
    match node:
        case While(Constant("True") | Number("1")):
            return True
    return False


def _is_end(statement: Statement) -> bool:
    match statement:
        case Return() | Raise() | Simple("break"):
            return True
    return False


def _goes_over_items(
    item: Expression, over: Expression, function: Function, codebase: Codebase
) -> bool:
    if isinstance(item, Name) and _NO_ITEM.search(item.id):
        return False
    value = codebase.resolver.value(item, function)
    if isinstance(value, ClassValue) or _is_session(value, codebase):
        return False  # classes of tables, or a dependency that is gone through by hand
    match over:
        case Call(Name("range"), ends):
            return len(ends) <= _START_AND_END and not _is_short(ends[-1], function, codebase)
        case Call():
            inside = _arranged(over)
            return all(_goes_over_items(item, each, function, codebase) for each in inside) and (
                bool(inside) or not _NO_ITEMS.search(_last_name(over.function))
            )
        case Starred(inner):
            return _goes_over_items(item, inner, function, codebase)
    name = _last_name(over)
    if _NO_ITEMS.search(name) or name in _FIELDS:
        return False
    if isinstance(codebase.resolver.value(over, function), ClassValue):
        return False  # the members of an enumeration
    if bounds.is_bounded(over, function, codebase):
        return False
    origin = codebase.origin(over, function)
    if origin is not None and _is_written_out(origin[0]):
        return False
    return not (
        isinstance(over, Name)
        and (_is_appended(over.id, function) or _is_passed_written_out(over.id, function, codebase))
    )


def _is_chosen(nodes: Sequence[Node]) -> bool:
    """Tell whether a loop, the first of `nodes`, runs something for some items only."""
    return any(isinstance(each, If) for each in nodes)


def _are_fields(node: Expression, function: Function, codebase: Codebase) -> bool:
    """Tell whether it holds the fields of one object of a schema, by their names."""
    match node:
        case Call(Attribute(base, name), ()) if name in _VIEWS:
            return _are_fields(base, function, codebase)
        case Call(Attribute(base, "model_dump" | "dict" as name), ()):
            value = codebase.resolver.value(base, function)
            if isinstance(value, Instance):
                is_root = codebase.is_a(value.of, "pydantic.RootModel")
                return codebase.is_a(value.of, SCHEMA) and not is_root
            return value is None and name == "model_dump"
        case Name():
            origin = codebase.origin(node, function)
            return (
                origin is not None
                and isinstance(origin[0], Call)
                and isinstance(origin[1], Function)
                and _are_fields(origin[0], origin[1], codebase)
            )
    return False


def _arranged(call: Call) -> tuple[Expression, ...]:
    """Return what a call only arranges or looks at, such as `x` in `enumerate(x)`."""
    match call:
        case Call(Name(name), passed) if name in _ARRANGERS:
            return passed
        case Call(Attribute(base, name), ()) if name in _VIEWS:
            return (base,)
    return ()


def _last_name(node: Expression) -> str:
    match node:
        case Name(name) | Attribute(_, name):
            return name
    return ""


def _is_short(node: Expression, function: Function, codebase: Codebase) -> bool:
    """Tell whether a range ends at a number that is written out, or counts attempts."""
    origin = codebase.origin(node, function)
    if origin is not None and isinstance(origin[0], Number):
        return True
    if bounds.is_few(node, function, codebase):
        return True
    return bool(_NO_ITEMS.search(_last_name(node).lower()))


def _is_passed_written_out(name: str, function: Function, codebase: Codebase) -> bool:
    """Tell whether a parameter holds what is given it one by one, as `*names` does, or a list.

    That is one which whoever calls the function writes out.
    """
    parameter = next((each for each in function.parameters if each.name == name), None)
    if parameter is None:
        return False
    if parameter.form == "*":
        return True
    calls = codebase.calls_of(function)
    passed = [(arguments.passed(each.node, name, function), each.function) for each in calls]
    return bool(passed) and all(
        node is not None
        and (origin := codebase.origin(node, scope)) is not None
        and _is_written_out(origin[0])
        for node, scope in passed
    )


def _is_appended(name: str, function: Function) -> bool:
    """Tell whether a list begins empty, and gets one item here and there, in no loop."""
    match function.details.bindings.get(name):
        case [binding]:
            match given(binding):
                case Collection("list", ()):
                    pass
                case _:
                    return False
        case _:
            return False
    fills = [
        call
        for call in function.calls
        if isinstance(call.node.function, Attribute)
        and isinstance(call.node.function.value, Name)
        and call.node.function.value.id == name
    ]
    return bool(fills) and all(call.last_name == "append" and not call.is_in_loop for call in fills)


def _is_written_out(node: Expression) -> bool:
    match node:
        case Collection(_, items):
            return bool(items) and not any(isinstance(each, Starred) for each in items)
        case Dict(pairs):
            return bool(pairs) and all(pair.key is not None for pair in pairs)
        case String():
            return True
    return False


def _is_session(value: object, codebase: Codebase) -> bool:
    return isinstance(value, Instance) and codebase.is_a(value.of, *_SESSIONS)
