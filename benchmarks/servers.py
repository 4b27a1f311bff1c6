"""The applications that are measured: each in a uvicorn worker of its own, all on the same core."""

import os
import secrets
import sys
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from project import HOST, NO_LIMITS, free_port, running, wait_until_ready

APPS = {
    "trivial": "layers:trivial",
    "bare": "bare:app",
    "route": "layers:route",
    "domain": "layers:domain",
    "surrounded": "layers:surrounded",
    "ours": "src.main:app",
    "uncached": "src.main:app",
    "usual": "usual:app",
}
SETTINGS = {"uncached": {"CACHE_ENABLED": "false"}}  # beside those of all
FACTORIES = {"route", "domain", "surrounded"}
CORES = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []


@dataclass(frozen=True)
class Server:
    """One running application."""

    name: str
    port: int
    process: psutil.Process

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}"

    @property
    def cpu(self) -> float:
        """Seconds that its process has spent so far, all threads, kernel included."""
        times = self.process.cpu_times()
        return times.user + times.system


def production(urls: dict[str, str]) -> dict[str, str]:
    """Settings as in production, but without limits. No e-mail is sent, as no worker runs."""
    return {
        **urls,
        **NO_LIMITS,
        "ENVIRONMENT": "production",
        "PUBLIC_URL": "https://example.com",
        "ALLOWED_HOSTS": HOST,
        "AUTH_JWT_SECRET": secrets.token_urlsafe(48),
        "AUTH_ENCRYPTION_SECRET": secrets.token_urlsafe(48),
        "PAGINATION_CURSOR_SECRET": secrets.token_urlsafe(48),
        "MAIL_SMTP_URL": f"smtp://{HOST}:2525",
        "MAIL_SENDER": "Inkwell <no-reply@example.com>",
        "MEDIA_LINK_SECRET": secrets.token_urlsafe(48),
        "AWS_BUCKET": "nothing-is-uploaded",
        "AWS_ACCESS_KEY_ID": "nobody",
        "AWS_SECRET_ACCESS_KEY": secrets.token_urlsafe(30),
    }


@contextmanager
def started(
    project: Path, settings: dict[str, str], ready_path: str, names: Iterable[str] = APPS
) -> Iterator[dict[str, Server]]:
    """Applications by name, all of them or some; what they log goes to /dev/null."""
    with ExitStack() as stack:
        servers = {}
        for name in names:
            port = free_port()
            own = settings | SETTINGS.get(name, {})
            process = stack.enter_context(
                running(project, _command(name, port), _log(project, name), quiet=True, **own)
            )
            servers[name] = Server(name, port, process)
        for server in servers.values():
            url = f"{server.url}{ready_path}"
            wait_until_ready(url, server.process, _log(project, server.name))
            _pin(server.process)
        yield servers


def make_room() -> str:
    """Leave one core to the applications; says how the cores are shared.

    Whatever this process starts from now on stays off that core, too.
    """
    if not CORES:
        return "This system pins no processes: the applications share cores with their clients."
    if len(CORES) == 1:
        return "There is only one core: the applications share it with databases and clients."
    os.sched_setaffinity(0, CORES[1:])
    return (
        f"The applications run on one core, one worker each; databases and clients share the "
        f"other {len(CORES) - 1}. Access logs go to /dev/null."
    )


def _pin(process: psutil.Process) -> None:
    if CORES:
        for thread in process.threads():
            os.sched_setaffinity(thread.id, CORES[:1])


def _command(name: str, port: int) -> list[str]:
    command = [sys.executable, "-m", "uvicorn", APPS[name], "--host", HOST, "--port", str(port)]
    command += ["--loop", "uvloop", "--http", "httptools", "--no-access-log", "--no-server-header"]
    return [*command, "--factory"] if name in FACTORIES else command


def _log(project: Path, name: str) -> Path:
    return project.parent / f"{name}.log"
