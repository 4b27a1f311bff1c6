"""Writes several files so that all are new, or all are old, whatever happens meanwhile.

New contents lie beside their files before the first is replaced. A journal in the root tells which,
and from when on they count; whoever finds one there finishes what was interrupted. The root is
locked meanwhile, so that one run writes at a time.
"""

import fcntl
import json
import os
import secrets
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fastwright.changes.ground import content_of, digest_of, is_inside, missing_folders
from fastwright.errors import AtWorkError, ChangedError, NotWrittenError
from fastwright.source import processes

NAME = ".fastwright.journal"
# The line from which on the new contents count.
_GO = b"go\n"


@dataclass(frozen=True, slots=True)
class Rewrite:
    """What a file holds, and is to hold; `path` is relative to the root, with `/`.

    None stands for no file: one that is made has nothing before, one that goes nothing after.
    """

    path: str
    before: bytes | None
    after: bytes | None


@dataclass(frozen=True, slots=True)
class Recovered:
    """What became of an interrupted run: it was completed, or nothing of it was written.

    Files that have changed since then were left as they are.
    """

    completed: bool
    files: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Entry:
    """A file, what lies ready beside it, and digests of the old content and the new one."""

    path: str
    ready: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class _Journal:
    """What a run is about to do: `made` are new folders, `emptied` may be gone afterwards."""

    entries: tuple[_Entry, ...]
    made: tuple[str, ...]
    emptied: tuple[str, ...]


def write(root: Path, rewrites: Sequence[Rewrite], emptied: Iterable[str] = ()) -> tuple[str, ...]:
    """Write all files, or none; return the folders that were made, as paths from the root.

    The folders in `emptied` go where nothing but caches is left in them.

    Raises `ChangedError` if a file is not as it was, `NotWrittenError` if the file system refuses,
    and `AtWorkError` while another run writes.
    """
    with _alone(root):
        changed = [each.path for each in rewrites if content_of(root / each.path) != each.before]
        if changed:
            raise ChangedError(f"{changed[0]} has changed meanwhile; nothing was written.")
        entries = tuple(_entry(each) for each in rewrites)
        noted = _Journal(
            entries,
            missing_folders(root, [each.path for each in rewrites if each.after is not None]),
            tuple(emptied),
        )
        journal = root / NAME
        try:
            _append(journal, _line(noted))
            for folder in noted.made:
                (root / folder).mkdir()
            for rewrite, entry in zip(rewrites, entries, strict=True):
                if rewrite.after is not None:
                    _prepare(root / entry.path, root / entry.ready, rewrite.after)
            with processes.undisturbed():
                _append(journal, _GO)
                _put_in_place(root, rewrites, entries)
                _remove_empty(root, noted.emptied)
                journal.unlink()
        except BaseException as error:
            _take_back(root, noted)
            journal.unlink(missing_ok=True)
            if isinstance(error, OSError):
                # What fails while a file is closed does not name it.
                what = error.filename or f"What belongs into {root}"
                raise NotWrittenError(
                    f"{what} could not be written: {error.strerror}; nothing was."
                ) from error
            raise
    return noted.made


def recover(root: Path) -> Recovered | None:
    """Finish what an interrupted run left behind; None where there is nothing."""
    journal = root / NAME
    if not journal.exists():
        return None
    with _alone(root):
        first, _, rest = (content_of(journal) or b"").partition(b"\n")
        noted = _read(root, first)
        if rest == _GO:
            done = _complete(root, noted.entries)
            _remove_ready(root, noted.entries)
            _remove_empty(root, noted.emptied)
        else:
            done = Recovered(completed=False)
            _take_back(root, noted)
        journal.unlink(missing_ok=True)
        return done


def _complete(root: Path, entries: Iterable[_Entry]) -> Recovered:
    files: list[str] = []
    changed: list[str] = []
    for entry in entries:
        file, ready = root / entry.path, root / entry.ready
        if digest_of(content_of(file)) == entry.before:
            if entry.after is None:
                file.unlink(missing_ok=True)
            elif digest_of(content_of(ready)) == entry.after:
                ready.replace(file)
        (files if digest_of(content_of(file)) == entry.after else changed).append(entry.path)
    return Recovered(completed=True, files=tuple(files), changed=tuple(changed))


def _put_in_place(root: Path, rewrites: Sequence[Rewrite], entries: Sequence[_Entry]) -> None:
    """Replace the files; where the file system refuses one, all get their old content again."""
    done: list[tuple[Rewrite, int]] = []
    try:
        for rewrite, entry in zip(rewrites, entries, strict=True):
            file = root / entry.path
            mode = _mode(file)
            if rewrite.after is None:
                file.unlink()
            else:
                (root / entry.ready).replace(file)
            done.append((rewrite, mode))
    except OSError:
        for rewrite, mode in done:
            file = root / rewrite.path
            if rewrite.before is None:
                file.unlink()
            else:
                file.write_bytes(rewrite.before)
                file.chmod(mode)
        raise


def _prepare(file: Path, ready: Path, content: bytes) -> None:
    """Write what a file will hold beside it, with the file's mode, down to the disk."""
    if file.exists() and not os.access(file, os.W_OK):
        raise PermissionError(13, "it may only be read", str(file))
    descriptor = os.open(ready, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as opened:
        opened.write(content)
        opened.flush()
        os.fsync(descriptor)
    ready.chmod(_mode(file))


def _mode(file: Path) -> int:
    """Return the mode of a file; of one that is not there, that of a new one."""
    try:
        return file.stat().st_mode & 0o7777
    except FileNotFoundError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask


def _append(journal: Path, line: bytes) -> None:
    with journal.open("ab") as opened:
        opened.write(line)
        opened.flush()
        os.fsync(opened.fileno())


def _take_back(root: Path, noted: _Journal) -> None:
    """Remove what was made ready, and the folders that were made for it."""
    _remove_ready(root, noted.entries)
    _remove_empty(root, noted.made)


def _remove_ready(root: Path, entries: Iterable[_Entry]) -> None:
    for entry in entries:
        if (root / entry.path).parent.is_dir():
            (root / entry.ready).unlink(missing_ok=True)


def _remove_empty(root: Path, folders: Iterable[str]) -> None:
    """Remove folders, the inner ones first, in which nothing but Python's cache is left."""
    for folder in sorted((root / each for each in folders), reverse=True):
        if folder.is_dir() and {each.name for each in folder.iterdir()} <= {"__pycache__"}:
            shutil.rmtree(folder)


@contextmanager
def _alone(root: Path) -> Iterator[None]:
    folder = os.open(root, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise AtWorkError(
            f"Another run writes to {root}.", suggestion="wait until it has ended"
        ) from None
    finally:
        os.close(folder)


def _entry(rewrite: Rewrite) -> _Entry:
    return _Entry(
        rewrite.path,
        f"{_beside(rewrite.path)}{secrets.token_hex(4)}",
        digest_of(rewrite.before),
        digest_of(rewrite.after),
    )


def _beside(path: str) -> str:
    """Return what the name of a file's new content begins with."""
    folder, slash, name = path.rpartition("/")
    return f"{folder}{slash}.{name}.fastwright-"


def _line(noted: _Journal) -> bytes:
    entries = [[each.path, each.ready, each.before, each.after] for each in noted.entries]
    plain = {"entries": entries, "made": noted.made, "emptied": noted.emptied}
    return json.dumps(plain).encode() + b"\n"


def _read(root: Path, line: bytes) -> _Journal:
    """Return what a journal tells; a line that was cut off tells nothing, and nothing was done.

    A journal may come with a repository: it only ever speaks of what is in the root.
    """
    try:
        plain = json.loads(line)
        entries = [_Entry(*each) for each in plain["entries"]]
        made, emptied = ([str(each) for each in plain[name]] for name in ("made", "emptied"))
    except (KeyError, TypeError, ValueError):
        return _Journal((), (), ())
    return _Journal(
        tuple(each for each in entries if _is_sound(root, each)),
        tuple(each for each in made if is_inside(root, each)),
        tuple(each for each in emptied if is_inside(root, each)),
    )


def _is_sound(root: Path, entry: _Entry) -> bool:
    fields: tuple[Any, ...] = (entry.path, entry.ready)
    if not all(isinstance(each, str) for each in fields) or not is_inside(root, entry.path):
        return False
    beside = _beside(entry.path)
    return entry.ready.startswith(beside) and "/" not in entry.ready.removeprefix(beside)
