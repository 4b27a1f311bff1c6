"""Processes that an earlier supervisor has left behind, told apart from everyone else's.

A pid in a file proves nothing: after a reboot or in a new container it may be anyone's. Only a
process whose own command line names our folder is ours, and only ours is ever signalled.
"""

import contextlib
import signal
import time
from collections.abc import Sequence
from pathlib import Path

import psutil

POLL = 0.02  # seconds

# What to send, and how long to wait for its effect, in seconds.
StopSteps = Sequence[tuple[signal.Signals, float]]


def left_behind(pid_file: Path, *, program: str, argument: str) -> psutil.Process | None:
    """The running `program` that `pid_file` names, if it was started with `argument`."""
    try:
        process = psutil.Process(int(pid_file.read_text().split(maxsplit=1)[0]))
        command = process.cmdline()
    except (OSError, ValueError, IndexError, psutil.Error):
        return None
    is_ours = bool(command) and Path(command[0]).name == program and argument in command
    return process if is_ours else None


def misleads(pid_file: Path) -> bool:
    """Whether the file names a process that lives, though it is not ours, or none at all."""
    try:
        return psutil.pid_exists(int(pid_file.read_text().split(maxsplit=1)[0]))
    except FileNotFoundError:
        return False
    except (ValueError, IndexError):
        return True


def stop(process: psutil.Process, steps: StopSteps) -> None:
    """Stop a process that was verified to be ours, with growing insistence."""
    for step, patience in steps:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.send_signal(step)  # psutil checks that the pid was not reused meanwhile
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            if _has_ended(process):
                return
            time.sleep(POLL)


def _has_ended(process: psutil.Process) -> bool:
    try:
        # In a container whose first process collects nobody, the dead stay zombies.
        return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True
