"""Judges again only what an edit may have changed; all else is as the last review found it.

Each unit of a review was noted with the parts of the codebase that it looked at, directly or by
what others had found. Where none of those has changed, neither has what it said, but for where
that stands. Whatever is not sure is judged again, and if need be all of it.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache as once
from typing import Any

from fastwright.application.application import Application, Gathered
from fastwright.application.units import Unit
from fastwright.codebase.modules import Module
from fastwright.codebase.written import is_test
from fastwright.practice import Finding, Place, Practice, Step
from fastwright.reviews import outcome as outcomes
from fastwright.reviews import sharing
from fastwright.reviews.checks import Watch
from fastwright.reviews.graph import Part
from fastwright.reviews.outcome import OTHERS, Outcome
from fastwright.reviews.sharing import Aside
from fastwright.reviews.tracks import Tracks
from fastwright.source import changes, parts
from fastwright.source.alignment import Alignment, NotMovedError
from fastwright.source.facts import Facts, line_starts
from fastwright.source.files import SourceFile
from fastwright.source.gaps import Gaps
from fastwright.source.notes import recording
from fastwright.source.reading import ReadFile
from fastwright.source.shifting import Shifts

# So many practices are shared with another process.
_WORTH_SHARING = 8
# Parts that an edit is asked about one by one, where it says of itself which others it changes.
_ASKED_OF_EDITS = {
    *(parts.WORD, parts.NO_WORD, parts.PATTERN, parts.NO_PATTERN),
    *(parts.VALUE, parts.MEMBER),
}


@dataclass(frozen=True, slots=True)
class Edit:
    """A file that has changed: its packed facts before and after."""

    old: bytes
    new: bytes
    source: SourceFile

    def aligned(self) -> Alignment:
        """Return how one became the other."""
        return Alignment(Facts.of(self.old), Facts.of(self.new))

    @property
    def code(self) -> bytes:
        """Return the code as it is now."""
        text = self.source.text
        return Gaps(Facts.of(self.new).gaps).without(text, 0, len(text)).rstrip()


@dataclass(frozen=True, slots=True)
class Asked:
    """What a review is asked: the practices, the files, and how to understand those."""

    practices: Mapping[str, Practice]
    gathered: Gathered
    understand: Callable[[], Application]
    watch: Watch


def renew(tracks: Tracks, edits: list[Edit], asked: Asked) -> Tracks:
    """Return the tracks of a review of the files as they are now.

    Raises `NotMovedError` where all has to be judged again, `LostError` where another process,
    that judged some of it, came to no end.
    """
    understand = once(asked.understand)
    with recording(len(tracks.graph)) as recorded:
        renewal = _Renewal(tracks, edits, understand)
        said = renewal.left
        practices = asked.practices
        chosen = {name: practices[name] for name in practices if renewal.is_touched(name)}
        if chosen or any(map(renewal.is_touched, (*OTHERS, *tracks.ledgers, *tracks.cells))):
            application = understand()
            tracks.restore(application, renewal.touched)
            application.units.is_asked = renewal.is_asked
            others = _others(chosen) if sharing.is_worth_it(asked.gathered.sources) else {}
            own = {name: chosen[name] for name in chosen if name not in others}
            aside = Aside(application, others, recorded) if others else None
            found, failures = outcomes.judge(application, own, asked.watch, renewal.is_touched)
            tracks = tracks.followed_by(application, recorded, said, found)
            if aside:
                tracks = aside.joined(tracks)
            if failures or tracks.about_files.failures:
                raise NotMovedError
            tracks = tracks.still_there().trimmed()
        else:
            tracks = tracks.with_moved(said, renewal.touched)
    files = tuple((each.path, each.digest) for each in asked.gathered.sources)
    return replace(tracks, files=files, about_files=renewal.about_files())


def _others(practices: Mapping[str, Practice]) -> Mapping[str, Practice]:
    """Return which of the practices another process may judge as fast; none if they are few."""
    apart = [name for name, each in practices.items() if not each.follows_calls]
    if len(apart) < _WORTH_SHARING:
        return {}
    return {name: practices[name] for name in apart[len(apart) // 2 :]}


class _Renewal:
    """What of a review is touched by edits, and what is left."""

    def __init__(
        self, tracks: Tracks, edits: list[Edit], understand: Callable[[], Application]
    ) -> None:
        self._tracks, self._edits = tracks, edits
        aligned = {each.source.path: each.aligned() for each in edits}
        self._shifts = {path: Shifts(each) for path, each in aligned.items()}
        changed = set(_changed(tracks, edits, aligned))
        self.touched, renewed = _touched(tracks, changed, understand)
        # What each unit said that is not touched, with everything where it is now.
        self.left: dict[Unit, list[Any]] = {}
        self._asked: set[Unit] = set()
        for unit, (number, said) in tracks.units.items():
            whole, _ = tracks.units[unit[0], None]
            if number in self.touched or whole in self.touched:
                self._asked.add(unit)
                continue
            try:
                self.left[unit] = [self._moved(each) for each in said]
            except NotMovedError:
                self._asked.add(unit)
        lists = {name for name, (number, _) in tracks.lists.items() if number in self.touched}
        self._names = {name for name, _ in self._asked} | renewed
        self._names |= {name for name, listed in tracks.dividing.items() if listed in lists}

    def is_touched(self, name: str) -> bool:
        """Tell whether a practice has to judge anything again, or a ledger was found anew."""
        return name in self._names

    def is_asked(self, unit: Unit) -> bool:
        """Tell whether a unit has to be judged, again or for the first time."""
        return unit in self._asked or unit not in self._tracks.units

    def about_files(self) -> Outcome:
        """Return what is said of the files as they are now."""
        last = self._tracks.about_files
        counts = dict(last.counts)
        ignores: dict[str, list[tuple[str, int, str]]] = {}
        for each in last.ignores:
            ignores.setdefault(each[0], []).append(each)
        for edit in self._edits:
            path = edit.source.path
            before, after = Facts.of(edit.old), Facts.of(edit.new)
            counts["lines"] += len(line_starts(after.lines)) - len(line_starts(before.lines))
            if not is_test(path):
                counts["functions"] += len(after.functions) - len(before.functions)
            ignores[path] = [(path, *each) for each in after.ignores]
        in_order = (each for path, _ in self._tracks.files for each in ignores.get(path, ()))
        return replace(last, counts=counts, ignores=tuple(in_order))

    def _moved(self, said: Any) -> Any:  # noqa: ANN401 - of any unit
        match said:
            case Finding():
                return replace(
                    said,
                    at=self._place(said.at),
                    chain=tuple(map(self._step, said.chain)),
                    places=tuple(map(self._place, said.places)),
                )
            case Step():
                return self._step(said)
        return said

    def _place(self, place: Place) -> Place:
        return self._shifts[place.path].place(place) if place.path in self._shifts else place

    def _step(self, step: Step) -> Step:
        return self._shifts[step.path].step(step) if step.path in self._shifts else step


def _touched(
    tracks: Tracks, changed: set[Part], understand: Callable[[], Application]
) -> tuple[set[int], set[str]]:
    """Return the notes that parts touch which have changed, and the ledgers and cells found anew.

    What looked only at rows of those that are as before is not touched. Raises `NotMovedError`
    where one of them was found anew by an answer that it touches itself.
    """
    touched = first = tracks.graph.touched(changed)
    renewed: set[str] = set()
    done: set[tuple[str, Any]] = set()
    while (ledgers := _stale_ledgers(tracks, touched, renewed)) or (
        cells := _stale_cells(tracks, touched, done)
    ):
        application = understand()
        if not renewed:
            tracks.restore_answers(application, touched)
        for name, rows in ledgers.items():
            application.ledgers[name].kept = None
            changed.update(application.ledgers[name].changed(rows))
            renewed.add(name)
        # Rows of cells may be found by ledgers: those first.
        for name, rows in () if ledgers else cells.items():
            changed.update(application.cells[name].changed(rows))
            done |= {(name, key) for key in rows}
            renewed.add(name)
        touched = tracks.graph.touched(changed)
    if renewed and tracks.asked(application, touched - first):
        raise NotMovedError
    return touched, renewed


def _stale_ledgers(
    tracks: Tracks, touched: set[int], renewed: set[str]
) -> dict[str, Mapping[Any, Any]]:
    """Return the rows of ledgers that are touched, those left aside that have been found anew."""
    return {
        name: rows
        for name, (number, rows) in tracks.ledgers.items()
        if number in touched and name not in renewed
    }


def _stale_cells(
    tracks: Tracks, touched: set[int], done: set[tuple[str, Any]]
) -> dict[str, dict[Any, Any]]:
    """Return the same of the rows of cells, of which each is found anew by itself."""
    found = {
        name: {
            key: row
            for key, (number, row) in rows.items()
            if number in touched and (name, key) not in done
        }
        for name, rows in tracks.cells.items()
    }
    return {name: rows for name, rows in found.items() if rows}


def _changed(tracks: Tracks, edits: list[Edit], aligned: Mapping[str, Alignment]) -> Iterator[Part]:
    """Yield the parts of the codebase that edits have changed."""
    gone: set[tuple[str, str]] = set()
    for edit in edits:
        path = edit.source.path
        yield from changes.between(path, edit.old, edit.new, aligned[path])
        gone |= changes.gone(path, aligned[path])
    codes = {edit.source.path: edit.code for edit in edits}
    modules = {each.source.path: Module(ReadFile(each.source, each.new)) for each in edits}
    known = tracks.graph.parts
    for part in [each for each in known if each[0] in _ASKED_OF_EDITS]:
        match part:
            case (parts.WORD, word, path) if path in codes:
                is_changed = word not in codes[path]
            case (parts.NO_WORD, word, path):
                found = (each for each in _asked(path, codes) if word in codes[each])
                is_changed = any((parts.WORD, word, each) not in known for each in found)
            case (parts.PATTERN, pattern, flags, path) if path in codes:
                is_changed = not re.search(pattern, codes[path], flags)
            case (parts.NO_PATTERN, pattern, flags, path):
                asked = _asked(path, codes)
                found = (each for each in asked if re.search(pattern, codes[each], flags))
                is_changed = any(
                    (parts.PATTERN, pattern, flags, each) not in known for each in found
                )
            case (parts.VALUE, path, what, of, value) if path in modules:
                is_changed = modules[path].said(what, of) != value
            case (parts.MEMBER, path, key, _):
                is_changed = (path, key) in gone
            case _:
                continue
        if is_changed:
            yield part


def _asked(path: str, codes: Mapping[str, bytes]) -> Iterable[str]:
    """Return the changed files that a path speaks of: an empty one, of all."""
    return codes if not path else (path,) if path in codes else ()
