"""testing/async-test-client: tests reach an application with async database code through httpx."""

import re
from collections.abc import Iterator

from fastwright.application.application import Application
from fastwright.application.routers import Router
from fastwright.application.routes import Route
from fastwright.codebase.definitions import CallSite, Function, Scope
from fastwright.codebase.resolver import Resolver
from fastwright.codebase.values import Coroutine, External, FunctionValue, Instance, Text, Value
from fastwright.practice import (
    Clean,
    Explanation,
    Finding,
    Fixed,
    Flagged,
    Kind,
    Practice,
)
from fastwright.source.syntax import (
    Assign,
    Attribute,
    Call,
    Expression,
    FormattedString,
    If,
    Name,
    Return,
    Subscript,
    With,
    walk_all,
)

_CLIENT = "starlette.testclient.TestClient"
# Packages of async database code; their objects belong to the event loop that made them.
_ASYNC_DATABASES = (
    "aiomysql.",
    "aiosqlite.",
    "asyncpg.",
    "beanie.",
    "databases.",
    "motor.",
    "odmantic.",
    "sqlalchemy.ext.asyncio.",
    "sqlmodel.ext.asyncio.",
    "tortoise.",
)
# What stands where a test says that a request is turned away before anything runs for it.
_TURNED_AWAY = {b"401", b"403", b"405", b"415", b"422"}
_STATUS = re.compile(rb"\bstatus_code\b[^\n]{0,30}?\b([1-5]\d\d)\b|\bHTTP_([1-5]\d\d)_")
# Makes what belongs to an event loop, where it is done at the top of a module.
_MAKERS = (
    "asyncpg.create_pool",
    "databases.Database",
    "motor.motor_asyncio.AsyncIOMotorClient",
    "pymongo.AsyncMongoClient",
    "redis.asyncio.Redis",
    "redis.asyncio.from_url",
    "sqlalchemy.ext.asyncio.create_async_engine",
)
_VERBS = {"delete", "get", "head", "options", "patch", "post", "put"}
_REPLACES = re.compile(r"\b(?:monkeypatch\.setattr|(?:mocker|mock)\.patch|patch(?:\.object)?)\(")
_REPLACES_START = re.compile(r"\blifespan_context\s*=")
# What httpx cannot do.
_WEBSOCKETS = b".websocket_connect("


def check(application: Application) -> Iterator[Finding]:
    """Yield a finding for each sync test client of an application with async database code."""
    for call in application.codebase.calls_in_tests(_CLIENT):
        module, node = call.function.module, call.node.argument(0, "app")
        router = node and application.routers.at(node, call.function)
        if not router or not router.is_application:
            continue
        if _may_need_websockets(call, application) or _is_prepared(call, application):
            continue
        if _has_no_database(module.top, application):
            is_used = any(_uses_redis(each, application) for each in _served(router, application))
        else:
            tested = _tested(router, call, application)
            is_used = any(_is_served_async(each, application) for each in tested)
        if is_used:
            yield Finding(
                module.place(call.node),
                "Use `httpx.AsyncClient` with an `ASGITransport`: `TestClient` runs the "
                "application in an event loop of its own, where the tests' async database "
                "sessions and connections cannot be used.",
            )


def _may_need_websockets(call: CallSite, application: Application) -> bool:
    """Tell whether a test that may be given the client opens a websocket."""
    module = call.function.module
    users = [module]
    if module.stem == "conftest":
        users = [each for each in application.codebase.modules if each.is_test]
    return any(each.mentions(_WEBSOCKETS) for each in users)


def _is_prepared(call: CallSite, application: Application) -> bool:
    """Tell whether what makes the client sees to it that no database is used in another loop."""
    function = call.function
    text = "" if function.is_module else function.module.source(function.node)
    return (
        _REPLACES.search(text) is not None
        or _REPLACES_START.search(text) is not None
        or _has_no_database(function, application)
        or (_is_entered(call) and not _is_shared(application))
    )


def _is_entered(call: CallSite) -> bool:
    """Tell whether a client is made by a `with`: it keeps one loop, and runs the start in it."""
    return any(
        isinstance(each, With) and any(item.value == call.node for item in each.items)
        for each in walk_all(call.function.body, With)
    )


def _is_shared(application: Application) -> bool:
    """Tell whether a module makes at import what belongs to the loop that uses it first."""
    return any(each.function.is_module for each in application.codebase.calls_to(*_MAKERS))


def _has_no_database(function: Function, application: Application) -> bool:
    """Tell whether a function replaces what gives the async database by something else."""
    resolver = application.codebase.resolver
    for node in walk_all(function.body):
        match node:
            case Assign((Subscript(Attribute(_, "dependency_overrides"), (replaced,)),), _, given):
                before = resolver.value(replaced, function)
                after = given and resolver.value(given, function)
                is_after = isinstance(after, FunctionValue) and _gives_async_database(
                    after, resolver
                )
                if (
                    isinstance(before, FunctionValue)
                    and _gives_async_database(before, resolver)
                    and not is_after
                ):
                    return True
    return False


def _gives_async_database(value: FunctionValue, resolver: Resolver) -> bool:
    given = resolver.result(value, None, value.function)
    if isinstance(given, Coroutine):
        given = given.result
    found = [given, *given.arguments] if isinstance(given, Instance) else []
    return any(
        isinstance(each, Instance) and str(each.of).startswith(_ASYNC_DATABASES) for each in found
    )


def _served(router: Router, application: Application) -> Iterator[Route]:
    """Yield the routes of an application."""
    for route in application.routes:
        if any(each.application is router for each in route.registrations):
            yield route


def _tested(router: Router, call: CallSite, application: Application) -> Iterator[Route]:
    """Yield the routes that a client may ask: where it stands in or beside tests, only theirs."""
    requests: set[tuple[str, str]] | None = None
    if (users := _users(call, application)) is not None:
        requests = {each for user in users for each in _requested(user, application)}
    for route in application.routes:
        paths = None
        if requests is not None:
            paths = {path for method, path in requests if method in route.methods}
        for registration in route.registrations:
            if registration.application is router and (
                paths is None or _is_among(route, registration.path, paths)
            ):
                yield route


def _users(call: CallSite, application: Application) -> list[Function] | None:
    """Return the functions that may use a client, where those are known."""
    module = call.function.module
    if "test" in module.stem.split("_"):
        return [each for each in module.functions if _mentions(each, call.function)]
    if module.stem != "conftest" or call.function.is_module:
        return None
    tests = (each for each in application.codebase.mentioning(call.function.name.encode()))
    users = [
        each
        for test in tests
        if test.is_test
        for each in test.functions
        if _mentions(each, call.function) and _asks(each, call.function.name)
    ]
    return users or None


def _asks(user: Function, client: str) -> bool:
    """Tell whether a test sends requests with a client of this name."""
    return any(
        isinstance(each.node.function, Attribute)
        and each.last_name in _VERBS
        and user.module.source(each.node.function.value) == client
        for each in user.calls
    )


def _mentions(user: Function, maker: Function) -> bool:
    """Tell whether a function may use the client that another, or the module, makes."""
    if user is maker or maker.is_module:
        return True
    if user.is_module or (maker.name.startswith("test") and not _is_fixture(maker)):
        return False
    text = user.module.source(user.node)
    return re.search(rf"\b{re.escape(maker.name)}\b", text) is not None


def _is_fixture(function: Function) -> bool:
    decorators = (function.module.source(each) for each in function.node.decorators)
    return any("fixture" in each for each in decorators)


def _requested(function: Function, application: Application) -> Iterator[tuple[str, str]]:
    """Yield the methods and paths that a test asks for; `{}` stands for what cannot be read.

    None for a test that replaces what would be run, or whose requests are turned away before.
    """
    if not function.is_module:
        text = function.module.source(function.node)
        if _REPLACES.search(text) or _is_turned_away(text.encode()):
            return
        if _has_no_database(function, application):
            return
    for call in function.calls:
        match call.node:
            case Call(Attribute(_, name)) if name in _VERBS and not call.is_awaited:
                path = call.node.argument(0, "url")
                text = _text(path, function, application) if path else ""
                if text.startswith(("/", "{}")):
                    yield name.upper(), text.partition("?")[0]


def _is_turned_away(text: bytes) -> bool:
    """Tell whether all that a test expects is that nobody is let in, or nothing understood."""
    expected = {one or other for one, other in _STATUS.findall(text)}
    return bool(expected) and expected <= _TURNED_AWAY


def _text(node: Expression, scope: Scope, application: Application) -> str:
    if isinstance(node, FormattedString):
        return "".join(_text(part, scope, application) for part in node.parts)
    value = application.codebase.resolver.value(node, scope)
    if isinstance(value, Text):
        return value.value
    match application.codebase.origin(node, scope) if isinstance(node, Name) else None:
        case (FormattedString() as written, where):
            return _text(written, where, application)
    return "{}"


def _is_among(route: Route, path: str | None, requested: set[str]) -> bool:
    """Tell whether a route may be asked for, also where only the end of its path is known."""
    if path is None:
        path = "{}" + (route.router.prefix or "") + (route.own_path or "")
    return any(_may_match(path, each) for each in requested)


def _may_match(one: str, other: str) -> bool:
    """Compare two paths by their parts, from the end; one that starts with `{}` is an end only."""
    is_end, is_other_end = one.startswith("{}"), other.startswith("{}")
    left, right = (each.removeprefix("{}").strip("/").split("/") for each in (one, other))
    if (len(left) < len(right) and not is_end) or (len(left) > len(right) and not is_other_end):
        return False
    pairs = list(zip(reversed(left), reversed(right), strict=False))
    is_sure = not (is_end or is_other_end) or any(a == b != "" for a, b in pairs)
    return is_sure and all(a == b or "{" in a or "{" in b for a, b in pairs)


def _is_served_async(route: Route, application: Application) -> bool:
    """Tell whether each request for a route uses an async database."""
    functions = application.functions_of(route)
    return any(_takes_async_database(each, application) for each in functions) or any(
        _awaits(each, end, _ASYNC_DATABASES, application)
        for each, end in _surely_run(functions, application)
    )


def _uses_redis(route: Route, application: Application) -> bool:
    """Tell whether requests use what is left of the loop's, where the session is replaced."""
    return any(
        _awaits(each, end, ("redis.asyncio.",), application)
        for each, end in _surely_run(application.functions_of(route), application)
    )


def _surely_run(starts: list[Function], application: Application) -> Iterator[tuple[Function, int]]:
    """Yield the functions that run, each with where it may have returned, before others may."""
    pending = list(dict.fromkeys(starts))
    found = set(pending)
    for function in pending:
        end = _first_way_out(function)
        yield function, end
        for edge in application.codebase.graph.edges(function):
            if edge.to not in found and edge.node.start < end:
                found.add(edge.to)
                pending.append(edge.to)


def _first_way_out(function: Function) -> int:
    """Return where a function first returns under a condition, else its end."""
    returns = [
        found.start
        for each in walk_all(function.body, If)
        if isinstance(each, If)
        for found in walk_all((*each.body, *each.otherwise), Return)
    ]
    return min(returns, default=function.node.end)


def _takes_async_database(function: Function, application: Application) -> bool:
    for parameter in function.parameters:
        value: Value | None = application.dependencies.injected(parameter, function)
        if value is None and parameter.annotation is not None:
            outer = function.outer or function
            value = application.codebase.resolver.annotated(parameter.annotation, outer)
        if isinstance(value, Instance) and str(value.of).startswith(_ASYNC_DATABASES):
            return True
    return False


def _awaits(
    function: Function, end: int, packages: tuple[str, ...], application: Application
) -> bool:
    """Tell whether a function awaits what packages do, above a certain place."""
    for call in function.calls:
        if call.is_awaited and call.node.start < end:
            target = application.codebase.target(call)
            if isinstance(target, External) and target.name.startswith(packages):
                return True
    return False


PRACTICE = Practice(
    kind=Kind.PRACTICE,
    explanation=Explanation(
        rule="An application with async database code is tested with an async client.",
        why=(
            "`TestClient` runs the application in a thread with an event loop of its own. "
            "A session or connection that a fixture opened belongs to the loop of the tests: "
            'handed to the application it fails with "attached to a different loop", or the '
            "tests look at a transaction that the application does not see."
        ),
        bad="""\
@pytest.fixture
def client() -> TestClient:
    return TestClient(app)
""",
        good="""\
@pytest.fixture
async def client() -> AsyncIterator[AsyncClient]:
    transport = ASGITransport(app=app)
    async with AsyncClient(transport=transport, base_url="http://test") as client:
        yield client
""",
        when_not=(
            "Websockets: httpx has none, and `TestClient` does. Applications whose database code "
            "is sync have no second loop to lose anything in. `ASGITransport` runs no lifespan: "
            "start it in a fixture where tests need it. Not reported: tests that replace the "
            "session, or are turned away before anything asks for one."
        ),
        fix_safety="No automatic fix: the tests that use the client have to become async too.",
        references={
            "Async tests": "https://fastapi.tiangolo.com/advanced/async-tests/",
        },
    ),
    check=check,
    examples=(
        Fixed(
            "a client around an application whose session is async",
            {
                "app/main.py": """\
from fastapi import FastAPI

from app.database import SessionDep

app = FastAPI()


@app.get("/users")
async def users(session: SessionDep) -> int:
    return await session.scalar("select count(*) from user")
""",
                "app/database.py": """\
from typing import Annotated

from fastapi import Depends
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

make_session = async_sessionmaker(create_async_engine("sqlite+aiosqlite://"))


async def get_session():
    async with make_session() as session:
        yield session


SessionDep = Annotated[AsyncSession, Depends(get_session)]
""",
                "tests/conftest.py": """\
import pytest
from fastapi.testclient import TestClient

from app.main import app


@pytest.fixture
def client():
    with TestClient(app) as client:  # <- here
        yield client
""",
            },
            {
                "app/main.py": """\
from fastapi import FastAPI

from app.database import SessionDep

app = FastAPI()


@app.get("/users")
async def users(session: SessionDep) -> int:
    return await session.scalar("select count(*) from user")
""",
                "app/database.py": """\
from typing import Annotated

from fastapi import Depends
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

make_session = async_sessionmaker(create_async_engine("sqlite+aiosqlite://"))


async def get_session():
    async with make_session() as session:
        yield session


SessionDep = Annotated[AsyncSession, Depends(get_session)]
""",
                "tests/conftest.py": """\
import pytest
from httpx import ASGITransport, AsyncClient

from app.main import app


@pytest.fixture
async def client():
    transport = ASGITransport(app=app)
    async with AsyncClient(transport=transport, base_url="http://test") as client:
        yield client
""",
            },
        ),
        Flagged(
            "an application that a function makes, with asyncpg two functions away",
            {
                "app/main.py": """\
from fastapi import FastAPI

from app import rows


def make_app() -> FastAPI:
    app = FastAPI()
    app.include_router(rows.router)
    return app
""",
                "app/rows.py": """\
import asyncpg
from fastapi import APIRouter

router = APIRouter()


async def fetch() -> list[int]:
    connection = await asyncpg.connect("postgresql://")
    return await connection.fetch("select 1")


@router.get("/rows")
async def read_rows() -> list[int]:
    return await fetch()
""",
                "tests/test_rows.py": """\
from starlette.testclient import TestClient as Client

from app.main import make_app

client = Client(make_app())  # <- here


def test_rows_are_read():
    assert client.get("/rows").status_code == 200
""",
            },
        ),
        Flagged(
            "a client among the parts of a router that is nested twice",
            {
                "app/main.py": """\
from fastapi import APIRouter, FastAPI

from app.notes import router

api = APIRouter(prefix="/api")
api.include_router(router, prefix="/notes")
app = FastAPI()
app.include_router(api)
""",
                "app/notes.py": """\
from databases import Database
from fastapi import APIRouter

database = Database("postgresql://")
router = APIRouter()


@router.get("/")
async def read_notes() -> list[int]:
    return await database.fetch_all("select 1")
""",
                "tests/conftest.py": """\
import pytest
from fastapi.testclient import TestClient

from app import main


@pytest.fixture(scope="module")
def client():
    return TestClient(main.app)  # <- here
""",
            },
        ),
        Clean(
            "a fixture that puts a fake in the place of the session, and a client of its own tests",
            {
                "app/main.py": """\
from fastapi import Depends, FastAPI
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

app = FastAPI()
make_session = async_sessionmaker(create_async_engine("sqlite+aiosqlite://"))


async def get_session():
    async with make_session() as session:
        yield session


@app.get("/posts")
async def read_posts(session: AsyncSession = Depends(get_session)) -> int:
    return await session.scalar(select(1))
""",
                "tests/test_posts.py": """\
from unittest.mock import AsyncMock

import pytest
from app.main import app, get_session
from fastapi.testclient import TestClient


@pytest.fixture
def client():
    async def fake_session():
        yield AsyncMock()

    app.dependency_overrides[get_session] = fake_session
    yield TestClient(app)
    app.dependency_overrides.clear()


def test_posts(client) -> None:
    assert client.get("/posts").is_success


def make_client() -> TestClient:
    return TestClient(app)


def test_schema() -> None:
    assert make_client().get("/openapi.json").is_success
""",
            },
        ),
        Clean(
            "tests beside the client that ask for nothing of the database, under unknown prefixes",
            {
                "app/main.py": """\
import os

from fastapi import APIRouter, Depends, FastAPI
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

make_session = async_sessionmaker(create_async_engine(os.environ["DATABASE_URL"]))
router = APIRouter()


async def get_session():
    async with make_session() as session:
        yield session


@router.get("/ping")
async def ping() -> str:
    return "pong"


@router.get("/posts/{post_id}")
async def read_post(post_id: int, session: AsyncSession = Depends(get_session)) -> int:
    return await session.scalar(select(post_id))


app = FastAPI()
app.include_router(router, prefix=os.environ["PREFIX"])
""",
                "tests/test_ping.py": """\
import os

from app.main import app
from fastapi.testclient import TestClient

client = TestClient(app)
PREFIX = os.environ["PREFIX"]


def test_ping() -> None:
    assert client.get(f"{PREFIX}/ping").json() == "pong"
    assert client.get("/openapi.json").is_success
""",
            },
        ),
        Clean(
            "an application whose database code is sync",
            {
                "app/main.py": """\
from fastapi import Depends, FastAPI
from sqlalchemy.orm import Session

app = FastAPI()


def get_session():
    with Session() as session:
        yield session


@app.get("/users")
def users(session: Session = Depends(get_session)) -> int:
    return session.scalar("select count(*) from user")
""",
                "tests/test_users.py": """\
from fastapi.testclient import TestClient

from app.main import app

client = TestClient(app)
""",
            },
        ),
        Clean(
            "a small application of the test itself",
            {
                "app/database.py": """\
from sqlalchemy.ext.asyncio import create_async_engine

engine = create_async_engine("sqlite+aiosqlite://")
""",
                "tests/test_errors.py": """\
from fastapi import FastAPI
from fastapi.testclient import TestClient

app = FastAPI()


@app.get("/ping")
async def ping() -> str:
    return "pong"


client = TestClient(app)
""",
            },
        ),
        Clean(
            "tests of a route that asks no database",
            {
                "app/main.py": """\
from databases import Database
from fastapi import FastAPI

database = Database("postgresql://")
app = FastAPI()


@app.get("/rows/{table}")
async def rows(table: str) -> list[int]:
    return await database.fetch_all("select 1")


@app.get("/ping")
async def ping() -> str:
    return "pong"
""",
                "tests/test_ping.py": """\
from fastapi.testclient import TestClient

from app.main import app

client = TestClient(app)


def test_ping_is_answered():
    assert client.get("/ping").json() == "pong"
""",
            },
        ),
        Clean(
            "websockets, which httpx does not speak",
            {
                "app/main.py": """\
from databases import Database
from fastapi import FastAPI, WebSocket

database = Database("postgresql://")
app = FastAPI()


@app.websocket("/rows")
async def rows(websocket: WebSocket) -> None:
    await websocket.accept()
    await websocket.send_json(await database.fetch_all("select 1"))
""",
                "tests/test_rows.py": """\
from fastapi.testclient import TestClient

from app.main import app


def test_rows_are_sent():
    with TestClient(app).websocket_connect("/rows") as socket:
        assert socket.receive_json() == [1]
""",
            },
        ),
        Clean(
            "a client in conftest.py, whose tests replace what opens a session",
            {
                "app/main.py": """\
from fastapi import Depends, FastAPI
from sqlalchemy.ext.asyncio import AsyncSession

app = FastAPI()


async def get_session():
    async with AsyncSession() as session:
        yield session


@app.get("/posts")
async def read_posts(session: AsyncSession = Depends(get_session)) -> list:
    return list(await session.scalars("SELECT 1"))
""",
                "tests/conftest.py": """\
import pytest
from fastapi.testclient import TestClient

from app.main import app


@pytest.fixture
def client():
    return TestClient(app)
""",
                "tests/test_posts.py": """\
from app import main


def test_reads_posts(client, monkeypatch):
    monkeypatch.setattr(main, "get_session", lambda: None)
    assert client.get("/posts").status_code == 200
""",
            },
        ),
        Clean(
            "requests that are turned away, and routes that may answer without the database",
            {
                "app/main.py": """\
import os

from fastapi import Depends, FastAPI
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

make_session = async_sessionmaker(create_async_engine(os.environ["DATABASE_URL"]))
app = FastAPI()


async def get_session():
    async with make_session() as session:
        yield session


@app.get("/posts")
async def read_posts(session: AsyncSession = Depends(get_session)) -> list:
    return list(await session.scalars("SELECT 1"))


@app.get("/me")
async def read_me(name: str = "") -> str:
    if not name:
        return "nobody"
    async with make_session() as session:
        return await session.scalar("SELECT name FROM user")
""",
                "tests/test_access.py": """\
from fastapi.testclient import TestClient

from app.main import app

client = TestClient(app)


def test_posts_are_for_members() -> None:
    assert client.get("/posts").status_code == 401


def test_nobody_is_nobody() -> None:
    assert client.get("/me").json() == "nobody"


def test_posts_are_not_written_here() -> None:
    assert client.post("/posts").json() == {"detail": "Method Not Allowed"}
""",
            },
        ),
        Clean(
            "a session that is replaced, at import or in the test, and a start that is",
            {
                "app/main.py": """\
from contextlib import asynccontextmanager

from fastapi import Depends, FastAPI
from sqlalchemy.ext.asyncio import AsyncSession


@asynccontextmanager
async def lifespan(app):
    yield


app = FastAPI(lifespan=lifespan)


async def get_session():
    async with AsyncSession() as session:
        yield session


@app.get("/posts")
async def read_posts(session: AsyncSession = Depends(get_session)) -> list:
    return list(await session.scalars("SELECT 1"))
""",
                "tests/conftest.py": """\
from contextlib import nullcontext

import pytest
from fastapi.testclient import TestClient

from app.main import app


@pytest.fixture
def test_client():
    app.router.lifespan_context = lambda app: nullcontext()
    return TestClient(app)
""",
                "tests/test_posts.py": """\
from unittest.mock import AsyncMock

from fastapi.testclient import TestClient

from app.main import app, get_session

client = TestClient(app)
app.dependency_overrides[get_session] = AsyncMock()


def test_reads_posts():
    assert client.get("/posts").status_code == 200
""",
                "tests/test_more.py": """\
from app.main import app, get_session
from fastapi.testclient import TestClient


def test_reads_more():
    app.dependency_overrides[get_session] = lambda: None
    assert TestClient(app).get("/posts").status_code == 200
""",
            },
        ),
        Clean(
            "a client that runs the start, which makes the pool, in its own loop",
            {
                "app/main.py": """\
from contextlib import asynccontextmanager

import asyncpg
from fastapi import FastAPI, Request


@asynccontextmanager
async def lifespan(app):
    async with asyncpg.create_pool("postgresql://") as app.state.pool:
        yield


app = FastAPI(lifespan=lifespan)


@app.get("/posts")
async def read_posts(request: Request) -> list:
    pool: asyncpg.Pool = request.app.state.pool
    return await pool.fetch("SELECT 1")
""",
                "tests/test_posts.py": """\
from fastapi.testclient import TestClient

from app.main import app


def test_reads_posts():
    with TestClient(app) as client:
        assert client.get("/posts").status_code == 200
""",
            },
        ),
    ),
)
