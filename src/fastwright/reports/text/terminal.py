"""Writes lines to standard output: styled where that is a terminal, plain elsewhere."""

import sys
import unicodedata
from collections.abc import Iterable

# Pieces of text, each with the name of a style; "" is plain.
Line = tuple[tuple[str, str], ...]


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
        console.print(Text.assemble(*line))


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
