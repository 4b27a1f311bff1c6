"""Where places of a file are after an edit that changed some of its code.

A body that is written as before has only moved, and so has all outside of bodies while that is
written as before. What stands in code that has changed has no place any more.
"""

from bisect import bisect_right
from dataclasses import dataclass, replace

from fastwright.source import facts
from fastwright.source.gaps import Gaps
from fastwright.source.places import Place, Step


class NotMovedError(Exception):
    """Something has changed of which it is not sure what follows from it."""


# Where the raw node of a function or class has the offset of its name.
_NAME_START = 9


@dataclass(frozen=True, slots=True)
class _Body:
    """The body of a function that stands in no other, by the offsets in the code."""

    name: str
    start: int
    end: int
    print: bytes


class _Text:
    """One of the two texts, by its facts."""

    def __init__(self, packed: bytes) -> None:
        _, functions, classes, *_, gaps, lines, prints = facts.raw(packed)
        self.gaps, self.lines = Gaps(gaps), facts.line_starts(lines)
        # The lines that functions and classes end on, in order, and which is where.
        self.ends: list[int] = []
        self.defined: dict[tuple[int, int], int] = {}
        for _, node, *_ in (*functions, *classes):
            if node is not None:
                place = self.line_of(node[_NAME_START]), self.line_of(node[2])
                self.defined[place] = len(self.ends)
                self.ends.append(place[1])
        self.outside: bytes = prints[0]
        self.bodies: list[_Body] = []
        last = 0
        for index, (name, node, _, _, (body, *_)) in enumerate(functions):
            if node is None or node[1] < last:
                continue
            last = node[2]
            start = body[0][1] if body else last
            self.bodies.append(
                _Body(
                    name,
                    self.gaps.in_code(start),
                    self.gaps.in_code(last),
                    prints[index],
                )
            )

    def line_of(self, offset: int) -> int:
        return bisect_right(self.lines, offset)


class Shifts:
    """How places move from one text of a file to another, by the facts of both."""

    def __init__(self, old: bytes, new: bytes) -> None:
        self._old, self._new = _Text(old), _Text(new)
        self._is_same_outside = self._old.outside == self._new.outside
        self._found = self._paired()

    def place(self, place: Place) -> Place:
        """Return where a place is now; raises `NotMovedError` if that is not sure."""
        end_line = self._end_line(place) or self._line(place.end_line)
        return replace(place, line=self._line(place.line), end_line=end_line)

    def step(self, step: Step) -> Step:
        """Return where a link of the evidence is now; raises as `place` does."""
        return replace(step, line=self._line(step.line))

    def _paired(self) -> list[tuple[_Body, _Body]]:
        """Return the bodies of functions that are in both texts, old and new."""
        if self._is_same_outside:
            return list(zip(self._old.bodies, self._new.bodies, strict=True))
        named: dict[str, list[_Body]] = {}
        for each in self._new.bodies:
            named.setdefault(each.name, []).append(each)
        return [
            (each, named[each.name].pop(0)) for each in self._old.bodies if named.get(each.name)
        ]

    def _end_line(self, place: Place) -> int | None:
        """Return where a function or class ends now, which may be behind a comment."""
        number = self._old.defined.get((place.line, place.end_line))
        if number is None or place.line == place.end_line:
            return None
        if not self._is_same_outside:
            raise NotMovedError
        return self._new.ends[number]

    def _line(self, number: int) -> int:
        """Return which line has what an old one had, or ends the function that ended there."""
        at = self._old.gaps.in_code(self._old.lines[number - 1])
        more = 0
        for old, new in self._found:
            if at <= old.start:
                break
            if at < old.end:
                if old.print == new.print:
                    return self._new_line(at + new.start - old.start)
                raise NotMovedError
            more = new.end - old.end
        if not self._is_same_outside:
            raise NotMovedError
        return self._new_line(at + more)

    def _new_line(self, offset: int) -> int:
        return self._new.line_of(self._new.gaps.in_text(offset))
