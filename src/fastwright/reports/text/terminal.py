"""Writes lines to standard output: styled where that is a terminal, plain elsewhere."""

import re
import shutil
import sys
import unicodedata
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

# Pieces of text, each with the name of a style; "" is plain.
Line = tuple[tuple[str, str], ...]
# Makes a path from the reviewed root one that the reader can open.
PathShown = Callable[[str], str]

# The style of code, which is never broken into rows.
CODE = "none"
# What stands in columns: source, carets, trees.
_DRAWN = ("│", "└", "├")


def write(lines: Iterable[Line]) -> None:
    """Write lines."""
    if not sys.stdout.isatty():
        sys.stdout.write("".join(f"{''.join(text for text, _ in line)}\n" for line in lines))
        return
    # Only a terminal needs Rich, and importing it takes longer than making a project.
    from rich.console import Console
    from rich.text import Text

    console = Console(soft_wrap=True, highlight=False)
    for line in lines:
        text = Text.assemble(*line)
        is_code = any(style == CODE for _, style in line)
        for row in [text] if is_code else _rows(text, console):
            console.print(row)


def columns(most: int) -> int:
    """Return how wide text may be: as wide as the terminal, if that is less than `most`."""
    return min(most, shutil.get_terminal_size().columns) if sys.stdout.isatty() else most


def _rows(line: "Text", console: "Console") -> Iterable["Text"]:
    """Return a line, or the rows of a sentence that is longer than the terminal is wide.

    They are broken between words, and stand below its beginning.
    """
    from rich.text import Text

    written = line.plain
    if line.cell_len <= console.width or any(drawn in written for drawn in _DRAWN):
        return [line]
    indent = len(written) - len(written.lstrip())
    left = max(console.width - indent, 20)
    breaks, used = [], 0
    for word in re.finditer(r"\S+\s*", written[indent:]):
        if used and used + width(word.group().rstrip()) > left:
            breaks.append(word.start())
            used = 0
        used += width(word.group())
    rows = line[indent:].divide(breaks)
    for row in rows:
        row.rstrip()
    return [Text.assemble(" " * indent, row) for row in rows]


def plain(text: str = "") -> Line:
    """Return a line in one piece without a style."""
    return ((text, ""),)


def printable(text: str) -> str:
    """Return text that was written by others so that it cannot steer a terminal."""
    return "".join(
        character if unicodedata.category(character) not in {"Cc", "Cf"} else "�"
        for character in text.replace("\t", "    ")
    )


def width(text: str) -> int:
    """Return how many columns printable text takes: East Asian characters take two."""
    return sum(2 if unicodedata.east_asian_width(each) in {"W", "F"} else 1 for each in text)
