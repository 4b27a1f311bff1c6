"""`undo`: takes back what the last command of `add` has written. Planning writes nothing."""

from dataclasses import replace
from pathlib import Path

from fastwright.changes import history, journal
from fastwright.changes.history import Undoing
from fastwright.reviews import scope


def plan(path: Path = Path(), *, within: Path | None = None) -> Undoing:
    """Return what takes the last command back in the project around a path.

    What an interrupted run left behind is finished first. Raises `NothingToUndoError`, and
    `ChangedError` if files are not as the command left them.
    """
    root = scope.find((path,), within).root
    recovered = journal.recover(root)
    return replace(history.plan(root), recovered=recovered)


def apply(undoing: Undoing) -> Undoing:
    """Write what was there before, or nothing; return what was done."""
    history.undo(undoing)
    return replace(undoing, written=True)
