"""Whether fixes leave files as they are but for what they mend: in many codebases, in memory.

    python benchmarks/fix/round_trip.py CODEBASES [--with-polar] [--only NAME]

CODEBASES holds checkouts, which stay as they are. 2,000 of their files, always the same, are read
and written without an edit, and have to be the same byte for byte. Then all safe fixes are made of
each codebase, and all unsafe ones on top: every fixed file has to parse, no fix may fail, and Ruff
has to find nothing new in any file (syntax, pyflakes, the order of imports, and lines that are
longer than any in the file before, than 88, and than the project says). Ends with 1 otherwise.
"""

import argparse
import gc
import json
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path

from fastwright import catalogue
from fastwright.application import line_length
from fastwright.application.application import Application, read
from fastwright.fixes import rewrites, rounds
from fastwright.practice import Finding, Safety
from fastwright.source import facts, files
from fastwright.source.edits import apply
from fastwright.source.importing import unused

_FILES = 2000
_POLAR = "polarsource__polar"
_NARROWEST = 88  # up to here, a line is too long for no formatter
_WIDEST = 320  # that Ruff can be told

_LINE = re.compile(r" from line \d+")

# By path and rule, with the message: how often Ruff says it.
Said = Counter[tuple[str, str, str]]


@dataclass(slots=True)
class Tally:
    """What was counted, and what is wrong."""

    counted: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)


def main() -> None:
    """Print what was tried and what is wrong."""
    parser = argparse.ArgumentParser(description="Mends codebases in memory, and checks them.")
    parser.add_argument("codebases", type=Path)
    parser.add_argument("--with-polar", action="store_true", help="also the one of 250,000 lines")
    parser.add_argument("--only", default="", help="only those whose names hold this")
    asked = parser.parse_args()
    gc.disable()
    folders = [
        each.resolve()
        for each in sorted(asked.codebases.iterdir())
        if each.is_dir() and asked.only in each.name
    ]
    unedited = Tally()
    for path in _chosen(folders):
        _read_and_write(path, unedited)
    print(f"read and written without an edit: {_counts(unedited)}", flush=True)
    mended = Tally()
    for folder in folders:
        if folder.name != _POLAR or asked.with_polar:
            _mend(folder, mended)
            gc.collect()
    print(f"mended: {_counts(mended)}")
    for each in unedited.wrong + mended.wrong:
        print(each)
    raise SystemExit(int(bool(unedited.wrong or mended.wrong)))


def _counts(tally: Tally) -> str:
    return ", ".join(f"{number} {what}" for what, number in tally.counted.items()) + (
        f"; {len(tally.wrong)} wrong"
    )


def _chosen(folders: Iterable[Path]) -> list[Path]:
    """Return as many files as are wanted, by a number that is made of their paths."""
    found = [
        (path, path.relative_to(folder.parent)) for folder in folders for path in files.find(folder)
    ]
    found.sort(key=lambda each: sha256(each[1].as_posix().encode()).digest())
    return [path for path, _ in found[:_FILES]]


def _read_and_write(path: Path, tally: Tally) -> None:
    if path.is_symlink() or not path.is_file():
        return
    content = path.read_bytes()
    try:
        text = files.as_utf8(content)
    except (LookupError, SyntaxError, UnicodeError):
        tally.counted["not read"] += 1
        return
    tally.counted["files"] += 1
    new = unused(text, apply(text, []))
    written = files.as_before(new, content)
    if written is None:
        tally.counted["never written, for their encoding"] += 1
    elif written != content or rewrites.rewrites(path.parent, {path.name: new}):
        tally.wrong.append(f"not the same: {path}")


def _mend(folder: Path, tally: Tally) -> None:
    application = read(folder, use_cache=False)
    safe = rounds.mend(application, lambda each: _findings(each, {Safety.SAFE}))
    both = rounds.mend(safe.application, lambda each: _findings(each, set(Safety)))
    before = {each.path: each.text for each in application.codebase.modules}
    after = {**safe.texts, **both.texts}
    tally.counted["codebases"] += 1
    tally.counted["safe fixes"] += len(safe.fixed)
    tally.counted["unsafe fixes"] += len(both.fixed)
    tally.counted["files mended"] += len(after)
    for mended in (safe, both):
        tally.wrong += [
            f"{folder.name}: {each.practice} {each.at.path}:{each.at.line}: {why}"
            for each, why in mended.failed
        ]
    allowed = {
        each.path: line_length.allowed(each, application) for each in application.codebase.modules
    }
    for path, what in _new_trouble(before, safe.texts, after, allowed):
        fixed = {each.practice for each in (*safe.fixed, *both.fixed) if _edits(each, path)}
        tally.wrong.append(f"{folder.name}/{path}: {what}: {', '.join(sorted(fixed))}")


def _edits(finding: Finding, path: str) -> bool:
    return finding.fix is not None and any(each.path == path for each in finding.fix.edits)


def _findings(application: Application, safeties: set[Safety]) -> list[Finding]:
    """Return all findings with such a fix, of all practices."""
    return [
        replace(found, practice=name)
        for name, practice in catalogue.select().items()
        for found in practice.check(application)
        if found.fix and found.fix.safety in safeties
    ]


def _new_trouble(
    before: Mapping[str, bytes],
    safe: Mapping[str, bytes],
    both: Mapping[str, bytes],
    allowed: Mapping[str, int],
) -> Iterator[tuple[str, str]]:
    """Yield paths with what is wrong there and was not before: once, for safe fixes if those do."""
    paths = sorted(each for each in both if each.endswith(".py"))
    told: set[tuple[str, str]] = set()
    with tempfile.TemporaryDirectory(prefix="round-trip-") as place:
        root = Path(place).resolve()
        # All of them, for Ruff tells by the files that are there what is imported from here.
        _write(root, before)
        known = _ruff(root, paths)
        for kind, texts in (("safe", safe), ("unsafe", both)):
            _write(root, {path: text for path, text in texts.items() if path in before})
            new = [(path, f"{rule} {said}") for path, rule, said in _ruff(root, paths) - known]
            for path in sorted(texts.keys() & before.keys()):
                new += [
                    (path, each) for each in _unreadable(before[path], texts[path], allowed[path])
                ]
            yield from (
                (path, f"{what} ({kind})") for path, what in new if (path, what) not in told
            )
            told.update(new)


def _unreadable(before: bytes, after: bytes, allowed: int) -> Iterator[str]:
    if facts.errors(after) > facts.errors(before) or (_compiles(before) and not _compiles(after)):
        yield "does not parse"
    widest = max(_width(before), _NARROWEST, allowed)
    if _width(after) > widest:
        yield f"E501 {_width(after)} > {widest}"


def _width(text: bytes) -> int:
    lines = text.decode("utf-8", "replace").splitlines()
    return min(max(map(len, lines), default=0), _WIDEST)


def _compiles(text: bytes) -> bool:
    try:
        compile(text, "file", "exec", dont_inherit=True)
    except (SyntaxError, ValueError):
        return False
    return True


def _write(root: Path, texts: Mapping[str, bytes]) -> None:
    for path, text in texts.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(text)


def _ruff(root: Path, paths: list[str]) -> Said:
    if not paths:
        return Counter()
    words = [
        "check",
        "--isolated",
        "--no-cache",
        "--select",
        "E9,F,I001",
        "--output-format",
        "json",
    ]
    done = subprocess.run(
        [sys.executable, "-m", "ruff", *words, *paths], cwd=root, capture_output=True, check=False
    )
    return Counter(
        (
            Path(each["filename"]).relative_to(root).as_posix(),
            each["code"] or "",
            _LINE.sub("", each["message"]),
        )
        for each in json.loads(done.stdout)
    )


if __name__ == "__main__":
    main()
