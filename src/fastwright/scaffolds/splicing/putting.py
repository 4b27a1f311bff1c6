"""Puts elements into collections and calls, and statements into blocks, whatever their formatting.

Only what is put there changes: comments, trailing commas, indentation and line ends stay as they
are. Where that is not certain, nothing is put.
"""

from fastwright.scaffolds.splicing.finding import Node
from fastwright.source.edits import Edit, apply

_INDENT = "    "


class CannotBePutError(Exception):
    """What stands there does not allow it."""


def into(text: bytes, holder: Node, element: str, *, after: Node | None = None) -> bytes:
    """Return a text with one more element in a tuple, list, set, dict, call or `with (…)`.

    It stands behind `after`, or at the end. Raises `CannotBePutError` where there are no brackets.
    """
    if not holder.children or holder.children[0].type not in {"(", "[", "{"}:
        raise CannotBePutError
    elements = [node for node in holder.named_children if node.type != "comment"]
    if not elements:
        return _put(text, holder.children[0].end_byte, element)
    last = after or elements[-1]
    comma = _comma_behind(last)
    start = text.rfind(b"\n", 0, last.start_byte) + 1
    before = text[start : last.start_byte]
    if before.strip():  # elements stand beside one another
        if comma is None:
            return _put(text, last.end_byte, f", {element}")
        is_last = last.end_byte == elements[-1].end_byte  # formatters take a comma for many lines
        return _put(text, comma.end_byte, f" {element}" if is_last else f" {element},")
    line = f"\n{before.decode()}{element}"
    end = last.end_byte if comma is None else comma.end_byte
    line_end = _line_end(text, end)
    comment = text[end:line_end].decode()
    is_alone = not comment.strip() or comment.lstrip().startswith("#")
    match comma is None, is_alone:
        case True, True:
            return apply(text, [Edit("", end, line_end, f",{comment}{line},")])
        case True, False:  # the bracket that closes
            return _put(text, end, f",{line}")
        case False, True:
            return _put(text, line_end, f"{line},")
    return _put(text, end, f" {element},")


def behind(text: bytes, statement: Node, code: str, *, blank_lines: int = 0) -> bytes:
    """Return a text with code below a statement, at its indentation.

    Raises `CannotBePutError` where the statement shares its lines with others.
    """
    start = text.rfind(b"\n", 0, statement.start_byte) + 1
    before = text[start : statement.start_byte]
    line_end = _line_end(text, statement.end_byte)
    rest = text[statement.end_byte : line_end].strip()
    if before.strip() or (rest and not rest.startswith(b"#")):
        raise CannotBePutError
    indent = before.decode()
    lines = (f"{indent}{line}" if line else "" for line in code.rstrip("\n").split("\n"))
    return _put(text, line_end, "\n" * (blank_lines + 1) + "\n".join(lines))


def element_names(holder: Node) -> list[str]:
    """Return the elements of a collection or call as they are written."""
    return [(node.text or b"").decode() for node in holder.named_children if node.type != "comment"]


def _comma_behind(element: Node) -> Node | None:
    following = element.next_sibling
    while following is not None and following.type == "comment":
        following = following.next_sibling
    return following if following is not None and following.type == "," else None


def _put(text: bytes, at: int, new: str) -> bytes:
    return apply(text, [Edit("", at, at, new)])


def _line_end(text: bytes, at: int) -> int:
    r"""Return where the line ends, before its `\r\n` or `\n`."""
    end = text.find(b"\n", at)
    end = len(text) if end < 0 else end
    return end - 1 if text[at:end].endswith(b"\r") else end
