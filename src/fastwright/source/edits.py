"""Edits: exact replacements in a file's text, and how several of them are made at once."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

_LINE_END = re.compile(rb"\r?\n")


@dataclass(frozen=True, slots=True, order=True)
class Edit:
    r"""Puts `text` in the place of what stands from `start` to `end`.

    Both are offsets in bytes of the file's text in UTF-8, as it was read; `path` is relative to
    the root. Line ends in `text` are `\n`, and become those of the file.
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
    line_end = _LINE_END.search(text)
    is_dos = line_end is not None and line_end[0] == b"\r\n"
    parts = []
    position = 0
    for edit in sorted(set(edits), key=_order):
        new = edit.text.encode()
        parts += [text[position : edit.start], new.replace(b"\n", b"\r\n") if is_dos else new]
        position = edit.end
    return b"".join([*parts, text[position:]])


def _order(edit: Edit) -> tuple[int, int, str]:
    return edit.start, edit.end, edit.text
