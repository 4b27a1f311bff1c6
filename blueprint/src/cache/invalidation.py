"""The writers' side: what a write makes untrue is found by nobody from its commit on.

The write marks its tags before it commits, which takes their versions away, and takes the mark off
after it. In between nobody fills an entry with rows that may be on their way out. The mark of a
process that dies runs out, and only then somebody fills one again.

A write that cannot mark its tags closes the cache in its own transaction, and is answered when
every process has had to look whether it is open. Redis may come back with whatever it likes.

Relied on is that a Redis keeps what it has acknowledged. Another one in its place, started anew or
after a failover, is noticed within `BELIEVED`, and its entries are not looked at.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from secrets import token_hex

from redis.asyncio import Redis
from sqlmodel.ext.asyncio.session import AsyncSession

from src.cache.constants import Tag
from src.cache.generations import close_generation
from src.cache.scripts import FAULTS, MARK, UNMARK, tag_keys
from src.database import around_commit

BELIEVED = 0.25  # seconds for which a process takes it that the cache is open, once it has looked
MARGIN = 0.01  # seconds
MARKED = 60_000  # milliseconds; no commit takes as long


def invalidate(session: AsyncSession, redis: Redis, *tags: Tag) -> None:
    """Have nobody read an entry that bears one of the tags as it was before the session's commit.

    After the commit the writer waits until that is so, which takes `BELIEVED` without Redis.
    """
    around_commit(session, _marking(session, redis, tags))


@asynccontextmanager
async def _marking(
    session: AsyncSession, redis: Redis, tags: tuple[Tag, ...]
) -> AsyncIterator[None]:
    """Around a commit. One that fails may have happened all the same: its mark stays."""
    write, keys = token_hex(8), tag_keys(tags)
    try:
        await redis.eval(MARK, len(keys), *keys, write, str(MARKED))
    except FAULTS:
        await close_generation(session)
        yield
        await asyncio.sleep(BELIEVED + MARGIN)
    else:
        yield
        with suppress(*FAULTS):
            await redis.eval(UNMARK, len(keys), *keys, write)
