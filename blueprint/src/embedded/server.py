"""One server under the supervisor's care: started, started again when it dies, stopped."""

import asyncio
import contextlib
import logging
import os
import time
from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path

from src.embedded.errors import ADVICE, EmbeddedServicesError
from src.embedded.folder import DataFolder
from src.embedded.privileges import die_with_parent
from src.embedded.processes import StopSteps

logger = logging.getLogger(__name__)

FIRST_ATTEMPTS = 6  # and then users hear of it; with the pauses between them about 3 seconds
SHORTEST_PAUSE = 0.1  # seconds; doubled with each failure in a row
LONGEST_PAUSE = 30.0
STABLE_AFTER = 10.0  # seconds a server has to run for its next death to be a first one
READY_POLL = 0.01

# Nothing of ours: PGPORT, PGDATA, LD_PRELOAD and the like would change what the servers do.
ENVIRONMENT = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}


class ServerDiedError(Exception):
    """The server ended before it was ready."""


class Server(ABC):
    """A server whose data is in the folder and whose socket is in `run`."""

    name: str
    stop_steps: StopSteps

    def __init__(self, folder: DataFolder, run: Path, launcher: Sequence[str]) -> None:
        self.folder = folder
        self.run = run
        self.launcher = launcher
        self.is_ready = False
        self._process: asyncio.subprocess.Process | None = None

    @abstractmethod
    async def prepare(self) -> None:
        """Make the data, once, before the first start; EmbeddedServicesError when it cannot."""

    @abstractmethod
    def clear_remains(self) -> None:
        """Stop our server that was left behind, and remove files that would block a start."""

    @abstractmethod
    def command(self) -> Sequence[str | Path]: ...

    @abstractmethod
    async def answers(self) -> bool:
        """Whether the server answers, and has everything in place that users rely on."""

    async def keep_running(self) -> None:
        """Start the server, and again whenever it dies, for ever.

        Raises:
            EmbeddedServicesError: it could not be started in the first place.
        """
        await asyncio.to_thread(self.clear_remains)
        await self.prepare()
        failures, was_ready = 0, False
        while True:
            began = time.monotonic()
            try:
                process = await self._start()
            except (ServerDiedError, OSError) as error:
                logger.warning("%s did not start: %s", self.name, error)
            else:
                was_ready = True
                self.is_ready = True
                logger.info("%s is ready, after %.2f s", self.name, time.monotonic() - began)
                began = time.monotonic()
                status = await process.wait()
                self.is_ready = False
                logger.warning("%s ended with status %s", self.name, status)
            failures = 1 if time.monotonic() - began > STABLE_AFTER else failures + 1
            if failures == FIRST_ATTEMPTS and not was_ready:
                raise EmbeddedServicesError(
                    self.folder.explain(f"{self.name} does not start. {ADVICE}")
                )
            pause = min(SHORTEST_PAUSE * 2 ** (failures - 1), LONGEST_PAUSE)
            logger.info("starting %s again in %.1f s", self.name, pause)
            await asyncio.sleep(pause)
            await asyncio.to_thread(self.clear_remains)

    async def stop(self) -> None:
        """Stop the server cleanly, if it runs; kill it when it does not listen."""
        process = self._process
        if process is None:
            return
        for step, patience in self.stop_steps:
            if process.returncode is not None:
                return
            with contextlib.suppress(ProcessLookupError):
                process.send_signal(step)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(process.wait(), patience)
                return
        logger.error("%s could not be stopped", self.name)

    async def spawn(self, command: Sequence[str | Path]) -> asyncio.subprocess.Process:
        """Run a command as the account of the servers; its output goes to the log."""
        self._process = await asyncio.create_subprocess_exec(
            *self.launcher,
            *command,
            stdin=asyncio.subprocess.DEVNULL,
            cwd=self.folder.path,
            env=ENVIRONMENT,
            preexec_fn=die_with_parent(),
            # A terminal's Ctrl-C must not reach the servers of a supervisor run by hand.
            process_group=0,
        )
        return self._process

    async def _start(self) -> asyncio.subprocess.Process:
        process = await self.spawn(self.command())
        while not await self.answers():
            if process.returncode is not None:
                raise ServerDiedError(f"it ended with status {process.returncode}")
            await asyncio.sleep(READY_POLL)
        return process
