"""Rate limits, counted in Redis for all processes, or in this process while Redis is away."""

import math
import time
from typing import Annotated

from fastapi import Depends, Request
from limits import RateLimitItem, parse
from limits.aio.storage import MemoryStorage, RedisStorage
from limits.aio.strategies import SlidingWindowCounterRateLimiter
from pydantic import BeforeValidator
from pydantic_settings import NoDecode
from redis.asyncio import Redis

from src.exceptions import TooManyRequests
from src.redis import OUTAGES

KEY_PREFIX = "limit"


def _rate(value: object) -> object:
    try:
        return parse(value) if isinstance(value, str) else value
    except ValueError:
        raise ValueError(f"{value!r} is not a rate such as 10/minute") from None


# The type of a setting such as `10/minute`.
Rate = Annotated[RateLimitItem, NoDecode, BeforeValidator(_rate)]


class RateLimits:
    """Counts attempts by any words that identify who tries what."""

    def __init__(self, redis: Redis) -> None:
        storage = RedisStorage(
            "async+redis://",
            implementation="redispy",
            key_prefix=KEY_PREFIX,
            connection_pool=redis.connection_pool,  # type: ignore[arg-type]
        )
        self._shared = SlidingWindowCounterRateLimiter(storage)
        self._own = SlidingWindowCounterRateLimiter(MemoryStorage())

    async def spend(self, limit: RateLimitItem, *who: str) -> None:
        """Count one attempt of `who` against `limit`.

        Raises:
            TooManyRequests: it was one too many; says in how many seconds to come back.
        """
        try:
            await _spend(self._shared, limit, who)
        except OUTAGES:
            await _spend(self._own, limit, who)


async def _spend(
    limiter: SlidingWindowCounterRateLimiter, limit: RateLimitItem, who: tuple[str, ...]
) -> None:
    if not await limiter.hit(limit, *who):
        reset_at = (await limiter.get_window_stats(limit, *who)).reset_time
        raise TooManyRequests(retry_after=max(1, math.ceil(reset_at - time.time())))


async def get_rate_limits(request: Request) -> RateLimits:
    limits: RateLimits = request.state.limits
    return limits


Limits = Annotated[RateLimits, Depends(get_rate_limits)]
