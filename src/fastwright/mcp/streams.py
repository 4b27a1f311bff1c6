"""Signals end the server in its own time: first what it waits for, then the program.

Standard input is one such thing: the thread that waits for a line there lets go.

The SDK reads in a thread, which neither a signal nor a cancellation wakes; the process would not
end before its client writes once more.
"""

import io
import os
import select
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer


class _Input(io.RawIOBase):
    """Bytes of a descriptor, until it ends or something is written to `ending`."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._ended, self.ending = os.pipe()
        os.set_blocking(self.ending, False)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer", /) -> int:
        ready, _, _ = select.select([self._descriptor, self._ended], [], [])
        if self._ended in ready:
            return 0
        view = memoryview(buffer).cast("B")
        content = os.read(self._descriptor, len(view))
        view[: len(content)] = content
        return len(content)


@contextmanager
def postponed(stop: Callable[[], None] = lambda: None) -> Iterator[None]:
    """Have the signals that stop the program call `stop`, and stop it when the block has ended."""
    came: list[int] = []

    def take(number: int, _frame: FrameType | None) -> None:
        came.append(number)
        stop()

    names = ("SIGINT", "SIGTERM", "SIGHUP")
    numbers = [getattr(signal, name) for name in names if hasattr(signal, name)]
    handlers = {number: signal.signal(number, take) for number in numbers}
    try:
        yield
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
    if came:
        signal.raise_signal(came[0])


@contextmanager
def stoppable_input() -> Iterator[None]:
    """Have the signals that stop the program end `sys.stdin` first, and stop it afterwards.

    A handler that raises would do so anywhere in the SDK; with its input at the end the server
    finishes by itself. The end does not wait for a handler either: Python runs those in the main
    thread, which may have gone to sleep at that moment, and what wakes it is the end of the input.
    Processes that are started meanwhile find their own standard input empty.
    On Windows nothing changes: descriptors cannot be waited for together there.
    """
    if sys.platform == "win32":
        yield
        return
    before = sys.stdin
    wire = os.dup(before.fileno())
    _empty(before.fileno())
    stream = _Input(wire)
    sys.stdin = io.TextIOWrapper(io.BufferedReader(stream), encoding="utf-8")
    with postponed():
        woken = signal.set_wakeup_fd(stream.ending, warn_on_full_buffer=False)
        try:
            yield
        finally:
            signal.set_wakeup_fd(woken)
            os.dup2(wire, before.fileno())
            sys.stdin = before


def _empty(descriptor: int) -> None:
    """Let a descriptor lead to nothing."""
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, descriptor)
    os.close(nothing)
