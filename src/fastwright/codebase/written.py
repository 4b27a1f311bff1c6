"""A file as it is written: its text and lines, what stands where, and edits of it."""

import re
from bisect import bisect_right
from collections.abc import Sequence

from fastwright.source import facts, parts
from fastwright.source.edits import Edit
from fastwright.source.facts import MARK, Facts, line_starts
from fastwright.source.gaps import Gaps
from fastwright.source.lazy import Lazy, OfFile
from fastwright.source.nodes import Node, Raw
from fastwright.source.notes import note
from fastwright.source.places import Place
from fastwright.source.reading import ReadFile
from fastwright.source.syntax import ClassDef, FunctionDef
from fastwright.source.words import Words

_NARROW, _USUAL, _WIDEST = 79, 88, 120  # characters a line
# A file with so many tells by its longest ones.
_MANY_LINES = 150
_TEST_FOLDERS = {"test", "tests", "testing"}


class Written:
    """A file. `path` is relative to the reviewed root, with `/`."""

    def __init__(self, read: ReadFile) -> None:
        self.part = self  # what is noted by whoever looks into it
        self.read = read
        self.path = read.file.path
        self._text = read.file.text
        self.folder = self.path.rpartition("/")[0]
        self.stem = self.path.rpartition("/")[2].removesuffix(".py")
        self.is_package = self.stem == "__init__"

    @OfFile
    def facts(self) -> Facts:
        """Return what is kept of the file; tests are often not looked into at all."""
        return self._facts

    @Lazy
    def _facts(self) -> Facts:
        return Facts.of(self.read.packed)

    @Lazy
    def words(self) -> Words:
        """Return the words that others are told by; that costs no unpacking."""
        return facts.words_of(self.read.packed)

    @property
    def ignores(self) -> list[tuple[int, str]]:
        """Return the comments that speak to this program, as (line, text)."""
        return self._facts.ignores if MARK in self._text else []

    @property
    def text(self) -> bytes:
        """Return all of the file, comments too.

        Any change of it may matter to whoever looks at this: nearly always, `code` will do, or
        `text_between`.
        """
        note((parts.TEXT, self.path))
        return self._text

    @property
    def code(self) -> bytes:
        """Return the text without comments, and without the lines that hold nothing else."""
        note((parts.CODE, self.path))
        return self._code

    @Lazy
    def _code(self) -> bytes:
        return self._code_between(0, len(self._text))

    def mentions(self, word: bytes) -> bool:
        """Tell whether a word is in the code; nearly always that costs no unpacking."""
        found = self.has_word(word)
        note((parts.WORD if found else parts.NO_WORD, word, self.path))
        return found

    def has_word(self, word: bytes) -> bool:
        """Tell what `mentions` tells, for what notes by itself what was looked at."""
        return word in self._text and word in self._code

    def has(self, pattern: re.Pattern[bytes]) -> bool:
        """Tell whether something in the code is as a pattern says."""
        found = self.has_like(pattern)
        said = pattern.pattern, pattern.flags
        note((parts.PATTERN if found else parts.NO_PATTERN, *said, self.path))
        return found

    def has_like(self, pattern: re.Pattern[bytes]) -> bool:
        """Tell what `has` tells, for what notes by itself what was looked at."""
        return pattern.search(self._code) is not None

    def _code_between(self, start: int, end: int) -> bytes:
        return self._gaps.without(self._text, start, end).rstrip()

    def in_code(self, offset: int) -> int:
        """Return where an offset of the file, such as a node's, is in `code`."""
        return self._gaps.in_code(offset)

    @Lazy
    def lines(self) -> int:
        """Return how many lines the file has."""
        return self._text.count(b"\n")

    @Lazy
    def _gaps(self) -> Gaps:
        return Gaps(self._facts.gaps)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.path})"

    @Lazy
    def is_test(self) -> bool:
        """Tell whether the file belongs to tests, by the names that pytest goes by."""
        return is_test(self.path)

    @Lazy
    def _line_starts(self) -> Sequence[int]:
        return line_starts(self._facts.lines)

    def position(self, offset: int) -> tuple[int, int]:
        """Return the line and column, from 1, of an offset; columns count characters."""
        line = bisect_right(self._line_starts, offset)
        before = self._text[self._line_starts[line - 1] : offset]
        return line, len(before.decode("utf-8", "replace")) + 1

    def place(self, node: Node) -> Place:
        """Return where a node stands; a function or class stands where its name is."""
        offset = node.name_start if isinstance(node, FunctionDef | ClassDef) else node.start
        line, column = self.position(offset)
        end_line, _ = self.position(node.end)
        return Place(self.path, line, column, end_line, self.symbol_at(offset))

    def symbol_at(self, offset: int) -> str | None:
        """Return the qualified name of the innermost function or class around an offset."""
        around = [
            (raw[1], name)
            for raw, name in self._spans
            if raw is not None and raw[1] <= offset < raw[2]
        ]
        return max(around)[1] if around else None

    @Lazy
    def _spans(self) -> list[tuple[Raw | None, str]]:
        functions = [(each.node, each.name) for each in self._facts.functions]
        return functions + [(each.node, each.name) for each in self._facts.classes]

    def replace(self, node: Node, text: str) -> Edit:
        """Return the edit that puts a text in the place of a node."""
        return Edit(self.path, node.start, node.end, text)

    def insert(self, offset: int, text: str) -> Edit:
        """Return the edit that inserts a text."""
        return Edit(self.path, offset, offset, text)

    def indent(self, offset: int) -> str:
        """Return the white space that the line of an offset begins with."""
        line = self._text[self._text.rfind(b"\n", 0, offset) + 1 : offset]  # surely one of code
        return line[: len(line) - len(line.lstrip())].decode()

    @Lazy
    def _width(self) -> int:
        lengths = sorted(len(each.decode("utf-8", "replace")) for each in self._text.splitlines())
        used = lengths[-3] if len(lengths) >= _MANY_LINES else 0  # one or two may be exceptions
        usual = _NARROW if 0 < used <= _NARROW else _USUAL
        return min(max(used, usual), _WIDEST)

    def line_start(self, offset: int) -> int:
        """Return where the line of an offset begins."""
        return self._text.rfind(b"\n", 0, offset) + 1

    def line_end(self, offset: int) -> int:
        """Return where the line of an offset ends, before its line end."""
        end = self._text.find(b"\n", offset)
        return end if end >= 0 else len(self._text)

    @Lazy
    def _comments(self) -> list[int]:
        return facts.comments(self._text)


def is_test(path: str) -> bool:
    """Tell whether a file belongs to tests, by the names that pytest goes by."""
    *folders, name = path.split("/")
    stem = name.removesuffix(".py")
    return (
        not _TEST_FOLDERS.isdisjoint(folders)
        or stem.startswith("test_")
        or stem.endswith("_test")
        or stem == "conftest"
    )
