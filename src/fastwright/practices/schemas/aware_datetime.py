"""schemas/aware-datetime: times that are stored or compared say in which zone they are."""

from collections.abc import Iterable, Iterator

from fastwright.application.application import Application
from fastwright.codebase.codebase import Codebase
from fastwright.codebase.modules import CallSite, Class, Function
from fastwright.codebase.values import ClassValue, External, FunctionValue, Instance
from fastwright.practice import (
    Clean,
    Explanation,
    Finding,
    Fixed,
    Flagged,
    Kind,
    Practice,
)
from fastwright.source.nodes import Node
from fastwright.source.scopes import Use
from fastwright.source.syntax import (
    Assign,
    Attribute,
    Await,
    BinaryOperation,
    Call,
    Collection,
    Comparison,
    Conditional,
    Constant,
    Dict,
    Expression,
    FormattedString,
    Keyword,
    Lambda,
    Name,
    Pair,
    Return,
    Starred,
    String,
    Subscript,
    Walrus,
    around,
    walk_all,
)

_CLOCK = "datetime.datetime."
_NOW, _FROM = "now(timezone.utc)", "fromtimestamp(…, timezone.utc)"
# Naive whatever they are given.
_UTC = {f"{_CLOCK}utcnow": _NOW, f"{_CLOCK}utcfromtimestamp": _FROM}
# Naive unless they are given a zone, at a position.
_LOCAL = {
    f"{_CLOCK}now": (0, _NOW),
    f"{_CLOCK}today": (9, _NOW),
    f"{_CLOCK}fromtimestamp": (1, _FROM),
}
_MAKERS = (
    *("sqlalchemy.Column", "sqlalchemy.orm.mapped_column", "pydantic.Field", "sqlmodel.Field"),
    *("dataclasses.field", "tortoise.fields.DatetimeField"),
)
_DEFAULTS = ("default", "default_factory", "onupdate", "insert_default")
# What makes of a naive time something that needs no zone, or something to look at.
_ENDS = {
    *("strftime", "timestamp", "astimezone", "time", "ctime", "timetuple"),
    *("year", "month", "day", "hour", "minute", "second", "microsecond", "weekday", "isoweekday"),
}
_KEEPS = {"builtins.dict", "builtins.max", "builtins.min"}
_KEEPING_METHODS = (".values", ".update", ".setdefault")
_OWN = {"self", "cls"}
_PASSING = (*(BinaryOperation, Conditional, Collection, Keyword, Walrus, Await, Starred, Lambda),)
_DEEPEST = 3


def check(application: Application) -> Iterator[Finding]:
    """Yield a finding for each naive time that is stored or compared, and each `utcnow`."""
    codebase = application.codebase
    for call in _calls(codebase, _UTC):
        if not _is_made_aware(call):
            yield _finding(call.node, call.function, codebase)
    factories: set[Function] = set()
    for call in _calls(codebase, _MAKERS):
        for node in _references(call.node):
            match codebase.resolver.value(node, call.function):
                case External(name) if name in _UTC or name in _LOCAL:
                    yield _finding(node, call.function, codebase)
                case FunctionValue(function):
                    factories.add(function)
    fates = _Fates(codebase, factories)
    for name, (position, _) in _LOCAL.items():
        for call in _calls(codebase, (name,)):
            if _is_naive(call, position) and fates.is_kept(call.node, call.function):
                yield _finding(call.node, call.function, codebase)


def _calls(codebase: Codebase, names: Iterable[str]) -> Iterator[CallSite]:
    for call in codebase.calls_to(*names):
        if not call.function.module.is_migration:
            yield call


def _is_naive(call: CallSite, position: int) -> bool:
    """Tell whether a call lacks a zone, and is no default at import or a module's trial run."""
    if call.function.is_module and not call.use & Use.IN_LAMBDA:
        return False
    zone = call.node.argument(position, "tz")
    hidden = any(isinstance(each, Starred) for each in call.node.arguments)
    hidden = hidden or any(each.name is None for each in call.node.keywords)
    return not hidden and (zone is None or (isinstance(zone, Constant) and zone.text == "None"))


def _references(maker: Call) -> Iterator[Expression]:
    """Yield what a field or column calls for its values."""
    for keyword in maker.keywords:
        if keyword.name in _DEFAULTS and not isinstance(keyword.value, Call):
            yield keyword.value
        elif keyword.name == "sa_column_kwargs" and isinstance(keyword.value, Dict):
            for pair in keyword.value.pairs:
                yield pair.value


def _is_made_aware(call: CallSite) -> bool:
    """Tell whether a naive UTC time gets its zone, or is only shown, right where it is made."""
    outer = _around(call.node, call.function)
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
            return name in _ENDS and name != "timestamp"
        case _:
            return False


def _around(node: Node, function: Function) -> list[Node]:
    return around(function.module.body if function.is_module else function.body, node)


def _finding(node: Expression, function: Function, codebase: Codebase) -> Finding:
    module = function.module
    called = node.function if isinstance(node, Call) else node
    value = codebase.resolver.value(called, function)
    name = value.name if isinstance(value, External) else ""
    is_utc = name in _UTC
    written = module.source(called)
    owner = written.rpartition(".")[0] or "datetime"
    better = f"{owner}.{_UTC[name] if is_utc else _LOCAL[name][1]}"
    if not isinstance(node, Call):
        better = f"lambda: {better}"
    why = (
        "this time is UTC but does not say so, and is taken for local time"
        if is_utc
        else "this is the server's local time without its zone"
    )
    return Finding(
        at=module.place(node),
        message=f"Use `{better}` instead of `{written}`: {why}.",
    )


class _Fates:
    """Follows times to where they are stored or compared, through variables and parameters."""

    def __init__(self, codebase: Codebase, factories: set[Function]) -> None:
        """`factories` are the functions that fields and columns call for their values."""
        self._codebase = codebase
        self._factories = factories

    def is_kept(self, node: Expression, function: Function, depth: int = 0) -> bool:
        """Tell whether the time that `node` gives is stored or compared."""
        inner: Node = node
        for outer in reversed(_around(node, function)):
            verdict = self._verdict(outer, inner, function, depth)
            if verdict is not None:
                return verdict
            inner = outer
        return False

    def _verdict(self, outer: Node, inner: Node, function: Function, depth: int) -> bool | None:
        """Tell whether `outer` stores or compares what `inner` gives; None if it passes it on."""
        match outer:
            case Comparison() | Pair():
                return True
            case Attribute(_, name):
                return False if name in _ENDS else None
            case Call(called):
                if called != inner:
                    return self._is_kept_by(outer, inner, function, depth)
                return None if outer.keyword("tzinfo") is None else False  # of `replace`
            case BinaryOperation(left, "-", right):
                other = right if left == inner else left
                is_span = self._is_duration(other, function)
                return None if is_span else self._is_of_row(other, function)
            case Return():
                return function in self._factories or self._is_validator(function)
            case Assign(targets):
                return any(self._is_kept_in(each, outer, function, depth) for each in targets)
            case _:
                is_test = isinstance(outer, Conditional) and outer.test == inner
                return None if isinstance(outer, _PASSING) and not is_test else False

    def _is_kept_in(
        self, target: Expression, statement: Assign, function: Function, depth: int
    ) -> bool:
        match target:
            case Name(name):
                return self._is_name_kept(name, statement.end, function, depth)
            case Attribute(Name(owner)) | Subscript(Name(owner)):
                return owner not in _OWN
            case Attribute(base, _):
                return self._is_of_row(base, function)
            case _:
                return False

    def _is_name_kept(self, name: str, after: int, function: Function, depth: int) -> bool:
        """Tell whether what a variable or parameter holds is stored or compared."""
        if function.is_module or depth == _DEEPEST:
            return False
        return any(
            isinstance(each, Name)
            and each.id == name
            and each.start >= after
            and self.is_kept(each, function, depth + 1)
            for each in walk_all(function.body)
        )

    def _is_kept_by(self, call: Call, inner: Node, function: Function, depth: int) -> bool:
        """Tell whether a call stores what it is passed."""
        name = inner.name if isinstance(inner, Keyword) else None
        value = inner.value if isinstance(inner, Keyword) else inner
        if isinstance(value, Lambda):
            return name in _DEFAULTS
        match self._codebase.resolver.value(call.function, function):
            case ClassValue():
                return True
            case External(called):
                return called in _KEEPS or called.endswith(_KEEPING_METHODS)
            case FunctionValue(target):
                parameter = self._parameter(call, inner, target)
                return parameter is not None and self._is_name_kept(parameter, 0, target, depth)
            case _:
                return False

    def _parameter(self, call: Call, inner: Node, target: Function) -> str | None:
        if isinstance(inner, Keyword):
            return inner.name
        names = [each.name for each in target.parameters]
        if target.owner is not None and names[:1] and names[0] in _OWN:
            names = names[1:]
        position = next((i for i, each in enumerate(call.arguments) if each == inner), len(names))
        return names[position] if position < len(names) else None

    def _is_duration(self, node: Expression, function: Function) -> bool:
        value = self._codebase.resolver.value(node, function)
        return isinstance(value, Instance) and value.of == "datetime.timedelta"

    def _is_of_row(self, node: Expression, function: Function) -> bool:
        """Tell whether it is an attribute of something with fields, such as a row."""
        match node:
            case Attribute(Name(owner)) if owner in _OWN:
                return False
            case Attribute(base):
                value = self._codebase.resolver.value(base, function)
                return isinstance(value, Instance) and isinstance(value.of, Class)
            case _:
                return False

    def _is_validator(self, function: Function) -> bool:
        return any(
            isinstance(each, External) and each.name.startswith("pydantic.")
            for each in self._codebase.decorators(function)
        )


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
            "No automatic fix: columns without a time zone and other naive times cannot be "
            "compared with aware ones, so columns, comparisons and stored data change together."
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
            "columns that call the function by reference, under other names",
            """\
import datetime as dt

import sqlalchemy as sa
from sqlmodel import Field, SQLModel


class Order(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    placed_at: dt.datetime = Field(default_factory=dt.datetime.utcnow)  # <- here
    changed_at: dt.datetime = Field(
        sa_column=sa.Column(
            sa.DateTime(True),
            onupdate=dt.datetime.now,  # <- here
        )
    )
""",
            """\
import datetime as dt

import sqlalchemy as sa
from sqlmodel import Field, SQLModel


class Order(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    placed_at: dt.datetime = Field(default_factory=lambda: dt.datetime.now(dt.UTC))
    changed_at: dt.datetime = Field(
        sa_column=sa.Column(
            sa.DateTime(True),
            onupdate=lambda: dt.datetime.now(dt.UTC),
        )
    )
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
    ),
)
