"""schemas/no-table-as-body: request bodies are schemas, never SQLModel tables."""

from collections.abc import Iterator

from fastwright.application.annotated_classes import named_in
from fastwright.application.application import Application
from fastwright.application.entries import Role
from fastwright.application.models import SCHEMA, SQLMODEL, Model, ModelField
from fastwright.codebase.definitions import Class, Function, Scope
from fastwright.codebase.values import External, Instance, Nothing, Text
from fastwright.practice import (
    Clean,
    Explanation,
    Finding,
    Flagged,
    Kind,
    Practice,
)
from fastwright.source.syntax import Call, Expression, Parameter

_RELATIONSHIPS = {"sqlmodel.Relationship", "sqlmodel.main.Relationship"}
_BODIES = {"fastapi.params.Body", "fastapi.params.Form", "fastapi.params.File"}


def check(application: Application) -> Iterator[Finding]:
    """Yield a finding for each parameter that takes a table, or a schema with one, as a body."""
    tables = {each.definition for each in application.tables}
    if not any(application.codebase.is_a(each, SQLMODEL) for each in tables):
        return
    sockets = {each.function for each in application.routes if each.is_websocket}
    for entry in application.entries:
        if entry.role in (Role.ROUTE, Role.DEPENDENCY) and entry.function not in sockets:
            for parameter in entry.function.parameters:
                yield from _of_parameter(parameter, entry.function, application)


def _of_parameter(
    parameter: Parameter, function: Function, application: Application
) -> Iterator[Finding]:
    if parameter.annotation is None:
        return
    outer = function.outer or function
    for named in named_in(parameter.annotation, outer, application.codebase):
        found = _table_in(named, application, set())
        if found is not None and _is_body(parameter, function, application):
            table, fields = found
            steps = [each.place.step(f"{each.owner.name}.{each.name} takes it") for each in fields]
            inside = f" in `{named.name}`" if fields else ""
            yield Finding(
                at=function.module.place(parameter),
                message=(
                    f"Take a schema with the fields that a client may set instead of the table "
                    f"`{table.name}`{inside}: SQLModel validates no table, and the client may set "
                    "every column of it."
                ),
                chain=tuple(steps),
            )
            return


def _table_in(
    named: Class, application: Application, seen: set[Class]
) -> tuple[Model, list[ModelField]] | None:
    """Return the table that a class is or has in its fields, and the fields that lead there."""
    model = application.models.of(named)
    if model is None or named in seen or not application.codebase.is_a(named, SCHEMA):
        return None
    if model.is_table:
        return model, []
    seen.add(named)
    for field in model.fields.values():
        if field.annotation is not None and not _is_relationship(field, application):
            for each in named_in(field.annotation, field.owner, application.codebase):
                found = _table_in(each, application, seen)
                if found is not None:
                    return found[0], [field, *found[1]]
    return None


def _is_relationship(field: ModelField, application: Application) -> bool:
    """Tell whether SQLModel keeps a relationship apart, which is no field of what is validated."""
    match field.default:
        case Call(called):
            made_by = application.codebase.resolver.value(called, field.owner)
            return isinstance(made_by, External) and made_by.name in _RELATIONSHIPS
    return False


def _is_body(parameter: Parameter, function: Function, application: Application) -> bool:
    """Tell whether FastAPI reads the parameter from the body; not where that is unsure."""
    dependencies = application.dependencies
    return dependencies.of_parameter(parameter, function) is None and all(
        _says_body(node, scope, application)
        for node, scope in dependencies.marks(parameter, function)
    )


def _says_body(node: Expression, scope: Scope, application: Application) -> bool:
    """Tell whether a default or a mark in `Annotated` leaves the parameter a body."""
    match application.codebase.resolver.value(node, scope):
        case Instance(str() as name):
            return name in _BODIES or not name.startswith("fastapi.params.")
        case Nothing() | Text():
            return True
        case _:
            return False


PRACTICE = Practice(
    kind=Kind.DEFECT,
    explanation=Explanation(
        rule="A request body is a schema of its own, not a SQLModel table.",
        why=(
            "SQLModel does not validate the fields of a class with `table=True`, so any type and "
            "any length comes through. And the client may set every column: its own `id`, "
            "`is_admin`, `owner_id`, `created_at`."
        ),
        bad="""\
class Hero(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(max_length=50)
    is_admin: bool = False


@router.post("/heroes")
def create_hero(hero: Hero, session: SessionDep) -> HeroPublic: ...
""",
        good="""\
class HeroCreate(SQLModel):
    name: str = Field(max_length=50)


@router.post("/heroes")
def create_hero(wanted: HeroCreate, session: SessionDep) -> HeroPublic:
    hero = Hero.model_validate(wanted)
""",
        when_not=(
            "A table may be the type of a dependency's result: a hero that was fetched from the "
            "database, or the current user."
        ),
        fix_safety="No automatic fix: which fields a client may set is for its author to say.",
        references={
            "SQLModel: Multiple models with FastAPI": (
                "https://sqlmodel.tiangolo.com/tutorial/fastapi/multiple-models/"
            ),
        },
    ),
    check=check,
    examples=(
        Flagged(
            "a table as the body of a route",
            """\
from fastapi import FastAPI
from sqlmodel import Field, SQLModel

app = FastAPI()


class Hero(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    name: str


@app.post("/heroes")
def create_hero(hero: Hero) -> int:  # <- here
    return 1
""",
        ),
        Flagged(
            "a list of them and a quoted name, from another file under another name",
            {
                "app/heroes/models.py": """\
import sqlmodel


class HeroBase(sqlmodel.SQLModel):
    name: str


class Hero(HeroBase, table=True):
    id: int | None = sqlmodel.Field(default=None, primary_key=True)
""",
                "app/heroes/router.py": """\
from typing import Annotated, Optional

from fastapi import APIRouter, Body

from app.heroes import models
from app.heroes.models import Hero as HeroTable

router = APIRouter()
HeroBody = Annotated[HeroTable, Body(embed=True)]


@router.post("/heroes/batch")
async def create_heroes(heroes: list[HeroTable]) -> int:  # <- here
    return len(heroes)


@router.put("/heroes/{hero_id}")
async def replace_hero(
    hero_id: int,
    hero: "models.Hero",  # <- here
    sidekick: Optional[HeroTable] = None,  # <- here
) -> None: ...


@router.patch("/heroes/{hero_id}")
async def update_hero(hero_id: int, hero: HeroBody) -> None: ...  # <- here
""",
            },
        ),
        Flagged(
            "a table within a schema, and one that a dependency reads",
            """\
from typing import Annotated

from fastapi import Depends, FastAPI
from pydantic import BaseModel
from sqlmodel import Field, SQLModel

app = FastAPI()


class Hero(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)


class Team(BaseModel):
    name: str
    heroes: list[Hero]


def known_hero(hero: Hero) -> Hero:  # <- here
    return hero


@app.post("/teams")
def create_team(team: Team, leader: Annotated[Hero, Depends(known_hero)]) -> None:  # <- here
    return None
""",
        ),
        Clean(
            "a schema that shares the table's base",
            """\
from fastapi import FastAPI
from sqlmodel import Field, SQLModel

app = FastAPI()


class HeroBase(SQLModel):
    name: str


class Hero(HeroBase, table=True):
    id: int | None = Field(default=None, primary_key=True)


class HeroCreate(HeroBase):
    pass


@app.post("/heroes", response_model=Hero)
def create_hero(hero: HeroCreate) -> Hero:
    return Hero.model_validate(hero)
""",
        ),
        Clean(
            "a relationship of a base: no field of a schema that inherits it",
            """\
from fastapi import FastAPI
from sqlmodel import Field, Relationship, SQLModel

app = FastAPI()


class Team(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)


class HeroBase(SQLModel):
    name: str
    team: Team | None = Relationship()


class HeroCreate(HeroBase):
    pass


@app.post("/heroes")
def create_hero(hero: HeroCreate) -> None: ...
""",
        ),
        Clean(
            "a table as the result of a dependency, also behind an imported alias",
            {
                "app/deps.py": """\
from typing import Annotated

from fastapi import Depends
from sqlmodel import Field, SQLModel


class User(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)


def current_user() -> User:
    return User(id=1)


CurrentUser = Annotated[User, Depends(current_user)]
""",
                "app/main.py": """\
from fastapi import FastAPI, Security
from somewhere import authenticated

from app.deps import CurrentUser, User, current_user

app = FastAPI()


@app.post("/a")
def first(user: CurrentUser) -> None: ...


@app.post("/b")
def second(user: User = Security(current_user)) -> None: ...


@app.post("/c")
def third(user: User = authenticated()) -> None: ...
""",
            },
        ),
        Clean(
            "a helper that is no route, and a class that only looks like a table",
            """\
from fastapi import FastAPI
from pydantic import BaseModel
from sqlmodel import Field, SQLModel

app = FastAPI()


class Row(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)


class Hero(BaseModel):
    __tablename__ = "hero"
    name: str


def save(row: Row) -> Row:
    return row


@app.post("/heroes")
def create_hero(hero: Hero) -> None: ...
""",
        ),
    ),
)
