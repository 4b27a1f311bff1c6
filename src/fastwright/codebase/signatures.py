"""Breaks a function's parameters into lines, where edits would make its line too long."""

import re
from collections.abc import Sequence
from itertools import pairwise

from fastwright.codebase.modules import Function, Module
from fastwright.source.edits import Edit, apply

_COMMA = re.compile(rb",[ \t]*")
_CLOSED = re.compile(rb"[ \t]*\)")
# A line that is no longer than this is short enough anywhere.
_SHORT = 79


def is_too_long(module: Module, start: int, edits: Sequence[Edit]) -> bool:
    """Tell whether edits make any line, from the one of an offset on, longer than lines may be."""
    first = module.line_start(start)
    last = module.line_end(max(each.end for each in edits))
    before = module.text_between(first, last)
    moved = [Edit(each.path, each.start - first, each.end - first, each.text) for each in edits]
    longest = _longest(apply(before, moved))
    return longest > _SHORT and longest > max(module.width, _longest(before))


def _longest(text: bytes) -> int:
    return max(len(line) for line in text.decode("utf-8", "replace").splitlines() or [""])


def one_a_line(function: Function) -> list[Edit] | None:
    """Return the edits that give each parameter of a one-line signature a line of its own.

    None where it has several lines already, or anything but commas between parameters.
    """
    module, parameters = function.module, function.parameters
    if not parameters:
        return None
    base = module.indent(function.node.name_start)
    inner = "\n" + base + ("\t" if "\t" in base else "    ")
    edits = [module.insert(parameters[0].start, inner)]
    for before, parameter in pairwise(parameters):
        if not _COMMA.fullmatch(module.text_between(before.end, parameter.start)):
            return None
        edits.append(Edit(module.path, before.end, parameter.start, f",{inner}"))
    last = parameters[-1].end
    behind = module.text_between(last, module.line_end(last))
    closed = _CLOSED.match(behind)
    opened = module.text_between(function.node.name_start, parameters[0].start)
    if closed is None or not opened.endswith(b"(") or b"\n" in opened:
        return None
    edits.append(Edit(module.path, last, last + closed.end(), f",\n{base})"))
    return edits
