"""schemas/aware-datetime: times that are stored or compared say in which zone they are."""

import re
from collections.abc import Iterable, Iterator

from fastwright.application import deferring, line_length
from fastwright.application.application import Application
from fastwright.application.fates import ENDS, Fates
from fastwright.application.folders import is_put_away
from fastwright.application.models import COLUMNS, DEFAULTS
from fastwright.application.shown_times import is_only_shown
from fastwright.application.time_columns import TimeColumns
from fastwright.application.zones import Zones
from fastwright.codebase import arguments
from fastwright.codebase.codebase import Codebase
from fastwright.codebase.definitions import CallSite, Function
from fastwright.codebase.modules import Module
from fastwright.codebase.values import External, FunctionValue
from fastwright.practice import (
    Clean,
    Edit,
    Explanation,
    Finding,
    Fix,
    Fixed,
    Flagged,
    Kind,
    Practice,
    Safety,
)
from fastwright.source import surroundings
from fastwright.source.scopes import Use
from fastwright.source.syntax import (
    Attribute,
    BinaryOperation,
    Call,
    Constant,
    Dict,
    Expression,
    FormattedString,
    String,
)

_CLOCK = "datetime.datetime."
_NOW, _FROM = "now(timezone.utc)", "fromtimestamp(…, timezone.utc)"
# Naive whatever they are given.
_UTC = {f"{_CLOCK}utcnow": _NOW, f"{_CLOCK}utcfromtimestamp": _FROM}
# Naive unless they are given a zone, at a position; `today` takes none.
_LOCAL = {
    f"{_CLOCK}now": (0, _NOW),
    f"{_CLOCK}today": (None, _NOW),
    f"{_CLOCK}fromtimestamp": (1, _FROM),
}
_CERTIFICATES = re.compile(r"\.not_valid_(?:before|after)\b")
# What says of a time that libraries for tokens will read it.
_CLAIMS = re.compile(r"""["'](?:exp|iat|nbf)["']|\b(?:exp|iat|nbf)=""")
_MONGO = ("beanie", "mongoengine", "motor", "odmantic", "pymongo")
_EMPTY = re.compile(rb"\(\s*\)")
_END = re.compile(rb"\s*,?\s*\)")
_MAKERS = (
    *COLUMNS,
    *("pydantic.Field", "sqlmodel.Field", "dataclasses.field", "tortoise.fields.DatetimeField"),
)


def check(application: Application) -> Iterator[Finding]:
    """Yield a finding for each naive time that is stored or compared, and each `utcnow`."""
    codebase = application.codebase
    for call in _calls(codebase, _UTC):
        if not (
            _is_made_aware(call)
            or _meets_naive(call.function)
            or is_only_shown(call.node, call.function, codebase)
        ):
            yield _finding(call.node, call.function, application)
    factories: set[Function] = set()
    for call in _calls(codebase, _MAKERS):
        for node in _references(call.node):
            match codebase.resolver.value(node, call.function):
                case External(name) if name in _UTC or name in _LOCAL:
                    yield _finding(node, call.function, application, maker=call)
                case FunctionValue(function):
                    factories.add(function)
    fates = Fates(codebase, factories)
    for name, (position, _) in _LOCAL.items():
        for call in _calls(codebase, (name,)):
            if _is_naive(call, position) and fates.is_kept(call.node, call.function):
                yield _finding(call.node, call.function, application)


def _calls(codebase: Codebase, names: Iterable[str]) -> Iterator[CallSite]:
    for call in codebase.calls_to(*names):
        if not (call.function.module.is_migration or is_put_away(call.function.module)):
            yield call


def _meets_naive(function: Function) -> bool:
    """Tell whether a function has to do with the times of certificates, which are naive UTC."""
    if function.is_module:
        return False
    return _CERTIFICATES.search(function.module.source(function.node)) is not None


def _is_naive(call: CallSite, position: int | None) -> bool:
    """Tell whether a call lacks a zone, and is no default at import or a module's trial run."""
    if call.function.is_module and not call.use & Use.IN_LAMBDA:
        return False
    zone = None if position is None else call.node.argument(position, "tz")
    is_none = isinstance(zone, Constant) and zone.text == "None"
    return not arguments.unpacks(call.node) and (zone is None or is_none)


def _references(maker: Call) -> Iterator[Expression]:
    """Yield what a field or column calls for its values."""
    for keyword in maker.keywords:
        if keyword.name in DEFAULTS and not isinstance(keyword.value, Call):
            yield keyword.value
        elif keyword.name == "sa_column_kwargs" and isinstance(keyword.value, Dict):
            for pair in keyword.value.pairs:
                yield pair.value


def _is_made_aware(call: CallSite) -> bool:
    """Tell whether a naive UTC time gets its zone, or is only shown, right where it is made."""
    outer = surroundings.around(call.function.body, call.node)
    if any(isinstance(each, FormattedString) for each in outer):
        return True
    match outer[-3:]:
        case [*_, Call() as made, Attribute(_, "replace")]:
            return made.keyword("tzinfo") is not None
        case [BinaryOperation(_, "+", String("Z")), Call(), Attribute(_, "isoformat")]:
            return True
        case [*_, Call(Attribute(_, "localize"))]:
            return True
        case [*_, Attribute(_, name)]:
            return name in ENDS and name != "timestamp"
        case _:
            return False


def _finding(
    node: Expression, function: Function, application: Application, maker: CallSite | None = None
) -> Finding:
    module = function.module
    called = node.function if isinstance(node, Call) else node
    value = application.codebase.resolver.value(called, function)
    name = value.name if isinstance(value, External) else ""
    written = module.source(called)
    owner = written.rpartition(".")[0] or "datetime"
    is_utc = name in _UTC
    better = f"{owner}.{_UTC[name] if is_utc else _LOCAL[name][1]}"
    if not isinstance(node, Call):
        better = f"lambda: {better}"
    columns = TimeColumns(application, Zones(application, is_utc=is_utc))
    keeps = columns.of_maker(maker) if maker else columns.of_value(node, function)
    column = ", with `DateTime(timezone=True)` as the column's type," if keeps is False else ""
    why = "this is the server's local time without its zone"
    if is_utc:
        is_read_as_utc = not column and _is_read_as_utc(function, application.codebase)
        deprecated = f"`{name.rpartition('.')[2]}` is deprecated"
        consequence = deprecated if is_read_as_utc else "is taken for local time"
        why = f"this time is UTC but does not say so, and {consequence}"
    return Finding(
        at=module.place(node),
        message=f"Use `{better}`{column} instead of `{written}`: {why}.",
        fix=_fix(node, function, application, maker),
    )


def _is_read_as_utc(function: Function, codebase: Codebase) -> bool:
    """Tell whether naive times are read as UTC: those of tokens, and those in MongoDB."""
    return bool(_CLAIMS.search(function.text)) or any(map(codebase.importers.of_word, _MONGO))


def _fix(
    node: Expression, function: Function, application: Application, maker: CallSite | None
) -> Fix | None:
    """Return the edits that give a time its zone, where all that becomes of it takes that."""
    called = node.function if isinstance(node, Call) else node
    is_utc = isinstance(called, Attribute) and called.name.startswith("utc")
    zones = Zones(application, is_utc=is_utc)
    takes = (
        zones.may_be_aware(node, function)
        if maker is None
        else zones.is_of_aware_column(maker.node, function)
    )
    module = function.module
    if not takes or not isinstance(called, Attribute):
        return None
    zone = zones.spelled(module)
    if zone is None:
        return None
    given = _with_zone(node, called, zone.text, module)
    if given is None:
        return None
    if not isinstance(node, Call):
        definition = deferring.class_around(node, module)
        if not deferring.means_the_same_later(node, definition, module):
            return None
        given = (module.insert(node.start, "lambda: "), *given)
    if not deferring.fits(module, node.start, given, line_length.allowed(module, application)):
        return None
    return Fix(Safety.UNSAFE, given, zone.imports)


def _with_zone(
    node: Expression, called: Attribute, zone: str, module: Module
) -> tuple[Edit, ...] | None:
    """Return the edits that call what makes aware times, with a zone."""
    better = {"utcnow": "now", "today": "now", "utcfromtimestamp": "fromtimestamp"}
    renamed: tuple[Edit, ...] = ()
    if called.name in better:
        start = called.end - len(called.name)
        renamed = (Edit(module.path, start, called.end, better[called.name]),)
    if not isinstance(node, Call):
        return (*renamed, module.insert(node.end, f"({zone})"))
    passed = [*node.arguments, *(each.value for each in node.keywords)]
    nothing = [each for each in passed if isinstance(each, Constant) and each.text == "None"]
    if nothing:
        return (*renamed, module.replace(nothing[0], zone))
    if not passed and _EMPTY.fullmatch(module.text_between(called.end, node.end)):
        return (*renamed, module.insert(node.end - 1, zone))
    if len(passed) == 1 and _END.fullmatch(module.text_between(passed[0].end, node.end)):
        return (*renamed, module.insert(passed[0].end, f", tz={zone}"))
    return None


PRACTICE = Practice(
    kind=Kind.RISK,
    explanation=Explanation(
        rule="A time that is stored or compared carries its zone.",
        why=(
            "A naive time means whatever its reader assumes. Clients show it hours off, tokens "
            "expire too early on a server in another zone, an hour a year happens twice, and "
            "comparing it with an aware time raises `TypeError` in the middle of a request. "
            "`utcnow()` is deprecated since Python 3.12."
        ),
        bad="""\
expires_at = datetime.utcnow() + timedelta(hours=1)
""",
        good="""\
expires_at = datetime.now(timezone.utc) + timedelta(hours=1)
""",
        when_not=(
            "A time that is only shown, or only measures how long something took, needs no zone. "
            "Neither does a calendar date that no clock gave."
        ),
        fix_safety=(
            "Unsafe: what was stored before has no zone. The time gets UTC where all that becomes "
            "of it can be followed and takes an aware one: a column with a time zone, a claim of "
            "a token, a comparison with an aware time, a number of seconds. None elsewhere: "
            "columns without a time zone refuse aware times, naive times cannot be compared with "
            "them, and what clients are sent would look different."
        ),
        references={
            "Python: Aware and naive objects": (
                "https://docs.python.org/3/library/datetime.html#aware-and-naive-objects"
            ),
            "Python: datetime.utcnow": (
                "https://docs.python.org/3/library/datetime.html#datetime.datetime.utcnow"
            ),
        },
    ),
    check=check,
    examples=(
        Fixed(
            "the expiry of a token",
            """\
from datetime import datetime, timedelta, timezone


def claims(subject: str) -> dict:
    expires_at = datetime.utcnow() + timedelta(minutes=15)  # <- here
    return {"sub": subject, "exp": expires_at}
""",
            """\
from datetime import datetime, timedelta, timezone


def claims(subject: str) -> dict:
    expires_at = datetime.now(timezone.utc) + timedelta(minutes=15)
    return {"sub": subject, "exp": expires_at}
""",
        ),
        Fixed(
            "columns with a time zone that call a function by reference, under other names",
            """\
import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlmodel import Field, SQLModel


class Base(DeclarativeBase):
    pass


class Order(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    changed_at: dt.datetime = Field(
        sa_column=sa.Column(
            sa.DateTime(True),
            onupdate=dt.datetime.now,  # <- here
        )
    )


class Café(Base):
    __tablename__ = "café"

    id: Mapped[int] = mapped_column(primary_key=True)
    opened_at: Mapped[dt.datetime] = mapped_column(
        sa.DateTime(timezone=True), default=lambda: dt.datetime.utcnow()  # <- here
    )
    closed_at: Mapped[dt.datetime | None] = mapped_column(sa.TIMESTAMP(timezone=True))


def close(café: Café, seconds: float):
    café.closed_at = dt.datetime.utcfromtimestamp(seconds,)  # kept  # <- here
    return sa.select(Café).where(Café.closed_at < dt.datetime.utcnow())  # <- here
""",
            """\
import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlmodel import Field, SQLModel


class Base(DeclarativeBase):
    pass


class Order(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    changed_at: dt.datetime = Field(
        sa_column=sa.Column(
            sa.DateTime(True),
            onupdate=lambda: dt.datetime.now(dt.timezone.utc),
        )
    )


class Café(Base):
    __tablename__ = "café"

    id: Mapped[int] = mapped_column(primary_key=True)
    opened_at: Mapped[dt.datetime] = mapped_column(
        sa.DateTime(timezone=True), default=lambda: dt.datetime.now(dt.timezone.utc)
    )
    closed_at: Mapped[dt.datetime | None] = mapped_column(sa.TIMESTAMP(timezone=True))


def close(café: Café, seconds: float):
    café.closed_at = dt.datetime.fromtimestamp(seconds, tz=dt.timezone.utc,)  # kept
    return sa.select(Café).where(Café.closed_at < dt.datetime.now(dt.timezone.utc))
""",
        ),
        Fixed(
            "a project that needs Python 3.11, and a variable that is given twice",
            {
                "pyproject.toml": """\
[project]
name = "tokens"
requires-python = ">=3.11"
""",
                "app.py": """\
from datetime import datetime as clock, timedelta


def claims(name: str, life: timedelta | None = None) -> dict:
    to_encode = {"sub": name}; issued = clock.utcnow( )  # kept  # <- here
    if life:
        expire = clock.utcnow() + life  # <- here
    else:
        expire = (
            # a quarter of an hour
            clock.now(tz=None) + timedelta(minutes=15)  # <- here
        )
    to_encode.update(exp=expire)
    to_encode["iat"] = issued
    return to_encode
""",
            },
            {
                "pyproject.toml": """\
[project]
name = "tokens"
requires-python = ">=3.11"
""",
                "app.py": """\
from datetime import UTC
from datetime import datetime as clock, timedelta


def claims(name: str, life: timedelta | None = None) -> dict:
    to_encode = {"sub": name}; issued = clock.now( UTC)  # kept
    if life:
        expire = clock.now(UTC) + life
    else:
        expire = (
            # a quarter of an hour
            clock.now(tz=UTC) + timedelta(minutes=15)
        )
    to_encode.update(exp=expire)
    to_encode["iat"] = issued
    return to_encode
""",
            },
        ),
        Flagged(
            "times that have no fix: naive columns, schemas, rows that are compared, text, days",
            """\
from datetime import datetime

from pydantic import BaseModel, Field
from sqlalchemy import Column, DateTime, Integer
from sqlalchemy.orm import DeclarativeBase


class Base(DeclarativeBase):
    pass


class Token(Base):
    __tablename__ = "token"

    id = Column(Integer, primary_key=True)
    made_at = Column(DateTime, default=datetime.utcnow)  # <- here
    ends_at = Column(DateTime(timezone=True))


class Shown(BaseModel):
    at: datetime = Field(default_factory=datetime.utcnow)  # <- here


def is_over(token: Token) -> bool:
    return token.ends_at < datetime.utcnow()  # <- here


def made(token: Token) -> dict:
    now = datetime.utcnow()  # <- here
    token.made_at = now
    token.day = datetime.now().date()  # <- here
    return {"exp": now, "at": datetime.utcnow().isoformat()}  # <- here


def life() -> float:
    claims = {"exp": datetime.utcnow()}  # <- here
    return (claims["exp"] - datetime(2000, 1, 1)).total_seconds()


def later() -> dict:
    timezone = None
    return {"exp": datetime.utcnow(), "in": timezone}  # <- here
""",
        ),
        Flagged(
            "local times that are written to rows, compared, and made from time stamps",
            """\
from datetime import datetime, timedelta

from pydantic import BaseModel
from sqlalchemy import update
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Comment(Base):
    __tablename__ = "comment"

    id: Mapped[int] = mapped_column(primary_key=True)
    written_at: Mapped[datetime]


class Blocked(BaseModel):
    token: str
    until: datetime


def write(comment: Comment, seconds: float) -> Blocked:
    comment.written_at = datetime.now()  # <- here
    now = datetime.now()  # <- here
    update(Comment).values(written_at=now - timedelta(days=1))
    until = datetime.fromtimestamp(seconds)  # <- here
    return Blocked(token="a", until=until)


def is_late(expiry: float) -> bool:
    return datetime.fromtimestamp(expiry) > datetime.now(tz=None)  # <- here
""",
        ),
        Flagged(
            "through a parameter, in another file",
            {
                "app/store.py": """\
def remove(row, user: str, at) -> None:
    row.removed_at = at
    row.removed_by = user
""",
                "app/main.py": """\
import datetime

from app import store


def remove(row) -> None:
    store.remove(row, "me", datetime.datetime.now())  # <- here
""",
            },
        ),
        Clean(
            "times with a zone, of whatever name",
            """\
import datetime as dt
from datetime import datetime, timezone
from zoneinfo import ZoneInfo

HERE = ZoneInfo("Europe/Zurich")


def touch(row, seconds: float, zones: dict) -> None:
    row.a = datetime.now(timezone.utc)
    row.b = dt.datetime.now(tz=HERE)
    row.c = datetime.fromtimestamp(seconds, dt.UTC)
    row.d = datetime.now(**zones)
    row.e = datetime.now().astimezone()
    row.f = datetime.utcnow().replace(tzinfo=timezone.utc)
""",
        ),
        Clean(
            "times that are shown or measured",
            """\
from datetime import date, datetime


def report(work) -> str:
    started = datetime.now()
    work()
    print(f"{datetime.now():%H:%M} took {datetime.now() - started}")
    year = datetime.now().year
    return f"report-{year}-{datetime.now().strftime('%m')}-{date.today()}.txt"


def seconds() -> dict:
    return {"at": datetime.now().timestamp(), "on": datetime.utcnow().isoformat() + "Z"}


def path(name: str) -> str:
    return f"logs/{datetime.utcnow().isoformat()}/{name}"
""",
        ),
        Clean(
            "a time that is compared with what the same clock says, whether a cache is due",
            """\
from datetime import datetime, timedelta


def next_hour() -> datetime:
    now = datetime.now()
    hours = []
    for hour in (6, 18):
        hours.append(now.replace(hour=hour, minute=0) + timedelta(days=1))
    return min(hours)


def is_due(kept: list | None) -> bool:
    return kept is None or datetime.now() >= next_hour()


def wait(poll) -> None:
    last = datetime.now() + timedelta(seconds=30)
    while datetime.now() < last:
        poll()
""",
        ),
        Clean(
            "a time that is compared with when a file was written",
            """\
import os
from datetime import datetime, timedelta


def clean(paths: list) -> None:
    limit = datetime.now() - timedelta(days=7)
    for path in paths:
        written = datetime.fromtimestamp(path.stat().st_mtime)
        if written < limit:
            path.unlink()


def is_fresh(path: str) -> bool:
    written = os.path.getmtime(path)
    return datetime.fromtimestamp(written) > datetime.now() - timedelta(hours=1)
""",
        ),
        Clean(
            "a time from which a function counts, of which the span is left",
            """\
from datetime import datetime

from app.words import read


def span(text: str):
    start = datetime.utcnow()
    end = read(text, since=start)
    return end - start
""",
        ),
        Flagged(
            "a time from which a function counts, and what it gives",
            """\
from datetime import datetime

from app.words import read


def span(text: str, row):
    start = datetime.utcnow()  # <- here
    end = read(text, since=start)
    row.ends_at = end
    return end - start
""",
        ),
        Flagged(
            "a time that is compared with what a function finds elsewhere, or is told",
            """\
from datetime import datetime, timedelta


def last_seen(row) -> datetime:
    return max(row.seen_at, datetime.now() - timedelta(days=1))  # <- here


def closing(session) -> datetime:
    now = datetime.now()
    return session.closing(now)


def is_away(row, session) -> bool:
    if datetime.now() > closing(session):  # <- here
        return True
    if datetime.fromtimestamp(row.left) < datetime.now() - timedelta(days=1):  # <- here
        return True
    return last_seen(row) < datetime.now()  # <- here
""",
        ),
        Flagged(
            "a time that is shown and stored as well",
            """\
from datetime import datetime, timedelta


def note(row) -> str:
    now = datetime.utcnow() + timedelta(hours=1)  # <- here
    row.noted_at = now
    return now.strftime("%H:%M")
""",
        ),
        Clean(
            "times of which only the day is shown, and milliseconds since an epoch",
            """\
from datetime import datetime, timedelta


def posted(row, seconds: int) -> dict:
    at = datetime.utcfromtimestamp(seconds)
    last = datetime.utcnow() + timedelta(days=30)
    return {
        "on": at.strftime("%Y-%m-%d"),
        "until": last.date().isoformat(),
        "asked": datetime.now().date().isoformat(),
    }


def milliseconds() -> int:
    since = datetime.utcnow() - datetime(1970, 1, 1)
    return int(since.total_seconds() * 1000)
""",
        ),
        Clean(
            "a function of one's own with the name of the naive one, and a trial run",
            """\
from datetime import datetime, timezone

from pydantic import BaseModel, Field


def utcnow() -> datetime:
    return datetime.now(timezone.utc)


class Clock:
    def now(self) -> int:
        return 0


clock = Clock()


class Order(BaseModel):
    placed_at: datetime = Field(default_factory=utcnow)


if __name__ == "__main__":
    print(Order(placed_at=datetime.now()))


def touch(row) -> None:
    row.at = clock.now()
    row.now = utcnow()
""",
        ),
        Clean(
            "a day that is compared with days that have no zone either",
            """\
import re
from datetime import datetime, timedelta


def day_of(name: str) -> datetime | None:
    if not name.endswith(".log"):
        return None
    return datetime.strptime(name, "%Y%m%d.log")


def old(names: list[str]) -> list[str]:
    limit = datetime.now() - timedelta(days=7)
    found = []
    for name in names:
        day = day_of(name)
        if day is not None and day < limit:
            found.append(name)
    return found
""",
        ),
        Clean(
            "the times of a certificate, and data that is made for tests",
            {
                "app/certificates.py": """\
from datetime import datetime


def is_valid(certificate) -> bool:
    return certificate.not_valid_before <= datetime.utcnow() <= certificate.not_valid_after
""",
                "e2e/fixtures/make.py": """\
from datetime import datetime


def row() -> dict:
    return {"made": datetime.utcnow(), "seen": datetime.now()}
""",
            },
        ),
    ),
)
