"""database/no-query-in-loop: one query for all items instead of one for each."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from fastwright.application import batches, loops
from fastwright.application.application import Application
from fastwright.application.entries import Role
from fastwright.application.loops import Loop
from fastwright.application.queries import PACKAGES, Queries
from fastwright.codebase import arguments
from fastwright.codebase.codebase import Codebase
from fastwright.codebase.definitions import CallSite, Function
from fastwright.codebase.values import External, FunctionValue
from fastwright.practice import Clean, Explanation, Finding, Flagged, Kind, Practice, Step
from fastwright.source import surroundings
from fastwright.source.notes import Answers
from fastwright.source.syntax import (
    Attribute,
    Await,
    Call,
    Comparison,
    Conditional,
    Constant,
    Expression,
    ExpressionStatement,
    For,
    Handler,
    If,
    Name,
    Raise,
    Try,
    walk,
    walk_all,
)

_LONGEST_QUOTED = 60  # characters
# What shows how not to do it, and what stands in for what has failed at once.
_ONE_BY_ONE = re.compile(r"naive|individually|one_by_one|n_plus_(?:one|1)")
_KEEPS = {"commit", "flush", "refresh"}
_FILL = {"add", "append"}
# Methods that are given a statement.
_RUN = {"exec", "exec_driver_sql", "execute", "scalar", "scalars"}


def check(application: Application) -> Iterator[Finding]:
    """Yield a finding for each loop that queries once per item, itself or through functions."""
    ways = _Ways(application)

    def judge(function: Function) -> list[Finding]:
        return list(_in_function(function, ways, application.codebase))

    judged = Answers(judge)
    for entry in application.each_entry():
        # While an application starts or stops, nobody waits for how long that takes.
        if entry.role != Role.LIFESPAN:
            for function in application.reached([entry.function]):
                yield from judged(function)


@dataclass(frozen=True, slots=True)
class _Query:
    """A call in a loop that leads to a query, `sent` by calling `name` of a library."""

    call: CallSite
    sent: CallSite
    name: str
    way: tuple[tuple[Expression, Function], ...] = ()
    steps: tuple[Step, ...] = ()

    @property
    def chain(self) -> tuple[Step, ...]:
        """Return the way as evidence."""
        return (*self.steps, _sent(self.sent, self.name)) if self.way else ()


def _in_function(function: Function, ways: "_Ways", codebase: Codebase) -> Iterator[Finding]:
    if _ONE_BY_ONE.search(function.name) or not codebase.habits.of(function).calls_in_loops:
        return
    found: dict[Loop, list[_Query]] = {}
    for query in ways.in_loops(function):
        loop = loops.around(query.call, codebase)
        if loop is not None and (query.way or not _is_statement(query.call, query.name, loop)):
            found.setdefault(loop, []).append(query)
    for loop, queries in found.items():
        if all(_keeps(each.name) for each in queries) and ways.works_elsewhere(loop, function):
            continue
        if _are_jobs(queries, loop):
            continue
        each_time = [each for each in queries if not batches.is_batch(each.way, each.sent, loop)]
        if each_time:
            first, *others = sorted(each_time, key=lambda query: query.call.node.start)
            yield _finding(function, loop, first, [each.call for each in others])


class _Ways:
    """The calls in loops from which a query is sent, with the way to it."""

    def __init__(self, application: Application) -> None:
        self._codebase = application.codebase
        self._queries = Queries(application.codebase)
        self._sends = Answers(self._find_sent)

    def in_loops(self, function: Function) -> Iterator[_Query]:
        """Yield the calls in loops that query, themselves or through functions."""
        for call, name in self._queries.of_function(function):
            if call.is_in_loop and call.runs_here:
                yield _Query(call, call, name)
        in_loops = (call for call in function.calls if call.is_in_loop and call.runs_here)
        for call in sorted(in_loops, key=lambda call: call.last_name):
            target = self._codebase.target(call)
            if isinstance(target, FunctionValue) and not (
                loops.is_job(target.function) or _is_cached(target.function)
            ):
                query = self._query(call, target.function)
                if query is not None:
                    yield query

    def works_elsewhere(self, loop: Loop, function: Function) -> bool:
        """Tell whether a loop awaits something else for each item, such as another service."""
        for call in function.calls:
            if call.is_awaited and call.is_in_loop and surroundings.holds([loop], call.node):
                match self._codebase.target(call):
                    case FunctionValue(called) if self._query(call, called) is None:
                        return True
                    case External(name) if not name.startswith(PACKAGES):
                        return True
        return False

    def _query(self, call: CallSite, start: Function) -> _Query | None:
        """Return the query that a called function sends, itself or through one more."""
        way: tuple[tuple[Expression, Function], ...] = ((call.node, start),)
        sent = self._sends(start)
        if sent is not None and not _lacks_session(call, sent[0].node, start):
            return _Query(call, *sent, way)
        for edge in self._codebase.graph.edges(start):
            is_run = edge.is_certain and not _is_cached(edge.to)
            sent = self._sends(edge.to) if is_run else None
            if sent is None or _is_optional(edge.node, start):
                continue
            if not _lacks_session(call, edge.node, start):
                return _Query(call, *sent, (*way, (edge.node, edge.to)), (edge.step,))
        return None

    def _find_sent(self, function: Function) -> tuple[CallSite, str] | None:
        """Return the first query that a function sends whatever it is asked to do."""
        for call, name in self._queries.of_function(function):
            is_rare = name.endswith(".refresh") and _is_of_lapsed(call.node, function)
            if not _is_optional(call.node, function) and not is_rare:
                return call, name
        return None


def _are_jobs(queries: list[_Query], loop: Loop) -> bool:
    """Tell whether a job is done for each item and kept, and the others go on where one fails."""
    attempts = [
        each
        for each in (loop.body if isinstance(loop, For) else ())
        if isinstance(each, Try)
        and each.handlers
        and not any(_raises(handler) for handler in each.handlers)
    ]
    jobs: set[int] = set()
    for attempt in attempts:
        for statement in walk_all(attempt.body, ExpressionStatement):
            match statement:
                case ExpressionStatement(Call() as job) | ExpressionStatement(Await(Call() as job)):
                    jobs.add(job.start)
    return (
        bool(jobs)
        and any(not each.way and each.name.endswith(".commit") for each in queries)
        and all(each.call.node.start in jobs if each.way else _keeps(each.name) for each in queries)
    )


def _raises(handler: Handler) -> bool:
    return any(True for _ in walk_all(handler.body, Raise))


def _keeps(name: str) -> bool:
    """Tell whether a call sends what was changed before, and asks for nothing."""
    return name.rpartition(".")[2] in _KEEPS


def _is_cached(function: Function) -> bool:
    source = function.module.source
    return any("cache" in source(each).lower() for each in function.decorators)


def _is_optional(node: Expression, function: Function) -> bool:
    """Tell whether an argument of a function, such as `commit`, decides whether something runs."""
    parameters = {each.name for each in function.parameters}
    return any(
        isinstance(around, If)
        and any(isinstance(each, Name) and each.id in parameters for each in walk(around.test))
        and not surroundings.holds([around.test], node)
        for around in surroundings.around(function.body, node)
    )


def _lacks_session(call: CallSite, node: Expression, function: Function) -> bool:
    """Tell whether something runs only for who passes a session, say, which a call does not."""
    for around in surroundings.around(function.body, node):
        match around:
            case Conditional(body, Comparison((Name(name), Constant("None")), ("is not",))):
                if surroundings.holds([body], node):
                    return arguments.passed(call.node, name, function) is None
    return False


def _is_of_lapsed(node: Expression, function: Function) -> bool:
    """Tell whether something runs only for what could not be read: a list that handlers fill."""
    handled = [each.start for each in walk_all(function.body, Handler)]
    ends = [each.end for each in walk_all(function.body, Handler)]
    filled = {
        call.node.function.value.id: any(
            start <= call.node.start < end for start, end in zip(handled, ends, strict=True)
        )
        for call in function.calls
        if call.last_name in _FILL
        and isinstance(call.node.function, Attribute)
        and isinstance(call.node.function.value, Name)
    }
    return any(
        isinstance(around, If)
        and isinstance(around.test, Name)
        and filled.get(around.test.id, False)
        for around in surroundings.around(function.body, node)
    )


def _sent(call: CallSite, name: str) -> Step:
    return call.function.module.place(call.node).step(f"sends a query with {name}")


def _is_statement(call: CallSite, name: str, loop: Loop) -> bool:
    """Tell whether the items are statements, which are run one after the other anyway."""
    if not call.node.arguments or name.rpartition(".")[2] not in _RUN:
        return False
    match call.node.arguments[0]:
        case (Name() as item) | Call(_, (Name() as item,)):
            named = loops.target(loop)
            return isinstance(named, Name) and named.id == item.id
    return False


def _quoted(code: str, otherwise: str) -> str:
    """Return code for a message, or what stands for code that is long."""
    return otherwise if "\n" in code or len(code) > _LONGEST_QUOTED else f"`{code}`"


def _finding(
    function: Function,
    loop: Loop,
    first: _Query,
    others: list[CallSite],
) -> Finding:
    module = function.module
    call = first.call
    return Finding(
        at=module.place(call.node),
        message=(
            f"Query once for all of {_quoted(module.source(loops.iterable(loop)), 'the items')}: "
            f"{_quoted(module.source(call.node.function), 'the call')} sends a query for each, so "
            "the time grows with their number."
        ),
        chain=first.chain,
        places=tuple(module.place(each.node) for each in others),
    )


PRACTICE = Practice(
    kind=Kind.RISK,
    explanation=Explanation(
        rule="Ask for all rows in one query instead of sending a query for each item of a loop.",
        why=(
            "Every query costs a round trip of a millisecond or more. A page of 20 rows takes 21 "
            "queries, a customer with 2,000 rows waits for seconds and holds a connection all the "
            "while: what was quick in the tests times out on the largest accounts first."
        ),
        bad="""\
for post in posts:
    post.author = await session.get(User, post.author_id)
""",
        good="""\
ids = {post.author_id for post in posts}
users = await session.scalars(select(User).where(User.id.in_(ids)))
authors = {user.id: user for user in users}
""",
        when_not=(
            "A loop over two or three things that the code names, over the fields of one request "
            "or the row of a unique column, over no more items than a slice, a schema, a refusal "
            "before it or a setting lets through, or one that retries "
            "or waits, or goes by batches. What does a job and commits for each item, so that one "
            "failure does not undo the others, accepts the cost knowingly. Only what answers "
            "requests is looked at, not scripts, nor what runs at start-up; nor functions whose "
            "names say that they do a whole job for each item, such as `download_page`."
        ),
        fix_safety=(
            "No automatic fix. One `IN (…)`, a join, `selectinload`, or `insert(…)` with a list of "
            "rows replaces the loop's queries."
        ),
        references={
            "Relationship loading techniques": (
                "https://docs.sqlalchemy.org/en/20/orm/queryguide/relationships.html"
            ),
            "ORM-enabled INSERT, UPDATE, and DELETE": (
                "https://docs.sqlalchemy.org/en/20/orm/queryguide/dml.html"
            ),
        },
    ),
    check=check,
    examples=(
        Flagged(
            "a query for each item, in a comprehension and in a loop",
            """\
from fastapi import Depends, FastAPI
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession as Db
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

app = FastAPI()
engine = create_async_engine("sqlite+aiosqlite://")


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "user"

    id: Mapped[int] = mapped_column(primary_key=True)


async def get_db():
    async with Db(engine) as db:
        yield db


@app.post("/users")
async def read_users(ids: list[int], db: Db = Depends(get_db)) -> int:
    users = [await db.get(User, each) for each in ids]  # <- here
    for user in users:
        user.name = await db.scalar(select(User.name).where(User.id == user.id))  # <- here
        await db.commit()  # <- here
    return len(users)
""",
        ),
        Flagged(
            "a query two functions away, in another file",
            {
                "app/main.py": """\
from fastapi import FastAPI

from app.posts import converters

app = FastAPI()


@app.get("/posts")
def read_posts(ids: str) -> list[str]:
    found = []
    for each in ids.split(","):
        if each:
            found.append(converters.convert(each))  # <- here
    return found
""",
                "app/posts/__init__.py": "",
                "app/posts/converters.py": """\
from app.users import find


def convert(post: str) -> str:
    return f"{post} by {find(post)}"
""",
                "app/users.py": """\
from sqlmodel import Session, create_engine, select

engine = create_engine("sqlite://")


def find(name: str) -> str:
    with Session(engine) as db:
        return db.exec(select(name)).one()
""",
                "app/__init__.py": "",
            },
        ),
        Flagged(
            "a pool of asyncpg, with tasks that run at once",
            """\
import asyncio

import asyncpg
from fastapi import FastAPI, Request

app = FastAPI()


def get_pool(request: Request) -> asyncpg.Pool:
    return request.app.state.pool


@app.post("/names")
async def names(ids: list[int], request: Request) -> list[str]:
    pool = get_pool(request)
    waiting = (pool.fetchval("SELECT name FROM u WHERE id = $1", each) for each in ids)  # <- here
    return await asyncio.gather(*waiting)
""",
        ),
        Clean(
            "one query for all, and rows that are looked at in memory",
            """\
from fastapi import FastAPI
from sqlmodel import Field, Session, SQLModel, create_engine, select

app = FastAPI()
engine = create_engine("sqlite://")


class User(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)


@app.post("/users")
def create_users(ids: list[int]) -> list[int]:
    with Session(engine) as db:
        known = {user.id for user in db.exec(select(User).where(User.id.in_(ids))).all()}
        for each in ids:
            if each not in known:
                db.add(User(id=each))
        db.commit()
        return [user.id for user in db.exec(select(User))]
""",
        ),
        Clean(
            "loops that retry, go by batches, or over what the code names",
            """\
import time

from fastapi import FastAPI
from sqlalchemy import create_engine, text
from sqlalchemy.orm import sessionmaker

app = FastAPI()
make_session = sessionmaker(create_engine("sqlite://"))
TABLES = ("user", "post")


def get_db():
    with make_session() as db:
        yield db


def is_there(db) -> bool:
    for _attempt in range(3):
        if db.scalar(text("SELECT 1")):
            return True
        time.sleep(1)
    return False


@app.get("/rows")
def rows(total: int) -> list[int]:
    counts = []
    for db in get_db():
        is_there(db)
        for table in TABLES:
            counts.append(db.scalar(text("SELECT count(*) FROM rows WHERE name = :name"), table))
        for start in range(0, total, 500):
            counts += db.scalars(text("SELECT id FROM rows OFFSET :start"), {"start": start})
    return counts
""",
        ),
        Clean(
            "a helper that is told not to commit, and a loop for what failed at once",
            """\
from fastapi import FastAPI
from sqlmodel import Field, Session, SQLModel, create_engine

app = FastAPI()
engine = create_engine("sqlite://")


class User(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)


def add(session: Session, user: User, commit: bool = True) -> None:
    session.add(user)
    if commit:
        session.commit()


@app.post("/users")
def create_users(ids: list[int]) -> None:
    with Session(engine) as session:
        for each in ids:
            add(session, User(id=each), commit=False)
        try:
            session.commit()
        except ValueError:
            for each in ids:
                add(session, User(id=each))
""",
        ),
        Clean(
            "a whole job for each item",
            """\
import httpx
from fastapi import FastAPI
from sqlmodel import Field, Session, SQLModel, create_engine

app = FastAPI()
engine = create_engine("sqlite://")


class Page(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    text: str


def download_page(session: Session, address: str) -> None:
    session.add(Page(text=httpx.get(address).text))
    session.commit()


@app.post("/pages")
def download(addresses: list[str]) -> None:
    with Session(engine) as session:
        for each in addresses:
            download_page(session, each)
""",
        ),
        Clean(
            "a job that may fail for one item and not for others, and a session that is not passed",
            """\
from fastapi import FastAPI
from sqlmodel import Field, Session, SQLModel, create_engine, select

from app.texts import read_text

app = FastAPI()
engine = create_engine("sqlite://")


class Scan(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    parent: int | None = None
    text: str = ""


def recognize(session: Session, scan: Scan) -> None:
    scan.text = read_text(scan.id)
    session.commit()


@app.post("/scans")
def create_scans(session: Session, names: list[str]) -> int:
    failed = 0
    for name in names:
        scan = Scan(text=name)
        session.add(scan)
        session.commit()
        try:
            recognize(session, scan)
        except ValueError:
            failed += 1
    return failed


def described(scan: Scan, session: Session | None = None) -> dict:
    parent = session.get(Scan, scan.parent) if session is not None else None
    return {"text": scan.text, "parent": parent}


@app.get("/scans")
def read_scans(session: Session) -> list[dict]:
    return [described(each) for each in session.exec(select(Scan)).all()]
""",
        ),
        Flagged(
            "a session that is passed, and a job whose failure ends all",
            """from fastapi import FastAPI
from sqlmodel import Field, Session, SQLModel, create_engine, select

app = FastAPI()
engine = create_engine("sqlite://")


class Scan(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    parent: int | None = None


def recognize(session: Session, scan: Scan) -> None:
    session.add(scan)
    session.commit()


@app.post("/scans")
def create_scans(session: Session, names: list[str]) -> None:
    for name in names:
        session.commit()  # <- here
        try:
            recognize(session, Scan())  # <- here
        except ValueError as error:
            raise RuntimeError(name) from error


def described(scan: Scan, session: Session | None = None) -> dict:
    parent = session.get(Scan, scan.parent) if session is not None else None
    return {"parent": parent}


@app.get("/scans")
def read_scans(session: Session) -> list[dict]:
    return [described(each, session) for each in session.exec(select(Scan)).all()]  # <- here
""",
        ),
        Clean(
            "a loop that ends with its first query",
            """\
from fastapi import FastAPI, HTTPException
from sqlmodel import Session, create_engine, text

app = FastAPI()
engine = create_engine("sqlite://")


@app.post("/colours")
def colour(names: list[str]) -> str:
    with Session(engine) as db:
        for name in names:
            if name.startswith("#"):
                return db.exec(text("SELECT name FROM colour")).first()
    raise HTTPException(404)
""",
        ),
        Clean(
            "a script, and a dict with the methods of a session",
            {
                "scripts/backfill.py": """\
from sqlmodel import Session, create_engine, text

engine = create_engine("sqlite://")


def main(ids: list[int]) -> None:
    with Session(engine) as session:
        for each in ids:
            session.exec(text("UPDATE user SET seen = true"))
""",
                "app.py": """\
from fastapi import FastAPI

app = FastAPI()


@app.post("/names")
def names(ids: list[str]) -> list[str | None]:
    session = {"a": "b"}
    return [session.get(each) for each in ids]
""",
            },
        ),
        Clean(
            "what is fetched once for each key, and kept",
            """\
from typing import Annotated

from fastapi import Depends, FastAPI
from sqlmodel import Field, Session, SQLModel, create_engine

app = FastAPI()
engine = create_engine("sqlite://")


class Author(SQLModel, table=True):
    id: int = Field(primary_key=True)


def get_session():
    with Session(engine) as session:
        yield session


@app.post("/bylines")
def bylines(
    author_ids: list[int], session: Annotated[Session, Depends(get_session)]
) -> list[Author | None]:
    authors: dict[int, Author | None] = {}
    found = []
    for author_id in author_ids:
        if author_id not in authors:
            authors[author_id] = session.get(Author, author_id)
        found.append(authors[author_id])
    return found
""",
        ),
        Clean(
            "classes, what the code writes out, what is cached, and what is made elsewhere",
            """\
from typing import Annotated

import httpx
from fastapi import Depends, FastAPI
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Field, SQLModel

from app.caching import cache

app = FastAPI()


class Plan(SQLModel, table=True):
    id: int = Field(primary_key=True)
    key: str | None = None


async def get_session():
    async with AsyncSession() as session:
        yield session


SessionDep = Annotated[AsyncSession, Depends(get_session)]


async def count(session: AsyncSession, what: object) -> list:
    return list(await session.scalars(select(what)))


@cache.cache()
async def cached(session: AsyncSession, key: str) -> list:
    return list(await session.scalars(select(Plan).where(Plan.key == key)))


def having_keys():
    return [Plan]


@app.get("/counts")
async def counts(session: SessionDep, key: str, keys: list[str]) -> list:
    found = [await count(session, cls) for cls in having_keys()]
    prefixes = []
    prefixes.append("all")
    if key:
        prefixes.append(f"of/{key}")
    for prefix in prefixes:
        found.append(await count(session, prefix))
    for each in keys:
        found.append(await cached(session, each))
    return found


@app.post("/plans")
async def make_plans(session: SessionDep) -> None:
    async with httpx.AsyncClient() as client:
        for plan in await session.scalars(select(Plan)):
            answer = await client.post("https://billing.example/plans")
            plan.key = answer.text
            await session.commit()
""",
        ),
        Clean(
            "what is given one by one, what callers write out, and what stands in for a batch",
            """\
from typing import Annotated

from fastapi import Depends, FastAPI
from sqlmodel import Field, Session, SQLModel, create_engine

app = FastAPI()
engine = create_engine("sqlite://")


class Role(SQLModel, table=True):
    name: str = Field(primary_key=True)


def get_session():
    with Session(engine) as session:
        yield session


def refresh(session: Session, *rows: Role) -> None:
    for row in rows:
        session.refresh(row)


def add_missing(session: Session, names: tuple[str, ...]) -> None:
    for name in names:
        if session.get(Role, name) is None:
            session.add(Role(name=name))


def add_individually(session: Session, roles: list[Role]) -> None:
    for role in roles:
        if session.get(Role, role.name) is None:
            session.add(role)


@app.post("/roles")
def make_roles(roles: list[str], session: Annotated[Session, Depends(get_session)]) -> None:
    made = [Role(name=name) for name in roles]
    add_missing(session, ("admin", "editor"))
    add_individually(session, made)
    refresh(session, made[0])
""",
        ),
        Clean(
            "the indexes of one table, as many as its schema has",
            """\
from fastapi import FastAPI
from sqlalchemy import Table, text
from sqlalchemy.orm import Session

app = FastAPI()
KNOWN = "SELECT 1 FROM information_schema.statistics WHERE index_name = :name"


def make(table: Table, session: Session) -> None:
    for index in table.indexes:
        if session.execute(text(KNOWN), {"name": index.name}).scalar() is None:
            index.create(session.connection())


@app.post("/tables")
def make_table(name: str) -> None:
    with Session() as session:
        make(Table(name), session)
""",
        ),
        Clean(
            "a few at most: by a refusal, a slice, a schema or a setting",
            """\
from typing import Annotated

from fastapi import FastAPI, HTTPException
from pydantic import BaseModel, Field
from sqlalchemy import select, update
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

app = FastAPI()
MOST = 20
REMIND_BEFORE = [1, 7, 30]


class Base(DeclarativeBase):
    pass


class Seat(Base):
    __tablename__ = "seat"

    id: Mapped[int] = mapped_column(primary_key=True)


class Booking(BaseModel):
    seats: Annotated[list[int], Field(max_length=8)]


@app.post("/seats")
def read_seats(ids: list[int]) -> list[Seat | None]:
    if len(ids) > MOST:
        raise HTTPException(422)
    with Session() as session:
        return [session.get(Seat, each) for each in ids]


@app.post("/bookings")
def book(booking: Booking, others: list[int]) -> list[Seat | None]:
    with Session() as session:
        found = [session.get(Seat, each) for each in booking.seats]
        for each in others[:5]:
            found.append(session.get(Seat, each))
        for days in REMIND_BEFORE:
            found.append(session.scalar(select(Seat).where(Seat.id == days)))
        for row in range(1, min(len(others) + 1, 6)):
            found.append(session.scalar(select(Seat).where(Seat.id == row)))
        return found
""",
        ),
        Clean(
            "one query for all of a group, and what is filled in where it lacks",
            """\
from typing import Annotated

from fastapi import FastAPI, HTTPException
from pydantic import BaseModel, Field
from sqlalchemy import select, update
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

app = FastAPI()


class Base(DeclarativeBase):
    pass


class Part(Base):
    __tablename__ = "part"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    label: Mapped[str | None]


def labels(session: Session, kind: str, ids: list[int]) -> list[str | None]:
    query = select(Part.label).where(Part.kind == kind, Part.id.in_(ids))
    return session.scalars(query).all()


@app.post("/parts/labels")
def read_labels(ids_of: dict[str, list[int]], kinds: list[str]) -> list[str | None]:
    found = []
    with Session() as session:
        for kind, ids in ids_of.items():
            found += labels(session, kind, ids)
        for kind in kinds:
            wanted = ids_of.get(kind, [])
            query = select(Part.label).where(Part.id.in_(wanted))
            found += session.scalars(query).all()
    return found


@app.get("/parts")
def read_parts() -> list[str]:
    found = []
    with Session() as session:
        for part in session.scalars(select(Part)):
            if part.label is None:
                part.label = f"{part.kind} {part.id}"
                session.commit()
            found.append(part.label)
    return found
""",
        ),
        Clean(
            "the fields of a request, the rows of one key, and what is read anew when it lapsed",
            """\
from typing import Annotated

from fastapi import Depends, FastAPI
from pydantic import BaseModel
from sqlalchemy import ForeignKey, UniqueConstraint, delete, select
from sqlalchemy.exc import MissingGreenlet
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

app = FastAPI()


class Base(DeclarativeBase):
    pass


class Crate(Base):
    __tablename__ = "crate"
    __table_args__ = (UniqueConstraint("harbour", "old_crate_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    label: Mapped[str] = mapped_column(unique=True)
    old_crate_id: Mapped[str]
    harbour: Mapped[str]
    ship_id: Mapped[int] = mapped_column(ForeignKey("ship.id"))


class Ship(Base):
    __tablename__ = "ship"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


class Change(BaseModel):
    name: str
    labels: list[str]


async def get_session():
    async with AsyncSession() as session:
        yield session


SessionDep = Annotated[AsyncSession, Depends(get_session)]


async def refresh_lapsed(session: AsyncSession, ship: Ship, names: list[str]) -> None:
    lapsed = []
    for name in names:
        try:
            getattr(ship, name)
        except MissingGreenlet:
            lapsed.append(name)
    if lapsed:
        await session.refresh(ship, lapsed)


@app.patch("/ships/{ship_id}")
async def change(ship_id: int, change: Change, session: SessionDep) -> None:
    ship = await session.get(Ship, ship_id)
    values = change.model_dump(exclude_unset=True)
    for name, value in values.items():
        if name == "labels":
            await session.execute(delete(Crate).where(Crate.ship_id == ship_id))
        else:
            setattr(ship, name, value)
    await session.commit()


@app.get("/ships/of/{label}")
async def find(label: str, session: SessionDep) -> list[Ship | None]:
    found = []
    for crate in (await session.scalars(select(Crate).where(Crate.label == label))).all():
        found.append(await session.get(Ship, crate.ship_id))
    query = select(Crate).where(Crate.old_crate_id == label).order_by(Crate.id)
    crates = (await session.scalars(query)).all()
    return found + [await session.get(Ship, each.ship_id) for each in crates]


@app.get("/ships")
async def read_ships(session: SessionDep) -> list[Ship]:
    ships = list(await session.scalars(select(Ship)))
    for ship in ships:
        await refresh_lapsed(session, ship, ["name"])
    return ships
""",
        ),
        Flagged(
            "queries for each field of a request or item of its list, and for rows of no sure key",
            """\
from typing import Annotated

from fastapi import Depends, FastAPI
from pydantic import BaseModel
from sqlalchemy import ForeignKey, UniqueConstraint, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

app = FastAPI()


class Base(DeclarativeBase):
    pass


class Crate(Base):
    __tablename__ = "crate"
    __table_args__ = (UniqueConstraint("ship_id", "place"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    place: Mapped[int]
    ship_id: Mapped[int] = mapped_column(ForeignKey("ship.id"))


class Ship(Base):
    __tablename__ = "ship"

    id: Mapped[int] = mapped_column(primary_key=True)


class Wanted(BaseModel):
    ids: list[int]


async def get_session():
    async with AsyncSession() as session:
        yield session


SessionDep = Annotated[AsyncSession, Depends(get_session)]


@app.post("/crates")
async def read_crates(wanted: Wanted, session: SessionDep) -> list[Crate | None]:
    values = wanted.model_dump()
    return [await session.get(Crate, each) for each in values["ids"]]  # <- here


@app.patch("/crates/{crate_id}")
async def change_crate(crate_id: int, wanted: Wanted, session: SessionDep) -> None:
    crate = await session.get(Crate, crate_id)
    for name, value in wanted.model_dump().items():
        setattr(crate, name, value)
        await session.commit()  # <- here


@app.get("/ships/{ship_id}/crates")
async def refresh(ship_id: int, session: SessionDep, crate_id: int | None = None) -> None:
    crates = (await session.scalars(select(Crate).where(Crate.ship_id == ship_id))).all()
    for crate in crates:
        await session.refresh(crate)  # <- here
    query = select(Crate)
    if crate_id is not None:
        query = query.where(Crate.id == crate_id)
    for crate in (await session.scalars(query)).all():
        await session.refresh(crate)  # <- here
    joined = select(Ship).join(Crate, Crate.ship_id == Ship.id).where(Ship.id == ship_id)
    for ship in (await session.scalars(joined)).all():
        await session.refresh(ship)  # <- here
""",
        ),
        Flagged(
            "refused far too late, a list of each item's own, and a list that grows",
            """\
from typing import Annotated

from fastapi import FastAPI, HTTPException
from pydantic import BaseModel, Field
from sqlalchemy import select, update
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

app = FastAPI()
watched: list[int] = []


class Base(DeclarativeBase):
    pass


class Part(Base):
    __tablename__ = "part"

    id: Mapped[int] = mapped_column(primary_key=True)
    seen: Mapped[bool]


class Order(BaseModel):
    parts: Annotated[list[int], Field(max_length=10_000)]


@app.post("/orders")
def order(orders: list[Order]) -> int:
    if len(orders) > 5000:
        raise HTTPException(422)
    count = 0
    with Session() as session:
        for each in orders:
            query = select(Part).where(Part.id.in_(each.parts))
            count += len(session.scalars(query).all())  # <- here
            for part in each.parts:
                session.execute(update(Part).where(Part.id == part))  # <- here
    return count


@app.post("/watched")
def watch(part_id: int) -> None:
    watched.append(part_id)
    with Session() as session:
        for each in watched:
            part = session.get(Part, each)  # <- here
            if part.seen is None:
                session.commit()  # <- here
""",
        ),
    ),
    follows_calls=True,
)
