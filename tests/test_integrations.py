"""The pre-commit hook and the GitHub Action: valid, and calling what there is."""

import os
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from fastwright.cli import app
from tests.conftest import Finished


@pytest.fixture
def action(checkout: Path) -> dict[str, Any]:
    """Return the action as it is read by GitHub."""
    document = yaml.safe_load((checkout / "action.yml").read_text())
    assert isinstance(document, dict)
    return document


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a project with one defect."""
    (tmp_path / "pyproject.toml").touch()
    (tmp_path / "main.py").write_text(
        "import time\n"
        "from fastapi import FastAPI\n"
        "app = FastAPI()\n"
        "@app.get('/')\n"
        "async def read() -> None:\n"
        "    time.sleep(1)\n"
    )
    return tmp_path


def _review(action: dict[str, Any], project: Path, tmp_path: Path, **inputs: str) -> Finished:
    """Run the action's second step, with the command of this environment as what it installed."""
    command = tmp_path / "runner" / "fastwright" / "bin" / "fastwright"
    command.parent.mkdir(parents=True, exist_ok=True)
    command.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m fastwright "$@"\n')
    command.chmod(0o755)
    step = action["runs"]["steps"][1]
    values = {name: each["default"] for name, each in action["inputs"].items()} | inputs
    variables = {f"REVIEW_{name.upper()}": value for name, value in values.items()}
    assert set(step["env"]) == set(variables)
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
        cwd=project,
        env=os.environ | variables | {"RUNNER_TEMP": str(tmp_path / "runner")},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_hook_runs_a_command_that_there_is(checkout: Path) -> None:
    (hook,) = yaml.safe_load((checkout / ".pre-commit-hooks.yaml").read_text())
    program, command, *options = shlex.split(hook["entry"])
    assert program == "fastwright"
    assert command in app.commands
    assert options == []
    assert hook["language"] == "python"
    assert hook["pass_filenames"] is False


def test_the_action_installs_its_own_checkout(action: dict[str, Any]) -> None:
    install = action["runs"]["steps"][0]["run"]
    assert '-m pip install --quiet "$GITHUB_ACTION_PATH"' in install
    assert action["runs"]["using"] == "composite"


def test_the_action_asks_for_a_python_that_is_new_enough(
    action: dict[str, Any], tmp_path: Path
) -> None:
    (tmp_path / "python3").write_text("#!/bin/sh\nexit 1\n")
    (tmp_path / "python3").chmod(0o755)
    shown = subprocess.run(
        [
            "bash",
            "--noprofile",
            "--norc",
            "-eo",
            "pipefail",
            "-c",
            action["runs"]["steps"][0]["run"],
        ],
        env={"PATH": f"{tmp_path}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert shown.returncode == 2
    assert shown.stdout.startswith("::error::fastwright needs Python 3.11 or newer")


def test_no_input_is_read_as_a_command(action: dict[str, Any]) -> None:
    assert not any("${{" in step["run"] for step in action["runs"]["steps"])


def test_the_action_annotates_and_fails_on_findings(
    action: dict[str, Any], project: Path, tmp_path: Path
) -> None:
    shown = _review(action, project, tmp_path)
    assert shown.returncode == 1
    assert "::error file=main.py,line=6," in shown.stdout


def test_the_action_hands_on_its_inputs(
    action: dict[str, Any], project: Path, tmp_path: Path
) -> None:
    options = "--only security --kind defect"
    assert _review(action, project, tmp_path, arguments=options).returncode == 0
    assert _review(action, project, tmp_path, path="no; where").returncode == 2
    assert _review(action, project, tmp_path, diff="$(nothing)").returncode == 2


def test_the_action_never_writes_a_baseline(
    action: dict[str, Any], project: Path, tmp_path: Path
) -> None:
    assert _review(action, project, tmp_path, baseline="accepted.json").returncode == 2
    assert not (project / "accepted.json").exists()
    (project / "accepted.json").write_text('{"version": 1, "findings": []}')
    assert _review(action, project, tmp_path, baseline="accepted.json").returncode == 1
