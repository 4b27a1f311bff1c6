"""The application as further processes of it would be, each on a way of its own to the servers."""

import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import httpx2
from redis.asyncio import Redis

from src.cache.config import cache_settings
from src.cache.reading import Cache
from src.config import database_settings, redis_settings
from src.database import Database, open_database
from src.limits import RateLimits
from src.main import State
from src.redis import open_redis
from tests.accounts import Account
from tests.clients import RunningApp
from tests.proxies import Proxy
from tests.servers import Urls

PATIENCE = 0.5  # seconds that it waits for Redis


@dataclass(frozen=True)
class Process:
    """One process: what it has open, and the way to Redis, which can be lost."""

    app: RunningApp
    way_to_redis: Proxy

    @property
    def cache(self) -> Cache:
        return self.app.state["cache"]

    @property
    def redis(self) -> Redis:
        return self.app.state["redis"]

    @property
    def database(self) -> Database:
        return self.app.state["database"]

    def client_of(self, account: Account) -> httpx2.AsyncClient:
        return self.app.client(account.access_token)


@asynccontextmanager
async def another_process(app: RunningApp, urls: Urls, **settings: float) -> AsyncIterator[Process]:
    """`settings`: of its cache."""
    folder = Path(tempfile.mkdtemp(prefix="t-"))
    socket = urlsplit(urls.redis).path
    way = Proxy(folder / "redis.sock", socket)
    await way.mend()
    config = cache_settings.model_copy(update={"timeout": PATIENCE, **settings})
    async with (
        open_database(urls.database, database_settings) as database,
        open_redis(
            urls.redis.replace(socket, str(way.socket)),
            redis_settings.model_copy(update={"timeout": PATIENCE}),
        ) as redis,
    ):
        state: State = {
            **app.state,
            "database": database,
            "redis": redis,
            "limits": RateLimits(redis),
            "cache": Cache(redis, database, config),
        }
        yield Process(RunningApp(app.app, state), way)
        await way.cut()
    shutil.rmtree(folder)
