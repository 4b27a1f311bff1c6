"""When it is safe, and worth it, to share work among processes, and what signals do meanwhile."""

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

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


def disturb() -> None:
    """Let signals through, in a process that was started undisturbed."""
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _SIGNALS)
