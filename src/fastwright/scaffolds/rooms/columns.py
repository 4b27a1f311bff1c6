"""Columns as they are declared, in any of the ways of SQLAlchemy and SQLModel."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from fastwright.application.application import Application
from fastwright.application.models import DECLARATIVE, SQLMODEL, ModelField
from fastwright.codebase.definitions import Class, Scope
from fastwright.codebase.values import ClassValue, External, Instance
from fastwright.source.syntax import (
    Call,
    Conditional,
    Constant,
    Expression,
    Number,
    String,
    Subscript,
)

_MAKERS = {"Column", "mapped_column", "Field"}
_MAPPED = {"Mapped", "WriteOnlyMapped", "DynamicMapped"}
_OTHERS = {"relationship", "Relationship", "column_property", "association_proxy", "synonym"}
_DEFAULTS = ("default", "default_factory", "server_default", "insert_default")
_GENERATED = re.compile(r"\b(Identity|Computed|Sequence|autoincrement)\b")
_OPTIONAL = re.compile(r"\bOptional\b|\bNone\b")
_TYPES = (
    (re.compile(r"(?i)(big|small)?int(eger)?|serial"), "int"),
    (re.compile(r"(?i).*(uuid|guid)"), "UUID"),
    (re.compile(r"(?i)bool(ean)?"), "bool"),
    (re.compile(r"(?i)datetime|timestamp|utcdatetime|tz_?datetime|naivedatetime"), "datetime"),
    (re.compile(r"(?i)date"), "date"),
    (re.compile(r"(?i)time"), "time"),
    (re.compile(r"(?i)float|real|double(_precision)?"), "float"),
    (re.compile(r"(?i)numeric|decimal"), "Decimal"),
    (re.compile(r"(?i)jsonb?|dict"), "dict"),
    (re.compile(r"(?i)array|list"), "list"),
    (re.compile(r"(?i)bytes|largebinary|bytea"), "bytes"),
    (
        re.compile(r"(?i)str(ing)?|(unicode)?text|(n?var)?char|unicode|autostring|emailstr|citext"),
        "str",
    ),
)


@dataclass(frozen=True, slots=True)
class Column:
    """What a field says of its column; `type` is a word of Python, None where it is not known."""

    name: str
    type: str | None
    is_key: bool
    is_nullable: bool
    has_default: bool
    is_given: bool  # not left out of `__init__`
    target: str | None  # "users.id", or of a class "User.id"
    length: int | None
    has_timezone: bool
    choices: Class | None  # the enum, where it is one of the codebase
    text: str  # all that makes it, as it is written


def read(field: ModelField, application: Application) -> Column | None:
    """Return the column that a field declares; None where it declares something else."""
    return _Reader(field, application).column()


class _Reader:
    def __init__(self, field: ModelField, application: Application) -> None:
        self._field = field
        self._application = application
        self._codebase = application.codebase
        self._module = field.owner.module

    def column(self) -> Column | None:
        annotation = self._annotation()
        calls = list(self._calls(annotation))
        names = {self._name(call.function, scope) for call, scope in calls}
        if names & _OTHERS or not (names & _MAKERS or self._is_mapped()):
            return None
        made = [each for each in calls if self._name(each[0].function, each[1]) in _MAKERS]
        choices = self._choices(annotation, made)
        is_key = any(_is_true(call.keyword("primary_key")) for call, _ in made)
        return Column(
            self._field.name,
            "enum" if choices else self._type(annotation, made),
            is_key,
            self._is_nullable(made, is_key=is_key),
            self._has_default(made),
            not any(_is_false(call.keyword("init")) for call, _ in made),
            self._target(made),
            self._length(made),
            any("timezone=True" in self._text(call, scope) for call, scope in made),
            choices,
            " ".join(self._text(call, scope) for call, scope in made),
        )

    def _annotation(self) -> Expression | None:
        annotation = self._field.annotation
        match annotation:
            case Subscript(base, (inner, *_)) if self._name(base, self._field.owner) in _MAPPED:
                return inner
        return annotation

    def _is_mapped(self) -> bool:
        """Tell whether an annotation alone makes a column: SQLAlchemy wants it to say so."""
        match self._field.annotation:
            case None:
                return False
            case Subscript(base) if self._name(base, self._field.owner) in _MAPPED:
                return True
        return not self._codebase.is_a(self._field.owner, DECLARATIVE) or self._codebase.is_a(
            self._field.owner, SQLMODEL
        )

    def _calls(self, annotation: Expression | None) -> Iterator[tuple[Call, Scope]]:
        """Yield what makes the column: behind the `=`, in `Annotated`, or as `sa_column`."""
        owner = self._field.owner
        if isinstance(self._field.default, Call):
            yield self._field.default, owner
            inner = self._field.default.keyword("sa_column")
            if isinstance(inner, Call):
                yield inner, owner
        if annotation is not None:
            for item, scope in self._application.dependencies.metadata(annotation, owner):
                either = (item.body, item.otherwise) if isinstance(item, Conditional) else (item,)
                yield from ((each, scope) for each in either if isinstance(each, Call))

    def _type(self, annotation: Expression | None, made: list[tuple[Call, Scope]]) -> str | None:
        for call, scope in made:
            for each in (*call.arguments, call.keyword("type_"), call.keyword("sa_type")):
                written = each.function if isinstance(each, Call) else each
                found = written and _known(self._name(written, scope))
                if found:
                    return "str" if found == "UUID" and self._is_text(each, annotation) else found
        if annotation is None:
            return None
        match self._codebase.resolver.annotated(annotation, self._field.owner):
            case Instance(str() as name):
                return _known(name.rpartition(".")[2])
        return None

    def _is_text(self, written: Expression | None, annotation: Expression | None) -> bool:
        """Tell whether a column of UUIDs holds them as strings."""
        if annotation is not None:
            return "UUID" not in self._module.source(annotation).upper()
        return isinstance(written, Call) and _is_false(written.keyword("as_uuid"))

    def _choices(
        self, annotation: Expression | None, made: list[tuple[Call, Scope]]
    ) -> Class | None:
        written: list[tuple[Expression, Scope]] = []
        if annotation is not None:
            written.append((annotation, self._field.owner))
        for call, scope in made:
            inner = (each for each in call.arguments if isinstance(each, Call) and each.arguments)
            written += ((each.arguments[0], scope) for each in inner)
        for node, scope in written:
            value = self._codebase.resolver.value(node, scope)
            if isinstance(value, ClassValue) and self._codebase.is_a(value.definition, "enum.Enum"):
                return value.definition
        return None

    def _is_nullable(self, made: list[tuple[Call, Scope]], *, is_key: bool) -> bool:
        for call, _ in made:
            said = call.keyword("nullable")
            if said is not None:
                return not _is_false(said)
        if self._field.annotation is not None:
            return _OPTIONAL.search(self._module.source(self._field.annotation)) is not None
        return not is_key

    def _has_default(self, made: list[tuple[Call, Scope]]) -> bool:
        default = self._field.default
        is_made = (
            isinstance(default, Call) and self._name(default.function, self._field.owner) in _MAKERS
        )
        if default is not None and not is_made:
            return True
        return any(
            any(call.keyword(name) is not None for name in _DEFAULTS)
            or _GENERATED.search(self._text(call, scope))
            or (self._name(call.function, scope) == "Field" and self._has_first_default(call))
            for call, scope in made
        )

    def _has_first_default(self, call: Call) -> bool:
        return bool(call.arguments) and not (
            isinstance(call.arguments[0], Constant) and call.arguments[0].text == "..."
        )

    def _target(self, made: list[tuple[Call, Scope]]) -> str | None:
        for call, scope in made:
            key = call.keyword("foreign_key")
            if isinstance(key, String):
                return key.value
            for each in call.arguments:
                match each:
                    case Call(called, (to, *_)) if self._name(called, scope) == "ForeignKey":
                        return to.value if isinstance(to, String) else self._text(to, scope)
        return None

    def _length(self, made: list[tuple[Call, Scope]]) -> int | None:
        for call, _ in made:
            for each in (call.keyword("max_length"), *call.arguments):
                match each:
                    case Number(text) if each is call.keyword("max_length"):
                        return int(text)
                    case Call(_, (Number(text), *_)) if text.isdigit():
                        return int(text)
        return None

    def _name(self, node: Expression, scope: Scope) -> str:
        """Return the last name of what a library's name stands for, else as it is written."""
        match self._codebase.resolver.value(node, scope):
            case External(name):
                return name.rpartition(".")[2]
            case ClassValue(definition):
                return definition.name
        return self._text(node, scope).rpartition(".")[2]

    def _text(self, node: Expression, scope: Scope) -> str:
        return scope.module.source(node)


def _known(name: str) -> str | None:
    return next((word for pattern, word in _TYPES if pattern.fullmatch(name)), None)


def _is_true(node: Expression | None) -> bool:
    return isinstance(node, Constant) and node.text == "True"


def _is_false(node: Expression | None) -> bool:
    return isinstance(node, Constant) and node.text == "False"
