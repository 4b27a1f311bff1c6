"""Redis that goes away while all sessions of a user are ended: none is alive that no list shows."""

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from redis.asyncio import Redis

from src.auth import sessions
from src.auth.exceptions import SessionsUnavailable
from src.config import redis_settings
from src.redis import open_redis
from tests.accounts import Account, log_in
from tests.proxies import Proxy
from tests.servers import Urls

STEPS = range(6)  # requests and answers: two for each of three commands


class Counting(Proxy):
    """Lets so many requests and answers through, and then is lost."""

    left: int | None = None  # None: all of them

    async def _pump(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        while data := await source.read(65_536):
            if self.left == 0:
                self.drop_connections()
                break
            if self.left is not None:
                self.left -= 1
            sink.write(data)
        sink.close()


@pytest.fixture
async def proxy(urls: Urls) -> AsyncIterator[Counting]:
    folder = Path(tempfile.mkdtemp(prefix="t-"))
    proxy = Counting(folder / "redis.sock", urlsplit(urls.redis).path)
    await proxy.mend()
    yield proxy
    await proxy.cut()
    shutil.rmtree(folder)


@pytest.fixture
async def fragile(proxy: Counting, urls: Urls) -> AsyncIterator[Redis]:
    """Redis through the proxy, with a connection that stands."""
    url = urls.redis.replace(urlsplit(urls.redis).path, str(proxy.socket))
    async with open_redis(url, redis_settings.model_copy(update={"timeout": 2.0})) as redis:
        assert await redis.ping()
        yield redis


async def listed(redis: Redis, user_id: int) -> set[str]:
    return {str(it) for it in await redis.zrange(f"user-sessions:{{{user_id}}}", 0, -1)}


async def alive(redis: Redis, user_id: int) -> set[str]:
    keys = await redis.keys(f"session:{{{user_id}}}:*")
    return {str(key).rpartition(":")[2] for key in keys}


@pytest.fixture
async def elsewhere(author: Account) -> list[Account]:
    """More sessions of the author."""
    return [await log_in(author.app, author.user) for _ in range(2)]


@pytest.mark.usefixtures("elsewhere")
@pytest.mark.parametrize("steps", STEPS)
async def test_sessions_that_are_alive_are_listed_wherever_redis_is_lost(
    author: Account, redis: Redis, proxy: Counting, fragile: Redis, steps: int
) -> None:
    before = await alive(redis, author.id)
    proxy.left = steps
    with suppress(SessionsUnavailable):
        await sessions.end_all_sessions(fragile, user_id=author.id)

    assert await alive(redis, author.id) == await listed(redis, author.id)
    assert await alive(redis, author.id) in (before, set())

    proxy.left = None
    await sessions.end_all_sessions(fragile, user_id=author.id)
    assert await alive(redis, author.id) == await listed(redis, author.id) == set()


@pytest.mark.usefixtures("elsewhere")
async def test_redis_is_lost_before_anything_is_done(
    author: Account, redis: Redis, proxy: Counting, fragile: Redis
) -> None:
    proxy.left = 0

    with pytest.raises(SessionsUnavailable):
        await sessions.end_all_sessions(fragile, user_id=author.id)

    assert len(await alive(redis, author.id)) == 3


async def test_all_sessions_but_one_are_ended_and_it_is_still_listed(
    author: Account, elsewhere: list[Account], reader: Account, redis: Redis
) -> None:
    kept = author.claims.session_id

    await sessions.end_all_sessions(redis, user_id=author.id, but=kept)

    assert await alive(redis, author.id) == await listed(redis, author.id) == {kept}
    assert (await author.client.get("/users/me")).status_code == 200
    for ended in elsewhere:
        assert (await ended.client.get("/users/me")).status_code == 401
    assert (await reader.client.get("/users/me")).status_code == 200


async def test_to_end_all_sessions_of_somebody_who_has_none_is_nothing(
    author: Account, redis: Redis
) -> None:
    for _ in range(2):
        await sessions.end_all_sessions(redis, user_id=author.id)

    assert await alive(redis, author.id) == await listed(redis, author.id) == set()
