"""What `add` would create and change, and what it leaves to the user: plain values."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from fastwright.changes.journal import Recovered, Rewrite
from fastwright.scaffolds.draft import Outcome, Snippet


class Action(StrEnum):
    """What happens to a file."""

    CREATE = "create"
    CHANGE = "change"
    IDENTICAL = "identical"
    CONFLICT = "conflict"


@dataclass(frozen=True, slots=True)
class Entry:
    """A file: what it holds, None where there is none, and what it is to hold."""

    path: str
    action: Action
    before: bytes | None
    after: bytes

    @property
    def rewrite(self) -> Rewrite:
        """Return what is written, or would be if nothing were in the way."""
        return Rewrite(self.path, self.before, self.after)


@dataclass(frozen=True, slots=True)
class Command:
    """Something that the user types, and what for."""

    line: str
    purpose: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What a command of `add` comes to; `written` tells whether it was carried out.

    What is left for the user to paste or to run is part of the work: without it, it is not done.
    """

    root: Path
    command: str
    entries: tuple[Entry, ...]
    to_paste: tuple[Snippet, ...] = ()
    to_run: tuple[Command, ...] = ()
    notes: tuple[str, ...] = ()
    tables: frozenset[str] = frozenset()  # what the revision touches
    next_commands: tuple[Command, ...] = ()
    recovered: Recovered | None = None
    written: bool = False

    @property
    def rewrites(self) -> tuple[Rewrite, ...]:
        """Return what is to be written."""
        actions = {Action.CREATE, Action.CHANGE}
        return tuple(each.rewrite for each in self.entries if each.action in actions)

    @property
    def conflicts(self) -> tuple[Entry, ...]:
        """Return the files that are in the way."""
        return tuple(each for each in self.entries if each.action is Action.CONFLICT)


def plan(root: Path, command: str, outcome: Outcome) -> Plan:
    """Return what a command comes to, given what a project's files become."""
    return Plan(
        root, command, _entries(root, outcome), to_paste=outcome.snippets, notes=outcome.notes
    )


def _entries(root: Path, outcome: Outcome) -> tuple[Entry, ...]:
    found = [_entry(root, path, content) for path, content in outcome.files.items()]
    for path in outcome.identical:
        content = (root / path).read_bytes()
        found.append(Entry(path, Action.IDENTICAL, content, content))
    for path, content in outcome.in_the_way.items():
        found.append(Entry(path, Action.CONFLICT, (root / path).read_bytes(), content))
    return tuple(sorted(found, key=lambda each: each.path))


def _entry(root: Path, path: str, content: bytes) -> Entry:
    file = root / path
    before = file.read_bytes() if file.exists() else None
    if file.is_symlink() or not file.resolve().is_relative_to(root.resolve()):
        return Entry(path, Action.CONFLICT, before, content)
    return Entry(path, Action.CREATE if before is None else Action.CHANGE, before, content)
