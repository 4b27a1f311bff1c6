"""Classes with fields: Pydantic schemas, database tables and settings."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from fastwright.application.annotated_classes import named_in
from fastwright.codebase.codebase import Codebase
from fastwright.codebase.definitions import CallSite, Class
from fastwright.codebase.values import External
from fastwright.source.notes import Answers, Once
from fastwright.source.places import Place
from fastwright.source.syntax import (
    Assign,
    Attribute,
    Call,
    Constant,
    Expression,
    If,
    Name,
    Statement,
    String,
    Subscript,
)

SCHEMA = "pydantic.BaseModel"
SQLMODEL = "sqlmodel.SQLModel"
DECLARATIVE = "sqlalchemy.orm.DeclarativeBase"
COLUMNS = ("sqlalchemy.Column", "sqlalchemy.orm.mapped_column")
# Arguments of fields and columns that say what a value is, or how it is made.
DEFAULTS = ("default", "default_factory", "onupdate", "insert_default")
SETTINGS = ("pydantic_settings.BaseSettings", "pydantic.BaseSettings")


@dataclass(frozen=True, eq=False)
class ModelField:
    """A field or column: `annotation` and `default` stand in the body of `owner`."""

    name: str
    annotation: Expression | None
    default: Expression | None
    owner: Class
    node: Assign

    @property
    def place(self) -> Place:
        """Return where the field stands."""
        return self.owner.module.place(self.node)

    @property
    def is_excluded(self) -> bool:
        """Tell whether Pydantic may leave the field out, by `exclude` in its `Field`."""
        marks = self.annotation.items if isinstance(self.annotation, Subscript) else ()
        return any(
            isinstance(each, Call) and each.keyword("exclude") is not None
            for each in (self.default, *marks)
        )


@dataclass(frozen=True, eq=False)
class Model:
    """A class with fields, its own and inherited ones."""

    definition: Class
    lineage: tuple[Class | str, ...]
    is_table: bool
    is_settings: bool
    is_schema: bool
    # What a class declares, by name; None for a variable of its own, which is no field.
    declared_by: Callable[[Class], dict[str, ModelField | None]] = field(repr=False)

    def __repr__(self) -> str:
        return f"Model({self.definition.qualified_name})"

    @property
    def name(self) -> str:
        """Return the class's name."""
        return self.definition.name

    @property
    def place(self) -> Place:
        """Return where the class stands."""
        return self.definition.module.place(self.definition.node)

    @property
    def own_fields(self) -> tuple[ModelField, ...]:
        """Return the fields that the class itself declares."""
        return tuple(filter(None, self.declared_by(self.definition).values()))

    @Once
    def fields(self) -> dict[str, ModelField]:
        """Return all fields by name, inherited ones too; the nearest declaration counts."""
        found: dict[str, ModelField | None] = {}
        for each in reversed(self.lineage):
            if isinstance(each, Class):
                found.update(self.declared_by(each))
        return {name: known for name, known in found.items() if known is not None}

    @Once
    def table_name(self) -> str | None:
        """Return the table's name as far as it can be read; SQLModel's default is lower case."""
        for each in self.lineage:
            if isinstance(each, Class) and each.bound("__tablename__"):
                return _text_of("__tablename__", each)
        return self.name.lower() if SQLMODEL in self.lineage else None


class Models:
    """All classes with fields in a codebase, its tests left aside."""

    def __init__(self, codebase: Codebase) -> None:
        self._codebase = codebase
        self._declared_by = Answers(_declared_by)
        self.named_in_fields = Answers(self._named_in_fields)
        # The model that a class is, if it is one.
        self.of = Answers(self._read)

    @Once
    def all(self) -> list[Model]:
        """Return all models in the order of the files."""
        return [model for each in self._codebase.derived if (model := self.of(each))]

    def _named_in_fields(self, model: Model) -> tuple[Class, ...]:
        """Return the classes that the annotations of a model's fields name, in their order."""
        definition = model.definition
        question = "named in fields", definition.module.path, definition.key
        found = self._codebase.remembered(
            question,
            lambda: [
                (named.module.path, named.key)
                for each in model.fields.values()
                if each.annotation is not None and not each.is_excluded
                for named in named_in(each.annotation, each.owner, self._codebase)
            ],
        )
        return tuple(self._codebase.by_path[path].class_of(key) for path, key in found)

    @Once
    def schemas(self) -> list[Model]:
        """Return the Pydantic models that are neither tables nor settings."""
        return [
            model
            for model in self.all
            if model.is_schema and not (model.is_table or model.is_settings)
        ]

    @Once
    def tables(self) -> list[Model]:
        """Return the models that have a table."""
        return [model for model in self.all if model.is_table]

    @Once
    def settings(self) -> list[Model]:
        """Return the settings classes."""
        return [model for model in self.all if model.is_settings]

    def _read(self, definition: Class) -> Model | None:
        codebase = self._codebase
        question = "model", definition.module.path, definition.key
        kind = codebase.remembered(question, lambda: self._kind(definition))
        if not kind:
            return None
        return Model(definition, codebase.resolver.lineage(definition), *kind, self._declared_by)

    def _kind(self, definition: Class) -> tuple[bool, bool, bool] | None:
        """Tell of a model whether it is a table, settings, and of Pydantic."""
        if definition.module.is_test or not definition.bases:
            return None
        is_settings = self._codebase.is_a(definition, *SETTINGS)
        is_table = self._is_table(definition)
        is_schema = self._codebase.is_a(definition, SCHEMA)
        is_model = is_settings or is_table or is_schema
        if not (is_model or self._codebase.is_a(definition, DECLARATIVE)):
            return None
        return is_table, is_settings, is_schema

    def _is_table(self, definition: Class) -> bool:
        if self._codebase.is_a(definition, SQLMODEL):
            return any(
                keyword.name == "table" and _is_true(keyword.value)
                for keyword in definition.keywords
            )
        is_abstract = bool(definition.bound("__abstract__"))
        if is_abstract or not self._codebase.is_a(definition, DECLARATIVE):
            return False
        if definition.bound("__table__"):
            return True
        if definition.bound("__tablename__"):
            return not _names_tables(definition)
        # A base or mixin may name the tables of all that derive from it.
        lineage = self._codebase.resolver.lineage(definition)[1:]
        return any(isinstance(each, Class) and _names_tables(each) for each in lineage)


def makes_column(call: CallSite, codebase: Codebase) -> bool:
    """Tell whether a call makes a column."""
    target = codebase.target(call)
    return isinstance(target, External) and target.name in COLUMNS


def _text_of(name: str, definition: Class) -> str | None:
    """Return the string that the body of a class gives to a name."""
    for statement in definition.node.body:
        match statement:
            case Assign((Name(target),), _, String(text)) if target == name:
                return text
    return None


def _names_tables(definition: Class) -> bool:
    """Tell whether a class has a method that gives a name to each table that derives from it."""
    return definition.method("__tablename__") is not None


def _is_true(node: Expression) -> bool:
    return isinstance(node, Constant) and node.text == "True"


def _declared_by(definition: Class) -> dict[str, ModelField | None]:
    found: dict[str, ModelField | None] = {}
    for statement in _statements(definition.node.body):
        match statement:
            case Assign((Name(name),), annotation, value) if (
                annotation is not None or value is not None
            ):
                made = ModelField(name, annotation, value, definition, statement)
                found[name] = None if _is_of_class(name, annotation) else made
    return found


def _is_of_class(name: str, annotation: Expression | None) -> bool:
    """Tell what belongs to the class itself: settings of Pydantic, and class variables."""
    match annotation:
        case Name("ClassVar") | Attribute(_, "ClassVar"):
            return True
        case Subscript(Name("ClassVar") | Attribute(_, "ClassVar")):
            return True
    return name == "model_config" or name.startswith("__")


def _statements(body: tuple[Statement, ...]) -> Iterator[Statement]:
    for statement in body:
        if isinstance(statement, If):
            yield from _statements(statement.body)
            yield from _statements(statement.otherwise)
        else:
            yield statement
