"""A table's columns, as SQLModel, SQLAlchemy's `Mapped` or its plain `Column` declare them."""

from dataclasses import dataclass

from fastwright.scaffolds.fields import PYTHON, Field, Kind, OnDelete
from fastwright.scaffolds.plain.values import default_of
from fastwright.scaffolds.room import Orm, Room, Table

_LONGEST_STRING = 500  # beyond it there is no index, and MySQL's rows are soon full
_IN_32_BITS = 2**31 - 1
_KEY_LENGTH = 36  # of a UUID's text
_MADE = {"UUID": "uuid4", "str": "lambda: str(uuid4())"}  # Python for what makes a key
_ON_DELETE = {OnDelete.CASCADE: "CASCADE", OnDelete.RESTRICT: "RESTRICT"}


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its Python type, and what stands in the brackets of its declaration."""

    name: str
    type: str
    arguments: tuple[str, ...] = ()
    optional: bool = False
    default: str | None = None  # Python for a value
    factory: str | None = None  # Python for a function that makes one
    is_ours: bool = False  # set by the service alone


class Columns:
    """How a project declares columns."""

    def __init__(self, room: Room) -> None:
        self._room = room

    def of(self, field: Field) -> Column:
        """Return a field's column."""
        default, factory = default_of(field) if field.default is not None else (None, None)
        if field.kind is Kind.REF:
            table = self._room.tables[field.target or ""]
            on_delete = _ON_DELETE.get(field.on_delete, "SET NULL")
            return self.reference(field.column, table, on_delete, field=field)
        keys = tuple(f"{name}=True" for name in ("unique", "index") if getattr(field, name) is True)
        return Column(
            field.column,
            PYTHON.get(field.kind, "") or _python(field),
            (self._type(field), *keys),
            optional=field.optional,
            default=default,
            factory=factory,
        )

    def reference(
        self, name: str, table: Table, on_delete: str = "CASCADE", *, field: Field | None = None
    ) -> Column:
        """Return a column that refers to another table; its SQL type is that of the key there."""
        return Column(
            name,
            table.key_type,
            (
                f'ForeignKey("{table.table}.{table.key}", ondelete="{on_delete}")',
                "unique=True" if field is not None and field.unique else "index=True",
            ),
            optional=field is not None and field.optional,
        )

    def key(self) -> list[str]:
        """Return the declaration of the primary key, unless the base has it."""
        name, type_ = self._room.key, self._room.key_type
        if name in self._room.base_columns:
            return []
        made = _MADE.get(type_)
        match self._room.orm:
            case Orm.SQLMODEL:
                default = f"default_factory={made}" if made else "default=None"
                length = f", max_length={_KEY_LENGTH}" if type_ == "str" else ""
                return [f"{name}: {type_} = Field({default}, primary_key=True{length})"]
            case Orm.MAPPED:
                arguments = [
                    *([f"String({_KEY_LENGTH})"] if type_ == "str" else []),
                    "primary_key=True",
                ]
                if made:
                    arguments.append(
                        f"default_factory={made}"
                        if self._room.base_is_dataclass
                        else f"default={made}"
                    )
                if self._room.base_is_dataclass:
                    arguments.append("init=False")
                return [f"{name}: Mapped[{type_}] = mapped_column({', '.join(arguments)})"]
            case Orm.COLUMNS:
                default = f", default={made}" if made else ""
                return [f"{name} = Column({self._key_type()}, primary_key=True{default})"]

    def declare(self, column: Column) -> str:
        """Return the declaration of a column."""
        match self._room.orm:
            case Orm.SQLMODEL:
                return self._as_sqlmodel(column)
            case Orm.MAPPED:
                return self._as_mapped(column)
            case Orm.COLUMNS:
                arguments = [*column.arguments, *_value(column, "default", "default")]
                if not column.optional:
                    arguments.append("nullable=False")
                return f"{column.name} = Column({', '.join(arguments)})"

    def _as_mapped(self, column: Column) -> str:
        annotation = f"Optional[{column.type}]" if column.optional else column.type
        arguments = list(column.arguments)
        if self._room.base_is_dataclass:
            arguments += _value(column, "default", "default_factory")
            if column.optional and column.default is None and column.factory is None:
                arguments.append("default=None")
            if column.is_ours:
                arguments.append("init=False")
        else:
            arguments += _value(column, "default", "default")
        return f"{column.name}: Mapped[{annotation}] = mapped_column({', '.join(arguments)})"

    def _as_sqlmodel(self, column: Column) -> str:
        annotation = f"Optional[{column.type}]" if column.optional else column.type
        outside = _value(column, "default", "default_factory")
        if column.optional and not outside:
            outside = ["default=None"]
        if column.type == "UUID" and not column.arguments[0].startswith("ForeignKey"):
            arguments = [*outside, *column.arguments[1:]]
            return f"{column.name}: {annotation} = Field({', '.join(arguments)})"
        inside = [*column.arguments, *([] if column.optional else ["nullable=False"])]
        arguments = [*outside, f"sa_column=Column({', '.join(inside)})"]
        return f"{column.name}: {annotation} = Field({', '.join(arguments)})"

    def _key_type(self) -> str:
        match self._room.key_type:
            case "UUID":
                return self._uuid()
            case "str":
                return f"String({_KEY_LENGTH})"
            case _:
                return "Integer"

    def _uuid(self) -> str:
        """Return the type of a UUID, which before SQLAlchemy 2 only PostgreSQL has."""
        if self._room.orm is Orm.COLUMNS and self._room.dialect == "postgresql":
            return "postgresql.UUID(as_uuid=True)"
        return "Uuid"

    def _type(self, field: Field) -> str:
        """Return a field's type in SQL."""
        match field.kind:
            case Kind.STR | Kind.EMAIL | Kind.URL | Kind.SLUG:
                longest = int(field.maximum or _LONGEST_STRING)
                return f"String({longest})" if longest <= _LONGEST_STRING else "Text"
            case Kind.ENUM:
                return f"String({max(map(len, field.choices))})"
            case Kind.INT:
                low, high = field.minimum, field.maximum
                fits = (
                    low is not None
                    and high is not None
                    and -_IN_32_BITS <= low <= high <= _IN_32_BITS
                )
                return "Integer" if fits else "BigInteger"
            case Kind.DECIMAL:
                digits, behind = field.digits or (10, 2)
                return f"Numeric({digits}, {behind})"
            case Kind.LIST | Kind.JSON:
                return "JSON(none_as_null=True)" if field.optional else "JSON"
            case Kind.UUID:
                return self._uuid()
            case _:
                return _TYPES[field.kind]


_TYPES = {
    Kind.TEXT: "Text",
    Kind.FLOAT: "Float(53)",
    Kind.BOOL: "Boolean",
    Kind.DATE: "Date",
    Kind.TIME: "Time",
    Kind.DATETIME: "DateTime(timezone=True)",
}


def _python(field: Field) -> str:
    return f"list[{field.items}]" if field.kind is Kind.LIST else "str"


def _value(column: Column, default: str, factory: str) -> list[str]:
    if column.factory is not None:
        return [f"{factory}={column.factory}"]
    return [] if column.default is None else [f"{default}={column.default}"]
