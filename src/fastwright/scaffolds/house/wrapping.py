"""Breaks lines that a formatter leaves too long: comments, docstrings and texts."""

import re
import textwrap
from collections.abc import Iterator

_TEXT = re.compile(r'f?"(?:[^"\\]|\\.)*"')
_QUOTES = '"""'
_AROUND = 8  # characters beside a piece of a text: its quotes, a deeper indent


def wrapped(text: str, limit: int) -> str:
    """Return a module's text with no line longer than `limit`, as far as that can be."""
    return "".join(f"{line}\n" for line in _lines(text, limit))


def _lines(text: str, limit: int) -> Iterator[str]:
    in_docstring = False
    for line in text.splitlines():
        begins = line.count(_QUOTES)
        if len(line) <= limit:
            yield line
        elif line.lstrip().startswith("# "):
            yield from _filled(line.lstrip()[2:], _indent(line) + "# ", limit)
        elif line.lstrip().startswith(_QUOTES) or (in_docstring and not begins):
            yield from _docstring(line, limit)
        else:
            yield _divided(line, limit)
        in_docstring ^= begins % 2 == 1


def _docstring(line: str, limit: int) -> Iterator[str]:
    body = line.lstrip()
    is_whole = body.startswith(_QUOTES) and body.endswith(_QUOTES)
    indent = _indent(line)
    if not is_whole:
        yield from _filled(body, indent, limit)
        return
    # The formatter puts the quotes behind the last line again if that is the only one.
    yield from _filled(body.removesuffix(_QUOTES), indent, limit - len(_QUOTES))
    yield indent + _QUOTES


def _filled(words: str, indent: str, limit: int) -> list[str]:
    return textwrap.wrap(
        words,
        limit,
        initial_indent=indent,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _divided(line: str, limit: int) -> str:
    """Return a line whose longest text is in pieces, for a formatter to put below one another."""
    texts = sorted(_TEXT.finditer(line), key=lambda found: len(found[0]))
    if not texts:
        return line
    found = texts[-1]
    prefix, body = ("f", found[0][2:-1]) if found[0].startswith("f") else ("", found[0][1:-1])
    room = limit - len(_indent(line)) - _AROUND
    pieces = " ".join(f'{prefix}"{piece}"' for piece in _pieces(body, room))
    return f"{line[: found.start()]}({pieces}){line[found.end() :]}"


def _pieces(body: str, room: int) -> Iterator[str]:
    """Yield a text in pieces that end at spaces or slashes, outside of braces."""
    while len(body) > room:
        ends = [
            index + 1
            for index, letter in enumerate(body[:room])
            if letter in " /" and body.count("{", 0, index) == body.count("}", 0, index)
        ]
        if not ends:
            break
        yield body[: ends[-1]]
        body = body[ends[-1] :]
    yield body


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]
