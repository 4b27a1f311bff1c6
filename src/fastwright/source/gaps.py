"""What of a file's text is no code: its comments, and the lines that hold nothing else.

Whoever looks at the code as text looks at it without them: nothing is found, or not found, because
of a comment, and the text of a piece of code stays the same while comments around it change.
"""

import re
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from itertools import accumulate

import tree_sitter

_BLANK = re.compile(rb"^[ \t\f\r]*\n", re.MULTILINE)
_SPACE = b" \t\f"
_IN_STRING = ("string", "escape", "format")
_WIDTH = "I"


class Gaps:
    """The gaps of one text, as byte offsets; what lies between them is code."""

    def __init__(self, packed: bytes) -> None:
        """`packed` is what `pack` returned."""
        offsets = array(_WIDTH, packed)
        self._starts, self._ends = offsets[::2], offsets[1::2]
        lengths = (end - start for start, end in zip(self._starts, self._ends, strict=True))
        # How much is left out before each gap, and after the last.
        self._before = [0, *accumulate(lengths)]

    def without(self, text: bytes, start: int, end: int) -> bytes:
        """Return the code from one offset of the text to another."""
        first, last = bisect_right(self._ends, start), bisect_left(self._starts, end)
        if first == last:
            return text[start:end]
        pieces = []
        for number in range(first, last):
            pieces.append(text[start : self._starts[number]])
            start = self._ends[number]
        pieces.append(text[start:end])
        return b"".join(pieces)

    def in_code(self, offset: int) -> int:
        """Return where an offset of the text is in the code; all of a gap is where it stands."""
        number = bisect_right(self._starts, offset)
        left_out = self._before[number]
        if number and self._ends[number - 1] > offset:
            left_out -= self._ends[number - 1] - offset
        return offset - left_out

    def in_text(self, offset: int) -> int:
        """Return where an offset of the code is in the text: behind any gap there."""
        places = [start - before for start, before in zip(self._starts, self._before, strict=False)]
        return offset + self._before[bisect_right(places, offset)]


def pack(source: bytes, tree: tree_sitter.Tree) -> bytes:
    """Return the gaps of a text, packed for `Gaps`."""
    found = sorted([*_comments(source, tree.root_node), *_blank_lines(source, tree.root_node)])
    return array(_WIDTH, [offset for gap in found for offset in gap]).tobytes()


def _comments(source: bytes, root: tree_sitter.Node) -> Iterator[tuple[int, int]]:
    """Yield each comment, with the space before it; one that is alone, with its whole line."""
    at = source.find(b"#")
    while at >= 0:
        node = root.descendant_for_byte_range(at, at + 1)
        if node is None or node.end_byte <= at:
            after = at + 1
        elif node.type == "comment":
            after = node.end_byte
            line = source.rfind(b"\n", 0, at) + 1
            before = source[line:at].rstrip(_SPACE)
            is_alone = not before and source[after : after + 1] in (b"\n", b"")
            yield (line, min(after + 1, len(source))) if is_alone else (line + len(before), after)
        else:
            after = node.end_byte if node.child_count == 0 else at + 1
        at = source.find(b"#", after)


def _blank_lines(source: bytes, root: tree_sitter.Node) -> Iterator[tuple[int, int]]:
    has_blocks = b'"""' in source or b"'''" in source
    for found in _BLANK.finditer(source):
        start = found.start()
        if has_blocks:
            node = root.descendant_for_byte_range(start, start + 1)
            if node is not None and node.type.startswith(_IN_STRING):
                continue
        yield start, found.end()
