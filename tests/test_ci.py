""".ci/run: `make check` as it is, its exit status, and pytest's closing lines at the end."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

CLOSING = "===== 12 passed in 3.45s ====="


@pytest.mark.parametrize("status", [0, 2])
def test_the_closing_line_comes_last_and_the_status_is_makes(
    checkout: Path, program: Callable[[str, str], Path], status: int
) -> None:
    make = program("make", f"echo '{CLOSING}'; echo then more; exit {status}")
    finished = subprocess.run(
        ["bash", ".ci/run"],
        cwd=checkout,
        env=os.environ | {"PATH": f"{make.parent}{os.pathsep}{os.environ['PATH']}"},
        stdin=subprocess.DEVNULL,
        check=False,
        capture_output=True,
        text=True,
    )
    assert finished.returncode == status
    assert finished.stdout.splitlines() == [CLOSING, "then more", "", CLOSING]
