"""Runs a project's own tests before and after, and compares them one by one."""

import os
import shlex
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from xml.etree import ElementTree as ET

from fastwright.errors import UsageError

PASSED, FAILED, SKIPPED = "passed", "failed", "skipped"
_SECONDS = 3600


@dataclass(frozen=True, slots=True)
class Trial:
    """How tests ended, by their ids; of a command that tells of none, the exit status stands."""

    outcomes: Mapping[str, str]
    said: str


def run(
    command: str,
    folder: Path,
    python: Path,
    paths: tuple[str, ...],
    variables: Mapping[str, str] = MappingProxyType({}),
) -> Trial:
    """Run a command in a folder, with the project's Python first on the PATH.

    `variables` are put into the environment.

    Raises `UsageError` for what cannot be run.
    """
    report = folder.parent / "fastwright-tests.xml"
    report.unlink(missing_ok=True)
    before = os.environ.get("PYTEST_ADDOPTS", "")
    environment = {
        **os.environ,
        **variables,
        "PATH": os.pathsep.join((str(python.parent), os.environ.get("PATH", os.defpath))),
        # The copy, not what the environment may have installed in place.
        "PYTHONPATH": os.pathsep.join(str(folder / each) for each in paths or ("",)),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTEST_ADDOPTS": f"{before} --junitxml={report} -p no:cacheprovider".strip(),
    }
    try:
        done = subprocess.run(
            shlex.split(command),
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
            timeout=_SECONDS,
        )
    except (OSError, ValueError, subprocess.TimeoutExpired) as error:
        raise UsageError(f"“{command}” cannot be run: {error}.") from error
    said = done.stdout.decode(errors="replace")
    outcomes = _outcomes(report) if report.exists() else {}
    return Trial(outcomes or {command: PASSED if done.returncode == 0 else FAILED}, said)


def broken(before: Trial, after: Trial) -> list[str]:
    """Return the tests that passed before and do not pass after."""
    return sorted(
        name
        for name, outcome in before.outcomes.items()
        if outcome == PASSED and after.outcomes.get(name) != PASSED
    )


def _outcomes(report: Path) -> dict[str, str]:
    try:
        root = ET.parse(report).getroot()  # noqa: S314 - written by the project's own pytest
    except ET.ParseError:
        return {}
    found = {}
    for case in root.iter("testcase"):
        name = f"{case.get('classname')}::{case.get('name')}"
        tags = {each.tag for each in case}
        found[name] = FAILED if tags & {"failure", "error"} else SKIPPED if tags else PASSED
    return found
