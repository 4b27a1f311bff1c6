"""All the clients of a run that hurts a project: who writes, who uploads, who listens."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field

import httpx2

import database
from answers import TIMEOUT, Acknowledged, Answer
from listeners import Listener
from targets import Targets
from uploads import Uploader
from writers import Writer

UPLOADERS, LISTENERS = 3, 3  # of the writers' accounts
BEGIN_WITHIN = 30.0  # seconds for the first byte of a stream


@dataclass
class Crowd:
    """Registered clients, and what they write down."""

    answers: list[Answer] = field(default_factory=list)
    kept: Acknowledged = field(default_factory=Acknowledged)
    writers: list[Writer] = field(default_factory=list)
    uploaders: list[Uploader] = field(default_factory=list)
    listeners: list[Listener] = field(default_factory=list)

    @property
    def prepared(self) -> list[Answer]:
        return [answer for uploader in self.uploaders for answer in uploader.prepared]

    async def act_until(self, is_over: Callable[[], bool]) -> None:
        """The first writer does nothing but log in; the others write."""
        visitor, *writers = self.writers
        async with asyncio.TaskGroup() as group:
            group.create_task(visitor.log_in_until(is_over))
            for writer in writers:
                group.create_task(writer.write_until(is_over))
            for uploader in self.uploaders:
                group.create_task(uploader.upload_until(is_over))


@asynccontextmanager
async def gathered(targets: Targets, count: int) -> AsyncIterator[Crowd]:
    """So many writers and a visitor; some of them upload and listen besides."""
    crowd = Crowd()
    async with AsyncExitStack() as stack:
        for number in range(count + 1):
            http = httpx2.AsyncClient(base_url=targets.url, timeout=TIMEOUT, trust_env=False)
            await stack.enter_async_context(http)
            crowd.writers.append(Writer(http, f"user_{number:03}", crowd.answers, crowd.kept))
        await asyncio.gather(*(writer.register() for writer in crowd.writers))
        await database.verify_addresses(targets.database_url)
        crowd.uploaders += [
            Uploader(writer.http, crowd.answers, crowd.kept) for writer in crowd.writers[:UPLOADERS]
        ]
        crowd.listeners += [
            Listener(writer.http, writer.user_id) for writer in crowd.writers[1 : 1 + LISTENERS]
        ]
        listening = [asyncio.create_task(listener.listen()) for listener in crowd.listeners]
        async with asyncio.timeout(BEGIN_WITHIN):
            for listener in crowd.listeners:
                await listener.has_begun.wait()
        try:
            yield crowd
        finally:
            for task in listening:
                task.cancel()
            await asyncio.wait(listening)
