"""Requests that wait for their account, so that what happens meanwhile is certain."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import httpx2

from tests.servers import WAITING, Urls, connected

HOLD = "SELECT FROM user_account FOR NO KEY UPDATE"  # as whoever changes an account does
PATIENCE = 30  # seconds

Request = Coroutine[Any, Any, httpx2.Response]


class Held:
    """Accounts that somebody else has locked; whoever wants one has to queue."""

    def __init__(self, connection: "asyncpg.Connection[asyncpg.Record]") -> None:
        self._connection = connection
        self._queue: list[asyncio.Task[httpx2.Response]] = []

    async def queue(self, request: Request) -> asyncio.Task[httpx2.Response]:
        """Make a request, until it waits for its account behind those that came before it."""
        task = asyncio.create_task(request)
        self._queue.append(task)
        async with asyncio.timeout(PATIENCE):
            while await self._connection.fetchval(WAITING) < len(self._queue):
                assert not task.done(), f"It did not wait: {task.result().text}"
                await asyncio.sleep(0.02)
                # Inside a transaction the view would stay as it was.
                await self._connection.execute("SELECT pg_stat_clear_snapshot()")
        return task

    async def delete(self) -> None:
        """Delete every account that is held."""
        await self._connection.execute("DELETE FROM user_account")


@asynccontextmanager
async def held_accounts(urls: Urls) -> AsyncIterator[Held]:
    """Lock all accounts there are. After the block those who queue get them in their order."""
    async with connected(urls) as connection, connection.transaction():
        await connection.execute(HOLD)
        yield Held(connection)
