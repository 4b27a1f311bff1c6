"""Takes a snapshot in the project's own environment: in a process of its own, twice, for a while.

What differs between two snapshots of the same code was worked out at import, such as a time or a
random key, and says nothing about the contract.
"""

import json
import os
import re
import subprocess
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fastwright.errors import ContractError

COMPUTED = "computed at import"
_SCRIPT = Path(__file__).with_name("snapshot.py")
# A large application on a busy machine takes minutes.
_SECONDS = 300
_LAST_LINES = 12
_FRAME = '  File "'
# The frames of a traceback that tell how the script, and Python, import something.
_MACHINERY = re.compile(
    rf'^{_FRAME}(?:<frozen importlib|[^"\n]*(?:importlib.__init__|contract.snapshot)\.py).*\n'
    r"(?:    .*\n)*",
    re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class Target:
    """What is imported: by which Python, in which folder, with what before `sys.path`."""

    python: Path
    reference: str
    folder: Path
    paths: tuple[str, ...]


def take(target: Target, variables: Mapping[str, str]) -> dict[str, Any]:
    """Return the contract; `variables` are put into the environment.

    Raises `ContractError` with the project's own last words if its application cannot be imported.
    """
    with ThreadPoolExecutor(2) as pool:
        one, other = pool.map(lambda _: _taken(target, variables), range(2))
    masked: dict[str, Any] = _masked(one, other)
    return masked


def _taken(target: Target, variables: Mapping[str, str]) -> dict[str, Any]:
    command = [str(target.python), str(_SCRIPT), target.reference]
    command += [str(target.folder / each) for each in target.paths]
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", **variables}
    try:
        done = subprocess.run(
            command,
            cwd=target.folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            timeout=_SECONDS,
        )
    except subprocess.TimeoutExpired:
        raise ContractError(
            f"{target.reference} was not imported within {_SECONDS} seconds."
        ) from None
    except OSError as error:
        raise ContractError(f"{target.python} cannot be run: {error.strerror}.") from error
    try:
        document: dict[str, Any] = json.loads(done.stdout)
    except ValueError:
        text = done.stderr.decode(errors="replace")
        short = _MACHINERY.sub("", text)
        said = (short if _FRAME in short else text).strip().splitlines()[-_LAST_LINES:]
        raise ContractError(
            f"{target.reference} cannot be imported with {target.python}:\n"
            + "\n".join(f"    {line}" for line in said),
            suggestion="--python, --app, or --env NAME=VALUE for a setting that is missing",
        ) from None
    return document


def _masked(one: Any, other: Any) -> Any:  # noqa: ANN401 - whatever JSON holds
    if isinstance(one, dict) and isinstance(other, dict) and one.keys() == other.keys():
        return {key: _masked(value, other[key]) for key, value in one.items()}
    if _is_list(one) and _is_list(other) and len(one) == len(other):
        return [_masked(*pair) for pair in zip(one, other, strict=True)]
    return one if one == other else COMPUTED


def _is_list(value: object) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str)
