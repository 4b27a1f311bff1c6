"""Breaks a function's parameters into lines, where edits would make its line too long."""

import re
from collections.abc import Sequence
from itertools import pairwise

from fastwright.codebase.definitions import Function
from fastwright.codebase.modules import Module
from fastwright.source.edits import Edit, apply

# Between two parameters, where a bare `*` or `/` may stand, and before the first one.
_COMMA = re.compile(rb",\s*(?:([*/]),\s*)?")
_OPENED = re.compile(rb"\((\s*(?:(\*),\s*)?)\Z")
_CLOSED = re.compile(rb",?\s*\)")
# A line that is no longer than this is short enough anywhere.
_SHORT = 79


def widest(module: Module, start: int, edits: Sequence[Edit]) -> int | None:
    """Return how long the lines that edits change may be; None where they are short enough.

    Those are the lines from the one of an offset on.
    """
    first = module.line_start(start)
    last = module.line_end(max(each.end for each in edits))
    before = module.text_between(first, last)
    moved = [Edit(each.path, each.start - first, each.end - first, each.text) for each in edits]
    longest = _longest(apply(before, moved))
    allowed = max(module.width, _longest(before), _SHORT)
    return allowed if longest > allowed else None


def _longest(text: bytes) -> int:
    return max(len(line) for line in text.decode("utf-8", "replace").splitlines() or [""])


def margin(function: Function) -> str:
    """Return the line end and the indentation of a parameter that has a line of its own."""
    base = function.module.indent(function.node.name_start)
    return "\n" + base + ("\t" if "\t" in base else "    ")


def one_a_line(function: Function) -> list[Edit] | None:
    """Return the edits that give each parameter a line of its own, where it has none yet.

    A bare `*` or `/` gets one too. None where anything else stands between them, such as a comment.
    """
    module, parameters = function.module, function.parameters
    if not parameters:
        return None
    base, inner = module.indent(function.node.name_start), margin(function)
    first, last = parameters[0].start, parameters[-1].end
    opened = _OPENED.search(module.text_between(function.node.name_start, first))
    closed = _CLOSED.match(module.text_between(last, function.node.end))
    if opened is None or closed is None:
        return None
    wanted = [(first - len(opened[1]), first, f"{inner}{_alone(opened[2], inner)}")]
    for before, parameter in pairwise(parameters):
        comma = _COMMA.fullmatch(module.text_between(before.end, parameter.start))
        if not comma:
            return None
        wanted.append((before.end, parameter.start, f",{inner}{_alone(comma[1], inner)}"))
    wanted.append((last, last + closed.end(), f",\n{base})"))
    return [
        Edit(module.path, start, end, text)
        for start, end, text in wanted
        # In files with both kinds of line ends, the one that is there stays.
        if module.text_between(start, end).decode().replace("\r\n", "\n") != text
    ]


def _alone(sign: bytes | None, between: str) -> str:
    return f"{sign.decode()},{between}" if sign else ""
