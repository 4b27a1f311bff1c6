"""How long a review takes, beside CPython's own parser and beside Ruff.

    python benchmarks/review/speed.py [FOLDER]

FOLDER is any codebase, by default this repository. Cold is a review with an empty cache; warm one
after a change to a single file: a line more in a function, a comment, or a new function. Every
figure is the median of a few runs in turn, because machines have moods; the ratios are what counts.
"""

import argparse
import ast
import os
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from fastwright.source import files

_ROUNDS = 3
_RUFF_RULES = "FAST,ASYNC,S"
_RETURN = re.compile(rb"^( +)return\b", re.MULTILINE)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description="How long a review takes.")
    parser.add_argument("folder", type=Path, nargs="?", default=Path(__file__).parents[2])
    folder = parser.parse_args().folder.resolve()
    with tempfile.TemporaryDirectory() as place:
        copy = Path(place, "codebase")
        shutil.copytree(folder, copy, ignore=shutil.ignore_patterns(".*"), symlinks=True)
        _measure(copy, Path(place, "cache"))


def _measure(folder: Path, cache: Path) -> None:
    paths = list(files.find(folder))
    changed = max(paths, key=lambda path: ("service" in path.name, path.as_posix()))
    lines = sum(path.read_bytes().count(b"\n") for path in paths)
    environment = {**os.environ, "XDG_CACHE_HOME": str(cache)}
    text = changed.read_bytes()
    parsing, cold, warm, commented, same, added, ruff = [], [], [], [], [], [], []
    for number in range(_ROUNDS):
        parsing.append(_timed(lambda: _parse(paths)))
        shutil.rmtree(cache, ignore_errors=True)
        cold.append(_timed(lambda: _review(folder, environment)))
        changed.write_bytes(_RETURN.sub(rb"\1more = 1\n\g<0>", text, count=number + 1))
        warm.append(_timed(lambda: _review(folder, environment)))
        changed.write_bytes(b"# A comment.\n" + changed.read_bytes())
        commented.append(_timed(lambda: _review(folder, environment)))
        same.append(_timed(lambda: _review(folder, environment)))
        changed.write_bytes(text + b"\n\ndef added() -> int:\n    return 1\n")
        added.append(_timed(lambda: _review(folder, environment)))
        ruff.append(_timed(lambda: _ruff(folder)))
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    base = statistics.median(parsing)
    print(f"{len(paths):,} files, {lines:,} lines; {changed.name} is changed before each warm run")
    print(f"{'':32}{'seconds':>9}{'× ast.parse':>14}")
    for name, times in (
        ("ast.parse, one thread", parsing),
        ("fastwright review, cold", cold),
        ("fastwright review, warm", warm),
        ("  after a comment was added", commented),
        ("  after nothing has changed", same),
        ("  after a function was added", added),
        (f"ruff --select {_RUFF_RULES}", ruff),
    ):
        median = statistics.median(times)
        print(f"{name:32}{median:>9.2f}{median / base:>14.2f}")
    print(f"largest process: {peak:,.0f} MiB")


def _timed(run: Callable[[], None]) -> float:
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def _parse(paths: list[Path]) -> None:
    for path in paths:
        try:
            ast.parse(path.read_bytes())
        except SyntaxError:
            continue  # newer syntax than this interpreter's: the time until there counts


def _review(folder: Path, environment: Mapping[str, str]) -> None:
    command = [sys.executable, "-m", "fastwright", "review", str(folder), "--format", "json"]
    _run(command, environment)


def _ruff(folder: Path) -> None:
    command = ["ruff", "check", "--isolated", "--no-cache", "--select", _RUFF_RULES, str(folder)]
    _run(command, {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"})


def _run(command: list[str], environment: Mapping[str, str]) -> None:
    done = subprocess.run(  # noqa: S603 - its own commands
        command, env=environment, stdout=subprocess.DEVNULL, check=False
    )
    if done.returncode not in {0, 1}:
        raise SystemExit(f"{' '.join(command)} ended with {done.returncode}")


if __name__ == "__main__":
    main()
