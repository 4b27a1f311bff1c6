"""What the tests run: users in processes of their own, and queries to the servers they share."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import Any, Self

import asyncpg
import psutil
import redis

from src.embedded import EmbeddedServices

ROOT = Path(__file__).resolve().parents[2]
USER = """
import json, sys
from pathlib import Path
from src.embedded import EmbeddedServicesError, acquire
try:
    services = acquire(Path(sys.argv[1]), disposable=sys.argv[2] == "disposable")
except EmbeddedServicesError as error:
    print(json.dumps({"error": str(error)}), flush=True)
else:
    urls = {"database_url": services.database_url, "redis_url": services.redis_url}
    print(json.dumps(urls), flush=True)
sys.stdin.read()
"""
AWAY = (
    OSError,
    redis.ConnectionError,
    redis.BusyLoadingError,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,  # starting up, shutting down
)


class User:
    """A process that uses the services until it is killed, at the latest when the block ends."""

    def __init__(
        self, data_dir: Path, *, disposable: bool = False, prefix: Sequence[str] = ()
    ) -> None:
        kind = "disposable" if disposable else "lasting"
        self._process = subprocess.Popen(
            [*prefix, sys.executable, "-c", USER, str(data_dir), kind],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            cwd="/",
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    def answer(self) -> dict[str, str]:
        """The URLs, or the error. Waits until there is one."""
        assert self._process.stdout
        answer: dict[str, str] = json.loads(self._process.stdout.readline())
        return answer

    def kill(self) -> None:
        self._process.kill()
        self._process.communicate()


def urls(services: EmbeddedServices) -> dict[str, str]:
    return {"database_url": services.database_url, "redis_url": services.redis_url}


def query(database_url: str, statement: str) -> Any:
    """The first value of the statement's result."""

    async def run() -> Any:
        connection = await asyncpg.connect(database_url.replace("+asyncpg", ""))
        try:
            return await connection.fetchval(statement)
        finally:
            await connection.close()

    return asyncio.run(run())


def write(urls: dict[str, str], value: str) -> None:
    """Leave a value in both servers."""
    query(urls["database_url"], "CREATE TABLE IF NOT EXISTS note (value text)")
    query(urls["database_url"], f"INSERT INTO note VALUES ('{value}')")
    with closing(redis.Redis.from_url(urls["redis_url"])) as client:
        client.set(value, "written")


def holds(urls: dict[str, str], value: str) -> bool:
    """Whether both servers answer, and have the value."""
    statement = f"SELECT count(*) FROM note WHERE value = '{value}'"
    try:
        with closing(redis.Redis.from_url(urls["redis_url"])) as client:
            return client.get(value) == b"written" and query(urls["database_url"], statement) == 1
    except AWAY:
        return False


def eventually(condition: Callable[[], object], *, seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


def supervisor_of(data_dir: Path) -> psutil.Process:
    return psutil.Process(int((data_dir / "supervisor.lock").read_text()))


def postgres_of(data_dir: Path) -> psutil.Process:
    return psutil.Process(int((data_dir / "postgres/postmaster.pid").read_text().split()[0]))


def valkey_of(data_dir: Path) -> psutil.Process:
    return psutil.Process(int((data_dir / "valkey/valkey.pid").read_text()))


def processes_of(data_dir: Path) -> list[psutil.Process]:
    """Supervisor and servers of the folder; they name it, or are in it."""
    return [
        process
        for process in psutil.process_iter(["cmdline", "status"])
        if process.info["status"] != psutil.STATUS_ZOMBIE
        and process.pid != os.getpid()
        and any(
            argument in {str(data_dir), str(data_dir / "postgres")}
            or argument == str(data_dir / "valkey")
            for argument in process.info["cmdline"] or ()
        )
    ]


def stop(data_dir: Path) -> None:
    """End the supervisor at once, as its grace would later, and see that nothing stays behind."""
    # The lock file is missing, or empty, where there never was a supervisor.
    with suppress(FileNotFoundError, ValueError, psutil.NoSuchProcess):
        supervisor = supervisor_of(data_dir)
        if str(data_dir) in supervisor.cmdline():
            supervisor.send_signal(signal.SIGTERM)
    eventually(lambda: not processes_of(data_dir))
