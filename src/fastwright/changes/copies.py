"""A copy of a project in a temporary folder, in which something may be tried out."""

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from fastwright.changes.history import FOLDER
from fastwright.changes.journal import NAME, Rewrite

_LEFT_OUT = {
    ".git",
    "__pycache__",
    "node_modules",
    ".mypy_cache",
    ".ruff_cache",
    ".pytest_cache",
    ".data",  # of the embedded services of projects of ours
    NAME,
    FOLDER,
}


@contextmanager
def copy(root: Path) -> Iterator[Path]:
    """Give a copy of a folder under the same name; environments and caches are left out."""
    with tempfile.TemporaryDirectory(prefix="fastwright-") as folder:
        target = Path(folder).resolve() / root.name
        shutil.copytree(
            root, target, symlinks=True, ignore=_left_out, ignore_dangling_symlinks=True
        )
        yield target


def rewrite(folder: Path, rewrites: Sequence[Rewrite]) -> None:
    """Write new contents into a copy, and take out what is to go."""
    for each in rewrites:
        file = folder / each.path
        if each.after is None:
            file.unlink()
        else:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(each.after)


def _left_out(folder: str, names: list[str]) -> set[str]:
    paths = {name: Path(folder, name) for name in names}
    return {
        name
        for name, path in paths.items()
        if name in _LEFT_OUT
        or (path / "pyvenv.cfg").is_file()
        or not (path.is_file() or path.is_dir())  # a socket, say
    }
