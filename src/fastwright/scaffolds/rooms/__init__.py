"""Reads of a project what `add` has to know: what cannot be told is asked for, not guessed."""

from pathlib import Path

from fastwright.application.application import Application
from fastwright.scaffolds.room import Room
from fastwright.scaffolds.rooms import house, reading
from fastwright.scaffolds.rooms.given import Given, symbol
from fastwright.scaffolds.rooms.refusals import Refusal, for_domain

__all__ = ["Given", "Refusal", "for_domain", "read", "symbol"]


def read(application: Application, root: Path, given: Given | None = None) -> Room | Refusal:
    """Return the room of a project, ours or not; see `reading`."""
    return house.read(root) or reading.read(application, root, given)
