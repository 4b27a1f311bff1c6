"""Where places of a file are after an edit that changed none of its code.

Comments and blank lines come and go; what stands between them only moves. That nothing else has
changed is not taken for granted: the facts of both texts are compared, node by node.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection
from dataclasses import replace

from fastwright.source import facts
from fastwright.source.gaps import Gaps
from fastwright.source.places import Place, Step
from fastwright.source.syntax import ClassDef, FunctionDef

_DEFINITIONS = (FunctionDef.kind, ClassDef.kind)
# Where a definition's raw node has the offset of its name.
_NAME_START = 9
_SPACE = frozenset(b" \t\r\n\f")
# What of the raw facts is about code; behind it are comments, errors and offsets of lines.
_ABOUT_CODE = 6
_ERRORS = 7


class NotMovedError(Exception):
    """The code itself has changed, or a place cannot be told from others."""


class Moves:
    """How places move from one text of a file to another.

    Raises `NotMovedError` where the code differs, or where a place in it is not sure.
    """

    def __init__(self, old: bytes, new: bytes, text: bytes, places: Collection[Place]) -> None:
        """`old` and `new` are packed facts, `text` is the new one; `places` will be asked for."""
        before, after = facts.raw(old), facts.raw(new)
        *_, errors, _, old_gaps, old_lines = before
        *_, new_errors, _, new_gaps, new_lines = after
        if facts.code_of(old) != facts.code_of(new) or errors or new_errors:
            raise NotMovedError
        self._old_gaps, self._new_gaps = Gaps(old_gaps), Gaps(new_gaps)
        self._old_lines, self._new_lines = map(facts.line_starts, (old_lines, new_lines))
        self._text = text
        self._code = self._new_gaps.without(text, 0, len(text))
        self._starts = {place: self._start(place) for place in places}
        self._wanted = frozenset(self._starts.values())
        # An offset in the old text → the ends of the nodes that begin there, old and new.
        self._ends: defaultdict[int, set[tuple[int, int]]] = defaultdict(set)
        if not self._is_same(before[:_ABOUT_CODE], after[:_ABOUT_CODE]):
            raise NotMovedError

    def is_written_as_before(self, start: int, end: int) -> bool:
        """Tell whether there is still nothing but code between two offsets of the code."""
        first, last = self._new_gaps.in_text(start), self._new_gaps.in_text(end)
        return last - first == end - start or self._new_gaps.is_none_in(first, first + end - start)

    def place(self, place: Place) -> Place:
        """Return where a place is now: its column stays, its end may have come to another line."""
        ends = {
            self._line_at(new)
            for old, new in self._ends[self._starts[place]]
            if bisect_right(self._old_lines, old) == place.end_line
        }
        if len(ends) != 1:
            raise NotMovedError
        return replace(place, line=self.line(place.line), end_line=ends.pop())

    @property
    def lines_added(self) -> int:
        """Return how many more lines the file has now."""
        return len(self._new_lines) - len(self._old_lines)

    def step(self, step: Step) -> Step:
        """Return where a link of the evidence is now."""
        return replace(step, line=self.line(step.line))

    def line(self, number: int) -> int:
        """Return which line has the code of an old one."""
        in_code = self._old_gaps.in_code(self._old_lines[number - 1])
        return self._line_at(self._new_gaps.in_text(in_code))

    def _line_at(self, offset: int) -> int:
        return bisect_right(self._new_lines, offset)

    def _start(self, place: Place) -> int:
        """Return the offset of a place in the old text, of which the code is that of the new."""
        first = self._new_lines[self.line(place.line) - 1]
        line = self._text[first : self._text.find(b"\n", first) % (len(self._text) + 1)]
        before = line.decode("utf-8", "replace")[: place.column - 1]
        return self._old_lines[place.line - 1] + len(before.encode())

    def _is_same(self, old: object, new: object) -> bool:
        """Tell whether facts say the same but for where it stands, and note where nodes end."""
        if isinstance(old, int) and isinstance(new, int):
            return old == new or self._is_moved(old, new)
        if isinstance(old, tuple) and isinstance(new, tuple):
            self._note(old, new)
        if isinstance(old, tuple | list) and isinstance(new, tuple | list):
            return len(old) == len(new) and all(map(self._is_same, old, new))
        if isinstance(old, dict) and isinstance(new, dict):
            return list(old) == list(new) and all(map(self._is_same, old.values(), new.values()))
        return old == new

    def _note(self, old: tuple[object, ...], new: tuple[object, ...]) -> None:
        match old, new:
            case (int(kind), int(start), int(old_end), *_), (_, _, int(new_end), *_):
                shown = (
                    old[_NAME_START] if kind in _DEFINITIONS and len(old) > _NAME_START else start
                )
                if isinstance(shown, int) and shown in self._wanted:
                    self._ends[shown].add((old_end, new_end))

    def _is_moved(self, old: int, new: int) -> bool:
        """Tell whether two offsets are the same one in the code, or have only space between."""
        one, other = self._old_gaps.in_code(old), self._new_gaps.in_code(new)
        return one == other or self._before_space(one) == self._before_space(other)

    def _before_space(self, offset: int) -> int:
        while offset and self._code[offset - 1] in _SPACE:
            offset -= 1
        return offset
