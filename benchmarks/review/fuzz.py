"""Whether the reviewer stays on its feet over broken files: no crash, no hang, nothing slow.

    python benchmarks/review/fuzz.py [FOLDERS…] [--cases 10000] [--seed 0]
    python benchmarks/review/fuzz.py --file FILE

Each case is a real file below FOLDERS (by default this repository with its practices' examples, and
the standard library) that was mutated, truncated or mixed with random bytes. It is read, linked as
an application of one file, and checked by every practice. A case fails when anything is raised, or
when it takes more than 100 times as long as the whole file; its text is kept, and `--file` shows
how it fails. The same seed makes the same cases of the same files.
"""

import argparse
import os
import random
import signal
import sys
import sysconfig
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import FrameType

import mutations

from fastwright import catalogue
from fastwright.application.application import Application
from fastwright.codebase.codebase import Codebase
from fastwright.practice import Files, Fixed
from fastwright.source import files, reading

_ROOT = Path(__file__).parents[2]
_OURS = ("src", "blueprint/src", "blueprint/tests", "tests")
# Larger files show nothing that small ones do not.
_LARGEST = 40_000
_CASES_A_TASK = 50
_TIMES_SLOWER = 100
# Seconds of processor time that no case counts as quicker than, against noise.
_NOISE = 0.02
_HANGS = 60.0

# By name, such as a path.
_sources: list[tuple[str, bytes]] = []


class HangError(Exception):
    """A case that does not come to an end."""


@dataclass(frozen=True)
class Outcome:
    """How a case went: `problem` is None where all was well; `slowness` is a ratio."""

    number: int
    source: str
    mutation: str
    text: bytes
    slowness: float
    problem: str | None
    is_too_deep: bool


def main() -> None:
    given = _arguments()
    if given.file is not None:
        review(given.file.read_bytes())
        print("Nothing is raised.")
        return
    _sources.extend(_from(given.folders) if given.folders else _by_default())
    if not _sources:
        sys.exit("There are no Python files in these folders.")
    print(f"{given.cases:,} cases of {len(_sources):,} texts, seed {given.seed}", flush=True)
    sys.exit(_report(list(_run(given.seed, given.cases)), given.cases))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="*", type=Path)
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--file", type=Path, help="review this file only, and show what is raised")
    return parser.parse_args()


def _by_default() -> Iterator[tuple[str, bytes]]:
    library = Path(sysconfig.get_path("stdlib"))
    yield from _from([*(_ROOT / each for each in _OURS), library])
    for name, practice in catalogue.select().items():
        for example in practice.examples:
            held = example.before if isinstance(example, Fixed) else example.files
            yield from ((f"{name}: {example.title}", text) for text in _texts(held) if text)


def _texts(held: Files) -> Iterator[bytes]:
    yield from (each.encode() for each in ([held] if isinstance(held, str) else held.values()))


def _from(folders: Sequence[Path]) -> Iterator[tuple[str, bytes]]:
    for folder in folders:
        for path in files.find(folder.absolute()):
            if path.is_file() and 0 < path.stat().st_size <= _LARGEST:
                yield str(path), path.read_bytes()


def _run(seed: int, cases: int) -> Iterator[Outcome]:
    firsts = range(0, cases, _CASES_A_TASK)
    started = time.monotonic()
    with ProcessPoolExecutor(os.cpu_count(), initializer=_begin, initargs=(_sources,)) as pool:
        tasks = [
            pool.submit(_cases, seed, range(first, min(first + _CASES_A_TASK, cases)))
            for first in firsts
        ]
        for first, task in zip(firsts, tasks, strict=True):
            try:
                yield from task.result()
            except BrokenProcessPool:
                print(f"FAILED {first} and following: the process died")
            if first % 1000 == 0 and first:
                print(f"  {first:,} cases in {time.monotonic() - started:.0f} s", flush=True)


def _begin(sources: list[tuple[str, bytes]]) -> None:
    _sources[:] = sources


def _cases(seed: int, numbers: range) -> list[Outcome]:
    return [_case(seed, number) for number in numbers]


def _case(seed: int, number: int) -> Outcome:
    chance = random.Random(f"{seed}:{number}")  # noqa: S311 - to be the same each time
    at = chance.randrange(len(_sources))
    source, whole = _sources[at]
    mutation, text = mutations.mutate(whole, chance.choice(_sources)[1], chance)
    signal.signal(signal.SIGALRM, _give_up)
    signal.setitimer(signal.ITIMER_REAL, _HANGS)
    problem: str | None = None
    is_too_deep = False
    slowness = 0.0
    try:
        usual = max(_usual_time(at), _NOISE)
        started = time.process_time()
        is_too_deep = not review(text)
        slowness = (time.process_time() - started) / usual
    except Exception as error:  # noqa: BLE001 - whatever it is, it is what is looked for
        problem = _told(error)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    if problem is None and slowness > _TIMES_SLOWER:
        problem = f"{slowness:.0f} times slower than the whole file"
    return Outcome(number, source, mutation, text, slowness, problem, is_too_deep)


@cache
def _usual_time(at: int) -> float:
    """Return the processor time, in seconds, that a text takes as it is."""
    started = time.process_time()
    review(_sources[at][1])
    return time.process_time() - started


def review(content: bytes) -> bool:
    """Read, link and check one file; False where it is left out, as nested too deeply."""
    try:
        text = files.as_utf8(content)
    except (LookupError, SyntaxError, UnicodeError):
        return True  # an encoding that is not known
    read = list(reading.read_all([files.SourceFile("app.py", text)], None))
    application = Application(Codebase(read), {})
    for practice in catalogue.select().values():
        for finding in practice.check(application):
            if not finding.message or finding.at.line < 1:
                raise AssertionError(finding)
    return not application.codebase.unreadable


def _give_up(_signal: int, _frame: FrameType | None) -> None:
    raise HangError(f"no end after {_HANGS:.0f} s")


def _told(error: Exception) -> str:
    at = traceback.extract_tb(error.__traceback__)[-1]
    place = f"{at.filename.rpartition('fastwright/')[2]}:{at.lineno}"
    return f"{type(error).__name__}: {str(error)[:100]} ({place})"


def _report(outcomes: list[Outcome], cases: int) -> int:
    failed = [each for each in outcomes if each.problem]
    for mutation, count in sorted(Counter(each.mutation for each in outcomes).items()):
        lost = sum(each.mutation == mutation for each in failed)
        print(f"  {mutation:<14} {count:>6,} cases, {lost} failed")
    kept = Path(tempfile.mkdtemp(prefix="fuzz-")) if failed else Path()
    for each in failed:
        file = kept / f"{each.number}.py"
        file.write_bytes(each.text)
        print(f"FAILED {each.number}: {each.problem}\n  {each.mutation} of {each.source}: {file}")
    slowest = max((each.slowness for each in outcomes), default=0)
    deep = sum(each.is_too_deep for each in outcomes)
    print(
        f"{len(outcomes):,} of {cases:,} cases run, {len(failed)} failed, the slowest took"
        f" {slowest:.1f} times its whole file, {deep} are nested too deeply and said to be"
    )
    return 1 if failed or len(outcomes) < cases else 0


if __name__ == "__main__":
    main()
