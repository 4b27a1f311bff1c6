"""database/naming-convention: constraints have names that migrations can count on."""

from collections.abc import Iterator
from dataclasses import dataclass

from fastwright.application import conventions
from fastwright.application.application import Application
from fastwright.application.models import DECLARATIVE, SQLMODEL
from fastwright.codebase.codebase import Codebase
from fastwright.codebase.definitions import Class, Scope
from fastwright.codebase.loading import Loading
from fastwright.codebase.values import ClassValue, External, Value
from fastwright.practice import (
    Clean,
    Effect,
    Explanation,
    Finding,
    Fix,
    Fixed,
    Flagged,
    Kind,
    Part,
    Place,
    Practice,
    Safety,
)
from fastwright.source.syntax import Attribute, Call, Constant, Expression, walk_all

_SAYS_SO = b"naming_convention"
_CREATES = b"create_all"


@dataclass(frozen=True)
class _Made:
    """Where metadata without a convention comes from: a call, a base's class, or SQLModel."""

    place: Place
    advice: str
    by: Call | Class | None
    scope: Scope


def check(application: Application) -> Iterator[Finding]:
    """Yield a finding for each metadata that Alembic compares without a naming convention."""
    if any(
        not module.is_test and not module.is_migration
        for module in application.codebase.mentioning(_SAYS_SO)
    ):
        return
    found: dict[Place, tuple[_Made, bool]] = {}
    for environment in application.migrations.environments:
        made = {
            each.place: each
            for node, scope in application.migrations.target_metadata(environment.module)
            for each in _metadata(node, scope, application)
        }
        found.update({place: (each, len(made) == 1) for place, each in made.items()})
    for place, (each, is_only_one) in found.items():
        yield Finding(
            at=place,
            message=(
                f"{each.advice}: without one the database names constraints itself, and Alembic "
                "cannot alter or drop them by name."
            ),
            fix=_fix(each, application) if is_only_one else None,
        )


def _fix(made: _Made, application: Application) -> Fix | None:
    """Return what gives a convention to metadata whose constraints it can name, all of them."""
    if not conventions.is_safe_for(application):
        return None
    match made.by:
        case Call():
            change = conventions.of_call(made.by, made.scope, application)
        case Class():
            change = conventions.of_class(made.by, application)
        case _:
            change = conventions.of_sqlmodel(application, Loading(application.codebase))
    if change is None:
        return None
    return Fix(Safety.UNSAFE, *change, effects=(Effect(Part.CONSTRAINT_NAMES),))


def _metadata(node: Expression, scope: Scope, application: Application) -> Iterator[_Made]:
    """Yield where metadata without a convention is made, and what to do there."""
    codebase = application.codebase
    for step, where in codebase.trail(node, scope):
        place = where.module.place(step)
        match step:
            case Constant("None"):
                for created, creator in _created(codebase):
                    yield from _metadata(created, creator, application)
            case Attribute(base, "metadata"):
                owner = codebase.resolver.value(base, where)
                if owner == External(SQLMODEL):
                    advice = "Set `SQLModel.metadata.naming_convention` before the tables"
                    yield _Made(place, advice, None, where)
                else:
                    made = _of_base(owner, base, where, codebase)
                    yield from (each for each in made if _may_have_tables(each, application))
            case Call() if _makes_plain_metadata(step, where, codebase):
                yield _Made(place, "Give `MetaData` a `naming_convention`", step, where)


def _created(codebase: Codebase) -> Iterator[tuple[Expression, Scope]]:
    """Yield the metadata that makes its tables itself, whose names meet hand-written revisions.

    Those revisions name what they make without it.
    """
    for module in codebase.mentioning(_CREATES):
        if not module.is_test and not module.is_migration:
            for function, statement in module.statements_with(_CREATES):
                for each in walk_all((statement,), Attribute):
                    match each:
                        case Attribute(made, "create_all"):
                            yield made, function


def _makes_plain_metadata(call: Call, scope: Scope, codebase: Codebase) -> bool:
    """Tell whether metadata is made by `MetaData` itself, with nothing hidden in `**options`."""
    made = codebase.resolver.value(call.function, scope)
    hidden = any(keyword.name is None for keyword in call.keywords)
    return made == External(conventions.METADATA) and not hidden


def _of_base(
    owner: Value | None, node: Expression | None, scope: Scope, codebase: Codebase
) -> Iterator[_Made]:
    """Yield where a base of tables is made, when its metadata is the default one."""
    by: Call | Class
    of: Scope
    match owner:
        case ClassValue(definition) if codebase.is_a(definition, DECLARATIVE):
            lineage = codebase.resolver.lineage(definition)
            own = [each for each in lineage if not isinstance(each, str)]
            if any(each.bound("metadata") for each in own):
                return
            top = [each for each in own if codebase.is_a(each, DECLARATIVE)][-1]
            made = [found for base in top.bases if (found := _maker(base, top.scope, codebase))]
            place, by, of = top.module.place(top.node), top, top.scope
        case External(name) if node is not None and codebase.is_a(name, DECLARATIVE):
            made = [found] if (found := _maker(node, scope, codebase)) else []
            if not made:
                return
        case _:
            return
    for call, where in made:
        if call.keyword("metadata") is not None:
            return
        place, by, of = where.module.place(call), call, where
    advice = "Give the base of the tables a `MetaData` with a `naming_convention`"
    yield _Made(place, advice, by, of)


def _may_have_tables(made: _Made, application: Application) -> bool:
    """Tell whether a base is that of a table; all may be of others, which are not compared."""
    codebase = application.codebase
    bases = {
        each.place
        for model in application.models.all
        for each in _of_base(ClassValue(model.definition), None, model.definition.scope, codebase)
        if each.by is not model.definition
    }
    return not bases or made.place in bases or any(codebase.calls_to("sqlalchemy.Table"))


def _maker(node: Expression, scope: Scope, codebase: Codebase) -> tuple[Call, Scope] | None:
    """Return the call, of `declarative_base` for one, that makes a base."""
    origin = codebase.origin(node, scope)
    if origin is None or not isinstance(origin[0], Call):
        return None
    return origin[0], origin[1]


PRACTICE = Practice(
    kind=Kind.PRACTICE,
    explanation=Explanation(
        rule="The metadata that Alembic compares has a naming convention for constraints.",
        why=(
            "Without one, PostgreSQL, MySQL and SQLite each make up their own names, and Alembic "
            "writes `drop_constraint(None, …)`, which fails. The names then differ between the "
            "developer's database and the one in production, and a migration that works here "
            "stops the release there."
        ),
        bad="""\
class Base(DeclarativeBase):
    pass
""",
        good="""\
class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "%(column_0_label)s_idx",
            "uq": "%(table_name)s_%(column_0_name)s_key",
            "ck": "%(table_name)s_%(constraint_name)s_check",
            "fk": "%(table_name)s_%(column_0_name)s_fkey",
            "pk": "%(table_name)s_pkey",
        }
    )
""",
        when_not=(
            "A database that another team migrates needs none here, nor does metadata that Alembic "
            "does not compare and that makes no tables. In one that is already in "
            "use, the convention has to give the names that the database has given so far, as the "
            "one above does for PostgreSQL, or a migration has to rename them."
        ),
        fix_safety=(
            "Unsafe: the metadata gets the convention above, and a database that is in use may "
            "have other names: above all indexes, which SQLAlchemy names `ix_…`, have to be "
            "renamed by a migration. No fix where several metadata are compared, where there are "
            "checks, which it would rename, or keys of several columns without a name, and for "
            "SQLModel where no one module runs before all tables."
        ),
        references={
            "The importance of naming constraints": (
                "https://alembic.sqlalchemy.org/en/latest/naming.html"
            ),
        },
    ),
    check=check,
    examples=(
        Flagged(
            "one base of two, of a table that a library names",
            {
                "migrations/env.py": """\
from alembic import context

from app.users import Base

context.configure(url="sqlite://", target_metadata=Base.metadata)
""",
                "app/users.py": """\
from fastapi_users.db import SQLAlchemyBaseUserTableUUID
from sqlalchemy.orm import declarative_base

Base = declarative_base()  # <- here


class User(SQLAlchemyBaseUserTableUUID, Base):
    pass
""",
                "app/notes.py": """\
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Note(Base):
    __tablename__ = "note"

    id: Mapped[int] = mapped_column(primary_key=True)
""",
            },
        ),
        Clean(
            "a base that is left over, while the tables have another",
            {
                "migrations/env.py": """\
from alembic import context

from app.base import Base

context.configure(url="sqlite://", target_metadata=Base.metadata)
""",
                "app/base.py": """\
from sqlalchemy.orm import DeclarativeBase


class Base(DeclarativeBase):
    pass
""",
                "app/models.py": """\
from sqlalchemy.orm import Mapped, declarative_base, mapped_column

Model = declarative_base()


class Post(Model):
    __tablename__ = "post"

    id: Mapped[int] = mapped_column(primary_key=True)
""",
            },
        ),
        Fixed(
            "a base that is imported under another name",
            {
                "migrations/env.py": """\
from alembic import context

from app.models import Base as Tables

target_metadata = Tables.metadata


def run(connection) -> None:
    context.configure(connection=connection, target_metadata=target_metadata)
""",
                "app/models.py": """\
from sqlalchemy.orm import Mapped, mapped_column

from .database import Base


class Post(Base):
    __tablename__ = "post"

    id: Mapped[int] = mapped_column(primary_key=True)
""",
                "app/database.py": """\
from sqlalchemy.orm import DeclarativeBase


class Base(DeclarativeBase):  # <- here
    pass
""",
                "app/__init__.py": "",
            },
            {
                "migrations/env.py": """\
from alembic import context

from app.models import Base as Tables

target_metadata = Tables.metadata


def run(connection) -> None:
    context.configure(connection=connection, target_metadata=target_metadata)
""",
                "app/models.py": """\
from sqlalchemy.orm import Mapped, mapped_column

from .database import Base


class Post(Base):
    __tablename__ = "post"

    id: Mapped[int] = mapped_column(primary_key=True)
""",
                "app/database.py": """\
from sqlalchemy import MetaData
from sqlalchemy.orm import DeclarativeBase


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "%(column_0_label)s_idx",
            "uq": "%(table_name)s_%(column_0_name)s_key",
            "ck": "%(table_name)s_%(constraint_name)s_check",
            "fk": "%(table_name)s_%(column_0_name)s_fkey",
            "pk": "%(table_name)s_pkey",
        }
    )
""",
                "app/__init__.py": "",
            },
        ),
        Fixed(
            "SQLModel's own metadata",
            {
                "alembic/env.py": """\
import sqlmodel
from alembic import context

import app.models

target_metadata = sqlmodel.SQLModel.metadata  # <- here

context.configure(url="sqlite://", target_metadata=target_metadata)
""",
                "app/models.py": """\
from sqlmodel import Field, SQLModel


class Post(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
""",
                "app/__init__.py": "",
            },
            {
                "alembic/env.py": """\
import sqlmodel
from alembic import context

import app.models

target_metadata = sqlmodel.SQLModel.metadata

context.configure(url="sqlite://", target_metadata=target_metadata)
""",
                "app/models.py": """\
from sqlmodel import Field, SQLModel

SQLModel.metadata.naming_convention = {
    "ix": "%(column_0_label)s_idx",
    "uq": "%(table_name)s_%(column_0_name)s_key",
    "ck": "%(table_name)s_%(constraint_name)s_check",
    "fk": "%(table_name)s_%(column_0_name)s_fkey",
    "pk": "%(table_name)s_pkey",
}


class Post(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
""",
                "app/__init__.py": "",
            },
        ),
        Fixed(
            "SQLModel's metadata in several modules, below one base of one's own",
            {
                "alembic/env.py": """\
from alembic import context
from sqlmodel import SQLModel as Tables

from app import posts, users

context.configure(url="sqlite://", target_metadata=Tables.metadata)  # <- here
""",
                "app/__init__.py": "",
                "app/base.py": """\
\"\"\"Die Basis für alle Tabellen.\"\"\"

from datetime import datetime

import sqlmodel


# With a time each.
class Timed(sqlmodel.SQLModel):
    created_at: datetime
""",
                "app/posts.py": """\
from sqlmodel import Field

from app.base import Timed


class Post(Timed, table=True):
    id: int | None = Field(default=None, primary_key=True)
""",
                "app/users.py": """\
from sqlmodel import Field

from .base import Timed


class User(Timed, table=True):
    id: int | None = Field(default=None, primary_key=True)
""",
            },
            {
                "alembic/env.py": """\
from alembic import context
from sqlmodel import SQLModel as Tables

from app import posts, users

context.configure(url="sqlite://", target_metadata=Tables.metadata)
""",
                "app/__init__.py": "",
                "app/base.py": """\
\"\"\"Die Basis für alle Tabellen.\"\"\"

from datetime import datetime

import sqlmodel

sqlmodel.SQLModel.metadata.naming_convention = {
    "ix": "%(column_0_label)s_idx",
    "uq": "%(table_name)s_%(column_0_name)s_key",
    "ck": "%(table_name)s_%(constraint_name)s_check",
    "fk": "%(table_name)s_%(column_0_name)s_fkey",
    "pk": "%(table_name)s_pkey",
}


# With a time each.
class Timed(sqlmodel.SQLModel):
    created_at: datetime
""",
                "app/posts.py": """\
from sqlmodel import Field

from app.base import Timed


class Post(Timed, table=True):
    id: int | None = Field(default=None, primary_key=True)
""",
                "app/users.py": """\
from sqlmodel import Field

from .base import Timed


class User(Timed, table=True):
    id: int | None = Field(default=None, primary_key=True)
""",
            },
        ),
        Fixed(
            "migrations that are written by hand beside tables that the metadata makes",
            {
                "alembic/env.py": """\
from alembic import context

target_metadata = None

context.configure(url="sqlite://", target_metadata=target_metadata)
""",
                "app.py": """\
from sqlalchemy import Column, Integer, create_engine
from sqlalchemy.orm import declarative_base

Base = declarative_base()  # <- here


class Post(Base):
    __tablename__ = "post"

    id = Column(Integer, primary_key=True)


Base.metadata.create_all(create_engine("sqlite://"))
""",
            },
            {
                "alembic/env.py": """\
from alembic import context

target_metadata = None

context.configure(url="sqlite://", target_metadata=target_metadata)
""",
                "app.py": """\
from sqlalchemy import Column, Integer, MetaData, create_engine
from sqlalchemy.orm import declarative_base

NAMING_CONVENTION = {
    "ix": "%(column_0_label)s_idx",
    "uq": "%(table_name)s_%(column_0_name)s_key",
    "ck": "%(table_name)s_%(constraint_name)s_check",
    "fk": "%(table_name)s_%(column_0_name)s_fkey",
    "pk": "%(table_name)s_pkey",
}

Base = declarative_base(metadata=MetaData(naming_convention=NAMING_CONVENTION))


class Post(Base):
    __tablename__ = "post"

    id = Column(Integer, primary_key=True)


Base.metadata.create_all(create_engine("sqlite://"))
""",
            },
        ),
        Fixed(
            "a decorated base, with arguments that fill the line",
            {
                "alembic/env.py": """\
from alembic import context

from app.models import Base

context.configure(url="sqlite://", target_metadata=Base.metadata)
""",
                "app/__init__.py": "",
                "app/models.py": """\
import sqlalchemy as sa
from sqlalchemy.orm import as_declarative

registered_classes: dict[str, object] = {}


@as_declarative(class_registry=registered_classes, name="Basisklasse à für alle")
class Base:  # <- here
    id: int
""",
            },
            {
                "alembic/env.py": """\
from alembic import context

from app.models import Base

context.configure(url="sqlite://", target_metadata=Base.metadata)
""",
                "app/__init__.py": "",
                "app/models.py": """\
import sqlalchemy as sa
from sqlalchemy.orm import as_declarative

registered_classes: dict[str, object] = {}

NAMING_CONVENTION = {
    "ix": "%(column_0_label)s_idx",
    "uq": "%(table_name)s_%(column_0_name)s_key",
    "ck": "%(table_name)s_%(constraint_name)s_check",
    "fk": "%(table_name)s_%(column_0_name)s_fkey",
    "pk": "%(table_name)s_pkey",
}


@as_declarative(
    class_registry=registered_classes,
    name="Basisklasse à für alle",
    metadata=sa.MetaData(naming_convention=NAMING_CONVENTION),
)
class Base:
    id: int
""",
            },
        ),
        Fixed(
            "a class in one line, and a constructor of another name",
            {
                "alembic/env.py": """\
from alembic import context

from app.models import Base

context.configure(url="sqlite://", target_metadata=Base.metadata)
""",
                "app/__init__.py": "",
                "app/models.py": """\
from sqlalchemy import Column, ForeignKeyConstraint, Integer, UniqueConstraint
from sqlalchemy import MetaData as Tables
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase): ...  # <- here


class Post(Base):
    __tablename__ = "post"
    __table_args__ = (UniqueConstraint("id"), ForeignKeyConstraint(["id"], ["user.id"]))

    id: Mapped[int] = mapped_column(primary_key=True)


other = Tables()
""",
            },
            {
                "alembic/env.py": """\
from alembic import context

from app.models import Base

context.configure(url="sqlite://", target_metadata=Base.metadata)
""",
                "app/__init__.py": "",
                "app/models.py": """\
from sqlalchemy import Column, ForeignKeyConstraint, Integer, UniqueConstraint
from sqlalchemy import MetaData as Tables
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    metadata = Tables(
        naming_convention={
            "ix": "%(column_0_label)s_idx",
            "uq": "%(table_name)s_%(column_0_name)s_key",
            "ck": "%(table_name)s_%(constraint_name)s_check",
            "fk": "%(table_name)s_%(column_0_name)s_fkey",
            "pk": "%(table_name)s_pkey",
        }
    )


class Post(Base):
    __tablename__ = "post"
    __table_args__ = (UniqueConstraint("id"), ForeignKeyConstraint(["id"], ["user.id"]))

    id: Mapped[int] = mapped_column(primary_key=True)


other = Tables()
""",
            },
        ),
        Fixed(
            "a docstring, comments and methods in the class",
            {
                "alembic/env.py": """\
from alembic import context

from app.models import Base

context.configure(url="sqlite://", target_metadata=Base.metadata)
""",
                "app/__init__.py": "",
                "app/models.py": """\
from sqlalchemy.orm import DeclarativeBase, declared_attr


class Base(DeclarativeBase):  # <- here
    \"\"\"All tables.\"\"\"
    # named like their classes
    @declared_attr.directive
    def __tablename__(cls) -> str:
        return cls.__name__.lower()
""",
            },
            {
                "alembic/env.py": """\
from alembic import context

from app.models import Base

context.configure(url="sqlite://", target_metadata=Base.metadata)
""",
                "app/__init__.py": "",
                "app/models.py": """\
from sqlalchemy import MetaData
from sqlalchemy.orm import DeclarativeBase, declared_attr


class Base(DeclarativeBase):
    \"\"\"All tables.\"\"\"

    metadata = MetaData(
        naming_convention={
            "ix": "%(column_0_label)s_idx",
            "uq": "%(table_name)s_%(column_0_name)s_key",
            "ck": "%(table_name)s_%(constraint_name)s_check",
            "fk": "%(table_name)s_%(column_0_name)s_fkey",
            "pk": "%(table_name)s_pkey",
        }
    )

    # named like their classes
    @declared_attr.directive
    def __tablename__(cls) -> str:
        return cls.__name__.lower()
""",
            },
        ),
        Fixed(
            "arguments on lines of their own",
            {
                "alembic/env.py": """\
from alembic import context

from app import database

context.configure(url="sqlite://", target_metadata=database.metadata)
""",
                "app/__init__.py": "",
                "app/database.py": """\
import sqlalchemy

# The schema is the one of the service.
metadata = sqlalchemy.MetaData(  # <- here
    schema="app",  # not public
    quote_schema=True
)
""",
            },
            {
                "alembic/env.py": """\
from alembic import context

from app import database

context.configure(url="sqlite://", target_metadata=database.metadata)
""",
                "app/__init__.py": "",
                "app/database.py": """\
import sqlalchemy

NAMING_CONVENTION = {
    "ix": "%(column_0_label)s_idx",
    "uq": "%(table_name)s_%(column_0_name)s_key",
    "ck": "%(table_name)s_%(constraint_name)s_check",
    "fk": "%(table_name)s_%(column_0_name)s_fkey",
    "pk": "%(table_name)s_pkey",
}

# The schema is the one of the service.
metadata = sqlalchemy.MetaData(
    naming_convention=NAMING_CONVENTION,
    schema="app",  # not public
    quote_schema=True
)
""",
            },
        ),
        Flagged(
            "checks, which the convention would rename",
            {
                "alembic/env.py": """\
from alembic import context

from app.models import Base

context.configure(url="sqlite://", target_metadata=Base.metadata)
""",
                "app/__init__.py": "",
                "app/models.py": """\
from sqlalchemy import CheckConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):  # <- here
    pass


class Post(Base):
    __tablename__ = "post"
    __table_args__ = (CheckConstraint("id > 0"),)

    id: Mapped[int] = mapped_column(primary_key=True)
""",
            },
        ),
        Flagged(
            "several metadata, and an old declarative base",
            {
                "alembic/env.py": """\
from alembic import context

from app import database, legacy

context.configure(url="sqlite://", target_metadata=[database.metadata, legacy.Base.metadata])
""",
                "app/database.py": """\
from sqlalchemy import MetaData

metadata = MetaData(schema="app")  # <- here
""",
                "app/legacy.py": """\
from sqlalchemy.ext.declarative import declarative_base

Base = declarative_base()  # <- here
""",
                "app/__init__.py": "",
            },
        ),
        Clean(
            "a convention that is set on SQLModel's metadata",
            {
                "alembic/env.py": """\
from alembic import context
from sqlmodel import SQLModel

import app.database

context.configure(url="sqlite://", target_metadata=SQLModel.metadata)
""",
                "app/database.py": """\
from sqlmodel import SQLModel

SQLModel.metadata.naming_convention = {"pk": "%(table_name)s_pkey"}
""",
                "app/__init__.py": "",
            },
        ),
        Clean(
            "a convention that is passed through a base of one's own",
            {
                "alembic/env.py": """\
from alembic import context

from app.models import Base

context.configure(url="sqlite://", target_metadata=Base.metadata)
""",
                "app/models.py": """\
from sqlalchemy.orm import declarative_base

from .naming import metadata

Base = declarative_base(metadata=metadata)
""",
                "app/naming.py": """\
from sqlalchemy import MetaData

metadata = MetaData(naming_convention={"pk": "%(table_name)s_pkey"})
""",
                "app/__init__.py": "",
            },
        ),
        Clean(
            "no Alembic, no migrations",
            """\
from sqlalchemy.orm import DeclarativeBase


class Base(DeclarativeBase):
    pass
""",
        ),
        Clean(
            "metadata that a library makes",
            {
                "alembic/env.py": """\
from advanced_alchemy.base import UUIDBase
from alembic import context

context.configure(url="sqlite://", target_metadata=UUIDBase.metadata)
""",
            },
        ),
        Clean(
            "no target, revisions by hand, and no tables made without them but in the tests",
            {
                "alembic/env.py": """\
from alembic import context

context.configure(url="sqlite://", target_metadata=None)
""",
                "app/models.py": """\
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Boat(Base):
    __tablename__ = "boat"

    id: Mapped[int] = mapped_column(primary_key=True)
""",
                "app/__init__.py": "",
                "tests/conftest.py": """\
from sqlalchemy import create_engine

from app.models import Base

Base.metadata.create_all(create_engine("sqlite://"))
""",
            },
        ),
        Flagged(
            "of two bases without a target, the one that makes its tables at the start",
            {
                "alembic/env.py": """\
from alembic import context

context.configure(url="sqlite://", target_metadata=None)
""",
                "app/__init__.py": "",
                "app/models.py": """\
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):  # <- here
    pass


class Apart(DeclarativeBase):
    pass


class Boat(Base):
    __tablename__ = "boat"

    id: Mapped[int] = mapped_column(primary_key=True)


class Log(Apart):
    __tablename__ = "log"

    id: Mapped[int] = mapped_column(primary_key=True)
""",
                "app/start.py": """\
from sqlalchemy.ext.asyncio import create_async_engine


async def start() -> None:
    from app.models import Base

    async with create_async_engine("sqlite+aiosqlite://").begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
""",
            },
        ),
        Flagged(
            "a base with a class of one's own beside it",
            {
                "alembic/env.py": """\
from alembic import context

from app.models import Base

context.configure(url="sqlite://", target_metadata=Base.metadata)
""",
                "app/models.py": """\
from sqlalchemy.orm import DeclarativeBase


class Shown:
    def __repr__(self) -> str:
        return type(self).__name__


class Base(Shown, DeclarativeBase):  # <- here
    pass
""",
                "app/__init__.py": "",
            },
        ),
    ),
)
