"""Folders: those around a place, and those whose code stands beside the application."""

import re
from collections.abc import Iterator

from fastwright.codebase.modules import Module

_ASIDE = {
    *("cookbook", "cookbooks", "docs", "docs_src", "example", "examples", "sample", "samples"),
    "scripts",
}
# What is kept and not run, and what only measures or makes up data.
_PUT_AWAY = re.compile(
    r"(?i)archived?|attic|backups?|bak|benchmarks?|deprecated|e2e|fixtures|mock[-_]?data|obsolete"
    r"|old|references?[ _-]codes?"
)

# A copy that is kept beside the code that was made of it.
_COPY = re.compile(
    r"(?i)_(?:archived?|backups?|bak|old)|(?:backup|bak)[_-](?:before|of|old|pre)\w*"
    r"|(?:backup|bak)[_-]\w*\d{6}\w*|old[_-]\w+|\w+[_-](?:bak|old)"
)


def upward(folder: str) -> Iterator[str]:
    """Yield a folder and all around it, the innermost first; the reviewed root is empty."""
    while folder:
        yield folder
        folder = folder.rpartition("/")[0]
    yield ""


def is_aside(module: Module) -> bool:
    """Tell whether a module is documentation, an example or a script, by its folders."""
    return not _ASIDE.isdisjoint(module.folder.split("/"))


def is_copy(path: str) -> bool:
    """Tell whether a file is in a copy of former code."""
    return any(_COPY.fullmatch(each) for each in path.split("/")[:-1])


def is_put_away(module: Module) -> bool:
    """Tell whether a module is in a folder of what nobody serves: an archive, say, or a copy."""
    return any(_PUT_AWAY.fullmatch(each.strip("_")) for each in module.folder.split("/"))
