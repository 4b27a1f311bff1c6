"""A project's exact versions and its virtual environment, both made by uv."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

# They would turn uv towards another project, or keep it from writing a lock.
_FOREIGN_VARIABLES = frozenset(
    {
        "VIRTUAL_ENV",
        "UV_FROZEN",
        "UV_LOCKED",
        "UV_PROJECT",
        "UV_PROJECT_ENVIRONMENT",
        "UV_WORKING_DIR",
    }
)


# A company proxy's certificate is known to the system, not to uv's own list.
_SYSTEM_CERTIFICATES = (
    {"UV_SYSTEM_CERTS": "true"} if Path("/etc/ssl/certs/ca-certificates.crt").exists() else {}
)


class UvError(Exception):
    """Uv could not do it; the message is uv's own first line about it."""


def find_uv() -> str | None:
    """Return uv: the one that started this process, on the PATH, or close to this Python.

    A checkout without uv keeps one of its own in `.tools`, beside its environment.
    """
    beside = Path(sys.executable).with_name("uv")
    of_checkout = beside.parents[2] / ".tools" / "bin" / "uv"
    for candidate in (os.environ.get("UV"), shutil.which("uv"), str(beside), str(of_checkout)):
        if candidate and os.access(candidate, os.X_OK):
            return candidate
    return None


def lock(folder: Path) -> None:
    """Write `uv.lock` in `folder`: the exact version of every package."""
    _uv(folder, "lock")


def sync(folder: Path) -> None:
    """Build `.venv` in `folder` from its lock."""
    _uv(folder, "sync")


def _uv(folder: Path, verb: str) -> None:
    kept = {name: value for name, value in os.environ.items() if name not in _FOREIGN_VARIABLES}
    finished = subprocess.run(
        [find_uv() or "uv", verb, "--quiet", "--no-progress"],
        cwd=folder,
        # The Python in use is the one that .python-version names.
        env=_SYSTEM_CERTIFICATES | kept | {"UV_PYTHON": sys.executable},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if finished.returncode:
        raise UvError(f"uv {verb} failed ({_reason(finished.stderr)})")


def _reason(stderr: str) -> str:
    lines = [line.strip() for line in stderr.splitlines() if line.strip()]
    reason = next(
        (line for line in lines if line.startswith("error:")),
        lines[0] if lines else "no reason given",
    )
    return reason.removeprefix("error:").strip()
