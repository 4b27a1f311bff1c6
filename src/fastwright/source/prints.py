"""What the code of a file is known by, statement by statement: an edit changes those it touches.

A print is (start, end, digest), by the offsets in the code. That of a function has its name, its
index and where its body is behind it, with a digest of the body; that of a class, instead, the
prints of the statements in its body. The digest of both is of what stands before the body.
"""

from typing import Any

from fastwright.source.digests import digest
from fastwright.source.gaps import Gaps
from fastwright.source.nodes import Raw
from fastwright.source.reader.definitions import ModuleReader
from fastwright.source.syntax import ClassDef, FunctionDef

Print = tuple[Any, ...]
# Where the name of what a print is of, and what its body is known by, stand in it.
NAME, INDEX, BODY_START, BODY = 3, 4, 5, 6

_SIZE = 10  # bytes
# What stands between statements and says nothing.
_BETWEEN = b" \t\f\r\n;\\"
# Where raw nodes of definitions have these.
_CLASS_BODY, _INDEX = 7, 8


def of(code: bytes, body: tuple[Raw, ...], reader: ModuleReader, gaps: Gaps) -> list[Print]:
    """Return the prints of a module's statements."""
    return _Prints(code, reader, gaps).of(body, 0, len(code))


class _Prints:
    def __init__(self, code: bytes, reader: ModuleReader, gaps: Gaps) -> None:
        self._code, self._in_code = code, gaps.in_code
        self._starts = [each.body_start if each else 0 for each in reader.functions]

    def of(self, body: tuple[Raw, ...], start: int, end: int) -> list[Print]:
        """Return the prints of statements, and of what else there may be beside them."""
        found: list[Print] = []
        for raw in body:
            begin, stop = self._in_code(raw[1]), self._in_code(raw[2])
            found += self._between(start, begin)
            found.append(self._statement(raw, begin, stop))
            start = stop
        return [*found, *self._between(start, end)]

    def _statement(self, raw: Raw, start: int, end: int) -> Print:
        if raw[0] == FunctionDef.kind:
            name, index = raw[3], raw[_INDEX]
            begin = self._in_code(self._starts[index])
            head, stop = self._digest(start, begin)
            return start, stop, head, name, index, begin, self._digest(begin, end)
        if raw[0] == ClassDef.kind:
            name, index, body = raw[3], raw[_INDEX], raw[_CLASS_BODY]
            begin = self._in_code(body[0][1]) if body else end
            head, stop = self._digest(start, begin)
            return start, stop, head, name, index, begin, self.of(body, begin, end)
        return start, end, self._digest(start, end)[0]

    def _between(self, start: int, end: int) -> list[Print]:
        between = self._code[start:end]
        return [(start, end, digest(between, _SIZE))] if between.strip(_BETWEEN) else []

    def _digest(self, start: int, end: int) -> tuple[bytes, int]:
        """Return a digest of code, with how its first line begins, and where it ends."""
        line = self._code.rfind(b"\n", 0, start) + 1
        said = self._code[start:end].rstrip()
        return digest(b"\0".join((self._code[line:start], said)), _SIZE), start + len(said)
