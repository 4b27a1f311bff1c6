"""Whether a naive time may get its zone: all that becomes of it has to take an aware one.

What cannot be followed takes none: a column without a time zone refuses aware times, and comparing
them with naive ones raises `TypeError`.
"""

import re

from fastwright.application.application import Application
from fastwright.application.models import COLUMNS, DEFAULTS, ModelField
from fastwright.codebase.definitions import Class, Function
from fastwright.codebase.modules import Module
from fastwright.codebase.spelling import Spelling, spell
from fastwright.codebase.values import ClassValue, External, Instance, Value
from fastwright.source import surroundings
from fastwright.source.importing import Import
from fastwright.source.nodes import Node
from fastwright.source.notes import Once
from fastwright.source.scopes import Form
from fastwright.source.syntax import (
    Assign,
    Attribute,
    BinaryOperation,
    Call,
    Comparison,
    Conditional,
    Constant,
    Expression,
    Keyword,
    Lambda,
    Name,
    Pair,
    String,
    Subscript,
    walk,
    walk_all,
)

# What a JSON web token says about times: its libraries take aware ones, and count from 1970 in UTC.
_CLAIMS = {"exp", "iat", "nbf"}
# Numbers and calendar days, which are the right ones only of an aware time.
_ENDS = {"date", "timestamp", "utctimetuple"}
_TIME_TYPES = ("DateTime", "DATETIME", "TIMESTAMP")
_MADE_AWARE = {"datetime.datetime.now": 0, "datetime.datetime.fromtimestamp": 1}
_FIRST_WITH_UTC = 11
_NO_ZONES = re.compile(rb"(?i)sqlite|mysql|mariadb")
_DEEPEST = 3
# Only PostgreSQL keeps time zones; SQLite and MySQL give back naive times.
_POSTGRES = ("asyncpg", "pg8000", "psycopg", "psycopg-binary", "psycopg2", "psycopg2-binary")


class Zones:
    """Follows times to their ends, and knows how the zone is written."""

    def __init__(self, application: Application, *, is_utc: bool) -> None:
        """`is_utc` tells whether the times are of UTC already, though they do not say so."""
        self._application = application
        self._is_utc = is_utc
        self._codebase = application.codebase

    def spelled(self, module: Module) -> Spelling | None:
        """Return how UTC is written in a file: `UTC` needs Python 3.11."""
        knowledge = self._codebase.knowledge
        utc = spell("datetime.UTC", module, knowledge) if self._has_utc() else None
        zone = spell("datetime.timezone", module, knowledge) or _beside_keywords(module)
        zone = zone and Spelling(f"{zone.text}.utc", zone.imports)
        known = [each for each in (utc, zone) if each is not None]
        return min(known, key=lambda each: bool(each.imports), default=None)

    def _has_utc(self) -> bool:
        oldest = self._application.requirements.oldest_python
        return oldest is not None and oldest >= _FIRST_WITH_UTC

    def may_be_aware(self, node: Expression, function: Function, depth: int = 0) -> bool:
        """Tell whether all that becomes of the time that `node` gives takes an aware one."""
        inner: Node = node
        for outer in reversed(surroundings.around(function.body, node)):
            verdict = self._verdict(outer, inner, function, depth)
            if verdict is not None:
                return verdict
            inner = outer
        return False

    def is_of_aware_column(self, maker: Call, scope: Function) -> bool:
        """Tell whether a field or column says that its times have a zone."""
        return any(self._is_aware_type(each, scope) for each in walk(maker))

    def _is_aware_type(self, node: Node, scope: Function | Class) -> bool:
        if not isinstance(node, Call):
            return False
        kind = self._codebase.resolver.value(node.function, scope)
        says = node.argument(0, "timezone")
        return is_time_type(kind) and isinstance(says, Constant) and says.text == "True"

    def _verdict(self, outer: Node, inner: Node, function: Function, depth: int) -> bool | None:
        """Tell whether `outer` takes an aware time from `inner`; None if it passes it on."""
        match outer:
            case Comparison(operands):
                others = [each for each in operands if each != inner]
                return all(self._is_aware(each, function) for each in others)
            case Pair(String(name)):
                return _is_claim(name, function)
            case Attribute(_, name):
                # Days begin and end at other times elsewhere.
                return (None if name == "replace" else name in _ENDS) if self._is_utc else False
            case BinaryOperation(left, "-" | "+" as operator, right):
                other = right if left == inner else left
                if operator == "+" or self._is_duration(other, function):
                    return None
                return self._is_aware(other, function)
            case Conditional(_, test):
                return None if test != inner else False
            case Lambda() | Keyword():
                return None
            case Call(called):
                return None if called == inner else self._is_taken(outer, inner, function)
            case Assign((target,)):
                return self._is_taken_by(target, function, depth)
            case _:
                return False

    def _is_taken(self, call: Call, inner: Node, function: Function) -> bool:
        """Tell whether a call takes an aware time."""
        if not isinstance(inner, Keyword) or inner.name is None:
            return False
        match self._codebase.resolver.value(call.function, function):
            case External(name) if name in COLUMNS:
                return inner.name in DEFAULTS and self.is_of_aware_column(call, function)
            case External("builtins.dict" | "builtins.dict.update"):
                return _is_claim(inner.name, function)
            case ClassValue(definition) if not isinstance(inner.value, Lambda):
                return self.is_aware_field(definition, inner.name)
            case _:
                return False

    def _is_taken_by(self, target: Expression, function: Function, depth: int) -> bool:
        match target:
            case Name(name):
                return self._is_variable_taken(name, function, depth)
            case Subscript(_, (String(name),)):
                return _is_claim(name, function)
            case Attribute():
                return self._is_column(target, function, of_row=True)
            case _:
                return False

    def _is_variable_taken(self, name: str, function: Function, depth: int) -> bool:
        """Tell whether every use of a variable takes an aware time."""
        inside = [
            each
            for each in function.module.functions
            if each.outer is function
            and re.search(rf"\b{name}\b", function.module.source(each.node))
        ]
        is_own = name in function.details.bindings and name not in function.parameter_names
        if function.is_module or depth == _DEEPEST or inside or not is_own:
            return False
        uses = [
            each
            for each in walk_all(function.body)
            if isinstance(each, Name) and each.id == name and not _is_target(each, function)
        ]
        return bool(uses) and all(self.may_be_aware(each, function, depth + 1) for each in uses)

    @Once
    def _keeps_zones(self) -> bool:
        """Tell whether the database surely gives back the zone of what it was given."""
        requirements = self._application.requirements
        return any(map(requirements.names, _POSTGRES)) and not self._codebase.is_anywhere(
            _NO_ZONES, of_tests=True
        )

    def _is_column(self, node: Attribute, function: Function, *, of_row: bool) -> bool:
        """Tell whether something is of a column with time zone: of a table, or a row if wanted."""
        match self._codebase.resolver.value(node.value, function):
            case Instance(Class() as definition) if of_row:
                return self.is_aware_field(definition, node.name)
            case ClassValue(definition):
                return self.is_aware_field(definition, node.name)
            case _:
                return False

    def is_aware_field(self, definition: Class, name: str) -> bool:
        """Tell whether a column of a table says that its times have a zone."""
        model = self._application.models.of(definition)
        field: ModelField | None = model.fields.get(name) if model and model.is_table else None
        if field is None:
            return False
        parts = [each for each in (field.annotation, field.default) if each is not None]
        return any(self._is_aware_type(each, field.owner) for part in parts for each in walk(part))

    def _is_duration(self, node: Expression, function: Function) -> bool:
        value = self._codebase.resolver.value(node, function)
        return isinstance(value, Instance) and value.of == "datetime.timedelta"

    def _is_aware(self, node: Expression, function: Function, depth: int = 0) -> bool:
        """Tell whether something surely is an aware time."""
        match node:
            case Name(name) if depth < _DEEPEST:
                bindings = function.details.bindings.get(name, [])
                origin = self._codebase.origin(node, function) if len(bindings) == 1 else None
                is_here = origin is not None and bindings[0][0] == Form.VALUE
                return (
                    is_here
                    and origin is not None
                    and origin[0] != node
                    and (self._is_aware(origin[0], function, depth + 1))
                )
            case Attribute():
                return self._is_column(node, function, of_row=self._keeps_zones)
            case BinaryOperation(left, "+" | "-", right):
                return self._is_duration(right, function) and self._is_aware(left, function, depth)
            case Call(Attribute(_, "astimezone")):
                return True
            case Call(called):
                made = self._codebase.resolver.value(called, function)
                position = _MADE_AWARE.get(made.name) if isinstance(made, External) else None
                zone = None if position is None else node.argument(position, "tz")
                return (
                    zone is not None
                    and not isinstance(zone, Constant)
                    and not (isinstance(zone, Name) and zone.id in function.parameter_names)
                )
            case _:
                return False


def is_time_type(kind: Value | None) -> bool:
    """Tell whether it is SQLAlchemy's type for times."""
    match kind:
        case External(name):
            return name.startswith(("sqlalchemy.", "sqlmodel.")) and name.endswith(_TIME_TYPES)
    return False


def _is_claim(name: str | None, function: Function) -> bool:
    """Tell whether it is the name of a token's claim that the function does not read itself."""
    if name not in _CLAIMS:
        return False
    quoted = rf"""["']{name}["']"""
    read = rf"""\[\s*{quoted}\s*\](?!\s*=[^=])|\.(get|pop|setdefault)\(\s*{quoted}"""
    return not re.search(read, function.text)


def _is_target(node: Name, function: Function) -> bool:
    """Tell whether a name is what an assignment fills, not what is read."""
    around = surroundings.around(function.body, node)
    return bool(around) and isinstance(around[-1], Assign) and node in around[-1].targets


def _beside_keywords(module: Module) -> Spelling | None:
    """Return how `timezone` is written where the file has that word for arguments only."""
    text = module.text
    words = re.findall(rb"\btimezone\b", text)
    arguments = re.findall(rb"[(,]\s*timezone=(?!=)", text)
    if len(words) != len(arguments):
        return None
    return Spelling("timezone", ((module.path, Import("datetime", "timezone")),))
