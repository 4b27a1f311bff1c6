"""What the tests share: the command as a user starts it, in an environment of the test's own."""

import os
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from fastwright.projects import environment

ROOT = Path(__file__).parents[1]

Finished = subprocess.CompletedProcess[str]
Run = Callable[..., Finished]


@pytest.fixture(scope="session")
def checkout() -> Path:
    """Return the folder of this repository."""
    return ROOT


@pytest.fixture(scope="session")
def uv() -> str:
    """Return uv, which `make` brings when the machine has none."""
    found = environment.find_uv()
    assert found, "run the tests with `make test`: it brings uv"
    return found


@pytest.fixture(scope="session")
def _uv_cache(uv: str) -> str:
    asked = subprocess.run([uv, "cache", "dir"], check=True, capture_output=True, text=True)
    return asked.stdout.strip()


@pytest.fixture(autouse=True)
def _own_environment(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path_factory: pytest.TempPathFactory,
    uv: str,
    _uv_cache: str,
) -> None:
    """Hide the user's settings, and keep uv to its cache as it was filled: nothing is fetched."""
    for name in os.environ:
        if name.startswith("GIT_") or name in {"VIRTUAL_ENV", "EMAIL"}:
            monkeypatch.delenv(name)
    pyproject = tomllib.loads((ROOT / "pyproject.toml").read_text())
    monkeypatch.setenv("HOME", str(tmp_path_factory.mktemp("home")))
    monkeypatch.setenv("UV", uv)
    monkeypatch.setenv("UV_CACHE_DIR", _uv_cache)
    monkeypatch.setenv("UV_OFFLINE", "1")
    monkeypatch.setenv("UV_EXCLUDE_NEWER", pyproject["tool"]["uv"]["exclude-newer"])


@pytest.fixture
def fastwright(tmp_path: Path) -> Run:
    """Return a function that runs the command in `tmp_path`, piped, as a user's shell would."""

    def run(*arguments: str, cwd: Path = tmp_path, **variables: str) -> Finished:
        return subprocess.run(
            [sys.executable, "-m", "fastwright", *arguments],
            cwd=cwd,
            env=os.environ | variables,
            capture_output=True,
            text=True,
            check=False,
        )

    return run


@pytest.fixture
def program(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, str], Path]:
    """Return a function that writes a small shell program and returns its path."""

    def write(name: str, script: str) -> Path:
        path = tmp_path_factory.mktemp("bin") / name
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)
        return path

    return write
