"""The blueprint for the benchmarks: where it is, a copy to hurt, its processes run and stopped."""

import asyncio
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

import psutil

HERE = Path(__file__).resolve().parent
BLUEPRINT = HERE.parent / "blueprint"
LEFT_BEHIND = shutil.ignore_patterns(".venv", ".data", ".env", ".tools", ".*_cache", "__pycache__")
HOST = "127.0.0.1"
PATIENCE = 20.0  # seconds for a process to end as asked, before it is killed
POLL = 0.05  # seconds
RESTART_AFTER = 1.0  # seconds

# For clients that log in, register and write as no one should in life.
NO_LIMITS = {
    f"{name}_LIMIT": "1000000/minute"
    for name in (
        *("AUTH_LOGIN", "AUTH_LOGIN_ADDRESS", "AUTH_REGISTER_ADDRESS"),
        *("AUTH_MAIL", "AUTH_MAIL_ADDRESS", "AUTH_CODE", "AUTH_LINK_ADDRESS"),
        *("COMMENTS_WRITE", "MEDIA_UPLOAD"),
    )
}
SETTINGS = (
    *("ENVIRONMENT", "APP_NAME", "PUBLIC_URL", "PORT", "DEBUG", "ALLOWED_HOSTS"),
    *("CORS_ORIGINS", "TRUSTED_PROXIES", "TELEMETRY", "JOBS_IN_PROCESS"),
)
PREFIXES = (
    *("AUTH_", "DATABASE_", "DB_", "REDIS_", "MAIL_", "PAGINATION_", "MAX_", "PG"),
    *("AWS_", "CACHE_", "COMMENTS_", "MEDIA_", "NOTIFICATIONS_", "PROFILES_"),
)


class ProjectError(Exception):
    """A part of the benchmark does not run. The message holds what it said."""


@contextmanager
def temporary_folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="fastwright-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def copied_project() -> Iterator[Path]:
    """A copy of the blueprint with data of its own, which ends with it."""
    with temporary_folder() as folder:
        project = folder / "project"
        shutil.copytree(BLUEPRINT, project, ignore=LEFT_BEHIND)
        try:
            yield project
        finally:
            stop_services(project / ".data")


def environment(project: Path, **settings: str) -> dict[str, str]:
    """The variables for a process of the project: `settings`, and none of this shell's."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in SETTINGS and not name.startswith(PREFIXES)
    }
    # Without bytecode each start would compile all packages anew.
    cache = {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(project.parent / "pycache")}
    path = os.pathsep.join([str(project), str(HERE)])
    return kept | cache | {"PYTHONPATH": path} | settings


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def run(project: Path, *arguments: str, **settings: str) -> str:
    """Run `python -m …` in the project to its end; returns what it printed.

    Raises:
        ProjectError: it failed.

    """
    command = [sys.executable, "-m", *arguments]
    done = subprocess.run(  # noqa: S603  (our own interpreter)
        command,
        cwd=project,
        env=environment(project, **settings),
        capture_output=True,
        text=True,
        check=False,
        timeout=180,
    )
    if done.returncode:
        raise ProjectError(f"{' '.join(arguments)} failed:\n{done.stdout}{done.stderr}")
    return done.stdout


@contextmanager
def disposable_services(folder: Path) -> Iterator[dict[str, str]]:
    """Embedded servers that trade safety for speed, as settings for the project's processes."""
    sys.path.insert(0, str(BLUEPRINT))
    from src.embedded import acquire  # noqa: PLC0415  (the line above makes it importable)

    services = acquire(folder, disposable=True)
    try:
        yield {"DATABASE_URL": services.database_url, "REDIS_URL": services.redis_url}
    finally:
        services.release()
        stop_services(folder)


@contextmanager
def running(
    project: Path, command: Sequence[str], log: Path, *, quiet: bool = False, **settings: str
) -> Iterator[psutil.Process]:
    """A process of the project, asked to stop when the block ends.

    Its output goes to `log`; of a quiet one, whose log lines nobody reads, only its errors.
    """
    with log.open("ab") as output:
        process = subprocess.Popen(  # noqa: S603  (our own interpreter)
            command,
            cwd=project,
            env=environment(project, **settings),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL if quiet else output,
            stderr=output,
            start_new_session=True,  # Ctrl-C is for the benchmark, which stops it in good order
        )
    try:
        yield psutil.Process(process.pid)
    finally:
        _stop(process)


class KeptProcess:
    """A process of the project that is started again after its death, as by a service manager."""

    def __init__(self, project: Path, command: Sequence[str], log: Path, **settings: str) -> None:
        self.starts = 0
        self._process: psutil.Process | None = None
        self._run = partial(running, project, command, log, quiet=False, **settings)

    @property
    def pids(self) -> list[int]:
        """The process, while there is one."""
        return [self._process.pid] if self._process and is_alive(self._process) else []

    async def keep(self) -> None:
        """Have it run until this is cancelled."""
        while True:
            self.starts += 1
            with self._run() as self._process:
                while is_alive(self._process):  # noqa: ASYNC110  (tells no event loop)
                    await asyncio.sleep(POLL)
            await asyncio.sleep(RESTART_AFTER)


def is_alive(process: psutil.Process) -> bool:
    with suppress(psutil.NoSuchProcess):
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    return False


def wait_until_ready(url: str, process: psutil.Process, log: Path, seconds: float = 90) -> None:
    """Wait for a 200.

    Raises:
        ProjectError: the process ended, or took too long.

    """
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and is_alive(process):
        with (
            suppress(urllib.error.URLError, OSError),
            urllib.request.urlopen(url, timeout=5) as answer,  # noqa: S310  (our own http URL)
        ):
            if answer.status == 200:  # noqa: PLR2004
                return
        time.sleep(POLL)
    raise ProjectError(f"{url} does not become ready:\n{log.read_text()[-4000:]}")


def stop_services(data: Path) -> None:
    """End the embedded services of a folder that nobody uses any more."""
    with suppress(FileNotFoundError, ValueError, psutil.NoSuchProcess):
        supervisor = psutil.Process(int((data / "supervisor.lock").read_text()))
        if str(data) in supervisor.cmdline():
            supervisor.terminate()
            with suppress(psutil.TimeoutExpired):
                supervisor.wait(PATIENCE)


def _stop(process: "subprocess.Popen[bytes]") -> None:
    children = []
    with suppress(psutil.NoSuchProcess):
        children = psutil.Process(process.pid).children()
    process.terminate()
    try:
        process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        for child in children:  # psutil knows when a pid has become another process's
            with suppress(psutil.NoSuchProcess):
                child.kill()
