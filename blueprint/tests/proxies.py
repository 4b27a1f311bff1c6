"""Servers that can be lost: a way to a real one that a test cuts, blocks and mends."""

import asyncio
import contextlib
from pathlib import Path


class Proxy:
    """A unix socket that leads to another one, as long as nothing is done to it."""

    def __init__(self, socket: Path, target: str) -> None:
        self.socket = socket
        self._target = target
        self._server: asyncio.Server | None = None
        self._connections: set[asyncio.StreamWriter] = set()
        self._pumps: set[asyncio.Task[None]] = set()
        self._flows = asyncio.Event()

    async def mend(self) -> None:
        """Let everything through (again)."""
        self._flows.set()
        if self._server is None:
            self._server = await asyncio.start_unix_server(self._connect, self.socket)

    def block(self) -> None:
        """Keep all connections and take new ones, but let nothing through."""
        self._flows.clear()

    async def cut(self) -> None:
        """End all connections and take no new ones."""
        if self._server:
            self._server.close()
            self._server = None
            self.socket.unlink(missing_ok=True)
        self.drop_connections()
        for pump in self._pumps:
            pump.cancel()
        await asyncio.gather(*self._pumps, return_exceptions=True)

    def drop_connections(self) -> None:
        """End all connections, as a restart of the server does."""
        for writer in self._connections:
            writer.transport.abort()
        self._connections.clear()

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there_reader, there_writer = await asyncio.open_unix_connection(self._target)
        self._connections |= {writer, there_writer}
        for source, sink in ((reader, there_writer), (there_reader, writer)):
            pump = asyncio.create_task(self._pump(source, sink))
            self._pumps.add(pump)
            pump.add_done_callback(self._pumps.discard)

    async def _pump(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while data := await source.read(65_536):
                await self._flows.wait()
                sink.write(data)
                await sink.drain()
        sink.close()
