"""Writes several files so that all are new, or all are old, whatever happens meanwhile.

New contents lie beside their files before the first is replaced. A journal in the root tells which,
and from when on they count; whoever finds one there finishes what was interrupted. The root is
locked meanwhile, so that one run writes at a time.
"""

import fcntl
import json
import os
import secrets
import signal
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path, PurePosixPath

from fastwright.errors import AtWorkError, ChangedError, NotWrittenError

NAME = ".fastwright-fix.journal"
# The line from which on the new contents count.
_GO = b"go\n"
_SIGNALS = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}


@dataclass(frozen=True, slots=True)
class Rewrite:
    """What a file holds, and is to hold; `path` is relative to the root, with `/`."""

    path: str
    before: bytes
    after: bytes


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
    before: str
    after: str


def write(root: Path, rewrites: Sequence[Rewrite]) -> None:
    """Write all files, or none.

    Raises `ChangedError` if one is not as it was, `NotWrittenError` if the file system refuses,
    and `AtWorkError` while another run writes.
    """
    entries = [_entry(each) for each in rewrites]
    with _alone(root):
        changed = [each.path for each in rewrites if _content(root / each.path) != each.before]
        if changed:
            raise ChangedError(f"{changed[0]} has changed meanwhile; nothing was written.")
        journal = root / NAME
        try:
            _append(journal, json.dumps([_plain(each) for each in entries]).encode() + b"\n")
            for rewrite, entry in zip(rewrites, entries, strict=True):
                _prepare(root / entry.path, root / entry.ready, rewrite.after)
            with _undisturbed():
                _append(journal, _GO)
                _put_in_place(root, rewrites, entries)
                journal.unlink()
        except BaseException as error:
            _remove(root, entries)
            journal.unlink(missing_ok=True)
            if isinstance(error, OSError):
                raise NotWrittenError(
                    f"{error.filename} could not be written: {error.strerror}; nothing was."
                ) from error
            raise


def recover(root: Path) -> Recovered | None:
    """Finish what an interrupted run left behind; None where there is nothing."""
    journal = root / NAME
    if not journal.exists():
        return None
    with _alone(root):
        first, _, rest = (_content(journal) or b"").partition(b"\n")
        entries = list(_entries(first))
        done = _complete(root, entries) if rest == _GO else Recovered(completed=False)
        _remove(root, entries)
        journal.unlink(missing_ok=True)
        return done


def _complete(root: Path, entries: Iterable[_Entry]) -> Recovered:
    files: list[str] = []
    changed: list[str] = []
    for entry in entries:
        file, ready = root / entry.path, root / entry.ready
        if _digest(file) == entry.before and _digest(ready) == entry.after:
            ready.replace(file)
        (files if _digest(file) == entry.after else changed).append(entry.path)
    return Recovered(completed=True, files=tuple(files), changed=tuple(changed))


def _put_in_place(root: Path, rewrites: Sequence[Rewrite], entries: Sequence[_Entry]) -> None:
    """Replace the files; where the file system refuses one, all get their old content again."""
    done: list[Rewrite] = []
    try:
        for rewrite, entry in zip(rewrites, entries, strict=True):
            (root / entry.ready).replace(root / entry.path)
            done.append(rewrite)
    except OSError:
        for rewrite in done:
            (root / rewrite.path).write_bytes(rewrite.before)
        raise


def _prepare(file: Path, ready: Path, content: bytes) -> None:
    """Write what a file will hold beside it, with the file's mode, down to the disk."""
    if not os.access(file, os.W_OK):
        raise PermissionError(13, "it may only be read", str(file))
    descriptor = os.open(ready, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as opened:
        opened.write(content)
        opened.flush()
        os.fsync(descriptor)
    ready.chmod(file.stat().st_mode & 0o7777)


def _append(journal: Path, line: bytes) -> None:
    with journal.open("ab") as opened:
        opened.write(line)
        opened.flush()
        os.fsync(opened.fileno())


def _remove(root: Path, entries: Iterable[_Entry]) -> None:
    for entry in entries:
        (root / entry.ready).unlink(missing_ok=True)


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


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Let signals wait: what is put in place takes a moment, and ends well or is taken back."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _entry(rewrite: Rewrite) -> _Entry:
    return _Entry(
        rewrite.path,
        f"{_beside(rewrite.path)}{secrets.token_hex(4)}",
        sha256(rewrite.before).hexdigest(),
        sha256(rewrite.after).hexdigest(),
    )


def _beside(path: str) -> str:
    """Return what the name of a file's new content begins with."""
    folder, slash, name = path.rpartition("/")
    return f"{folder}{slash}.{name}.fastwright-"


def _plain(entry: _Entry) -> list[str]:
    return [entry.path, entry.ready, entry.before, entry.after]


def _entries(line: bytes) -> Iterator[_Entry]:
    """Yield what a journal tells; a line that was cut off tells nothing, and nothing was done.

    A journal may come with a repository: it only ever speaks of files in the root.
    """
    try:
        entries = [_Entry(*map(str, each)) for each in json.loads(line)]
    except (TypeError, ValueError):
        return
    for entry in entries:
        path = PurePosixPath(entry.path)
        is_inside = not path.is_absolute() and ".." not in path.parts
        if (
            is_inside
            and entry.ready.startswith(_beside(entry.path))
            and "/" not in (entry.ready.removeprefix(_beside(entry.path)))
        ):
            yield entry


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def _digest(path: Path) -> str | None:
    content = _content(path)
    return None if content is None else sha256(content).hexdigest()
