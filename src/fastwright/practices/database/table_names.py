"""database/table-names: tables and columns are named alike, so that nobody has to look them up."""

import re
from collections.abc import Iterator

from fastwright.application.application import Application
from fastwright.application.english import is_snake, singular, snake
from fastwright.application.models import Model, ModelField
from fastwright.application.sql_words import RESERVED
from fastwright.codebase.codebase import Codebase
from fastwright.codebase.definitions import CallSite, Scope
from fastwright.codebase.values import External, Instance, Text, Value
from fastwright.practice import Clean, Explanation, Finding, Flagged, Kind, Place, Practice
from fastwright.source.notes import Once
from fastwright.source.syntax import Assign, Attribute, Call, Name, String

# What stands between the names of the two tables that a third one joins.
_JOIN = "__"
_JOINED = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*__[a-z][a-z0-9]*(?:_[a-z0-9]+)*")
_MANY = 3
_TIME, _DATE = "time", "date"
_TYPES = {"DateTime": _TIME, "DATETIME": _TIME, "TIMESTAMP": _TIME, "Date": _DATE, "DATE": _DATE}
_COLUMNS = {"Column", "mapped_column"}
_PYTHON_TYPES = {"datetime.datetime": _TIME, "datetime.date": _DATE}


class _House:
    """Tells what the codebase as a whole says of names of tables."""

    def __init__(self, application: Application) -> None:
        self._application = application

    def writes_in_sql(self, name: str) -> bool:
        """Tell whether hand-written SQL names a table, without quotes."""
        pattern = re.compile(rf"\b(?:FROM|INTO|JOIN|UPDATE)\s+{name}\b".encode())
        found = self._application.codebase.like(pattern, name.encode())
        return any(not module.is_migration for module in found)

    @Once
    def is_djangos(self) -> bool:
        """Tell whether all tables are another system's: Django's, by how it names them.

        That is the name of a part of it, then the class's with its words run together.
        """
        return not self._application.migrations.environments and all(
            str(each.table_name).endswith(f"_{each.name.lower()}")
            for each in self._application.tables
            if each.table_name
        )

    def joined(self, name: str) -> str | None:
        """Return the name that a rule gives to what joins two names by `__`."""
        if not _JOINED.fullmatch(name) or not self._is_rule:
            return None
        return _JOIN.join(map(singular, name.split(_JOIN)))

    @Once
    def _is_rule(self) -> bool:
        """Tell whether that is how most tables between two others are called."""
        names = {each.table_name or "" for each in self._application.tables}
        joined = {
            each
            for each in names
            if _JOINED.fullmatch(each) and not names.isdisjoint(each.split(_JOIN))
        }
        otherwise = {each for each in names if _between(each, names)}
        return len(joined) >= _MANY and len(joined) > len(otherwise)


def _between(name: str, names: set[str]) -> bool:
    """Tell whether one underscore stands between the names of two tables."""
    parts = name.split("_")
    return any(
        "_".join(parts[:at]) in names and "_".join(parts[at:]) in names
        for at in range(1, len(parts))
    )


def check(application: Application) -> Iterator[Finding]:
    """Yield a finding for each table and column that breaks the house's rules for names."""
    codebase, house = application.codebase, _House(application)
    for model in application.each_table():
        if not model.definition.module.is_migration:
            yield from _of_model(model, codebase, house)
            for field in model.fields.values():
                yield from _of_column(field.name, _type_of_field(field, codebase), field.place)
    for call in codebase.calls_to("sqlalchemy.Table"):
        if call.function.is_module and not call.function.module.is_migration:
            yield from _of_core_table(call, codebase, house)


def _of_model(model: Model, codebase: Codebase, house: _House) -> Iterator[Finding]:
    name = model.table_name
    if name is None:
        return
    for statement in model.definition.node.body:
        match statement:
            case Assign((Name("__tablename__"),)):
                place = model.definition.module.place(statement)
                own = snake(model.name)
                # The class knows its singular, whatever the language: `proveedores`, `Proveedor`.
                is_oracle = name.isupper() and any(codebase.mentioning(b"oracle"))
                if not (is_oracle or _is_of_others(model) or house.is_djangos):
                    is_own = name in {f"{own}es", f"{own}s"}
                    yield from _of_table(name, place, house, own if is_own else None)
                return
    wanted = singular(snake(model.name))
    if name != model.name.lower():
        yield from _of_table(name, model.place, house)
    elif wanted != name:
        yield Finding(
            at=model.place,
            message=(
                f'Set `__tablename__ = "{wanted}"`: without it SQLModel names the table `{name}`, '
                "and tables are named in the singular, in lower snake case."
            ),
        )


def _is_of_others(model: Model) -> bool:
    """Tell whether columns are called otherwise here than there: the table is not the house's."""
    for statement in model.definition.node.body:
        match statement:
            case Assign(
                (Name(attribute),),
                _,
                Call(Name(made) | Attribute(_, made), (String(str() as column), *_)),
            ):
                if made in _COLUMNS and is_snake(attribute) and not is_snake(column):
                    return True
    return False


def _of_core_table(call: CallSite, codebase: Codebase, house: _House) -> Iterator[Finding]:
    node, scope = call.node, call.function
    name = node.arguments and codebase.resolver.value(node.arguments[0], scope)
    if any((keyword.name or "autoload").startswith("autoload") for keyword in node.keywords):
        return  # a table that is there already
    if isinstance(name, Text):
        yield from _of_table(name.value, scope.module.place(node), house)
    for column in node.arguments[2:]:
        if isinstance(column, Call) and column.arguments:
            title = codebase.resolver.value(column.arguments[0], scope)
            if isinstance(title, Text):
                kind = _type_of_column(column, scope, codebase)
                yield from _of_column(title.value, kind, scope.module.place(column))


def _of_table(
    name: str, place: Place, house: _House, wanted: str | None = None
) -> Iterator[Finding]:
    if wanted is None:
        wanted = house.joined(name) or singular(name if is_snake(name) else snake(name))
    if wanted == name or (wanted in RESERVED and house.writes_in_sql(name)):
        return
    prefixed = f" with a prefix, as SQL quotes `{wanted}` alone," if wanted in RESERVED else ""
    yield Finding(
        at=place,
        message=(
            f"Name the table `{wanted}`{prefixed} instead of `{name}`: tables are named in the "
            "singular, in lower snake case."
        ),
    )


def _of_column(name: str, kind: str | None, place: Place) -> Iterator[Finding]:
    if kind == _TIME and name.endswith("_date"):
        wanted, promised = f"{name.removesuffix('_date')}_at", "a date"
    elif kind == _DATE and name.endswith("_at"):
        wanted, promised = f"{name.removesuffix('_at')}_date", "a point in time"
    else:
        return
    yield Finding(
        at=place,
        message=(
            f"Name the column `{wanted}` instead of `{name}`, which promises {promised}: `_at` is "
            "for times, `_date` for dates."
        ),
    )


def _type_of_field(field: ModelField, codebase: Codebase) -> str | None:
    """Return whether a column holds times or dates; its own type decides, else its annotation."""
    if isinstance(field.default, Call):
        found = _type_of_column(field.default, field.owner, codebase)
        if found is not None:
            return found
    if field.annotation is None:
        return None
    value = codebase.resolver.annotated(field.annotation, field.owner)
    if isinstance(value, Instance) and value.of == "sqlalchemy.orm.Mapped" and value.arguments:
        value = value.arguments[0]
    return _PYTHON_TYPES.get(str(value.of)) if isinstance(value, Instance) else None


def _type_of_column(node: Call, scope: Scope, codebase: Codebase) -> str | None:
    passed = [
        each.value for each in node.keywords if each.name in {"sa_column", "sa_type", "type_"}
    ]
    for argument in (*node.arguments, *passed):
        value = codebase.resolver.value(argument, scope)
        found = _named(value)
        if found is None and isinstance(argument, Call) and argument in passed:
            found = _type_of_column(argument, scope, codebase)
        if found is not None:
            return found
    return None


def _named(value: Value | None) -> str | None:
    """Return what one of SQLAlchemy's types holds, given as a class or as an object."""
    match value:
        case External(name) | Instance(str() as name):
            package, _, rest = name.partition(".")
            if package in {"sqlalchemy", "sqlmodel"}:
                return _TYPES.get(rest.rpartition(".")[2])
    return None


PRACTICE = Practice(
    kind=Kind.PRACTICE,
    explanation=Explanation(
        rule=(
            "Tables have singular names in lower snake case; columns with times end in `_at`, "
            "columns with dates in `_date`."
        ),
        why=(
            "SQL is written by hand in the end: in reports, in migrations, at night in a console. "
            "One rule for all names means that nobody has to look up whether it is `userGroups`, "
            "`usergroup` or `user_groups`, or whether `due_date` carries a time of day that makes "
            "the comparison with a date fail."
        ),
        bad="""\
class UserGroup(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    created_date: datetime
""",
        good="""\
class UserGroup(SQLModel, table=True):
    __tablename__ = "user_group"

    id: int | None = Field(default=None, primary_key=True)
    created_at: datetime
""",
        when_not=(
            "Tables that another system owns keep their names, and where several tables join the "
            "names of two others by two underscores, that is the rule. `user` and `order` are "
            "words of SQL: SQLAlchemy quotes them, but hand-written SQL has to do so itself, so a "
            "prefix, as in `auth_user`, is kinder, and a plural that such SQL names is left alone."
        ),
        fix_safety="No automatic fix: a new name needs a migration, and whoever reads the old one.",
        references={
            "Configuring how ORM mapped classes are declared": (
                "https://docs.sqlalchemy.org/en/20/orm/declarative_tables.html"
            ),
        },
    ),
    check=check,
    examples=(
        Flagged(
            "plurals and capitals",
            """\
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Post(Base):
    __tablename__ = "posts"  # <- here

    id: Mapped[int] = mapped_column(primary_key=True)


class PostLike(Base):
    __tablename__ = "PostLike"  # <- here

    id: Mapped[int] = mapped_column(primary_key=True)


class Category(Base):
    __tablename__ = "blog_categories"  # <- here

    id: Mapped[int] = mapped_column(primary_key=True)
""",
        ),
        Flagged(
            "the name that SQLModel makes up, with fields of an imported base",
            {
                "app/models.py": """\
import datetime as dt

from sqlmodel import Field

from .base import Base


class UserGroup(Base, table=True):  # <- here
    id: int | None = Field(default=None, primary_key=True)
    joined_at: dt.date  # <- here


class User(Base, table=True):
    id: int | None = Field(default=None, primary_key=True)
""",
                "app/base.py": """\
from datetime import datetime as Time

from sqlmodel import SQLModel


class Base(SQLModel):
    created_date: Time | None = None  # <- here
""",
                "app/__init__.py": "",
            },
        ),
        Flagged(
            "tables and columns of SQLAlchemy's core, and of old declarative classes",
            """\
import sqlalchemy as sa
from sqlalchemy.ext.declarative import declarative_base

metadata = sa.MetaData()
Base = declarative_base()

notes = sa.Table(  # <- here
    "notes",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("created_date", sa.DateTime(timezone=True)),  # <- here
    sa.Column("due_date", sa.Date),
)


class Event(Base):
    __tablename__ = "event"

    id = sa.Column(sa.Integer, primary_key=True)
    start_date = sa.Column("start", sa.TIMESTAMP)  # <- here
""",
        ),
        Clean(
            "singular words that end in `s`, and suffixes that keep their promise",
            """\
from datetime import date, datetime

from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Address(Base):
    __tablename__ = "customer_address"

    id: Mapped[int] = mapped_column(primary_key=True)
    created_at: Mapped[datetime]
    birth_date: Mapped[date | None]
    is_up_to_date: Mapped[bool]


class News(Base):
    __tablename__ = "news"

    id: Mapped[int] = mapped_column(primary_key=True)


class Analysis(Base):
    __tablename__ = "analysis"

    id: Mapped[int] = mapped_column(primary_key=True)
""",
        ),
        Clean(
            "a name that a base works out",
            """\
from sqlalchemy.orm import declared_attr
from sqlmodel import Field, SQLModel

from naming import snake


class Base(SQLModel):
    @declared_attr.directive
    def __tablename__(cls) -> str:
        return snake(cls.__name__)


class UserGroup(Base, table=True):
    id: int | None = Field(default=None, primary_key=True)
""",
        ),
        Clean(
            "schemas are no tables, and a table that is read back is not ours to name",
            """\
from datetime import datetime

from pydantic import BaseModel
from sqlalchemy import MetaData, Table, create_engine

engine = create_engine("sqlite://")
legacy = Table("LegacyOrders", MetaData(), autoload_with=engine)


class UserGroups(BaseModel):
    __tablename__ = "UserGroups"

    created_date: datetime
""",
        ),
        Clean(
            "tables of Oracle, as it names them",
            """\
import oracledb
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class WorkOrder(Base):
    __tablename__ = "WORK_ORDER"

    id: Mapped[int] = mapped_column(primary_key=True)
    oracle: Mapped[int]
""",
        ),
        Clean(
            "a table of another application, as the names of its columns show",
            """\
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class UserRecord(Base):
    __tablename__ = "User"

    id: Mapped[int] = mapped_column(primary_key=True)
    email_verified: Mapped[bool] = mapped_column("emailVerified")
""",
        ),
        Clean(
            "tables of Django, which names them by its applications and classes",
            """\
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class StockLevels(Base):
    __tablename__ = "warehouse_stocklevels"

    id: Mapped[int] = mapped_column(primary_key=True)


class Shelf(Base):
    __tablename__ = "warehouse_shelf"

    id: Mapped[int] = mapped_column(primary_key=True)
""",
        ),
        Flagged(
            "words run together in one table of many, and a word of SQL",
            """from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class StockLevels(Base):
    __tablename__ = "warehouse_stocklevels"  # <- here

    id: Mapped[int] = mapped_column(primary_key=True)


class Order(Base):
    __tablename__ = "orders"  # <- here

    id: Mapped[int] = mapped_column(primary_key=True)
""",
        ),
        Clean(
            "a plural in hand-written SQL, which would have to quote the singular",
            """from sqlalchemy import text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

OLDEST = text("SELECT min(id) FROM orders")


class Base(DeclarativeBase):
    pass


class Order(Base):
    __tablename__ = "orders"

    id: Mapped[int] = mapped_column(primary_key=True)
""",
        ),
        Clean(
            "a rule of the house: two underscores between what a table joins",
            """\
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    id: Mapped[int] = mapped_column(primary_key=True)


class Boat(Base):
    __tablename__ = "boat"


class Harbour(Base):
    __tablename__ = "harbour"


class BoatHarbour(Base):
    __tablename__ = "boat__harbour"


class BoatSailor(Base):
    __tablename__ = "boat__sailor"


class HarbourFee(Base):
    __tablename__ = "harbour__yearly_fee"
""",
        ),
        Flagged(
            "a plural where two underscores are the rule",
            {
                "app/models.py": """\
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    id: Mapped[int] = mapped_column(primary_key=True)


class Boat(Base):
    __tablename__ = "boat"


class BoatHarbour(Base):
    __tablename__ = "boat__harbours"  # <- here


class BoatSailor(Base):
    __tablename__ = "boat__sailor"


class BoatFee(Base):
    __tablename__ = "boat__fee"
""",
            },
        ),
        Flagged(
            "two underscores once",
            """\
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    id: Mapped[int] = mapped_column(primary_key=True)


class Boat(Base):
    __tablename__ = "boat"


class BoatHarbour(Base):
    __tablename__ = "boat__harbour"  # <- here
""",
        ),
    ),
)
