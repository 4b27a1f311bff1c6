"""migrations/import-all-models: Alembic's `env.py` imports every module that declares a table."""

from collections import Counter
from collections.abc import Iterator

from fastwright.application.application import Application
from fastwright.application.env_imports import EnvImports
from fastwright.application.folders import is_aside, upward
from fastwright.application.migrations import Environment
from fastwright.application.models import DECLARATIVE, SQLMODEL, Model
from fastwright.codebase.codebase import Codebase
from fastwright.codebase.definitions import Class, Scope
from fastwright.codebase.loading import Loading
from fastwright.codebase.modules import Module
from fastwright.codebase.values import ClassValue, External
from fastwright.practice import (
    Clean,
    Explanation,
    Finding,
    Fix,
    Fixed,
    Flagged,
    Kind,
    Place,
    Practice,
    Safety,
)
from fastwright.source.syntax import Assign, Attribute, Call, Expression, Name, Subscript

# What collects tables: a base class, the place of the call that makes one, or a library's base.
Registry = Class | tuple[str, int] | str


def check(application: Application) -> Iterator[Finding]:
    """Yield a finding for each module with tables that no environment loads."""
    loading = Loading(application.codebase)
    environments = application.migrations.environments
    starts = (*(each.module for each in environments), *_makers(application))
    loaded = [loading.of(each) for each in starts]
    if not all(each.is_complete for each in loaded):
        return
    seen = {module for each in loaded for module in each.modules}
    for environment in environments:
        if environment.module.facts.errors:
            continue
        unknown = {name.rpartition(".")[2] for name in loading.unknown(environment.module)}
        expected = _expected(environment, application)
        # Where a part of its path is imported from somewhere unknown, it may be there.
        missing = [
            each for each in expected if each not in seen and unknown.isdisjoint(_parts(each))
        ]
        if not missing:
            continue
        imports = EnvImports(environment.module, application, loading, set(seen))
        seen.update(missing)
        place = _place(environment.module, application)
        for module in missing:
            edit = None
            if _are_unique(module, expected):
                edit = imports.edit(module, expected[module])
            fix = None if edit is None else Fix(Safety.SAFE, (edit,))
            known = "nothing that env.py loads does"
            if len(missing) == len(expected) > 1:
                known = f"env.py loads none of the {len(missing)} modules that declare tables"
            yield _finding(place, module, expected[module], known, fix)


def _makers(application: Application) -> Iterator[Module]:
    """Yield the modules that make revisions by themselves: what they load is loaded by then."""
    for call in application.codebase.calls_to("alembic.command.revision"):
        yield call.function.module


def _expected(environment: Environment, application: Application) -> dict[Module, list[Model]]:
    """Return the modules whose tables belong to what an environment compares."""
    registries = {
        _registry_of_metadata(node, scope, application.codebase)
        for node, scope in application.migrations.target_metadata(environment.module)
    }
    if not registries or None in registries:
        return {}
    tables = [
        table
        for table in application.tables
        if not (table.definition.module.is_migration or is_aside(table.definition.module))
        and _of_class(table.definition, application.codebase) in registries
    ]
    folders = upward((environment.ini_path or environment.module.path).rpartition("/")[0])
    below = ([each for each in tables if _is_below(each, folder)] for folder in folders)
    found: dict[Module, list[Model]] = {}
    for table in next(filter(None, below), []):
        found.setdefault(table.definition.module, []).append(table)
    return found


def _registry_of_metadata(node: Expression, scope: Scope, codebase: Codebase) -> Registry | None:
    for step, where in codebase.trail(node, scope):
        match step:
            case Attribute(base, "metadata"):
                found = _registry(base, where, codebase)
                if found is not None:
                    return found
    return None


def _registry(node: Expression, scope: Scope, codebase: Codebase) -> Registry | None:
    """Return what collects the tables of a class, or None where that is not known."""
    if isinstance(node, Subscript):
        node = node.value
    match codebase.resolver.value(node, scope):
        case ClassValue(definition):
            return _of_class(definition, codebase)
        case External(name) if codebase.knowledge.is_subclass(name, SQLMODEL):
            return SQLMODEL
        case External(name) if codebase.knowledge.is_subclass(name, DECLARATIVE):
            origin = codebase.origin(node, scope)
            if origin is not None and isinstance(origin[0], Call):
                return origin[1].module.path, origin[0].start
            return name
    return None


def _of_class(definition: Class, codebase: Codebase) -> Registry | None:
    if definition.bound("metadata") or definition.bound("registry"):
        return definition
    bases = [_registry(base, definition.scope, codebase) for base in definition.bases]
    found = next((each for each in bases if each is not None), None)
    if found == SQLMODEL or (found is not None and not isinstance(found, str)):
        return found
    # A class right below `DeclarativeBase` begins a registry of its own.
    return definition if codebase.is_a(definition, DECLARATIVE) else None


def _is_below(table: Model, folder: str) -> bool:
    return not folder or table.definition.module.path.startswith(f"{folder}/")


def _parts(module: Module) -> set[str]:
    return set(module.path.removesuffix(".py").split("/"))


def _are_unique(module: Module, expected: dict[Module, list[Model]]) -> bool:
    """Tell whether no other table, or class, has the names of a module's: SQLAlchemy refuses it."""
    tables = [each for listed in expected.values() for each in listed]
    names = Counter(name for each in tables for name in (each.table_name, f"{each.name}()"))
    return all(
        names[each.table_name] == 1 or each.table_name is None for each in expected[module]
    ) and all(names[f"{each.name}()"] == 1 for each in expected[module])


def _finding(
    at: Place, module: Module, tables: list[Model], known: str, fix: Fix | None
) -> Finding:
    declared = (
        f"its {len(tables)} tables" if len(tables) > 1 else f"the table of `{tables[0].name}`"
    )
    return Finding(
        at=at,
        message=(
            f"Import `{module.path}` here: {known}, so autogenerate does "
            f"not know {declared} and drops or never creates what is missing."
        ),
        chain=tuple(table.place.step(f"declares the table of {table.name}") for table in tables),
        fix=fix,
    )


def _place(module: Module, application: Application) -> Place:
    """Return where `target_metadata` gets its value, else where it is passed."""
    for statement in module.body:
        match statement:
            case Assign((Name("target_metadata"),)):
                return module.place(statement)
    calls = application.codebase.calls_to("alembic.context.configure")
    return module.place(next(call.node for call in calls if call.function.module is module))


PRACTICE = Practice(
    kind=Kind.DEFECT,
    explanation=Explanation(
        rule="Import every module that declares a table, directly or not, in Alembic's `env.py`.",
        why=(
            "A table is known to the metadata once its module was imported. To autogenerate, a "
            "table that nothing imported looks as if it had been deleted from the code: the next "
            "revision drops it with all its rows, or never creates it."
        ),
        bad="""\
from app.database import Base

target_metadata = Base.metadata
""",
        good="""\
from app.database import Base
from app.posts import models as posts_models  # noqa: F401
from app.users import models as users_models  # noqa: F401

target_metadata = Base.metadata
""",
        when_not=(
            "Not reported: tables of another base or metadata, and anything where `env.py` finds "
            "its modules at run time in a way that cannot be followed."
        ),
        fix_safety=(
            "Safe: the import is added among the own imports of `env.py`, as they are written, "
            "and changes nothing but what is compared. None where it is not certain that the "
            "module can be imported there: one that nothing of the application imports, one that "
            "brings along an application, a router or a circle of imports, one that is imported "
            "from another folder elsewhere, and tables of which there are two with one name."
        ),
        references={
            "Auto Generating Migrations": (
                "https://alembic.sqlalchemy.org/en/latest/autogenerate.html"
            ),
        },
    ),
    check=check,
    examples=(
        Fixed(
            "only the base is imported",
            {
                "alembic.ini": """\
[alembic]
script_location = migrations
""",
                "app/database.py": """\
from sqlalchemy.orm import DeclarativeBase


class Base(DeclarativeBase):
    pass
""",
                "app/posts/models.py": """\
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base


class Post(Base):
    __tablename__ = "post"

    id: Mapped[int] = mapped_column(primary_key=True)
""",
                "app/posts/service.py": """\
from app.posts.models import Post
""",
                "migrations/env.py": """\
from alembic import context

from app.database import Base

target_metadata = Base.metadata  # <- here

context.configure(target_metadata=target_metadata)
""",
            },
            {
                "alembic.ini": """\
[alembic]
script_location = migrations
""",
                "app/database.py": """\
from sqlalchemy.orm import DeclarativeBase


class Base(DeclarativeBase):
    pass
""",
                "app/posts/models.py": """\
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base


class Post(Base):
    __tablename__ = "post"

    id: Mapped[int] = mapped_column(primary_key=True)
""",
                "app/posts/service.py": """\
from app.posts.models import Post
""",
                "migrations/env.py": """\
from alembic import context

import app.posts.models  # noqa: F401
from app.database import Base

target_metadata = Base.metadata

context.configure(target_metadata=target_metadata)
""",
            },
        ),
        Fixed(
            "classes with tables are imported, behind a change of the path",
            {
                "app/__init__.py": """\
""",
                "app/database.py": """\
from sqlalchemy.orm import DeclarativeBase


class Base(DeclarativeBase):
    pass
""",
                "app/late.py": """\
nothing = None
""",
                "app/users/__init__.py": """\
""",
                "app/users/models.py": """\
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base


class User(Base):
    __tablename__ = "user"

    id: Mapped[int] = mapped_column(primary_key=True)
""",
                "app/tags/__init__.py": """\
""",
                "app/tags/models.py": """\
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base


class Tag(Base):
    __tablename__ = "tag"

    id: Mapped[int] = mapped_column(primary_key=True)
""",
                "app/posts/__init__.py": """\
""",
                "app/posts/models.py": """\
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base


class Post(Base):
    __tablename__ = "post"

    id: Mapped[int] = mapped_column(primary_key=True)


class Label(Base):
    __tablename__ = "label"

    id: Mapped[int] = mapped_column(primary_key=True)
""",
                "app/service.py": """\
from app.posts.models import Label
from app.tags.models import Tag
""",
                "migrations/env.py": """\
# -*- coding: utf-8 -*-
import os
import sys

from alembic import context

sys.path.append(os.path.dirname(os.path.dirname(__file__)))

# für alle Tabellen
from app.database import Base  # noqa: E402
from app.users.models import User as Member  # noqa: E402, F401

target_metadata = Base.metadata  # <- here


def run() -> None:
    from app.late import nothing

    context.configure(target_metadata=target_metadata)


run()
""",
            },
            {
                "app/__init__.py": """\
""",
                "app/database.py": """\
from sqlalchemy.orm import DeclarativeBase


class Base(DeclarativeBase):
    pass
""",
                "app/late.py": """\
nothing = None
""",
                "app/users/__init__.py": """\
""",
                "app/users/models.py": """\
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base


class User(Base):
    __tablename__ = "user"

    id: Mapped[int] = mapped_column(primary_key=True)
""",
                "app/tags/__init__.py": """\
""",
                "app/tags/models.py": """\
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base


class Tag(Base):
    __tablename__ = "tag"

    id: Mapped[int] = mapped_column(primary_key=True)
""",
                "app/posts/__init__.py": """\
""",
                "app/posts/models.py": """\
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base


class Post(Base):
    __tablename__ = "post"

    id: Mapped[int] = mapped_column(primary_key=True)


class Label(Base):
    __tablename__ = "label"

    id: Mapped[int] = mapped_column(primary_key=True)
""",
                "app/service.py": """\
from app.posts.models import Label
from app.tags.models import Tag
""",
                "migrations/env.py": """\
# -*- coding: utf-8 -*-
import os
import sys

from alembic import context

sys.path.append(os.path.dirname(os.path.dirname(__file__)))

# für alle Tabellen
from app.database import Base  # noqa: E402
from app.posts.models import Label, Post  # noqa: E402, F401
from app.tags.models import Tag  # noqa: E402, F401
from app.users.models import User as Member  # noqa: E402, F401

target_metadata = Base.metadata


def run() -> None:
    from app.late import nothing

    context.configure(target_metadata=target_metadata)


run()
""",
            },
        ),
        Fixed(
            "modules are imported from their package, again and again",
            {
                "shop/__init__.py": """\
""",
                "shop/app.py": """\
""",
                "shop/models.py": """\
""",
                "shop/tables/__init__.py": """\
""",
                "shop/tables/base.py": """\
from sqlalchemy.orm import DeclarativeBase


class Base(DeclarativeBase):
    pass
""",
                "shop/tables/user.py": """\
from sqlalchemy.orm import Mapped, mapped_column

from shop.tables.base import Base


class User(Base):
    __tablename__ = "user"

    id: Mapped[int] = mapped_column(primary_key=True)
""",
                "shop/tables/post.py": """\
from sqlalchemy.orm import Mapped, mapped_column

from shop.tables.base import Base


class Post(Base):
    __tablename__ = "post"

    id: Mapped[int] = mapped_column(primary_key=True)
""",
                "shop/tables/tag.py": """\
from sqlalchemy.orm import Mapped, mapped_column

from shop.tables.base import Base


class Tag(Base):
    __tablename__ = "tag"

    id: Mapped[int] = mapped_column(primary_key=True)
""",
                "shop/service.py": """\
from .tables.tag import Tag
""",
                "migrations/env.py": """\
import alembic.context as migrating

from . import nothing  # a module of another kind
from shop import app
from shop.models import *
from shop.tables import base, user  # noqa: F401
from shop.tables import (
    post,  # noqa: F401
)

migrating.configure(target_metadata=base.Base.metadata)  # <- here
""",
            },
            {
                "shop/__init__.py": """\
""",
                "shop/app.py": """\
""",
                "shop/models.py": """\
""",
                "shop/tables/__init__.py": """\
""",
                "shop/tables/base.py": """\
from sqlalchemy.orm import DeclarativeBase


class Base(DeclarativeBase):
    pass
""",
                "shop/tables/user.py": """\
from sqlalchemy.orm import Mapped, mapped_column

from shop.tables.base import Base


class User(Base):
    __tablename__ = "user"

    id: Mapped[int] = mapped_column(primary_key=True)
""",
                "shop/tables/post.py": """\
from sqlalchemy.orm import Mapped, mapped_column

from shop.tables.base import Base


class Post(Base):
    __tablename__ = "post"

    id: Mapped[int] = mapped_column(primary_key=True)
""",
                "shop/tables/tag.py": """\
from sqlalchemy.orm import Mapped, mapped_column

from shop.tables.base import Base


class Tag(Base):
    __tablename__ = "tag"

    id: Mapped[int] = mapped_column(primary_key=True)
""",
                "shop/service.py": """\
from .tables.tag import Tag
""",
                "migrations/env.py": """\
import alembic.context as migrating

from . import nothing  # a module of another kind
from shop import app
from shop.models import *
from shop.tables import base, user  # noqa: F401
from shop.tables import (
    post,  # noqa: F401
)
from shop.tables import tag  # noqa: F401

migrating.configure(target_metadata=base.Base.metadata)
""",
            },
        ),
        Flagged(
            "dead code, an application, a circle, and two tables of one name",
            {
                "app/database.py": """\
from sqlalchemy.orm import DeclarativeBase


class Base(DeclarativeBase):
    pass
""",
                "app/dead.py": """\
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base


class Dead(Base):
    __tablename__ = "dead"

    id: Mapped[int] = mapped_column(primary_key=True)
""",
                "app/main.py": """\
from fastapi import FastAPI

from app import circle, twice
from app.database import Base
from app.twins import Twin

app = FastAPI()


class Hit(Base):
    __tablename__ = "hit"
""",
                "app/run.py": """\
from app.main import app
""",
                "app/twins.py": """\
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base


class Twin(Base):
    __tablename__ = "twin"

    id: Mapped[int] = mapped_column(primary_key=True)
""",
                "app/twice.py": """\
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base


class Double(Base):
    __tablename__ = "twin"

    id: Mapped[int] = mapped_column(primary_key=True)
""",
                "app/circle.py": """\
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base


class Circle(Base):
    __tablename__ = "circle"

    id: Mapped[int] = mapped_column(primary_key=True)


from app import round_about
""",
                "app/round_about.py": """\
from app.circle import Circle
""",
                "migrations/env.py": """\
from alembic import context

from app.database import Base

target_metadata = Base.metadata  # <- here

context.configure(target_metadata=target_metadata)
""",
            },
        ),
        Flagged(
            "imported for type checkers only",
            {
                "app/models/__init__.py": "from app.models.user import User\n",
                "app/models/post.py": """\
from sqlmodel import Field, SQLModel


class Post(SQLModel, table=True):
    id: int = Field(primary_key=True)
""",
                "app/models/user.py": """\
from typing import TYPE_CHECKING

from sqlmodel import Field, SQLModel

if TYPE_CHECKING:
    from app.models.post import Post


class User(SQLModel, table=True):
    id: int = Field(primary_key=True)
    posts: "list[Post]"
""",
                "migrations/env.py": """\
from alembic import context
from sqlmodel import SQLModel

from app import models


def run() -> None:
    context.configure(target_metadata=SQLModel.metadata)  # <- here


run()
""",
            },
        ),
        Flagged(
            "one package is walked at run time, and a table stands outside of it",
            {
                "app/__init__.py": "",
                "app/core/__init__.py": "",
                "app/core/database.py": """\
from sqlalchemy.orm import declarative_base

Base = declarative_base()
""",
                "app/core/tokens.py": """\
from sqlalchemy import Column, Integer

from .database import Base


class RevokedToken(Base):
    __tablename__ = "revoked_token"

    id = Column(Integer, primary_key=True)
""",
                "app/models/__init__.py": "",
                "app/models/user.py": """\
from sqlalchemy import Column, Integer

from app.core.database import Base


class User(Base):
    __tablename__ = "user"

    id = Column(Integer, primary_key=True)
""",
                "migrations/env.py": """\
import importlib
import pkgutil

from alembic import context

from app.core.database import Base


def import_models(name: str) -> None:
    package = importlib.import_module(name)
    for module in pkgutil.walk_packages(package.__path__, f"{name}."):
        importlib.import_module(module.name)


import_models("app.models")
target_metadata = Base.metadata  # <- here

context.configure(target_metadata=target_metadata)
""",
            },
        ),
        Clean(
            "a package whose every module a star import loads",
            {
                "alembic/env.py": """\
from alembic import context

from app.database import Base
from app.models import *

target_metadata = Base.metadata
context.configure(target_metadata=target_metadata)
""",
                "app/__init__.py": "",
                "app/database.py": """\
from sqlalchemy.orm import DeclarativeBase


class Base(DeclarativeBase): ...
""",
                "app/models/__init__.py": """\
from pathlib import Path

__all__ = [each.stem for each in Path(__file__).parent.glob("*.py")]
""",
                "app/models/post.py": """\
from app.database import Base


class Post(Base):
    __tablename__ = "post"
""",
            },
        ),
        Clean(
            "a package on the way imports the tables",
            {
                "app/__init__.py": "from app import routes\n",
                "app/config.py": "URL = 'postgresql://'\n",
                "app/models.py": """\
from sqlmodel import Field, SQLModel


class User(SQLModel, table=True):
    id: int = Field(primary_key=True)
""",
                "app/routes.py": "from .models import User\n",
                "migrations/env.py": """\
from alembic import context
from sqlmodel import SQLModel

from app.config import URL

target_metadata = SQLModel.metadata

context.configure(target_metadata=target_metadata)
""",
            },
        ),
        Clean(
            "the table of another base, which another environment looks after",
            {
                "audit/models.py": """\
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class AuditBase(DeclarativeBase):
    pass


class Event(AuditBase):
    __tablename__ = "event"

    id: Mapped[int] = mapped_column(primary_key=True)
""",
                "app/models.py": """\
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "user"

    id: Mapped[int] = mapped_column(primary_key=True)
""",
                "migrations/env.py": """\
from alembic import context

from app.models import Base

target_metadata = Base.metadata

context.configure(target_metadata=target_metadata)
""",
            },
        ),
        Clean(
            "modules whose names are only known at run time",
            {
                "app/database.py": """\
from sqlmodel import Field, SQLModel


class Post(SQLModel, table=True):
    id: int = Field(primary_key=True)
""",
                "migrations/env.py": """\
import importlib
import os

from alembic import context
from sqlmodel import SQLModel

for name in os.environ["MODELS"].split(","):
    importlib.import_module(name)

target_metadata = SQLModel.metadata

context.configure(target_metadata=target_metadata)
""",
            },
        ),
        Clean(
            "two services in one repository, each with an environment of its own",
            {
                "billing/alembic.ini": "[alembic]\nscript_location = migrations\n",
                "billing/migrations/env.py": """\
from alembic import context
from sqlmodel import SQLModel

from billing.models import Bill

target_metadata = SQLModel.metadata

context.configure(target_metadata=target_metadata)
""",
                "billing/models.py": """\
from sqlmodel import Field, SQLModel


class Bill(SQLModel, table=True):
    id: int = Field(primary_key=True)
""",
                "mailing/models.py": """\
from sqlmodel import Field, SQLModel


class Mail(SQLModel, table=True):
    id: int = Field(primary_key=True)
""",
            },
        ),
        Clean(
            "a command that loads all tables before it calls Alembic",
            {
                "app/database.py": """\
from sqlalchemy.orm import DeclarativeBase


class Base(DeclarativeBase):
    pass
""",
                "app/jobs.py": """\
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base


class Job(Base):
    __tablename__ = "job"

    id: Mapped[int] = mapped_column(primary_key=True)
""",
                "app/cli.py": """\
from alembic import command
from alembic.config import Config


def make_revision(message: str) -> None:
    from app.jobs import Job  # noqa: F401

    command.revision(Config("alembic.ini"), message=message, autogenerate=True)
""",
                "migrations/env.py": """\
from alembic import context

from app.database import Base

target_metadata = Base.metadata

context.configure(target_metadata=target_metadata)
""",
            },
        ),
    ),
)
