"""A load generator that costs little: raw HTTP/1.1 over kept-alive connections, on uvloop.

It knows what the applications here answer with: a status, headers in lower case, and a body of a
stated length.
"""

import asyncio
import gc
import itertools
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import cast

from project import HOST

HEAD_END = b"\r\n\r\n"
LENGTH = b"\r\ncontent-length: "
ANSWER_TIMEOUT = 30.0  # seconds for the requests in flight when the time is up


class LoadError(Exception):
    """An answer that is no success, or none at all: the figures would mean nothing."""


@dataclass
class Sample:
    """What one stretch of load has shown; times are in seconds."""

    seconds: float = 0
    latencies: list[float] = field(default_factory=list)
    client_cpu: float = 0  # spent by the generator itself
    errors: list[str] = field(default_factory=list)  # answers that were no success

    @property
    def rate(self) -> float:
        """Requests a second."""
        return len(self.latencies) / self.seconds

    def percentile(self, part: float) -> float:
        return sorted(self.latencies)[min(int(len(self.latencies) * part), len(self.latencies) - 1)]


def request(method: str, path: str, body: bytes = b"", **headers: str) -> bytes:
    """A request as it goes over the wire; `Content_Type="…"` becomes `Content-Type: …`."""
    lines = [f"{method} {path} HTTP/1.1", f"Host: {HOST}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    if body:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode() + body


class Connection(asyncio.Protocol):
    """Sends one request at a time; tells `done` when its answer is complete, or is wrong."""

    def __init__(self, done: Callable[["Connection", str], None]) -> None:
        self.began = 0.0
        self.answer = b""
        self._done = done
        self._received = b""
        self._transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def send(self, request: bytes) -> None:
        self.began = time.perf_counter()
        self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        received = self._received + data if self._received else data
        end = received.find(HEAD_END)
        length = received.find(LENGTH, 0, end + 2)
        if end < 0 or (length < 0 and received[9:12] not in {b"204", b"304"}):
            self._received = received
            return
        start = length + len(LENGTH)
        body = int(received[start : received.index(b"\r", start)]) if length >= 0 else 0
        if len(received) < end + len(HEAD_END) + body:
            self._received = received
            return
        self._received, self.answer = b"", received
        self._done(self, "" if received[9:10] == b"2" else received.decode(errors="replace"))

    def connection_lost(self, exc: Exception | None) -> None:
        self._done(self, f"The connection was lost: {exc}")

    def close(self) -> None:
        self._done = _ignore
        self._transport.close()


async def flat_out(
    port: int, requests: Sequence[bytes], *, connections: int, seconds: float
) -> Sample:
    """Each connection sends its next request as soon as the last one is answered.

    Raises:
        LoadError: an answer was no success.

    """
    sample = Sample()
    feed = itertools.cycle(requests)
    finished: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    open_ones: set[Connection] = set()

    def done(connection: Connection, error: str) -> None:
        now = time.perf_counter()
        if error:
            if not finished.done():
                finished.set_exception(LoadError(error))
            return
        sample.latencies.append(now - connection.began)
        if now < deadline:
            connection.send(next(feed))
            return
        connection.close()  # the application would, after some idle seconds
        open_ones.discard(connection)
        if not open_ones and not finished.done():
            finished.set_result(None)

    open_ones.update([await _connect(port, done) for _ in range(connections)])
    everyone = list(open_ones)
    cpu, began = _begin()
    deadline = began + seconds
    try:
        for connection in everyone:
            connection.send(next(feed))
        await asyncio.wait_for(finished, seconds + ANSWER_TIMEOUT)
    finally:
        _end(sample, cpu, began)
        for connection in everyone:
            connection.close()
    return sample


async def at_rate(
    port: int,
    requests: Sequence[bytes],
    *,
    rate: float,
    connections: int,
    seconds: float,
    strict: bool = True,
) -> Sample:
    """Send at a fixed rate. A request that has to wait for a connection began when it was due.

    Raises:
        LoadError: it is `strict`, and an answer was no success.

    """
    sample = Sample()
    idle: asyncio.Queue[Connection] = asyncio.Queue()

    def done(connection: Connection, error: str) -> None:
        if error:
            sample.errors.append(error)
        sample.latencies.append(time.perf_counter() - connection.began)
        idle.put_nowait(connection)

    everyone = [await _connect(port, done) for _ in range(connections)]
    for connection in everyone:
        idle.put_nowait(connection)
    cpu, began = _begin()
    try:
        async with asyncio.timeout(seconds + ANSWER_TIMEOUT):
            for number in range(int(rate * seconds)):
                await asyncio.sleep(max(0, began + number / rate - time.perf_counter()))
                due = time.perf_counter()
                connection = await idle.get()
                connection.send(requests[number % len(requests)])
                connection.began = due
            for _ in everyone:
                await idle.get()
    finally:
        _end(sample, cpu, began)
        for connection in everyone:
            connection.close()
    if strict and sample.errors:
        raise LoadError(sample.errors[0])
    return sample


async def _connect(port: int, done: Callable[[Connection, str], None]) -> Connection:
    _, connection = await asyncio.get_running_loop().create_connection(
        lambda: Connection(done), HOST, port
    )
    return connection


def _begin() -> tuple[float, float]:
    gc.collect()
    gc.disable()
    return time.process_time(), time.perf_counter()


def _end(sample: Sample, cpu: float, began: float) -> None:
    sample.seconds = time.perf_counter() - began
    sample.client_cpu = time.process_time() - cpu
    gc.enable()


def _ignore(_: Connection, __: str) -> None:
    """What a closed connection hears, nobody wants to know."""
