"""Moves a function with its decorators and comments up before another, as text."""

import re
from dataclasses import dataclass

from fastwright.codebase.definitions import Function
from fastwright.codebase.modules import Module
from fastwright.source.edits import Edit
from fastwright.source.nodes import Node
from fastwright.source.syntax import (
    Assign,
    ClassDef,
    ExpressionStatement,
    FunctionDef,
    Name,
    String,
)

_WORD = re.compile(rb"\w+")
# Comments that say something of the lines around them, wherever these go.
_BOUND = re.compile(rb"#\s*(end)?(region|fmt:|yapf:|isort:|pylint:|mypy:|type:|%%|-{3}|={3}|#{2})")


@dataclass(frozen=True, slots=True)
class _Block:
    """The lines of a function, from `start` to `end`, and the empty lines above: from `gap`."""

    gap: int
    start: int
    end: int


def before(function: Function, other: Function) -> tuple[Edit, ...] | None:
    """Return the edits that put a function before another one above it, both at the top level.

    None where something that it needs when it is defined only comes in between, where what stands
    in between does more than to define something, or where the text cannot be moved as it is.
    """
    module = function.module
    if other.module is not module or not _may_pass(function, other):
        return None
    moved, target = _block(function, module), _block(other, module)
    text = module.text[moved.start : moved.end]
    if _BOUND.search(text[: function.node.start - moved.start]) or target.end > moved.gap:
        return None
    if text.replace(b"\r\n", b"").count(b"\r") or b"\f" in text:
        return None
    is_dos = b"\r\n" in module.text
    if is_dos and (module.text.count(b"\r\n") != module.text.count(b"\n")):
        return None
    shown = text.decode().replace("\r\n", "\n")
    empty = max(_empty_lines(moved, module), _empty_lines(target, module)) if target.gap else 2
    first = module.text[target.start : target.start + 1].decode()
    end = "" if shown.endswith("\n") else "\n"
    # The first character is replaced, so that of several that go there, each has its turn.
    put = Edit(module.path, target.start, target.start + 1, shown + end + "\n" * empty + first)
    return put, Edit(module.path, moved.gap, moved.end, "")


def _may_pass(function: Function, other: Function) -> bool:
    module = function.module
    statements = [each for each in module.body if isinstance(each, Node)]
    places = [each.start for each in statements]
    if function.node.start not in places or other.node.start not in places:
        return False
    first, last = places.index(other.node.start), places.index(function.node.start)
    bindings = module.top.details.bindings
    if first >= last or len(bindings.get(function.name, ())) != 1:
        return False
    above = module.text[: other.node.end]
    for statement in statements[first + 1 : last]:
        match statement:
            case FunctionDef() | ExpressionStatement(String()):
                continue
            case ClassDef(name) | Assign((Name(name),)):
                # Annotations above may mean it, which are looked up when a route is made.
                if re.search(rf"\b{name}\b".encode(), above):
                    return False
            case _:
                return False
    start, end = other.node.start, function.node.start
    used = {each.decode() for each in _WORD.findall(_header(function))}
    return not any(start <= binding[1] < end for name in used for binding in bindings.get(name, ()))


def _header(function: Function) -> bytes:
    """Return what is run when a function is defined."""
    node, text = function.node, function.module.text
    parts = [*node.decorators, *node.parameters, *([node.returns] if node.returns else [])]
    return b" ".join(text[each.start : each.end] for each in parts)


def _block(function: Function, module: Module) -> _Block:
    text, node = module.text, function.node
    first = min([node.start, *(each.start for each in node.decorators)])
    start = text.rfind(b"\n", 0, first) + 1
    while start and text[text.rfind(b"\n", 0, start - 1) + 1 : start].startswith(b"#"):
        start = text.rfind(b"\n", 0, start - 1) + 1
    gap = start
    while gap and not text[text.rfind(b"\n", 0, gap - 1) + 1 : gap].strip():
        gap = text.rfind(b"\n", 0, gap - 1) + 1
    return _Block(gap, start, _end(text, node.end))


def _end(text: bytes, end: int) -> int:
    """Return where the lines of a body end, comments behind it that are indented among them."""
    end = _line_end(text, end)
    position = end
    while position < len(text):
        following = _line_end(text, position)
        line = text[position:following]
        if line.strip():
            if not (line[:1].isspace() and line.lstrip().startswith(b"#")):
                break
            end = following
        position = following
    return end


def _line_end(text: bytes, position: int) -> int:
    end = text.find(b"\n", position)
    return len(text) if end < 0 else end + 1


def _empty_lines(block: _Block, module: Module) -> int:
    return module.text[block.gap : block.start].count(b"\n")
