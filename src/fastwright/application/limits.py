"""How many rows a statement gives: whether anything limits them."""

import re

from fastwright.application import living
from fastwright.application.listings import Frame
from fastwright.application.queries import PACKAGES
from fastwright.codebase import names
from fastwright.codebase.codebase import Codebase
from fastwright.codebase.definitions import Function
from fastwright.codebase.values import External, FunctionValue
from fastwright.source.nodes import wrap
from fastwright.source.syntax import (
    Attribute,
    Await,
    Call,
    Comparison,
    Constant,
    Expression,
    Name,
    String,
    walk,
)

# So many names and calls are followed, one into the other.
_DEEPEST = 12
_LIMITS = {"distinct", "fetch", "limit", "paginate", "slice", "yield_per"}
# Of which there is one row.
_AGGREGATES = {"avg", "count", "max", "min", "sum"}
_SELECT = re.compile(r"\s*(?:SELECT|WITH)\b", re.IGNORECASE)
_LIMITED = re.compile(
    r"\b(?:LIMIT|FETCH\s+(?:FIRST|NEXT)|TOP|DISTINCT|COUNT\s*\()"
    # One row, however many there are to look at.
    r"|^\s*SELECT\s+(?:EXISTS|AVG|MAX|MIN|SUM)\s*\("
    # What is in a range, or since some days ago.
    r"|\bWHERE\b.*(?:\bBETWEEN\b|>=?\s*(?:NOW\(\)|CURRENT_\w+)\s*-)"
    # What the database knows of itself.
    r"|\bFROM\s+(?:information_schema\.|pg_\w+|sqlite_master\b)",
    re.IGNORECASE | re.DOTALL,
)

# The call, or the text, that a statement begins with.
Start = tuple[Expression, Frame]


class Limits:
    """Tells whether statements give any number of rows."""

    def __init__(self, codebase: Codebase) -> None:
        self._codebase = codebase

    def start(self, node: Expression, frame: Frame, depth: int = _DEEPEST) -> Start | None:
        """Return what an unlimited statement begins with: `select(…)`, `session.query(…)`, text.

        None where something limits its rows, or where that is not known.
        """
        if not depth:
            return None
        match node:
            case Await(inner):
                return self.start(inner, frame, depth)
            case String(str() as text):
                unlimited = _SELECT.match(text) and not _LIMITED.search(text)
                return (node, frame) if unlimited else None
            case Name(name):
                return self._of_name(node, name, frame, depth - 1)
            case Call():
                return self._of_call(node, frame, depth - 1)
        return None

    def _of_name(self, node: Name, name: str, frame: Frame, depth: int) -> Start | None:
        if not isinstance(frame.scope, Function):
            return None
        bindings = frame.scope.details.bindings.get(name)
        if bindings is None:
            passed = frame.passed(name)
            return self.start(*passed, depth) if passed else None
        given = []
        for binding in living.above(bindings, node, frame.scope):
            value = names.given(binding)
            if value is None:
                return None
            given.append(value)
        return self._all([(each, frame) for each in given], depth)

    def _of_call(self, node: Call, frame: Frame, depth: int) -> Start | None:
        match self._codebase.resolver.value(node.function, frame.scope):
            case External(name) if name.startswith(PACKAGES):
                return self._of_library(node, name, frame, depth)
            case FunctionValue(function) if not function.is_generator:
                below = Frame(function, node, frame)
                return self._all([(wrap(raw), below) for raw in function.details.returns], depth)
        return None

    def _of_library(self, node: Call, name: str, frame: Frame, depth: int) -> Start | None:
        owner, _, method = name.rpartition(".")
        if name == "sqlalchemy.text" and node.arguments:
            return self.start(node.arguments[0], frame, depth)
        if self._begins(owner, method):
            aggregates = node.arguments and all(map(_is_aggregate, node.arguments))
            return None if aggregates else (node, frame)
        if not isinstance(node.function, Attribute):
            return None
        match method, node.arguments:
            case "limit", (Name(given),) if _is_optional(given, frame):
                pass  # by default there is none
            case "group_by", (_, *_) as columns if not any(map(_is_identifier, columns)):
                return None  # one row for each of a few states
            case _ if method in _LIMITS or _narrows(node):
                return None
        return self.start(node.function.value, frame, depth)

    def _begins(self, owner: str, method: str) -> bool:
        if method == "select":
            return owner in {"sqlalchemy", "sqlmodel", "sqlalchemy.Table"}
        return method == "query" and self._codebase.is_a(owner, "sqlalchemy.orm.Session")

    def _all(self, nodes: list[Start], depth: int) -> Start | None:
        """Return what the first begins with, when none of them is limited."""
        found = [self.start(*each, depth) for each in nodes]
        return found[0] if found and None not in found else None


def _is_aggregate(node: Expression) -> bool:
    match node:
        case Call(Attribute(Call() as inner, "label")):
            return _is_aggregate(inner)
        case Call(Attribute(_, name)):
            return name in _AGGREGATES
    return False


def _is_identifier(node: Expression) -> bool:
    match node:
        case Attribute(_, name) | Name(name):
            return name == "id" or name.endswith(("_id", "_uuid", "Id"))
        case Call():
            return False  # what is worked out of one, such as its day, is that of many
    return True


def _narrows(node: Call) -> bool:
    """Tell whether conditions look rows up by a list, or keep those between two values."""
    directions: set[tuple[str, str]] = set()
    for each in walk(node):  # with the calls before it in the same expression
        match each:
            case Call(Attribute(_, "in_" | "between")):
                return True
            case Comparison((Attribute(_, column), *_), (operator,)):
                directions.add((column, operator[0]))
    return any((column, "<") in directions for column, sign in directions if sign == ">")


def _is_optional(name: str, frame: Frame) -> bool:
    """Tell whether a name is a parameter that is None unless the request says something else."""
    scope = frame.scope
    if not isinstance(scope, Function):
        return False
    parameter = next((each for each in scope.parameters if each.name == name), None)
    if parameter is None:
        return False
    match frame.passed(name):
        case (Name(given), caller):
            return _is_optional(given, caller)
        case None:
            return _is_none(parameter.default)
    return False


def _is_none(node: Expression | None) -> bool:
    match node:
        case Constant("None"):
            return True
        case Call(_, (first, *_)):
            return _is_none(first)
        case Call() if (default := node.keyword("default")) is not None:
            return _is_none(default)
    return False
