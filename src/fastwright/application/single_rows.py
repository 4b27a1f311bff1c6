"""Single rows: queries that ask by what tells one row of a table from all others."""

from collections.abc import Iterator

from fastwright.application import english
from fastwright.codebase.codebase import Codebase
from fastwright.codebase.definitions import Class, Function
from fastwright.codebase.values import ClassValue
from fastwright.source.syntax import (
    Assign,
    Attribute,
    Await,
    Call,
    Comparison,
    Constant,
    Expression,
    Name,
    String,
    walk,
    walk_all,
)

# Calls that are given a statement, or rows that they only arrange.
_RUN = {"exec", "execute", "list", "scalars", "sorted", "stream", "stream_scalars"}
_SELECT = {"query", "select"}
_CONDITIONS = {"filter", "where"}
# What brings several rows for one.
_MULTIPLY = {"from_self", "join", "outerjoin", "union", "union_all"}
_KEYS = {"id", "uuid", "guid"}
_UNIQUE = {"UniqueConstraint", "Index"}
_MOST_STEPS = 20


def finds_one(rows: Expression, function: Function, codebase: Codebase) -> bool:
    """Tell whether rows are those that a key has: one, or so few as share an identifier."""
    calls = list(_calls(rows, function, codebase))
    names = [_name(each) for each in calls]
    if not calls or names[-1] not in _SELECT or not _MULTIPLY.isdisjoint(names):
        return False
    match calls[-1]:
        case Call(_, (selected,)):
            table = codebase.resolver.value(selected, function)
            if isinstance(table, ClassValue):
                asked = _asked(calls, table, function, codebase)
                return any(_is_key(each, table.definition, codebase) for each in asked)
    return False


def _calls(node: Expression, function: Function, codebase: Codebase) -> Iterator[Call]:
    """Yield the calls that a query is made of, the last first, down to its `select`."""
    for _ in range(_MOST_STEPS):
        match node:
            case Await(inner):
                node = inner
            case Name(name):
                # What is added to a query in branches may not be asked.
                is_given_once = len(function.details.bindings.get(name, ())) == 1
                origin = codebase.origin(node, function) if is_given_once else None
                if origin is None or origin[1] is not function or origin[0] == node:
                    return
                node = origin[0]
            case Call(Attribute(base), arguments):
                yield node
                if _name(node) in _SELECT:
                    return
                node = arguments[0] if _name(node) in _RUN and arguments else base
            case Call(Name(name), arguments):
                yield node
                if name not in _RUN or not arguments:
                    return
                node = arguments[0]
            case _:
                return


def _name(call: Call) -> str:
    match call.function:
        case Name(name) | Attribute(_, name):
            return name
    return ""


def _asked(
    calls: list[Call], table: ClassValue, function: Function, codebase: Codebase
) -> Iterator[str]:
    """Yield the columns of the table that have to equal something."""
    for call in calls:
        if _name(call) == "filter_by":
            yield from (each.name for each in call.keywords if each.name is not None)
        elif _name(call) in _CONDITIONS:
            for condition in call.arguments:
                match condition:
                    case Comparison((Attribute(owner, name), given), ("==",)):
                        is_own = codebase.resolver.value(owner, function) == table
                        if is_own and not _is_column(given, function, codebase):
                            yield name


def _is_column(node: Expression, function: Function, codebase: Codebase) -> bool:
    match node:
        case Attribute(owner):
            return isinstance(codebase.resolver.value(owner, function), ClassValue)
    return False


def _is_key(column: str, table: Class, codebase: Codebase) -> bool:
    """Tell whether a column is a key, or the table's own identifier within a unique constraint."""
    lineage = [each for each in codebase.resolver.lineage(table) if isinstance(each, Class)]
    made = [
        value
        for each in lineage
        for statement in each.node.body
        for name, value in _assigned(statement)
        if name == column
    ]
    if any(_says(each, "unique") or _says(each, "primary_key") for each in made):
        return True
    *before, last = (each.lower() for each in english.words(column))
    is_named_so = last in _KEYS and before[-1:] == [english.words(table.name)[-1].lower()]
    is_foreign = any("ForeignKey" in table.module.source(each) for each in made)
    return is_named_so and not is_foreign and any(_binds(column, each) for each in lineage)


def _assigned(statement: object) -> Iterator[tuple[str, Call]]:
    match statement:
        case Assign((Name(name),), _, Call() as value):
            yield name, value


def _says(call: Call, name: str) -> bool:
    match call.keyword(name):
        case Constant("True"):
            return True
    return False


def _binds(column: str, table: Class) -> bool:
    """Tell whether a unique constraint of a table has a column among others."""
    return any(
        _name(call) in _UNIQUE
        and (_name(call) != "Index" or _says(call, "unique"))
        and any(isinstance(each, String) and each.value == column for each in walk(call))
        for call in walk_all(table.node.body, Call)
        if isinstance(call, Call)
    )
