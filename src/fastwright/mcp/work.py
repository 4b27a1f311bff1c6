"""Runs a task in a process of its own: it can be stopped any time, and leaves no memory behind.

The processes are copies of one that has imported the verbs and nothing else, so that they start at
once. What a task prints goes to standard error: standard output belongs to the protocol.
"""

import gc
import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext, SpawnContext
from multiprocessing.process import BaseProcess
from types import FrameType
from typing import Any, NoReturn

import anyio
import anyio.to_thread

from fastwright.errors import FastwrightError, InternalError

# Called with a part of the work, how much of it is done, and of how much.
Report = Callable[[str, int, int], Awaitable[None]]

_PRELOADED = "fastwright.mcp.tasks"
_SECONDS_BETWEEN_REPORTS = 0.1
# A project that is being made takes itself away again when it is stopped.
_SECONDS_TO_TIDY = 10
_running: set[BaseProcess] = set()
# A review of a large codebase takes some hundred megabytes.
_AT_ONCE = anyio.CapacityLimiter(8)


def prepare() -> None:
    """Start the process that the others are copies of."""
    context = _context()
    if context.get_start_method() == "forkserver":
        from multiprocessing import forkserver

        context.set_forkserver_preload([_PRELOADED])
        forkserver.ensure_running()


async def run(task: Callable[..., Any], *arguments: object, report: Report) -> Any:  # noqa: ANN401 - whatever the task returns
    """Return what `task(*arguments, watch)` returns; raises its `FastwrightError`.

    When the caller is cancelled the process is stopped, and whatever it had begun taken back. Of
    many at once, some wait for others.
    """
    async with _AT_ONCE:
        return await _run(task, *arguments, report=report)


async def _run(task: Callable[..., Any], *arguments: object, report: Report) -> Any:  # noqa: ANN401 - the same
    receiving, sending = multiprocessing.Pipe(duplex=False)
    process = _context().Process(target=_work, args=(sending, task, arguments))
    try:
        await anyio.to_thread.run_sync(_start, process)
        sending.close()
        while True:
            kind, *values = await anyio.to_thread.run_sync(
                _receive, receiving, abandon_on_cancel=True
            )
            match kind:
                case "progress":
                    await report(*values)
                case "done":
                    return values[0]
                case _:
                    raise values[0]
    finally:
        with anyio.CancelScope(shield=True):
            await anyio.to_thread.run_sync(_end, process)


@contextmanager
def ended_with_the_server() -> Iterator[None]:
    """End at the end what nobody waits for any more."""
    try:
        yield
    finally:
        for process in list(_running):
            _end(process)


def _start(process: BaseProcess) -> None:
    process.start()
    _running.add(process)


def _context() -> ForkServerContext | SpawnContext:
    if "forkserver" in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("forkserver")
    return multiprocessing.get_context("spawn")


def _receive(receiving: Connection) -> tuple[Any, ...]:
    try:
        message: tuple[Any, ...] = receiving.recv()
    except (EOFError, OSError):
        return "failed", InternalError("The work was ended from outside: there is no result.")
    return message


def _end(process: BaseProcess) -> None:
    """End a process and those that it started, gently first."""
    if process not in _running:
        return  # it never began, or was ended already
    _running.discard(process)
    if process.is_alive():
        process.join(0.05)  # it has answered, and is about to go
    if process.is_alive():
        _signal(process, signal.SIGTERM)
        process.join(_SECONDS_TO_TIDY)
    if process.is_alive():
        _signal(process, signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)
    process.join()
    process.close()


def _signal(process: BaseProcess, number: signal.Signals) -> None:
    if process.pid is None or not hasattr(os, "killpg"):
        process.terminate()
        return
    try:
        os.killpg(process.pid, number)
    except ProcessLookupError:
        process.terminate()  # it has no group of its own yet, or is gone


def _work(sending: Connection, task: Callable[..., Any], arguments: tuple[object, ...]) -> None:
    """Do a task in this process, which is the first of a group of its own, and send the result."""
    if hasattr(os, "setsid"):
        os.setsid()
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    own = os.getpid()

    def stop(number: int, _frame: FrameType | None) -> NoReturn:
        if os.getpid() != own:
            os._exit(128 + number)  # one of those that read the files
        signal.signal(number, signal.SIG_IGN)
        sys.exit(128 + number)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.disable()
    reported = 0.0

    def watch(what: str, done: int, of: int) -> None:
        nonlocal reported
        now = time.monotonic()
        if now - reported >= _SECONDS_BETWEEN_REPORTS:
            reported = now
            sending.send(("progress", what, done, of))

    try:
        sending.send(("done", task(*arguments, watch)))
    except FastwrightError as error:
        sending.send(("failed", error))
    except OSError as error:
        sending.send(("failed", FastwrightError(f"{error.filename}: {error.strerror}.")))
    except Exception as error:  # noqa: BLE001 - the front door of this process
        sys.excepthook(type(error), error, error.__traceback__)
        said = f"{type(error).__name__}: {error}. This is a fault of fastwright: please report it."
        sending.send(("failed", InternalError(said)))
    sending.close()
    os._exit(0)  # at its end Python would look for garbage first, however long it takes
