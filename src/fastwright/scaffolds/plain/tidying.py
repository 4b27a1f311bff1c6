"""Ruff over what is written: only the imports that are used, the newest spelling, formatted."""

import ast
import subprocess
from pathlib import Path

from ruff import find_ruff_bin

from fastwright.scaffolds.room import Room

_READABLE = (3, 13)  # 3.14 has exceptions without brackets
_QUOTES = {"'": "single", '"': "double"}
_CONFIGURED = ("ruff.toml", ".ruff.toml")


def tidied(text: str, path: str, room: Room, *, is_final: bool = False) -> str:
    """Return a module's text as the project's settings have it, or else as most have it.

    What is not final can be read by every Python that runs this.
    """
    folder = room.root / room.source
    major, minor = room.python if is_final else min(room.python, _READABLE)
    named = ["--quiet", "--stdin-filename", str(room.root / path), "-"]
    own = ["--target-version", f"py{major}{minor}"]
    ours = ", ".join(f'"{name}"' for name in sorted(_modules(folder, path, room)))
    style: list[str] = []
    if not _is_configured(room.root, room.source):
        own += ["--isolated", "--line-length", str(room.line_length)]
        style = ["--config", f"format.quote-style = '{_QUOTES[room.quote]}'"]
    fixes = ["check", "--select", "F401,I,UP", "--fix", "--exit-zero", "--no-cache"]
    fixes += ["--config", f"lint.isort.known-first-party = [{ours}]"]
    checked = _run([*fixes, *own, *named], text, folder)
    formatting = ["format", "--no-cache", *own, *style]
    if is_final:
        # Templates end lists with commas, which the formatter takes for a wish to have them long.
        short = ["--config", "format.skip-magic-trailing-comma = true"]
        checked = _run([*formatting, *short, *named], checked, folder)
    return _run([*formatting, *named], checked, folder)


def parted(text: str) -> tuple[tuple[str, ...], str]:
    """Return the imports at the beginning of a module, a statement a line, and the rest of it."""
    imports = []
    end = 0
    for statement in ast.parse(text).body:
        if not isinstance(statement, ast.Import | ast.ImportFrom):
            break
        imports.append(ast.unparse(statement))
        end = statement.end_lineno or 0
    return tuple(imports), "".join(text.splitlines(keepends=True)[end:]).lstrip("\n")


def _modules(folder: Path, path: str, room: Room) -> set[str]:
    """Return the first names of the project's modules, and those of files yet to be."""
    written = (path, *room.parts.values())
    inside = (each.removeprefix(f"{room.source}/" if room.source else "") for each in written)
    new = {each.partition("/")[0].removesuffix(".py") for each in inside}
    found = {each.stem for each in folder.iterdir() if each.is_dir() or each.suffix == ".py"}
    return {name for name in found | new if name.isidentifier()}


def _is_configured(root: Path, source: str) -> bool:
    for folder in {root, root / source}:
        if any((folder / name).is_file() for name in _CONFIGURED):
            return True
        project = folder / "pyproject.toml"
        if project.is_file() and "[tool.ruff" in project.read_text("utf-8", "replace"):
            return True
    return False


def _run(arguments: list[str], text: str, folder: Path) -> str:
    command = [find_ruff_bin(), *arguments]
    done = subprocess.run(
        command, cwd=folder, input=text, capture_output=True, check=False, encoding="utf-8"
    )
    return done.stdout if done.returncode == 0 else text
