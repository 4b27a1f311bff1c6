"""Writes planned changes: all of them, or none."""

import os
import secrets
from contextlib import suppress
from pathlib import Path

from fastwright.agents.plan import AgentPlan, Change
from fastwright.errors import ChangedError, NotWrittenError


def carry_out(plan: AgentPlan) -> None:
    """Carry out a plan.

    New contents lie beside their files before the first is replaced; whatever is raised until the
    end, a signal's exception too, puts everything back. Raises `ChangedError` if a file is not as
    it was planned for, and `NotWrittenError` if the file system refuses.
    """
    changed = [each.shown for each in plan.writes if _content(each.path) != each.before]
    if changed:
        raise ChangedError(f"{changed[0]} has changed meanwhile; nothing was written.")
    made: list[Path] = []
    ready: dict[Path, Path] = {}
    try:
        for change in plan.writes:
            if change.after is not None:
                ready[change.path] = _prepare(change, change.after, made)
        for path in (each.path for each in plan.writes):
            if path in ready:
                ready[path].replace(path)
            else:
                path.unlink()
    except BaseException as error:
        _take_back(plan, ready, made)
        if isinstance(error, OSError):
            raise NotWrittenError(
                f"{error.filename} could not be written: {error.strerror}."
            ) from error
        raise
    for gone in (each.path for each in plan.writes if each.after is None):
        _remove_empty(gone.parent, plan.root)


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def _prepare(change: Change, content: bytes, made: list[Path]) -> Path:
    """Write what a file will hold beside it, with the file's mode."""
    missing = [each for each in change.path.parents if not each.exists()]
    for folder in reversed(missing):
        folder.mkdir()
        made.append(folder)
    prepared = change.path.with_name(f".{change.path.name}-{secrets.token_hex(4)}")
    mode = change.path.stat().st_mode & 0o777 if change.before is not None else 0o666
    if change.before is not None and not os.access(change.path, os.W_OK):
        raise PermissionError(13, "it may only be read", str(change.path))
    descriptor = os.open(prepared, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "wb") as opened:
        opened.write(content)
    if change.before is not None:
        prepared.chmod(mode)
    return prepared


def _take_back(plan: AgentPlan, ready: dict[Path, Path], made: list[Path]) -> None:
    for prepared in ready.values():
        prepared.unlink(missing_ok=True)
    for change in plan.writes:
        if _content(change.path) != change.before:
            if change.before is None:
                change.path.unlink()
            else:
                change.path.write_bytes(change.before)
    for folder in reversed(made):
        with suppress(OSError):
            folder.rmdir()


def _remove_empty(folder: Path, root: Path) -> None:
    """Remove a folder and those above it below the root, as long as nothing is in them."""
    while folder != root and folder.is_relative_to(root):
        try:
            folder.rmdir()
        except OSError:
            return
        folder = folder.parent
