"""Makes fixes in memory, round by round: what overlaps, or comes of another fix, has its turn."""

import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from fastwright.application import application as applications
from fastwright.application.application import Application
from fastwright.practice import Effect, Finding, Fix
from fastwright.source import edits, facts, importing

# Each round makes at least one fix; more of them than this means that two fixes undo each other.
_MOST_ROUNDS = 50

# Returns what is to be mended of an application, with the fixes that may be made.
Look = Callable[[Application], list[Finding]]


@dataclass(slots=True)
class Mended:
    """What came of it: the new texts by path, in UTF-8, and what was mended, in order."""

    application: Application
    texts: dict[str, bytes] = field(default_factory=dict)
    fixed: list[Finding] = field(default_factory=list)
    # What could not be mended, and why.
    failed: list[tuple[Finding, str]] = field(default_factory=list)

    @property
    def effects(self) -> frozenset[Effect]:
        """Return what is meant to change of the contract."""
        return frozenset(effect for each in self.fixed if each.fix for effect in each.fix.effects)


def mend(application: Application, look: Look) -> Mended:
    """Make the fixes of what `look` finds, until it finds none that can be made."""
    application.is_mended = True
    mended = Mended(application)
    spoilt: set[tuple[str, str]] = set()
    seen = {_state(mended)}
    for _ in range(_MOST_ROUNDS):
        found = [each for each in look(mended.application) if _key(each) not in spoilt]
        chosen = _apart(found, mended.application)
        if not chosen:
            return mended
        texts = _texts(mended.application, chosen)
        bad = _breaking(mended.application, chosen, texts)
        if bad:
            mended.failed += [(each, "its edits would leave no valid Python") for each in bad]
            spoilt.update(map(_key, bad))
            continue
        mended.texts.update(texts)
        mended.fixed += chosen
        if _state(mended) in seen:
            break
        seen.add(_state(mended))
        mended.application = applications.revise(mended.application, texts)
    mended.failed += [(each, "it comes back when it is mended") for each in chosen]
    return mended


def _key(finding: Finding) -> tuple[str, str]:
    return finding.practice, f"{finding.at.path}:{finding.at.symbol}:{finding.message}"


def _state(mended: Mended) -> int:
    return hash(frozenset(mended.texts.items()))


def _apart(found: Iterable[Finding], application: Application) -> list[Finding]:
    """Return findings whose fixes do not overlap, those that come first taken first.

    Nor do those of two practices touch the same line: each has measured it by itself.
    """
    chosen: list[Finding] = []
    taken: dict[str, list[edits.Edit]] = {}
    lines: dict[tuple[str, int], str] = {}
    for finding in sorted(found, key=_position):
        own = finding.fix.edits if finding.fix else ()
        if any(finding.fix == each.fix and finding.practice == each.practice for each in chosen):
            chosen.append(finding)  # one fix cures several
            continue
        touched = {line for edit in own for line in _lines(edit, application)}
        if (
            not own
            or any(lines.get(line, finding.practice) != finding.practice for line in touched)
            or any(edits.overlap(edit, other) for edit in own for other in taken.get(edit.path, ()))
        ):
            continue
        chosen.append(finding)
        lines.update(dict.fromkeys(touched, finding.practice))
        for edit in own:
            taken.setdefault(edit.path, []).append(edit)
    return chosen


def _lines(edit: edits.Edit, application: Application) -> Iterator[tuple[str, int]]:
    """Yield the lines of Python that an edit touches."""
    module = application.codebase.by_path.get(edit.path)
    if module is not None:
        first, last = (module.position(offset)[0] for offset in (edit.start, edit.end))
        yield from ((edit.path, line) for line in range(first, last + 1))


def _position(finding: Finding) -> tuple[str, int, int, str]:
    return finding.at.path, finding.at.line, finding.at.column, finding.practice


def _paths(finding: Finding) -> set[str]:
    return {edit.path for edit in finding.fix.edits} if finding.fix else set()


def _texts(application: Application, chosen: list[Finding]) -> dict[str, bytes]:
    fixes = [each.fix for each in chosen if each.fix]
    own = application.codebase.imports.top_names
    paths = sorted({path for each in chosen for path in _paths(each)})
    return {
        path: _new_text(_text(application, path), path, fixes, own, _kept(application, path))
        for path in paths
    }


def _new_text(
    text: bytes,
    path: str,
    fixes: Iterable[Fix],
    own: frozenset[str],
    kept: frozenset[str],
) -> bytes:
    mine = [edit for each in fixes for edit in each.edits if edit.path == path]
    new = edits.apply(text, mine)
    if not path.endswith(".py"):
        return new
    needed: list[importing.Import] = [
        wanted for each in fixes for where, wanted in each.imports if where == path
    ]
    for each in sorted(set(needed), key=str):
        new = importing.add(new, each, own)
    return importing.unused(text, new, kept)


def _text(application: Application, path: str) -> bytes:
    module = application.codebase.by_path.get(path)
    return application.texts[path].encode() if module is None else module.text


def _kept(application: Application, path: str) -> frozenset[str]:
    """Return the names that other files import from a file, or may: those of a package."""
    modules = application.codebase.modules
    own = next((each for each in modules if each.path == path), None)
    if own is None:
        return frozenset()
    names = frozenset(own.top.details.bindings)
    if own.is_package:
        return names
    wanted: set[str] = set()
    stem = own.stem.encode()
    for other in modules:
        if other is not own and stem in other.text:
            wanted.update(name for name in names if name.encode() in other.text)
    return frozenset(wanted)


def _breaking(
    application: Application, chosen: Iterable[Finding], texts: Mapping[str, bytes]
) -> list[Finding]:
    """Return the findings whose fixes leave no valid Python: alone, or else only together."""
    broken = {path for path in texts if _breaks(_text(application, path), path, texts)}
    bad = [each for each in chosen if _paths(each) & broken]
    alone = [
        each
        for each in bad
        if any(
            _breaks(_text(application, path), path, made)
            for made in [_texts(application, [each])]
            for path in made
        )
    ]
    return alone or bad


def _breaks(before: bytes, path: str, texts: Mapping[str, bytes]) -> bool:
    """Tell whether a file is less valid than it was: to the parser, or to this Python's own."""
    after = texts[path]
    if not path.endswith(".py"):
        return False
    return facts.errors(after) > facts.errors(before) or (
        _compiles(before) and not _compiles(after)
    )


def _compiles(text: bytes) -> bool:
    try:
        with warnings.catch_warnings(action="ignore"):
            compile(text, "fixed.py", "exec", dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError):
        return False
    return True
