"""Where the blueprint is, and which files belong to it.

In a clone it is the folder `blueprint/`; in a wheel the same files travel inside the package.
"""

import hashlib
import os
import tomllib
from pathlib import Path, PurePosixPath

from pathspec import GitIgnoreSpec

# The blueprint's own name; `new` puts the project's name in its place wherever it stands.
OWN_NAME = "inkwell"

# Never part of a project: the blueprint's own lock and repository.
_NEVER = ["/uv.lock", ".git"]


def root() -> Path:
    """Return the folder that holds the blueprint."""
    package = Path(__file__).parents[1]
    inside = package / "blueprint"
    return inside if inside.is_dir() else package.parents[1] / "blueprint"


def files() -> tuple[PurePosixPath, ...]:
    """Return the blueprint's files, relative to `root()` and sorted, without what it ignores."""
    folder = root()
    ignored = GitIgnoreSpec.from_lines(
        [*(folder / ".gitignore").read_text(encoding="utf-8").splitlines(), *_NEVER]
    )
    found: list[PurePosixPath] = []
    for current, subfolders, names in os.walk(folder):
        here = PurePosixPath(Path(current).relative_to(folder).as_posix())
        subfolders[:] = [name for name in subfolders if not ignored.match_file(f"{here / name}/")]
        found += [here / name for name in names if not ignored.match_file(here / name)]
    return tuple(sorted(found))


def digest() -> str:
    """Return a digest of the blueprint's paths and contents: it changes when the blueprint does."""
    sha = hashlib.sha256()
    for path in files():
        content = (root() / path).read_bytes()
        sha.update(f"{path}\0{len(content)}\0".encode())
        sha.update(content)
    return sha.hexdigest()


def dependencies() -> frozenset[str]:
    """Return the names of the packages that the blueprint itself asks for."""
    document = tomllib.loads((root() / "pyproject.toml").read_text(encoding="utf-8"))
    requirements: list[str] = [*document["project"]["dependencies"]]
    for group in document["dependency-groups"].values():
        requirements += group
    return frozenset(_name(requirement) for requirement in requirements)


def _name(requirement: str) -> str:
    """Return the package's name from a requirement such as `pwdlib[argon2]>=0.3`."""
    end = next(
        (i for i, char in enumerate(requirement) if not (char.isalnum() or char in "-_.")), None
    )
    return requirement[:end].lower().replace("_", "-").replace(".", "-")
