"""The supervisor: runs both servers of one data folder for as long as anyone uses them."""

import asyncio
import contextlib
import logging
import os
import signal
from pathlib import Path

from src.embedded.binaries import valkey_server
from src.embedded.errors import ADVICE, EmbeddedServicesError
from src.embedded.folder import DataFolder
from src.embedded.postgres import PostgreSQL, programs_for
from src.embedded.privileges import launcher
from src.embedded.server import READY_POLL, Server
from src.embedded.sockets import SUPERVISOR_SOCKET, make_run_folder, remove_run_folder
from src.embedded.users import Answer, Users
from src.embedded.valkey import Valkey

logger = logging.getLogger(__name__)

TICK = 0.25  # seconds between two looks at users and folder
LAST_WORDS = 2.0  # seconds in which a failed start waits for its starter, to tell him


async def supervise(folder: DataFolder, *, lock: int, grace: float) -> None:
    """Run the servers until nobody has used them for `grace` seconds, a signal asks to stop, or
    the folder has been deleted. `lock` is the open lock file.

    Raises:
        EmbeddedServicesError: the servers cannot run. The users have been told.
    """
    os.ftruncate(lock, 0)
    os.pwrite(lock, b"%d\n" % os.getpid(), 0)
    run = make_run_folder(folder)
    supervisor = _Supervisor(folder, run)
    try:
        await supervisor.listen()
        await supervisor.serve(lock, grace)
    finally:
        await supervisor.stop()
        is_ours = folder.holds(lock, folder.lock.name)
        if is_ours:
            (run / SUPERVISOR_SOCKET).unlink(missing_ok=True)
        remove_run_folder(folder, run)
        if is_ours and folder.is_disposable:
            folder.delete()


class _Supervisor:
    def __init__(self, folder: DataFolder, run: Path) -> None:
        self._folder = folder
        self._run = run
        self._users = Users(self._answer)
        self._servers: list[Server] = []
        self._work = asyncio.create_task(self._keep_running())
        asked_to_stop = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, asked_to_stop.set)
        self._order_to_stop = asyncio.create_task(asked_to_stop.wait())

    async def listen(self) -> None:
        socket = self._run / SUPERVISOR_SOCKET
        socket.unlink(missing_ok=True)
        await self._users.listen(socket)
        self._folder.claim(socket, 0o600)

    async def serve(self, lock: int, grace: float) -> None:
        while self._users.idle_time < grace:
            await asyncio.wait(
                {self._work, self._order_to_stop},
                timeout=TICK,
                return_when=asyncio.FIRST_COMPLETED,
            )
            if self._work.done():
                await self._say_last_words()
                self._work.result()
            if self._order_to_stop.done():
                logger.info("asked to stop")
                return
            if not self._folder.holds(lock, self._folder.lock.name):
                logger.info("the data folder is gone")
                return
        logger.info("the last user has gone")

    async def stop(self) -> None:
        self._users.turn_away()
        self._work.cancel()
        self._order_to_stop.cancel()
        await asyncio.wait({self._work, self._order_to_stop})
        await asyncio.gather(*(server.stop() for server in self._servers))
        logger.info("stopped")

    async def _keep_running(self) -> None:
        programs, valkey = programs_for(self._folder), valkey_server()
        prefix = launcher(
            self._folder.account, programs=[programs.postgres, valkey], data=self._folder.path
        )
        self._servers += [
            PostgreSQL(self._folder, self._run, prefix, programs),
            Valkey(self._folder, self._run, prefix, valkey),
        ]
        try:
            async with asyncio.TaskGroup() as group:
                for server in self._servers:
                    group.create_task(server.keep_running())
        except ExceptionGroup as errors:
            raise errors.exceptions[0] from None

    async def _answer(self) -> Answer:
        while not self._work.done():
            if self._servers and all(server.is_ready for server in self._servers):
                return {"run": str(self._run)}
            await asyncio.sleep(READY_POLL)
        if self._work.cancelled():
            raise ConnectionAbortedError
        error = self._work.exception()
        if isinstance(error, EmbeddedServicesError):
            return {"error": str(error)}
        return {"error": self._folder.explain(f"The supervisor failed: {error!r}. {ADVICE}")}

    async def _say_last_words(self) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LAST_WORDS):
                await self._users.somebody_knows.wait()
