"""Redis: sessions, rate limits and caches of one process. All of it may vanish for a while."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated

from fastapi import Depends, Request
from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import ReadOnlyError
from redis.exceptions import TimeoutError as RedisTimeoutError

from src.config import RedisConfig

# What Redis raises when it is away, starting, or a replica that cannot write.
OUTAGES = (RedisConnectionError, RedisTimeoutError, ReadOnlyError, OSError)


@asynccontextmanager
async def open_redis(url: str, config: RedisConfig) -> AsyncIterator[Redis]:
    """Open the pool. No connection is made yet: a Redis that is away stops no start."""
    pool = BlockingConnectionPool.from_url(
        url,
        decode_responses=True,
        max_connections=config.max_connections,
        timeout=config.timeout,
        socket_timeout=config.timeout,
        socket_connect_timeout=config.timeout,
        # A connection that died while idle gets one second chance; no outage is waited for.
        retry=Retry(NoBackoff(), 1),
        retry_on_error=[RedisConnectionError],
    )
    redis = Redis(connection_pool=pool)
    try:
        yield redis
    finally:
        await redis.aclose()
        await pool.aclose()


async def get_redis(request: Request) -> Redis:
    redis: Redis = request.state.redis
    return redis


RedisClient = Annotated[Redis, Depends(get_redis)]
