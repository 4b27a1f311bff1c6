"""The readers' side: public reads that many want, from Redis and from copies in this process.

What is read was true at some moment after one asked. A copy is good while Redis says that its tags
have the same versions, which all who wait ask in one question. What is asked for the first time is
read from the database without a word to Redis; the second one who asks may fill the entry, for all
processes. Who cannot have an entry for whatever reason reads the database, once for all who wait.

It pays for pages, not for single rows. Of this process's time a first page of posts took four
questions to Redis from the database, and none to one from here, as many who wait share it; a single
post took one and a half, which its own question would eat up. PostgreSQL's time comes on top.
"""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from secrets import token_hex
from typing import Annotated, Any

from fastapi import Depends, Request
from redis.asyncio import Redis

from src.cache.config import CacheConfig, cache_settings
from src.cache.constants import Tag
from src.cache.generations import find_or_open_generation
from src.cache.invalidation import BELIEVED
from src.cache.scripts import FAULTS, FILL, FIND, PREFIX, tag_keys, version_key
from src.cache.sharing import Sharing
from src.database import Database

PAUSE = 1.0  # seconds before a Redis that was away is asked again
PATIENCE = 0.5  # seconds to wait for another process that fills the entry
LEASED = 1_000  # milliseconds after which somebody else may fill it
POLL = 0.02  # seconds

Load = Callable[[], Awaitable[bytes]]


@dataclass(frozen=True, slots=True)
class Copy:
    """An entry in this process."""

    generation: str
    versions: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Wanted:
    """An entry that somebody asks for."""

    key: str
    load: Load
    tags: tuple[Tag, ...]


class Cache:
    """One for each process."""

    def __init__(
        self, redis: Redis, database: Database, config: CacheConfig = cache_settings
    ) -> None:
        self._redis = redis
        self._database = database
        self._config = config
        # None: asked for once. What was used last stands last.
        self._copies: OrderedDict[str, Copy | None] = OrderedDict()
        self._sharing = Sharing()
        self._generation: str | None = None
        self._believed_until = 0.0
        self._away_until = 0.0

    async def get(self, key: str, load: Load, *, tags: tuple[Tag, ...]) -> bytes:
        """What `load` would return if it were called now; it has to read what is committed.

        Only for what everybody may see. Whoever changes what `load` reads has to `invalidate` one
        of the tags.

        Raises:
            Exception: what `load` raises.
        """
        if not self._config.enabled:
            return await load()
        copy = self._copies.get(key)
        if copy and await self._is_current(copy, tags):
            self._keep(key, copy)
            return copy.content
        find = partial(self._find, Wanted(key, load, tags))
        return await self._sharing.run(("entry", key), find)

    async def _is_current(self, copy: Copy, tags: tuple[Tag, ...]) -> bool:
        if copy.generation != await self._open_generation():
            return False
        ask = partial(self._redis.mget, [version_key(tag) for tag in tags])
        versions = await self._sharing.run(("versions", tags), partial(self._ask, ask))
        return versions is not None and copy.versions == " ".join(it or "" for it in versions)

    async def _find(self, wanted: Wanted) -> bytes:
        is_first = wanted.key not in self._copies
        self._keep(wanted.key, self._copies.get(wanted.key))
        generation = None if is_first else await self._open_generation()
        if generation is None:
            return await wanted.load()
        entry = f"{PREFIX}:entry:{generation}:{wanted.key}"
        keys = [entry, f"{entry}:lease", *tag_keys(wanted.tags)]
        times = str(LEASED), str(self._milliseconds)
        give_up_at = time.monotonic() + PATIENCE
        while time.monotonic() < give_up_at:
            ask = partial(self._redis.eval, FIND, len(keys), *keys, token_hex(8), *times)
            match await self._ask(ask):
                case ["found", versions, content]:
                    copy = Copy(generation, versions, content.encode())
                    self._keep(wanted.key, copy)
                    return copy.content
                case ["fill", versions]:
                    return await self._fill(wanted, keys[:2], generation, versions)
                case ["leased"]:
                    await asyncio.sleep(POLL)
                case _:  # somebody writes, or Redis is away
                    break
        return await wanted.load()

    async def _fill(self, wanted: Wanted, keys: list[str], generation: str, versions: str) -> bytes:
        try:
            content = await wanted.load()
        except BaseException:
            await self._ask(partial(self._redis.delete, keys[1]))
            raise
        values = versions, content.decode(), str(self._milliseconds)
        await self._ask(partial(self._redis.eval, FILL, 2, *keys, *values))
        self._keep(wanted.key, Copy(generation, versions, content))
        return content

    async def _open_generation(self) -> str | None:
        """The generation that may be read; None while the cache is closed or Redis is away."""
        now = time.monotonic()
        if now < self._away_until:
            return None
        if now < self._believed_until:
            return self._generation
        return await self._sharing.run("generation", self._look_for_generation)

    async def _look_for_generation(self) -> str | None:
        began = time.monotonic()
        server = await self._ask(partial(self._redis.info, "server"))
        if server is None:
            return None
        name = await find_or_open_generation(self._database)
        # A Redis that was started anew may have forgotten what it had acknowledged.
        self._generation = f"{name}:{server.get('run_id')}" if name else None
        self._believed_until = began + BELIEVED
        return self._generation

    async def _ask(self, ask: Callable[[], Awaitable[Any]]) -> Any:
        """Redis's answer; None if it is away, as it is then taken to be for a moment."""
        try:
            async with asyncio.timeout(self._config.timeout):
                return await ask()
        except FAULTS:
            self._away_until = time.monotonic() + PAUSE
            self._believed_until = 0.0
            return None

    def _keep(self, key: str, copy: Copy | None) -> None:
        self._copies[key] = copy
        self._copies.move_to_end(key)
        if len(self._copies) > self._config.entries:
            self._copies.popitem(last=False)

    @property
    def _milliseconds(self) -> int:
        return int(self._config.ttl * 1000)


async def get_cache(request: Request) -> Cache:
    cache: Cache = request.state.cache
    return cache


PublicCache = Annotated[Cache, Depends(get_cache)]
