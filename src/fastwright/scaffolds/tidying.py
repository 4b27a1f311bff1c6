"""Formats what is written as the project itself does: with its Ruff settings, by our Ruff."""

import subprocess
from pathlib import Path

from ruff import find_ruff_bin


def tidied(root: Path, path: str, text: bytes, *, before: bytes | None = None) -> bytes:
    """Return the text of a Python file with its imports sorted and formatted.

    In a new file only those are left that are used. A file that was not formatted before is left
    as it is: its other lines are none of ours.
    """
    if not path.endswith(".py") or (before is not None and _ruffed(root, path, before) != before):
        return text
    return _ruffed(root, path, text, rules="F401,I" if before is None else "I")


def _ruffed(root: Path, path: str, text: bytes, rules: str = "I") -> bytes:
    """Return a text as Ruff has it, or as it is where Ruff cannot read it."""
    named = ["--quiet", "--stdin-filename", path, "-"]
    is_sorted = _run(root, ["check", "--select", rules, "--fix", "--exit-zero", *named], text)
    return _run(root, ["format", *named], is_sorted)


def _run(root: Path, arguments: list[str], text: bytes) -> bytes:
    command = [find_ruff_bin(), *arguments]
    done = subprocess.run(command, cwd=root, input=text, capture_output=True, check=False)
    return done.stdout if done.returncode == 0 else text
