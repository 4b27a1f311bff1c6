"""When it is safe, and worth it, to share work among processes."""

import os
import sys
import threading


def processors() -> int:
    """Return how many processors this process may use."""
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def can_fork() -> bool:
    """Tell whether a copy of this process can go on by itself: not where threads hold locks."""
    return sys.platform == "linux" and threading.active_count() == 1
