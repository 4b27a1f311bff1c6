"""A write is seen by whoever asks after it, whatever happens to Redis or to the one who writes."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from redis.asyncio import Redis
from sqlalchemy import text

from src.cache.constants import Tag
from src.cache.generations import close_generation, find_or_open_generation
from src.cache.invalidation import BELIEVED, MARKED, invalidate
from src.cache.scripts import MARK, tag_keys
from src.database import around_commit, transaction
from tests.cache.processes import PATIENCE, Process
from tests.cache.test_reading import TAGS, Source, fill, write

RUN_OUT = "local marks = redis.call('KEYS', '*marks*') redis.call('DEL', unpack(marks))"


async def get(process: Process, source: Source) -> bytes:
    return await process.cache.get("key", source, tags=TAGS)


async def test_while_a_write_commits_nobody_keeps_what_it_makes_untrue(
    one: Process, other: Process
) -> None:
    source = Source(b"old")
    for process in (one, other):
        await fill(process, source)

    @asynccontextmanager
    async def readers_between_mark_and_commit() -> AsyncIterator[None]:
        for process in (one, other):
            await fill(process, source)
        yield

    async with transaction(one.database) as session:
        invalidate(session, one.redis, Tag.POSTS)
        around_commit(session, readers_between_mark_and_commit())
    source.content = b"new"  # with the commit

    for process in (one, other):
        assert await get(process, source) == b"new"


async def test_who_dies_after_the_commit_leaves_nothing_untrue(
    one: Process, other: Process, redis: Redis
) -> None:
    source = Source(b"old")
    for process in (one, other):
        await fill(process, source)
    keys = tag_keys((Tag.POSTS,))

    await one.redis.eval(MARK, len(keys), *keys, "of the dead", str(MARKED))
    source.content = b"new"

    for _ in range(3):
        for process in (one, other):
            assert await get(process, source) == b"new"
    assert 0 < await redis.pttl(keys[1]) <= MARKED

    await redis.eval(RUN_OUT, 0)
    for process in (one, other):
        await fill(process, source)
    before = source.reads
    for process in (one, other):
        assert await get(process, source) == b"new"
    assert source.reads == before, "it is cached again"


async def test_a_mark_runs_out_by_itself_also_beside_others(one: Process, redis: Redis) -> None:
    source, keys = Source(), tag_keys((Tag.POSTS,))
    await one.redis.eval(MARK, 2, *keys, "of the dead", "50")
    await one.redis.eval(MARK, 2, *keys, "of somebody slow", str(MARKED))
    await asyncio.sleep(0.06)
    await fill(one, source)
    assert await redis.zrange(keys[1], 0, -1) == ["of somebody slow"]


async def test_a_write_that_fails_is_no_reason_to_read_anything_untrue(one: Process) -> None:
    source = Source(b"old")
    await fill(one, source)

    async def fail() -> None:
        async with transaction(one.database) as session:
            invalidate(session, one.redis, Tag.POSTS)
            raise LookupError("Not after all")

    with pytest.raises(LookupError):
        await fail()

    before = source.reads
    assert await get(one, source) == b"old"
    assert source.reads == before, "nothing has become untrue"


async def test_who_writes_without_redis_is_not_read_from_before_elsewhere(
    one: Process, other: Process
) -> None:
    source = Source(b"0")
    for process in (one, other):
        await fill(process, source)
    await one.way_to_redis.cut()

    for number in range(1, 5):
        await write(one, source, b"%d" % number)
        for process in (other, one):
            assert await get(process, source) == b"%d" % number
            await fill(process, source)  # the other one opens the cache anew


@pytest.mark.parametrize("lost", ["cut", "block"])
async def test_a_redis_that_comes_back_as_it_was_shows_nothing_from_before(
    one: Process, other: Process, lost: str
) -> None:
    source = Source(b"old")
    for process in (one, other):
        await fill(process, source)
    for process in (one, other):
        if lost == "cut":
            await process.way_to_redis.cut()
        else:
            process.way_to_redis.block()

    await write(one, source, b"new")
    for process in (one, other):
        assert await get(process, source) == b"new"

    for process in (one, other):
        await process.way_to_redis.mend()
    deadline = time.monotonic() + 1.5  # longer than Redis is taken to be away
    while time.monotonic() < deadline:
        for process in (one, other):
            assert await get(process, source) == b"new"
        await asyncio.sleep(0.01)
    if lost == "cut":  # else the mark has come late, and stands until it runs out
        before = source.reads
        for process in (one, other):
            assert await get(process, source) == b"new"
        assert source.reads == before, "it is cached again"


async def test_a_redis_that_vanishes_between_mark_and_commit_changes_nothing(
    one: Process, other: Process
) -> None:
    source = Source(b"old")
    for process in (one, other):
        await fill(process, source)

    @asynccontextmanager
    async def losing_redis() -> AsyncIterator[None]:
        await one.way_to_redis.cut()
        yield

    async with transaction(one.database) as session:
        invalidate(session, one.redis, Tag.POSTS)
        around_commit(session, losing_redis())
    source.content = b"new"

    for process in (other, one):
        assert await get(process, source) == b"new"


async def test_without_redis_reading_is_neither_slow_nor_an_error(one: Process) -> None:
    source = Source(seconds=0)
    await fill(one, source)
    one.way_to_redis.block()
    began = time.monotonic()

    for _ in range(200):
        assert await get(one, source) == b"[]"

    assert time.monotonic() - began < 10 * PATIENCE, "few have waited, not all 200"
    await asyncio.gather(*(get(one, source) for _ in range(500)))
    assert len(one.cache._copies) == 1


async def test_a_redis_that_refuses_to_write_does_not_stop_a_write(
    one: Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = Source(b"old")
    await fill(one, source)
    monkeypatch.setattr("src.cache.invalidation.MARK", "return redis.error_reply('OOM')")

    await write(one, source, b"new")

    assert await get(one, source) == b"new"


async def test_nobody_opens_the_cache_while_a_write_closes_it(one: Process, other: Process) -> None:
    name = await find_or_open_generation(other.database)
    for is_open in (True, False):  # who finds it closed already has to keep it so
        async with transaction(one.database) as session:
            await close_generation(session)
            assert await find_or_open_generation(other.database) == (name if is_open else None)

    another = await find_or_open_generation(other.database)
    assert another not in {name, None}
    assert await find_or_open_generation(one.database) == another


async def test_a_write_without_redis_is_answered_when_all_have_had_to_look(
    one: Process, other: Process
) -> None:
    await fill(other, Source())
    await one.way_to_redis.cut()
    began = time.monotonic()

    await write(one, Source(), b"new")

    assert time.monotonic() - began >= BELIEVED
    async with other.database.engine.connect() as connection:
        names = await connection.execute(text("SELECT name FROM cache_generation"))
        assert names.all() == []
