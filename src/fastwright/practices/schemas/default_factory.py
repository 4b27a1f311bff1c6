"""schemas/default-factory: defaults that change are made anew each time, not once at import."""

from collections.abc import Iterator

from fastwright.application import changing_values, default_factories, deferring, models
from fastwright.application.application import Application
from fastwright.application.default_factories import DefaultFactory
from fastwright.application.models import COLUMNS, DEFAULTS, SCHEMA
from fastwright.codebase.codebase import Codebase
from fastwright.codebase.definitions import CallSite, Class, Function
from fastwright.codebase.values import External
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
    Practice,
    Safety,
)
from fastwright.source import surroundings
from fastwright.source.scopes import Use
from fastwright.source.syntax import (
    Assign,
    Expression,
    FunctionDef,
    Lambda,
    Name,
    Subscript,
    walk_all,
)

_FIELDS = {
    *("pydantic.Field", "pydantic.PrivateAttr", "sqlmodel.Field", "dataclasses.field"),
    *("fastapi.Body", "fastapi.Form", "fastapi.Query", "fastapi.Header", "fastapi.Cookie"),
}
_DATACLASSES = {
    *("dataclasses.dataclass", "pydantic.dataclasses.dataclass"),
    *("attr.s", "attr.define", "attrs.define", "attrs.frozen"),
}
_ONCE = "it is worked out once, at import, and every use gets the same value."
_SETTINGS = ("Settings", "Config", "Configuration")


def check(application: Application) -> Iterator[Finding]:
    """Yield a finding for each changing value that becomes a default at import."""
    codebase = application.codebase
    by_module = changing_values.made_at_import(codebase)
    makers = {module: list[CallSite]() for module in by_module}
    for call in codebase.calls_to(*_FIELDS, *COLUMNS):
        if call.function.module in makers and call.function.is_module:
            makers[call.function.module].append(call)
    for module, calls in by_module.items():
        for call in calls:
            judged = _judged(call, makers[module], application)
            if judged:
                yield Finding(module.place(call.node), judged[0], fix=judged[1])


def _judged(
    call: CallSite, makers: list[CallSite], application: Application
) -> tuple[str, Fix | None] | None:
    """Return what to say about a call that a module makes at import, and how it is mended.

    None where it is no default.
    """
    module = call.function.module
    definition = deferring.class_around(call.node, module)
    if definition is not None and _is_of_settings(definition, application):
        return None
    text = f"`{module.source(call.node)}`"
    for maker in makers:
        if surroundings.holds([maker.node], call.node):
            if not surroundings.holds(_defaults(maker, application.codebase), call.node):
                return None  # an example in the documentation, say
            fix = _fix(default_factories.in_call(call, maker, definition, application))
            if models.makes_column(maker, application.codebase):
                return f"Give the column a function to call instead of {text}: {_ONCE}", fix
            return f"Use `default_factory` instead of {text}: {_ONCE}", fix
    if call.use & Use.IN_SIGNATURE:
        if not _is_asked_again(call, application):
            return None
        return f"Default to `None` and call {text} in the function: {_ONCE}", None
    if definition is not None and _is_plain_default(call, definition, application):
        fix = _fix(default_factories.around_value(call, definition, application))
        return f"Use `default_factory` instead of {text}: {_ONCE}", fix
    return None


def _fix(made: DefaultFactory | None) -> Fix | None:
    if made is None:
        return None
    effects = tuple(Effect(Part.DEFAULT, each) for each in made.names)
    return Fix(Safety.SAFE, made.edits, made.imports, effects)


def _defaults(maker: CallSite, codebase: Codebase) -> Iterator[Expression]:
    yield from (each.value for each in maker.node.keywords if each.name in DEFAULTS)
    if not models.makes_column(maker, codebase):
        yield from maker.node.arguments[:1]


def _is_of_settings(definition: Class, application: Application) -> bool:
    """Tell whether a class is of settings, which are meant to be read once, or part of them."""
    is_known = any(definition in each.lineage for each in application.settings)
    return is_known or definition.name.endswith(_SETTINGS)


def _is_asked_again(call: CallSite, application: Application) -> bool:
    """Tell whether the function may run often: not, as far as is known, as a command."""
    for function in call.function.module.functions:
        for each in function.parameters:
            if each.default is not None and surroundings.holds([each.default], call.node):
                run_by_fastapi = (entry.function for entry in application.entries)
                is_called = not function.decorators and _is_read(each.name, function)
                return is_called or function in run_by_fastapi
    return False


def _is_read(name: str, function: Function) -> bool:
    """Tell whether a function may look at a parameter: one that it ignores may hold anything."""
    inside = walk_all(function.body, FunctionDef, Lambda, Name)
    return any(
        each.id in {name, "locals", "vars"} if isinstance(each, Name) else True for each in inside
    )


def _is_plain_default(call: CallSite, definition: Class, application: Application) -> bool:
    """Tell whether a field of a model or dataclass has it as, or in, its plain default."""
    codebase = application.codebase
    if not (codebase.is_a(definition, SCHEMA) or _is_dataclass(definition, codebase)):
        return False
    for statement in definition.node.body:
        match statement:
            case Assign((Name(name),), annotation, value) if annotation and value:
                if surroundings.holds([value], call.node):
                    base = annotation.value if isinstance(annotation, Subscript) else annotation
                    kind = codebase.resolver.value(base, definition)
                    is_constant = isinstance(kind, External) and kind.name.endswith("ClassVar")
                    return not (is_constant or name.startswith("_"))
    return False


def _is_dataclass(definition: Class, codebase: Codebase) -> bool:
    return any(
        isinstance(each, External) and each.name in _DATACLASSES
        for each in codebase.decorators(definition)
    )


PRACTICE = Practice(
    kind=Kind.DEFECT,
    explanation=Explanation(
        rule="A default that differs each time is given as a function, not as its result.",
        why=(
            "A default is worked out when its module is imported. Every row then carries the time "
            "at which the process started, and every object the same “unique” identifier; it "
            "looks right in the first test and is noticed weeks later."
        ),
        bad="""\
class Order(BaseModel):
    id: UUID = uuid4()
    placed_at: datetime = Field(default=datetime.now(UTC))
""",
        good="""\
class Order(BaseModel):
    id: UUID = Field(default_factory=uuid4)
    placed_at: datetime = Field(default_factory=lambda: datetime.now(UTC))
""",
        when_not=(
            "Settings are read once on purpose: a key that is drawn at start-up may be the "
            "default of a settings field. So may a constant that records when the process began, "
            "and a parameter that its function never reads."
        ),
        fix_safety=(
            "Safe: the function is given in the place of its result, as it is where it is called "
            "without arguments, or else in a lambda; a plain default of a schema or dataclass "
            "gets a `Field` around it. The field stays optional and of the same type. None for a "
            "plain default of a function's parameter, for what reads names of the class around "
            "it, where more is done with the value than converting and adding, and for mapped "
            "columns where SQLAlchemy makes dataclasses of tables."
        ),
        references={
            "Pydantic: Default values": (
                "https://docs.pydantic.dev/latest/concepts/fields/#default-values"
            ),
            "SQLAlchemy: Python-executed functions": (
                "https://docs.sqlalchemy.org/en/20/core/defaults.html#python-executed-functions"
            ),
        },
    ),
    check=check,
    examples=(
        Flagged(
            "no fix for what FastAPI injects, as it passes on what stands for the factory",
            """\
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Depends, FastAPI
from pydantic import BaseModel, Field

app = FastAPI()


@dataclass
class Until:
    end: datetime = datetime.now()  # <- here


class Period(BaseModel):
    start: datetime = Field(default=datetime.now())  # <- here


class Week(Period):
    number: int = 1


@app.get("/posts")
def read_posts(until: Annotated[Until, Depends()], week: Week = Depends(Week)) -> None: ...
""",
        ),
        Fixed(
            "an identifier and a time in a schema",
            """\
from datetime import UTC, datetime
from uuid import UUID, uuid4

from pydantic import BaseModel, Field


class Order(BaseModel):
    id: UUID = uuid4()  # <- here
    placed_at: datetime = Field(default=datetime.now(UTC))  # <- here
""",
            """\
from datetime import UTC, datetime
from uuid import UUID, uuid4

from pydantic import BaseModel, Field


class Order(BaseModel):
    id: UUID = Field(default_factory=uuid4)
    placed_at: datetime = Field(default_factory=lambda: datetime.now(UTC))
""",
        ),
        Fixed(
            "columns, one of them in a mixin",
            """\
import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class TimeStamps:
    created_at = sa.Column(sa.DateTime(True), default=dt.datetime.now(dt.UTC))  # <- here


class Base(DeclarativeBase):
    pass


class Order(TimeStamps, Base):
    __tablename__ = "order"

    id: Mapped[int] = mapped_column(primary_key=True)
    changed_at: Mapped[dt.datetime] = mapped_column(
        onupdate=dt.datetime.now(dt.UTC).replace(microsecond=0),  # <- here
    )
""",
            """\
import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class TimeStamps:
    created_at = sa.Column(sa.DateTime(True), default=lambda: dt.datetime.now(dt.UTC))


class Base(DeclarativeBase):
    pass


class Order(TimeStamps, Base):
    __tablename__ = "order"

    id: Mapped[int] = mapped_column(primary_key=True)
    changed_at: Mapped[dt.datetime] = mapped_column(
        onupdate=lambda: dt.datetime.now(dt.UTC).replace(microsecond=0),
    )
""",
        ),
        Fixed(
            "through a function of one's own, imported under another name, in a table",
            {
                "app/clock.py": """\
from datetime import UTC, datetime


def utc_now() -> datetime:
    return datetime.now(UTC)
""",
                "app/models.py": """\
from datetime import datetime

from sqlmodel import Field, SQLModel

from app.clock import utc_now as now


class Hero(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    joined_at: datetime = Field(default_factory=now)
    seen_at: datetime = Field(now(), index=True)  # <- here
""",
            },
            {
                "app/clock.py": """\
from datetime import UTC, datetime


def utc_now() -> datetime:
    return datetime.now(UTC)
""",
                "app/models.py": """\
from datetime import datetime

from sqlmodel import Field, SQLModel

from app.clock import utc_now as now


class Hero(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    joined_at: datetime = Field(default_factory=now)
    seen_at: datetime = Field(default_factory=now, index=True)
""",
            },
        ),
        Fixed(
            "under aliases, beside comments, `;` and what is not ASCII, and in lines that get long",
            """\
import dataclasses
import uuid as u
from datetime import datetime as dt, timedelta, timezone as tz

from pydantic import BaseModel


class Bestellung(BaseModel):
    id: str = "Nº" "1 " + u.uuid4().hex  # kept  # <- here
    grün: int = 1; at: dt = dt.now()  # <- here
    until: str = (  # kept
        f"Ü {dt.now(tz.utc) + timedelta(days=1)}"  # <- here
    )
    a_name_that_is_rather_long_already: dt = dt.now(tz.utc) + timedelta(days=100)  # <- here


@dataclasses.dataclass
class Task:
    number: u.UUID = u.uuid4( )  # <- here
    due: dt = dataclasses.field(
        default=dt.now(),  # <- here
        repr=False,
    )
    short: str = dataclasses.field(default=str(u.uuid4())[:8], repr=False, compare=False)  # <- here
""",
            """\
import dataclasses
import uuid as u
from datetime import datetime as dt, timedelta, timezone as tz

from pydantic import BaseModel, Field


class Bestellung(BaseModel):
    id: str = Field(default_factory=lambda: "Nº" "1 " + u.uuid4().hex)  # kept
    grün: int = 1; at: dt = Field(default_factory=dt.now)
    until: str = (  # kept
        Field(default_factory=lambda: f"Ü {dt.now(tz.utc) + timedelta(days=1)}")
    )
    a_name_that_is_rather_long_already: dt = Field(
        default_factory=lambda: dt.now(tz.utc) + timedelta(days=100)
    )


@dataclasses.dataclass
class Task:
    number: u.UUID = dataclasses.field(default_factory=u.uuid4)
    due: dt = dataclasses.field(
        default_factory=dt.now,
        repr=False,
    )
    short: str = dataclasses.field(
        default_factory=lambda: str(u.uuid4())[:8], repr=False, compare=False
    )
""",
        ),
        Flagged(
            "no fix: a FastAPI whose query parameters take no factory yet",
            {
                "requirements.txt": "fastapi==0.99.1\n",
                "app.py": """\
from datetime import date

from fastapi import FastAPI, Query

app = FastAPI()


@app.get("/sales")
def sales(day: date = Query(date.today(), title="day")) -> list[int]:  # <- here
    return []
""",
            },
        ),
        Fixed(
            "a part of a longer default, of a query parameter",
            """\
from datetime import date, timedelta

from fastapi import FastAPI, Query

app = FastAPI()


@app.get("/sales")
def sales(
    since: date = Query(default=date.today() - timedelta(days=7), title="first day"),  # <- here
) -> list[int]:
    return []
""",
            """\
from datetime import date, timedelta

from fastapi import FastAPI, Query

app = FastAPI()


@app.get("/sales")
def sales(
    since: date = Query(
        default_factory=lambda: date.today() - timedelta(days=7), title="first day"
    ),
) -> list[int]:
    return []
""",
        ),
        Flagged(
            "a column of a mapped dataclass, to which a function would be the value: no fix",
            """\
from datetime import UTC, datetime

from sqlalchemy.orm import DeclarativeBase, Mapped, MappedAsDataclass, mapped_column


class Base(MappedAsDataclass, DeclarativeBase):
    pass


class Order(Base):
    __tablename__ = "order"

    id: Mapped[int] = mapped_column(primary_key=True)
    placed_at: Mapped[datetime] = mapped_column(default=datetime.now(UTC))  # <- here
""",
        ),
        Flagged(
            "defaults that have no fix: of parameters, of names of the class, within other calls",
            """\
from datetime import date, datetime, timedelta, timezone
from functools import partial
from typing import Annotated

from fastapi import FastAPI
from pydantic import BaseModel, Field

app = FastAPI()


class Sale(BaseModel):
    day: int = 1
    zone = timezone.utc
    at: datetime = datetime.now(zone)  # <- here
    by: Annotated[str, Field(max_length=3)] = str(datetime.now())  # <- here
    since: date = Field(default_factory=partial(max, date.today()))  # <- here
    until: date = Field(date.today() if zone else None)  # <- here
    also: dict[str, date] = {"a": date.today()}  # <- here


for days in (1, 2):

    class Later(BaseModel):
        at: datetime = datetime.now() + timedelta(days=days)  # <- here


@app.get("/sales")
def sales(until: date = date.today()) -> list[int]:  # <- here
    return []
""",
        ),
        Clean(
            "functions by reference and lambdas",
            """\
from datetime import datetime
from uuid import UUID, uuid4

from pydantic import BaseModel, Field
from sqlalchemy import Column, DateTime, func


class Order(BaseModel):
    id: UUID = Field(default_factory=uuid4)
    code: str = Field(default_factory=lambda: uuid4().hex)
    tags: list[str] = []


placed_at = Column(DateTime(True), default=datetime.now, server_default=func.now())
""",
        ),
        Clean(
            "an example for the documentation",
            """\
from datetime import UTC, datetime

from pydantic import BaseModel, Field


class Order(BaseModel):
    placed_at: datetime = Field(..., examples=[datetime.now(UTC)])
""",
        ),
        Clean(
            "settings, and constants of modules and classes",
            """\
import secrets
import time
from datetime import UTC, datetime
from typing import ClassVar

from pydantic import BaseModel
from pydantic_settings import BaseSettings

STARTED_AT = datetime.now(UTC)


class Settings(BaseSettings):
    secret_key: str = secrets.token_urlsafe(32)


class Status(BaseModel):
    started: ClassVar[float] = time.time()
    up: bool = True


class Clock:
    began = time.time()
""",
        ),
        Clean(
            "methods and functions of one's own with these names",
            """\
from pydantic import BaseModel


class Calendar:
    def now(self) -> int:
        return 0


def uuid4() -> str:
    return "fixed"


datetime = Calendar()


class Order(BaseModel):
    id: str = uuid4()
    placed_at: int = datetime.now()
""",
        ),
        Clean(
            "parameters that nobody reads: of a stub, and of a function that asks the clock itself",
            """\
from datetime import date, datetime


class Shop:
    def is_open(self, at: datetime = datetime.now()) -> bool: ...

    def is_open_today(self, day: date = date.today()) -> bool:
        return self.opens.day == date.today()
""",
        ),
        Flagged(
            "parameters that are read: in a function inside, and after something else was given",
            """\
from datetime import date


def days_since(day: date = date.today()):  # <- here
    def since(other: date) -> int:
        return (day - other).days

    return since


def is_past(other: date, day: date = date.today()) -> bool:  # <- here
    if other.year < 2000:
        day = other
    return other < day
""",
        ),
        Clean(
            "a class that is made in a function, each time anew, and a command that runs once",
            """\
from datetime import UTC, date, datetime

import typer
from pydantic import BaseModel

command = typer.Typer()


@command.command()
def release(on: date = date.today()) -> None: ...


def report_type() -> type[BaseModel]:
    class Report(BaseModel):
        made_at: datetime = datetime.now(UTC)

    return Report
""",
        ),
    ),
)
