"""testing/async-test-client: tests reach an application with async database code through httpx."""

import re
from collections.abc import Iterator

from fastwright.application import async_databases
from fastwright.application.application import Application
from fastwright.application.overrides import patches
from fastwright.application.routers import Router
from fastwright.application.tested_routes import tested_routes
from fastwright.codebase.definitions import CallSite, Function
from fastwright.practice import (
    Clean,
    Explanation,
    Finding,
    Fixed,
    Flagged,
    Kind,
    Practice,
)
from fastwright.source.notes import Once
from fastwright.source.syntax import With, walk_all

_CLIENT = "starlette.testclient.TestClient"
_REPLACES_START = re.compile(r"\blifespan_context\s*=")
# What httpx cannot do.
_WEBSOCKETS = b".websocket_connect("


def check(application: Application) -> Iterator[Finding]:
    """Yield a finding for each sync test client of an application with async database code."""
    shared = _Shared(application)
    for call in application.codebase.calls_in_tests(_CLIENT):
        module, node = call.function.module, call.node.argument(0, "app")
        router = node and application.routers.at(node, call.function)
        if not router or not router.is_application:
            continue
        if _may_need_websockets(call, application) or _is_prepared(call, shared, application):
            continue
        if _uses_loop(router, call, application):
            yield Finding(
                module.place(call.node),
                "Use `httpx.AsyncClient` with an `ASGITransport`: `TestClient` runs the "
                "application in an event loop of its own, where the tests' async database "
                "sessions and connections cannot be used.",
            )


class _Shared:
    """Whether a module makes a pool, or the like, for whichever loop comes first."""

    def __init__(self, application: Application) -> None:
        self._application = application

    @Once
    def is_made(self) -> bool:
        return async_databases.is_shared(self._application)


def _uses_loop(router: Router, call: CallSite, application: Application) -> bool:
    """Tell whether what a client may ask for uses what belongs to an event loop."""
    if async_databases.is_overridden(call.function.module.top, application):
        served = application.routes_of(router)
        return any(async_databases.is_redis_used(each, application) for each in served)
    module = call.function.module
    without = async_databases.overridden({call.function, module.top}, application)
    is_mocked = async_databases.is_mongo_mocked(module, application)
    return any(
        async_databases.is_used(each, application, without, mongo_is_mocked=is_mocked)
        for each in tested_routes(router, call, application)
    )


def _may_need_websockets(call: CallSite, application: Application) -> bool:
    """Tell whether a test that may be given the client opens a websocket."""
    module = call.function.module
    users = [module]
    if module.stem == "conftest":
        users = [each for each in application.codebase.modules if each.is_test]
    return any(each.mentions(_WEBSOCKETS) for each in users)


def _is_prepared(call: CallSite, shared: _Shared, application: Application) -> bool:
    """Tell whether what makes the client sees to it that no database is used in another loop."""
    function = call.function
    return (
        patches(function)
        or _replaces_start(function)
        or async_databases.is_overridden(function, application)
        or (_is_entered(call) and not shared.is_made)
    )


def _replaces_start(function: Function) -> bool:
    text = "" if function.is_module else function.module.source(function.node)
    return _REPLACES_START.search(text) is not None


def _is_entered(call: CallSite) -> bool:
    """Tell whether a client is made by a `with`: it keeps one loop, and runs the start in it."""
    return any(
        isinstance(each, With) and any(item.value == call.node for item in each.items)
        for each in walk_all(call.function.body, With)
    )


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
            "session or the database, or are turned away before anything asks for one."
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
                "tests/test_notes.py": """\
def test_notes(client):
    assert client.get("/api/notes/").status_code == 200
""",
            },
        ),
        Clean(
            "clients that no test asks for, of a fixture and of a module",
            {
                "app/main.py": """\
from databases import Database
from fastapi import FastAPI

database = Database("postgresql://")
app = FastAPI()


@app.get("/")
async def read_notes() -> list[int]:
    return await database.fetch_all("select 1")
""",
                "tests/conftest.py": """\
import pytest
from fastapi.testclient import TestClient

from app.main import app


first_client = TestClient(app)


@pytest.fixture
def plain_client():
    return TestClient(app)
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
            "a fixture for all tests beside it, which replaces what asks the database",
            {
                "app/main.py": """\
from fastapi import FastAPI

from app.tables import Note

app = FastAPI()


@app.get("/notes")
async def read_notes() -> list[dict]:
    return await Note.all().values()
""",
                "app/tables.py": """\
from tortoise import fields
from tortoise.models import Model


class Note(Model):
    id = fields.IntField(primary_key=True)
""",
                "tests/test_notes.py": """\
import pytest
from fastapi.testclient import TestClient

from app.main import app
from app.tables import Note


@pytest.fixture(autouse=True)
def notes(monkeypatch):
    monkeypatch.setattr(Note, "all", list)


@pytest.fixture
def client():
    return TestClient(app)


def test_notes(client):
    assert client.get("/notes").status_code == 200
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
            "a database in memory, made by a fixture through what connects",
            {
                "app/database.py": """\
from mongomock_motor import AsyncMongoMockClient
from motor.motor_asyncio import AsyncIOMotorClient


def connect(app, url: str, testing: bool = False) -> None:
    client = AsyncMongoMockClient() if testing else AsyncIOMotorClient(url)
    app.state.database = client["boats"]
""",
                "app/main.py": """\
from fastapi import FastAPI, Request
from motor.motor_asyncio import AsyncIOMotorDatabase

app = FastAPI()


async def first(database: AsyncIOMotorDatabase) -> dict | None:
    return await database["boats"].find_one({})


@app.get("/boats/first")
async def read_first(request: Request) -> dict | None:
    return await first(request.app.state.database)
""",
                "tests/conftest.py": """\
import pytest
from app.database import connect
from app.main import app


@pytest.fixture(autouse=True)
def database() -> None:
    connect(app, "", testing=True)
""",
                "tests/test_boats.py": """\
from app.main import app
from fastapi.testclient import TestClient


def test_first_boat() -> None:
    assert TestClient(app).get("/boats/first").json() is None
""",
            },
        ),
        Flagged(
            "the same database, in memory for other tests only",
            {
                "app/main.py": """\
from fastapi import FastAPI, Request
from motor.motor_asyncio import AsyncIOMotorDatabase

app = FastAPI()


async def first(database: AsyncIOMotorDatabase) -> dict | None:
    return await database["boats"].find_one({})


@app.get("/boats/first")
async def read_first(request: Request) -> dict | None:
    return await first(request.app.state.database)
""",
                "tests/test_boats.py": """\
from app.main import app
from fastapi.testclient import TestClient


def test_first_boat() -> None:
    assert TestClient(app).get("/boats/first").json() is None  # <- here
""",
                "tests/test_alone.py": """\
from mongomock_motor import AsyncMongoMockClient

from app.main import first


async def test_first() -> None:
    assert await first(AsyncMongoMockClient()["boats"]) is None
""",
            },
        ),
        Clean(
            "a path that only ends as the one of a route below an unknown prefix",
            {
                "app/boats.py": """\
from fastapi import APIRouter, Depends
from sqlalchemy.ext.asyncio import AsyncSession

router = APIRouter()


async def get_session():
    async with AsyncSession() as session:
        yield session


@router.get("/health")
async def boats_are_well(session: AsyncSession = Depends(get_session)) -> int:
    return await session.scalar("SELECT 1")
""",
                "app/main.py": """\
import os

from fastapi import FastAPI

from app import boats

app = FastAPI()
app.include_router(boats.router, prefix=os.environ["PREFIX"])
for path in ("/health", "/live"):
    app.add_api_route(path, lambda: "well")
""",
                "tests/test_health.py": """\
from app.main import app
from fastapi.testclient import TestClient


def test_health() -> None:
    assert TestClient(app).get("/health").json() == "well"
""",
            },
        ),
        Clean(
            "a dependency with a session of its own that is overridden, and an engine nobody uses",
            {
                "app/old.py": """\
from sqlalchemy.ext.asyncio import create_async_engine

engine = create_async_engine("postgresql+asyncpg://")
""",
                "app/database.py": """\
from functools import cache

from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine


@cache
def get_engine() -> AsyncEngine:
    return create_async_engine("postgresql+asyncpg://")


async def get_session():
    async with AsyncSession(get_engine()) as session:
        yield session
""",
                "app/main.py": """\
from fastapi import Depends, FastAPI
from sqlalchemy.ext.asyncio import AsyncSession

from app.database import get_session

app = FastAPI()


async def current_name(session: AsyncSession = Depends(get_session)) -> str:
    return await session.scalar("SELECT name")


@app.get("/name")
async def read_name(name: str = Depends(current_name)) -> str:
    return name


@app.get("/count")
async def count(session: AsyncSession = Depends(get_session)) -> int:
    return await session.scalar("SELECT 1")
""",
                "tests/test_name.py": """\
from app.main import app, current_name
from fastapi.testclient import TestClient

client = TestClient(app)
app.dependency_overrides[current_name] = lambda: "Ada"


def test_name() -> None:
    assert client.get("/name").json() == "Ada"
""",
                "tests/test_count.py": """\
from app.main import app
from fastapi.testclient import TestClient


def test_count() -> None:
    with TestClient(app) as client:
        assert client.get("/count").json() == 1
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
