"""A project passes its own format and lint, whatever it is called."""

import subprocess
import sys
from pathlib import Path

import pytest

from fastwright.projects.names import LONGEST
from fastwright.verbs import new


@pytest.mark.parametrize("name", ["a", "my-book_shop", "x" * LONGEST])
def test_no_name_spoils_format_or_lint(tmp_path: Path, name: str) -> None:
    project = new.create(new.plan(name, parent=tmp_path, install=False))
    for command in (["format", "--check"], ["check"]):
        finished = subprocess.run(
            [Path(sys.executable).with_name("ruff"), *command, "--no-cache", "."],
            cwd=project.path,
            check=False,
            capture_output=True,
            text=True,
        )
        assert finished.returncode == 0, finished.stdout
