"""Formats what is written as the project itself does: with its Ruff settings, by our Ruff."""

import subprocess
from pathlib import Path, PurePosixPath

from ruff import find_ruff_bin


def tidied(root: Path, path: str, text: bytes, *, before: bytes | None = None) -> bytes:
    """Return the text of a Python file with its imports sorted and formatted.

    In a new file only those are left that are used. A file that was not formatted before is left
    as it is: its other lines are none of ours.
    """
    if not path.endswith(".py") or (before is not None and _ruffed(root, path, before) != before):
        return text
    if before is not None:
        return _ruffed(root, path, text)
    # Templates end lists with commas, which the formatter takes for a wish to have them long.
    short = ["--config", "format.skip-magic-trailing-comma = true"]
    compact = _run(root, ["format", *short, "--quiet", "--stdin-filename", path, "-"], text)
    return _ruffed(root, path, compact, rules="F401,I")


def _ruffed(root: Path, path: str, text: bytes, rules: str = "I") -> bytes:
    """Return a text as Ruff has it, or as it is where Ruff cannot read it."""
    named = ["--quiet", "--stdin-filename", path, "-"]
    # Ruff takes for the project's own only what is there already, and some of it is not yet.
    own = f"lint.isort.known-first-party = [{', '.join(sorted(_own(root, path)))}]"
    checks = ["check", "--select", rules, "--fix", "--exit-zero", "--config", own]
    is_sorted = _run(root, [*checks, *named], text)
    return _run(root, ["format", *named], is_sorted)


def _own(root: Path, path: str) -> set[str]:
    """Return the names of modules and packages, in quotes, in the folders around a file."""
    folders = {root, root / "src", *(root / each for each in PurePosixPath(path).parents)}
    found = (each for folder in folders if folder.is_dir() for each in folder.iterdir())
    names = {each.stem for each in found if each.is_dir() or each.suffix == ".py"}
    return {f'"{name}"' for name in names if name.isidentifier()}


def _run(root: Path, arguments: list[str], text: bytes) -> bytes:
    command = [find_ruff_bin(), *arguments]
    done = subprocess.run(command, cwd=root, input=text, capture_output=True, check=False)
    return done.stdout if done.returncode == 0 else text
