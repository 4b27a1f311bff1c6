"""The users of the services, as the supervisor sees them: open connections to its socket.

The kernel closes a connection however its user ends. Each user is told once, in one JSON line,
where the services are as soon as they are ready, or why there are none.
"""

import asyncio
import contextlib
import json
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

Answer = dict[str, str]


class Users:
    def __init__(self, answer: Callable[[], Awaitable[Answer]]) -> None:
        """`answer` returns when the services are ready, or have failed."""
        self.somebody_knows = asyncio.Event()
        self._answer = answer
        self._connected: set[asyncio.StreamWriter] = set()
        self._last_seen = time.monotonic()
        self._listener: asyncio.Server | None = None

    @property
    def idle_time(self) -> float:
        """Seconds since there was a user, or since the start."""
        return 0.0 if self._connected else time.monotonic() - self._last_seen

    async def listen(self, socket: Path) -> None:
        self._listener = await asyncio.start_unix_server(self._serve, socket, backlog=1024)

    def turn_away(self) -> None:
        """Take no more users; those who come find nobody, and try again."""
        if self._listener:
            self._listener.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._connected.add(writer)
        gone = asyncio.ensure_future(reader.read())
        answer = asyncio.ensure_future(self._answer())
        try:
            await asyncio.wait({gone, answer}, return_when=asyncio.FIRST_COMPLETED)
            if not gone.done():
                writer.write(json.dumps(answer.result()).encode() + b"\n")
                await writer.drain()
                self.somebody_knows.set()
                await gone
        except ConnectionError:
            pass
        finally:
            gone.cancel()
            answer.cancel()
            self._connected.discard(writer)
            self._last_seen = time.monotonic()
            with contextlib.suppress(ConnectionError):
                writer.close()
