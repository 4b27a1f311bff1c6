"""What `fastwright fix` does to codebases that have tests, and whether they work as before.

    python benchmarks/fix/corpus.py CHECKOUTS ENVIRONMENTS [REPOSITORY]...

CHECKOUTS holds clones called `owner__name`, which stay as they are; in ENVIRONMENTS an environment
is made for each, and kept for the next time. That needs uv, a package index and git; root needs
`setpriv`. `codebases.toml` says how each is run.

Each is mended with the safe fixes, committed, mended once more, and then the same with the unsafe
ones on top; what the proof refuses of those is told and left. Ends with 1 when the contract
differs, a test breaks, a second run changes something, or a finding with a fix is left. Then it
tells what, and which practices' fixes do it alone.
"""

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest.mock import patch

import codebases
from codebases import Codebase, NotRunError, Ready

from fastwright.changes import copies
from fastwright.fixes import trials
from fastwright.fixes.trials import Trial

_SAFE, _UNSAFE = "safe", "unsafe"
# What an unsafe fix is left for that needs what the environment has not.
_REFUSED = "its fix is refused by the proof"
_SECONDS = 1800
_LAST = 1500  # characters of what a suite said
_COLUMNS = "{:44}{:>7}" + "{:>8}{:>6}{:>10}{:>7}{:>8}{:>7}" * 2
_HEADS = ("fixed", "left", "contract", "passed", "broken", "again")

Document = dict[str, Any]


@dataclass(slots=True)
class Made:
    """What came of one kind of fixes: the row's cells, and what is wrong."""

    fixed: int = 0
    left: int = 0
    contract: str = "-"
    passed: str = "-"
    broken: int = 0
    again: int = 0
    wrong: list[str] = field(default_factory=list)

    @property
    def cells(self) -> tuple[object, ...]:
        return self.fixed, self.left, self.contract, self.passed, self.broken, self.again


def main() -> None:
    """Print the table; end with 1 when something is wrong."""
    parser = argparse.ArgumentParser(description="Mends codebases, and runs their tests.")
    parser.add_argument("checkouts", type=Path)
    parser.add_argument("environments", type=Path)
    parser.add_argument("repositories", nargs="*")
    asked = parser.parse_args()
    # So that the servers end too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))
    print(_COLUMNS.format("", "", _SAFE, *[""] * 5, _UNSAFE, *[""] * 5).rstrip())
    print(_COLUMNS.format("repository", "before", *_HEADS, *_HEADS), flush=True)
    wrong = 0
    for codebase in codebases.load(asked.repositories):
        with tempfile.TemporaryDirectory(prefix="corpus-") as place:
            copy = Path(place).resolve() / codebase.name
            environments = asked.environments.absolute()
            try:
                with codebases.ready(
                    codebase, asked.checkouts.absolute(), environments, copy
                ) as found:
                    wrong += _row(codebase, found)
            except NotRunError as error:
                print(f"{codebase.repository:44} not run: {error}", flush=True)
    raise SystemExit(int(wrong > 0))


def _row(codebase: Codebase, ready: Ready) -> int:
    before = _review(ready)
    safe = _made(ready, unsafe=False)
    unsafe = _made(ready, unsafe=True)
    print(_COLUMNS.format(codebase.repository, before, *safe.cells, *unsafe.cells), flush=True)
    wrong = [f"{_SAFE}: {each}" for each in safe.wrong]
    wrong += [f"{_UNSAFE}: {each}" for each in unsafe.wrong]
    for each in wrong:
        print("    " + each.replace("\n", "\n    "), flush=True)
    return len(wrong)


def _review(ready: Ready) -> int:
    """Return the number of findings, each place of what is grouped counted."""
    document = _fastwright(ready, "review", "--format", "json")
    return sum(1 + len(each["places"]) for each in document["findings"])


def _made(ready: Ready, *, unsafe: bool) -> Made:
    made = Made()
    words = ["--unsafe"] if unsafe else []
    document = _fix(ready, "--prove", "--test", ready.test, *words)
    if "error" in document:
        made.wrong.append(document["error"]["message"])
        return made
    kinds = {_SAFE, _UNSAFE} if unsafe else {_SAFE}
    made.fixed = len(document["fixed"])
    stays = [each for each in document["left"] if each["fix"] in kinds]
    refused = [each for each in stays if each["why"].startswith(_REFUSED)] if unsafe else []
    for each in refused:
        print(f"    {_said(each)}: {each['why'].splitlines()[0]}", flush=True)
    stays = [each for each in stays if each not in refused]
    made.left = len(stays)
    made.wrong += [f"left {_said(each)}: {each['why']}" for each in stays]
    _proven(ready, document, made, words)
    if document["written"]:
        codebases.commit(ready.folder)
        _again(ready, made, words)
    return made


def _proven(ready: Ready, document: Document, made: Made, words: Sequence[str]) -> None:
    proof = document["proof"]
    passed: int | None = None
    if proof is None:  # nothing is mended
        if not words:
            passed = _passing(_tried(ready))
    else:
        changes = proof["contract"]["changes"] if proof["contract"] else []
        made.contract = "differs" if changes else "same" if proof["contract"] else "unproven"
        made.wrong += [f"contract: {each['where']}: {each['what']}" for each in changes]
        made.broken = len(proof["broken"])
        made.wrong += [f"broken: {each}" for each in proof["broken"]]
        if proof["unproven"]:
            made.wrong.append(f"unproven: {proof['unproven']}")
        if proof["tests"] is not None:
            passed = proof["tests"] + len(proof["broken"]) + len(proof["unsteady"])
        if not proof["holds"]:
            made.wrong += _culprits(ready, document, words)
    if passed is not None:
        made.passed = str(passed)
        if passed < ready.codebase.passes:
            said = _tried(ready).said[-_LAST:]
            made.wrong.append(f"only {passed} of {ready.codebase.passes} pass before:\n{said}")


def _tried(ready: Ready) -> Trial:
    with patch.dict(os.environ, ready.environment), copies.copy(ready.folder) as folder:
        return trials.run(ready.test, folder, ready.python, ("", "src"))


def _passing(trial: Trial) -> int:
    return sum(each == trials.PASSED for each in trial.outcomes.values())


def _again(ready: Ready, made: Made, words: Sequence[str]) -> None:
    """Mend what is mended."""
    document = _fix(ready, "--prove", *words)
    changed = document["files"] if document["written"] else []
    made.again = len(changed)
    made.wrong += [f"changed again: {each['path']}\n{each['diff']}" for each in changed]
    if changed:
        codebases.commit(ready.folder)


def _culprits(ready: Ready, document: Document, words: Sequence[str]) -> list[str]:
    """Tell which practices' fixes do not hold when they are made alone, with what they change."""
    found = []
    for name in sorted({each["practice"] for each in document["fixed"]}):
        only = ["--only", name, "--dry-run", *words]
        alone = _fix(ready, "--prove", "--test", ready.test, *only)
        if "error" in alone or (alone["proof"] and not alone["proof"]["holds"]):
            diffs = "".join(each["diff"] for each in alone.get("files", ()))
            broken = ", ".join(alone["proof"]["broken"]) if "proof" in alone else alone["error"]
            found.append(f"it is {name} ({broken}):\n{diffs}")
    return found or ["no practice's fixes do it alone"]


def _fix(ready: Ready, *words: str) -> Document:
    more = [f"--env={name}={value}" for name, value in ready.variables.items()]
    more += ["--app", ready.codebase.app] if ready.codebase.app else []
    return _fastwright(ready, "fix", "--json", "--python", str(ready.python), *more, *words)


def _fastwright(ready: Ready, *words: str) -> Document:
    command = [sys.executable, "-m", "fastwright", *words]
    done = subprocess.run(
        command,
        cwd=ready.folder,
        env=ready.environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        timeout=_SECONDS,
    )
    try:
        document: Document = json.loads(done.stdout)
    except ValueError:
        raise SystemExit(f"{' '.join(command)}:\n{done.stderr.decode()}") from None
    return document


def _said(finding: Document) -> str:
    return f"{finding['practice']} {finding['path']}:{finding['line']}"


if __name__ == "__main__":
    main()
