"""The servers of a test run, a migrated template database, and one copy of it for each worker."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import asyncpg

from src.embedded import acquire
from tests.environment import SETTINGS, run_python

TEMPLATE = "migrated"
WAITING = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND wait_event_type = 'Lock'
"""
MIGRATE = "from alembic.config import main; main(['upgrade', 'head'])"


@dataclass(frozen=True)
class Urls:
    database: str
    redis: str

    def of(self, *, database: str, redis: int = 0) -> "Urls":
        """Another database and another logical Redis database of the same servers."""
        return Urls(
            urlunsplit(urlsplit(self.database)._replace(path=f"/{database}")),
            urlunsplit(urlsplit(self.redis)._replace(query=f"db={redis}")),
        )

    @property
    def variables(self) -> dict[str, str]:
        """The settings that lead the application here."""
        return {"DATABASE_URL": self.database, "REDIS_URL": self.redis}


class Servers:
    """Servers that nobody but this test run uses, and that leave nothing behind."""

    def __init__(self) -> None:
        self._services = acquire(Path(tempfile.mkdtemp(prefix="tests-")), disposable=True)
        self.urls = Urls(self._services.database_url, self._services.redis_url)
        create_database(self.urls, TEMPLATE)
        migrate(self.urls.of(database=TEMPLATE))

    def stop(self) -> None:
        self._services.release()


def migrate(urls: Urls) -> None:
    """Bring a database up to the newest revision."""
    migration = run_python(MIGRATE, **SETTINGS | urls.variables)
    assert migration.returncode == 0, migration.stderr


def create_database(urls: Urls, name: str, *, template: str = "template1") -> Urls:
    """A new database; a template must be one that nobody is connected to."""
    execute(urls, f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    return urls.of(database=name)


def drop_database(urls: Urls, name: str) -> None:
    execute(urls, f'DROP DATABASE "{name}" WITH (FORCE)')


def execute(urls: Urls, statement: str) -> None:
    """Run a statement that belongs to no database."""

    async def run() -> None:
        async with connected(urls.of(database="postgres")) as connection:
            await connection.execute(statement)

    asyncio.run(run())


async def somebody_waits(connection: "asyncpg.Connection[asyncpg.Record]") -> None:
    """Return when another session of this database waits for a lock.

    Raises:
        TimeoutError: nobody does within 30 seconds.

    """
    async with asyncio.timeout(30):
        while not await connection.fetchval(WAITING):
            await asyncio.sleep(0.02)
            # Inside a transaction the view would stay as it was.
            await connection.execute("SELECT pg_stat_clear_snapshot()")


@asynccontextmanager
async def connected(urls: Urls) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
    """A connection that knows nothing of the application."""
    connection = await asyncpg.connect(urls.database.replace("+asyncpg", "", 1))
    try:
        yield connection
    finally:
        await connection.close()
