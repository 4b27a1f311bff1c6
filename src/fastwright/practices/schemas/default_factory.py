"""schemas/default-factory: defaults that change are made anew each time, not once at import."""

from collections.abc import Iterator

from fastwright.application.application import Application
from fastwright.application.models import COLUMNS, DEFAULTS, SCHEMA
from fastwright.codebase.codebase import Codebase
from fastwright.codebase.modules import CallSite, Class, Function, Module
from fastwright.codebase.values import External
from fastwright.practice import (
    Clean,
    Explanation,
    Finding,
    Fixed,
    Flagged,
    Kind,
    Practice,
)
from fastwright.source import surroundings
from fastwright.source.nodes import wrap
from fastwright.source.scopes import Use
from fastwright.source.syntax import Assign, Expression, Name, Subscript

# What gives something else at every call.
_CHANGING = (
    *("datetime.datetime.now", "datetime.datetime.utcnow", "datetime.datetime.today"),
    *("datetime.date.today", "time.time", "time.time_ns"),
    *("uuid.uuid1", "uuid.uuid4", "uuid.uuid6", "uuid.uuid7"),
    *("secrets.token_hex", "secrets.token_urlsafe", "secrets.token_bytes", "secrets.randbelow"),
    *("random.random", "random.randint", "random.randrange", "random.uniform"),
    *("pendulum.now", "pendulum.today", "arrow.now", "arrow.utcnow", "nanoid.generate"),
    *("django.utils.timezone.now", "ulid.ULID", "ulid.new", "bson.ObjectId"),
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
    by_module: dict[Module, list[CallSite]] = {}
    for call in _changing_calls(codebase):
        module = call.function.module
        is_at_import = call.function.is_module and not call.use & Use.IN_LAMBDA
        if is_at_import and not module.is_migration:
            by_module.setdefault(module, []).append(call)
    makers: dict[Module, list[CallSite]] = {}
    for call in codebase.calls_to(*_FIELDS, *COLUMNS):
        if call.function.module in by_module and call.function.is_module:
            makers.setdefault(call.function.module, []).append(call)
    for module, calls in by_module.items():
        for call in calls:
            message = _judged(call, makers.get(module, []), application)
            if message:
                yield Finding(at=module.place(call.node), message=message)


def _changing_calls(codebase: Codebase) -> Iterator[CallSite]:
    """Yield the calls of changing functions, and of those that return what one of them gives."""
    returning: dict[Function, None] = {}
    for call in codebase.calls_to(*_CHANGING):
        yield call
        function = call.function
        if (
            call.runs_here
            and not (function.is_module or function.is_async or function.is_generator)
            and surroundings.holds(map(wrap, function.details.returns), call.node)
        ):
            returning[function] = None
    for function in returning:
        yield from codebase.calls_of(function)


def _judged(call: CallSite, makers: list[CallSite], application: Application) -> str | None:
    """Return what to say about a call that a module makes at import, if it is a default."""
    module = call.function.module
    around = [each for each in module.classes if surroundings.holds([each.node], call.node)]
    definition = max(around, key=lambda each: each.node.start, default=None)
    if definition is not None and _is_of_settings(definition, application):
        return None
    text = f"`{module.source(call.node)}`"
    for maker in makers:
        if surroundings.holds([maker.node], call.node):
            if not surroundings.holds(_defaults(maker, application.codebase), call.node):
                return None  # an example in the documentation, say
            if _is_column(maker, application.codebase):
                return f"Give the column a function to call instead of {text}: {_ONCE}"
            return f"Use `default_factory` instead of {text}: {_ONCE}"
    if call.use & Use.IN_SIGNATURE:
        if not _is_asked_again(call, application):
            return None
        return f"Default to `None` and call {text} in the function: {_ONCE}"
    if definition is not None and _is_plain_default(call, definition, application):
        return f"Use `default_factory` instead of {text}: {_ONCE}"
    return None


def _defaults(maker: CallSite, codebase: Codebase) -> Iterator[Expression]:
    yield from (each.value for each in maker.node.keywords if each.name in DEFAULTS)
    if not _is_column(maker, codebase):
        yield from maker.node.arguments[:1]


def _is_column(maker: CallSite, codebase: Codebase) -> bool:
    target = codebase.target(maker)
    return isinstance(target, External) and target.name in COLUMNS


def _is_of_settings(definition: Class, application: Application) -> bool:
    """Tell whether a class is of settings, which are meant to be read once, or part of them."""
    model = application.models.by_class.get(definition)
    is_known = model is not None and model.is_settings
    return is_known or definition.name.endswith(_SETTINGS)


def _is_asked_again(call: CallSite, application: Application) -> bool:
    """Tell whether the function may run often: not, as far as is known, as a command."""
    for function in call.function.module.functions:
        defaults = [each.default for each in function.parameters if each.default is not None]
        if surroundings.holds(defaults, call.node):
            run_by_fastapi = (each.function for each in application.entries)
            return not function.decorators or function in run_by_fastapi
    return False


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
            "default of a settings field. So may a constant that records when the process began."
        ),
        fix_safety=(
            "No automatic fix. With a factory the field stays optional and of the same type; only "
            "the value is made anew."
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
        Flagged(
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
        ),
        Flagged(
            "a parameter of a route, and a part of a longer default",
            """\
from datetime import date, timedelta
from typing import Annotated

from fastapi import FastAPI, Query

app = FastAPI()


@app.get("/sales")
def sales(
    until: date = date.today(),  # <- here
    since: date = Query(default=date.today() - timedelta(days=7)),  # <- here
) -> list[int]:
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
