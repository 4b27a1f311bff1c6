"""The long proof of `new`: a project passes its own `make check` untouched. Uses the network."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.verify


@pytest.fixture(autouse=True)
def _online(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let uv fetch what is newest today, as it does for a user."""
    monkeypatch.delenv("UV_OFFLINE")
    monkeypatch.delenv("UV_EXCLUDE_NEWER")


@pytest.mark.parametrize(
    "choice",
    [[], ["--minimal"], ["--domains", "posts"], ["--domains", "notifications,media"]],
    ids=" ".join,
)
def test_a_project_from_the_clone_passes_its_own_check(tmp_path: Path, choice: list[str]) -> None:
    new = [sys.executable, "-m", "fastwright", "new", "shop", "--path", str(tmp_path), *choice]
    subprocess.run(new, check=True)
    _check(tmp_path / "shop", dict(os.environ))


def test_a_project_from_the_wheel_passes_on_a_bare_machine(
    checkout: Path, tmp_path: Path, uv: str
) -> None:
    """No uv, an empty home and nothing in the environment: make brings what is needed."""
    build = [uv, "build", "--quiet", "--wheel", "--out-dir", str(tmp_path)]
    subprocess.run(build, cwd=checkout, check=True)
    wheel = next(tmp_path.glob("*.whl"))
    python = str(tmp_path / "environment" / "bin" / "python")
    subprocess.run([uv, "venv", "--quiet", tmp_path / "environment"], check=True)
    subprocess.run([uv, "pip", "install", "--quiet", "--python", python, wheel], check=True)

    bare = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path / "home")}
    assert shutil.which("uv", path=bare["PATH"]) is None
    new = [python, "-m", "fastwright", "new", "shop", "--path", str(tmp_path)]
    subprocess.run(new, env=bare, check=True)
    _check(tmp_path / "shop", bare)


def _check(project: Path, environment: dict[str, str]) -> None:
    environment = {name: value for name, value in environment.items() if name != "MAKEFLAGS"}
    subprocess.run(["make", "check"], cwd=project, env=environment, check=True)
    status = ["git", "status", "--porcelain"]
    left = subprocess.run(status, cwd=project, check=True, capture_output=True, text=True)
    assert left.stdout in {"", "?? uv.lock\n"}
