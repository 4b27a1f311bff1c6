"""uv.mk: every make finds uv, or brings it, on machines of all kinds; real makes, fake programs."""

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

Program = Callable[[str, str], Path]
Make = Callable[..., subprocess.CompletedProcess[str]]

MAKEFILE = """
include uv.mk
help: ; @echo "help needs nothing"
show: ; @echo "UV=$$UV UV_PYTHON=$$UV_PYTHON"
"""
# What stands in for a Python: `venv` or `pip` make .tools/bin/uv, as the real ones do.
BRING = "mkdir -p .tools/bin; printf '#!/bin/sh\\n' > .tools/bin/uv; chmod +x .tools/bin/uv"


@pytest.fixture
def make(checkout: Path, tmp_path: Path) -> Make:
    """Return a function that runs make in a small checkout whose PATH holds only basic tools."""
    folder = tmp_path / "check out"
    basics = tmp_path / "basics"
    folder.mkdir()
    basics.mkdir()
    shutil.copy(checkout / "blueprint" / "uv.mk", folder)
    (folder / "Makefile").write_text(MAKEFILE)
    (folder / ".python-version").write_text("3.11\n")
    for tool in ("make", "sh", "rm", "cat", "grep", "mkdir", "chmod"):
        (basics / tool).symlink_to(str(shutil.which(tool)))

    def run(goal: str, *programs: Path) -> subprocess.CompletedProcess[str]:
        path = os.pathsep.join(str(folder) for folder in [*(p.parent for p in programs), basics])
        return subprocess.run(
            ["make", goal, "pythons=python3"],
            cwd=folder,
            env={"PATH": path},
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def test_help_needs_neither_uv_nor_python(make: Make) -> None:
    assert make("help").stdout == "help needs nothing\n"


def test_the_machines_own_uv_is_used(make: Make, program: Program) -> None:
    uv = program("uv", "")
    assert make("show", uv).stdout == f"UV={uv} UV_PYTHON=\n"


def test_a_missing_uv_is_brought_once(make: Make, tmp_path: Path, program: Program) -> None:
    python = program(
        "python3", f'case "$*" in "-m venv .tools") {BRING}; ln -s "$0" .tools/bin/python;; esac'
    )
    (python.parent / "ln").symlink_to(str(shutil.which("ln")))
    first, second = make("show", python), make("show", python)
    expected = f"UV={tmp_path / 'check out' / '.tools/bin/uv'} UV_PYTHON=\n"
    assert (first.stdout, second.stdout) == (expected, expected)
    assert "bringing one into .tools/" in first.stderr
    assert second.stderr == ""


def test_pip_alone_is_enough(make: Make, tmp_path: Path, program: Program) -> None:
    python = program(
        "python3",
        f'case "$*" in *venv*) exit 1;; "-m pip install -q --target .tools uv") {BRING};; esac',
    )
    shown = make("show", python)
    assert shown.stdout == f"UV={tmp_path / 'check out' / '.tools/bin/uv'} UV_PYTHON=\n"


def test_a_python_that_can_install_nothing_is_said_with_what_to_do(
    make: Make, tmp_path: Path, program: Program
) -> None:
    shown = make("show", program("python3", "exit 1"))
    assert shown.returncode == 2
    assert "install python3-venv (or uv), then try again." in shown.stderr
    assert not (tmp_path / "check out" / ".tools").exists()


def test_a_failed_installation_shows_pips_own_words(make: Make, program: Program) -> None:
    python = program(
        "python3", 'case "$*" in *venv*) exit 1;; *install*) echo no network >&2; exit 1;; esac'
    )
    shown = make("show", python)
    assert shown.returncode == 2
    assert "no network" in shown.stderr


def test_another_python_stands_in_for_one_that_is_not_here(make: Make, program: Program) -> None:
    uv = program("uv", 'case "$*" in "python find"*) exit 2;; esac')
    python = program("python3", "echo /opt/python3.12")
    assert make("show", uv, python).stdout == f"UV={uv} UV_PYTHON=/opt/python3.12\n"
