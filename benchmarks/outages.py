"""What to kill, when it is back, and which answers fall into the outage between."""

import asyncio
import os
import signal
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import httpx2
import psutil
import redis.asyncio

from writers import Answer

POLL = 0.02  # seconds
LONGEST = 15.0  # seconds from a kill to the first success
FAILURES = (
    OSError,
    ValueError,  # a file with a process id is just being written
    IndexError,
    asyncpg.PostgresError,
    redis.RedisError,
    httpx2.HTTPError,
)


@dataclass(frozen=True)
class Targets:
    """The processes of one running project, found by what it has written down itself."""

    data: Path
    url: str
    server: psutil.Process  # uvicorn's parent of the workers

    def pids(self, name: str) -> list[int]:
        """The processes to kill under this name."""
        match name:
            case "postgres":
                return [_first_number(self.data / "postgres/postmaster.pid")]
            case "valkey":
                return [_first_number(self.data / "valkey/valkey.pid")]
            case "supervisor":
                return [_first_number(self.data / "supervisor.lock")]
            case _:
                return [worker.pid for worker in self._workers()]

    async def is_back(self, name: str, killed: Sequence[int]) -> bool:
        """Whether the part answers again, asked by itself."""
        try:
            pids = set(self.pids(name))
            if not pids or pids & set(killed):
                return False
            if name in {"postgres", "supervisor"}:
                connection = await asyncpg.connect(self.database_url, timeout=1)
                await connection.close()
            if name in {"valkey", "supervisor"}:
                socket = str(self._run / "valkey.sock")
                async with redis.asyncio.Redis(unix_socket_path=socket, socket_timeout=1) as client:
                    await client.ping()
            if name == "app":
                async with httpx2.AsyncClient(trust_env=False) as http:
                    (await http.get(f"{self.url}/health/live", timeout=1)).raise_for_status()
        except FAILURES:
            return False
        return True

    @property
    def database_url(self) -> str:
        return f"postgresql://postgres@/app?host={self._run}"

    @property
    def _run(self) -> Path:
        return (self.data / "run").resolve()

    def _workers(self) -> list[psutil.Process]:
        return [child for child in self.server.children() if _is_worker(child)]


@dataclass(frozen=True)
class Kill:
    """A kill, and when the killed part answered by itself again (None: not in time)."""

    name: str
    at: float
    back: float | None


async def kill(targets: Targets, name: str) -> Kill:
    """Kill with SIGKILL, and watch for the return."""
    await _return_of(targets, name, [])
    pids = targets.pids(name)
    at = time.monotonic()
    for pid in pids:
        os.kill(pid, signal.SIGKILL)
    return Kill(name, at, await _return_of(targets, name, pids))


async def _return_of(targets: Targets, name: str, killed: Sequence[int]) -> float | None:
    deadline = time.monotonic() + LONGEST
    while time.monotonic() < deadline:
        if await targets.is_back(name, killed):
            return time.monotonic()
        await asyncio.sleep(POLL)
    return None


@dataclass(frozen=True)
class Outage:
    """The time from a kill to the first success of a request that was sent after the return.

    Successes before that prove nothing: for some milliseconds a server that has lost its head
    still finishes what it has begun.
    """

    name: str
    start: float
    back: float | None
    end: float | None

    @property
    def length(self) -> float | None:
        return self.end - self.start if self.end else None

    def touches(self, answer: Answer) -> bool:
        end = self.end or self.start + LONGEST
        return answer.sent <= end and answer.done >= self.start

    def allows(self, answer: Answer) -> bool:
        """Whether this failure may be seen during this outage."""
        return answer.is_unavailable or (self.name == "app" and answer.status is None)


def outage_of(killed: Kill, answers: Iterable[Answer]) -> Outage:
    """The outage after a kill, as the clients saw it."""
    back = killed.back
    ends = [
        answer.done
        for answer in answers
        if back and answer.is_success and answer.sent >= back and answer.done < killed.at + LONGEST
    ]
    return Outage(killed.name, killed.at, back, min(ends, default=None))


def _is_worker(child: psutil.Process) -> bool:
    try:  # the parent has another child, which cleans up after them
        return any("spawn_main" in argument for argument in child.cmdline())
    except psutil.Error:  # dead, and not collected yet
        return False


def _first_number(path: Path) -> int:
    return int(path.read_text().split()[0])
