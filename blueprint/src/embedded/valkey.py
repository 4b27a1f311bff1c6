"""Valkey: its options, and how it is known to be ready."""

import asyncio
import contextlib
import logging
import signal
from collections.abc import Sequence
from pathlib import Path

from src.embedded.folder import DataFolder
from src.embedded.processes import left_behind, stop
from src.embedded.server import Server
from src.embedded.sockets import VALKEY_SOCKET

logger = logging.getLogger(__name__)

PING_TIMEOUT = 1.0  # seconds


class Valkey(Server):
    name = "Valkey"
    stop_steps = ((signal.SIGTERM, 10), (signal.SIGKILL, 5))

    def __init__(
        self, folder: DataFolder, run: Path, launcher: Sequence[str], program: Path
    ) -> None:
        super().__init__(folder, run, launcher)
        self._program = program
        self._socket = run / VALKEY_SOCKET
        self._pid_file = folder.valkey / "valkey.pid"

    async def prepare(self) -> None:
        self.folder.valkey.mkdir(mode=0o700, exist_ok=True)
        self.folder.claim_tree(self.folder.valkey)

    def clear_remains(self) -> None:
        if orphan := left_behind(
            self._pid_file, program="valkey-server", argument=str(self._pid_file)
        ):
            logger.info("stopping the Valkey that was left behind, pid %s", orphan.pid)
            stop(orphan, self.stop_steps)

    def command(self) -> list[str | Path]:
        persistence = ["--appendonly", "no"]
        if not self.folder.is_disposable:
            persistence = ["--appendonly", "yes", "--appendfsync", "always"]
            persistence += ["--aof-load-truncated", "yes"]
        return [
            self._program,
            *("--port", "0", "--unixsocket", self._socket, "--unixsocketperm", "700"),
            *("--databases", "64", "--save", "", *persistence),
            *("--dir", self.folder.valkey, "--pidfile", self._pid_file),
            *("--daemonize", "no", "--logfile", ""),
            *("--set-proc-title", "no"),  # so that the command line tells whose server it is
        ]

    async def answers(self) -> bool:
        try:
            async with asyncio.timeout(PING_TIMEOUT):
                reader, writer = await asyncio.open_unix_connection(self._socket)
                with contextlib.closing(writer):
                    writer.write(b"PING\r\n")
                    return await reader.readline() == b"+PONG\r\n"  # or -LOADING
        except (OSError, TimeoutError):
            return False
