"""Projects as `fastwright new` makes them, without an environment, and what checks them."""

import subprocess
import sys
from pathlib import Path

from fastwright.projects import contents
from fastwright.projects.domains import choose
from fastwright.scaffolds.draft import Outcome

CHECKOUT = Path(__file__).parents[2]
BLUEPRINT = CHECKOUT / "blueprint"
PYTHON = BLUEPRINT / ".venv/bin/python"


def made(folder: Path, *domains: str) -> Path:
    """Write a project with these domains, and those that are always there."""
    contents.write(contents.project_files("shop", choose(domains)), folder)
    return folder


def apply(root: Path, outcome: Outcome) -> None:
    """Write what a project's files become."""
    for path, text in outcome.files.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text)


def assert_clean(root: Path) -> None:
    """Format, lint, types and import contracts of a project find nothing."""
    ruff = Path(sys.executable).with_name("ruff")
    commands: list[list[str | Path]] = [
        [ruff, "format", "--check", "--no-cache", "."],
        [ruff, "check", "--no-cache", "."],
        [PYTHON, "-m", "mypy", "--no-incremental"],
        [PYTHON, "-c", "from importlinter.cli import lint_imports; exit(lint_imports(no_cache=1))"],
    ]
    for command in commands:
        assert_succeeds(root, *command)


def assert_passes(root: Path, *tests: str) -> None:
    """Tests of a project pass, with servers of their own."""
    assert_succeeds(root, PYTHON, "-m", "pytest", "-q", "-n", "0", *tests)


def assert_succeeds(root: Path, *command: str | Path) -> None:
    finished = subprocess.run(command, cwd=root, check=False, capture_output=True, text=True)
    assert finished.returncode == 0, f"{command}\n{finished.stdout}\n{finished.stderr}"
