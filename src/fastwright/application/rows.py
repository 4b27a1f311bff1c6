"""Rows: the queries that bring one row of a table, and what its columns have to equal."""

from collections.abc import Iterator
from dataclasses import dataclass

from fastwright.application.models import Model, Models
from fastwright.codebase.codebase import Codebase
from fastwright.codebase.definitions import Class, Function
from fastwright.codebase.values import ClassValue
from fastwright.source.nodes import Node
from fastwright.source.syntax import (
    Attribute,
    Call,
    Comparison,
    Constant,
    Expression,
    Name,
    walk,
)

_ONE_ROW = {
    "first",
    "get",
    "get_one",
    "one",
    "one_or_none",
    "scalar",
    "scalar_one",
    "scalar_one_or_none",
}
_ROWS = _ONE_ROW | {"all"}
_PRIMARY_KEY = "primary key"
# So many variables are followed, one into the other.
_LONGEST_CHAIN = 6

# A table and one of its columns; the primary key has one name, whatever it is called.
Column = tuple[Class, str]


@dataclass(frozen=True, eq=False)
class Row:
    """A row that a query brings: of which table, and columns with what they have to equal."""

    table: Model
    conditions: tuple[tuple[Column, Expression], ...]


class Rows:
    """Reads the queries of one function."""

    def __init__(self, codebase: Codebase, models: Models, function: Function) -> None:
        self._codebase = codebase
        self._models = models
        self._function = function

    def read(self, call: Call) -> Row | None:
        """Return the row that a call brings, its query read through the variables in it."""
        if not self._brings(call, _ONE_ROW):
            return None
        nodes = list(self._expanded(call, _LONGEST_CHAIN))
        if any(isinstance(each, Attribute) and each.name == "returning" for each in nodes):
            return None  # of a statement that writes
        table = next(filter(None, map(self._selected, nodes)), None)
        return None if table is None else Row(table, tuple(self._compared(nodes, table)))

    def whole(self, call: Call) -> Model | None:
        """Return the table of which a call brings whole rows, one or all of them."""
        if not self._brings(call, _ROWS):
            return None
        nodes = list(self._expanded(call, _LONGEST_CHAIN))
        start = next((each for each in nodes if self._selected(each) is not None), None)
        match start:
            case Call(Attribute(_, "get" | "get_one"), (first, _)) | Call(_, (first,)):
                value = self._codebase.resolver.value(first, self._function)
                return self._selected(start) if isinstance(value, ClassValue) else None
        return None

    def _brings(self, call: Call, names: set[str]) -> bool:
        """Tell whether a call may bring rows: dicts have a `get` too, which is told no table."""
        match call.function:
            case Attribute(Call(Attribute(_, "query")), "get"):
                return True
            case Attribute(_, "get" | "get_one"):
                return self._selected(call) is not None
            case Attribute(_, name):
                return name in names
        return False

    def local_origin(self, name: Name) -> Expression | None:
        """Return what the function gave to a variable of its own."""
        found = self._codebase.origin(name, self._function)
        if found is not None and found[1] is self._function and found[0] != name:
            return found[0]
        return None

    def _expanded(self, node: Expression, depth: int) -> Iterator[Node]:
        """Yield the nodes of an expression and of the variables in it, as they were assigned."""
        for each in walk(node):
            yield each
            if depth and isinstance(each, Name):
                origin = self.local_origin(each)
                if origin is not None:
                    yield from self._expanded(origin, depth - 1)

    def _selected(self, node: Node) -> Model | None:
        """Return the table that `select`, `query` or `get` asks for."""
        match node:
            case Call(Attribute(_, "query" | "get" | "get_one") | Name(), (first, *_)):
                return self._table(first)
            case Call(Attribute(Name(), "select"), (first, *_)):
                return self._table(first)
        return None

    def _table(self, node: Expression) -> Model | None:
        value = self._codebase.resolver.value(node, self._function)
        if value is None and isinstance(node, Attribute):
            value = self._codebase.resolver.value(node.value, self._function)
        if isinstance(value, ClassValue):
            model = self._models.of(value.definition)
            return model if model is not None and model.is_table else None
        return None

    def _compared(self, nodes: list[Node], table: Model) -> Iterator[tuple[Column, Expression]]:
        """Yield columns with what they have to equal."""
        key = table.definition, _PRIMARY_KEY
        for node in nodes:
            match node:
                case Comparison((left, right), ("==",)):
                    yield from self._equal(left, right)
                    yield from self._equal(right, left)
                case Call(Attribute(_, "filter_by")):
                    for keyword in node.keywords:
                        if keyword.name is not None:
                            yield _named(table, keyword.name), keyword.value
                case Call(Attribute(_, "get" | "get_one"), (first, value, *_)):
                    if self._table(first) is table:
                        yield key, value
                case Call(Attribute(Call(Attribute(_, "query")), "get"), (value,)):
                    yield key, value

    def _equal(self, column: Expression, value: Expression) -> Iterator[tuple[Column, Expression]]:
        if isinstance(column, Attribute):
            model = self._table(column.value)
            if model is not None:
                yield _named(model, column.name), value


def _named(model: Model, name: str) -> Column:
    """Return a column, under one name where it is the primary key."""
    field = model.fields.get(name)
    made = field.default if field is not None else None
    is_key = name == "id" or (
        isinstance(made, Call)
        and isinstance(value := made.keyword("primary_key"), Constant)
        and value.text == "True"
    )
    return model.definition, _PRIMARY_KEY if is_key else name
