"""Remembers what the last review came to, and tells whether it still holds.

It holds while the files are the same but for comments and blank lines: checks do not see those
(`Module.code`), they only move what is found. Whatever else has changed, if only the environment
or a line of this program, makes the review do its work again: a stale finding is worse than a slow
one.
"""

import marshal
import sys
from collections.abc import Iterator, Mapping
from dataclasses import astuple, dataclass, replace
from functools import cache as once
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import fastwright
from fastwright.application.application import Application, Gathered
from fastwright.codebase.modules import width_of
from fastwright.practice import Finding, Fix, Kind, Place, Practice, Safety, Step
from fastwright.reviews.outcome import Outcome
from fastwright.source import facts
from fastwright.source.cache import Cache
from fastwright.source.digests import digest
from fastwright.source.facts import Facts
from fastwright.source.files import SourceFile
from fastwright.source.moving import Moves, NotMovedError

# So many changed files are looked at; with more, the answer is hardly ever that nothing changed.
_MOST_CHANGED = 20


@dataclass(frozen=True, slots=True)
class _Kept:
    """An outcome with what it was made of: it holds for nothing else."""

    made_by: bytes
    practices: tuple[str, ...]
    others: bytes
    unreadable: tuple[tuple[str, str], ...]
    # Each file's path with the digest of its text.
    files: tuple[tuple[str, bytes], ...]
    # The files of which somebody looked at more than the code.
    read_whole: tuple[str, ...]
    # From where to where in the code of which files somebody looked for anything else.
    read_between: dict[str, tuple[tuple[int, int], ...]]
    # How long the lines of files may be of which that was asked.
    widths: dict[str, int]
    outcome: Outcome


def recall(gathered: Gathered, practices: Mapping[str, Practice], cache: Cache) -> Outcome | None:
    """Return the last outcome, with everything where it is now; None where it may not hold."""
    kept = _unpacked(cache.result(_key(practices)))
    if kept is None or kept != replace(kept, **_made_of(gathered, practices), files=kept.files):
        return None
    if [path for path, _ in kept.files] != [each.path for each in gathered.sources]:
        return None
    changed = [
        (known, source)
        for (_, known), source in zip(kept.files, gathered.sources, strict=True)
        if known != source.digest
    ]
    if not changed:
        return kept.outcome
    try:
        outcome = _moved(kept, changed, cache)
    except (NotMovedError, RecursionError):
        return None
    files = tuple((each.path, each.digest) for each in gathered.sources)
    cache.keep_result(_key(practices), _packed(replace(kept, files=files, outcome=outcome)))
    cache.replace({}, [known for known, _ in changed])
    return outcome


def remember(
    outcome: Outcome,
    application: Application,
    gathered: Gathered,
    practices: Mapping[str, Practice],
    cache: Cache,
) -> None:
    """Keep an outcome for the next review, unless a check failed."""
    if not outcome.failures:
        modules = application.codebase.modules
        read_whole = tuple(each.path for each in modules if each.is_read_whole)
        widths = {each.path: each.asked_width for each in modules if each.asked_width}
        between = {each.path: tuple(each.read_between) for each in modules if each.read_between}
        files = tuple((each.path, each.digest) for each in gathered.sources)
        made_of = _made_of(gathered, practices)
        kept = _Kept(
            **made_of,
            files=files,
            read_whole=read_whole,
            read_between=between,
            widths=widths,
            outcome=outcome,
        )
        cache.keep_result(_key(practices), _packed(kept))


def _key(practices: Mapping[str, Practice]) -> bytes:
    return digest(marshal.dumps(tuple(practices)))


def _made_of(gathered: Gathered, practices: Mapping[str, Practice]) -> dict[str, Any]:
    others = [(path, text.encode(errors="replace")) for path, text in gathered.texts.items()]
    return {
        "made_by": _maker(),
        "practices": tuple(practices),
        "others": digest(marshal.dumps(others)),
        "unreadable": tuple((each.path, each.reason) for each in gathered.unreadable),
    }


def _moved(kept: _Kept, changed: list[tuple[bytes, SourceFile]], cache: Cache) -> Outcome:
    """Return the outcome with everything where it is now."""
    unread = {path for path, _ in kept.outcome.unreadable}
    if len(changed) > _MOST_CHANGED or any(
        source.path in kept.read_whole or source.path in unread for _, source in changed
    ):
        raise NotMovedError
    packed = _facts(changed, cache)
    moves = {}
    for known, source in changed:
        places = {each for each in _places(kept.outcome) if each.path == source.path}
        made = Moves(packed[known], packed[source.digest], source.text, places)
        for between in kept.read_between.get(source.path, ()):
            if not made.is_written_as_before(*between):
                raise NotMovedError
        if kept.widths.get(source.path) not in {None, width_of(source.text)}:
            raise NotMovedError
        moves[source.path] = made
    ignores = {
        source.path: [(source.path, *each) for each in Facts.of(packed[source.digest]).ignores]
        for _, source in changed
    }
    for each in kept.outcome.ignores:
        if each[0] not in moves:
            ignores.setdefault(each[0], []).append(each)
    lines = sum(each.lines_added for each in moves.values())
    return replace(
        kept.outcome,
        findings=tuple(_finding(each, moves) for each in kept.outcome.findings),
        unknown=tuple(_step(each, moves) for each in kept.outcome.unknown),
        counts={**kept.outcome.counts, "lines": kept.outcome.counts["lines"] + lines},
        ignores=tuple(each for path, _ in kept.files for each in ignores.get(path, ())),
    )


def _places(outcome: Outcome) -> Iterator[Place]:
    for each in outcome.findings:
        yield from (each.at, *each.places)


def _finding(finding: Finding, moves: Mapping[str, Moves]) -> Finding:
    return replace(
        finding,
        at=_place(finding.at, moves),
        chain=tuple(_step(each, moves) for each in finding.chain),
        places=tuple(_place(each, moves) for each in finding.places),
    )


def _place(place: Place, moves: Mapping[str, Moves]) -> Place:
    return moves[place.path].place(place) if place.path in moves else place


def _step(step: Step, moves: Mapping[str, Moves]) -> Step:
    return moves[step.path].step(step) if step.path in moves else step


def _facts(changed: list[tuple[bytes, SourceFile]], cache: Cache) -> dict[bytes, bytes]:
    """Return the facts of changed files, as they were and as they are."""
    found = cache.facts([each for known, source in changed for each in (known, source.digest)])
    try:
        made = {
            source.digest: facts.pack(source.text)
            for _, source in changed
            if source.digest not in found
        }
    except ValueError as error:  # deeper than `marshal` goes
        raise NotMovedError from error
    cache.replace(made, ())  # whatever they say, they will be needed
    if any(known not in found for known, _ in changed):
        raise NotMovedError
    return found | made


def _packed(kept: _Kept) -> bytes:
    outcome = kept.outcome
    return marshal.dumps(
        (
            (kept.made_by, kept.practices, kept.others, kept.unreadable),
            (kept.files, kept.read_whole, kept.read_between, kept.widths),
            tuple(map(_plain, outcome.findings)),
            tuple(outcome.counts.items()),
            (tuple(map(astuple, outcome.unknown)), tuple(map(astuple, outcome.partly_read))),
            (outcome.unreadable, outcome.ignores),
        )
    )


def _unpacked(packed: bytes | None) -> _Kept | None:
    """Return what was kept by this or another version; None for what that cannot be."""
    if packed is None:
        return None
    try:
        made_of, about_files, findings, counts, steps, rest = marshal.loads(packed)  # noqa: S302 - as above
        unknown, partly_read = (tuple(Step(*each) for each in some) for some in steps)
        outcome = Outcome(
            findings=tuple(map(_from_plain, findings)),
            failures=(),
            counts=dict(counts),
            unknown=unknown,
            partly_read=partly_read,
            unreadable=rest[0],
            ignores=rest[1],
        )
        made_by, practices, others, unreadable = made_of
        files, read_whole, read_between, widths = about_files
        return _Kept(
            made_by, practices, others, unreadable, files, read_whole, read_between, widths, outcome
        )
    except (ValueError, TypeError, EOFError, IndexError):
        return None


def _plain(finding: Finding) -> tuple[Any, ...]:
    """Return a finding as plain values; of its fix, a review only says how safe it is."""
    fix = finding.fix.safety.value if finding.fix else None
    at, message, chain, places, _, practice, kind = astuple(replace(finding, fix=None))
    return (at, message, chain, places, fix, practice, kind.value)


def _from_plain(plain: tuple[Any, ...]) -> Finding:
    at, message, chain, places, fix, practice, kind = plain
    return Finding(
        at=Place(*at),
        message=message,
        chain=tuple(Step(*each) for each in chain),
        places=tuple(Place(*each) for each in places),
        fix=Fix(Safety(fix), ()) if fix else None,
        practice=practice,
        kind=Kind(kind),
    )


@once
def _maker() -> bytes:
    """Return what tells this program, with all that reads code for it, from any other version."""
    found: list[object] = [sys.version]
    package = Path(fastwright.__file__).parent
    for file in sorted(package.rglob("*")):
        if file.suffix in {".py", ".toml"}:
            found += [str(file.relative_to(package)), file.read_bytes()]
    for name in ("tree_sitter", "tree_sitter_python"):
        spec = find_spec(name)
        for folder in spec.submodule_search_locations or () if spec else ():
            for file in sorted(Path(folder).iterdir()):
                found += [str(file), file.stat().st_size, file.stat().st_mtime_ns]
    return digest(marshal.dumps(found))
