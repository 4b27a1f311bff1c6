"""What the last commands have written, kept in the project so that it can be taken back.

The folder ignores itself, as caches do: git, formatters and linters do not see it. A record is
written together with what it tells of, in one step, and goes with it in one step.
"""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fastwright.changes import journal
from fastwright.changes.journal import Recovered, Rewrite
from fastwright.errors import ChangedError, NothingToUndoError

FOLDER = ".fastwright"
_RECORDS = f"{FOLDER}/history"
_IGNORE = f"{FOLDER}/.gitignore"
_EVERYTHING = b"*\n"


@dataclass(frozen=True, slots=True)
class Written:
    """A file that was written: what it held before, and the digest of what it holds since.

    None stands for no file, as in a `Rewrite`.
    """

    path: str
    before: bytes | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Record:
    """What one command has written, and which folders it has made; `path` is the record's own."""

    path: str
    command: str
    files: tuple[Written, ...]
    made: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Undoing:
    """What takes a command back; `written` tells whether it was."""

    root: Path
    record: Record
    rewrites: tuple[Rewrite, ...]
    recovered: Recovered | None = None
    written: bool = False

    @property
    def shown(self) -> tuple[Rewrite, ...]:
        """Return what concerns the user: what is remembered itself does not."""
        inner = f"{FOLDER}/"
        return tuple(each for each in self.rewrites if not each.path.startswith(inner))


def write(root: Path, command: str, rewrites: Sequence[Rewrite]) -> None:
    """Write all files, and remember what they were; or do nothing of it. Raises as the journal."""
    all_of_it = list(rewrites)
    if not (root / _IGNORE).exists():
        all_of_it.append(Rewrite(_IGNORE, None, _EVERYTHING))
    path = f"{_RECORDS}/{_number(_newest(root)) + 1:04}.json"
    with_record = [*all_of_it, Rewrite(path, None, b"")]
    files = tuple(
        Written(each.path, each.before, journal.digest_of(each.after)) for each in all_of_it
    )
    made = journal.missing_folders(root, with_record)
    content = _encoded(Record(path, command, files, made))
    journal.write(root, [*all_of_it, Rewrite(path, None, content)])


def last(root: Path) -> Record:
    """Return what the last command has written that was not taken back.

    Raises `NothingToUndoError` where nothing is remembered, or what is cannot be read.
    """
    newest = _newest(root)
    if newest is None:
        raise NothingToUndoError(f"No command is remembered in {root} that could be undone.")
    record = _decoded(root, f"{_RECORDS}/{newest.name}", newest.read_bytes())
    if record is None:
        raise NothingToUndoError(
            f"{newest} cannot be read: what it remembers cannot be undone.",
            suggestion=f"rm {newest}, which forgets it",
        )
    return record


def plan(root: Path) -> Undoing:
    """Return what takes the last command back.

    Raises `NothingToUndoError`, and `ChangedError` if a file is not as the command left it; says
    which.
    """
    record = last(root)
    now = {each.path: journal.content_of(root / each.path) for each in record.files}
    changed = [
        each.path for each in record.files if journal.digest_of(now[each.path]) != each.after
    ]
    if changed:
        raise ChangedError(
            f"These have changed since `{record.command}`, so that it cannot be undone: "
            f"{', '.join(changed)}. Nothing was written.",
            suggestion="bring them back as the command left them, with git for instance",
        )
    rewrites = tuple(Rewrite(each.path, now[each.path], each.before) for each in record.files)
    return Undoing(root, record, rewrites)


def undo(undoing: Undoing) -> None:
    """Write what was there before a command, or nothing; raises as the journal."""
    root, record = undoing.root, undoing.record
    forgotten = Rewrite(record.path, (root / record.path).read_bytes(), None)
    journal.write(root, [*undoing.rewrites, forgotten], emptied=record.made)


def _newest(root: Path) -> Path | None:
    records = [each for each in (root / _RECORDS).glob("*.json") if each.stem.isdecimal()]
    return max(records, key=_number, default=None)


def _number(record: Path | None) -> int:
    return int(record.stem) if record is not None else 0


def _encoded(record: Record) -> bytes:
    files = [
        {"path": each.path, "before": _as_text(each.before), "after": each.after}
        for each in record.files
    ]
    plain = {"command": record.command, "files": files, "made": record.made}
    return json.dumps(plain, indent=1).encode() + b"\n"


def _decoded(root: Path, path: str, content: bytes) -> Record | None:
    """Return a record; None if it is damaged, or speaks of anything outside of the root."""
    try:
        plain: Any = json.loads(content)
        files = tuple(
            Written(str(each["path"]), _as_bytes(each["before"]), each["after"])
            for each in plain["files"]
        )
        made = tuple(str(each) for each in plain["made"])
        command = str(plain["command"])
    except (KeyError, TypeError, ValueError):
        return None
    if all(journal.is_inside(root, each) for each in (*made, *(each.path for each in files))):
        return Record(path, command, files, made)
    return None


def _as_text(content: bytes | None) -> str | None:
    return None if content is None else base64.b64encode(content).decode()


def _as_bytes(text: str | None) -> bytes | None:
    return None if text is None else base64.b64decode(text, validate=True)
