"""Runs what was written in a project: its tests, mypy and Ruff, each in a process of its own."""

import subprocess
import sys
from pathlib import Path

from ruff import find_ruff_bin

_RULES = "E,F,I,UP,B"


def run_tests(root: Path) -> str:
    """Run a project's tests with every warning an error, and return how they ended."""
    options = ["-q", "-x", "-W", "error", "-n", "0", "-p", "no:cacheprovider"]
    here = ["-c", "/dev/null", "--rootdir", str(root)]
    return _run(root, [sys.executable, "-m", "pytest", *options, *here, "tests"])


def check_types(root: Path) -> str:
    """Let mypy look at a project's application."""
    options = ["--strict", "--cache-dir", "/dev/null", "--config-file", "/dev/null"]
    return _run(root, [sys.executable, "-m", "mypy", *options, "app"])


def check_style(root: Path, paths: list[str]) -> str:
    """Let Ruff look at files under common rules; none of them may be formatted otherwise."""
    chosen = ["--isolated", "--no-cache", "--target-version", "py310"]
    _run(root, [find_ruff_bin(), "format", "--check", *chosen, *paths])
    return _run(root, [find_ruff_bin(), "check", "--select", _RULES, *chosen, *paths])


def _run(root: Path, command: list[str]) -> str:
    environment = {"PYTHONPATH": str(root), "PYTHONDONTWRITEBYTECODE": "1", "PATH": "/usr/bin:/bin"}
    done = subprocess.run(
        command, cwd=root, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    return done.stdout
