"""How far a long review has come: one line on standard error, if that is a terminal."""

import sys
import time
from typing import Self

# A review that is quicker than this, in seconds, says nothing.
_PATIENCE = 0.7
_INTERVAL = 0.1


class Progress:
    """Shows what it is called with; used as a context, it leaves a clean line behind."""

    def __init__(self) -> None:
        self._next = time.monotonic() + _PATIENCE
        self._shown = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._shown:
            sys.stderr.write(f"\r{' ' * self._shown}\r")
            sys.stderr.flush()

    def __call__(self, what: str, done: int, of: int) -> None:
        """Show that so many are done."""
        now = time.monotonic()
        if not of or now < self._next or not sys.stderr.isatty():
            return
        line = f"{what} … {done:,} of {of:,}"
        sys.stderr.write(f"\r{line:<{self._shown}}")
        sys.stderr.flush()
        self._shown = max(self._shown, len(line))
        self._next = now + _INTERVAL
