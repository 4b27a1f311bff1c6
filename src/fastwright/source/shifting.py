"""Where places of a file are after an edit that changed some of its code.

What is written as before has only moved. What stands in code that has changed has no place any
more.
"""

from bisect import bisect_right
from dataclasses import replace

from fastwright.source.alignment import Alignment, NotMovedError, Side
from fastwright.source.facts import line_starts
from fastwright.source.nodes import Raw
from fastwright.source.places import Place, Step

# Where the raw node of a function or class has the offset of its name.
_NAME_START = 9


class _Lines:
    """The lines of one of the two texts."""

    def __init__(self, side: Side) -> None:
        self.gaps, self.starts = side.gaps, line_starts(side.facts.lines)
        # The lines that functions and classes have their names on, and end on.
        self.functions = [self._of(each.node) for each in side.facts.functions]
        self.classes = [self._of(each.node) for each in side.facts.classes]

    def line_of(self, offset: int) -> int:
        return bisect_right(self.starts, offset)

    def in_code(self, number: int) -> tuple[int, int]:
        """Return from where to where in the code a line goes."""
        start = self.gaps.in_code(self.starts[number - 1])
        if number == len(self.starts):
            return start, start + 1
        return start, self.gaps.in_code(self.starts[number])

    def _of(self, node: Raw | None) -> tuple[int, int] | None:
        return None if node is None else (self.line_of(node[_NAME_START]), self.line_of(node[2]))


class Shifts:
    """How places move from one text of a file to another."""

    def __init__(self, aligned: Alignment) -> None:
        self._old, self._new = _Lines(aligned.old), _Lines(aligned.new)
        self._same = aligned.same
        self._starts = [start for start, _, _ in aligned.same]
        self._lost = aligned.old.lost
        # Where functions and classes end now, by where their names and ends were.
        self._ends: dict[tuple[int, int], int] = {}
        for pairs, old, new in (
            (aligned.functions, self._old.functions, self._new.functions),
            (aligned.classes, self._old.classes, self._new.classes),
        ):
            for index, other in pairs.items():
                was, now = old[index], new[other]
                if was is not None and now is not None:
                    self._ends[was] = now[1]

    def place(self, place: Place) -> Place:
        """Return where a place is now; raises `NotMovedError` if that is not sure."""
        end_line = None
        if place.line != place.end_line:
            end_line = self._ends.get((place.line, place.end_line))
        line = self._line(place.line)
        return replace(place, line=line, end_line=end_line or self._line(place.end_line))

    def step(self, step: Step) -> Step:
        """Return where a link of the evidence is now; raises as `place` does."""
        return replace(step, line=self._line(step.line))

    def _line(self, number: int) -> int:
        """Return which line has what an old one had."""
        begin, end = self._old.in_code(number)
        if any(start < end and begin < stop for start, stop in self._lost):
            raise NotMovedError
        at = bisect_right(self._starts, max(begin, end - 1)) - 1
        if at < 0:
            raise NotMovedError
        start, stop, now = self._same[at]
        if stop <= begin:
            raise NotMovedError
        offset = max(begin, start) - start + now
        return self._new.line_of(self._new.gaps.in_text(offset))
