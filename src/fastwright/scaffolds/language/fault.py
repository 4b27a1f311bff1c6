"""What is wrong with the text of a field: where, why, and what would be right."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the text, and where it begins."""

    text: str
    start: int

    def at(self, start: int, length: int) -> "Part":
        """Return a part of this part."""
        return Part(self.text[start : start + length], self.start + start)

    def split(self, separator: str) -> "Iterator[Part]":
        """Yield what stands between separators, without the spaces around it."""
        position = 0
        for piece in self.text.split(separator):
            bare = piece.strip()
            yield self.at(position + piece.index(bare), len(bare))
            position += len(piece) + len(separator)


class Fault(Exception):  # noqa: N818
    """The text cannot be read."""

    def __init__(self, part: Part, message: str, *, instead: str | None) -> None:
        """`instead` is what could stand in the place of the part; None: nobody can tell."""
        super().__init__(message)
        self.part = part
        self.message = message
        self.instead = instead


def nearest(word: str, possible: Iterable[str]) -> str | None:
    """Return what was probably meant, if anything is near."""
    return next(iter(get_close_matches(word.lower(), list(possible), n=1, cutoff=0.7)), None)
