"""When it is safe, and worth it, to share work among processes, and what signals do meanwhile."""

import os
import signal
import sys
import threading
import weakref
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess

_SIGNALS = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}


def processors() -> int:
    """Return how many processors this process may use."""
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def can_fork() -> bool:
    """Tell whether a copy of this process can go on by itself: not where threads hold locks."""
    return sys.platform == "linux" and threading.active_count() == 1


@contextmanager
def undisturbed() -> Iterator[None]:
    """Let signals wait: what is done meanwhile takes a moment, and must not be left half done."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _begin() -> None:
    """Let signals through, in a process that was started undisturbed, and end with its parent."""
    import multiprocessing

    signal.pthread_sigmask(signal.SIG_UNBLOCK, _SIGNALS)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_after, args=(parent,), daemon=True).start()


def _end_after(parent: "BaseProcess") -> None:
    parent.join()
    os._exit(1)


class LostError(Exception):
    """Another process, that worked for this one, has come to no result."""


class Worker:
    """Another process, that works something out meanwhile and sends it piece by piece."""

    def __init__(self, find: Callable[[], Iterable[bytes]]) -> None:
        """Begin; raises `LostError` where the system starts no other process.

        No piece is empty. Where this process cannot be copied, `find` has to be picklable.
        """
        import multiprocessing

        # Forking starts fastest and imports nothing again.
        methods = multiprocessing.get_context
        context = methods("fork") if can_fork() else methods("spawn")
        try:
            self.found, finding = context.Pipe(duplex=False)
            self._process = context.Process(target=_send, args=(find, finding), daemon=True)
            with undisturbed():
                self._process.start()
        except OSError as error:
            raise LostError from error
        finding.close()
        # Where nobody waits for it any more, it need not go on.
        weakref.finalize(self, self._process.kill)

    def receive(self) -> bytes:
        """Wait for the next piece, empty at the end; raises `LostError` if there is no such."""
        try:
            piece = self.found.recv_bytes()
        except (EOFError, OSError):  # it has ended before, or amid a piece
            raise LostError from None
        if not piece:
            self._process.join()
        return piece


def received(workers: Iterable[Worker]) -> Iterator[bytes]:
    """Yield the pieces of several workers as they come; raises `LostError` as these do."""
    from multiprocessing.connection import wait

    waiting: dict[object, Worker] = {worker.found: worker for worker in workers}
    while waiting:
        for found in wait([worker.found for worker in waiting.values()]):
            piece = waiting[found].receive()
            if piece:
                yield piece
            else:
                del waiting[found]


def _send(find: Callable[[], Iterable[bytes]], finding: "Connection") -> None:
    try:
        _begin()
        for piece in find():
            finding.send_bytes(piece)
        finding.send_bytes(b"")
    finally:
        # Neither a report of what failed, which who waits will meet by itself, nor a search for
        # garbage, however long it takes.
        os._exit(0)
