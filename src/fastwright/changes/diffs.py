"""Shows what a change is, as `git diff` does."""

import difflib
from collections.abc import Iterable

from fastwright.changes.journal import Rewrite
from fastwright.source import files

_NOTHING = "/dev/null"


def unified(rewrite: Rewrite) -> Iterable[str]:
    """Yield the lines of a unified diff, with their ends."""
    old, new = (
        files.as_utf8(each or b"").decode("utf-8", "replace").splitlines(keepends=True)
        for each in (rewrite.before, rewrite.after)
    )
    old_name = _NOTHING if rewrite.before is None else f"a/{rewrite.path}"
    new_name = _NOTHING if rewrite.after is None else f"b/{rewrite.path}"
    for line in difflib.unified_diff(old, new, old_name, new_name):
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
