"""What `fastwright add domain` does to codebases that were not made by us, and whether they work.

    python benchmarks/add/foreign.py CHECKOUTS ENVIRONMENTS [REPOSITORY]...

CHECKOUTS and ENVIRONMENTS are as `benchmarks/fix/corpus.py` has them; `commands.toml` says what is
added to which codebase, or why it is refused. The own tests are run before and after, the generated
ones with them, and the contract is compared: nothing but what is new may differ. A second run
changes nothing, and `undo` takes all of it back. Ends with 1 when something is otherwise, and tells
what.
"""

import argparse
import json
import os
import re
import shlex
import signal
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest.mock import patch

sys.path.append(str(Path(__file__).resolve().parents[1] / "fix"))

import codebases
from codebases import NotRunError, Ready

from fastwright.changes import copies
from fastwright.fixes import trials

_DATA = Path(__file__).with_name("commands.toml")
_CODEBASES = Path(__file__).with_name("codebases.toml")  # those that nothing else is tried on
_SECONDS = 1800
_REFUSED = 2
_LEFT = re.compile(r"__pycache__|\.pytest_cache|\.ruff_cache")
_COLUMNS = "{:44}{:>8}{:>8}{:>8}{:>8}{:>8}{:>8}{:>8}"
_HEADS = ("created", "changed", "paste", "passed", "broken", "new", "routes")

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """What is added to a codebase; `commands.toml` says what the fields are."""

    repository: str
    words: str
    refused: tuple[str, ...] = ()
    differs: tuple[str, ...] = ()


@dataclass(slots=True)
class Made:
    """What came of it: the row's cells, and what is wrong."""

    cells: list[object] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


def main() -> None:
    """Print the table; end with 1 when something is wrong."""
    parser = argparse.ArgumentParser(description="Adds domains to codebases.")
    parser.add_argument("checkouts", type=Path)
    parser.add_argument("environments", type=Path)
    parser.add_argument("repositories", nargs="*")
    asked = parser.parse_args()
    # So that the servers end too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))
    print(_COLUMNS.format("repository", *_HEADS), flush=True)
    wrong = 0
    for each in _load(asked.repositories):
        (codebase,) = codebases.load([each.repository], (codebases.DATA, _CODEBASES))
        with tempfile.TemporaryDirectory(prefix="add-") as place:
            copy = Path(place).resolve() / codebase.name
            environments = asked.environments.absolute()
            try:
                with codebases.ready(
                    codebase, asked.checkouts.absolute(), environments, copy
                ) as ready:
                    wrong += _row(each, ready)
            except NotRunError as error:
                print(f"{each.repository:44} not run: {error}", flush=True)
    raise SystemExit(int(wrong > 0))


def _load(wanted: Iterable[str]) -> list[Asked]:
    wanted = list(wanted)
    rows = [Asked(**row) for row in tomllib.loads(_DATA.read_text())["command"]]
    return [each for each in rows if not wanted or any(w in each.repository for w in wanted)]


def _row(asked: Asked, ready: Ready) -> int:
    made = _refused(asked, ready) if asked.refused else _made(asked, ready)
    print(_COLUMNS.format(asked.repository, *made.cells).rstrip(), flush=True)
    for each in made.wrong:
        print("    " + each.replace("\n", "\n    "), flush=True)
    return len(made.wrong)


def _refused(asked: Asked, ready: Ready) -> Made:
    """Ask for what cannot be had: the refusal names the flags that would tell."""
    status, document = _fastwright(ready, "add", "domain", *shlex.split(asked.words), "--json")
    said = json.dumps(document, ensure_ascii=False)
    made = Made(["refused", *[""] * 6])
    if status != _REFUSED:
        made.wrong.append(f"status {status}: {said}")
    made.wrong += [f"{flag} is not named: {said}" for flag in asked.refused if flag not in said]
    return made


def _made(asked: Asked, ready: Ready) -> Made:
    before = _outcomes(ready)
    contract = _contract(ready)
    there = _status(ready)  # an application may write when it is imported
    status, plan = _fastwright(ready, "add", "domain", *shlex.split(asked.words), "--json")
    if "error" in plan or "files" not in plan:
        return Made(["-"] * 7, [f"status {status}: {json.dumps(plan, ensure_ascii=False)}"])
    after = _outcomes(ready)
    broken = [name for name, outcome in before.items() if _breaks(outcome, after.get(name))]
    new = {name: outcome for name, outcome in after.items() if name not in before}
    failed = [name for name, outcome in new.items() if outcome != trials.PASSED]
    changes = _changes(ready, contract)
    actions = [each["action"] for each in plan["files"]]
    made = Made(
        [
            actions.count("create"),
            actions.count("change"),
            len(plan["to_paste"]),
            _passing(before),
            len(broken),
            _passing(new),
            sum(each["weight"] == "compatible" for each in changes),
        ]
    )
    made.wrong += [f"broken: {name}" for name in broken]
    made.wrong += [f"fails: {name}" for name in failed]
    made.wrong += [f"to paste: {each['path']}: {each['why']}" for each in plan["to_paste"]]
    said = [_said(each) for each in changes if each["weight"] != "compatible"]
    made.wrong += [f"contract: {each}" for each in said if each not in asked.differs]
    if not new:
        made.wrong.append("no generated test was run")
    if _passing(before) < ready.codebase.passes:
        made.wrong.append(f"only {_passing(before)} of {ready.codebase.passes} passed before")
    again = _fastwright(ready, "add", "domain", *shlex.split(asked.words), "--json")[1]
    repeated = [each["path"] for each in again["files"] if each["action"] != "identical"]
    made.wrong += [f"changed again: {path}" for path in repeated]
    _fastwright(ready, "undo", "--json")
    made.wrong += [f"not undone: {line}" for line in _status(ready) if line not in there]
    return made


def _status(ready: Ready) -> list[str]:
    """Return what is another than was committed, ignored or not; what running leaves is none."""
    words = ["git", "status", "--porcelain", "--ignored", "--untracked-files=all"]
    done = subprocess.run(words, cwd=ready.folder, capture_output=True, text=True, check=True)
    return [each for each in done.stdout.splitlines() if not _LEFT.search(each)]


def _outcomes(ready: Ready) -> Mapping[str, str]:
    with patch.dict(os.environ, ready.environment), copies.copy(ready.folder) as folder:
        return trials.run(ready.test, folder, ready.python, ("", "src")).outcomes


def _passing(outcomes: Mapping[str, str]) -> int:
    return sum(each == trials.PASSED for each in outcomes.values())


def _breaks(before: str, after: str | None) -> bool:
    return before == trials.PASSED and after != trials.PASSED


def _contract(ready: Ready) -> Path:
    """Save the contract as it is, beside the codebase's copy."""
    file = ready.folder.with_suffix(".contract.json")
    status, document = _fastwright(
        ready, "contract", "--save", str(file), "--format", "json", *_application(ready)
    )
    if not file.exists():
        raise NotRunError(f"its contract cannot be taken ({status}): {document}")
    return file


def _changes(ready: Ready, contract: Path) -> list[Document]:
    words = ["contract", "--diff", str(contract), "--format", "json", *_application(ready)]
    _, document = _fastwright(ready, *words)
    changes: list[Document] = document["changes"]
    return changes


def _application(ready: Ready) -> list[str]:
    named = [f"--env={name}={value}" for name, value in ready.variables.items()]
    named += ["--python", str(ready.python)]
    return [*named, "--app", ready.codebase.app] if ready.codebase.app else named


def _said(change: Document) -> str:
    return f"{change['where']}: {change['what']}"


def _fastwright(ready: Ready, *words: str) -> tuple[int, Document]:
    done = subprocess.run(
        [sys.executable, "-m", "fastwright", *words],
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
        raise SystemExit(f"{' '.join(words)}:\n{done.stderr.decode()}") from None
    return done.returncode, document


if __name__ == "__main__":
    main()
