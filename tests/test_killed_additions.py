"""The long proof that `add` writes all or nothing: it is killed at moments drawn by chance."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from fastwright.changes import history
from tests.scaffolds.making import BLUEPRINT, made

pytestmark = pytest.mark.verify

FASTWRIGHT = [sys.executable, "-m", "fastwright"]
ADD = [*FASTWRIGHT, "add", "domain", "notes", "title:str{80}", "body:text", "--owner"]
UNDO = [*FASTWRIGHT, "undo"]
KILLS = 12


def test_a_domain_is_there_or_not_whenever_it_is_killed(tmp_path: Path) -> None:
    project = made(tmp_path / "shop")
    (project / ".venv").symlink_to(BLUEPRINT / ".venv")
    before = contents(project)
    started = time.monotonic()
    subprocess.run(ADD, cwd=project, check=True)
    took = time.monotonic() - started
    after = contents(project)
    subprocess.run(UNDO, cwd=project, check=True)
    chance = random.Random(7)
    outcomes = [killed(project, took * chance.uniform(0, 1.1)) for _ in range(KILLS)]
    assert set(map(str, outcomes)) <= {str(before), str(after)}


def killed(project: Path, seconds: float) -> dict[str, bytes]:
    """Kill an addition after a while, and return what the next run makes of it."""
    process = subprocess.Popen(ADD, cwd=project, stdout=subprocess.DEVNULL)
    time.sleep(seconds)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    # Whatever comes next finishes what was begun; it has nothing to undo, or undoes all of it.
    shown = subprocess.run([*UNDO, "--dry-run"], cwd=project, check=False, capture_output=True)
    found = contents(project)
    if shown.returncode == 0:
        subprocess.run(UNDO, cwd=project, check=True, capture_output=True)
    return found


def contents(project: Path) -> dict[str, bytes]:
    """Return every file of the project itself, and every folder."""
    return {
        each.relative_to(project).as_posix(): each.read_bytes() if each.is_file() else b"/"
        for each in project.rglob("*")
        if not {".venv", history.FOLDER, "__pycache__"} & set(each.relative_to(project).parts)
    }
