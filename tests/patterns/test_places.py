"""Patterns find where a codebase does what they are about, and only that."""

import pytest

from fastwright import catalogue
from fastwright.application.application import read_texts

AUTHENTICATION = """\
from typing import Annotated

from fastapi import APIRouter, Depends, FastAPI, HTTPException
from fastapi.security import OAuth2PasswordBearer

scheme = OAuth2PasswordBearer(tokenUrl="/token")


def get_user(token: Annotated[str, Depends(scheme)]) -> str:
    if not token:
        raise HTTPException(401)
    return token


def get_admin(user: Annotated[str, Depends(get_user)]) -> str:
    return user


def get_language(language: str = "en") -> str:
    return language


User = Annotated[str, Depends(get_user)]
router = APIRouter(prefix="/admin", dependencies=[Depends(get_admin)])
app = FastAPI()


@router.get("/users")
def read_users() -> None: ...


@router.get("/posts", dependencies=[Depends(get_user)])
def read_posts() -> None: ...


@app.get("/me")
def read_me(user: User, language: Annotated[str, Depends(get_language)]) -> str:
    return user


@app.get("/mine")
def read_mine(user: str = Depends(get_user)) -> str:
    return user


app.include_router(router)
"""

JOBS = """\
import asyncio

from celery import Celery, shared_task
from fastapi import BackgroundTasks, FastAPI
from redis import Redis
from rq import Queue

celery = Celery("jobs")
app = FastAPI()


@celery.task
def count(number: int) -> None: ...


@shared_task
def sweep() -> None: ...


class Post:
    def delay(self, number: int) -> None: ...


@app.post("/jobs")
def start(tasks: BackgroundTasks) -> None:
    tasks.add_task(print)
    count.delay(1)
    sweep.apply_async()
    celery.send_task("other")
    Queue(connection=Redis()).enqueue(print)
    Post().delay(1)
"""

SESSIONS = """\
from collections.abc import AsyncIterator, Iterator
from typing import Annotated

from fastapi import Depends, FastAPI
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import Session, sessionmaker

engine = create_async_engine("postgresql+asyncpg://")
make = async_sessionmaker(engine)


async def get_session() -> AsyncIterator[AsyncSession]:
    async with make() as session:
        yield session
        await session.commit()


def get_name() -> str:
    return ""


app = FastAPI()


@app.get("/")
async def read(
    session: Annotated[AsyncSession, Depends(get_session)], name: str = Depends(get_name)
) -> None:
    async with session.begin_nested():
        pass
"""

TESTS = """\
from fastapi.testclient import TestClient

from main import app, get_name


def test_it() -> None:
    app.dependency_overrides[get_name] = lambda: "other"
    with TestClient(app) as client:
        client.get("/")
    app.dependency_overrides.clear()
"""

LIMITS = """\
from fastapi import FastAPI, Request
from slowapi import Limiter
from slowapi.util import get_remote_address

limiter = Limiter(key_func=get_remote_address)
app = FastAPI()


@app.get("/")
@limiter.limit("5/minute")
def read(request: Request, limit: int = 10) -> None: ...
"""


FILES = """\
from typing import Annotated

import boto3
from fastapi import FastAPI, File, Request, UploadFile

app = FastAPI()
s3 = boto3.client("s3")


@app.post("/one")
def take_one(file: UploadFile, note: str = "") -> None: ...


@app.post("/many")
def take_many(files: Annotated[list[UploadFile], File()]) -> None: ...


@app.put("/raw")
async def take_raw(request: Request) -> None:
    async for chunk in request.stream():
        print(chunk)
"""

TOKENS = """\
import jwt
from fastapi import FastAPI
from jose import jwt as old

app = FastAPI()


@app.post("/token")
def log_in() -> str:
    return jwt.encode({}, "key")


@app.get("/me")
def read_me(token: str) -> str:
    return old.decode(token, "key")["sub"]
"""

KEPT = """\
from cachetools import TTLCache, cached
from fastapi import FastAPI
from redis.asyncio import Redis

app = FastAPI()
redis = Redis()


@cached(TTLCache(10, ttl=60))
def find() -> int: ...


@app.get("/")
async def read() -> str | None:
    return await redis.get("key")
"""

LIVE = """\
from fastapi import FastAPI, WebSocket
from fastapi.responses import StreamingResponse
from fastapi.sse import EventSourceResponse

app = FastAPI()


@app.get("/events", response_class=EventSourceResponse)
async def events():
    yield {}


@app.get("/report")
def report() -> StreamingResponse:
    return StreamingResponse(iter([]))


@app.websocket("/chat")
async def chat(socket: WebSocket) -> None:
    await socket.accept()
"""


@pytest.mark.parametrize(
    ("name", "code", "expected"),
    [
        (
            "file-uploads",
            FILES,
            [
                (11, "`take_one` takes a file as `file`"),
                (15, "`take_many` takes a file as `files`"),
                (20, "calls `request.stream`"),
            ],
        ),
        (
            "login-tokens",
            TOKENS,
            [(10, "signs a token with `jwt.encode`"), (15, "reads a token with `old.decode`")],
        ),
        (
            "caching",
            KEPT,
            [
                (9, "calls `TTLCache`"),
                (9, "calls `cached`"),
                (15, "calls `redis.get`"),
            ],
        ),
        (
            "live-updates",
            LIVE,
            [
                (9, "`events` streams"),
                (15, "makes a stream with `StreamingResponse`"),
                (20, "accepts a websocket with `socket.accept`"),
            ],
        ),
        (
            "auth-dependencies",
            AUTHENTICATION,
            [
                (9, "`get_user` decides who may call 3 routes"),
                (23, "`User` stands for `get_user`"),
                (15, "`get_admin` decides who may call 2 routes"),
                (24, "lists `get_admin` for 2 routes at once"),
            ],
        ),
        (
            "background-jobs",
            JOBS,
            [
                (26, "puts work off with `tasks.add_task`"),
                (27, "puts work off with `count.delay`"),
                (28, "puts work off with `sweep.apply_async`"),
                (29, "puts work off with `celery.send_task`"),
                (30, "puts work off with `Queue(connection=Redis()).enqueue`"),
            ],
        ),
        (
            "transactions",
            SESSIONS,
            [
                (12, "`get_session` hands out a session"),
                (15, "calls `session.commit`"),
                (29, "calls `session.begin_nested`"),
            ],
        ),
        (
            "database-sessions",
            SESSIONS,
            [
                (8, "makes one with `create_async_engine`"),
                (9, "makes one with `async_sessionmaker`"),
                (12, "`get_session` hands out a session"),
            ],
        ),
        (
            "rate-limits",
            LIMITS,
            [(5, "makes a limiter with `Limiter`"), (10, "counts with `limiter.limit`")],
        ),
        ("pagination", LIMITS, [(11, "`read` takes `limit`")]),
        ("async-or-sync", LIMITS, [(11, "`read` is a plain `def`: it runs in a thread")]),
    ],
)
def test_a_pattern_finds_its_places(name: str, code: str, expected: list[tuple[int, str]]) -> None:
    steps = catalogue.patterns()[name].places(read_texts({"main.py": code}))
    assert [(step.line, step.text) for step in steps] == expected


def test_tests_are_looked_into_for_clients_and_overrides() -> None:
    application = read_texts({"main.py": SESSIONS, "tests/test_main.py": TESTS})
    steps = catalogue.patterns()["testing"].places(application)
    assert [(step.path, step.line, step.text) for step in steps] == [
        ("tests/test_main.py", 8, "makes a client with `TestClient`"),
        ("tests/test_main.py", 7, "overrides `get_name`"),
    ]


@pytest.mark.parametrize("name", catalogue.patterns())
def test_where_nothing_is_done_nothing_is_found(name: str) -> None:
    assert list(catalogue.patterns()[name].places(read_texts({"main.py": "print()"}))) == []
