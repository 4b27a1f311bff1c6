"""Where text comes from: the code itself, a request, or an argument of which it is not known."""

import re
from collections.abc import Iterable
from enum import IntEnum

from fastwright.application.application import Application
from fastwright.application.entries import Role
from fastwright.application.models import SETTINGS
from fastwright.codebase import arguments, names
from fastwright.codebase.definitions import CallSite, Class, Function, Scope
from fastwright.codebase.values import ClassValue, Instance, Nothing, Text, Value
from fastwright.source.notes import Once
from fastwright.source.syntax import (
    Attribute,
    Await,
    BinaryOperation,
    Call,
    Collection,
    Comparison,
    Comprehension,
    Conditional,
    Expression,
    For,
    FormattedString,
    Name,
    Parameter,
    String,
    Subscript,
    walk,
    walk_all,
)

# So many names and callers are followed, one into the other.
_DEEPEST = 12
# Types that cannot carry text of somebody else's choice.
_HARMLESS = {
    "builtins.bool",
    "builtins.float",
    "builtins.int",
    "datetime.date",
    "datetime.datetime",
    "datetime.time",
    "datetime.timedelta",
    "decimal.Decimal",
    "typing.Literal",
    "uuid.UUID",
}
# Classes of which the code lists all objects.
_CHOICES = ("enum.Enum", "enum.IntEnum", "enum.StrEnum")
_TEXTS = {"builtins.str", "typing.Any"}
# Methods that change the text, but not whose it is.
_CHANGES = {"capitalize", "casefold", "lower", "lstrip", "rstrip", "strip", "title", "upper"}
# What a function is called that looks at text before it is used.
_CHECK = re.compile(
    r"allow|check|clean|escape|isalnum|isalpha|isdigit|isidentifier|match|quote|saniti|valid"
)
# What a declaration says of text that Pydantic looks at before anybody is given it.
_LOOKED_AT = re.compile(r"\b(?:pattern|regex)\s*=|\b(?:After|Before|Plain|Wrap)Validator\(")
_NAMES_OF_TABLES = {"__name__", "__table__", "__tablename__", "qualname"}


class Provenance(IntEnum):
    """Where text comes from; of several, the highest counts."""

    CODE = 0
    UNKNOWN = 1
    ARGUMENT = 2
    REQUEST = 3


class Provenances:
    """Tells where text comes from, through functions and their callers."""

    def __init__(self, application: Application) -> None:
        self._application = application
        self._codebase = application.codebase
        self._asked: set[tuple[Function, str]] = set()

    def of(self, node: Expression, scope: Scope, depth: int = _DEEPEST) -> Provenance:
        """Return where the text comes from that an expression gives when it is formatted."""
        value = self._codebase.resolver.value(node, scope)
        if self._is_harmless(value):
            return Provenance.CODE
        if not depth:
            return Provenance.UNKNOWN
        match node:
            case FormattedString() | BinaryOperation() | Conditional():
                return self._worst(_parts(node), scope, depth)
            case Call():
                return self._of_call(node, scope, depth)
            case Attribute(_, name) if name in _NAMES_OF_TABLES:
                return Provenance.CODE
            case Attribute(base, name) if self._is_validated(name, base, scope) or _is_checked(
                node, scope
            ):
                return Provenance.UNKNOWN
            case Attribute(base) | Subscript(base):
                found = self.of(base, scope, depth - 1)
                return found if found is Provenance.REQUEST else Provenance.UNKNOWN
            case Await(inner):
                return self.of(inner, scope, depth - 1)
            case Name(name):
                return self._of_name(node, name, scope, depth)
        return Provenance.UNKNOWN

    def _of_call(self, node: Call, scope: Scope, depth: int) -> Provenance:
        match node:
            case Call(Attribute(String(), "join"), (Comprehension(_, Expression() as item),)):
                return self.of(item, scope, depth - 1)
            case Call(Attribute(base, method), ()) if method in _CHANGES:
                return self.of(base, scope, depth - 1)
        return Provenance.UNKNOWN

    def _worst(self, nodes: Iterable[Expression], scope: Scope, depth: int) -> Provenance:
        return max((self.of(each, scope, depth - 1) for each in nodes), default=Provenance.UNKNOWN)

    def _of_name(self, node: Name, name: str, scope: Scope, depth: int) -> Provenance:
        if _is_checked(node, scope):
            return Provenance.UNKNOWN
        if names.bindings_of(name, scope) is not None:
            if self._is_listed(name, scope):
                return Provenance.CODE
            origin = self._codebase.origin(node, scope)
            if origin is None or origin[0] == node:
                return Provenance.UNKNOWN
            return self.of(*origin, depth - 1)
        owner = names.parameter_owner(name, scope)
        if owner is None:
            return Provenance.UNKNOWN
        parameter = next(each for each in owner.parameters if each.name == name)
        return self._of_parameter(parameter, owner, depth)

    def _is_listed(self, name: str, scope: Scope) -> bool:
        """Tell whether a loop gives a name the texts of a list that is written out."""
        for each in walk_all(scope.body, For) if isinstance(scope, Function) else ():
            match each:
                case For(target, iterable) if _names(name, target):
                    origin = self._codebase.origin(iterable, scope)
                    return origin is not None and _is_written(origin[0])
        return False

    def _of_parameter(self, parameter: Parameter, function: Function, depth: int) -> Provenance:
        if function in self._requested:
            injected = self._application.dependencies.of_parameter(parameter, function)
            is_safe = injected or self._is_looked_at(parameter, function)
            return Provenance.UNKNOWN if is_safe else Provenance.REQUEST
        if (function, parameter.name) in self._asked or parameter.form in {"*", "**"}:
            return Provenance.UNKNOWN
        if function.owner is not None and parameter == function.parameters[0]:
            return Provenance.UNKNOWN
        self._asked.add((function, parameter.name))
        try:
            found = [
                self._passed(call, parameter, function, depth)
                for call in self._codebase.calls_of(function)
            ]
        finally:
            self._asked.discard((function, parameter.name))
        if Provenance.REQUEST in found:
            return Provenance.REQUEST
        if found and max(found) is Provenance.CODE:
            return Provenance.CODE
        annotation = parameter.annotation
        value = annotation and self._codebase.resolver.annotated(
            annotation, function.outer or function
        )
        is_text = annotation is None or (isinstance(value, Instance) and value.of in _TEXTS)
        return Provenance.ARGUMENT if is_text else Provenance.UNKNOWN

    def _is_looked_at(self, parameter: Parameter, function: Function) -> bool:
        """Tell whether a parameter takes only text that a pattern or function accepts."""
        outer = function.outer or function
        declared: list[tuple[Expression, Scope]]
        declared = [(each, outer) for each in (parameter.annotation, parameter.default) if each]
        if isinstance(parameter.annotation, Name):
            origin = self._codebase.origin(parameter.annotation, outer)
            declared += [origin] if origin else []
        return any(_LOOKED_AT.search(where.module.source(each)) for each, where in declared)

    def _is_validated(self, name: str, base: Expression, scope: Scope) -> bool:
        """Tell whether a field of a model takes only text that a pattern or validator accepts."""
        value = self._codebase.resolver.value(base, scope)
        if not (isinstance(value, Instance) and isinstance(value.of, Class)):
            return False
        model = self._application.models.of(value.of)
        field = model and model.fields.get(name)
        if not field:
            return False
        owner = field.owner
        validator = re.compile(rf"validator\([^)]*[\"']{re.escape(name)}[\"']")
        return (
            _LOOKED_AT.search(owner.module.source(field.node)) is not None
            or validator.search(owner.module.source(owner.node)) is not None
        )

    def _passed(
        self, call: CallSite, parameter: Parameter, function: Function, depth: int
    ) -> Provenance:
        node = arguments.passed(call.node, parameter.name, function)
        if node is None:
            return Provenance.CODE if parameter.default is not None else Provenance.UNKNOWN
        return self.of(node, call.function, depth - 1)

    def _is_harmless(self, value: Value | None) -> bool:
        match value:
            case Text() | Nothing() | ClassValue():
                return True
            case Instance(str() as name):
                return name in _HARMLESS
            case Instance(Class() as definition):
                return self._codebase.is_a(definition, *_CHOICES, *SETTINGS)
        return False

    @Once
    def _requested(self) -> set[Function]:
        """Return the functions that FastAPI passes parts of the request to."""
        roles = (Role.ROUTE, Role.DEPENDENCY)
        return {entry.function for entry in self._application.entries if entry.role in roles}


def _parts(node: Expression) -> tuple[Expression, ...]:
    """Return the expressions of which text is put together, or of which one is it."""
    match node:
        case FormattedString(parts):
            return parts
        case BinaryOperation(left, "+" | "or", right):
            return left, right
        case Conditional(body, _, otherwise):
            return body, otherwise
    return ()


def _names(name: str, target: Expression) -> bool:
    return any(isinstance(each, Name) and each.id == name for each in walk(target))


def _is_written(node: Expression) -> bool:
    """Tell whether an expression is a text, or lists of texts and nothing else."""
    match node:
        case Collection(_, items):
            return all(_is_written(each) for each in items)
        case String():
            return True
    return False


def _is_checked(node: Expression, function: Scope) -> bool:
    """Tell whether a function compares a name, or a part of it, with a list or hands it to a check.

    For a part of something, a check of the whole is none.
    """
    if not isinstance(function, Function):
        return False
    source = function.module.source
    text = source(node)
    for each in walk_all(function.body, Comparison, Call):
        match each:
            case Comparison((compared, *_), ("in" | "not in", *_)) if source(compared) == text:
                return True
            case Call(Name(called) | Attribute(_, called)) if _CHECK.search(called.lower()):
                base = each.function.value if isinstance(each.function, Attribute) else None
                if any(it is not None and source(it) == text for it in (base, *each.arguments)):
                    return True
    return False
