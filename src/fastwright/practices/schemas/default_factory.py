"""schemas/default-factory: defaults that change are made anew each time, not once at import."""

import re
from collections.abc import Iterator
from dataclasses import replace

from fastwright.application import deferring, line_length
from fastwright.application.application import Application
from fastwright.application.models import COLUMNS, DEFAULTS, SCHEMA, SQLMODEL
from fastwright.codebase.codebase import Codebase
from fastwright.codebase.definitions import CallSite, Class, Function
from fastwright.codebase.modules import Module
from fastwright.codebase.spelling import Spelling, spell
from fastwright.codebase.values import ClassValue, External
from fastwright.practice import (
    Clean,
    Edit,
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
from fastwright.source.nodes import Node, wrap
from fastwright.source.scopes import Use
from fastwright.source.syntax import (
    Assign,
    Call,
    Expression,
    Keyword,
    Name,
    Starred,
    String,
    Subscript,
)

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
# The first version whose `Query` and the like take a `default_factory`.
_FIRST_FASTAPI = (0, 100)
_DATACLASSES = {
    *("dataclasses.dataclass", "pydantic.dataclasses.dataclass"),
    *("attr.s", "attr.define", "attrs.define", "attrs.frozen"),
}
_ONCE = "it is worked out once, at import, and every use gets the same value."
_MAPPED = External("sqlalchemy.orm.mapped_column")
_MAPPED_DATACLASS = re.compile(rb"MappedAsDataclass|mapped_as_dataclass")
_FACTORY = "default_factory"
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
            judged = _judged(call, makers.get(module, []), application)
            if judged:
                yield Finding(module.place(call.node), judged[0], fix=judged[1])


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


def _judged(
    call: CallSite, makers: list[CallSite], application: Application
) -> tuple[str, Fix | None] | None:
    """Return what to say about a call that a module makes at import, and how it is mended.

    None where it is no default.
    """
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
            fix = None
            if _takes_factory(maker, application) and not _is_injected(definition, application):
                fix = _fix_in_maker(call, maker, definition, application)
            if _is_column(maker, application.codebase):
                return f"Give the column a function to call instead of {text}: {_ONCE}", fix
            return f"Use `default_factory` instead of {text}: {_ONCE}", fix
    if call.use & Use.IN_SIGNATURE:
        if not _is_asked_again(call, application):
            return None
        return f"Default to `None` and call {text} in the function: {_ONCE}", None
    if definition is not None and _is_plain_default(call, definition, application):
        injected = _is_injected(definition, application)
        fix = None if injected else _fix_plain(call, definition, application)
        return f"Use `default_factory` instead of {text}: {_ONCE}", fix
    return None


def _is_injected(definition: Class | None, application: Application) -> bool:
    """Tell whether FastAPI makes objects of a class as a dependency.

    It reads the signature, where a mark stands for the factory, and passes a copy of the mark.
    """
    resolver = application.codebase.resolver
    return definition is not None and any(
        isinstance(each.provided, ClassValue)
        and definition in resolver.lineage(each.provided.definition)
        for each in application.written_dependencies
    )


def _takes_factory(maker: CallSite, application: Application) -> bool:
    """Tell whether a field or a column can be given a function.

    A dataclass takes the one of a column for the value, and FastAPI's own fields may not know it.
    """
    codebase, made = application.codebase, application.codebase.target(maker)
    if isinstance(made, External) and made.name.startswith("fastapi."):
        return application.requirements.allows("fastapi", _FIRST_FASTAPI)
    return made != _MAPPED or not any(codebase.like(_MAPPED_DATACLASS, of_tests=True))


def _fix_in_maker(
    call: CallSite, maker: CallSite, definition: Class | None, application: Application
) -> Fix | None:
    """Return the edits that give a field or column a function."""
    module, node = call.function.module, maker.node
    if any(isinstance(each, Starred) for each in node.arguments) or any(
        each.name is None for each in node.keywords
    ):
        return None
    own = [each for each in (*node.keywords, *node.arguments[:1]) if _is_in(call, each)]
    is_column = _is_column(maker, application.codebase)
    factory_too = node.keyword("default_factory") is not None
    value: Expression
    match own:
        case [Keyword("default_factory", value)] if value == call.node:
            named = None
        case [Keyword("default_factory")]:
            return None  # what is called may well give a function
        case [Keyword(name, value) as keyword] if is_column or name == "default":
            named = Edit(module.path, keyword.start, keyword.start + len(str(name)), _FACTORY)
        case [Expression() as value] if len(node.arguments) == 1 and not factory_too:
            named = module.insert(value.start, f"{_FACTORY}=")
        case _:
            return None
    if named is not None and not is_column and factory_too:
        return None
    deferred = deferring.defer(value, call.node, definition, module, application.codebase)
    names = _names(call, node, definition)
    if deferred is None or not names:
        return None
    edits = _joined(deferred, None if is_column else named)
    widest = line_length.allowed(module, application)
    if not deferring.fits(module, node.start, edits, widest):
        edits = (*edits, *_on_lines_of_its_own(node, module))
        if not deferring.fits(module, node.start, edits, widest):
            return None
    return Fix(Safety.SAFE, edits, effects=names)


def _fix_plain(call: CallSite, definition: Class, application: Application) -> Fix | None:
    """Return the edits that put `Field(default_factory=…)` around a plain default."""
    module, codebase = call.function.module, application.codebase
    statement = next(each for each in definition.node.body if _is_in(call, each))
    written = _field(definition, module, application)
    if written is None or not isinstance(statement, Assign) or statement.value is None:
        return None
    value, annotation = statement.value, statement.annotation
    if annotation is None or b"(" in module.text_between(annotation.start, annotation.end):
        return None  # `Annotated` may hold a `Field` already
    deferred = deferring.defer(value, call.node, definition, module, codebase)
    names = _names(call, None, definition)
    if deferred is None or not names or module.has_comment(value.start, value.end):
        return None
    widest = line_length.allowed(module, application)
    margin = module.indent(statement.start)
    for inside, behind in (("", ""), (f"\n{margin}    ", f"\n{margin}")):
        opened = module.insert(value.start, f"{written.text}({inside}{_FACTORY}=")
        edits = (*_joined(deferred, opened), module.insert(value.end, f"{behind})"))
        if deferring.fits(module, statement.start, edits, widest):
            return Fix(Safety.SAFE, edits, written.imports, names)
    return None


def _field(definition: Class, module: Module, application: Application) -> Spelling | None:
    """Return how to write the function that makes fields for a class."""
    codebase = application.codebase
    if codebase.is_a(definition, SQLMODEL):
        return spell("sqlmodel.Field", module, codebase.knowledge)
    if codebase.is_a(definition, SCHEMA):
        return spell("pydantic.Field", module, codebase.knowledge)
    if all(
        isinstance(each, External) and each.name == "dataclasses.dataclass"
        for each in codebase.decorators(definition)
    ) and not _is_read_of_class(definition, codebase):
        return spell("dataclasses.field", module, codebase.knowledge)
    return None


def _is_read_of_class(definition: Class, codebase: Codebase) -> bool:
    """Tell whether something may ask the class itself for a default, which then it has no more."""
    asked = f"{definition.name}.".encode()
    return any(codebase.mentioning(asked))


def _is_in(call: CallSite, node: Node) -> bool:
    return surroundings.holds([node], call.node)


def _joined(deferred: Edit, named: Edit | None) -> tuple[Edit, ...]:
    """Return both edits; as one where they insert at one place, where their order counts."""
    if named is not None and (named.start, named.end) == (deferred.start, deferred.end):
        return (replace(named, text=named.text + deferred.text),)
    return (deferred,) if named is None else (named, deferred)


def _on_lines_of_its_own(maker: Call, module: Module) -> tuple[Edit, ...]:
    """Return the edits that put the arguments of a call between its parentheses' lines."""
    line = module.text[module.text.rfind(b"\n", 0, maker.start) + 1 : maker.start]
    if b"\n" in module.text[maker.start : maker.end] or b"(" in line:
        return ()
    opened = module.text.index(b"(", maker.function.end) + 1
    margin = module.indent(maker.start)
    return (
        module.insert(opened, f"\n{margin}    "),
        module.insert(maker.end - 1, f"\n{margin}"),
    )


def _names(call: CallSite, maker: Call | None, definition: Class | None) -> tuple[Effect, ...]:
    """Return the effects on what the default is of, under each name that it goes by."""
    module = call.function.module
    names = []
    for statement in module.body if definition is None else definition.node.body:
        match statement:
            case Assign((Name(name),)) if _is_in(call, statement):
                names.append(name)
    if call.use & Use.IN_SIGNATURE:
        names += [
            each.name
            for function in module.functions
            for each in function.parameters
            if each.default is not None and _is_in(call, each.default)
        ]
    if maker is not None:
        given = [
            *maker.arguments[:1],
            *(each.value for each in maker.keywords if "alias" in str(each.name)),
        ]
        names += [each.value for each in given if isinstance(each, String) and each.value]
    return tuple(Effect(Part.DEFAULT, name) for name in dict.fromkeys(names))


def _defaults(maker: CallSite, codebase: Codebase) -> Iterator[Expression]:
    yield from (each.value for each in maker.node.keywords if each.name in DEFAULTS)
    if not _is_column(maker, codebase):
        yield from maker.node.arguments[:1]


def _is_column(maker: CallSite, codebase: Codebase) -> bool:
    target = codebase.target(maker)
    return isinstance(target, External) and target.name in COLUMNS


def _is_of_settings(definition: Class, application: Application) -> bool:
    """Tell whether a class is of settings, which are meant to be read once, or part of them."""
    is_known = any(definition in each.lineage for each in application.settings)
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
