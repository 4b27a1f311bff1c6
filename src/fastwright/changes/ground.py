"""What lies in a project: contents by their digests, folders, and what leads out of it."""

from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path, PurePosixPath


def content_of(path: Path) -> bytes | None:
    """Return what a file holds; None where there is none."""
    try:
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None


def digest_of(content: bytes | None) -> str | None:
    """Return what a content is known by; None for no file."""
    return None if content is None else sha256(content).hexdigest()


def missing_folders(root: Path, paths: Iterable[str]) -> tuple[str, ...]:
    """Return the folders that files at these paths need, the outer ones first."""
    needed = {
        folder.as_posix()
        for path in paths
        for folder in PurePosixPath(path).parents
        if not (root / folder).is_dir()
    }
    return tuple(sorted(needed))


def is_inside(root: Path, path: str) -> bool:
    """Tell whether a path lies in the root, and leads through no link out of it."""
    pure = PurePosixPath(path)
    if not pure.parts or pure.is_absolute() or ".." in pure.parts:
        return False
    return (root / pure).parent.resolve().is_relative_to(root.resolve())
