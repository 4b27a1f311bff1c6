"""What is reviewed: a root folder, all of which is read, and the paths that are reported on."""

import os
from dataclasses import dataclass
from pathlib import Path

from fastwright.errors import NothingToReviewError, UsageError

_MARKS = ("pyproject.toml", ".git")
_PYTHON = {".py", ""}  # scripts have no ending


@dataclass(frozen=True, slots=True)
class Scope:
    """A root and the paths below it, relative and with `/`; none of them means everything.

    Nothing outside of `within` is read, also not through a link; None sets no such limit.
    """

    root: Path
    paths: tuple[str, ...] = ()
    within: Path | None = None

    def covers(self, path: str) -> bool:
        """Tell whether a file, by its path relative to the root, is reported on."""
        return not self.paths or any(
            path == each or path.startswith(f"{each}/") for each in self.paths
        )

    def places(self) -> tuple[Path, ...]:
        """Return the folders and files to read: the root, and what was asked for by its path."""
        return (self.root, *(self.root / each for each in self.paths))


def find(paths: tuple[Path, ...], within: Path | None = None) -> Scope:
    """Return the scope of some paths; without any, of the working directory's project.

    The root is the nearest folder upward, no further than `within`, that has a project file or is a
    repository; where no folder is, it is what the paths have in common. Raises
    `NothingToReviewError` for a path that is not there or no Python, and `UsageError` for paths of
    several projects, and for the whole disk or home.
    """
    for path in paths:
        if not path.exists():
            raise NothingToReviewError(f"There is no {path} to review.")
        if path.is_file() and path.suffix not in _PYTHON:
            raise NothingToReviewError(f"{path} is no Python file.")
    asked = [path.resolve() for path in paths or (Path(),)]
    common = Path(os.path.commonpath(asked))
    start = common if common.is_dir() else common.parent
    root = _marked(start, within)
    if root is None:
        root = start
        # All of the root is read, and this one might be the whole disk.
        home = os.path.expanduser("~")  # noqa: PTH111 - the other one raises where there is none
        is_everything = root in {Path(root.anchor), Path(home)}
        if len(asked) > 1 and (is_everything or any(_marked(each, within) for each in asked)):
            named = " and ".join(map(str, paths))
            raise UsageError(f"{named} are in no project together: review one at a time.")
        if is_everything:
            raise UsageError(f"{root} is no project: go to the folder of one, or name it.")
    if not paths or root in asked:
        return Scope(root, within=within)
    return Scope(root, tuple(each.relative_to(root).as_posix() for each in asked), within)


def _marked(path: Path, within: Path | None) -> Path | None:
    """Return the nearest folder upward that is a project or a repository."""
    folders = (each for each in (path, *path.parents) if not within or each.is_relative_to(within))
    return next((each for each in folders if any((each / mark).exists() for mark in _MARKS)), None)
