"""A terminal for the tests."""

import io
import sys

import pytest


class Terminal(io.StringIO):
    """A stream that is a terminal."""

    def isatty(self) -> bool:
        """Say so."""
        return True


def become_terminal(monkeypatch: pytest.MonkeyPatch, stream: str = "stdout") -> Terminal:
    """Make a stream a terminal that knows colours, and return what is written to it."""
    terminal = Terminal()
    monkeypatch.setattr(sys, stream, terminal)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    return terminal
