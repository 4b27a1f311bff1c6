"""Servers with live streams, and readers of these."""

import asyncio
import json
import os
import socket
import ssl
import sys
import tempfile
from asyncio.subprocess import DEVNULL, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2

from tests.accounts import Account
from tests.environment import HOST, ROOT, SETTINGS, python, without_settings
from tests.proxies import Proxy
from tests.servers import Urls

SERVE = """
import socket, sys, uvicorn
config = uvicorn.Config("src.main:app", access_log=False, server_header=False)
uvicorn.Server(config).run(sockets=[socket.socket(fileno=int(sys.argv[1]))])
"""
PATIENCE = 30  # seconds
STARTING = 120  # seconds, at the most
# Nothing here is encrypted. By itself each client would load all certificates: 30 ms.
PLAIN = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
LONG = {"NOTIFICATIONS_STREAM_LIFETIME": "3600"}


@dataclass(frozen=True)
class Server:
    process: Process
    url: str


@dataclass(frozen=True)
class Event:
    id: str
    data: dict[str, Any] | None

    @property
    def group(self) -> str:
        assert self.data
        return str(self.data["group"])


class Reader:
    """One open stream."""

    def __init__(self, response: httpx2.Response) -> None:
        self.response = response
        self._lines = response.aiter_lines()

    async def next(self) -> Event:
        """The next event.

        Raises:
            StopAsyncIteration: the stream has ended.
            TimeoutError: nothing comes.
        """
        fields: dict[str, str] = {}
        async with asyncio.timeout(PATIENCE):
            while True:
                line = await anext(self._lines)
                if line and not line.startswith(":"):
                    name, _, value = line.partition(": ")
                    fields[name] = value
                elif not line and fields:
                    data = fields.get("data")
                    return Event(fields["id"], json.loads(data) if data else None)

    async def has_ended(self) -> bool:
        try:
            await self.next()
        except (StopAsyncIteration, httpx2.RemoteProtocolError):
            return True
        return False


@asynccontextmanager
async def serving(urls: Urls, **settings: str) -> AsyncIterator[Server]:
    """The application under its real server, in a process of its own."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        process = await asyncio.create_subprocess_exec(
            *python(SERVE),
            str(listener.fileno()),
            cwd=ROOT,
            env=without_settings(os.environ) | SETTINGS | LONG | urls.variables | settings,
            pass_fds=[listener.fileno()],
            stdout=DEVNULL,
            stderr=sys.stderr,
        )
        try:
            server = Server(process, f"http://127.0.0.1:{listener.getsockname()[1]}")
            async with httpx2.AsyncClient(timeout=STARTING) as client:
                await client.get(f"{server.url}/health/live")
            yield server
        finally:
            if process.returncode is None:
                process.kill()
            await process.wait()


@asynccontextmanager
async def reading(
    server: Server, account: Account, *, after: str | None = None, token: str | None = None
) -> AsyncIterator[Reader]:
    """A stream that has begun, perhaps after an event of another one."""
    headers = {"Host": HOST, "Authorization": f"Bearer {token or account.access_token}"}
    if after:
        headers["Last-Event-ID"] = after
    async with (
        httpx2.AsyncClient(
            base_url=server.url, headers=headers, timeout=PATIENCE, verify=PLAIN
        ) as client,
        client.stream("GET", "/notifications/stream") as response,
    ):
        reader = Reader(response)  # kept: a reader that nobody knows any more closes its stream
        yield reader


@asynccontextmanager
async def behind_proxy(urls: Urls) -> AsyncIterator[tuple[Proxy, Urls]]:
    """A way to PostgreSQL that can be cut, and the URLs of who takes it."""
    with tempfile.TemporaryDirectory(prefix="t-") as folder:
        (sockets,) = parse_qs(urlsplit(urls.database).query)["host"]
        proxy = Proxy(Path(folder) / ".s.PGSQL.5432", f"{sockets}/.s.PGSQL.5432")
        await proxy.mend()
        yield proxy, Urls(urls.database.replace(f"host={sockets}", f"host={folder}"), urls.redis)
        await proxy.cut()
