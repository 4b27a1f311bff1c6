"""How long the lines of a file may be: what the project's formatters and linters are told."""

import re

from fastwright.application.application import Application
from fastwright.application.folders import upward
from fastwright.codebase.modules import Module

_FILES = ("pyproject.toml", "setup.cfg")
_LENGTH = re.compile(r"^\s*(?:max[-_])?line[-_]length\s*=\s*(\d+)", re.MULTILINE)


def allowed(module: Module, application: Application) -> int:
    """Return how many characters a line may have, or what the file itself goes by if that is more.

    The settings nearest above the file count; of several in a file the lowest.
    """
    for folder in upward(module.folder):
        paths = (f"{folder}/{name}" if folder else name for name in _FILES)
        found = [
            int(each) for path in paths for each in _LENGTH.findall(application.texts.get(path, ""))
        ]
        if found:
            return max(min(found), module.width)
    return module.width
