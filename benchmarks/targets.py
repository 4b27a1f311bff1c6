"""A project that runs in order to be hurt: what there is to kill, and whether it is back."""

import asyncio
import os
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import httpx2
import psutil
import redis.asyncio

from project import HOST, KeptProcess, free_port, running, wait_until_ready

APP_PROCESSES = 2
LONGEST = 15.0  # seconds from a kill to the first success
TIMES_TO_START = 3  # where the machine is so busy that this is longer
WORKERS = {"worker": slice(1), "worker-two": slice(1, 2), "workers": slice(2)}
FAILURES = (
    OSError,
    ValueError,  # a file with a process id is just being written
    IndexError,
    asyncpg.PostgresError,
    redis.RedisError,
    httpx2.HTTPError,
    psutil.Error,
)


@dataclass(frozen=True)
class Targets:
    """The processes of one running project, found by what it has written down itself."""

    data: Path
    port: int
    server: psutil.Process  # uvicorn's parent of the application's processes
    started_in: float  # seconds until it was ready, with nobody there
    workers: Sequence[KeptProcess] = ()  # `python -m src.worker`, where it runs on its own

    @property
    def patience(self) -> float:
        """Seconds from a kill to the first success, at the most."""
        return max(LONGEST, TIMES_TO_START * self.started_in)

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}"

    @property
    def database_url(self) -> str:
        return f"postgresql://postgres@/app?host={self._run}"

    def pids(self, name: str) -> list[int]:
        """The processes to kill under this name."""
        match name:
            case "postgres":
                return [_first_number(self.data / "postgres/postmaster.pid")]
            case "valkey":
                return [_first_number(self.data / "valkey/valkey.pid")]
            case "supervisor":
                return [_first_number(self.data / "supervisor.lock")]
            case "worker" | "worker-two" | "workers":
                return [pid for it in self.workers[WORKERS[name]] for pid in it.pids]
            case "app-one":
                return [process.pid for process in self._app_processes()[:1]]
            case _:
                return [process.pid for process in self._app_processes()]

    def kill(self, name: str) -> list[int]:
        """Kill with SIGKILL; returns the processes that were."""
        pids = self.pids(name)
        for pid in pids:
            os.kill(pid, signal.SIGKILL)
        return pids

    async def is_back(self, name: str, killed: Sequence[int]) -> bool:
        """Whether the part answers again, asked by itself. A worker has only to run."""
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
            if name == "app-one":
                return await self._newest_answers()
        except FAILURES:
            return False
        return True

    @property
    def _run(self) -> Path:
        return (self.data / "run").resolve()

    def _app_processes(self) -> list[psutil.Process]:
        """The eldest first."""
        children = [child for child in self.server.children() if _serves(child)]
        return sorted(children, key=lambda child: (child.create_time(), child.pid))

    async def _newest_answers(self) -> bool:
        """Whether all are there, and this request is answered by the one that came last."""
        processes = self._app_processes()
        if len(processes) < APP_PROCESSES:
            return False
        async with asyncio.timeout(1):
            reader, writer = await asyncio.open_connection(HOST, self.port)
            try:
                own_port = writer.get_extra_info("sockname")[1]
                writer.write(b"GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n")
                is_answered = b" 200 " in await reader.readline()
                ends = [it.raddr for it in processes[-1].net_connections("tcp4")]
                return is_answered and any(end and end.port == own_port for end in ends)
            finally:
                writer.close()


@contextmanager
def serving(
    project: Path, log: Path, **settings: str
) -> Iterator[tuple[int, psutil.Process, float]]:
    """The application in two processes, ready: its port, their parent, and how long it took."""
    port = free_port()
    command = [sys.executable, "-m", "uvicorn", "src.main:app", "--workers", str(APP_PROCESSES)]
    command += ["--host", HOST, "--port", str(port)]
    command += ["--no-access-log", "--no-server-header", "--no-proxy-headers"]
    began = time.monotonic()
    with running(project, command, log, quiet=False, **settings) as server:
        wait_until_ready(f"http://{HOST}:{port}/health/ready", server, log)
        yield port, server, time.monotonic() - began


def worker(project: Path, log: Path, **settings: str) -> KeptProcess:
    """A process that runs jobs, once somebody keeps it."""
    return KeptProcess(project, [sys.executable, "-m", "src.worker"], log, **settings)


def _serves(child: psutil.Process) -> bool:
    try:  # the parent has another child, which cleans up after them
        return any("spawn_main" in argument for argument in child.cmdline())
    except psutil.Error:  # dead, and not collected yet
        return False


def _first_number(path: Path) -> int:
    return int(path.read_text().split()[0])
