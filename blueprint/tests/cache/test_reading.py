"""What is read often is read from the database seldom."""

import asyncio

import pytest
from redis.asyncio import Redis

from src.cache.config import cache_settings
from src.cache.constants import Tag
from src.cache.invalidation import invalidate
from src.cache.reading import LEASED, Cache
from src.cache.scripts import PREFIX
from src.database import transaction
from tests.cache.processes import Process, another_process
from tests.clients import RunningApp
from tests.fixtures import ChangeSettings
from tests.servers import Urls

TAGS = (Tag.POSTS, Tag.ACCOUNTS)


class Source:
    """What is cached; counts how often it was read."""

    def __init__(self, content: bytes = b"[]", seconds: float = 0.01) -> None:
        self.content = content
        self.seconds = seconds
        self.reads = 0

    async def __call__(self) -> bytes:
        self.reads += 1
        content = self.content
        await asyncio.sleep(self.seconds)
        return content


async def write(process: Process, source: Source, content: bytes, tag: Tag = Tag.POSTS) -> None:
    """Change the source with the commit of a transaction."""
    async with transaction(process.database) as session:
        invalidate(session, process.redis, tag)
        source.content = content


async def fill(process: Process, source: Source, key: str = "key") -> None:
    for _ in range(2):
        await process.cache.get(key, source, tags=TAGS)


async def test_five_hundred_who_ask_at_once_cost_two_reads(one: Process) -> None:
    source = Source()

    contents = await asyncio.gather(*(one.cache.get("key", source, tags=TAGS) for _ in range(500)))

    assert set(contents) == {b"[]"}
    assert source.reads == 2  # the first who came, and all others


async def test_five_hundred_in_two_processes_share_what_one_has_read(
    one: Process, other: Process
) -> None:
    source = Source(seconds=0.05)
    for process in (one, other):
        await fill(process, Source(), key="another")
        await process.cache.get("key", Source(), tags=TAGS)

    asked = [p.cache.get("key", source, tags=TAGS) for p in (one, other) for _ in range(250)]

    assert set(await asyncio.gather(*asked)) == {b"[]"}
    assert source.reads == 1


async def test_what_was_read_is_not_read_again(one: Process, other: Process) -> None:
    source = Source()
    await fill(one, source)

    for process in (one, other, one, other):
        assert await process.cache.get("key", source, tags=TAGS) == b"[]"

    assert source.reads == 3, "two to fill it, and one who asked for the first time elsewhere"


async def test_what_is_asked_for_once_leaves_nothing_in_redis(one: Process, redis: Redis) -> None:
    for number in range(20):
        await one.cache.get(f"key {number}", Source(), tags=TAGS)

    assert await redis.keys(f"{PREFIX}*") == []


async def test_a_process_remembers_as_much_as_it_is_told_to(app: RunningApp, urls: Urls) -> None:
    async with another_process(app, urls, entries=10) as process:
        for number in range(50):
            await fill(process, Source(), key=f"key {number}")

        assert len(process.cache._copies) == 10


async def test_nothing_stays_in_redis_forever(one: Process, redis: Redis) -> None:
    source = Source()
    await fill(one, source)
    await write(one, source, b"[1]")
    await fill(one, source)

    keys = await redis.keys(f"{PREFIX}*")

    assert len(keys) == 3  # the entry, and the versions of two tags
    for key in keys:
        assert 0 < await redis.pttl(key) <= cache_settings.ttl * 1000


@pytest.mark.parametrize("tag", TAGS)
async def test_a_write_is_seen_in_every_process(one: Process, other: Process, tag: Tag) -> None:
    source = Source(b"0")
    for process in (one, other):
        await fill(process, source)

    for number in range(1, 20):
        await write(one if number % 2 else other, source, b"%d" % number, tag)
        for process in (one, other):
            assert await process.cache.get("key", source, tags=TAGS) == b"%d" % number


async def test_an_entry_without_the_tag_stays(one: Process) -> None:
    source = Source()
    for _ in range(2):
        await one.cache.get("key", source, tags=(Tag.ACCOUNTS,))

    await write(one, source, b"[1]", Tag.POSTS)

    assert await one.cache.get("key", source, tags=(Tag.ACCOUNTS,)) == b"[]"


async def test_what_was_read_before_a_write_is_not_kept_after_it(
    one: Process, other: Process
) -> None:
    source = Source(b"old", seconds=0.2)
    await one.cache.get("key", source, tags=TAGS)
    slow = asyncio.create_task(one.cache.get("key", source, tags=TAGS))
    await reads(source, 2)

    await write(other, source, b"new")
    late = [asyncio.create_task(p.cache.get("key", source, tags=TAGS)) for p in (one, other)]

    assert await slow == b"old", "it was asked for before"
    assert await asyncio.gather(*late) == [b"new", b"new"]
    assert await one.cache.get("key", source, tags=TAGS) == b"new"


async def test_a_failed_read_is_nobody_elses(one: Process) -> None:
    async def fail() -> bytes:
        raise LookupError("Nothing here")

    for _ in range(3):
        with pytest.raises(LookupError):
            await one.cache.get("key", fail, tags=TAGS)

    async with asyncio.timeout(LEASED / 2000):
        assert await one.cache.get("key", Source(), tags=TAGS) == b"[]"


async def test_who_dies_while_filling_holds_up_others_for_a_moment_only(
    one: Process, other: Process
) -> None:
    source, stuck = Source(), Source(seconds=2.5)
    for process in (one, other):
        await process.cache.get("key", source, tags=TAGS)
    dying = asyncio.create_task(one.cache.get("key", stuck, tags=TAGS))
    await reads(stuck, 1)

    async with asyncio.timeout(LEASED / 1000 + 5):
        assert await other.cache.get("key", source, tags=TAGS) == b"[]"
        await asyncio.sleep(LEASED / 1000)
        await fill(other, source)
        before = source.reads
        await fill(other, source)

    assert source.reads == before, "another one has filled it"
    await dying


async def test_without_a_cache_everything_is_read(app: RunningApp, change: ChangeSettings) -> None:
    source = Source()
    change(cache_settings, enabled=False)
    cache = Cache(app.state["redis"], app.state["database"])

    for _ in range(4):
        await cache.get("key", source, tags=TAGS)

    assert source.reads == 4


async def test_an_entry_is_read_anew_after_a_while(app: RunningApp, urls: Urls) -> None:
    source = Source()
    async with another_process(app, urls, ttl=0.2) as process:
        await fill(process, source)
        before = source.reads
        await asyncio.sleep(0.3)

        await process.cache.get("key", source, tags=TAGS)

    assert source.reads == before + 1


async def test_a_question_to_redis_is_for_all_who_wait(
    one: Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, questions = Source(), 0
    await fill(one, source)
    mget = one.redis.mget

    async def counting(keys: list[str]) -> list[bytes | str | None]:
        nonlocal questions
        questions += 1
        return await mget(keys)

    monkeypatch.setattr(one.redis, "mget", counting)
    before = source.reads

    await asyncio.gather(*(one.cache.get("key", source, tags=TAGS) for _ in range(500)))

    assert questions <= 4  # also if it had to be looked for whether the cache is open
    assert source.reads == before


async def reads(source: Source, number: int) -> None:
    """Return when the source has been read so often."""
    async with asyncio.timeout(10):
        while source.reads < number:  # noqa: ASYNC110  (a count)
            await asyncio.sleep(0.001)
