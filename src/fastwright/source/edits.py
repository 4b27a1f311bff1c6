"""Edits: exact replacements in a file's text, and how several of them are made at once."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

_LINE_END = re.compile(rb"\r?\n")


@dataclass(frozen=True, slots=True, order=True)
class Edit:
    r"""Puts `text` in the place of what stands from `start` to `end`.

    Both are offsets in bytes of the file's text in UTF-8, as it was read; `path` is relative to
    the root. Line ends in `text` become the one of the line where it goes.
    """

    path: str
    start: int
    end: int
    text: str


def overlap(one: Edit, other: Edit) -> bool:
    """Tell whether two edits cannot both be made; insertions at one place can, if they differ."""
    if one.path != other.path:
        return False
    if one.start == one.end and other.start == other.end:
        return False
    # What is inserted right before or behind a replaced span stands outside of it.
    return one.start < other.end and other.start < one.end


def apply(text: bytes, edits: Iterable[Edit]) -> bytes:
    """Return a text with edits that do not overlap; the same edit twice is made once.

    Insertions at one place are made in the order of their texts.
    """
    parts = []
    position = 0
    for edit in sorted(set(edits), key=_order):
        new = _LINE_END.sub(_line_end(text, edit.start), edit.text.encode())
        parts += [text[position : edit.start], new]
        position = edit.end
    return b"".join([*parts, text[position:]])


def _line_end(text: bytes, offset: int) -> bytes:
    """Return how the line ends that an offset is in, or, if it does not, the one before."""
    end = text.find(b"\n", offset)
    if end < 0:
        end = text.rfind(b"\n", 0, offset)
    return b"\r\n" if text[max(end - 1, 0) : end] == b"\r" else b"\n"


def _order(edit: Edit) -> tuple[int, int, str]:
    return edit.start, edit.end, edit.text
