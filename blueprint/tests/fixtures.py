"""The fixtures of all tests. Imported once the settings of the test run are in place."""

import os
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Protocol

import httpx2
import pytest
from pydantic_settings import BaseSettings
from redis.asyncio import Redis

from src.auth import second_factor
from src.database import Database
from src.emails import mailbox
from src.main import app as application
from src.models import metadata
from tests.accounts import Account, create_account
from tests.aws.fixtures import *  # noqa: F403  # [media]
from tests.cache.processes import Process, another_process  # [cache]
from tests.clients import RunningApp, running
from tests.outbox import Outbox
from tests.second_factors import Clock
from tests.servers import Urls

CreateAccount = Callable[..., Awaitable[Account]]

TABLES = [
    *(table.name for table in reversed(metadata.sorted_tables)),
    *("pgqueuer", "pgqueuer_log", "pgqueuer_schedules", "pgqueuer_statistics"),
]
# Sent at once and in one transaction: one by one, this took longer than many a test.
EMPTY = ";".join(f'DELETE FROM "{name}"' for name in TABLES)


@pytest.fixture(scope="session")
def urls() -> Urls:
    """The database and the Redis database of this worker."""
    return Urls(os.environ["DATABASE_URL"], os.environ["REDIS_URL"])


@pytest.fixture(scope="session")
async def running_app() -> AsyncIterator[RunningApp]:
    async with running(application) as app:
        yield app


@pytest.fixture
async def app(running_app: RunningApp) -> AsyncIterator[RunningApp]:
    """The application. What a test leaves in its database and in Redis is gone after it."""
    yield running_app
    async with running_app.state["database"].engine.connect() as connection:
        driver = (await connection.get_raw_connection()).driver_connection
        assert driver
        await driver.execute(EMPTY)
    await running_app.state["redis"].flushdb()


@pytest.fixture
def database(app: RunningApp) -> Database:
    return app.state["database"]


@pytest.fixture
def redis(app: RunningApp) -> Redis:
    return app.state["redis"]


@pytest.fixture
def outbox(
    database: Database, urls: Urls, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Outbox:
    """The e-mails that this test has the application send; they stay in a folder of its own."""
    monkeypatch.setattr(mailbox, "FOLDER", tmp_path / "mailbox")
    return Outbox(database, urls)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock of the second factor, which goes as a test wants it."""
    clock = Clock()
    monkeypatch.setattr(second_factor, "time", clock)
    return clock


@pytest.fixture
def client(app: RunningApp) -> httpx2.AsyncClient:
    """Somebody who has not logged in."""
    return app.client()


@pytest.fixture
def create(app: RunningApp) -> CreateAccount:
    """Make accounts that are logged in: `await create(username="ada")`."""

    async def create(**fields: object) -> Account:
        return await create_account(app, **fields)

    return create


@pytest.fixture
async def author(create: CreateAccount) -> Account:
    return await create()


@pytest.fixture
async def reader(create: CreateAccount) -> Account:
    return await create()


# [cache]
@pytest.fixture
async def one(app: RunningApp, urls: Urls) -> AsyncIterator[Process]:
    """The application as one process of several."""
    async with another_process(app, urls) as process:
        yield process


@pytest.fixture
async def other(app: RunningApp, urls: Urls) -> AsyncIterator[Process]:
    async with another_process(app, urls) as process:
        yield process


# [/cache]
class ChangeSettings(Protocol):
    def __call__(self, settings: BaseSettings, /, **changes: object) -> None: ...


@pytest.fixture
def change(monkeypatch: pytest.MonkeyPatch) -> ChangeSettings:
    """Change settings, which are frozen, for one test: `change(auth_settings, login_limit=…)`."""

    def change(settings: BaseSettings, /, **changes: object) -> None:
        for name, value in changes.items():
            assert name in type(settings).model_fields
            monkeypatch.setitem(settings.__dict__, name, value)

    return change
