"""database/naming-convention: constraints have names that migrations can count on."""

from collections.abc import Iterator

from fastwright.application.application import Application
from fastwright.application.models import DECLARATIVE, SQLMODEL
from fastwright.codebase.codebase import Codebase
from fastwright.codebase.modules import Scope
from fastwright.codebase.values import ClassValue, External, Value
from fastwright.practice import Clean, Explanation, Finding, Flagged, Kind, Place, Practice
from fastwright.source.syntax import Attribute, Call, Constant, Expression

_METADATA = "sqlalchemy.MetaData"
_SAYS_SO = b"naming_convention"


def check(application: Application) -> Iterator[Finding]:
    """Yield a finding for each metadata that Alembic compares without a naming convention."""
    if any(
        module.mentions(_SAYS_SO) and not module.is_migration
        for module in application.codebase.own_modules
    ):
        return
    found: dict[Place, str] = {}
    for environment in application.migrations.environments:
        for node, scope in application.migrations.target_metadata(environment.module):
            found.update(_metadata(node, scope, application))
    for place, advice in found.items():
        yield Finding(
            at=place,
            message=(
                f"{advice}: without one the database names constraints itself, and Alembic "
                "cannot alter or drop them by name."
            ),
        )


def _metadata(
    node: Expression, scope: Scope, application: Application
) -> Iterator[tuple[Place, str]]:
    """Yield where metadata without a convention is made, and what to do there."""
    codebase = application.codebase
    for step, where in codebase.trail(node, scope):
        match step:
            case Constant("None"):
                for table in application.tables:
                    yield from _of_base(ClassValue(table.definition), None, where, codebase)
            case Attribute(base, "metadata"):
                owner = codebase.resolver.value(base, where)
                if owner == External(SQLMODEL):
                    advice = "Set `SQLModel.metadata.naming_convention` before the tables"
                    yield where.module.place(step), advice
                else:
                    yield from _of_base(owner, base, where, codebase)
            case Call() if _makes_plain_metadata(step, where, codebase):
                yield where.module.place(step), "Give `MetaData` a `naming_convention`"


def _makes_plain_metadata(call: Call, scope: Scope, codebase: Codebase) -> bool:
    """Tell whether metadata is made by `MetaData` itself, with nothing hidden in `**options`."""
    made = codebase.resolver.value(call.function, scope)
    hidden = any(keyword.name is None for keyword in call.keywords)
    return made == External(_METADATA) and not hidden


def _of_base(
    owner: Value | None, node: Expression | None, scope: Scope, codebase: Codebase
) -> Iterator[tuple[Place, str]]:
    """Yield where a base of tables is made, when its metadata is the default one."""
    match owner:
        case ClassValue(definition) if codebase.is_a(definition, DECLARATIVE):
            lineage = codebase.resolver.lineage(definition)
            own = [each for each in lineage if not isinstance(each, str)]
            if any("metadata" in each.bindings for each in own):
                return
            top = own[-1]
            made = [
                found for base in top.node.bases if (found := _maker(base, top.scope, codebase))
            ]
            place = top.module.place(top.node)
        case External(name) if node is not None and codebase.is_a(name, DECLARATIVE):
            made = [found] if (found := _maker(node, scope, codebase)) else []
            if not made:
                return
        case _:
            return
    for call, where in made:
        if call.keyword("metadata") is not None:
            return
        place = where.module.place(call)
    yield place, "Give the base of the tables a `MetaData` with a `naming_convention`"


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
            "A database that another team migrates needs none here. In one that is already in "
            "use, the convention has to give the names that the database has given so far, as the "
            "one above does for PostgreSQL, or a migration has to rename them."
        ),
        fix_safety="No automatic fix: existing constraints may have to be renamed.",
        references={
            "The importance of naming constraints": (
                "https://alembic.sqlalchemy.org/en/latest/naming.html"
            ),
        },
    ),
    check=check,
    examples=(
        Flagged(
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
        ),
        Flagged(
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
        Flagged(
            "migrations that are written by hand, without a target",
            {
                "alembic/env.py": """\
from alembic import context

target_metadata = None

context.configure(url="sqlite://", target_metadata=target_metadata)
""",
                "app.py": """\
from sqlalchemy import Column, Integer
from sqlalchemy.orm import declarative_base

Base = declarative_base()  # <- here


class Post(Base):
    __tablename__ = "post"

    id = Column(Integer, primary_key=True)
""",
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
    ),
)
