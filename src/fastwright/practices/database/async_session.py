"""database/async-session: async routes and dependencies use async sessions."""

from collections.abc import Iterator

from fastwright.application import injected
from fastwright.application.application import Application
from fastwright.application.entries import Role
from fastwright.codebase.codebase import Codebase
from fastwright.codebase.definitions import CallSite, Function
from fastwright.codebase.values import External
from fastwright.practice import Clean, Explanation, Finding, Flagged, Kind, Practice

_SYNC = ("sqlalchemy.orm.Session", "sqlalchemy.orm.Query")


def check(application: Application) -> Iterator[Finding]:
    """Yield a finding for each call on a sync session that an async route or dependency makes."""
    codebase = application.codebase
    for entry in application.each_entry():
        if entry.function.is_async and entry.role in (Role.ROUTE, Role.DEPENDENCY):
            for call, method in _waits(entry.function, codebase):
                yield Finding(
                    at=call.function.module.place(call.node),
                    message=(
                        f"Use an `AsyncSession` and await it, or "
                        f"{_otherwise(entry.function, codebase)}: the sync `{method}` blocks the "
                        "event loop until the database answers."
                    ),
                )


def _otherwise(function: Function, codebase: Codebase) -> str:
    """Return what keeps the session sync and lets the event loop go on."""
    if injected.may_be_plain(function, codebase):
        return f"make `{function.name}` a plain `def`"
    return "query in a plain `def` that is awaited with `run_in_threadpool`"


def _waits(function: Function, codebase: Codebase) -> Iterator[tuple[CallSite, str]]:
    """Yield the calls that wait for the database, with the names of the class and the method."""
    knowledge = codebase.knowledge
    for call in function.calls:
        # What is awaited is an async session, whatever it is said to be.
        target = codebase.target(call) if call.runs_here and not call.is_awaited else None
        if isinstance(target, External) and knowledge.blocking(target.name):
            owner, _, method = target.name.rpartition(".")
            if codebase.is_a(owner, *_SYNC):
                yield call, f"{owner.rpartition('.')[2]}.{method}"


PRACTICE = Practice(
    kind=Kind.DEFECT,
    explanation=Explanation(
        rule="An async route or dependency uses an async session, or is a plain `def`.",
        why=(
            "A sync `Session` waits inside the event loop. While one query runs, the process "
            "answers nobody else: under load the requests queue up behind each other, and health "
            "checks time out although the machine is idle."
        ),
        bad="""\
@router.get("/posts/{post_id}")
async def read_post(post_id: int, session: Session = Depends(get_session)) -> Post:
    return session.get(Post, post_id)
""",
        good="""\
@router.get("/posts/{post_id}")
async def read_post(post_id: int, session: AsyncSessionDep) -> Post:
    return await session.get(Post, post_id)
""",
        when_not=(
            "A plain `def` route runs in a thread and may use a sync session. So may a function "
            "that is handed to `AsyncSession.run_sync` or `run_in_threadpool`."
        ),
        fix_safety="No automatic fix: the engine, the driver and every query change with it.",
        references={
            "Asynchronous I/O in SQLAlchemy": (
                "https://docs.sqlalchemy.org/en/20/orm/extensions/asyncio.html"
            ),
            "Concurrency and async / await": "https://fastapi.tiangolo.com/async/",
        },
    ),
    check=check,
    examples=(
        Flagged(
            "a session that a generator opens, through an imported alias",
            {
                "app/database.py": """\
from typing import Annotated

from fastapi import Depends
from sqlalchemy import create_engine
from sqlalchemy.orm import sessionmaker, Session as Database

make_session = sessionmaker(create_engine("sqlite://"))


def get_session():
    session = make_session()
    try:
        yield session
    finally:
        session.close()


SessionDep = Annotated[Database, Depends(get_session)]
""",
                "app/main.py": """\
from fastapi import FastAPI
from sqlalchemy import select

from .database import SessionDep as Db

app = FastAPI()


@app.get("/one")
async def one(db: Db) -> int:
    return db.scalar(select(1))  # <- here
""",
            },
        ),
        Flagged(
            "a query over several lines, in a dependency without annotations",
            """\
from fastapi import Depends, FastAPI, HTTPException
from sqlalchemy import create_engine
from sqlalchemy.orm import declarative_base, sessionmaker

app = FastAPI()
Base = declarative_base()
SessionLocal = sessionmaker(create_engine("sqlite://"))


class Post(Base):
    __tablename__ = "post"


def get_db():
    with SessionLocal() as db:
        yield db


async def valid_post(post_id: int, db=Depends(get_db)):
    query = db.query(Post)
    post = query.filter(Post.id == post_id).first()  # <- here
    if post is None:
        raise HTTPException(404)
    return post


@app.get("/posts/{post_id}")
async def read_post(post=Depends(valid_post)) -> dict[str, int]:
    return {"id": post.id}
""",
        ),
        Flagged(
            "SQLModel's session: `add` does not wait, `commit` and `refresh` do",
            """\
from fastapi import FastAPI
from sqlmodel import Field, Session, SQLModel, create_engine

app = FastAPI()
engine = create_engine("sqlite://")


class Hero(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)


@app.post("/heroes")
async def create_hero() -> Hero:
    with Session(engine) as session:
        hero = Hero()
        session.add(hero)
        session.commit()  # <- here
        session.refresh(hero)  # <- here
        return hero
""",
        ),
        Clean(
            "an async session that is annotated as a sync one",
            """\
from fastapi import Depends, FastAPI
from sqlalchemy import text
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from sqlalchemy.orm import Session

app = FastAPI()
make_session = async_sessionmaker(create_async_engine("sqlite+aiosqlite://"))


async def get_session():
    async with make_session() as session:
        yield session


get_db = get_session


@app.get("/count")
async def read_count(session: Session = Depends(get_db)) -> int:
    result = session.execute(text("SELECT 1"))
    return (await result).scalar_one()
""",
        ),
        Clean(
            "an async session that is called `Session`",
            """\
from fastapi import Depends, FastAPI
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession as Session
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.orm import sessionmaker

app = FastAPI()
make_session = sessionmaker(create_async_engine("sqlite+aiosqlite://"), class_=Session)


async def get_session():
    async with make_session() as session:
        yield session


@app.get("/one")
async def one(session: Session = Depends(get_session)) -> int:
    return await session.scalar(select(1))
""",
        ),
        Clean(
            "an async session without annotations, from a factory that is told its class",
            """\
from fastapi import Depends, FastAPI
from sqlalchemy import orm, select
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine

app = FastAPI()
engine = create_async_engine("sqlite+aiosqlite://")
Session = orm.sessionmaker(engine, class_=AsyncSession, expire_on_commit=False)


async def get_session():
    async with Session() as session:
        yield session


@app.get("/one")
async def one(session=Depends(get_session)) -> int:
    result = await session.execute(select(1))
    await session.commit()
    return result.scalar()
""",
        ),
        Clean(
            "a plain `def` route runs in a thread",
            """\
from fastapi import Depends, FastAPI
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

app = FastAPI()
engine = create_engine("sqlite://")


def get_session():
    with Session(engine) as session:
        yield session


@app.get("/one")
def one(session: Session = Depends(get_session)) -> int:
    return session.scalar(select(1))
""",
        ),
        Clean(
            "sync work that is handed to `run_sync` or to a thread",
            """\
from fastapi import Depends, FastAPI
from fastapi.concurrency import run_in_threadpool
from sqlalchemy import create_engine, select
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import Session

app = FastAPI()
engine = create_async_engine("sqlite+aiosqlite://")
sync_engine = create_engine("sqlite://")


async def get_session():
    async with AsyncSession(engine) as session:
        yield session


def get_sync_session():
    with Session(sync_engine) as session:
        yield session


@app.get("/one")
async def one(session: AsyncSession = Depends(get_session)) -> int:
    return await session.run_sync(lambda inner: inner.scalar(select(1)))


@app.get("/two")
async def two(session: Session = Depends(get_sync_session)) -> int:
    return await run_in_threadpool(session.scalar, select(2))
""",
        ),
        Clean(
            "a session of another library",
            """\
from aiohttp import ClientSession as Session
from fastapi import Depends, FastAPI

app = FastAPI()


async def get_session():
    async with Session() as session:
        yield session


@app.get("/one")
async def one(session: Session = Depends(get_session)) -> int:
    response = await session.get("https://one.example")
    return response.status
""",
        ),
        Clean(
            "a former copy of a router, left beside the package",
            {
                "app/main.py": """\
from fastapi import FastAPI

from app.routers import invoices

app = FastAPI()
app.include_router(invoices.router)
""",
                "app/routers/__init__.py": "",
                "app/routers/invoices.py": """\
from fastapi import APIRouter

router = APIRouter()


@router.get("/invoices")
def read_invoices() -> list[int]:
    return []
""",
                "invoices.py": """\
from fastapi import APIRouter, Depends
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

router = APIRouter()
engine = create_engine("sqlite://")


def get_session():
    with Session(engine) as session:
        yield session


async def count_invoices(session: Session = Depends(get_session)) -> int:
    return session.scalar(select(1))


@router.get("/invoices")
async def read_invoices(session: Session = Depends(get_session), count=Depends(count_invoices)):
    return [count, session.scalar(select(2))]
""",
            },
        ),
        Flagged(
            "a router that only something else than an application is given",
            {
                "app/main.py": """\
from fastapi import FastAPI
from portal import publish

from app.routers import invoices, rates

app = FastAPI()
app.include_router(rates.router)
publish(app, invoices.router)
""",
                "app/routers/__init__.py": "",
                "app/routers/rates.py": """\
from fastapi import APIRouter

router = APIRouter()


@router.get("/rates")
def read_rates() -> list[int]:
    return []
""",
                "app/routers/invoices.py": """\
from fastapi import APIRouter, Depends
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

router = APIRouter()
engine = create_engine("sqlite://")


def get_session():
    with Session(engine) as session:
        yield session


@router.get("/invoices")
async def count_invoices(session: Session = Depends(get_session)) -> int:
    return session.scalar(select(1))  # <- here
""",
            },
        ),
    ),
    follows_calls=True,
)
