"""Who looked at what: the notes of a review as numbers, from which it follows what an edit touches.

A note refers to other notes by their numbers, and to parts of the codebase by negative ones.
"""

from array import array
from collections.abc import Collection, Iterable
from typing import Any

from fastwright.codebase.definitions import Class, Function
from fastwright.codebase.modules import Module
from fastwright.source import parts
from fastwright.source.notes import NOTHING, Note, Recording

_NUMBER = "i"
# So many notes are looked at together, to see whether any of them is of interest.
_AT_ONCE = 64
# Parts are numbered from here on downwards: what is -1 says nothing.
_FIRST = 2
# A part of a codebase in plain values, as the next review names it too.
Part = tuple[Any, ...]


class Graph:
    """The notes of reviews of one codebase, those of later ones behind those of earlier ones."""

    def __init__(
        self,
        looked_at: Iterable[Part] = (),
        ends: bytes = b"",
        uses: bytes = b"",
        circles: bytes = b"",
    ) -> None:
        self._parts = {part: -number for number, part in enumerate(looked_at, _FIRST)}
        # What notes refer to, one note behind the other, and where each one ends.
        self._ends, self._uses = array(_NUMBER, ends), array(_NUMBER, uses)
        # Notes that refer to later ones.
        self._circles = array(_NUMBER, circles)

    def __len__(self) -> int:
        return len(self._ends)

    @property
    def parts(self) -> Collection[Part]:
        """Return all parts that were looked at."""
        return self._parts.keys()

    def packed(self) -> tuple[Any, ...]:
        """Return plain values, from which `Graph` makes the same again."""
        arrays = (self._ends, self._uses, self._circles)
        return (list(self._parts), *(each.tobytes() for each in arrays))

    def add(self, recording: Recording) -> None:
        """Add what was recorded, numbered from the length of this on."""
        numbers = _Numbers(self._parts)
        uses, ends = self._uses, self._ends
        for made in recording.notes:
            seen = {each.number if type(each) is Note else numbers[each] for each in made.seen}
            seen.discard(NOTHING.number)  # as has what broke down in a circle
            if seen and max(seen) >= made.number:
                self._circles.append(made.number)
            uses.extend(seen)
            ends.append(len(uses))

    def append(self, other: "Graph", first: int) -> int:
        """Put the notes of another graph, numbered from `first` on, behind these.

        Those below `first` both have. Returns by how much the numbers grow.
        """
        by, used = len(self) - first, len(self._uses)
        looked_at, *packed = other.packed()
        ends, uses, circles = (array(_NUMBER, each) for each in packed)
        numbers: dict[int, int] = {
            -number: self._parts.setdefault(part, -len(self._parts) - _FIRST)
            for number, part in enumerate(looked_at, _FIRST)
        }
        self._uses.extend(
            each + by if each >= first else numbers[each] if each < 0 else each for each in uses
        )
        self._ends.extend([each + used for each in ends])
        self._circles.extend([each + by for each in circles])
        return by

    def touched(self, changed: Iterable[Part]) -> set[int]:
        """Return the numbers of the notes that refer to any of the parts, directly or not."""
        found = {self._parts[part] for part in changed if part in self._parts}
        is_grown = bool(found)
        while is_grown:
            self._spread(found)
            is_grown = any(
                number not in found and not found.isdisjoint(self._used_by(number))
                for number in self._circles
            )
        return found

    def _spread(self, found: set[int]) -> None:
        """Add the numbers of the notes that refer to any that are found, lower ones first."""
        uses, ends = self._uses, self._ends
        begin = 0
        for first in range(0, len(ends), _AT_ONCE):
            block = ends[first : first + _AT_ONCE]
            if found.isdisjoint(uses[begin : block[-1]]):
                begin = block[-1]
                continue  # as most are
            for number, end in enumerate(block, first):
                if not found.isdisjoint(uses[begin:end]):
                    found.add(number)
                begin = end

    def trimmed(self, roots: Iterable[int]) -> "tuple[Graph, dict[int, int]]":
        """Return the graph of the notes that some lead to, and what their numbers are in it."""
        uses, ends = self._uses.tolist(), self._ends.tolist()
        begins = [0, *ends[:-1]]
        live = bytearray(len(ends))
        parts: set[int] = set()
        # Those in circles are few: all that they use is kept.
        pending = list(self._circles)
        for number in (*roots, *pending):
            live[number] = True
        for number in pending:
            for each in uses[begins[number] : ends[number]]:
                if each >= 0:
                    live[each] = True
        for number in range(len(ends) - 1, -1, -1):
            if live[number]:
                for each in uses[begins[number] : ends[number]]:
                    if each >= 0:
                        live[each] = True
                    else:
                        parts.add(each)
        trimmed = Graph(part for part, number in self._parts.items() if number in parts)
        numbers = {self._parts[part]: number for part, number in trimmed._parts.items()}
        kept = [number for number in range(len(ends)) if live[number]]
        numbers |= {old: new for new, old in enumerate(kept)}
        trimmed._circles.extend(numbers[each] for each in self._circles)
        for number in kept:
            trimmed._uses.extend([numbers[each] for each in uses[begins[number] : ends[number]]])
            trimmed._ends.append(len(trimmed._uses))
        return trimmed, numbers

    def _used_by(self, number: int) -> "array[int]":
        return self._uses[self._ends[number - 1] if number else 0 : self._ends[number]]


class _Numbers(dict[Any, int]):
    """The numbers of parts, as they were noted."""

    def __init__(self, parts: dict[Part, int]) -> None:
        super().__init__()
        self._parts = parts

    def __missing__(self, part: object) -> int:
        plain = _plain(part)
        self[part] = number = self._parts.setdefault(plain, -len(self._parts) - _FIRST)
        return number


def _plain(part: object) -> Part:
    match part:
        case Module():
            return parts.FILE, part.path
        case Function():
            return parts.BODY, part.module.path, part.key
        case (str() as kind, Function() | Class() as definition, *rest):
            return kind, definition.module.path, definition.key, *rest
        case tuple():
            return part
    raise TypeError(part)
