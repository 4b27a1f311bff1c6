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
    Subscript,
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
_VERBS = {"delete", "get", "head", "options", "patch", "post", "put"}
_REPLACES = re.compile(r"\b(?:monkeypatch\.setattr|(?:mocker|mock)\.patch|patch(?:\.object)?)\(")
# What httpx cannot do.
_WEBSOCKETS = b".websocket_connect("


def check(application: Application) -> Iterator[Finding]:
    """Yield a finding for each sync test client of an application with async database code."""
    for call in application.codebase.calls_in_tests(_CLIENT):
        node = call.node.argument(0, "app")
        router = node and application.routers.at(node, call.function)
        if not router or not router.is_application:
            continue
        if _may_need_websockets(call, application) or _has_no_database(call, application):
            continue
        if any(
            _is_served_async(route, application) for route in _tested(router, call, application)
        ):
            yield Finding(
                call.function.module.place(call.node),
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


def _has_no_database(call: CallSite, application: Application) -> bool:
    """Tell whether the function that makes the client has replaced the async database."""
    resolver = application.codebase.resolver
    for node in walk_all(call.function.body):
        match node:
            case Assign((Subscript(Attribute(_, "dependency_overrides"), (replaced,)),), _, given):
                before = resolver.value(replaced, call.function)
                after = given and resolver.value(given, call.function)
                if (
                    isinstance(before, FunctionValue)
                    and isinstance(after, FunctionValue)
                    and _gives_async_database(before, resolver)
                    and not _gives_async_database(after, resolver)
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


def _tested(router: Router, call: CallSite, application: Application) -> Iterator[Route]:
    """Yield the routes that a client may ask: where it stands in or beside tests, only theirs."""
    paths: set[str] | None = None
    if (users := _users(call, application)) is not None:
        paths = {path for each in users for path in _requested(each, application)}
    for route in application.routes:
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
    if user.is_module or maker.name.startswith("test"):
        return False
    text = user.module.source(user.node)
    return re.search(rf"\b{re.escape(maker.name)}\b", text) is not None


def _requested(function: Function, application: Application) -> Iterator[str]:
    """Yield the paths that a test asks for; `{}` stands for what cannot be read.

    None for a test that replaces what would be run.
    """
    if not function.is_module and _REPLACES.search(function.module.source(function.node)):
        return
    for call in function.calls:
        match call.node:
            case Call(Attribute(_, name), (path, *_)) if name in _VERBS and not call.is_awaited:
                text = _text(path, function, application)
                if text.startswith(("/", "{}")):
                    yield text.partition("?")[0]


def _text(node: Expression, scope: Scope, application: Application) -> str:
    if isinstance(node, FormattedString):
        return "".join(_text(part, scope, application) for part in node.parts)
    value = application.codebase.resolver.value(node, scope)
    return value.value if isinstance(value, Text) else "{}"


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
    functions = application.functions_of(route)
    return any(_takes_async_database(each, application) for each in functions) or any(
        _calls_async_database(each, application) for each in application.reached_from(route)
    )


def _takes_async_database(function: Function, application: Application) -> bool:
    for parameter in function.parameters:
        value: Value | None = application.dependencies.injected(parameter, function)
        if value is None and parameter.annotation is not None:
            outer = function.outer or function
            value = application.codebase.resolver.annotated(parameter.annotation, outer)
        if isinstance(value, Instance) and str(value.of).startswith(_ASYNC_DATABASES):
            return True
    return False


def _calls_async_database(function: Function, application: Application) -> bool:
    for call in function.calls:
        if call.is_awaited:
            target = application.codebase.target(call)
            if isinstance(target, External) and target.name.startswith(_ASYNC_DATABASES):
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
            "start it in a fixture where tests need it."
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
    ),
)
