"""The way to the supervisor of a data folder: connect to it, or start it first."""

import json
import os
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from socket import AF_UNIX, SHUT_RDWR, SOCK_STREAM, socket

from src.embedded.binaries import require_wheels
from src.embedded.errors import ADVICE, EmbeddedServicesError
from src.embedded.folder import DataFolder, open_folder
from src.embedded.sockets import SUPERVISOR_SOCKET, restore_run_folder, run_folder

POLL = 0.02  # seconds
START_LOCK = "start.lock"  # held by the one process that is starting a supervisor
PACKAGE = "src.embedded"
ROOT = Path(__file__).resolve().parents[PACKAGE.count(".") + 1]


@dataclass(frozen=True)
class Connection:
    """What makes a process a user: the supervisor counts open connections."""

    link: socket
    run: Path

    def wait_until_lost(self) -> None:
        with suppress(OSError):
            while self.link.recv(1):
                pass

    def close(self) -> None:
        with suppress(OSError):
            self.link.shutdown(SHUT_RDWR)  # wakes the thread that waits in recv
        self.link.close()


def connect(
    data_dir: Path, *, disposable: bool, timeout: float, sockets: Path | None = None
) -> Connection:
    """Become a user of the services of `data_dir`, which are ready on return.

    `sockets` is where they were for this process until now, so that they come back there.

    Raises:
        EmbeddedServicesError: they cannot run, or are not ready after `timeout` seconds.
    """
    deadline = time.monotonic() + timeout
    message = f"The embedded services are not ready after {timeout:g} s. {ADVICE}"
    while True:
        try:
            folder = open_folder(data_dir, disposable=disposable)
            if connection := _try(folder, deadline) or _start(folder, deadline, sockets):
                return connection
            if time.monotonic() > deadline:
                raise EmbeddedServicesError(folder.explain(message))
        except FileNotFoundError as error:
            # A disposable folder may be deleted by its last supervisor while we look into it.
            if time.monotonic() > deadline:
                raise EmbeddedServicesError(message) from error
        time.sleep(POLL)


def _try(folder: DataFolder, deadline: float) -> Connection | None:
    """Connect to the supervisor; None when there is none, or it is just ending."""
    link = socket(AF_UNIX, SOCK_STREAM)
    try:
        link.settimeout(max(POLL, deadline - time.monotonic()))
        link.connect(str(run_folder(folder) / SUPERVISOR_SOCKET))
        with link.makefile("rb") as lines:
            answer = json.loads(lines.readline() or "{}")
        link.settimeout(None)
    except (OSError, ValueError):  # gone, perhaps in the middle of its answer
        answer = {}
    if "run" in answer:
        return Connection(link, Path(answer["run"]))
    link.close()
    if "error" in answer:
        raise EmbeddedServicesError(answer["error"])
    return None


def _start(folder: DataFolder, deadline: float, sockets: Path | None) -> Connection | None:
    """Start a supervisor and connect to it; None when another process does or has done so."""
    with folder.try_lock(START_LOCK) as is_starter:
        if is_starter is None:
            return None
        with folder.try_lock(folder.lock.name) as is_free:
            if is_free is None:
                return None
        require_wheels()
        if sockets:
            restore_run_folder(folder, sockets)
        supervisor = _spawn(folder)
        try:
            while supervisor.poll() is None and time.monotonic() < deadline:
                if connection := _try(folder, deadline):
                    return connection
                time.sleep(POLL)
        finally:
            # Whoever started it has to collect its end, or it stays behind as a zombie.
            threading.Thread(target=supervisor.wait, daemon=True).start()
        # One that was killed is started again by the next round.
        if (supervisor.returncode or 0) > 0:
            message = f"The supervisor ended with status {supervisor.returncode}. {ADVICE}"
            raise EmbeddedServicesError(folder.explain(message))
        return None


def _spawn(folder: DataFolder) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", PACKAGE, str(folder.path)]
    if folder.is_disposable:
        command.append("--disposable")
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    log = folder.open_log()
    try:
        return subprocess.Popen(  # noqa: S603  (our own module)
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd="/",
            env=os.environ | {"PYTHONPATH": path},
            start_new_session=True,  # Ctrl-C in the user's terminal is not for the supervisor
        )
    finally:
        os.close(log)
