"""Where new code goes: one more argument of a call, a statement above another, a statement less."""

import re

from fastwright.codebase.modules import Module
from fastwright.source.edits import Edit
from fastwright.source.syntax import Call, ClassDef, FunctionDef, Statement

WIDEST = 88
_TO_LINE_END = re.compile(rb"[ \t\r]*(?=\n|\Z)")


def add_keyword(module: Module, call: Call, keyword: str) -> list[Edit] | None:
    """Return the edits that pass one more argument by its name; None where it does not fit in."""
    text = module.text
    opening = text.find(b"(", call.function.end) + 1
    closing = call.end - 1
    passed = sorted([*call.arguments, *call.keywords], key=lambda each: each.start)
    inner = text[opening:closing]
    if text[call.function.end : opening - 1].strip() or module.has_comment(call.start, opening):
        return None
    if b"\n" not in inner:
        return _on_one_line(module, call, (opening, closing), keyword)
    if not passed or call.arguments or module.has_comment(opening, passed[0].start):
        return None
    if _TO_LINE_END.match(text, opening):
        return [module.insert(opening, f"\n{module.indent(passed[0].start)}{keyword},")]
    end = text.find(b"\n", opening)
    if _width(module, opening, end) + len(keyword) + 2 > WIDEST:
        return None
    return [module.insert(opening, f"{keyword}, ")]


def _on_one_line(
    module: Module, call: Call, span: tuple[int, int], keyword: str
) -> list[Edit] | None:
    opening, closing = span
    inner = module.text[opening:closing].decode()
    nodes = sorted([*call.arguments, *call.keywords], key=lambda each: each.start)
    passed = [module.source(each) for each in nodes]
    end = module.text.find(b"\n", closing)
    width = _width(module, call.start, end if end >= 0 else len(module.text))
    if width + len(keyword) + 2 > WIDEST:
        indent = module.indent(call.start)
        lines = "".join(f"{indent}    {each},\n" for each in (*passed, keyword))
        return [Edit(module.path, opening, closing, f"\n{lines}{indent}")]
    if not passed:
        return [Edit(module.path, opening, closing, keyword)]
    if inner.rstrip().endswith(","):
        return [module.insert(closing, keyword if inner.endswith(" ") else f" {keyword}")]
    return [module.insert(nodes[-1].end, f", {keyword}")]


def _width(module: Module, start: int, end: int) -> int:
    """Return the width of the line of an offset, up to another."""
    begin = module.text.rfind(b"\n", 0, start) + 1
    return len(module.text[begin:end].decode("utf-8", "replace").rstrip())


def head_of(statement: Statement) -> int:
    """Return where a statement begins, its decorators too."""
    starts = [statement.start]
    if isinstance(statement, ClassDef | FunctionDef):
        starts += [each.start for each in statement.decorators]
    return min(starts)


def above(module: Module, statement: Statement) -> int | None:
    """Return where a line of its own stands above a statement and the comments right above it.

    None where the statement does not begin its line.
    """
    text = module.text
    start = text.rfind(b"\n", 0, head_of(statement)) + 1
    if text[start : head_of(statement)].strip(b" \t@"):
        return None
    while start:
        before = text.rfind(b"\n", 0, start - 1) + 1
        line = text[before:start]
        # A comment at the top of the file belongs to the file.
        if not line.startswith(b"#") or not before:
            break
        start = before
    return start


def above_class(module: Module, start: int, text: str) -> Edit:
    """Return the edit that puts a statement above a class or function, with empty lines between."""
    count = empty_lines_above(module, start)
    above_it = module.text[:start].rstrip().rpartition(b"\n")[2]
    if count > 1 and not above_it.startswith((b" ", b"\t")):
        before = module.text.rfind(b"\n", 0, start - 1) + 1
        return module.insert(before, f"{text}\n")
    return module.insert(start, f"{text}\n\n")


def empty_lines_above(module: Module, offset: int) -> int:
    """Return how many empty lines end at the beginning of a line."""
    lines = module.text[:offset].split(b"\n")[:-1]
    count = 0
    while count < len(lines) and not lines[-1 - count].strip():
        count += 1
    return count
