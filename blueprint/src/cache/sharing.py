"""One piece of work for many who wait for it, without anybody being given something too old."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from typing import Any, TypeVar

Result = TypeVar("Result")


class Sharing:
    """Runs work by key, once at a time in this process.

    Who comes while it runs shares the *next* run: what a run has read may be older than the one
    who comes, and then it would lack what they have written just now.
    """

    def __init__(self) -> None:
        self._running: dict[Hashable, asyncio.Task[Any]] = {}
        self._next: dict[Hashable, asyncio.Task[Any]] = {}

    async def run(self, key: Hashable, work: Callable[[], Awaitable[Result]]) -> Result:
        """What `work` returns, begun after this call; that of another caller is as good.

        Raises:
            Exception: what the work raised, to all who share it.
        """
        running = self._running.get(key)
        if running is None:
            task = self._running[key] = asyncio.create_task(self._run(key, work, None))
        elif key in self._next:
            task = self._next[key]
        else:
            task = self._next[key] = asyncio.create_task(self._run(key, work, running))
        # Who gives up, as a client that hangs up, takes nothing from the others.
        result: Result = await asyncio.shield(task)
        return result

    async def _run(
        self,
        key: Hashable,
        work: Callable[[], Awaitable[Result]],
        before: asyncio.Task[Any] | None,
    ) -> Result:
        try:
            if before:
                await asyncio.wait([before])
            return await work()
        finally:
            following = self._next.pop(key, None)
            if following:
                self._running[key] = following
            else:
                del self._running[key]
