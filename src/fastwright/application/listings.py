"""The rows that a route answers with, followed back to the calls that fetch them."""

from collections.abc import Iterator
from dataclasses import dataclass

from fastwright.application import living
from fastwright.application.queries import PACKAGES
from fastwright.codebase import arguments, names
from fastwright.codebase.codebase import Codebase
from fastwright.codebase.definitions import Function, Scope
from fastwright.codebase.values import ClassValue, External, FunctionValue, Instance
from fastwright.source.nodes import wrap
from fastwright.source.scopes import Binding, Form
from fastwright.source.syntax import (
    Attribute,
    AugmentedAssign,
    Await,
    BinaryOperation,
    Call,
    Collection,
    Comprehension,
    Conditional,
    Dict,
    Expression,
    For,
    Name,
    Starred,
    walk_all,
)

# So many names and calls are followed, one into the other.
_DEEPEST = 8
# A dict with more keys is a report in which lists are parts, and no page around one.
_MOST_KEYS = 6
_QUERY = "sqlalchemy.orm.Query"
# Methods of results that only change how rows look.
_VIEWS = {"all", "fetchall", "mappings", "scalars", "tuples", "unique"}
# Methods of sessions, connections and pools that are given a statement.
_SENDERS = {"exec", "execute", "fetch", "fetch_all", "scalars"}
# What fetches all rows at once.
_FETCHERS = {"all", "fetch", "fetch_all", "fetchall"}
_RESULTS = ("Result", "ScalarResult", "MappingResult", "CursorResult")
_ARRANGERS = {"enumerate", "list", "reversed", "set", "sorted", "tuple"}
_ADDERS = {"append", "extend"}


@dataclass(frozen=True, eq=False)
class Frame:
    """A scope, and how it was called on the way from the route."""

    scope: Scope
    call: Call | None = None
    caller: "Frame | None" = None

    def passed(self, name: str) -> "tuple[Expression, Frame] | None":
        """Return what the caller passes for a parameter."""
        if not isinstance(self.scope, Function) or self.call is None or self.caller is None:
            return None
        node = arguments.passed(self.call, name, self.scope)
        return None if node is None else (node, self.caller)


@dataclass(frozen=True, slots=True)
class Listing:
    """A call that fetches all rows of a statement or query."""

    call: Expression
    statement: Expression
    frame: Frame


class Listings:
    """Follows what a route returns back to the calls that fetch rows."""

    def __init__(self, codebase: Codebase) -> None:
        self._codebase = codebase

    def fetched(self, function: Function) -> Iterator[Listing]:
        """Yield the calls of which a function returns all rows, itself or through others."""
        frame = Frame(function)
        for raw in function.details.returns:
            yield from self._rows(wrap(raw), frame, _DEEPEST)

    def _rows(self, node: Expression, frame: Frame, depth: int) -> Iterator[Listing]:
        if not depth:
            return
        match node:
            case Name(name):
                yield from self._of_name(node, name, frame, depth - 1)
            case Call():
                yield from self._of_call(node, frame, depth)
            case Comprehension(_, _, clauses):
                yield from self._items(clauses[0].iterable, frame, depth)
            case _:
                for part in _parts(node):
                    yield from self._rows(part, frame, depth)

    def _items(self, node: Expression, frame: Frame, depth: int) -> Iterator[Listing]:
        """Yield what fetches the rows of something that is gone through, a query for one."""
        value = self._codebase.resolver.value(node, frame.scope)
        if isinstance(value, Instance) and self._codebase.is_a(value.of, _QUERY):
            yield Listing(node, node, frame)
        else:
            yield from self._rows(node, frame, depth)

    def _of_call(self, node: Call, frame: Frame, depth: int) -> Iterator[Listing]:
        match self._codebase.resolver.value(node.function, frame.scope):
            case FunctionValue(function) if not function.is_generator:
                below = Frame(function, node, frame)
                for raw in function.details.returns:
                    yield from self._rows(wrap(raw), below, depth - 1)
            case ClassValue(definition) if self._codebase.is_a(definition, "pydantic.BaseModel"):
                for keyword in node.keywords:
                    yield from self._rows(keyword.value, frame, depth - 1)
            case External(name):
                yield from self._of_library(node, name, frame, depth)

    def _of_library(self, node: Call, name: str, frame: Frame, depth: int) -> Iterator[Listing]:
        owner, _, method = name.rpartition(".")
        if owner == "builtins":
            position = 1 if method in {"filter", "map"} else 0
            if (position or method in _ARRANGERS) and len(node.arguments) > position:
                yield from self._items(node.arguments[position], frame, depth)
        elif name.startswith(PACKAGES) and isinstance(node.function, Attribute):
            yield from self._of_method(node, node.function.value, name, frame, depth)

    def _of_method(
        self, node: Call, base: Expression, name: str, frame: Frame, depth: int
    ) -> Iterator[Listing]:
        owner, _, method = name.rpartition(".")
        if self._codebase.is_a(owner, _QUERY):
            if method == "all":
                yield Listing(node, base, frame)
        elif owner.endswith(_RESULTS):
            if method in _VIEWS:
                yield from self._rows(base, frame, depth)
        elif method in _SENDERS:
            statement = node.argument(0, "query") or node.keyword("statement")
            if statement is not None:
                yield Listing(node, statement, frame)

    def _of_name(self, node: Name, name: str, frame: Frame, depth: int) -> Iterator[Listing]:
        scope = frame.scope
        if not isinstance(scope, Function):
            return
        bindings = scope.details.bindings.get(name)
        if bindings is None:
            passed = frame.passed(name)
            if passed is not None:
                yield from self._rows(*passed, depth)
            return
        holding = list(living.above(bindings, node, scope))
        for binding in bindings:
            if binding in holding or (binding[1] < node.start and _fetches(names.given(binding))):
                yield from self._of_binding(binding, frame, depth)
        for item in _added(name, scope):
            yield from self._items(item, frame, depth)

    def _of_binding(self, binding: Binding, frame: Frame, depth: int) -> Iterator[Listing]:
        value = names.given(binding)
        if value is not None:
            yield from self._rows(value, frame, depth)
        elif binding[0] == Form.UNPACKED:
            yield from self._unpacked(wrap(binding[2]), binding[3], frame, depth)

    def _unpacked(
        self, node: Expression, position: int, frame: Frame, depth: int
    ) -> Iterator[Listing]:
        """Yield what fetches one of several values that a function returns together."""
        match node:
            case Await(inner):
                yield from self._unpacked(inner, position, frame, depth)
            case Collection("tuple", items) if position < len(items):
                yield from self._rows(items[position], frame, depth)
            case Call():
                value = self._codebase.resolver.value(node.function, frame.scope)
                if isinstance(value, FunctionValue) and depth:
                    below = Frame(value.function, node, frame)
                    for raw in value.function.details.returns:
                        yield from self._unpacked(wrap(raw), position, below, depth - 1)


def _fetches(node: Expression | None) -> bool:
    """Tell whether rows are fetched right here, whatever becomes of the name afterwards."""
    match node:
        case Await(inner):
            return _fetches(inner)
        case Call(Attribute(_, name)):
            return name in _FETCHERS
    return False


def _parts(node: Expression) -> Iterator[Expression]:
    """Yield the expressions of which any may give the rows of another."""
    match node:
        case Await(inner) | Starred(inner):
            yield inner
        case Collection(_, items):
            yield from (item for item in items if isinstance(item, Starred))
        case Dict(pairs) if len(pairs) <= _MOST_KEYS:
            yield from (pair.value for pair in pairs)
        case Conditional(one, _, other) | BinaryOperation(one, "or" | "+", other):
            yield one
            yield other


def _added(name: str, function: Function) -> Iterator[Expression]:
    """Yield what is added to a list: the items of loops in which it grows, or whole lists."""
    for each in walk_all(function.body, For, AugmentedAssign, Call):
        match each:
            case For(_, iterable, body):
                if any(_adds(name, inner) for inner in walk_all(body, Call)):
                    yield iterable
            case AugmentedAssign(Name(target), "+=", value) if target == name:
                yield value
            case Call(Attribute(Name(target), "extend"), (value,)) if target == name:
                yield value


def _adds(name: str, node: object) -> bool:
    match node:
        case Call(Attribute(Name(target), method)):
            return target == name and method in _ADDERS
    return False
